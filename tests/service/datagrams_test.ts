/** Replies of real servers over UDP: what they show, and what damage leaves of them. */

import { assert, assertEquals } from "@std/assert";
import { identifyDatagrams } from "../../src/service/datagram_matcher.ts";
import { datagramRequest } from "../../src/service/datagram_requests.ts";
import { readDatagram } from "../../src/service/datagrams/all.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import { matchesOf } from "../../src/service/matcher.ts";
import { DATAGRAM_ROWS } from "../../src/service/rows/datagrams.ts";
import { writePayload } from "../../src/technique/payloads/payload.ts";
import { PAYLOADS, payloadsOf, requestName } from "../../src/technique/payloads/payloads.ts";
import { readTranscript, type Transcript } from "../services/transcript.ts";

const FOLDER = new URL("../services/datagrams/", import.meta.url);

const TRANSCRIPTS: readonly Transcript[] = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort()
  .map((name) => readTranscript(Deno.readTextFileSync(new URL(name, FOLDER))));

/** Returns what replies show in the form of a truth. */
function shown(exchanges: readonly Exchange[]) {
  const { finding } = identifyDatagrams(exchanges);
  const { service, product, version } = finding ?? {};
  return [service, product, version].filter((part) => part !== undefined);
}

Deno.test("datagrams: all replies of a server together show its service, product and version, and nothing else", () => {
  assert(TRANSCRIPTS.length > 30, `${TRANSCRIPTS.length}`);
  for (const { name, truth, exchanges } of TRANSCRIPTS) {
    const { service, product, version } = truth;
    const [found, ...more] = shown(exchanges);
    assertEquals([name, found], [name, service]);
    if (product === undefined) assertEquals([name, ...more], [name]);
    else {assertEquals(
        [name, ...more].slice(0, version === undefined ? 2 : 3),
        [name, product, version].filter((part) => part),
      );}
  }
});

Deno.test("datagrams: no reply alone shows another service or product", () => {
  const wrong = TRANSCRIPTS.flatMap(({ name, truth, exchanges }) =>
    exchanges.filter(({ reply }) => reply.length > 0).flatMap((exchange) => {
      const { finding } = identifyDatagrams([exchange]);
      const isRight = finding === undefined || finding.confidence < 8 || finding.service === truth.service ||
        finding.service === "rpc" && truth.service === "rpcbind";
      const isProduct = finding?.product === undefined || finding.product === truth.product;
      return isRight && isProduct ? [] : [`${name}: ${exchange.probe}: ${finding?.service} ${finding?.product ?? ""}`];
    })
  );
  assertEquals(wrong, []);
});

Deno.test("datagrams: each row matches the recordings that it names, and none of another product", () => {
  const faults: string[] = [];
  for (const { id, product, seen } of DATAGRAM_ROWS) {
    const matched = TRANSCRIPTS.filter(({ exchanges }) =>
      exchanges.some((exchange) => {
        const reading = exchange.reply.length > 0 ? readDatagram(exchange) : undefined;
        return reading !== undefined && matchesOf(reading).some(({ row }) => row.id === id);
      })
    );
    for (const name of seen) {
      if (!matched.some((transcript) => transcript.name === name)) faults.push(`${id} matches nothing of ${name}`);
    }
    for (const { name, truth } of matched) {
      if (product !== truth.product) faults.push(`${id} (${product}) matches ${name} (${truth.product})`);
    }
  }
  assertEquals(faults, []);
});

Deno.test("datagrams: a reply cut at any length is read or not, and never throws", () => {
  for (const { exchanges } of TRANSCRIPTS) {
    for (const exchange of exchanges) {
      for (let length = 0; length < exchange.reply.length; length++) {
        identifyDatagrams([{ ...exchange, reply: exchange.reply.subarray(0, length) }]);
      }
    }
  }
});

Deno.test("datagrams: the numbers of a request that a reply repeats make no other service of it", () => {
  const tokens = Array.from({ length: 4096 }, (_, i) => Math.imul(i, 0x9e37_79b1) >>> 0);
  const wrong = new Set<string>();
  let replies = 0;
  for (const { name, truth, exchanges } of TRANSCRIPTS) {
    for (const exchange of exchanges) {
      const payload = datagramRequest(exchange.probe)?.payload;
      const echoes = payload?.echoes.filter(([, to, count]) => to >= 0 && to + count <= exchange.reply.length) ?? [];
      if (payload === undefined || echoes.length === 0) continue;
      const service = readDatagram(exchange)?.service;
      const bytes = new Uint8Array(payload.bytes.length);
      const reply = exchange.reply.slice();
      replies++;
      for (const token of tokens) {
        writePayload(payload, new DataView(bytes.buffer), 0, token);
        for (const [from, to, count] of echoes) reply.set(bytes.subarray(from, from + count), to);
        const found = readDatagram({ ...exchange, reply })?.service;
        if (found !== service && found !== truth.service) wrong.add(`${name}: ${exchange.probe}: ${found}`);
      }
    }
  }
  assert(replies > 40, `${replies}`);
  assertEquals([...wrong], []);
});

Deno.test("datagrams: a request that comes back changed is no reply of its service", () => {
  const changes: readonly ((request: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>)[] = [
    (request) => Uint8Array.of(...request, 0, 0, 0, 0),
    (request) => request.slice(0, -1),
    (request) => request.with(request.length - 1, request.at(-1)! ^ 0x55),
  ];
  for (const payload of PAYLOADS) {
    const bytes = new Uint8Array(payload.bytes.length);
    writePayload(payload, new DataView(bytes.buffer), 0, 0x5eed_cafe);
    const probe = requestName(payload);
    // What these say differs only by the numbers in it: RFC 862, RFC 2408 section 3.1.
    if (["echo", "isakmp 2", "nat-t-ike 2"].includes(probe)) continue;
    for (const change of changes) {
      const exchange = { probe, reply: change(bytes), firstByteMs: 1, end: "open", connection: 0 } as const;
      const { finding } = identifyDatagrams([exchange]);
      assert(finding?.service !== payload.service, probe);
    }
  }
});

Deno.test("datagrams: the request itself is the reply of echo, whatever it asks for", () => {
  for (const payload of PAYLOADS) {
    const bytes = new Uint8Array(payload.bytes.length);
    writePayload(payload, new DataView(bytes.buffer), 0, 0x5eed_cafe);
    const probe = requestName(payload);
    assertEquals(datagramRequest(probe)?.payload, payload);
    const { finding } = identifyDatagrams([{ probe, reply: bytes, firstByteMs: 1, end: "open", connection: 0 }]);
    assertEquals([probe, finding?.service], [probe, "echo"]);
  }
});

Deno.test("datagrams: a GTP port of another version is one of GTP, as the reply to its own request alone", () => {
  // OsmoGGSN 1.9.0, port 3386: Version Not Supported.
  const reply = Uint8Array.of(0x32, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  const shownBy = (probe: string) => {
    return identifyDatagrams([{ probe, reply, firstByteMs: 1, end: "open", connection: 0 }]).finding?.service;
  };
  assertEquals([shownBy("gtp-control"), shownBy("echo")], ["gtp", "unknown"]);
});

Deno.test("datagrams: a well-known port is sent the request that its recorded server replies to", () => {
  const faults = TRANSCRIPTS.filter(({ port, exchanges }) => {
    const replied = exchanges.filter(({ reply }) => reply.length > 0).map(({ probe }) => probe);
    return port < 1024 && !payloadsOf(port).some((payload) => replied.includes(requestName(payload)));
  });
  assertEquals(faults.map(({ name, port }) => `${name} ${port}`), []);
});
