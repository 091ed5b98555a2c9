/** The local stand-in for `@std/cli`. Holds for the package itself as well. */

import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

const ROWS: readonly [line: string, expected: Record<string, unknown>][] = [
  ["", {}],
  ["10.0.0.1 10.0.0.2", { _: ["10.0.0.1", "10.0.0.2"] }],
  ["80 0x10 1e3", { _: [80, 16, 1000] }],
  ["--ports 22,80", { ports: "22,80", p: "22,80" }],
  ["--ports=22 x", { ports: "22", p: "22", _: ["x"] }],
  ["--ports 22 --ports 80", { ports: "80", p: "80" }],
  ["--ports=a=b", { ports: "a=b", p: "a=b" }],
  ["--ports=", { ports: "", p: "" }],
  ["--ports --verbose", { ports: "", p: "", verbose: true, v: true }],
  ["-p 22", { ports: "22", p: "22" }],
  ["-p22", { ports: "22", p: "22" }],
  ["-p22,80", { ports: "22,80", p: "22,80" }],
  ["-p=22", { ports: "22", p: "22" }],
  ["-p-", { ports: "-", p: "-" }],
  ["-p -", { ports: "-", p: "-" }],
  ["-vp 22", { verbose: true, v: true, ports: "22", p: "22" }],
  ["--verbose x", { verbose: true, v: true, _: ["x"] }],
  ["-v true x", { verbose: true, v: true, _: ["x"] }],
  ["-v false", {}],
  ["--verbose=false", {}],
  ["--verbose=yes", { verbose: true, v: true }],
  ["--exclude a --exclude b", { exclude: ["a", "b"] }],
  ["--rate 100", { rate: 100 }],
  ["--rate -100", { rate: true, 1: true, 0: true }],
  ["--no-rate", { "no-rate": true }],
  ["-T4", { T: 4 }],
  ["--constructor=1 --__proto__ 2 --valueOf 3", { valueOf: 3 }],
  ["-", { _: ["-"] }],
  ["a -- --ports 22 5", { _: ["a"], "--": ["--ports", "22", "5"] }],
];

for (const [line, expected] of ROWS) {
  Deno.test(`parseArgs: ${line || "nothing"}`, () => {
    const parsed = parseArgs(line.split(" ").filter((word) => word !== ""), {
      boolean: ["verbose"],
      string: ["ports"],
      collect: ["exclude"],
      alias: { verbose: "v", ports: ["p"] },
      "--": true,
    });
    const defaults = { verbose: false, v: false, "--": [], _: [] };
    assertEquals<unknown>({ ...parsed }, { ...defaults, ...expected });
  });
}

Deno.test("parseArgs: values that are not given have their default, by every name", () => {
  const { rate, r, open } = parseArgs(["--open"], {
    boolean: ["open"],
    alias: { rate: "r" },
    default: { rate: 5, open: false },
  });
  assertEquals({ rate, r, open }, { rate: 5, r: 5, open: true });
});

Deno.test("parseArgs: a list that may be given often is empty by default", () => {
  const { exclude } = parseArgs([], { string: ["exclude"], collect: ["exclude"] });
  assertEquals(exclude, []);
});

Deno.test("parseArgs: a name that every object has is false by default too", () => {
  const { valueOf } = parseArgs([], { boolean: ["valueOf"] });
  assertEquals<unknown>(valueOf, false);
});

Deno.test("parseArgs: text stays text where asked", () => {
  const { _, port } = parseArgs(["007", "--port", "0080"], { string: ["_", "port"] });
  assertEquals([_, port], [["007"], "0080"]);
});

Deno.test("parseArgs: what is unknown is shown, and left out when refused", () => {
  const shown: unknown[] = [];
  const parsed = parseArgs(["--port=1", "--prot", "22", "-xq", "host"], {
    string: ["port"],
    unknown: (...given) => {
      shown.push(given);
      return given.length === 1;
    },
  });
  assertEquals(shown, [["--prot", "prot", "22"], ["-xq", "x", true], ["-xq", "q", "host"]]);
  assertEquals<unknown>({ ...parsed }, { port: "1", _: [] });
});

Deno.test("parseArgs: reading stops at the first word if asked to", () => {
  const { _, v } = parseArgs(["-v", "diff", "-v", "1"], { boolean: ["v"], stopEarly: true });
  assertEquals({ _, v }, { _: ["diff", "-v", "1"], v: true });
});
