import { assertEquals } from "@std/assert";
import * as constants from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import * as layout from "../../ffi/layout.ts";
import { hasProgram, includesOf, runC, testWith } from "./support.ts";

const hasCompiler = hasProgram("gcc");
const NEED = "install gcc and the kernel's headers (apt install gcc linux-libc-dev)";

testWith(hasCompiler, NEED, "constants: every constant has the value that the C headers give it", () => {
  const names = Object.keys(constants);
  const lines = names.map((name) => `printf("%lld\\n", (long long)(${name}));`);
  const values = runC(`${includesOf("ffi/constants.ts")}\nint main(void) {\n${lines.join("\n")}\n}\n`);
  assertEquals(
    Object.fromEntries(names.map((name, index) => [name, Number(values[index])])),
    { ...constants },
  );
});

testWith(hasCompiler, NEED, "constants: every error number has the value that errno.h gives it", () => {
  const names = Object.keys(ERRNO);
  const lines = names.map((name) => `printf("%d\\n", ${name});`);
  const values = runC(`#include <errno.h>\n#include <stdio.h>\nint main(void) {\n${lines.join("\n")}\n}\n`);
  assertEquals(Object.fromEntries(names.map((name, index) => [name, Number(values[index])])), { ...ERRNO });
});

testWith(hasCompiler, NEED, "constants: every struct has the size and the offsets that the C headers give it", () => {
  const asked: string[] = [];
  const expected: Record<string, number> = {};
  for (const [struct, fields] of Object.entries(layout)) {
    for (const [field, value] of Object.entries(fields)) {
      expected[`${struct}.${field}`] = value;
      asked.push(field === "size" ? `sizeof(struct ${struct})` : `offsetof(struct ${struct}, ${field})`);
    }
  }
  const lines = asked.map((expression) => `printf("%zu\\n", ${expression});`);
  const values = runC(`${includesOf("ffi/layout.ts")}\nint main(void) {\n${lines.join("\n")}\n}\n`);
  assertEquals(
    Object.fromEntries(Object.keys(expected).map((name, index) => [name, Number(values[index])])),
    expected,
  );
});
