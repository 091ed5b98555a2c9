import { assertEquals } from "@std/assert";
import { SOCK_DGRAM } from "../../ffi/constants.ts";
import { referToFile } from "../../ffi/io_uring.ts";
import { openPacketSocket } from "../../ffi/socket.ts";
import { libc } from "../../ffi/libc.ts";
import { nothingMoreIsOpen, openFiles } from "../support/descriptors.ts";
import { runScript, testAsRoot } from "./support.ts";

const ROOT = new URL("../../", import.meta.url);

/** Returns the number of the file that a descriptor of a socket belongs to. */
function inodeOf(fd: number): string {
  return /\[(\d+)\]/.exec(Deno.readLinkSync(`/proc/self/fd/${fd}`))![1]!;
}

/** Returns true if the kernel has a packet socket with that number. */
function isThere(inode: string): boolean {
  return Deno.readTextFileSync("/proc/net/packet").split("\n").some((line) => line.trim().endsWith(` ${inode}`));
}

/** Waits until the kernel has that packet socket no longer, for 10 s at most. */
async function isGone(inode: string): Promise<boolean> {
  for (let tries = 0; tries < 1000 && isThere(inode); tries++) await new Promise((done) => setTimeout(done, 10));
  return !isThere(inode);
}

testAsRoot("io_uring: a socket that it refers to lives until both are closed", async () => {
  using packets = openPacketSocket(SOCK_DGRAM);
  const inode = inodeOf(packets.number);
  const ring = referToFile(packets.number);
  assertEquals(ring >= 0, true);
  packets.close();
  // Longer than the kernel takes to close one.
  await new Promise((done) => setTimeout(done, 200));
  assertEquals([packets.number, isThere(inode)], [-1, true]);
  libc().close(ring);
  assertEquals(await isGone(inode), true);
});

for (const close of ["close", "closeAside"] as const) {
  testAsRoot(`io_uring: a packet socket is gone after ${close}, and no descriptor is left`, async () => {
    const before = openFiles();
    const packets = openPacketSocket(SOCK_DGRAM);
    const inode = inodeOf(packets.number);
    packets[close]();
    assertEquals(await isGone(inode), true);
    await nothingMoreIsOpen(before);
  });
}

testAsRoot("io_uring: a packet socket is closed without one, if the kernel refuses it", () => {
  const printed = runScript(
    `
    import { SOCK_DGRAM } from "${ROOT}ffi/constants.ts";
    import { referToFile } from "${ROOT}ffi/io_uring.ts";
    import { denyingFilter, filterEveryThread } from "${ROOT}ffi/seccomp.ts";
    import { Fd } from "${ROOT}ffi/fd.ts";
import { openPacketSocket } from "${ROOT}ffi/socket.ts";
    // The filter denies these sockets too.
    const packets = openPacketSocket(SOCK_DGRAM);
    filterEveryThread(denyingFilter());
    const ring = referToFile(packets.number);
    const other = new Fd(packets.number, ring);
    other.closeAside();
    console.log(ring, other.number);
  `,
    "--allow-ffi",
  );
  assertEquals(printed.trim(), "-1 -1");
});
