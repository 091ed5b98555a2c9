import { assertEquals, assertThrows } from "@std/assert";
import { CAP_NET_RAW } from "../../ffi/constants.ts";
import { becomeUser, canOpenRaw, capabilities, effectiveGroup, effectiveUser } from "../../ffi/credentials.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { seccomp_data } from "../../ffi/layout.ts";
import { DENIED, denyingFilter } from "../../ffi/seccomp.ts";
import { syscallNumber } from "../../ffi/syscalls.ts";
import { ROOT, runScript, testWith } from "./support.ts";

const isRoot = Deno.uid() === 0;
const NEED = "run it as root";

function statusField(name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(Deno.readTextFileSync("/proc/thread-self/status"))![1]!;
}

Deno.test("credentials: user, group and capabilities of this process", () => {
  assertEquals([effectiveUser(), effectiveGroup()], [Deno.uid(), Deno.gid()]);
  assertEquals(capabilities(), {
    effective: BigInt("0x" + statusField("CapEff")),
    permitted: BigInt("0x" + statusField("CapPrm")),
    inheritable: BigInt("0x" + statusField("CapInh")),
  });
});

Deno.test("credentials: raw sockets open exactly with CAP_NET_RAW", () => {
  assertEquals(canOpenRaw(), (capabilities().effective >> BigInt(CAP_NET_RAW) & 1n) === 1n);
});

testWith(!isRoot, "run it as an ordinary user", "credentials: an ordinary user cannot become another", () => {
  assertThrows(() => becomeUser({ uid: 1, gid: 1 }), SyscallError, "EPERM");
});

/** Runs a script in a process of its own, since what is given up cannot be had back. */
function evaluate(body: string): string {
  const source = `
    import * as credentials from "${ROOT}ffi/credentials.ts";
    import { openSocket } from "${ROOT}ffi/socket.ts";
    const threads = (field) => [...new Set(Array.from(Deno.readDirSync("/proc/self/task"), (task) =>
      new RegExp("^" + field + ":\\\\s*(\\\\S+)", "m")
        .exec(Deno.readTextFileSync("/proc/self/task/" + task.name + "/status"))[1]))].join();
    ${body}
  `;
  return runScript(source, "-A").trimEnd();
}

testWith(isRoot, NEED, "credentials: capabilities that are given up are gone; sockets already open stay", () => {
  const printed = evaluate(`
    using raw = openSocket(2, 3, 255);
    credentials.dropCapabilities();
    const { effective, permitted, inheritable } = credentials.capabilities();
    console.log(credentials.canOpenRaw(), effective, permitted, inheritable, raw.number > 0);
  `);
  assertEquals(printed, "false 0n 0n 0n true");
});

Deno.test("credentials: no privileges can be gained once that is forbidden", () => {
  const printed = evaluate(`
    credentials.forbidNewPrivileges();
    credentials.forbidNewPrivileges();
    console.log(/^NoNewPrivs:.*/m.exec(Deno.readTextFileSync("/proc/thread-self/status"))[0]);
  `);
  assertEquals(printed, "NoNewPrivs:\t1");
});

testWith(isRoot, NEED, "credentials: another user is another user in every thread, without capabilities", () => {
  const printed = evaluate(`
    credentials.takeGroups(undefined, 65534);
    credentials.becomeUser({ uid: 65534, gid: 65534 });
    console.log(credentials.effectiveUser(), credentials.effectiveGroup(), credentials.canOpenRaw());
    console.log(threads("Uid"), threads("Gid"), threads("CapEff"), threads("CapPrm"));
    try { credentials.takeGroups(undefined, 0); } catch (error) { console.log(error.message); }
    try { credentials.becomeUser({ uid: 0, gid: 0 }); } catch (error) { console.log(error.message); }
  `);
  assertEquals(printed.split("\n"), [
    "65534 65534 false",
    "65534 65534 0000000000000000 0000000000000000",
    "setgroups: EPERM (Operation not permitted)",
    "setresgid: EPERM (Operation not permitted)",
  ]);
});

testWith(isRoot, NEED, "credentials: a capability that is kept is kept by the calling thread alone", () => {
  const printed = evaluate(`
    credentials.becomeUser({ uid: 65534, gid: 65534 }, [10]);
    credentials.dropCapabilitiesEverywhere([10]);
    console.log(credentials.capabilities().effective, threads("CapPrm").split(",").sort().join());
  `);
  assertEquals(printed, `${1 << 10}n 0000000000000000,0000000000000400`);
});

testWith(isRoot, NEED, "credentials: capabilities are given up in every thread, where root stays root", () => {
  const printed = evaluate(`
    const worker = new Worker("data:text/javascript,postMessage(1);setInterval(()=>{},1000)", { type: "module" });
    await new Promise((resolve) => worker.onmessage = resolve);
    await Promise.all(Array.from({ length: 8 }, () => Deno.stat("/")));
    credentials.dropCapabilitiesEverywhere();
    credentials.forbidNewPrivilegesEverywhere();
    await Promise.all(Array.from({ length: 20 }, () => Deno.stat("/")));
    console.log(threads("Uid"), threads("CapEff"), threads("CapPrm"), threads("NoNewPrivs"));
    worker.terminate();
  `);
  assertEquals(printed, "0 0000000000000000 0000000000000000 1");
});

testWith(
  isRoot,
  NEED,
  "credentials: files are made and refused as for another user, in this thread alone, and only meanwhile",
  () => {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.mkdirSync(`${folder}/free`);
      Deno.chmodSync(`${folder}/free`, 0o777);
      Deno.chmodSync(folder, 0o755);
      const printed = evaluate(`
      const user = { uid: 65534, gid: 65533 };
      const before = credentials.capabilities().effective;
      credentials.withFileAccessOf(user, () => Deno.writeTextFileSync("${folder}/free/a", ""));
      const { uid, gid } = Deno.statSync("${folder}/free/a");
      console.log(uid, gid);
      for (const path of ["${folder}/b", "${folder}/free/b"]) {
        console.log(credentials.withFileAccessOf(user, () => credentials.mayReplace(path)));
        try { credentials.withFileAccessOf(user, () => Deno.writeTextFileSync(path, "")); }
        catch (error) { console.log(error.name); }
      }
      Deno.writeTextFileSync("${folder}/b", "");
      console.log(Deno.statSync("${folder}/b").uid, credentials.capabilities().effective === before);
      console.log(credentials.withFileAccessOf({ uid: 0, gid: 0 }, () => credentials.mayReplace("${folder}/free/c")));
    `);
      const lines = ["65534 65533", "no", "PermissionDenied", "yes", "0 true", "yes"];
      assertEquals(printed.split("\n"), lines);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

Deno.test("credentials: a filter denies unneeded calls in every thread, and threads begin and sockets open after it", () => {
  const printed = evaluate(`
    import { denyingFilter, filterEveryThread } from "${ROOT}ffi/seccomp.ts";
    import { syscall } from "${ROOT}ffi/syscalls.ts";
    const attempt = async (name, action) => {
      try { await action(); console.log(name, "done"); }
      catch (error) { console.log(name, error.code ?? error.name); }
    };
    const script = \`
      import { syscall } from "file://${ROOT}ffi/syscalls.ts";
      onmessage = () => {
        try { syscall("unshare", 0n); postMessage("done"); } catch (error) { postMessage(error.code); }
      };
      postMessage("ready");
    \`;
    const start = () => new Worker("data:text/javascript," + encodeURIComponent(script), { type: "module" });
    const told = (worker) => new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
    const ask = (worker) => { const answer = told(worker); worker.postMessage(0); return answer; };
    const before = start();
    await told(before);
    syscall("unshare", 0n);
    // Calls that do not block run in threads of Deno's pool, which begin before and after.
    const unshare = { parameters: ["i32"], result: "i32", nonblocking: true };
    const pool = Deno.dlopen("libc.so.6", { unshare }).symbols;
    const inPool = async (count) => [...new Set(await Promise.all(Array.from({ length: count }, () => pool.unshare(0))))];
    console.log("pool", ...await inPool(4));
    credentials.forbidNewPrivileges();
    filterEveryThread(denyingFilter());
    console.log(threads("NoNewPrivs"), threads("Seccomp"));
    console.log("pool", ...await inPool(32));
    console.log("earlier worker", await ask(before));
    const after = start();
    await told(after);
    console.log("later worker", await ask(after));
    before.terminate();
    after.terminate();
    await attempt("unshare", () => syscall("unshare", 0n));
    await attempt("program", () => new Deno.Command("/bin/true").outputSync());
    await attempt("listen", () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    await attempt("raw", () => openSocket(2, 3, 255));
    await attempt("packet", () => openSocket(17, 3, 0));
    await attempt("stream", () => openSocket(2, 1, 0).close());
    await attempt("netlink", () => openSocket(16, 3, 0).close());
    await attempt("ioctl", () => syscall("ioctl", 0n, 0x5412n, 0n));
    await attempt("clone", () => syscall("clone", 0x10000000n));
    await attempt("file", () => Deno.readTextFile("/etc/passwd"));
  `);
  assertEquals(printed.split("\n"), [
    "pool 0",
    "1 2",
    "pool -1",
    "earlier worker EPERM",
    "later worker EPERM",
    "unshare EPERM",
    "program EPERM",
    "listen EPERM",
    "raw EPERM",
    "packet EPERM",
    "stream done",
    "netlink done",
    "ioctl EPERM",
    "clone EPERM",
    "file done",
  ]);
});

Deno.test("credentials: a filter denies calls by the numbers of another machine", () => {
  for (const machine of ["x86_64", "aarch64"] as const) {
    const program = new DataView(denyingFilter(machine).buffer);
    const evaluateFilter = (data: Readonly<Record<number, number>>): number => {
      let accumulator = 0;
      for (let row = 0;; row++) {
        const [code, k] = [program.getUint16(8 * row, true), program.getUint32(8 * row + 4, true)];
        const jump = (holds: boolean) => row += program.getUint8(8 * row + (holds ? 2 : 3));
        if (code === 0x20) accumulator = data[k] ?? 0;
        else if (code === 0x54) accumulator &= k;
        else if (code === 0x15) jump(accumulator === k);
        else if (code === 0x35) jump(accumulator >= k);
        else if (code === 0x45) jump((accumulator & k) !== 0);
        else if (code === 0x06) return k;
        else throw new Error(`Cannot run row ${row}: its code is ${code}`);
      }
    };
    const [nr, arch] = [seccomp_data.nr, seccomp_data.arch];
    const [own, other] = machine === "x86_64" ? [0xc000003e, 0x40000003] : [0xc00000b7, 0x40000028];
    const read = machine === "x86_64" ? 0 : 63;
    const [allowed, denied] = [0x7fff0000, 0x00050001];
    assertEquals(evaluateFilter({ [arch]: own, [nr]: read }), allowed);
    assertEquals(evaluateFilter({ [arch]: other, [nr]: read }), denied);
    // clone3 is absent, so that threads begin by clone, whose flags can be seen
    assertEquals(evaluateFilter({ [arch]: own, [nr]: 435 }), 0x00050026);
    const clone = syscallNumber("clone", machine);
    const flags = seccomp_data.args;
    assertEquals(evaluateFilter({ [arch]: own, [nr]: clone, [flags]: 0x003d0f00 }), allowed);
    assertEquals(evaluateFilter({ [arch]: own, [nr]: clone, [flags]: 0x10000011 }), denied);
    if (machine === "x86_64") assertEquals(evaluateFilter({ [arch]: own, [nr]: 0x4000_0000 + read }), denied);
    for (const name of DENIED) {
      const number = syscallNumber(name, machine);
      if (number >= 0) assertEquals([name, evaluateFilter({ [arch]: own, [nr]: number })], [name, denied]);
    }
  }
});
