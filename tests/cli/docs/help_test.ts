import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT, EXIT_MEANINGS } from "../../../src/cli/exit.ts";
import { FLAGS, GROUPS } from "../../../src/cli/args/flags.ts";
import { completionText } from "../../../src/cli/docs/completion.ts";
import { EXAMPLES, flagTable, helpText, subcommandTable } from "../../../src/cli/docs/help.ts";
import { KEYS } from "../../../src/cli/ui/keys.ts";
import { TARGET_FIELDS } from "../../../src/cli/main.ts";
import { REASON_MEANINGS, REPLY_RULES, stateTables } from "../../../src/cli/docs/states.ts";
import { manText } from "../../../src/cli/docs/man.ts";
import { SUBCOMMANDS } from "../../../src/cli/args/subcommands.ts";
import { runMain } from "../fake.ts";
import { parseCommandLine } from "../../../src/cli/args/parse.ts";
import { VERSION } from "../../../src/cli/version.ts";
import { FIELDS } from "../../../src/report/fields.ts";
import { REASONS, STATES } from "../../../src/result/outcome.ts";
import denoJson from "../../../deno.json" with { type: "json" };

// Formatting pads the cells of tables.
const squeezed = (text: string) => text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
const readme = squeezed(await Deno.readTextFile(new URL("../../../README.md", import.meta.url)));

Deno.test("help: fits a terminal of 80 columns", () => {
  for (const all of [false, true]) {
    for (const line of helpText({ all }).split("\n")) assert(line.length <= 80, line);
  }
});

Deno.test("help: is short, and says how to have all", () => {
  const short = helpText({ all: false });
  assert(short.split("\n").length < 70);
  assertStringIncludes(short, "--help all");
  for (const group of GROUPS) assertStringIncludes(short, `${group}:\n`);
  for (const { name } of SUBCOMMANDS) assertStringIncludes(short, `\n  ${name} `);
  for (const [line] of EXAMPLES) assertStringIncludes(short, `\n  synscan ${line} `);
});

Deno.test("help: a subcommand has its own", async () => {
  const { status, world } = await runMain("completion --help");
  assertEquals(status, 0);
  assert(world.stdout.startsWith("Usage: synscan completion SHELL"), world.stdout);
  assert(!world.stdout.includes("--ports"));
});

Deno.test("help: states explains every state and reason once, and which reply wins, in 80 columns", async () => {
  assertEquals(REASON_MEANINGS.flatMap(([reasons]) => reasons).toSorted(), [...REASONS].toSorted());
  const { status, world } = await runMain("help states");
  assertEquals(status, 0);
  for (const word of [...STATES, ...REASONS]) assert(new RegExp(`^  ${word}( |$)`, "m").test(world.stdout), word);
  for (const line of world.stdout.split("\n")) assert(line.length <= 80, line);
  assertStringIncludes(world.stdout.replaceAll("\n", " "), "A SYN-ACK wins over a RST, a RST over an ICMP error");
});

Deno.test("help: may be asked for by a word", async () => {
  for (const [word, flag] of [["help", "--help"], ["help all", "--help all"], ["help diff", "diff --help"]] as const) {
    const [byWord, byFlag] = [await runMain(word), await runMain(flag)];
    assertEquals([byWord.status, byWord.world.stdout], [0, byFlag.world.stdout]);
  }
});

/** Every spelling that a text has, so that `-p` is not found in `-p-` or `--ports`. */
function spellingsIn(text: string): Set<string> {
  return new Set(text.match(/(?<![\w-])--?[A-Za-z0-9][\w-]*/g));
}

const PLACES: Readonly<Record<string, string>> = {
  "--help all": helpText({ all: true }),
  "the README": readme,
  "the manual page": manText().replaceAll("\\-", "-").replace(/\\f[BIR]/g, " "),
  "bash's completion": completionText("bash").replaceAll("|", " "),
  "zsh's completion": completionText("zsh").replace(/[)+=[]/g, " "),
  "fish's completion": completionText("fish").replace(/ -l /g, " --").replace(/ -[so] /g, " -"),
};

for (const [place, text] of Object.entries(PLACES)) {
  Deno.test(`one declaration: every flag, by every spelling, is in ${place}`, () => {
    const found = spellingsIn(text);
    for (const flag of FLAGS) {
      for (const spelling of [flag.name, ...flag.also]) assert(found.has(spelling), spelling);
    }
  });
}

Deno.test("help: its examples can be typed", () => {
  for (const [line] of EXAMPLES) parseCommandLine(line.split(" "));
});

Deno.test("subcommands: only the first word is one", async () => {
  const page = await runMain("man");
  assert(page.world.stdout.startsWith(".TH SYNSCAN"));
  for (const line of ["-- man", "-v man", "192.0.2.7 man"]) {
    const { scanner } = await runMain(line);
    assertEquals(scanner.asked[0]?.targets, line.split(" ").filter((word) => !word.startsWith("-")), line);
  }
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["man -p 22", "Cannot use -p with synscan man. To scan a host of that name, write synscan -- man"],
  ["man 192.0.2.7", 'Cannot understand "192.0.2.7" after synscan man'],
  ["completion", "Cannot do synscan completion alone. Write synscan completion SHELL"],
  ["completion bash zsh", 'Cannot understand "zsh" after synscan completion. Write synscan completion SHELL'],
  ["help nonesuch", 'Cannot read synscan help "nonesuch": unknown. Use all, states, history, show'],
  ["completion tcsh", 'Cannot read synscan completion "tcsh": unknown. Use bash, zsh, fish'],
];

for (const [line, message] of REFUSED) {
  Deno.test(`subcommands: refuses ${line}`, async () => {
    const { status, world } = await runMain(line);
    assertEquals([status, world.stdout], [1, ""]);
    assertStringIncludes(world.stderr, message);
  });
}

Deno.test("version: is that of deno.json", () => {
  assertEquals(VERSION, denoJson.version);
});

Deno.test("README: has the tables of flags, subcommands and keys as help would print them", () => {
  assertStringIncludes(readme, squeezed(flagTable()));
  assertStringIncludes(readme, squeezed(subcommandTable()));
  assertStringIncludes(readme, squeezed(stateTables()));
  const flowing = readme.replaceAll("\n", " ");
  for (const rule of REPLY_RULES) assertStringIncludes(flowing, rule);
  for (const [keys, does] of KEYS) {
    const shown = keys.length === 0 ? "any other" : keys.map((key) => `\`${key}\``).join(" ");
    assertStringIncludes(readme, `| ${shown} | ${does} |`);
  }
});

Deno.test("README: its map of the house has every room", async () => {
  const map = readme.slice(readme.indexOf("## The house"), readme.indexOf("Imports go one way"));
  for await (const { name, isDirectory } of Deno.readDir(new URL("../../../src/", import.meta.url))) {
    assert(
      map.includes(`/${name}${isDirectory ? "/" : ""}\``) || map.includes(` \`${name}${isDirectory ? "/" : ""}\``),
      name,
    );
  }
});

Deno.test("exit: every status has a meaning", () => {
  for (const status of Object.values(EXIT)) {
    assert(EXIT_MEANINGS.some(([each, text]) => each === status || text.includes(`${status} by`)), `${status}`);
  }
});

Deno.test("README: has every exit status, field, state and reason", () => {
  for (const [status, meaning] of EXIT_MEANINGS) assertStringIncludes(readme, `| ${status} | ${meaning} |`);
  for (const [name, doc] of TARGET_FIELDS) assertStringIncludes(readme, `| \`${name}\` | ${doc} |`);
  for (const { name, doc } of FIELDS) assertStringIncludes(readme, `| \`${name}\` | ${doc} |`);
  for (const state of STATES) assertStringIncludes(readme, `\`${state}\``);
  for (const reason of REASONS) assertStringIncludes(readme, `\`${reason}\``);
});
