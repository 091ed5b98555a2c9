/** Dialogues with UDP ports, in virtual time: what is sent, how often, and when it is over. */

import { assert, assertEquals } from "@std/assert";
import { DatagramDialogue } from "../../src/service/datagram_dialogue.ts";
import { identifyDatagrams } from "../../src/service/datagram_matcher.ts";
import { DATAGRAM_REQUESTS, datagramRequest } from "../../src/service/datagram_requests.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import { ReplyTimes } from "../../src/service/reply_times.ts";
import { type Payload, writePayload } from "../../src/technique/payloads/payload.ts";
import { readTranscript, type Transcript } from "../services/transcript.ts";

const FOLDER = new URL("../services/datagrams/", import.meta.url);

function recorded(name: string): Transcript {
  return readTranscript(Deno.readTextFileSync(new URL(`${name}.txt`, FOLDER)));
}

const TOKEN = 0x1234_5678;

/** A request as a dialogue sends it. */
function requestOf(payload: Payload): Uint8Array {
  const bytes = new Uint8Array(payload.bytes.length);
  writePayload(payload, new DataView(bytes.buffer), 0, TOKEN);
  return bytes;
}

/** A reply with the parts that the protocol repeats of the request that was sent. */
function replyTo(name: string, request: Uint8Array, { reply }: Exchange): Uint8Array {
  const bytes = reply.slice();
  for (const [from, to, length] of datagramRequest(name)!.payload.echoes) {
    if (to >= 0) bytes.set(request.subarray(from, from + length), to);
  }
  return bytes;
}

interface Course {
  readonly dialogue: DatagramDialogue;
  /** The requests in the order in which they were sent. */
  readonly sent: readonly string[];
  readonly elapsedMs: number;
}

/** Talks with a server that replies as recorded, but for the first `lost` of its replies; `known` are requests with known replies. */
function talk(server: Transcript | undefined, port: number, { known = [], lost = 0, intensity = 7 }: {
  readonly known?: readonly string[];
  readonly lost?: number;
  readonly intensity?: number;
} = {}): Course {
  let nowMs = 1000;
  const sent: string[] = [];
  const events: (() => void)[] = [];
  const ended = new Set<number>();
  const names = new Map(DATAGRAM_REQUESTS.map(({ name, payload }) => [requestOf(payload).toHex(), name]));
  const exchangeOf = (name: string) => server?.exchanges.find(({ probe, reply }) => probe === name && reply.length > 0);
  let replies = 0;
  const dialogue: DatagramDialogue = new DatagramDialogue(
    {
      target: { host: "192.0.2.1", port, names: [] },
      ...{ intensity, times: new ReplyTimes(1), token: TOKEN },
      known: known.map((name) => exchangeOf(name)!),
    },
    { requests: DATAGRAM_REQUESTS, identify: identifyDatagrams },
    {
      begin: (connection) => events.push(() => dialogue.opened(connection, nowMs)),
      send: (connection, bytes) => {
        const name = names.get(bytes.toHex())!;
        sent.push(name);
        const exchange = exchangeOf(name);
        if (exchange === undefined || replies++ < lost) return;
        const reply = replyTo(name, bytes, exchange);
        events.push(() => {
          if (!ended.has(connection)) dialogue.received(connection, reply, nowMs);
        });
      },
      end: (connection) => ended.add(connection),
      isUnacknowledged: () => false,
    },
  );
  dialogue.start(nowMs);
  while (dialogue.finding === undefined) {
    const event = events.shift();
    if (event !== undefined) {
      nowMs++;
      event();
      continue;
    }
    assert(dialogue.dueMs < Infinity, `nothing is due after ${sent}`);
    nowMs = Math.max(nowMs, dialogue.dueMs);
    dialogue.expire(nowMs);
  }
  return { dialogue, sent, elapsedMs: nowMs - 1000 };
}

Deno.test("datagram dialogue: the reply that the port scan had is enough, and nothing is sent", () => {
  for (
    const [name, request] of [["udp-bind", "domain"], ["udp-snmpd", "snmp"], ["udp-memcached", "memcache"]] as const
  ) {
    const server = recorded(name);
    const { dialogue, sent } = talk(server, server.port, { known: [request] });
    assertEquals([dialogue.finding?.product, dialogue.finding?.version, sent.length], [
      server.truth.product,
      server.truth.version,
      0,
    ]);
  }
});

Deno.test("datagram dialogue: a reply leads to a request for versions, which is sent again when it is lost", () => {
  const { dialogue, sent } = talk(recorded("udp-rpcbind"), 111, { known: ["rpcbind"], lost: 2 });
  assertEquals(sent, ["rpcbind versions", "rpcbind versions", "rpcbind versions"]);
  assertEquals(dialogue.finding?.info, "RPC #100000 versions 2-4");
});

Deno.test("datagram dialogue: without a known reply the requests of the port are sent first", () => {
  const { dialogue, sent } = talk(recorded("udp-bind"), 53);
  assertEquals(sent[0], "domain");
  assertEquals(dialogue.finding?.product, "ISC BIND");
});

Deno.test("datagram dialogue: a port that is not known is sent requests in turn until one shows its service", () => {
  const { dialogue, sent } = talk(recorded("udp-coturn"), 40_000);
  assertEquals(dialogue.finding?.product, "Coturn");
  // Two requests have the same bytes.
  assert(sent.length <= new Set(sent).size + 1, `${sent}`);
  assert(sent.length > 4 && sent.includes("stun"));
  assertEquals(talk(recorded("udp-coturn"), 40_000, { intensity: 0 }).sent, []);
});

Deno.test("datagram dialogue: a silent port ends within its time, with a label", () => {
  const { dialogue, elapsedMs } = talk(undefined, 40_000, { intensity: 9 });
  assertEquals([dialogue.finding?.service, dialogue.finding?.label], ["unknown", "silent"]);
  assert(elapsedMs < 6500, `${elapsedMs}`);
});

Deno.test("datagram dialogue: a datagram that repeats nothing of the request is none of its replies", () => {
  const sent: Uint8Array[] = [];
  const dialogue: DatagramDialogue = new DatagramDialogue(
    { target: { host: "192.0.2.1", port: 53, names: [] }, intensity: 0, times: new ReplyTimes(1), token: 7, known: [] },
    { requests: DATAGRAM_REQUESTS, identify: identifyDatagrams },
    { begin: () => {}, send: (_, bytes) => sent.push(bytes), end: () => {}, isUnacknowledged: () => false },
  );
  dialogue.start(0);
  dialogue.opened(0, 1);
  const { reply } = recorded("udp-bind").exchanges.find(({ probe }) => probe === "domain")!;
  dialogue.received(0, reply, 2);
  assertEquals([dialogue.finding, dialogue.hasReply], [undefined, false]);
  dialogue.received(0, replyTo("domain", sent[0]!, { reply } as Exchange), 3);
  assertEquals(dialogue.finding?.product, "ISC BIND");
});
