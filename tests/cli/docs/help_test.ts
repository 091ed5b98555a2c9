import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT, EXIT_MEANINGS } from "../../../src/cli/exit.ts";
import { FLAGS, GROUPS } from "../../../src/cli/args/flags.ts";
import { completionText } from "../../../src/cli/docs/completion.ts";
import { EXAMPLES, helpText, topicText } from "../../../src/cli/docs/help.ts";
import { TOPICS } from "../../../src/cli/docs/topics.ts";
import { KEYS } from "../../../src/cli/ui/keys.ts";
import { TARGET_FIELDS } from "../../../src/cli/dry_run.ts";
import { JSON_EVENTS } from "../../../src/report/json_events.ts";
import { REASON_MEANINGS, STATE_MEANINGS } from "../../../src/cli/docs/states.ts";
import { manText } from "../../../src/cli/docs/man.ts";
import { SUBCOMMANDS } from "../../../src/cli/args/subcommands.ts";
import { runMain } from "../fake.ts";
import { parseCommandLine } from "../../../src/cli/args/parse.ts";
import { VERSION } from "../../../src/cli/version.ts";
import { FIELDS } from "../../../src/report/fields.ts";
import { REASONS } from "../../../src/result/reasons.ts";
import { parsePorts } from "../../../src/target/ports.ts";
import { STATES } from "../../../src/result/states.ts";
import denoJson from "../../../deno.json" with { type: "json" };

// Formatting pads the cells of tables.
const readme = (await Deno.readTextFile(new URL("../../../README.md", import.meta.url))).replace(/ +/g, " ");
/** Text without line ends, indents and the marks of code. */
const flowing = (text: string) => text.replaceAll("`", "").replace(/\s+/g, " ");

Deno.test("help: fits a terminal of 80 columns", async () => {
  const texts = [false, true].map((all) => helpText({ all }));
  for (const { name } of TOPICS) texts.push(await topicText(name));
  for (const line of texts.join("\n").split("\n")) assert(line.length <= 80 || line.startsWith("    "), line);
});

Deno.test("help: is broken once, for the width of the terminal", async () => {
  for (const line of ["--help", "--help all", "diff --help", "help timing", "help output", "help states"]) {
    for (const columns of [40, 66, 80, 200]) {
      const lines = (await runMain(line, {}, { terminal: true, columns })).world.stdout.split("\n");
      const width = Math.min(columns - 1, 80);
      for (const [at, text] of lines.entries()) {
        assert(text.length <= width || !/\S \S/.test(text.trim()), `${columns}: ${text}`);
        assert(columns > 40 || /^ */.exec(text)![0].length < 20, `${columns}: ${text}`);
        // No line of a paragraph has room for the first word of the next one.
        const [next = ""] = /^[a-z]\S*/.exec(lines[at + 1] ?? "") ?? [];
        assert(next === "" || !/^\S.*[^.]$/.test(text) || text.length + 1 + next.length > width, `${text}\n${next}`);
      }
    }
  }
});

Deno.test("help: is short, and names every group, subcommand, topic and example", () => {
  const short = helpText({ all: false });
  assert(short.split("\n").length < 80);
  assertStringIncludes(short, "--help all");
  for (const group of GROUPS) assertStringIncludes(short, `${group}:\n`);
  for (const { name } of SUBCOMMANDS) assertStringIncludes(short, `\n  ${name} `);
  assertStringIncludes(flowing(short), TOPICS.map(({ name }) => name).join(", "));
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
  assertStringIncludes(flowing(world.stdout), "A SYN-ACK wins over a RST, a RST over an ICMP error");
});

Deno.test("help: a topic that is a subcommand too has its usage before its text", async () => {
  const { stdout } = (await runMain("help resume")).world;
  assert(stdout.startsWith("Usage: synscan resume FILE"), stdout);
  assertStringIncludes(stdout, await topicText("resume"));
});

Deno.test("help: --help and -h take a topic or a subcommand, as synscan help does", async () => {
  const stdoutOf = async (line: string) => (await runMain(line)).world.stdout;
  assertEquals(await stdoutOf("--help timing"), await topicText("timing"));
  assertEquals(await stdoutOf("timing -h"), await topicText("timing"));
  assertEquals(await stdoutOf("-h diff"), await stdoutOf("diff --help"));
  assertEquals(await stdoutOf("--help 192.0.2.7"), await stdoutOf("--help"));
});

Deno.test("help: a flag has its own, by each of its spellings", async () => {
  for (const flag of FLAGS) {
    for (const spelling of [flag.name, ...flag.also]) {
      const { status, world } = await runMain(`help ${spelling}`);
      assertEquals(status, EXIT.done, world.stderr);
      assertStringIncludes(flowing(world.stdout), flowing(flag.name === "--help" ? "Usage: synscan help" : flag.help));
    }
  }
  assertStringIncludes((await runMain("help --portz")).world.stderr, "Did you mean --ports?");
});

Deno.test("help: the topics have every flag of their group, field, state, key and exit status", async () => {
  const topics = Object.fromEntries(
    await Promise.all(TOPICS.map(async ({ name }) => [name, flowing(await topicText(name))])),
  );
  for (const { group, name } of FLAGS) {
    const topic = TOPICS.find(({ title, name }) =>
      title.startsWith(group) || group === "Other" && name === "configuration"
    );
    assertStringIncludes(topics[topic!.name]!, `${name} `);
  }
  for (const [name, doc] of TARGET_FIELDS) assertStringIncludes(topics.json!, flowing(`${name} ${doc}`));
  for (const { name, doc } of FIELDS) assertStringIncludes(topics.json!, flowing(`${name} ${doc}`));
  for (const { type, when, fields } of JSON_EVENTS) {
    assertStringIncludes(topics.json!, flowing(`${type}, ${when}:`));
    for (const { name, doc } of fields) assertStringIncludes(topics.json!, flowing(`${name} ${doc}`));
  }
  for (const [keys, does] of KEYS) {
    assertStringIncludes(topics.keys!, `${keys.length === 0 ? "any other" : keys.join(" ")} ${does}`);
  }
  for (const [status, meaning] of EXIT_MEANINGS) assertStringIncludes(topics.exit!, `${status} ${meaning}.`);
});

Deno.test("help: every list of ports in the topic of ports is accepted, and one has each protocol", async () => {
  const lists = [...(await topicText("ports")).matchAll(/^ +-p ?([^ ,]\S*) /gm)].map(([, list = ""]) => list);
  const protocols = ["tcp", "udp"] as const;
  for (const list of lists) {
    for (const protocol of protocols) parsePorts(list, { protocols, protocol, services: () => 22 });
  }
  for (const prefix of ["T:", "U:"]) assert(lists.some((list) => list.includes(prefix)), prefix);
});

Deno.test("help: internals names existing files and functions, in at most 25 steps each way", async () => {
  const { PROBE_STEPS, REPLY_STEPS } = await import("../../../src/cli/docs/topics/internals.ts");
  for (const steps of [PROBE_STEPS, REPLY_STEPS]) {
    assert(steps.length <= 25, `${steps.length} steps`);
    for (const [file, name] of steps) {
      const source = await Deno.readTextFile(new URL(`../../../${file}`, import.meta.url));
      assert(
        new RegExp(`(?<!\\w)${name}(?!\\w)`).test(source),
        `${file} has no ${name}: correct src/cli/docs/topics/internals.ts`,
      );
    }
  }
});

Deno.test("help: a scan loads no text of help", async () => {
  const source = new URL("../../../src/cli/main.ts", import.meta.url);
  const loaded = new Set<string>();
  const follow = async (url: URL) => {
    if (loaded.has(url.pathname)) return;
    loaded.add(url.pathname);
    const text = await Deno.readTextFile(url);
    for (const [, path] of text.matchAll(/^(?:import(?! type)|export|\} from)[^\n;]*"(\.[^"]+)";/gm)) {
      await follow(new URL(path!, url));
    }
  };
  await follow(source);
  assert(loaded.size > 20, "imports were followed");
  assertEquals([...loaded].filter((path) => /docs\/(topics\/|help|man|completion|states|blocks)/.test(path)), []);
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
  "the manual page": (await manText()).replaceAll("\\-", "-").replace(/\\f[BIR]/g, " "),
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
  for (
    const [line, targets] of [["-- man", ["man"]], ["-p 22 man", ["man"]], ["192.0.2.7 man", [
      "192.0.2.7",
      "man",
    ]]] as const
  ) {
    const { scanner } = await runMain(line);
    assertEquals(scanner.asked[0]?.targets, targets, line);
  }
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["man -p 22", "Cannot use -p with synscan man. To scan a host of that name, write synscan -- man"],
  ["man 192.0.2.7", 'Cannot understand "192.0.2.7" after synscan man'],
  ["completion", "Cannot run synscan completion without an argument. Write synscan completion SHELL"],
  ["completion bash zsh", 'Cannot understand "zsh" after synscan completion. Write synscan completion SHELL'],
  ["help nonesuch", 'Cannot read synscan help "nonesuch": unknown. Use all, targets, hosts, ports, technique'],
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

Deno.test("README: is short, and agrees with the declarations", () => {
  assert(readme.split("\n").length <= 228);
  const topics = TOPICS.map(({ name }) => `\`${name}\``).join(", ");
  assertStringIncludes(readme.replaceAll("\n", " "), topics);
  for (const [state, meaning] of Object.entries(STATE_MEANINGS)) {
    assertStringIncludes(readme, `| \`${state.replace("|", "\\|")}\` | ${meaning} |`);
  }
  for (const [status, meaning] of EXIT_MEANINGS) assertStringIncludes(readme, `| ${status} | ${meaning} |`);
  for (const { name, also, writes } of FLAGS) {
    if (writes === true) assert(also.some((flag) => readme.includes(`| \`${flag}\``)), name);
  }
});

Deno.test("README: every synscan flag in it exists, and the cheat sheet can be typed", () => {
  const sheet = readme.slice(readme.indexOf("## Coming from"), readme.indexOf("## States"));
  const cells = sheet.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split(" | ").at(-1)!);
  const commands = cells.flatMap((cell) => [...cell.matchAll(/`(-[^`]*)`/g)].map(([, text]) => text!));
  assert(commands.length > 15);
  for (const command of commands) {
    const args = command.replaceAll("FILE", "f").split(" ");
    parseCommandLine(command.includes("@last") || /\d\.\d/.test(command) ? args : [...args, "192.0.2.7"]);
  }
});

Deno.test("README: its source layout has every folder", async () => {
  const map = readme.slice(readme.indexOf("## Source layout"), readme.indexOf("## Limits"));
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
