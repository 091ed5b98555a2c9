import { assertEquals } from "@std/assert";
import { AF_INET, IP_RECVERR, IPPROTO_IP, SOCK_DGRAM, SOCK_STREAM } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { pin } from "../../ffi/memory.ts";
import { bindInet4, connectInet4, getSocketName, openSocket, pinInet4, sendTo } from "../../ffi/socket.ts";
import { setOption, takeSocketError } from "../../ffi/socket_options.ts";

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
