import { assert, assertEquals } from "@std/assert";
import { type Machine, SYSCALL_NUMBERS, type SyscallName, syscallNumber } from "../../ffi/syscalls.ts";
import { hasProgram, runC, testWith } from "./support.ts";

const NEED = "install gcc and the kernel's headers (apt install gcc linux-libc-dev)";
/** aarch64 has the numbers of the generic list, which every machine's headers contain. */
const HEADERS: Readonly<Record<Machine, string>> = { x86_64: "asm/unistd_64.h", aarch64: "asm-generic/unistd.h" };

for (const machine of Object.keys(HEADERS) as Machine[]) {
  const isHere = hasProgram("gcc") && (machine === "aarch64" || Deno.build.arch === machine);
  testWith(isHere, NEED, `syscalls: every number on ${machine} is that of the kernel's headers`, () => {
    const lines = Object.keys(SYSCALL_NUMBERS).map((name) => `
      #ifdef __NR_${name}
      printf("${name} %d\\n", __NR_${name});
      #else
      printf("${name} -1\\n");
      #endif`);
    const source = `#include <stdio.h>\n#include <${HEADERS[machine]}>\nint main(void) {\n${lines.join("\n")}\n}\n`;
    // Headers that are older than a call do not have it.
    const known = runC(source).map((line) => line.split(" ")).filter(([, number]) => number !== "-1");
    assert(known.length > 50, `${known.length} known`);
    for (const [name, number] of known) {
      assertEquals([name, syscallNumber(name as SyscallName, machine)], [name, Number(number)]);
    }
  });
}
