/**
 * Records what real servers reply to the probes of service detection.
 *
 *   deno task record NAME...      records servers by their recipes' names
 *   deno task record --list       lists the recipes
 *   deno task record --prepare    makes or completes the root with the packages of all recipes
 *   deno task record --check NAME...  only starts the servers and says which ports listen
 *
 * Needs root, debootstrap and the environment variable SYNSCAN_SERVICES with a folder for the root.
 *
 * @module
 */

import { probeBytes, probeNamed, PROBES, type ServiceProbe } from "../../src/service/probes.ts";
import { type Conversation, converse, converseTls } from "./conversation.ts";
import { findMasks } from "./masks.ts";
import { isWithheld } from "./outside.ts";
import { type Recipe, type RecipePort } from "./recipe.ts";
import { RECIPES } from "./recipes/all.ts";
import { enterStage, listeningPorts, Stage } from "./stage.ts";
import { type RecordedExchange, type Transcript, writeTranscript } from "./transcript.ts";

const FOLDER = new URL("transcripts/", import.meta.url);
/** The time that a server has for its greeting: one of the truth table takes 2.1 s. */
const GREETING_MS = 3000;
/** The time that a server has for a reply. */
const REPLY_MS = 1000;
/** The same for the first HTTP request: a proxy whose servers are down takes 3 s. */
const SLOW_REPLY_MS = 4000;
/** A port on which so many probes ended the server is not recorded further. */
const RESTART_LIMIT = 6;

async function main(): Promise<void> {
  const has = (option: string) => Deno.args.includes(`--${option}`);
  if (has("list")) {
    for (const one of RECIPES) console.log(one.name, one.ports.map(({ port }) => port).join(" "));
    return;
  }
  if (has("prepare")) return (await import("./root.ts")).prepareRoot(RECIPES);
  const names = Deno.args.filter((argument) => !argument.startsWith("--"));
  const chosen = names.map((name) => RECIPES.find((one) => one.name === name) ?? fail(`no recipe is called ${name}`));
  for (const { name } of chosen) {
    if (isWithheld(name) && !has("check") && !has("acceptance")) fail(`${name} is withheld until the acceptance run`);
  }
  await enterStage();
  const stage = Stage.create();
  await Promise.all(chosen.map((one) => record(stage, one, has("check"))));
  Deno.exit();
}

function fail(why: string): never {
  console.error(`Cannot record: ${why}. See deno task record --list`);
  Deno.exit(2);
}

async function record(stage: Stage, recipe: Recipe, isCheck: boolean): Promise<void> {
  const missing = await stage.start(recipe, RECIPES);
  if (missing.length > 0) {
    console.log(`${recipe.name}: not listening: ${missing.map(({ port }) => port)}\n${stage.output(recipe)}`);
  }
  const listening = recipe.ports.filter((port) => !missing.includes(port));
  if (isCheck) return console.log(`${recipe.name}: ${listening.map(({ port }) => port)} listening`);
  // One port of a server after the other: a server may serve one client at a time.
  for (const port of listening) {
    try {
      const transcript = await new Recording(stage, recipe, port).run();
      Deno.writeTextFileSync(new URL(`${port.name}.txt`, FOLDER), writeTranscript(transcript));
      console.log(`${port.name}: recorded`);
    } catch (error) {
      console.log(`${port.name}: ${error}`);
    }
  }
}

/** The recording of one port. */
class Recording {
  readonly #stage: Stage;
  readonly #recipe: Recipe;
  readonly #port: RecipePort;
  readonly #exchanges: RecordedExchange[] = [];
  readonly #leftOut: string[] = [];
  #restarts = 0;
  #connections = 0;

  constructor(stage: Stage, recipe: Recipe, port: RecipePort) {
    this.#stage = stage;
    this.#recipe = recipe;
    this.#port = port;
  }

  async run(): Promise<Transcript> {
    const { port, services, products, name } = this.#port;
    const greeting = await this.#probe("null", undefined, GREETING_MS);
    const greets = (greeting?.first.reply.length ?? 0) > 0;
    let isText = greets && isTextual(greeting!.first.reply);
    let isTls = false;
    for (const probe of this.#order()) {
      // As in a scan, a reply of text rules out binary probes: some servers do not survive them.
      if (isText && !probe.isText && probe.name !== "tls") continue;
      if (this.#restarts > RESTART_LIMIT) {
        this.#leftOut.push(probe.name);
        continue;
      }
      const waitMs = probe.name === "http" ? SLOW_REPLY_MS : REPLY_MS;
      const result = await this.#probe(probe.name, probe, waitMs, greets);
      if (result === undefined) continue;
      const { reply } = result.first;
      if (isTextual(reply)) isText = true;
      if (probe.name === "tls" && reply[0] === 0x16 && reply[1] === 3) isTls = true;
    }
    if (isTls) await this.#insideTls();
    const version = this.#stage.trueVersion(this.#port);
    return {
      name,
      port,
      packages: this.#recipe.packages.map((one) => `${one} ${this.#stage.packageVersion(one)}`.trim()).join(", "),
      truth: {
        service: services[0]!,
        ...(products.length > 0 && { product: products[0]! }),
        ...(version !== undefined && { version }),
      },
      exchanges: this.#exchanges,
      leftOut: this.#leftOut,
    };
  }

  /** Returns the probes: those for this port first, then text ones, then binary ones. */
  #order(): ServiceProbe[] {
    const rank = (probe: ServiceProbe) =>
      probe.ports.includes(this.#port.port) ? 0 : probe.name === "tls" ? 1 : probe.isText ? 2 : 3;
    return PROBES.filter(({ name }) => {
      const isOmitted = this.#recipe.omit.includes(name);
      if (isOmitted) this.#leftOut.push(name);
      return !isOmitted;
    }).toSorted((one, other) => rank(one) - rank(other));
  }

  /** Sends one probe twice, and keeps it if the server still listens. */
  async #probe(
    name: string,
    probe: ServiceProbe | undefined,
    waitMs: number,
    greets = false,
  ): Promise<{ first: Conversation } | undefined> {
    const target = { host: "127.0.0.1", port: this.#port.port, names: [] };
    const bytes = probe === undefined ? undefined : probeBytes(probe, target);
    const options = { port: this.#port.port, greetingMs: greets ? GREETING_MS : 0, bytes, waitMs };
    const first = await converse(options);
    if (!await this.#survived(name)) return undefined;
    const second = name === "null" || first.reply.length > 0 ? await converse(options) : first;
    if (!await this.#survived(name)) return undefined;
    const connection = this.#connections++;
    if (greets) {
      const before = this.#exchanges.find((one) => one.probe === "null" && one.tunnel === undefined)!;
      this.#exchanges.push({ ...before, end: "open", connection });
    }
    this.#keep(name, first, second, connection, {});
    return { first };
  }

  async #insideTls(): Promise<void> {
    const exact = (probe: ServiceProbe) => probe.kind === "exact" && this.#exchanges.length < 400;
    const names = [
      "null",
      "http",
      "http11",
      "help",
      ...PROBES.filter((one) => one.isText && exact(one)).map((one) => one.name),
    ];
    let heard = "";
    for (const name of names) {
      const probe = probeNamed(name);
      if (heard !== "" && probe?.kind === "exact") continue;
      const target = { host: "127.0.0.1", port: this.#port.port, names: [] };
      const bytes = probe === undefined ? undefined : probeBytes(probe, target);
      const options = { port: this.#port.port, greetingMs: 0, bytes, waitMs: name === "null" ? 1500 : REPLY_MS };
      const first = await converseTls(options);
      if (first === undefined || !await this.#survived(name)) continue;
      const second = first.reply.length > 0 ? await converseTls(options) : first;
      if (first.reply.length > 0) heard = name;
      this.#keep(name, first, second ?? first, this.#connections++, { tunnel: "ssl" });
    }
  }

  #keep(
    probe: string,
    first: Conversation,
    second: Conversation,
    connection: number,
    more: Pick<RecordedExchange, "tunnel">,
  ): void {
    const { reply, firstByteMs, end, totalBytes } = first;
    const release = new RegExp(Deno.osRelease().replaceAll(".", "\\."), "g");
    const masks = findMasks(reply, second.reply, [release, ...this.#recipe.masks]);
    this.#exchanges.push({ probe, reply, firstByteMs, end, totalBytes, masks, connection, ...more });
  }

  /** Returns true if the server still listens; otherwise notes the probe and starts the server anew. */
  async #survived(name: string): Promise<boolean> {
    const listens = () => listeningPorts().has(this.#port.port);
    for (let waits = 0; waits < 3 && !listens(); waits++) await new Promise((resolve) => setTimeout(resolve, 100));
    if (listens()) return true;
    this.#restarts++;
    const missing = await this.#stage.restart(this.#recipe);
    if (missing.some(({ port }) => port === this.#port.port)) throw new Error(`does not start again after ${name}`);
    if (this.#recipe.isSingle) return true;
    this.#leftOut.push(name);
    console.log(`${this.#port.name}: does not survive ${name}`);
    return false;
  }
}

/** Returns true for a reply of printable bytes. */
function isTextual(reply: Uint8Array): boolean {
  if (reply.length < 2) return false;
  const head = reply.subarray(0, 256);
  return head.every((byte) => byte >= 0x20 && byte !== 0x7f || byte === 9 || byte === 10 || byte === 13);
}

if (import.meta.main) await main();
