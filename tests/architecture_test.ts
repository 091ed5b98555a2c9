/**
 * Keeps imports running one way, and what touches the outside world in the folder that is made for it. The rules stand in
 * the two tables below; the last tests show that each of them can be broken.
 */

import { assertEquals, assertMatch } from "@std/assert";

/** A module: its name, which files are in it (the first match counts), what its files may import, and why. */
interface Module {
  readonly name: string;
  readonly files: RegExp;
  readonly imports: readonly string[];
  readonly why: string;
}

/** Modules that all of src/ may import; they import each other and nothing else. */
const LEAVES = ["result words", "options", "base", "collections"];
/** Modules that handle addresses; all others know hosts by their numbers. */
const WITH_ADDRESSES = ["wire", "address"];
const STD = ["@std/cli", "@std/fmt", "@std/net"];

/** From the bottom up: a module imports only what is named, and itself. */
const MODULES: readonly Module[] = [
  module("base", /^src\/base\//, ["result words"], "helpers that all import import nothing but words"),
  module("collections", /^src\/collections\//, [], "a collection holds numbers of any meaning"),
  module(
    "result words",
    /^src\/result\/(states|finding|reasons|rank|reply_kind|outcome|notes|pass|port_result|share|summary|trace)\.ts$/,
    LEAVES,
    "states and reasons are words that all use",
  ),
  module("options", /^src\/scan\/options\.ts$/, LEAVES, "options are words that all use"),
  module("std", /^src\/std\//, ["node:"], "a stand-in for a package cannot know synscan"),
  module("ffi terminal", /^ffi\/terminal\.ts$/, ["ffi"], "the bindings know the kernel and nothing of scanning"),
  module("ffi file", /^ffi\/file\.ts$/, ["ffi"], "the bindings know the kernel and nothing of scanning"),
  module("ffi bpf", /^ffi\/bpf\.ts$/, ["ffi"], "the bindings know the kernel and nothing of scanning"),
  module("ffi", /^ffi\//, ["ffi bpf"], "the bindings know the kernel and nothing of scanning"),
  module("address", /^src\/wire\/address6?\.ts$/, ["wire"], "bytes and fields know of nothing but bytes and fields"),
  module("hardware address", /^src\/wire\/mac\.ts$/, [], "text and numbers of 48 bits import nothing"),
  module(
    "wire",
    /^src\/wire\//,
    [...LEAVES, "address", "hardware address"],
    "bytes and fields know of nothing but bytes and fields",
  ),
  module(
    "local interface",
    /^src\/local\/local\.ts$/,
    LEAVES,
    "the engine sees this machine only through this interface",
  ),
  module(
    "local",
    /^src\/local\//,
    [...LEAVES, "local interface", "address book", ...WITH_ADDRESSES, "ffi"],
    "facts about this machine do not depend on what is scanned",
  ),
  module(
    "address book",
    /^src\/target\/(address_book|ipv6_book|ipv6_pattern|ipv6_prefix|ipv6_senders)\.ts$/,
    [...LEAVES, "target", "address"],
    "host numbers become addresses and text here, and nowhere else",
  ),
  module(
    "target text",
    /^src\/target\/(ipv[46]_syntax|parse|resolve|result_file)\.ts$/,
    [...LEAVES, ...STD, "target", "address"],
    "targets are read as addresses, before hosts have numbers",
  ),
  module("order", /^src\/order\//, LEAVES, "the order of a scan is arithmetic"),
  module("target", /^src\/target\//, [...LEAVES, ...STD, "address book"], "what to scan does not depend on how"),
  module(
    "transport",
    /^src\/transport\//,
    [...LEAVES, "hardware address", "address book", "ffi", "ffi bpf", ...WITH_ADDRESSES],
    "a transport moves packets and knows no probe",
  ),
  module(
    "service",
    /^src\/service\//,
    [...LEAVES, "payloads", "node:"],
    "the data of service detection is pure: replies in, findings out",
  ),
  module("payloads", /^src\/technique\/payloads\//, LEAVES, "requests are bytes, and places in them"),
  module("comparable", /^src\/technique\/comparable\.ts$/, LEAVES, "what is compared are names of techniques"),
  module(
    "technique",
    /^src\/technique\//,
    [...LEAVES, ...WITH_ADDRESSES, "payloads", "ffi bpf"],
    "a technique is what to send and how to read its reply",
  ),
  module(
    "driver interface",
    /^src\/driver\/driver\.ts$/,
    LEAVES,
    "the engine sees drivers only through this interface",
  ),
  module(
    "driver",
    /^src\/driver\//,
    [...LEAVES, "driver interface", "technique", "transport", "address book", "wire", "ffi"],
    "a driver joins a technique to a transport, or uses connect(2)",
  ),
  module(
    "engine",
    /^src\/engine\//,
    [...LEAVES, "driver interface", "local interface", "order"],
    "the engine decides; it reaches the network only through the driver interface",
  ),
  module(
    "host result",
    /^src\/result\/host_result\.ts$/,
    [...LEAVES, "result"],
    "results of hosts are read from rows, as those of ports are",
  ),
  module(
    "result",
    /^src\/result\//,
    [...LEAVES, "engine"],
    "rows of results depend on their sink's interface and on nothing that finds them",
  ),
  module(
    "report",
    /^src\/report\//,
    [...LEAVES, ...STD, "node:", "address book", "host result", "hardware address"],
    "a report knows results, not how they were found",
  ),
  module(
    "store key",
    /^src\/store\/key\.ts$/,
    [...LEAVES, "report", "address", "comparable"],
    "the numbers of hosts are those of one scan, and a history outlives it: its keys are addresses",
  ),
  module(
    "store",
    /^src\/store\//,
    [...LEAVES, "node:", "report", "target", "store key", "comparable"],
    "the history of a scan is what reports are given",
  ),
  module(
    "checkpoint",
    /^src\/checkpoint\//,
    [...LEAVES, "node:"],
    "a checkpoint saves what it is given, and knows nothing of scanning",
  ),
  module(
    "scan",
    /^src\/scan\//,
    [
      ...LEAVES,
      "node:",
      "engine",
      "driver",
      "driver interface",
      "technique",
      "service",
      "transport",
      "local",
      "local interface",
      "order",
      "target",
      "target text",
      "address book",
      "result",
      "ffi",
    ],
    "the composition root joins the modules and knows no user interface",
  ),
  module("mod", /^mod\.ts$/, [...LEAVES, "scan", "host result"], "the library exports what scan offers"),
  module(
    "shards",
    /^src\/cli\/shards\//,
    [...LEAVES, "cli", "report", "result", "host result", "scan", "store", "checkpoint", "target", "target text"]
      .concat("address book", "hardware address"),
    "the files of other machines have addresses as text",
  ),
  module(
    "cli",
    /^src\/cli\//,
    [
      ...LEAVES,
      ...STD,
      "node:",
      "mod",
      "scan",
      "host result",
      "result",
      "report",
      "store",
      "checkpoint",
      "target",
      "target text",
      "ffi terminal",
      "ffi file",
      "shards",
    ],
    "the program uses the library as any other program would",
  ),
];

/** Something that code may say in one place only. */
interface Word {
  readonly word: RegExp;
  readonly notIn?: RegExp;
  readonly onlyIn?: RegExp;
  readonly why: string;
}

const WORDS: readonly Word[] = [
  { word: /\bDeno\s*\.\s*(dlopen|Unsafe\w+)/g, onlyIn: /^ffi\//, why: "native code is reached through ffi/ alone" },
  {
    word: /\bDeno\s*\.\s*(args|exit|exitCode)\b|\bconsole\b/g,
    onlyIn: /^src\/cli\/|^mod\.ts$/,
    why: "only the program talks to a person; a library returns and throws",
  },
  {
    word: /(?<!typeof )\btechnique\s*[!=]==?\s*["A-Z]|"\s*[!=]==?\s*technique\b|[!=]==?\s*(?:AUTO|CONNECT)\b/g,
    onlyIn: /^src\/(technique|cli)\//,
    why: "what a technique is for is in the technique; nothing else compares its name",
  },
  {
    word: /\b(?:format|parse)Ipv[46]\b/g,
    onlyIn:
      /^src\/(wire|transport|local)\/|^src\/target\/(address_book|ipv6_book|ipv6_pattern|ipv6_prefix|ipv[46]_syntax|result_file)\.ts$|^src\/store\/key\.ts$/,
    why: "hosts are numbers; text and addresses of them come from the address book",
  },
  {
    word: /\bDeno\b/g,
    notIn: /^src\/(wire|order|engine|collections|service)\//,
    why: "this folder computes: time and the system are arguments",
  },
];

function module(name: string, files: RegExp, imports: readonly string[], why: string): Module {
  return { name, files, imports, why };
}

/** The sources of a program, by path from its root. */
type Sources = ReadonlyMap<string, string>;

/** Returns one sentence for each place that breaks a rule. */
function check(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    if (!moduleOf(path)) {
      return [`${path}:1 is in no module. Add its folder to this test, and say what it may import`];
    }
    return [...brokenImports(path, source), ...brokenWords(path, source)];
  }).concat(circles(sources));
}

function moduleOf(path: string): Module | undefined {
  return MODULES.find(({ files }) => files.test(path));
}

function brokenImports(path: string, source: string): string[] {
  const from = moduleOf(path);
  return importsOf(source).flatMap(({ specifier, line, dynamic }) => {
    const to = nameOf(path, specifier);
    if (from === undefined || to === from.name || from.imports.includes(to)) return [];
    if (path === "mod.ts" && to === "cli" && dynamic) return []; // the program is handed over, the library is not
    const target = specifier.startsWith(".") ? `${to} (${specifier})` : specifier;
    return [`${path}:${line} ${from.name} may not import ${target}: ${from.why}`];
  });
}

/** The module that an import leads to; packages are called by their own name, Deno's Node modules `node:`. */
function nameOf(path: string, specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  if (!specifier.startsWith(".")) return specifier.split("/", 2).join("/");
  return moduleOf(resolve(path, specifier))?.name ?? specifier;
}

function resolve(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}

function brokenWords(path: string, source: string): string[] {
  const text = blank(source);
  return WORDS.filter(({ notIn, onlyIn }) => notIn?.test(path) || onlyIn?.test(path) === false).flatMap((
    { word, why },
  ) => [...text.matchAll(word)].map((match) => `${path}:${lineOf(text, match.index)} says ${match[0]}: ${why}`));
}

/** Finds modules that import themselves by way of others. */
function circles(sources: Sources): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) {
      const circle = [...above.slice(above.indexOf(path)), path];
      found.push(
        `${circle.join(" -> ")} is a circle: none of these modules can be read, or loaded, without the others`,
      );
      return;
    }
    if (done.has(path)) return;
    for (const { specifier, dynamic } of importsOf(sources.get(path) ?? "")) {
      if (specifier.startsWith(".") && !dynamic) visit(resolve(path, specifier), [...above, path]);
    }
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  return found;
}

interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly dynamic: boolean;
}

/** Everything that a module imports or re-exports, types included. */
function importsOf(source: string): Import[] {
  const text = blank(source);
  const quoted = /"\s*"|'\s*'|`\s*`/.source;
  const collect = (shape: string, dynamic: boolean): Import[] =>
    [...text.matchAll(new RegExp(`${shape}\\s*(${quoted})`, "dg"))].map((match) => {
      const [from, to] = match.indices?.[1] ?? [0, 0];
      return { specifier: source.slice(from + 1, to - 1), line: lineOf(text, from), dynamic };
    });
  const statements = collect(String.raw`\b(?:(?:import|export)\b[^;"'\`()=]*?\bfrom|import)`, false);
  const calls = collect(String.raw`\b(?:import|new\s+URL)\s*\(`, true).filter(({ specifier }) =>
    specifier.endsWith(".ts")
  );
  return [...statements, ...calls];
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/** Blanks out comments, patterns and what stands between quotes, leaving everything else where it was. */
function blank(source: string): string {
  const comment = /\/\/[^\n]*|\/\*[^]*?\*\//.source;
  const string = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`/.source;
  const pattern =
    /(?<=(?:[=(,:[!&|?{};\n]|return)\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/.source;
  return source.replaceAll(new RegExp(`${comment}|${string}|${pattern}`, "g"), (found) => {
    const spaces = found.replaceAll(/[^\n]/g, " ");
    return /^["'`]/.test(found) ? found.charAt(0) + spaces.slice(1, -1) + found.charAt(0) : spaces;
  });
}

async function readSources(root: URL, folders: readonly string[]): Promise<Sources> {
  const sources = new Map<string, string>();
  const read = async (path: string): Promise<void> => {
    sources.set(path, await Deno.readTextFile(new URL(path, root)));
  };
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(new URL(`${folder}/`, root))) {
      const path = `${folder}/${entry.name}`;
      if (path === "src/cli/bundle") continue; // It is made from the others.
      if (entry.isDirectory) await walk(path);
      else if (path.endsWith(".ts")) await read(path);
    }
  };
  for (const folder of folders) await walk(folder);
  await read("mod.ts");
  return sources;
}

Deno.test("architecture: imports run one way and every word is in its place", async () => {
  const sources = await readSources(new URL("../", import.meta.url), ["src", "ffi"]);
  assertEquals(check(sources), []);
});

Deno.test("architecture: no file of src/engine exceeds 300 lines", async () => {
  const sources = await readSources(new URL("../", import.meta.url), ["src/engine"]);
  const lengths = [...sources].map(([path, source]) => ({ path, lines: source.split("\n").length - 1 }));
  assertEquals(lengths.filter(({ path, lines }) => path.startsWith("src/engine/") && lines > 300), []);
});

/** Returns the exports that are imported, as `file#name`, or as `file#*` if all are; also by code that tests hold as text. */
function importedNames(sources: Sources): Set<string> {
  const shape = /(?:\{([^{}]*)\}\s*(?:from|=\s*await import\()\s*)?["'`](\.\.?\/|\$\{ROOT\})([^"'`\s]+\.ts)["'`]/g;
  return new Set(
    [...sources].flatMap(([path, source]) =>
      [...source.matchAll(shape)].flatMap(([, names = "*", from, file]) => {
        const imported = from!.startsWith(".") ? resolve(path, from! + file!) : file!;
        return names.split(",").map((name) => `${imported}#${/^(?:type )?([\w$*]*)/.exec(name.trim())![1]}`);
      })
    ),
  );
}

/** Returns one sentence for each export that only its own file uses. */
function needlessExports(sources: Sources): string[] {
  const imported = importedNames(sources);
  const declared = /^export (?:abstract |async )?(?:class|const|function\*?|interface|let|type) ([\w$]+)/gm;
  return [...sources].filter(([path]) =>
    /^(src\/(?!std\/)|ffi\/).*(?<!\.d)\.ts$/.test(path) && !imported.has(`${path}#*`)
  ).flatMap((
    [path, source],
  ) =>
    [...source.matchAll(declared)].filter(([, name]) => !imported.has(`${path}#${name}`)).map(([, name]) =>
      `${path} exports ${name}, which only its own file uses`
    )
  );
}

Deno.test("architecture: every export is imported by another file", async () => {
  const sources = await readSources(new URL("../", import.meta.url), ["src", "ffi", "tests"]);
  assertEquals(needlessExports(sources), []);
  const [a, b] = [`export const one = 1;\nexport type Two = 2;`, `import { type Two as Other } from "./a.ts";`];
  assertEquals(needlessExports(new Map([["src/base/a.ts", a], ["src/base/b.ts", b]])), [
    "src/base/a.ts exports one, which only its own file uses",
  ]);
});

const BREACHES: readonly { name: string; files: Record<string, string>; says: RegExp }[] = [
  {
    name: "wire imports a transport",
    files: { "src/wire/tcp.ts": `\nimport { open } from "../transport/open.ts";`, "src/transport/open.ts": "" },
    says: /^src\/wire\/tcp\.ts:2 wire may not import transport .*: bytes and fields/,
  },
  {
    name: "the engine imports a driver other than by the interface, as a type",
    files: { "src/engine/loop.ts": `import type { A } from "../driver/packet_driver.ts";` },
    says: /^src\/engine\/loop\.ts:1 engine may not import driver /,
  },
  {
    name: "a module is re-exported against the direction",
    files: { "src/scan/scan.ts": `export {\n  main,\n} from "../cli/main.ts";` },
    says: /^src\/scan\/scan\.ts:3 scan may not import cli /,
  },
  {
    name: "mod imports the program when it is loaded",
    files: { "mod.ts": `import { main } from "./src/cli/main.ts";` },
    says: /^mod\.ts:1 mod may not import cli /,
  },
  {
    name: "a file is loaded on demand against the direction",
    files: { "src/report/json.ts": `const { open } = await import("../transport/open.ts");` },
    says: /^src\/report\/json\.ts:1 report may not import transport /,
  },
  {
    name: "a package is imported that deno.json does not stand in for",
    files: { "src/cli/main.ts": `import x from "npm:left-pad";` },
    says: /^src\/cli\/main\.ts:1 cli may not import npm:left-pad/,
  },
  {
    name: "the program asserts with the tests' package",
    files: { "src/cli/main.ts": `import { assert } from "@std/assert/assert";` },
    says: /may not import @std\/assert\/assert/,
  },
  {
    name: "a stand-in is imported by its path",
    files: { "src/cli/main.ts": `import { bold } from "../std/fmt/colors.ts";` },
    says: /cli may not import std \(/,
  },
  {
    name: "a file is in no module",
    files: { "src/misc/x.ts": "" },
    says: /^src\/misc\/x\.ts:1 is in no module/,
  },
  {
    name: "dlopen outside ffi/",
    files: { "src/transport/raw_sender.ts": `// Deno.dlopen\nconst lib = Deno.dlopen("libc.so.6", {});` },
    says: /^src\/transport\/raw_sender\.ts:2 says Deno\.dlopen: native code/,
  },
  {
    name: "a pointer outside ffi/",
    files: { "src/driver/driver.ts": `let p: Deno.UnsafePointerView;` },
    says: /says Deno\.UnsafePointerView/,
  },
  {
    name: "a library module prints",
    files: { "src/engine/loop.ts": `console.log(1);` },
    says: /^src\/engine\/loop\.ts:1 says console: only the program/,
  },
  {
    name: "a library module ends the process",
    files: { "src/scan/scan.ts": `if (bad) Deno.exit(1);` },
    says: /says Deno\.exit: only the program/,
  },
  {
    name: "a codec asks the system",
    files: { "src/wire/ipv4.ts": `const host = Deno.hostname();` },
    says: /says Deno: this folder computes/,
  },
  {
    name: "the engine compares the name of a technique",
    files: { "src/engine/engine.ts": `if (driver.technique === "syn") overlap();` },
    says: /^src\/engine\/engine\.ts:1 says technique === ": what a technique is for/,
  },
  {
    name: "a pass compares the name of a technique by way of a constant",
    files: { "src/scan/passes.ts": `const packets = names.filter((name) => name !== CONNECT);` },
    says: /^src\/scan\/passes\.ts:1 says !== CONNECT: what a technique is for/,
  },
  {
    name: "the engine knows addresses",
    files: {
      "src/engine/engine.ts": `import { isLoopback } from "../wire/address.ts";`,
      "src/wire/address.ts": "",
    },
    says: /^src\/engine\/engine\.ts:1 engine may not import address /,
  },
  {
    name: "a report makes text of an address by itself",
    files: { "src/report/xml.ts": `import { text as formatIpv4 } from "./fields.ts";`, "src/report/fields.ts": "" },
    says: /^src\/report\/xml\.ts:1 says formatIpv4: hosts are numbers/,
  },
  {
    name: "two modules import each other",
    files: { "src/order/a.ts": `import "./b.ts";`, "src/order/b.ts": `import { a } from "./a.ts";` },
    says: /^src\/order\/a\.ts -> src\/order\/b\.ts -> src\/order\/a\.ts is a circle/,
  },
];

for (const { name, files, says } of BREACHES) {
  Deno.test(`architecture: caught when ${name}`, () => {
    const found = check(new Map(Object.entries(files)));
    assertEquals(found.length, 1, found.join("\n"));
    assertMatch(found[0] ?? "", says);
  });
}

Deno.test("architecture: what comments, strings and patterns say breaks nothing", () => {
  const source = [
    "// import { a } from '../cli/main.ts';",
    "/* console.log(Deno.args) */",
    `const text = "import x from '../cli/main.ts'; console" + 'it\\'s Deno.exit' + \`Deno.\n\`;`,
    `const pattern = /"Deno\\/["/]/; const quote = '"';`,
  ].join("\n");
  assertEquals(check(new Map([["src/wire/tcp.ts", source]])), []);
});

Deno.test("architecture: the program is handed over on demand", () => {
  assertEquals(check(new Map([["mod.ts", `if (import.meta.main) import("./src/cli/main.ts");`]])), []);
});
