/**
 * Starts real servers, identifies them by synscan -sV and on demand by nmap -sV, and compares both with the truth.
 *
 *   deno task bench services [--set truth|outside|withheld|all] [--nmap] [--loads] [--verbose] [NAME...]
 *
 * With `--loads` it also measures the times of the loads of loads.ts, each with and without -sV.
 *
 * Needs root and the root of servers (see record.ts). nmap takes more than five minutes.
 *
 * @module
 */

import { type Claim, compareClaim, type Comparison, count, readClaims, type TruePort } from "./compare.ts";
import { FAR_HOST, makePath, NEAR_SPACE, prepareLoads } from "./loads.ts";
import { RESERVE, SEEN, UNSEEN, WITHHELD } from "./outside.ts";
import type { Recipe, RecipePort } from "./recipe.ts";
import { RECIPES } from "./recipes/all.ts";
import { delay, enterStage, listeningSoon, shell, Stage } from "./stage.ts";

const PROGRAM = new URL("../../mod.ts", import.meta.url).pathname;
const HOST = "127.0.0.1";
/** Servers that are started at a time. */
const TOGETHER = 12;
/** The time for servers to settle after they listen. */
const SETTLE_MS = 5000;

/** Runs the benchmark in namespaces of its own. */
export async function benchServices(args: readonly string[]): Promise<void> {
  await enterStage();
  const chosen = choose(args);
  const stage = Stage.create();
  const ports = withoutSpare(await startAll(stage, chosen), chosen);
  console.log(`${ports.length} ports of ${chosen.length} servers listen`);
  await delay(SETTLE_MS);
  const isVerbose = args.includes("--verbose");
  const measure = (name: string, argv: readonly string[], isVerbose: boolean) =>
    measureRun(stage, name, argv, ports, isVerbose);
  const first = await measure("synscan", synscanArgs(ports), isVerbose);
  await delay(1000);
  const second = await measure("synscan, again", synscanArgs(ports), false);
  compareRuns(first, second);
  if (args.includes("--loads")) await measureLoads(ports);
  if (args.includes("--nmap")) {
    await measure(
      "nmap",
      ["nmap", "-n", "-Pn", "-sV", "--allports", "-T4", "-oX", "-", "-p", portList(ports), HOST],
      isVerbose,
    );
  }
  Deno.exit();
}

async function measureLoads(real: readonly TruePort[]): Promise<void> {
  for (const { name, ports, delayMs, servers } of prepareLoads(real)) {
    using _path = delayMs === 0 ? undefined : makePath(delayMs);
    const enter = delayMs === 0 ? [] : ["nsenter", `--net=/run/netns/${NEAR_SPACE}`, "--"];
    const host = delayMs === 0 ? HOST : FAR_HOST;
    const seconds: number[] = [];
    let claims: ReadonlyMap<number, Claim> = new Map();
    for (const isIdentifying of [false, true]) {
      const identify = isIdentifying ? ["-sV", "--allports"] : [];
      const args = [...enter, ...SYNSCAN, ...identify, "-oX", "-", "-p", ports, host];
      const beganMs = performance.now();
      const { stdout } = await new Deno.Command(args[0]!, { args: args.slice(1), stdin: "null" }).output();
      seconds.push((performance.now() - beganMs) / 1000);
      if (isIdentifying) claims = readClaims(new TextDecoder().decode(stdout));
    }
    const [without, identifying] = seconds as [number, number];
    console.log(
      `${name}: ${identifying.toFixed(2)} s with -sV, ${without.toFixed(2)} s without: ` +
        `${(identifying - without).toFixed(2)} s for services; ${claims.size} identified`,
    );
    if (servers.size === 0) continue;
    const all = Array.from(servers, ([port, server]) => compareClaim(server, claims.get(port)));
    console.log(`${name}: ${(["service", "product", "version"] as const).map((part) => share(all, part)).join("; ")}`);
  }
}

/** Returns how often a part of the claims is right and wrong, in words. */
function share(all: readonly Comparison[], part: "service" | "product" | "version"): string {
  return `${part} ${count(all, part, "right")} right, ${count(all, part, "wrong")} wrong of ` +
    `${all.length - count(all, part, "untold")}`;
}

const SYNSCAN = [Deno.execPath(), "run", "-A", "--no-prompt", PROGRAM, "-n", "-Pn"];

function synscanArgs(ports: readonly TruePort[]): string[] {
  return [...SYNSCAN, "-sV", "--allports", "-oX", "-", "-p", portList(ports), HOST];
}

function portList(ports: readonly TruePort[]): string {
  return ports.map(({ recipePort }) => recipePort.port).join(",");
}

function choose(args: readonly string[]): Recipe[] {
  const set = args.includes("--set") ? args[args.indexOf("--set") + 1] : "truth";
  const names = args.filter((one, index) => !one.startsWith("--") && args[index - 1] !== "--set");
  const withheld = [...WITHHELD, ...RESERVE];
  const outside = [...UNSEEN, ...SEEN].map(({ name }) => name).filter((name) => !withheld.includes(name));
  return RECIPES.filter(({ name }) => {
    if (names.length > 0) return names.includes(name);
    if (set === "all") return !withheld.includes(name);
    if (set === "withheld") return withheld.includes(name);
    return outside.includes(name) === (set === "outside") && !withheld.includes(name);
  });
}

/** Leaves out the spare ones of the withheld servers, but for as many as are needed in the place of others that do not listen. */
function withoutSpare(ports: readonly TruePort[], chosen: readonly Recipe[]): readonly TruePort[] {
  const listens = (name: string) => ports.some(({ recipePort }) => recipeOf(recipePort).name === name);
  const spare = RESERVE.filter((name) => chosen.some((recipe) => recipe.name === name));
  const missing = WITHHELD.filter((name) => !listens(name)).length;
  const unused = spare.filter(listens).slice(missing);
  return ports.filter(({ recipePort }) => !unused.includes(recipeOf(recipePort).name));
}

/** Starts servers, a few at a time; returns the ports that listen. */
async function startAll(stage: Stage, recipes: readonly Recipe[]): Promise<TruePort[]> {
  const ports: TruePort[] = [];
  const waiting = [...recipes];
  const start = async () => {
    for (let recipe = waiting.shift(); recipe !== undefined; recipe = waiting.shift()) {
      const missing = await stage.start(recipe, RECIPES);
      if (missing.length > 0) console.log(`${recipe.name} printed: ${stage.output(recipe).trim()}`);
      for (const port of recipe.ports) {
        if (missing.includes(port)) console.log(`${port.name}: port ${port.port} does not listen`);
        else ports.push({ recipePort: port, told: stage.trueVersion(port) });
      }
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, start));
  return ports.sort((one, other) => one.recipePort.port - other.recipePort.port);
}

/** Runs a scanner and prints how right it is; returns its claims. */
async function measureRun(
  stage: Stage,
  name: string,
  argv: readonly string[],
  ports: readonly TruePort[],
  isVerbose: boolean,
): Promise<ReadonlyMap<number, Claim>> {
  countConnections();
  const beganMs = performance.now();
  const { stdout, stderr, code } = await new Deno.Command(argv[0]!, { args: argv.slice(1), stdin: "null" }).output();
  const seconds = (performance.now() - beganMs) / 1000;
  const connections = connectionsByPort();
  if (code !== 0) console.log(`${name}: exit status ${code}: ${new TextDecoder().decode(stderr).slice(0, 500)}`);
  const claims = readClaims(new TextDecoder().decode(stdout));
  const all = ports.map((port) => compareClaim(port, claims.get(port.recipePort.port)));
  if (isVerbose) { for (const one of all) print(one); }
  else for (const one of all) if (isWorthTelling(one)) print(one);
  const counts = ports.map(({ recipePort }) => connections.get(recipePort.port) ?? 0).sort((one, other) => one - other);
  const shares = (["service", "product", "version"] as const).map((part) => share(all, part)).join("; ");
  console.log(`${name}: ${seconds.toFixed(1)} s; ${shares}`);
  console.log(
    `${name}: connections a port: median ${counts[counts.length >> 1]}, most ${counts.at(-1)}, sum ${sum(counts)}`,
  );
  const listening = await listeningSoon();
  const gone = ports.filter(({ recipePort }) => !listening.has(recipePort.port));
  console.log(
    `${name}: listening afterwards: ${ports.length - gone.length} of ${ports.length}` +
      gone.map(({ recipePort }) => ` -${recipePort.name}`).join(""),
  );
  for (const recipe of new Set(gone.map(({ recipePort }) => recipeOf(recipePort)))) {
    console.log(`  ${recipe.name} printed: ${stage.output(recipe).trim()}`);
  }
  return claims;
}

function recipeOf(port: RecipePort): Recipe {
  return RECIPES.find(({ ports }) => ports.includes(port))!;
}

function isWorthTelling({ service, product, version }: Comparison): boolean {
  return [service, product, version].some((one) => one === "wrong" || one === "missing");
}

function print({ port, claim, service, product, version }: Comparison): void {
  const { recipePort, told } = port;
  const truth = [recipePort.services[0], recipePort.products[0] ?? "-", told ?? "-"].join(" | ");
  const claimed = claim === undefined ? "nothing" : [claim.service, claim.product, claim.version].join(" | ");
  console.log(
    `  ${String(recipePort.port).padEnd(6)}${
      recipePort.name.padEnd(22)
    }${service}/${product}/${version}: ${claimed}  (${truth})`,
  );
}

/** Prints the ports of which the second run says something else: servers that the first one has disturbed. */
function compareRuns(first: ReadonlyMap<number, Claim>, second: ReadonlyMap<number, Claim>): void {
  const text = (claim: Claim | undefined) =>
    claim === undefined ? "nothing" : `${claim.service} ${claim.product} ${claim.version}`;
  for (const port of new Set([...first.keys(), ...second.keys()])) {
    const [before, after] = [text(first.get(port)), text(second.get(port))];
    if (before !== after) console.log(`  ${port}: first "${before}", then "${after}"`);
  }
}

function countConnections(): void {
  shell(`nft 'table inet bench; delete table inet bench; table inet bench {
set seen {
type inet_service
flags dynamic
size 65536
counter
}
chain input {
type filter hook input priority filter;
tcp flags & (syn | ack) == syn update @seen { tcp dport }
}
}'`);
}

/** Returns the SYNs by port since the count began: the scan's own and those of the connections. */
function connectionsByPort(): Map<number, number> {
  const connections = new Map<number, number>();
  for (const [, port, packets] of shell("nft -n list set inet bench seen").matchAll(/(\d+) counter packets (\d+)/g)) {
    connections.set(Number(port), Number(packets));
  }
  return connections;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
