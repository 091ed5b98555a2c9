import { assertEquals } from "@std/assert";
import {
  AF_INET,
  IP_RECVERR,
  IP_RECVERR_RFC4884,
  IPPROTO_ICMP,
  IPPROTO_IP,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
} from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { pin, pinBytes } from "../../ffi/memory.ts";
import { bindInet4, connectInet4, getSocketName, openSocket, pinInet4, sendTo } from "../../ffi/socket.ts";
import { PollSet } from "../../ffi/poll.ts";
import { setOption, takeSocketError } from "../../ffi/socket_options.ts";
import { writeIcmpv4 } from "../../src/wire/icmpv4.ts";
import { simIp } from "../support/sim_ip.ts";
import { testWith } from "./support.ts";

const LOOPBACK = 0x7f000001;

Deno.test("error queue: takes ICMP errors with type, code and sender, each once", () => {
  const errors = new ErrorQueue();
  using socket = openSocket(AF_INET, SOCK_DGRAM, 0);
  using held = openSocket(AF_INET, SOCK_DGRAM, 0);
  bindInet4(held, LOOPBACK, 0);
  const { port } = getSocketName(held);
  setOption(socket, IPPROTO_IP, IP_RECVERR, 1);
  assertEquals(errors.take(socket), false);
  held.close();
  // Without a listener the kernel replies to itself with port unreachable.
  for (const count of [1, 2]) {
    for (let i = 0; i < count; i++) {
      sendTo(socket, pin(8), 0, 8, pinInet4(LOOPBACK, port));
      takeSocketError(socket);
    }
    for (let i = 0; i < count; i++) {
      assertEquals([errors.take(socket), errors.type, errors.code, errors.from], [true, 3, 3, LOOPBACK]);
      errors.type = errors.code = errors.from = -1;
    }
    assertEquals(errors.take(socket), false);
  }
});

Deno.test("error queue: a refusal by RST leaves no ICMP error", () => {
  using socket = openSocket(AF_INET, SOCK_STREAM, 0);
  setOption(socket, IPPROTO_IP, IP_RECVERR, 1);
  connectInet4(socket, LOOPBACK, 1);
  assertEquals([takeSocketError(socket), new ErrorQueue().take(socket)], [ERRNO.ECONNREFUSED, false]);
});

testWith(
  Deno.uid() === 0,
  "run it as root",
  "error queue: extensions behind a quote are no part of it (RFC 4884)",
  async () => {
    using socket = openSocket(AF_INET, SOCK_DGRAM, 0);
    setOption(socket, IPPROTO_IP, IP_RECVERR, 1);
    setOption(socket, IPPROTO_IP, IP_RECVERR_RFC4884, 1);
    bindInet4(socket, LOOPBACK, 0);
    using router = openSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    const payload = new Uint8Array(200).fill(7);
    const [source, destination] = [LOOPBACK, LOOPBACK + 1];
    const probe = simIp(4).datagram(source, getSocketName(socket).port, destination, 9, payload);
    const quoted = new Uint8Array(140);
    quoted.set(new Uint8Array(probe.buffer).subarray(0, 128));
    // The labels of MPLS (RFC 4950), without a checksum.
    quoted.set([0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0x11, 0x40], 128);
    const poll = new PollSet(1);
    poll.set(0, socket, 0);
    for (const [words, quoteLen] of [[32, 100], [0, 112]] as const) {
      const message = new DataView(new ArrayBuffer(8 + quoted.length));
      writeIcmpv4(message, 0, { type: 3, code: 3, rest: words << 16, quoted });
      sendTo(router, pinBytes(new Uint8Array(message.buffer)), 0, message.byteLength, pinInet4(LOOPBACK, 0));
      const errors = new ErrorQueue({ slotLen: 256 });
      await poll.pollUntil(5000);
      assertEquals([errors.take(socket), errors.type, errors.code, errors.quoteLen], [true, 3, 3, quoteLen]);
    }
  },
);
