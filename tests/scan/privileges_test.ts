/**
 * Privileges that a process drops by the library's option, and systems that do not allow it.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { readId } from "../../src/scan/privileges.ts";
import { hasProgram, ROOT } from "../ffi/support.ts";

const IS_ROOT = canOpenRaw() && Deno.uid() === 0;

/** Runs a script in a process of its own, and returns the lines that it printed. */
async function evaluate(body: string, before: readonly string[] = []): Promise<string[]> {
  const source = `
    import { scan } from "${ROOT}src/scan/scan.ts";
    import { dropPrivileges } from "${ROOT}src/scan/privileges.ts";
    import { assembleBpf } from "${ROOT}ffi/bpf.ts";
    import { filterEveryThread } from "${ROOT}ffi/seccomp.ts";
    import { syscallNumber } from "${ROOT}ffi/syscalls.ts";
    import { forbidNewPrivileges } from "${ROOT}ffi/credentials.ts";
    const threads = (field) => [...new Set(Array.from(Deno.readDirSync("/proc/self/task"), (task) =>
      new RegExp("^" + field + ":\\\\s*(\\\\S+)", "m")
        .exec(Deno.readTextFileSync("/proc/self/task/" + task.name + "/status"))[1]))].sort().join();
    const all = () => ["Uid", "CapPrm", "CapEff", "NoNewPrivs", "Seccomp"].map(threads).join(" ");
    ${body}
  `;
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(file, source);
    const argv = [...before, Deno.execPath(), "run", "-q", "-A", "--no-check", "--no-lock", "--no-config", file];
    const { stdout, stderr } = await new Deno.Command(argv[0]!, { args: argv.slice(1) }).output();
    return new TextDecoder().decode(stderr.length > 0 ? stderr : stdout).trimEnd().split("\n");
  } finally {
    Deno.removeSync(file);
  }
}

Deno.test("privileges: a number of sudo's is one of a user, or nothing", () => {
  assertEquals(["0", "1000", "4294967294"].map(readId), [0, 1000, 4294967294]);
  for (const text of [undefined, "", "-1", "1e3", " 1", "0x1", "4294967295", "99999999999", "alice"]) {
    assertEquals(readId(text), undefined, text);
  }
});

Deno.test({
  name: "privileges: a library changes nothing of its process unless it is asked, and then for good",
  ignore: !IS_ROOT,
  fn: async () => {
    const lines = await evaluate(`
      const before = all();
      await scan({ targets: "127.0.0.1", ports: "1-100" }).summary;
      console.log(all() === before);
      const asked = { targets: "127.0.0.1", ports: "1-100", dropPrivileges: { uid: 4321, gid: 4322 } };
      console.log((await scan(asked).summary).transport);
      console.log(all());
      // Another scan of the same process makes do with what is left.
      console.log((await scan(asked).summary).transport, all());
    `);
    const after = "4321 0000000000000000 0000000000000000 1 2";
    assertEquals(lines, ["true", "sendmmsg", after, `connect ${after}`]);
  },
});

Deno.test({
  name: "privileges: connections from a port below 1024 keep the capability for it, in the thread that makes them",
  ignore: !IS_ROOT,
  fn: async () => {
    const [none, bind] = ["0000000000000000", "0000000000000400"];
    const lines = await evaluate(`
      console.log(dropPrivileges(false, { dropPrivileges: true, sourcePort: 99 })[0]);
      console.log(all());
    `);
    assertMatch(lines[0] ?? "", /^The scan continues as nobody \(user 65534\) with CAP_NET_BIND_SERVICE, to bind/);
    assertEquals(lines[1], `65534 ${none},${bind} ${none},${bind} 1 2`);
  },
});

Deno.test({
  name: "privileges: where the kernel has no filters, this is told, and no thread may gain any all the same",
  ignore: !IS_ROOT,
  fn: async () => {
    const lines = await evaluate(`
      forbidNewPrivileges();
      filterEveryThread(assembleBpf([
        ["ld", 0],
        ["jeq", syscallNumber("seccomp"), "absent", "next"],
        ["ret", 0x7fff0000],
        "absent:",
        ["ret", 0x00050000 | 38],
      ]));
      console.log(dropPrivileges(true, { dropPrivileges: true }).join("|"));
      console.log(threads("NoNewPrivs"), threads("CapPrm"), threads("Uid"));
    `);
    assertEquals(lines, [
      "The scan continues as nobody (user 65534) with no capabilities" +
      "|System calls are not filtered: seccomp: ENOSYS (Function not implemented)",
      "1 0000000000000000 65534",
    ]);
  },
});

const canUnshare = IS_ROOT && hasProgram("unshare");
Deno.test({
  name: `privileges: root of a container without other users stays root, without capabilities${
    canUnshare ? "" : " [skipped: unshare is missing, or this is not root]"
  }`,
  ignore: !canUnshare,
  fn: async () => {
    const body = `
      const asked = { targets: "127.0.0.1", ports: "1-100", technique: "connect", dropPrivileges: true };
      const running = scan(asked);
      console.log((await running.plan).notes.filter((line) => /continues|stay/.test(line)).join("|"));
      console.log((await running.summary).trusted, all());
    `;
    const [why = "", rest] = await evaluate(body, ["unshare", "--user", "--map-root-user", "--"]);
    assertEquals(rest, "true 0 0000000000000000 0000000000000000 1 2");
    assertMatch(why, /^The scan continues with no capabilities.*\|The process stays root: setresgid: EINVAL/);
  },
});
