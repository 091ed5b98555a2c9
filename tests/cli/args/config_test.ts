import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { CommandLine } from "../../../src/cli/args/command_line.ts";
import { configText, parseConfig } from "../../../src/cli/args/config.ts";
import { EXIT } from "../../../src/cli/exit.ts";
import { FLAGS } from "../../../src/cli/args/flags.ts";
import { parseCommandLine, readArguments } from "../../../src/cli/args/parse.ts";
import { NothingLeftError, UsageError } from "../../../src/base/errors.ts";
import { type FakeWorldOptions, runMain } from "../fake.ts";

const HOME = "/home/u/.config/synscan/config.json";

const words = (line: string) => line.split(" ").filter((word) => word !== "");

function together(config: unknown, line: string): CommandLine {
  return parseCommandLine(readArguments(words(line)), parseConfig(JSON.stringify(config), "c"));
}

/** A configuration, what is typed, and a command line that has the same result. */
const ROWS: Readonly<Record<string, readonly [config: unknown, typed: string, same: string]>> = {
  "each key is a flag": [
    { "timing": 4, "ports": "22,80", "open": true, "max-rate": "10k", "ttl": 9 },
    "h",
    "-T4 -p22,80 --open --max-rate 10k --ttl 9 h",
  ],
  "false is as if it were not there": [{ open: false, verbose: false }, "h", "h"],
  "the command line wins": [{ ports: "22", timing: 4 }, "-p 80 h", "-T4 -p 80 h"],
  "a list is as many flags": [{ exclude: ["a", "b"] }, "h", "--exclude a --exclude b h"],
  "exclusions add up": [
    { "exclude": "a", "exclude-file": ["f"] },
    "--exclude b h",
    "--exclude-file f --exclude a --exclude b h",
  ],
  "verbosity is a number, which -v takes the place of": [{ verbose: 2 }, "h", "-vv h"],
  "-v false": [{ verbose: 2 }, "-v false h", "h"],
  "--open=false takes it back": [{ open: true, reason: true }, "--open=false h", "--reason h"],
  "targets typed put aside those configured": [{ "targets": "a", "target-file": "f" }, "b", "b"],
  "targets configured": [{ targets: ["a", "b"] }, "", "-r a -r b"],
  "what contradicts the command line is put aside": [
    { "top-ports": 10, "syn": true, "transport": "sendto", "min-rate": 1000, "timeout": "9s" },
    "-F -sT --max-rate 10 --max-rtt-timeout 1s h",
    "-F -sT --max-rate 10 --max-rtt-timeout 1s h",
  ],
  "techniques typed put aside those configured, and their flags": [
    { "syn": true, "fin": true, "scanflags": "PSH", "ttl": 9 },
    "-sA -sW h",
    "--ttl 9 -sA -sW h",
  ],
  "techniques configured are all used": [{ "syn": true, "ack": true }, "h", "-sS -sA h"],
  "a connect scan typed puts aside what only packets have": [
    { "ack": true, "syn-options": "mss", "source-port": 53, "packet-trace": true, "source-ip": "127.0.0.1" },
    "-sT h",
    "-S 127.0.0.1 -sT h",
  ],
  "options of a SYN stay where one is sent, and else give way": [
    { "syn-options": "mss" },
    "-sS -sA h",
    "--syn-options mss -sS -sA h",
  ],
  "options of a SYN give way to a technique without one": [{ "syn-options": "mss" }, "-sA h", "-sA h"],
  "options of a SYN give way to flags": [{ "syn-options": "mss" }, "--scanflags FIN h", "--scanflags FIN h"],
  "a configured file gives way to --dry-run": [
    { "xml-file": "x.xml", "all-files": "b", "csv-file": "-", "fields": "ip" },
    "--dry-run h",
    "--dry-run h",
  ],
  "configured ports, techniques and reports of ports give way to -sL": [
    { "top-ports": 5, "syn": true, "csv-file": "c.csv", "xml-file": "x.xml", "db": "d" },
    "-sL h",
    "-oX x.xml -sL h",
  ],
  "--dry-run is JSON where that is configured": [{ "json": true }, "--dry-run h", "--json --dry-run h"],
  "configured fields stay for a report that has them": [
    { "fields": "ip,port", "csv-file": "c" },
    "-oX - h",
    "--fields ip,port -oC c -oX - h",
  ],
  "configured fields give way to a table that has no columns for them": [
    { fields: "ip,late", json: true },
    "-oN - h",
    "-oN - h",
  ],
  "configured fields stay where there is no table": [{ fields: "ip,late" }, "-oX - h", "--fields ip,late -oX - h"],
  "a configured report gives way to a typed one in its place": [
    { "xml-file": "r", "all-files": "b" },
    "-oN ./r -oC b.gnmap h",
    "-oN ./r -oC b.gnmap h",
  ],
  "a configured report gives way to a history, or a list, in its place": [
    { "xml-file": "x", "csv-file": "c", "list-file": "l" },
    "--db x -iL c",
    "-oL l --db x -iL c",
  ],
  "configured reports are those of scans": [
    { "xml-file": "conf.xml", "all-files": "b", "json": true, "fields": "ip", "reason": true },
    "show 1 --db g.db",
    "show 1 --db g.db --reason",
  ],
  "configured reports are not those of the history": [{ db: "g.db", json: true }, "history", "history --db g.db"],
  "one report on standard output": [{ "json": true, "xml-file": "x" }, "-oC - h", "-oX x -oC - h"],
};

for (const [name, [config, typed, same]] of Object.entries(ROWS)) {
  Deno.test(`config: ${name}`, () => {
    const bare = ({ outputs, ...line }: CommandLine) => ({
      ...line,
      typedAtMs: 0,
      effective: [],
      outputs: outputs.map(({ format, path }) => ({ format, path })).sort((a, b) => a.path < b.path ? -1 : 1),
    });
    assertEquals(bare(together(config, typed)), bare(parseCommandLine(words(same))));
  });
}

Deno.test("config: what --print-config prints gives the same again", () => {
  const sample: Readonly<Record<string, string>> = {
    "--transport": "ethernet",
    "--syn-options": "linux",
    "--timing": "2",
    "--fields": "ip,port",
    "--color": "never",
  };
  const both = new Set<string>();
  // Flags that do not go together are tried one after the other.
  for (const flag of FLAGS) {
    if (flag.onlyTyped === true) continue;
    both.add(flag.name);
    const value = sample[flag.name] ??
      ({ FILE: "f", BASE: "b", EXPR: "port<9", "I/N": "1/1" }[flag.takes ?? ""] ?? "1");
    const needed = flag.name === "--changed" ? ["--db", "d"] : [];
    const given = flag.takes === undefined ? [flag.name] : [flag.name, value];
    const line = parseCommandLine([...needed, ...given, "h"]);
    const again = parseCommandLine([], parseConfig(configText(line.effective, line.targets), "c"));
    const bare = (read: CommandLine) => ({
      ...read,
      typedAtMs: 0,
      effective: [],
      filter: typeof read.filter,
      outputs: read.outputs.map((output) => ({ ...output, flag: "" })),
    });
    assertEquals(bare(again), bare(line), flag.name);
  }
  assert(both.size > 40);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ["", "it is not JSON"],
  ["{timing: 4}", "it is not JSON"],
  ["[]", "it is no object"],
  ["4", "it is no object"],
  ["null", "it is no object"],
  ['{"max-rat": 5}', 'Unknown key "max-rat" in "c". Did you mean "max-rate"?'],
  ['{"zzzzzz": 5}', 'Unknown key "zzzzzz" in "c". Keys are the long names of flags, without dashes'],
  ['{"--ports": "22"}', 'Unknown key "--ports" in "c". Did you mean "ports"?'],
  ['{"help": true}', 'Cannot use "help" in "c": it belongs on the command line'],
  ['{"config": "d"}', "it belongs on the command line"],
  ['{"open": "yes"}', 'Cannot read "open" in "c": "\\"yes\\"" is not true or false'],
  ['{"open": 1}', "is not true or false"],
  ['{"verbose": "true"}', "is not true or false"],
  ['{"ports": true}', "is not PORTS, as text or a number"],
  ['{"ports": ""}', "is not PORTS"],
  ['{"ports": null}', "is not PORTS"],
  ['{"ports": {"a": 1}}', "is not PORTS"],
  ['{"ports": ["22", "80"]}', 'Cannot take "ports" in "c" more than once'],
  ['{"max-rate": "fast"}', 'Cannot read max-rate (in "c") "fast": not a number of probes a second'],
  ['{"timing": 9}', 'Cannot read timing (in "c") "9": not a timing'],
  ['{"ports": "22", "fast": true}', 'Cannot use ports (in "c") together with fast (in "c"): both choose the ports'],
];

for (const [text, message] of REFUSED) {
  Deno.test(`config: refuses ${text === "" ? "an empty file" : text}`, () => {
    assertThrows(() => parseCommandLine(readArguments(["h"]), parseConfig(text, "c")), UsageError, message);
  });
}

Deno.test("config: a configured history is not written over", () => {
  assertThrows(() => together({ db: "h.db" }, "-oJ ./h.db h"), UsageError, "a report and the history");
});

for (const line of ["man", "completion bash"]) {
  Deno.test(`config: synscan ${line} has no use for one, and says nothing of one that is broken`, async () => {
    const { status, world } = await runMain(line, {}, { env: { HOME: "/home/u" }, files: { [HOME]: "{" } });
    assertEquals([status, world.stderr], [EXIT.done, ""]);
  });
}

Deno.test("config: what a subcommand has no use for is still refused", async () => {
  const { status, world } = await runMain("man --config broken", {}, { files: { broken: "{" } });
  assertEquals(status, EXIT.usage);
  assertStringIncludes(world.stderr, "Cannot use --config with synscan man");
});

Deno.test("config: --help says nothing of one that is broken", async () => {
  const { status } = await runMain("--help --config broken", {}, { files: { broken: "{" } });
  assertEquals(status, EXIT.done);
});

const FOUND: readonly (readonly [string, string, FakeWorldOptions, number | undefined])[] = [
  ["in the home directory", "h", { env: { HOME: "/home/u" }, files: { [HOME]: '{"timing":1}' } }, 1],
  ["in XDG_CONFIG_HOME", "h", {
    env: { HOME: "/home/u", XDG_CONFIG_HOME: "/x" },
    files: { [HOME]: '{"timing":1}', "/x/synscan/config.json": '{"timing":2}' },
  }, 2],
  ["not in an XDG_CONFIG_HOME that is relative", "h", {
    env: { HOME: "/home/u", XDG_CONFIG_HOME: "x" },
    files: { [HOME]: '{"timing":1}' },
  }, 1],
  ["nowhere", "h", { env: { HOME: "/home/u" } }, undefined],
  ["not with --no-config", "--no-config h", { env: { HOME: "/home/u" }, files: { [HOME]: '{"timing":1}' } }, undefined],
  ["nowhere, without the right to read", "h", { env: { HOME: "/home/u" }, denied: ["read", "env"] }, undefined],
  ["not with --no-config, without the right to read", "--no-config h", {
    env: { HOME: "/home/u" },
    files: { [HOME]: "{" },
    denied: ["read"],
  }, undefined],
  ["where --config says, and nowhere else", "--config other h", {
    env: { HOME: "/home/u" },
    files: { [HOME]: '{"timing":1}', other: '{"ttl":9}' },
  }, undefined],
];

for (const [name, line, options, timing] of FOUND) {
  Deno.test(`config: found ${name}`, async () => {
    const { status, scanner, world } = await runMain(line, {}, options);
    assertEquals([status, scanner.asked[0]?.timing, world.stderr], [EXIT.done, timing, ""]);
    if (line.includes("other")) assertEquals(scanner.asked[0]?.ttl, 9);
  });
}

const HIDDEN: readonly (readonly [string, string, readonly string[], number])[] = [
  ["a scan", "h", ["read"], EXIT.cannot],
  ["a scan", "h", ["env"], EXIT.cannot],
  ["a scan", "h", ["read", "env"], EXIT.cannot],
  ["a dry run", "--dry-run h", ["read"], EXIT.cannot],
  ["what is in effect", "--print-config h", ["env"], EXIT.cannot],
];

for (const [name, line, denied, expected] of HIDDEN) {
  Deno.test(`config: one that Deno may not read (${denied}) is reported once, and ${name} does not start`, async () => {
    const files = { [HOME]: '{"exclude":"10.0.0.1"}' };
    const { status, scanner, world } = await runMain(line, {}, { env: { HOME: "/home/u" }, files, denied });
    assertEquals([status, scanner.asked.length, world.stdout], [expected, 0, ""]);
    assertEquals(
      world.stderr,
      `Cannot read the configuration "${HOME}", which may have exclusions: that needs the right to read it. Add ` +
        "--allow-read and --allow-env=HOME,XDG_CONFIG_HOME to deno run, or --no-config to scan without it\n",
    );
  });
}

Deno.test("config: one that Deno may not read is only reported where nothing is scanned", async () => {
  const files = { [HOME]: "{}" };
  const { world } = await runMain("history", {}, { env: { HOME: "/home/u" }, files, denied: ["read"] });
  assertMatch(
    world.stderr,
    /^Cannot read the configuration [^\n]+ to deno run\nCannot open a history to [^\n]+: none is named/,
  );
});

Deno.test("config: a symbolic link to nothing is not taken for no configuration", async () => {
  const missing = new Deno.errors.NotFound("No such file or directory (os error 2)");
  const { status, world } = await runMain("h", {}, { env: { HOME: "/home/u" }, files: { [HOME]: missing } });
  assertEquals(status, EXIT.usage);
  assertStringIncludes(world.stderr, `Cannot read "${HOME}" for the configuration: no such file or directory`);
});

const REPEATED: readonly (readonly [string, string, string])[] = [
  ["exclude", '{\n"exclude": "10.0.0.1",\n"open": true,\n"exclude": "10.0.0.2" }', "in lines 2 and 4"],
  ["timing", '{"timing":1,"timing":1}', "twice in line 1"],
  ["exclude", '{"exclude": ["a:b", "\\"}"],\r\n"open":true,\r\n"\\u0065xclude": []}', "in lines 1 and 3"],
  ["no-config", '{"no-config":1,\n\n"no-config":[{"x":1}]}', "in lines 1 and 3"],
];

for (const [key, text, where] of REPEATED) {
  Deno.test(`config: a key that is there twice is refused: ${text}`, () => {
    const message = `Cannot take "${key}" twice: it is ${where} of "c"`;
    assertThrows(() => parseConfig(text, "c"), UsageError, message);
  });
}

Deno.test("config: what looks like a key within a value is none", () => {
  const given = parseConfig('{"exclude": ["exclude", "\\"exclude\\": 1"], "targets": ["exclude"]}', "c");
  assertEquals(given.map(({ name }) => name), ["--exclude", "--exclude", "--targets"]);
});

const TROUBLE: readonly (readonly [string, string, FakeWorldOptions, number])[] = [
  ["--config none h", 'Cannot read "none" for --config: no such file or directory', {}, EXIT.usage],
  ["--config f h", "Add --allow-read", { denied: ["read"] }, EXIT.cannot],
  ["--config f --no-config h", "Cannot use --config together with --no-config", {}, EXIT.usage],
  ["h", "it is not JSON", { env: { HOME: "/home/u" }, files: { [HOME]: "{" } }, EXIT.usage],
];

for (const [line, message, options, expected] of TROUBLE) {
  Deno.test(`config: ${line}: ${message}`, async () => {
    const { status, world } = await runMain(line, {}, options);
    assertEquals([status, world.stdout], [expected, ""]);
    assertStringIncludes(world.stderr, message);
    assertEquals(world.stderr.split("\n").length, 2);
  });
}

Deno.test("config: -v says which one is used", async () => {
  const { world } = await runMain("-v --config f h", {}, { files: { f: "{}" } });
  assertStringIncludes(world.stderr, "Configuration: f\n");
});

Deno.test("config: exclusions that leave nothing to scan are named with their configuration", async () => {
  const nothing = new NothingLeftError(
    "Cannot scan: every host is excluded. Name targets and ports that may be probed",
  );
  const scan = (line: string) =>
    runMain(line, { setUpError: nothing }, { files: { c: '{"exclude": "10.0.0.0/24"}', d: '{"open": true}' } });
  const { status, world } = await scan("--config c 10.0.0.7");
  assertEquals(status, EXIT.usage);
  assertStringIncludes(world.stderr, 'The configuration "c" has exclusions; --no-config ignores them\n');
  assertEquals((await scan("--config d --exclude 10.0.0.7 10.0.0.7")).world.stderr, `${nothing.message}\n`);
});

Deno.test("config: --print-config prints what is in effect, and scans nothing", async () => {
  const { status, world, scanner } = await runMain("-p 80 --exclude b -v --print-config h", {}, {
    env: { HOME: "/home/u" },
    files: { [HOME]: '{"ports": "22", "exclude": "a", "open": true}' },
    denied: ["ffi"],
  });
  assertEquals([status, scanner.asked], [EXIT.done, []]);
  assertEquals(JSON.parse(world.stdout), { open: true, exclude: ["a", "b"], ports: "80", verbose: 1, targets: ["h"] });
});
