/**
 * Records what real servers reply to the probes of service detection.
 *
 *   deno task record NAME...      records servers by their recipes' names
 *   deno task record --list       lists the recipes
 *   deno task record --prepare [NAME...]  makes or completes the root with the packages of all recipes, or of some
 *   deno task record --check NAME...  only starts the servers and says which ports listen
 *
 * Needs root, debootstrap and the environment variable SYNSCAN_SERVICES with a folder for the root.
 *
 * @module
 */

import { isText } from "../../src/service/bytes.ts";
import { NULL_PROBE } from "../../src/service/exchange.ts";
import { identify } from "../../src/service/matcher.ts";
import type { ProbeTarget } from "../../src/service/probe_requests.ts";
import { probeBytes, PROBES, type ServiceProbe } from "../../src/service/probes.ts";
import { converse, converseTls, type Step } from "./conversation.ts";
import { findMasks } from "./masks.ts";
import { isWithheld } from "./outside.ts";
import type { Recipe, RecipePort } from "./recipe.ts";
import { DatagramClient, recordDatagrams } from "./record_datagrams.ts";
import { RECIPES as STREAM_RECIPES } from "./recipes/all.ts";
import { DATAGRAM_RECIPES } from "./recipes/datagrams.ts";
import { enterStage, listeningSoon, Stage } from "./stage.ts";
import { latin1, readTranscript, type RecordedExchange, type Transcript, writeTranscript } from "./transcript.ts";

const FOLDER = new URL("transcripts/", import.meta.url);
const DATAGRAM_FOLDER = new URL("datagrams/", import.meta.url);
const RECIPES = [...STREAM_RECIPES, ...DATAGRAM_RECIPES];
/** The time that a server has for its greeting: one of the truth table takes 2.1 s. */
const GREETING_MS = 3000;
/** The time to a greeting that no client waits for before it speaks. */
const LATE_MS = 500;
/** The time that a server has for a reply. */
const REPLY_MS = 700;
/** The same for the first HTTP request: a proxy whose servers are down takes 3 s. */
const SLOW_REPLY_MS = 4000;
/** At most so many requests of parsers are recorded for a port. */
const FOLLOW_LIMIT = 12;
/** A port on which so many probes ended the server is not recorded further. */
const RESTART_LIMIT = 6;

async function main(): Promise<void> {
  const has = (option: string) => Deno.args.includes(`--${option}`);
  if (has("list")) {
    for (const one of RECIPES) console.log(one.name, one.ports.map(({ port }) => port).join(" "));
    return;
  }
  const names = Deno.args.filter((argument) => !argument.startsWith("--"));
  const chosen = names.map(recipeNamed);
  if (has("prepare")) {
    const needed = chosen.flatMap(({ needs }) => needs.map(recipeNamed));
    return (await import("./root.ts")).prepareRoot(names.length === 0 ? RECIPES : [...chosen, ...needed]);
  }
  for (const { name } of chosen) {
    if (isWithheld(name) && !has("check") && !has("acceptance")) fail(`${name} is withheld until the acceptance run`);
  }
  await enterStage();
  const stage = Stage.create();
  const client = chosen.some(({ isUdp }) => isUdp) ? new DatagramClient() : undefined;
  await Promise.all(chosen.map((one) => record(stage, client, one, has("check"))));
  Deno.exit();
}

function recipeNamed(name: string): Recipe {
  return RECIPES.find((one) => one.name === name) ?? fail(`no recipe is called ${name}`);
}

function fail(why: string): never {
  console.error(`Cannot record: ${why}. See deno task record --list`);
  Deno.exit(2);
}

async function record(
  stage: Stage,
  client: DatagramClient | undefined,
  recipe: Recipe,
  isCheck: boolean,
): Promise<void> {
  const missing = await stage.start(recipe, RECIPES);
  if (missing.length > 0) {
    console.log(`${recipe.name}: not listening: ${missing.map(({ port }) => port)}\n${stage.output(recipe)}`);
  }
  const listening = recipe.ports.filter((port) => !missing.includes(port));
  if (isCheck) return console.log(`${recipe.name}: ${listening.map(({ port }) => port)} listening`);
  await Promise.all(listening.map(async (port) => {
    try {
      const transcript = recipe.isUdp
        ? await recordDatagrams(stage, client!, recipe, port)
        : await new Recording(stage, recipe, port).run();
      const text = writeTranscript(transcript);
      readTranscript(text);
      Deno.writeTextFileSync(new URL(`${port.name}.txt`, recipe.isUdp ? DATAGRAM_FOLDER : FOLDER), text);
      console.log(`${port.name}: recorded`);
    } catch (error) {
      console.log(`${port.name}: ${error}`);
    }
  }));
}

/** A step of a conversation with the name of its probe. */
interface NamedStep extends Step {
  readonly name: string;
}

const LISTEN: NamedStep = { name: NULL_PROBE, bytes: undefined, waitMs: GREETING_MS };
const LISTEN_BRIEFLY: NamedStep = { ...LISTEN, waitMs: 1500 };

/** The recording of one port. */
class Recording {
  readonly #stage: Stage;
  readonly #recipe: Recipe;
  readonly #port: RecipePort;
  readonly #exchanges: RecordedExchange[] = [];
  readonly #leftOut: string[] = [];
  /** The steps that led to each exchange. */
  readonly #steps = new Map<RecordedExchange, readonly NamedStep[]>();
  #greets = false;
  #restarts = 0;
  #connections = 0;

  constructor(stage: Stage, recipe: Recipe, port: RecipePort) {
    this.#stage = stage;
    this.#recipe = recipe;
    this.#port = port;
  }

  async run(): Promise<Transcript> {
    const { port, services, products, name } = this.#port;
    const greeting = await this.#record(NULL_PROBE, [LISTEN], undefined);
    const greets = greeting !== undefined && this.#greets;
    // A server that closes on a silent client may reply to one that speaks, and one that does so late to one that speaks first.
    const isForSilent = greeting !== undefined && greets && greeting.end !== "open" && greeting.firstByteMs > LATE_MS;
    if (isForSilent) await this.#sendProbes([], false);
    else if (greeting !== undefined && (greeting.end === "open" || !greets)) {
      await this.#sendProbes(greets ? [LISTEN] : [], greets && isText(greeting.reply));
    }
    const hello = this.#exchanges.find(({ probe }) => probe === "tls")?.reply;
    if (hello?.[0] === 0x16 && hello[1] === 3) await this.#insideTls();
    await this.#follow();
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

  async #sendProbes(before: readonly NamedStep[], hasText: boolean): Promise<void> {
    let hasHttp = false;
    for (const probe of this.#order()) {
      // As in a scan, a reply of text rules out binary probes: some servers do not survive them. HTTP may be TLS, too.
      if (hasText && !probe.isText && !(hasHttp && probe.name === "tls")) continue;
      if (this.#restarts > RESTART_LIMIT) {
        this.#leftOut.push(probe.name);
        continue;
      }
      const waitMs = probe.name === "http" ? SLOW_REPLY_MS : REPLY_MS;
      const steps = [...before, { name: probe.name, bytes: probeBytes(probe, this.#target()), waitMs }];
      const kept = await this.#record(probe.name, steps, undefined);
      if (kept === undefined || !isText(kept.reply)) continue;
      hasText = true;
      hasHttp ||= latin1(kept.reply).startsWith("HTTP/");
    }
  }

  async #insideTls(): Promise<void> {
    const texts = PROBES.filter((one) => one.isText);
    const greeting = await this.#record(NULL_PROBE, [LISTEN_BRIEFLY], "ssl");
    if (greeting === undefined) return;
    let hasReply = greeting.reply.length > 0;
    const before = hasReply ? [LISTEN_BRIEFLY] : [];
    for (
      const probe of [
        ...texts.filter((one) => one.kind === "generic"),
        ...texts.filter((one) => one.kind === "exact"),
      ]
    ) {
      if (hasReply && probe.kind === "exact") continue;
      const step = { name: probe.name, bytes: probeBytes(probe, this.#target()), waitMs: REPLY_MS };
      const kept = await this.#record(probe.name, [...before, step], "ssl");
      if (kept !== undefined && kept.reply.length > 0) hasReply = true;
    }
  }

  /** Sends the requests that the parsers of replies would send next. */
  async #follow(): Promise<void> {
    const sent = new Set<string>();
    for (let index = 0; index < this.#exchanges.length && sent.size < FOLLOW_LIMIT; index++) {
      const exchange = this.#exchanges[index]!;
      const follow = identify([exchange], this.#port.port).reading?.follow;
      const key = `${exchange.tunnel} ${follow?.name}`;
      if (follow === undefined || sent.has(key)) continue;
      sent.add(key);
      const step = { name: follow.name, bytes: follow.bytes, waitMs: REPLY_MS };
      const steps = follow.sameConnection ? [...this.#steps.get(exchange)!, step] : [step];
      await this.#record(follow.name, steps, exchange.tunnel);
    }
  }

  #target(): ProbeTarget {
    return { host: "127.0.0.1", port: this.#port.port, names: [] };
  }

  /**
   * Returns the probes: those for this port first, then text ones, then binary ones. A server that may not survive many gets that of
   * its own protocol first.
   */
  #order(): ServiceProbe[] {
    const isOwn = ({ ports, services }: ServiceProbe) =>
      ports.includes(this.#port.port) || (this.#recipe.isSingle && services.includes(this.#port.services[0]!));
    const rank = (probe: ServiceProbe) => isOwn(probe) ? 0 : probe.isText ? 1 : probe.name === "tls" ? 2 : 3;
    return PROBES.filter(({ name }) => {
      const isOmitted = this.#recipe.omit.includes(name);
      if (isOmitted) this.#leftOut.push(name);
      return !isOmitted;
    }).toSorted((one, other) => rank(one) - rank(other));
  }

  /** Has a conversation twice, and keeps its last exchange if the server still listens. */
  async #record(
    name: string,
    steps: readonly NamedStep[],
    tunnel: "ssl" | undefined,
  ): Promise<RecordedExchange | undefined> {
    const talk = () => tunnel === "ssl" ? converseTls(this.#port.port, steps) : converse(this.#port.port, steps);
    const first = await talk();
    if (first === undefined || !await this.#survived(name)) return undefined;
    const second = name === NULL_PROBE || first.reply.length > 0 ? await talk() : first;
    if (!await this.#survived(name)) return undefined;
    // A server may greet its first client only.
    if (name === NULL_PROBE && tunnel === undefined) this.#greets = first.reply.length > 0 && second!.reply.length > 0;
    const { end, totalBytes } = first;
    const reply = withoutKernel(first.reply);
    const times = [first, second].flatMap((one) => one === undefined || one.firstByteMs < 0 ? [] : [one.firstByteMs]);
    const firstByteMs = first.firstByteMs < 0 ? -1 : Math.min(...times);
    const masks = findMasks(reply, second && withoutKernel(second.reply), this.#recipe.masks);
    const connection = this.#connections++;
    for (const step of steps.slice(0, -1)) {
      const before = this.#exchanges.find((one) => one.probe === step.name && one.tunnel === tunnel)!;
      this.#exchanges.push({ ...before, end: "open", connection });
      this.#steps.set(this.#exchanges.at(-1)!, steps.slice(0, steps.indexOf(step) + 1));
    }
    const kept = { probe: name, reply, firstByteMs, end, totalBytes, masks, connection, ...(tunnel && { tunnel }) };
    this.#exchanges.push(kept);
    this.#steps.set(kept, steps);
    return kept;
  }

  /** Returns true if the server still listens; otherwise notes the probe and starts the server anew. */
  async #survived(name: string): Promise<boolean> {
    for (let tries = 0; tries < 3; tries++) if ((await listeningSoon()).has(this.#port.port)) return true;
    this.#restarts++;
    const missing = await this.#stage.restart(this.#recipe, this.#port.port);
    if (missing.some(({ port }) => port === this.#port.port)) throw new Error(`does not start again after ${name}`);
    if (this.#recipe.isSingle) return true;
    this.#leftOut.push(name);
    console.log(`${this.#port.name}: does not survive ${name}`);
    return false;
  }
}

/** Returns a reply with the release of this machine's kernel replaced by one of the same length. */
function withoutKernel(reply: Uint8Array): Uint8Array {
  const release = Deno.osRelease();
  const other = "6.1.0-lab".slice(0, release.length).padEnd(release.length, "0");
  return Uint8Array.from(latin1(reply).replaceAll(release, other), (character) => character.charCodeAt(0));
}

if (import.meta.main) await main();
