import { assertEquals, assertThrows } from "@std/assert";
import { EPOLLIN, EPOLLOUT, POLLIN } from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { PollSet } from "../../ffi/poll.ts";
import { Inbox } from "./support.ts";

Deno.test("epoll: returns only ready descriptors, with their data", () => {
  using epoll = new Epoll(4);
  using quiet = new Inbox();
  using full = new Inbox();
  epoll.add(quiet.fd, EPOLLIN, 1, 2);
  epoll.add(full.fd, EPOLLIN | EPOLLOUT, 0xfffffffe, 0x80000001);
  assertEquals([epoll.look(), epoll.events(0), epoll.data(0)], [1, EPOLLOUT, 0xfffffffe]);
  full.fill();
  assertEquals([epoll.look(), epoll.events(0), epoll.data(0)], [1, EPOLLIN | EPOLLOUT, 0xfffffffe]);
  assertEquals(epoll.tag(0), 0x80000001);
  quiet.fill();
  assertEquals(epoll.look(), 2);
  const told = [0, 1].map((index) => [epoll.data(index), epoll.tag(index), epoll.events(index)]);
  assertEquals(told.toSorted((a, b) => a[0]! - b[0]!), [[1, 2, EPOLLIN], [
    0xfffffffe,
    0x80000001,
    EPOLLIN | EPOLLOUT,
  ]]);
});

Deno.test("epoll: a closed descriptor is not returned", () => {
  using epoll = new Epoll(4);
  using closed = new Inbox();
  epoll.add(closed.fd, EPOLLOUT, 2);
  assertEquals([epoll.look(), epoll.data(0)], [1, 2]);
  closed.fd.close();
  assertEquals(epoll.look(), 0);
});

Deno.test("epoll: returns at most a batch, and the others by later calls", () => {
  using epoll = new Epoll(3);
  using stack = new DisposableStack();
  for (let i = 0; i < 8; i++) epoll.add(stack.use(new Inbox()).fd, EPOLLOUT, i);
  const told = new Set<number>();
  for (let round = 0; round < 3; round++) {
    assertEquals(epoll.look(), 3);
    for (let index = 0; index < 3; index++) told.add(epoll.data(index));
  }
  assertEquals(told.size, 8);
});

Deno.test("epoll: a set is readable while one of its descriptors is ready", () => {
  using epoll = new Epoll(1);
  using inbox = new Inbox();
  epoll.add(inbox.fd, EPOLLIN, 1);
  const poll = new PollSet(1);
  poll.set(0, epoll.fd, POLLIN);
  assertEquals(poll.pollNow(), 0);
  inbox.fill();
  assertEquals([poll.pollNow(), poll.revents(0)], [1, POLLIN]);
  inbox.empty();
  assertEquals(poll.pollNow(), 0);
});

Deno.test("epoll: a descriptor that is in the set already is refused", () => {
  using epoll = new Epoll(1);
  using inbox = new Inbox();
  epoll.add(inbox.fd, EPOLLIN, 1);
  assertThrows(() => epoll.add(inbox.fd, EPOLLIN, 2), SyscallError, "epoll_ctl: EEXIST");
});
