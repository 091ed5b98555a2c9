import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../ffi/errno.ts";
import { localPortRange, parsePortRange, readTextFile, realtimeMs } from "../../ffi/system.ts";
import { withFolder } from "../support/folder.ts";
import { Namespace, ROOT, testAsRoot } from "./support.ts";

Deno.test("readTextFile: a whole file, or its first bytes, through libc", async () => {
  assertEquals(readTextFile(ROOT + "deno.json", 1 << 16), Deno.readTextFileSync(ROOT + "deno.json"));
  assertEquals(readTextFile(ROOT + "deno.json", 1), "{");
  await withFolder(async (folder) => {
    const long = "0123456789".repeat(4000); // more than one read(2) of 16,384 bytes
    await Deno.writeTextFile(`${folder}/long`, long);
    assertEquals(readTextFile(`${folder}/long`, 1 << 20), long);
    assertEquals(readTextFile(`${folder}/long`, 20_000), long.slice(0, 20_000));
  });
});

Deno.test("system: a file that cannot be read is an error", () => {
  assertThrows(() => readTextFile("/no/such/file"), SyscallError, "open: ENOENT");
  assertThrows(() => readTextFile("/"), SyscallError, "read: EISDIR");
  assertThrows(() => readTextFile("/proc/self\0"), TypeError, "NUL");
});

const RANGES: [text: string, range: [number, number] | undefined][] = [
  ["32768\t60999\n", [32768, 60999]],
  ["1 65535", [1, 65535]],
  ["5 5", [5, 5]],
  ["60999 32768", undefined],
  ["0 100", undefined],
  ["1 65536", undefined],
  ["32768", undefined],
  ["", undefined],
  ["a b", undefined],
];

for (const [text, range] of RANGES) {
  Deno.test(`system: the range of local ports in ${JSON.stringify(text)}`, () =>
    assertEquals(parsePortRange(text), range));
}

Deno.test("system: the range of local ports is the kernel's", () => {
  assertEquals(localPortRange(), parsePortRange(Deno.readTextFileSync("/proc/sys/net/ipv4/ip_local_port_range")));
});

testAsRoot("system: the range of local ports is that of the network namespace", () => {
  using namespace = new Namespace();
  namespace.exec("sh", "-c", "echo 40000 50000 > /proc/sys/net/ipv4/ip_local_port_range");
  assertEquals(namespace.within(localPortRange), [40000, 50000]);
});

Deno.test("realtimeMs: the time of day", () => {
  assertAlmostEquals(realtimeMs(), Date.now(), 50);
});
