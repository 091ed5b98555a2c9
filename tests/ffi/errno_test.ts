import { assertEquals, assertInstanceOf, assertMatch, assertThrows } from "@std/assert";
import { check, ERRNO, errnoName, lastErrno, SyscallError } from "../../ffi/errno.ts";
import { libc } from "../../ffi/libc.ts";
import { ROOT, runScript } from "./support.ts";

Deno.test("errno: a failed call becomes an error with the call and the reason", () => {
  const error = assertThrows(() => check(libc().listen(-1, 1), "listen"), SyscallError);
  assertEquals(error.message, "listen: EBADF (Bad file descriptor)");
  assertEquals([error.name, error.syscall, error.errno, error.code], ["SyscallError", "listen", ERRNO.EBADF, "EBADF"]);
  assertInstanceOf(error, Error);
});

Deno.test("errno: a call that does not fail passes its result on", () => {
  assertEquals(check(7, "read"), 7);
  assertEquals(check(0, "read"), 0);
});

Deno.test("errno: an error number without a name is shown as a number", () => {
  assertEquals(errnoName(4000), "errno 4000");
  assertMatch(new SyscallError("ioctl", 4000).message, /^ioctl: errno 4000 \(/);
});

Deno.test("errno: errno is the one of the call before, every time", () => {
  const { listen, socket } = libc();
  for (let round = 0; round < 50_000; round++) {
    if (listen(-1, 1) !== -1 || lastErrno() !== ERRNO.EBADF) throw new Error(`round ${round}`);
    if (socket(-1, 1, 0) !== -1 || lastErrno() !== ERRNO.EAFNOSUPPORT) throw new Error(`round ${round}`);
  }
});

Deno.test("errno: a worker has an errno of its own", async () => {
  const source = `
    import { lastErrno } from ${JSON.stringify(new URL("../../ffi/errno.ts", import.meta.url).href)};
    import { libc } from ${JSON.stringify(new URL("../../ffi/libc.ts", import.meta.url).href)};
    const { socket } = libc();
    let wrong = 0;
    for (let round = 0; round < 50000; round++) if (socket(-1, 1, 0) !== -1 || lastErrno() !== 97) wrong++;
    self.postMessage(wrong);
  `;
  const worker = new Worker(`data:text/typescript,${encodeURIComponent(source)}`, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const { listen } = libc();
  let wrong = 0;
  for (let round = 0; round < 50_000; round++) if (listen(-1, 1) !== -1 || lastErrno() !== ERRNO.EBADF) wrong++;
  assertEquals([await promise, wrong], [0, 0]);
  worker.terminate();
});

const FILES = ["", "netlink/"].flatMap((folder) =>
  Array.from(Deno.readDirSync(ROOT + "ffi/" + folder), ({ name }) => folder + name).filter((name) =>
    name.endsWith(".ts")
  )
);

Deno.test("errno: an import opens nothing and needs no permission", () => {
  const source = FILES.map((file) => `import ${JSON.stringify(`${ROOT}ffi/${file}`)};`).join("\n");
  assertEquals(runScript(source + 'console.log("imported");'), "imported\n");
});

Deno.test("errno: --allow-ffi is the only permission needed", () => {
  const source = `
    import { libc } from "${ROOT}ffi/libc.ts";
    import { SyscallError } from "${ROOT}ffi/errno.ts";
    import { resolveName, serviceNames } from "${ROOT}ffi/resolver.ts";
    import { localPortRange } from "${ROOT}ffi/system.ts";
    import { canOpenRaw, capabilities } from "${ROOT}ffi/credentials.ts";
    import { dumpLinks } from "${ROOT}ffi/netlink/link.ts";
    import { getRoute } from "${ROOT}ffi/netlink/route.ts";
    import { raiseDescriptorLimit } from "${ROOT}ffi/fd.ts";
import { openSocket } from "${ROOT}ffi/socket.ts";
    import { PollSet } from "${ROOT}ffi/poll.ts";
    libc();
    try { openSocket(-1, 1, 0); } catch (error) { if (!(error instanceof SyscallError)) throw error; }
    await resolveName("127.0.0.1"); serviceNames();
    localPortRange(); canOpenRaw(); capabilities(); dumpLinks(); getRoute(0x7f000001); raiseDescriptorLimit();
    using fd = openSocket(2, 1, 0);
    const set = new PollSet(1); set.set(0, fd, 1); await set.pollUntil(1);
    console.log("done");
  `;
  assertEquals(runScript(source, "--allow-ffi"), "done\n");
});

Deno.test("errno: symbols bound before --allow-ffi is revoked go on working", () => {
  const source = `
    import { openSocket, receive } from "${ROOT}ffi/socket.ts";
    import { pin } from "${ROOT}ffi/memory.ts";
    using fd = openSocket(2, 2, 0);
    const buffer = pin(64);
    receive(fd, buffer, 0, 64);
    Deno.permissions.revokeSync({ name: "ffi" });
    console.log(receive(fd, buffer, 0, 64));
  `;
  assertEquals(runScript(source, "--allow-ffi"), `${-ERRNO.EAGAIN}\n`);
});
