import { assert, assertEquals } from "@std/assert";
import { hangingLines, wrappedLines } from "../../src/base/wrap.ts";
import { helpText } from "../../src/cli/docs/help.ts";
import { keysText } from "../../src/cli/ui/keys.ts";
import { closingLines } from "../../src/report/closing.ts";
import { UNTOLD } from "../../src/result/summary.ts";

Deno.test("wrap: each line of a text is broken between words, and none without a width", () => {
  assertEquals(wrappedLines("one two three four five\nsix\n", 20), "one two three four\nfive\nsix\n");
  assertEquals(wrappedLines("one two three four five\nsix\n", undefined), "one two three four five\nsix\n");
});

Deno.test("wrap: what follows in a second column stays in it", () => {
  assertEquals(
    hangingLines("  -p PORTS    22,80,8000-8100, http or all of them", 36),
    "  -p PORTS    22,80,8000-8100, http\n              or all of them",
  );
  assertEquals(hangingLines("short", 20), "short");
});

for (const columns of [40, 46, 79]) {
  Deno.test(`wrap: help, keys and the closing summary fit a terminal of ${columns + 1} columns`, () => {
    const summary = { ...UNTOLD, ended: "done" as const, hosts: 1234, hostsUp: 1000, probes: 1_234_000, undecided: 17 };
    const texts = [
      keysText(columns + 1),
      closingLines({ ...summary, warnings: ["one warning of a scan that says a little more than a line has"] }, {
        color: false,
        columns,
      }),
      helpText({ all: true, columns }),
    ];
    for (const line of texts.flatMap((text) => text.split("\n"))) {
      // A single word that is longer has a line of its own.
      assert(line.length <= columns || !/\S \S/.test(line.trim()), `${line.length}: ${line}`);
    }
  });
}
