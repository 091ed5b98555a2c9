/**
 * What a call costs: `deno bench --allow-ffi tests/bench/ffi_bench.ts`. Where a name says "1,000", a microsecond on the
 * page is a nanosecond a call. Nothing is sent: descriptors are closed ones, so that only the way to the kernel is timed.
 */
import { AF_INET, POLLIN, SOCK_DGRAM } from "../../ffi/constants.ts";
import { check, lastErrno } from "../../ffi/errno.ts";
import { libc } from "../../ffi/libc.ts";
import { pin, usize } from "../../ffi/memory.ts";
import { ReceiveBatch, SendBatch } from "../../ffi/message_batch.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { getRoute } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { PollSet } from "../../ffi/poll.ts";
import { resolveName, serviceNames } from "../../ffi/resolver.ts";
import { Fd, openSocket, pinInet4, receive, sendTo } from "../../ffi/socket.ts";
import { realtimeMs } from "../../ffi/system.ts";

const CALLS = 1000;
const LOOPBACK = 0x7f000001;
const closed = new Fd(-1);
const quiet = openSocket(AF_INET, SOCK_DGRAM, 0);
const buffer = pin(64 * CALLS);
const destination = pinInet4(LOOPBACK, 9);
const { geteuid } = libc();

const set = new PollSet(1);
set.set(0, quiet, POLLIN);
const wide = new PollSet(1024);
for (let index = 0; index < wide.capacity; index++) wide.set(index, quiet, POLLIN);

Deno.bench("a system call without arguments, 1,000", { group: "call" }, () => {
  for (let call = 0; call < CALLS; call++) geteuid();
});

Deno.bench("sendTo, 1,000", { group: "call", baseline: true }, () => {
  for (let call = 0; call < CALLS; call++) sendTo(closed, buffer, call * 64, 44, destination);
});

Deno.bench("receive with nothing there, 1,000", { group: "call" }, () => {
  for (let call = 0; call < CALLS; call++) receive(quiet, buffer, 0, 2048);
});

Deno.bench("poll of one descriptor, 1,000", { group: "call" }, () => {
  for (let call = 0; call < CALLS; call++) set.pollNow();
});

Deno.bench("lastErrno, 1,000", { group: "errno" }, () => {
  let sum = 0;
  for (let call = 0; call < CALLS; call++) sum += lastErrno();
  check(sum, "sum");
});

Deno.bench("a pointer to an offset, 1,000", { group: "errno" }, () => {
  for (let call = 0; call < CALLS; call++) buffer.at(call * 64);
});

Deno.bench("Deno.UnsafePointer.of, 1,000", { group: "errno" }, () => {
  for (let call = 0; call < CALLS; call++) Deno.UnsafePointer.of(buffer.bytes);
});

Deno.bench("a length as size_t, 1,000", { group: "errno" }, () => {
  for (let call = 0; call < CALLS; call++) usize(call);
});

Deno.bench("the wall clock, 1,000", { group: "errno" }, () => {
  for (let call = 0; call < CALLS; call++) realtimeMs();
});

const sends = new SendBatch({ count: 64, slotLen: 64, destination: "inet4" });
const receives = new ReceiveBatch({ count: 64, slotLen: 64 });

Deno.bench("one sendmmsg, refused", { group: "batch" }, () => {
  sends.send(closed, 0, 64);
});

Deno.bench("destinations and lengths of 64 slots", { group: "batch" }, () => {
  for (let index = 0; index < 64; index++) {
    sends.setDestination(index, LOOPBACK + index);
    sends.setLength(index, 44);
  }
});

Deno.bench("one recvmmsg with nothing there", { group: "batch" }, () => {
  receives.receive(quiet);
});

Deno.bench("poll of 1,024 descriptors", { group: "aside" }, () => {
  wide.pollNow();
});

Deno.bench("pollUntil, nothing to wait for", { group: "aside" }, async () => {
  await set.pollUntil(0);
});

Deno.bench("resolveName of an address", { group: "aside" }, async () => {
  await resolveName("127.0.0.1");
});

Deno.bench("serviceNames", { group: "aside" }, () => {
  serviceNames();
});

const netlink = new Netlink();

Deno.bench("getRoute with a socket at hand", { group: "netlink" }, () => {
  getRoute(LOOPBACK, { netlink });
});

Deno.bench("getRoute with a socket of its own", { group: "netlink" }, () => {
  getRoute(LOOPBACK);
});

Deno.bench("dumpLinks", { group: "netlink" }, () => {
  dumpLinks();
});
