/**
 * Makes src/cli/bundle/: the code of the program as a few JavaScript modules, which Deno loads faster than hundreds.
 *
 *   deno task bundle              makes it from src/ and ffi/
 *   deno task bundle --sources    puts modules in its place that load the sources
 *   deno task bundle --out DIR    makes it in another directory
 *   deno task bundle --digest     prints the digest of the sources, which start.js contains
 *   deno task bundle --called     prints the names of what small scans call, as root: those in called.txt beside this file
 *
 * The bundler comes from npm; the exit status is 3 if it cannot be loaded.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { ended, start } from "../support/program.ts";
import { compiledAtOnce, type Node, unitsOf } from "./eager.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FOLDER = `${ROOT}src/cli/bundle`;
// Not a literal: type checks and tests must not download it.
const BUNDLER: string = "npm:rolldown@1.3.2";

/**
 * The modules of the bundle. Each has the modules that its roots import statically and none before it has; the last one has the
 * remaining modules of the program.
 */
const PARTS: readonly (readonly [name: string, roots: readonly string[]])[] = [
  ["library", [
    "src/base/errors.ts",
    "src/result/host_result.ts",
    "src/result/port_result.ts",
    "src/scan/scan.ts",
  ]],
  ["start", ["src/cli/start.ts"]],
  ["main", ["src/cli/main.ts"]],
  ["scan", ["src/cli/commands/scan.ts", "src/scan/running_scan.ts", "src/target/top_ports.ts"]],
  ["worker", ["src/scan/worker.ts", "src/technique/udp_headers.ts"]],
  ["ring", ["src/transport/ring_receiver.ts"]],
  ["ethernet", ["src/transport/ethernet_sender.ts", "src/transport/firewall_check.ts"]],
  ["links", ["src/scan/link_checks.ts", "src/transport/link_prober.ts", "src/transport/link_transport.ts"]],
  ["ipv6", [
    "src/local/ipv6_kernel.ts",
    "src/scan/aliases.ts",
    "src/scan/ipv6_plan.ts",
    "src/target/ipv6_book.ts",
    "src/target/ipv6_syntax.ts",
    "src/technique/icmpv6_errors.ts",
    "src/technique/ipv6_packets.ts",
    "src/transport/ipv6_links.ts",
    "src/transport/ipv6_open.ts",
    "src/transport/ipv6_ping_socket.ts",
    "src/transport/ipv6_routes.ts",
    "src/transport/ipv6_sockets.ts",
    "src/transport/udp_sockets_ipv6.ts",
  ]],
  ["udp", [
    "src/engine/icmp_limiters.ts",
    "src/technique/udp.ts",
    "src/technique/udp_ping.ts",
    "src/target/top_udp_ports.ts",
  ]],
  ["udp_sockets", ["src/transport/udp_sockets_open.ts"]],
  ["thread", ["src/transport/thread_queue.ts"]],
  ["names", ["src/scan/hostname_lookup.ts", "src/driver/dns_driver.ts", "src/local/dns_servers.ts"]],
  ["connect", [
    "src/driver/connect_driver.ts",
    "src/driver/socket_ping_driver.ts",
    "src/scan/socket_discovery.ts",
    "src/scan/socket_drivers.ts",
    "src/transport/ping_socket.ts",
  ]],
  ["several", ["src/scan/absent_ports.ts", "src/scan/calibration.ts", "src/engine/host_timeouts.ts"]],
  ["traces", ["src/scan/traces.ts"]],
  ["lists", ["src/target/result_file.ts"]],
  ["vendors", ["src/report/vendors.ts"]],
  ["json", ["src/report/json.ts"]],
  ["formats", [
    "src/report/csv.ts",
    "src/report/grepable.ts",
    "src/report/ip_port.ts",
    "src/report/masscan.ts",
    "src/report/normal.ts",
    "src/report/xml.ts",
  ]],
  ["html", ["src/report/html.ts"]],
  ["help", ["src/cli/docs/help.ts"]],
  ["history", ["src/cli/commands/history.ts", "src/store/history.ts"]],
  ["services", ["src/scan/service_choice.ts"]],
  ["datagrams", ["src/service/over_udp.ts"]],
  ["rest", []],
];

/** Names of what small scans call, one a line: V8 compiles the functions in it with their module. */
const CALLED = `${ROOT}tests/bundle/called.txt`;

const SMALL_SCANS = [["-n", "-p", "1-1000", "--json", "127.0.0.1"], ["-n", "-p", "80", "127.0.0.1"]];

/** Modules of `library` are re-exported under their own names, which mod.ts imports. */
const [, LIBRARY] = PARTS.find(([name]) => name === "library")!;

const HEAD = "// Made by `deno task bundle` from src/ and ffi/: edit those, and make it again.\n";
const TYPES = `// @ts-self-types="./library.d.ts"\n`;
const STUB_HEAD = "// The sources in place of a bundle; `deno task bundle` makes one.\n";

/** Modules that load the sources, by name. */
const STUBS: Readonly<Record<string, string>> = {
  start: `${STUB_HEAD}export { run } from "../start.ts";\n`,
  library: TYPES + STUB_HEAD + LIBRARY.map((path) => `export * from "../../${path.slice(4)}";\n`).join(""),
  worker: `${STUB_HEAD}import "../../scan/worker.ts";\n`,
};

/** Entries of the bundle: it uses its own library, also where an import map does not lead mod.ts to it. */
const ENTRIES: Readonly<Record<string, string>> = {
  start: `import { run as start } from "${ROOT}src/cli/start.ts";
import { listHosts, planScan, scan, suggestSource } from "${ROOT}src/scan/scan.ts";
export const run = () => start({ listHosts, planScan, scan, suggestSource });`,
  library: LIBRARY.map((path) => `export * from "${ROOT}${path}";`).join("\n"),
  worker: `import "${ROOT}src/scan/worker.ts";`,
};

/** The part of the bundler that is used. */
interface Bundler {
  rolldown(options: unknown): Promise<{
    generate(options: unknown): Promise<{ output: readonly { fileName: string; type: string; code: string }[] }>;
    close(): Promise<void>;
  }>;
}

interface Parser {
  parseAst(code: string): { readonly body: readonly Node[] };
}

/** The calls of the functions of a module, as V8 counts them: the first range of each is the whole function. */
interface Coverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
  }[];
}

interface Graph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** Returns the modules that those at `paths` import statically, and these; of modules that the program does not load, none. */
function closure(graph: Graph, paths: readonly string[]): Set<string> {
  const ids = new Set<string>();
  const visit = (id: string): void => {
    if (ids.has(id)) return;
    const info = graph.getModuleInfo(id);
    if (info === null) {
      console.error(`${id.slice(ROOT.length)} is no module of the program: correct PARTS in tests/bundle/make.ts`);
      return;
    }
    ids.add(id);
    info.importedIds.filter((imported) => !imported.startsWith("node:")).forEach(visit);
  };
  paths.map((path) => ROOT + path).forEach(visit);
  return ids;
}

/** Returns the function that tells the part that a module belongs to. */
function partOf(): (id: string, graph: Graph) => string {
  let parts: Map<string, string> | undefined;
  return (id, graph) => {
    if (id.startsWith(ENTRY)) return id.slice(ENTRY.length);
    if (parts === undefined) {
      parts = new Map();
      for (const [name, roots] of PARTS) {
        for (const each of closure(graph, roots)) if (!parts.has(each)) parts.set(each, name);
      }
    }
    return parts.get(id) ?? PARTS.at(-1)![0];
  };
}

const ENTRY = "\0entry:";
const TEXT = "\0text:";

/** A plugin for what the bundler does not know: names of packages, texts as modules, and the address of the worker. */
const PLUGIN = {
  name: "synscan",
  resolveId(id: string, importer?: string): string | undefined {
    if (id.startsWith(ENTRY)) return id;
    if (id.startsWith("@std/")) return packageFile(id);
    const isText = importer?.endsWith("src/report/html_page.ts") && id.startsWith("./html/");
    return isText ? `${TEXT}src/report/${id.slice(2)}.js` : undefined;
  },
  load(id: string): string | undefined {
    if (id.startsWith(ENTRY)) return ENTRIES[id.slice(ENTRY.length)];
    if (!id.startsWith(TEXT)) return undefined;
    return `export default ${JSON.stringify(Deno.readTextFileSync(ROOT + id.slice(TEXT.length, -".js".length)))};`;
  },
  transform(code: string, id: string): string | undefined {
    if (id !== `${ROOT}src/scan/pool.ts`) return undefined;
    const bundled = code.replace(`new URL("./worker.ts"`, `new URL("./worker.js"`);
    if (bundled === code) throw new Error(`Cannot bundle ${id}: the address of the worker is not there`);
    return bundled;
  },
};

/** Returns the file of a local stand-in for a package of @std. */
function packageFile(specifier: string): string {
  const [, name = "", ...path] = specifier.split("/");
  const folder = `${ROOT}src/std/${name}/`;
  const { exports } = JSON.parse(Deno.readTextFileSync(`${folder}deno.json`)) as {
    exports: string | Readonly<Record<string, string>>;
  };
  const file = typeof exports === "string" ? exports : exports[["./", ...path].join("").replace(/^\.\/$/, ".")];
  return new URL(file ?? "", `file://${folder}`).pathname;
}

/** Makes the bundle, in which V8 compiles what has these names with its module; returns its modules by file name. */
async function bundled(called: ReadonlySet<string>): Promise<Map<string, string>> {
  const { rolldown } = await import(BUNDLER) as Bundler;
  const { parseAst } = await import(`${BUNDLER}/parseAst`) as Parser;
  const build = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(Object.keys(ENTRIES).map((name) => [name, ENTRY + name])),
    external: /^node:/,
    tsconfig: false,
    preserveEntrySignatures: "allow-extension",
    plugins: [PLUGIN],
    onLog: (level: string, log: { code?: string; message: string }) => {
      // What part of the program imports dynamically may be in a module of the bundle that is loaded anyway.
      if (log.code === "INEFFECTIVE_DYNAMIC_IMPORT" || level === "info") return;
      // On a busy machine it states that plugins took most of the time.
      if (log.code === "PLUGIN_TIMINGS") return;
      throw new Error(log.message);
    },
  });
  const { output } = await build.generate({
    format: "esm",
    comments: false,
    minify: false,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ debugName: "parts", name: partOf() }] },
  });
  await build.close();
  return new Map(output.map(({ fileName, code }) => {
    // Text with other characters takes V8 two bytes for each of all.
    const ascii = code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const eager = compiledAtOnce(ascii, parseAst(ascii).body, called);
    return [fileName, (fileName === "library.js" ? TYPES : "") + HEAD + eager];
  }));
}

/** Returns the names of what small scans call in a bundle whose functions V8 compiles when they are called. */
async function calledNames(): Promise<string[]> {
  const { parseAst } = await import(`${BUNDLER}/parseAst`) as Parser;
  const folder = await Deno.makeTempDir({ prefix: "synscan-called-" });
  try {
    for (const name of ["deno.json", "mod.ts", "src"]) await ended(start(["cp", "-r", ROOT + name, folder]));
    write(`${folder}/src/cli/bundle`, await bundled(new Set()));
    await Deno.mkdir(`${folder}/coverage`);
    // The program writes its coverage when it ends, without rights of its own by then.
    for (const path of [folder, `${folder}/coverage`]) await Deno.chmod(path, 0o777);
    for (const args of SMALL_SCANS) {
      const flags = ["--allow-all", "--no-lock", "--no-code-cache", `--coverage=${folder}/coverage`];
      const { code, err } = await ended(start([Deno.execPath(), "run", ...flags, `${folder}/mod.ts`, ...args]));
      if (code !== 0) throw new Error(`Cannot scan with ${args.join(" ")}: ${err}`);
    }
    const names = Array.from(Deno.readDirSync(`${folder}/coverage`)).flatMap(({ name }) => {
      const { url, functions } = JSON.parse(Deno.readTextFileSync(`${folder}/coverage/${name}`)) as Coverage;
      if (!url.includes("/src/cli/bundle/")) return [];
      const ranges = functions.map(({ ranges: [range] }) => range!).filter(({ count }) => count > 0);
      return unitsOf(parseAst(Deno.readTextFileSync(new URL(url))).body).filter(({ node: { start, end } }) =>
        ranges.some(({ startOffset, endOffset }) => startOffset >= start && endOffset <= end)
      ).map(({ name }) => name);
    });
    return [...new Set(names)].filter((name) => name !== "").sort();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the digest of everything that a bundle may be made of. */
async function digest(): Promise<string> {
  const files = (folder: string): string[] =>
    Array.from(Deno.readDirSync(ROOT + folder)).flatMap(({ name, isDirectory }) => {
      if (`${folder}${name}` === "src/cli/bundle") return [];
      return isDirectory ? files(`${folder}${name}/`) : [`${folder}${name}`];
    });
  const texts = [...files("src/"), ...files("ffi/")].sort().map((path) =>
    `${path}\n${Deno.readTextFileSync(ROOT + path)}`
  );
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("\n")));
  return new Uint8Array(bytes).toHex();
}

/** Fails if a module imports a later one: an import in a circle reads constants before they have values. */
function checkOrder(modules: ReadonlyMap<string, string>): void {
  const order = PARTS.map(([name]) => `${name}.js`);
  for (const [name, code] of modules) {
    for (const [, imported = ""] of code.matchAll(/^import (?:.* from )?"\.\/([^"]+)";$/gm)) {
      const isLater = order.indexOf(imported) >= order.indexOf(name) && order.includes(name);
      if (isLater) throw new Error(`Cannot bundle: ${name} imports ${imported}. Correct PARTS`);
    }
  }
}

/** Writes the modules into a directory, and removes others that are there. */
function write(folder: string, modules: ReadonlyMap<string, string>): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const { name } of Deno.readDirSync(folder)) {
    if (name.endsWith(".js") && !modules.has(name)) Deno.removeSync(`${folder}/${name}`);
  }
  for (const [name, code] of modules) Deno.writeTextFileSync(`${folder}/${name}`, code);
}

const flags = parseArgs(Deno.args, {
  boolean: ["sources", "digest", "called"],
  string: ["out"],
  default: { out: FOLDER },
});
if (flags.digest) console.log(await digest());
else if (flags.sources) write(flags.out, new Map(Object.entries(STUBS).map(([name, code]) => [`${name}.js`, code])));
else {
  try {
    await import(BUNDLER);
  } catch (error) {
    console.error(`Cannot load ${BUNDLER}: ${error instanceof Error ? error.message : error}`);
    Deno.exit(3);
  }
  if (flags.called) console.log((await calledNames()).join("\n"));
  else {
    const modules = await bundled(new Set(Deno.readTextFileSync(CALLED).trimEnd().split("\n")));
    checkOrder(modules);
    modules.set("start.js", `// Sources: SHA-256 ${await digest()}\n${modules.get("start.js")}`);
    write(flags.out, modules);
  }
}
