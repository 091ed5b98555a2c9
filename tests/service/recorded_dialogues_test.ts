/** Dialogues with the recorded servers, in virtual time: what is found, how soon, and by how many connections. */

import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../src/service/bytes.ts";
import type { Knowledge } from "../../src/service/dialogue.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import { identify } from "../../src/service/matcher.ts";
import { probeBytes, PROBES } from "../../src/service/probes.ts";
import { readTranscript, type Transcript } from "../services/transcript.ts";
import { type Act, converse, type Course, type Server } from "../support/sim_talker.ts";

const FOLDER = new URL("../services/transcripts/", import.meta.url);
const HOST = "192.0.2.1";

/** Returns the transcripts, in the order of their names. */
function transcripts(): Transcript[] {
  return Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).filter((name) => name.endsWith(".txt")).sort()
    .map((name) => readTranscript(Deno.readTextFileSync(new URL(name, FOLDER))));
}

/** The time of a reply that no dialogue waits for, in milliseconds. */
const TOO_LATE_MS = 20_000;

/** Runs a dialogue with a recorded server, whose replies to some probes come too late. */
function converseWith(transcript: Transcript, late: readonly string[] = []): Course {
  const { port, exchanges } = transcript;
  /** Names of requests by their bytes: probes, and those that replies lead to. */
  const names = new Map(
    PROBES.map((probe) => [latin1(probeBytes(probe, { host: HOST, port, names: [] })), probe.name]),
  );
  const knowledge: Knowledge = {
    probes: PROBES,
    identify: (exchanges, port) => {
      const identification = identify(exchanges, port);
      const { follow } = identification.reading ?? {};
      if (follow !== undefined) names.set(latin1(follow.bytes), follow.name);
      return identification;
    },
  };
  const serverOf = (tunnel: Exchange["tunnel"]): Server => {
    const own = exchanges.filter((exchange) => exchange.tunnel === tunnel);
    const acts = (name: string | undefined): Act[] => {
      const found = own.find(({ probe }) => probe === name);
      if (found === undefined) return [];
      const { reply, firstByteMs, end } = found;
      const afterMs = late.includes(found.probe) ? TOO_LATE_MS : Math.max(1, firstByteMs);
      return [
        ...(reply.length === 0 ? [] : [{ afterMs, text: latin1(reply) }]),
        ...(end === "fin" || end === "rst" ? [{ afterMs: afterMs + 1, end }] : []),
      ];
    };
    return { greeting: () => acts("null"), reply: (text) => acts(names.get(text)) };
  };
  const hasTls = exchanges.some(({ tunnel }) => tunnel === "ssl");
  const tls = exchanges.find(({ tunnel }) => tunnel === "ssl")?.tls;
  const inside = hasTls ? { inside: serverOf("ssl"), ...(tls === undefined ? {} : { tls }) } : {};
  return converse({ ...serverOf(undefined), ...inside }, knowledge, { port });
}

/** The shares of what all replies together show that the dialogues have to find: a few servers show more to probes that none sends. */
const SERVICES = 0.9;
const PRODUCTS = 0.85;

Deno.test("dialogue: it finds what all recorded replies of a server together show", () => {
  const services: boolean[] = [];
  const products: boolean[] = [];
  const lost: string[] = [];
  for (const transcript of transcripts()) {
    const { port, exchanges, truth } = transcript;
    const whole = identify(exchanges, port).finding;
    if (whole?.service !== truth.service) continue;
    const { finding } = converseWith(transcript);
    services.push(finding.service === whole.service);
    if (whole.product !== undefined && whole.product === truth.product) {
      products.push(finding.product === whole.product && finding.version === whole.version);
    }
    if (services.at(-1) !== true || products.at(-1) !== true) lost.push(`${transcript.name}: ${brief(finding)}`);
  }
  const shareOf = (all: readonly boolean[]) => all.filter((each) => each).length / all.length;
  assert(services.length > 20);
  assert(shareOf(services) >= SERVICES && shareOf(products) >= PRODUCTS, lost.join("\n"));
});

function brief({ service, product, version, label }: Course["finding"]) {
  return [service, product, version, label].filter((part) => part !== undefined).join(" | ");
}

Deno.test("dialogue: recorded servers take two connections or fewer in the median, and silent ones five seconds at most", () => {
  const courses = transcripts().map((transcript) => ({ name: transcript.name, course: converseWith(transcript) }));
  const counts = courses.map(({ course }) => course.connections).sort((one, other) => one - other);
  assert(counts[counts.length >> 1]! <= 2, counts.join(" "));
  const slow = courses.filter(({ course: { elapsedMs, finding } }) =>
    elapsedMs > (finding.label === "silent" ? 5000 : 12_000)
  );
  assertEquals(slow.map(({ name, course }) => [name, Math.round(course.elapsedMs), course.connections]), []);
});

Deno.test("dialogue: an application that was too slow for GET is not called by its framework, and is asked again", () => {
  const transcript = transcripts().find(({ name }) => name === "mercurial")!;
  const once = converseWith(transcript, ["http"]);
  assertEquals([once.finding.service, once.finding.product], ["http", "Mercurial hg serve"]);
  assert(once.exchanges.some(({ probe, reply }) => probe !== "http11" && reply.length > 0), "a refusal came first");
  const twice = converseWith(transcript, ["http", "http11"]);
  assertEquals([twice.finding.service, twice.finding.product], ["http", undefined]);
});
