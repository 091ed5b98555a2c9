import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  AF_INET,
  AF_PACKET,
  ETH_P_IP,
  IP_HDRINCL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_RAW,
  POLLIN,
  POLLOUT,
  SO_LINGER,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { sockaddr_in, sockaddr_ll } from "../../ffi/layout.ts";
import { pin } from "../../ffi/memory.ts";
import { Fd, raiseDescriptorLimit } from "../../ffi/fd.ts";
import {
  bindInet4,
  bindPacket,
  connectInet4,
  getSocketName,
  listen,
  openSocket,
  pinInet4,
  pinSourceName,
  receive,
  receiveFrom,
  sendTo,
} from "../../ffi/socket.ts";
import { bindToDevice, getOption, setOption, takeSocketError } from "../../ffi/socket_options.ts";
import { ipPacket, Namespace, ROOT, run, tcpHeader, testAsRoot, waitFor } from "./support.ts";

const LOOPBACK = 0x7f000001;

Deno.test("socket: a descriptor is closed once, and is -1 afterwards", () => {
  const fd = openSocket(AF_INET, SOCK_STREAM, 0);
  const { number } = fd;
  fd.close();
  assertEquals(fd.number, -1);
  // The number goes to the next one who asks; closing again must not reach it.
  using next = openSocket(AF_INET, SOCK_STREAM, 0);
  assertEquals(next.number, number);
  fd.close();
  fd[Symbol.dispose]();
  assertEquals(getOption(next, SOL_SOCKET, SO_REUSEADDR), 0);
  assertThrows(() => getOption(fd, SOL_SOCKET, SO_REUSEADDR), SyscallError, "getsockopt: EBADF");
});

Deno.test("socket: sockets are close-on-exec and non-blocking", () => {
  using fd = openSocket(AF_INET, SOCK_STREAM, 0);
  const flags = parseInt(/flags:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/self/fdinfo/${fd.number}`))![1]!, 8);
  assertEquals(flags & 0o2004000, 0o2004000);
});

Deno.test("socket: a socket that cannot be opened is an error", () => {
  assertThrows(() => openSocket(-1, SOCK_STREAM, 0), SyscallError, "socket: EAFNOSUPPORT");
});

Deno.test("socket: connects over loopback, and reads names", () => {
  using listener = openSocket(AF_INET, SOCK_STREAM, 0);
  bindInet4(listener, LOOPBACK, 0);
  listen(listener, 4);
  const name = getSocketName(listener);
  assertEquals(name.address, LOOPBACK);
  assertNotEquals(name.port, 0);
  using client = openSocket(AF_INET, SOCK_STREAM, 0);
  bindInet4(client, 0x7f000002, 0);
  assertEquals(connectInet4(client, LOOPBACK, name.port), ERRNO.EINPROGRESS);
  assertEquals(waitFor(client, POLLOUT) & POLLOUT, POLLOUT);
  assertEquals(takeSocketError(client), 0);
  assertEquals(getSocketName(client).address, 0x7f000002);
  assertEquals(waitFor(listener, POLLIN), POLLIN);
});

Deno.test("socket: a refused connection leaves its errno on the socket, once", () => {
  using taken = openSocket(AF_INET, SOCK_STREAM, 0);
  bindInet4(taken, LOOPBACK, 0);
  using client = openSocket(AF_INET, SOCK_STREAM, 0);
  const errno = connectInet4(client, LOOPBACK, getSocketName(taken).port);
  if (errno === ERRNO.EINPROGRESS) {
    waitFor(client, POLLOUT);
    assertEquals(takeSocketError(client), ERRNO.ECONNREFUSED);
  } else assertEquals(errno, ERRNO.ECONNREFUSED);
  assertEquals(takeSocketError(client), 0);
});

Deno.test("socket: a port that is taken cannot be bound", () => {
  using taken = openSocket(AF_INET, SOCK_STREAM, 0);
  bindInet4(taken, LOOPBACK, 0);
  using other = openSocket(AF_INET, SOCK_STREAM, 0);
  const error = assertThrows(() => bindInet4(other, LOOPBACK, getSocketName(taken).port), SyscallError);
  assertEquals([error.syscall, error.code], ["bind", "EADDRINUSE"]);
});

Deno.test("socket: options are numbers or bytes", () => {
  using fd = openSocket(AF_INET, SOCK_STREAM, 0);
  setOption(fd, IPPROTO_IP, IP_TTL, 77);
  assertEquals(getOption(fd, IPPROTO_IP, IP_TTL), 77);
  setOption(fd, SOL_SOCKET, SO_LINGER, new Uint8Array(8));
  assertThrows(() => setOption(fd, SOL_SOCKET, SO_LINGER, new Uint8Array(2)), SyscallError, "setsockopt: EINVAL");
  assertThrows(() => setOption(fd, SOL_SOCKET, 9999, 1), SyscallError, "setsockopt: ENOPROTOOPT");
});

Deno.test("socket: sends and receives datagrams at offsets, with their source", () => {
  using left = openSocket(AF_INET, SOCK_DGRAM, 0);
  using right = openSocket(AF_INET, SOCK_DGRAM, 0);
  bindInet4(left, LOOPBACK, 0);
  bindInet4(right, LOOPBACK, 0);
  const memory = pin(256);
  assertEquals(receive(right, memory, 0, 64), -ERRNO.EAGAIN);
  memory.bytes.set([1, 2, 3, 4, 5], 100);
  const destination = pinInet4(LOOPBACK, getSocketName(right).port);
  assertEquals(sendTo(left, memory, 101, 3, destination), 3);
  assertEquals(sendTo(left, memory, 100, 5, destination), 5);
  assertEquals(receive(right, memory, 200, 56), 3);
  assertEquals([...memory.bytes.subarray(199, 204)], [0, 2, 3, 4, 0]);
  const source = pinSourceName();
  assertEquals(receiveFrom(right, memory, 10, 64, source), 5);
  assertEquals([...memory.bytes.subarray(9, 16)], [0, 1, 2, 3, 4, 5, 0]);
  assertEquals(source.length.view.getUint32(0, true), sockaddr_in.size);
  assertEquals(source.address.view.getUint32(sockaddr_in.sin_addr), LOOPBACK);
  assertEquals(source.address.view.getUint16(sockaddr_in.sin_port), getSocketName(left).port);
});

Deno.test("socket: sendTo returns the errno of a refused packet, negative", () => {
  using fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  const memory = pin(70_000);
  const destination = pinInet4(LOOPBACK, 9);
  assertEquals(sendTo(fd, memory, 0, 70_000, destination), -ERRNO.EMSGSIZE);
  assertEquals(sendTo(new Fd(-1), memory, 0, 8, destination), -ERRNO.EBADF);
  assertEquals(receive(new Fd(-1), memory, 0, 8), -ERRNO.EBADF);
});

Deno.test("socket: ties a socket to an interface", () => {
  using fd = openSocket(AF_INET, SOCK_DGRAM, 0);
  bindToDevice(fd, "lo");
  assertThrows(() => bindToDevice(fd, "nosuchinterface"), SyscallError, "ENODEV");
  assertThrows(() => bindToDevice(fd, "sixteen-bytes-lo"), TypeError, "at most 15");
});

Deno.test("socket: the descriptor limit is raised as far as it goes, in a process of its own", () => {
  const script = `import { raiseDescriptorLimit } from "${ROOT}ffi/fd.ts";
    console.log(raiseDescriptorLimit(), raiseDescriptorLimit());
    console.log(/Max open files +(\\d+)/.exec(Deno.readTextFileSync("/proc/self/limits"))[1]);`;
  const command = `ulimit -Sn 300; ulimit -Hn 900; exec "$0" eval --no-lock --no-config "$1"`;
  assertEquals(run("sh", "-c", command, Deno.execPath(), script), "900 900\n900\n");
  assert(raiseDescriptorLimit() > 0);
});

testAsRoot("socket: a raw socket sends a hand-made packet, and a packet socket sees it come in", () => {
  using namespace = new Namespace();
  namespace.within(() => {
    using raw = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    assertEquals(getOption(raw, IPPROTO_IP, IP_HDRINCL), 1);
    using packets = openSocket(AF_PACKET, SOCK_DGRAM, 0);
    setOption(packets, SOL_SOCKET, 8, /* SO_RCVBUF */ 1 << 20);
    bindPacket(packets, 1, ETH_P_IP);
    const packet = ipPacket({ destination: 0x7f000009, payload: tcpHeader(61000, 9) });
    const memory = pin(2048);
    memory.bytes.set(packet, 64);
    assertEquals(sendTo(raw, memory, 64, packet.length, pinInet4(0x7f000009, 0)), packet.length);
    waitFor(packets, POLLIN);
    const source = pinSourceName();
    assertEquals(receiveFrom(packets, memory, 1024, 1024, source), packet.length);
    assertEquals([...memory.bytes.subarray(1024 + 12, 1024 + 24)], [...packet.subarray(12, 24)]);
    assertEquals(source.address.view.getInt32(sockaddr_ll.sll_ifindex, true), 1);
    assertThrows(() => bindPacket(packets, 999, ETH_P_IP), SyscallError, "bind: ENODEV");
  });
});

testAsRoot("socket: a raw socket without IP_HDRINCL reads ICMP", () => {
  using namespace = new Namespace();
  namespace.within(() => {
    using icmp = openSocket(AF_INET, SOCK_RAW, 1 /* IPPROTO_ICMP */);
    const memory = pin(256);
    memory.bytes.set([8, 0, 0xf7, 0xff, 0, 0, 0, 0]);
    assertEquals(sendTo(icmp, memory, 0, 8, pinInet4(LOOPBACK, 0)), 8);
    waitFor(icmp, POLLIN);
    assertEquals(receive(icmp, memory, 0, 256), 28);
  });
});
