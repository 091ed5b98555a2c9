import { assertEquals } from "@std/assert";
import { ERRNO } from "../../ffi/errno.ts";
import { errnoName, isNoRoom, isOutage } from "../../src/transport/send_errors.ts";

const NO_ROOM = ["EAGAIN", "ENOBUFS", "EINTR", "ENOMEM"];
const OUTAGES = ["ENETDOWN", "ENETUNREACH", "EHOSTUNREACH", "EHOSTDOWN", "ENODEV", "ENXIO"];

for (const [name, errno] of Object.entries(ERRNO)) {
  const meaning = NO_ROOM.includes(name) ? "no room" : OUTAGES.includes(name) ? "no way just now" : "not allowed";
  Deno.test(`sending: ${name} means ${meaning}`, () => {
    assertEquals(
      [errnoName(errno), isNoRoom(errno), isOutage(errno)],
      [name, meaning === "no room", meaning === "no way just now"],
    );
  });
}

Deno.test("sending: no error is neither", () => {
  assertEquals([isNoRoom(0), isOutage(0)], [false, false]);
});
