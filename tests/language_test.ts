/** The language of code, README, help and manual page. */
import { assertEquals, assertMatch } from "@std/assert";
import { type Fault, faultsIn, phrasesIn } from "./language_rules.ts";
import { helpText } from "../src/cli/docs/help.ts";
import { manText } from "../src/cli/docs/man.ts";
import { FLAGS } from "../src/cli/args/flags.ts";

const ROOT = new URL("../", import.meta.url);

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    const path = `${folder}${name}`;
    if (path === "src/cli/bundle") continue; // It is made from the others.
    if (isDirectory) yield* sources(`${path}/`);
    else if (/\.(ts|js|html)$/.test(name)) yield path;
  }
}

Deno.test("language: code and docstrings use the standard names", async () => {
  const faults: Fault[] = [];
  for (const folder of ["src/", "ffi/"]) {
    for await (const path of sources(folder)) {
      faults.push(...faultsIn(path, await Deno.readTextFile(new URL(path, ROOT))));
    }
  }
  faults.push(...faultsIn("mod.ts", await Deno.readTextFile(new URL("mod.ts", ROOT))));
  assertEquals(faults.map(({ at, text }) => `${at} ${text}`), []);
});

Deno.test("language: README, help and manual page use the standard phrases", async () => {
  const texts: Readonly<Record<string, string>> = {
    "README.md": await Deno.readTextFile(new URL("README.md", ROOT)),
    "--help all": helpText({ all: true }),
    "man page": await manText(),
  };
  const faults = Object.entries(texts).flatMap(([name, text]) =>
    text.split("\n").flatMap((line, number) => phrasesIn(`${name}:${number + 1}`, line))
  );
  assertEquals(faults.map(({ at, text }) => `${at} ${text}`), []);
});

Deno.test("language: every help text is a complete sentence or phrase, upper case first, without a period", () => {
  for (const { name, help } of FLAGS) {
    assertMatch(help, /^[A-Z0-9]/, name);
    assertMatch(help, /[^.]$/, name);
  }
});

Deno.test("language: the check fails on private names, phrases and question words", () => {
  assertEquals(faultsIn("x.ts", "class Breath {}").length, 1);
  assertEquals(faultsIn("x.ts", "/** Whether it is open. */").length, 1);
  assertEquals(faultsIn("x.ts", "/**\n * Who asks.\n */").length, 1);
  assertEquals(faultsIn("x.ts", "// The scan is gone on with, for want of 4 octets.").length, 3);
  assertEquals(faultsIn("x.ts", "/** Returns the host's index. */ const rest = live; // refused").length, 0);
});
