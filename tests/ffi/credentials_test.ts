import { assertEquals, assertThrows } from "@std/assert";
import { CAP_NET_RAW } from "../../ffi/constants.ts";
import {
  becomeUser,
  canOpenRaw,
  capabilities,
  effectiveGroup,
  effectiveUser,
  hasCapability,
  newPrivilegesForbidden,
} from "../../ffi/credentials.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { ROOT, run, testWith } from "./support.ts";

const isRoot = Deno.uid() === 0;
const NEED = "run it as root";

function statusField(name: string): string {
  return new RegExp(`^${name}:\\s*(.*)$`, "m").exec(Deno.readTextFileSync("/proc/thread-self/status"))![1]!;
}

Deno.test("tells who this is and what it may do", () => {
  assertEquals([effectiveUser(), effectiveGroup()], [Deno.uid(), Deno.gid()]);
  assertEquals(capabilities(), {
    effective: BigInt("0x" + statusField("CapEff")),
    permitted: BigInt("0x" + statusField("CapPrm")),
    inheritable: BigInt("0x" + statusField("CapInh")),
  });
  assertEquals(newPrivilegesForbidden(), statusField("NoNewPrivs") === "1");
});

Deno.test("raw sockets open exactly with CAP_NET_RAW", () => {
  assertEquals(canOpenRaw(), hasCapability(CAP_NET_RAW));
});

testWith(!isRoot, "run it as an ordinary user", "an ordinary user cannot become another", () => {
  assertThrows(() => becomeUser(1, 1), SyscallError, "EPERM");
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
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(file, source);
    return run(Deno.execPath(), "run", "-A", "--no-check", "--no-lock", "--no-config", file).trimEnd();
  } finally {
    Deno.removeSync(file);
  }
}

testWith(isRoot, NEED, "capabilities that are given up are gone; sockets already open stay", () => {
  const printed = evaluate(`
    using raw = openSocket(2, 3, 255);
    credentials.dropCapabilities();
    const { effective, permitted, inheritable } = credentials.capabilities();
    console.log(credentials.canOpenRaw(), effective, permitted, inheritable, raw.number > 0);
  `);
  assertEquals(printed, "false 0n 0n 0n true");
});

Deno.test("no privileges can be gained once that is forbidden", () => {
  const printed = evaluate(`
    credentials.forbidNewPrivileges();
    credentials.forbidNewPrivileges();
    console.log(credentials.newPrivilegesForbidden());
  `);
  assertEquals(printed, "true");
});

testWith(isRoot, NEED, "another user is another user in every thread, without capabilities", () => {
  const printed = evaluate(`
    credentials.becomeUser(65534, 65534);
    console.log(credentials.effectiveUser(), credentials.effectiveGroup(), credentials.canOpenRaw());
    console.log(threads("Uid"), threads("Gid"), threads("CapEff"));
    try { credentials.becomeUser(0, 0); } catch (error) { console.log(error.message); }
  `);
  assertEquals(printed.split("\n"), [
    "65534 65534 false",
    "65534 65534 0000000000000000",
    "setgroups: EPERM (Operation not permitted)",
  ]);
});
