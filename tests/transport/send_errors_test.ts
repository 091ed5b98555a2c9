import { assertEquals } from "@std/assert";
import { ERRNO } from "../../ffi/errno.ts";
import { errnoName, isNoRoom } from "../../src/transport/send_errors.ts";

const NO_ROOM = ["EAGAIN", "ENOBUFS", "EINTR", "ENOMEM"];

for (const [name, errno] of Object.entries(ERRNO)) {
  const meaning = NO_ROOM.includes(name) ? "no room" : "something else";
  Deno.test(`sending: ${name} means ${meaning}`, () => {
    assertEquals(
      [errnoName(errno), isNoRoom(errno)],
      [name, meaning === "no room"],
    );
  });
}

Deno.test("sending: no errno is not a lack of room", () => {
  assertEquals(isNoRoom(0), false);
});
