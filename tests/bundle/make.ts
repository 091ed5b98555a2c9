/**
 * Makes src/cli/bundle/: the code of the program as a few JavaScript modules, which Deno loads faster than hundreds.
 *
 *   deno task bundle              makes it from src/ and ffi/
 *   deno task bundle --sources    puts modules in its place that load the sources
 *   deno task bundle --out DIR    makes it in another directory
 *   deno task bundle --digest     prints the digest of the sources, which start.js contains
 *
 * The bundler comes from npm; the exit status is 3 if it cannot be loaded.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";

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

/** Parts whose functions are nearly all called in every small scan. */
const CALLED: ReadonlySet<string> = new Set(["library", "start", "main", "scan"]);

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

/** A statement of a module, as ESTree has it. */
interface Statement {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string };
}

interface Parser {
  parse(code: string): { readonly body: readonly Statement[] };
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
  renderChunk(this: Parser, code: string, { name }: { readonly name: string }): string | undefined {
    return CALLED.has(name) ? compiledAtOnce(code, this.parse(code)) : undefined;
  },
};

/**
 * Writes the functions of a module as expressions in parentheses, before all that may use them: V8 compiles these with the module,
 * so that its cache holds them, and others when they are first called, in every run. That is 12 of 160 ms of a small scan.
 */
function compiledAtOnce(code: string, { body }: { readonly body: readonly Statement[] }): string {
  const importsEnd = body.findLast(({ type }) => type === "ImportDeclaration")?.end ?? 0;
  let functions = "", others = "", at = importsEnd;
  for (const { type, start, end, id } of body) {
    if (type !== "FunctionDeclaration") continue;
    functions += `const ${id!.name} = (${code.slice(start, end)});\n`;
    others += code.slice(at, start);
    at = end;
  }
  return `${code.slice(0, importsEnd)}\n${functions}${others}${code.slice(at)}`;
}

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

/** Makes the bundle; returns its modules by file name. */
async function bundled(): Promise<Map<string, string>> {
  const { rolldown } = await import(BUNDLER) as Bundler;
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
    return [fileName, (fileName === "library.js" ? TYPES : "") + HEAD + ascii];
  }));
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

const flags = parseArgs(Deno.args, { boolean: ["sources", "digest"], string: ["out"], default: { out: FOLDER } });
if (flags.digest) console.log(await digest());
else if (flags.sources) write(flags.out, new Map(Object.entries(STUBS).map(([name, code]) => [`${name}.js`, code])));
else {
  try {
    await import(BUNDLER);
  } catch (error) {
    console.error(`Cannot load ${BUNDLER}: ${error instanceof Error ? error.message : error}`);
    Deno.exit(3);
  }
  const modules = await bundled();
  checkOrder(modules);
  modules.set("start.js", `// Sources: SHA-256 ${await digest()}\n${modules.get("start.js")}`);
  write(flags.out, modules);
}
