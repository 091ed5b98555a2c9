import { assert, assertEquals } from "@std/assert";
import { FIELDS } from "../../src/report/fields.ts";
import { JsonLinesWriter } from "../../src/report/json_lines.ts";
import { result, summary } from "../cli/fake.ts";

const PLAIN = { openOnly: false, reason: false, verbosity: 0, color: false };

Deno.test("json lines: a port is one line, in the order of the fields", () => {
  const writer = new JsonLinesWriter(PLAIN);
  assertEquals(
    writer.results([result({ port: 22, state: "open", reason: "syn-ack", rttMs: 0.12345, service: "ssh" })]),
    '{"type":"port","ip":"10.0.0.1","port":22,"proto":"tcp","state":"open","reason":"syn-ack","ttl":64,"rtt_ms":0.123,' +
      '"tries":1,"service":"ssh"}\n',
  );
});

Deno.test("json lines: what is not known is null, and what is rare is left out", () => {
  const writer = new JsonLinesWriter(PLAIN);
  assertEquals(
    writer.results([result({ state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, tries: 3 })]),
    '{"type":"port","ip":"10.0.0.1","port":80,"proto":"tcp","state":"filtered","reason":"no-response","ttl":null,' +
      '"rtt_ms":null,"tries":3,"service":null}\n',
  );
  assertEquals(
    writer.results([result({ from: "10.0.0.254", name: "a.example", late: true })]),
    '{"type":"port","ip":"10.0.0.1","port":80,"proto":"tcp","state":"closed","reason":"reset","ttl":64,"rtt_ms":0.25,' +
      '"tries":1,"service":null,"from":"10.0.0.254","name":"a.example","late":true}\n',
  );
});

Deno.test("json lines: text from elsewhere is escaped, whatever it holds", () => {
  const hostile = 'a"b\\c\n\u0000\u001b[31m\u007f\u009b\u2028\u2029\ud800';
  const text = new JsonLinesWriter(PLAIN).results([result({ service: hostile, name: hostile })]);
  assertEquals(text.split("\n").length, 2);
  assert(/^[\x20-\x7e]*\n$/.test(text), text);
  assertEquals(JSON.parse(text).service, hostile);
});

Deno.test("json lines: a number that is none is null", () => {
  const text = new JsonLinesWriter(PLAIN).results([result({ rttMs: NaN })]);
  assertEquals(JSON.parse(text).rtt_ms, null);
});

Deno.test("json lines: only open ports where only those are asked for", () => {
  const writer = new JsonLinesWriter({ ...PLAIN, openOnly: true });
  const text = writer.results([result(), result({ state: "open", port: 1 }), result({ state: "filtered" })]);
  assertEquals(text.trim().split("\n").map((line) => JSON.parse(line).port), [1]);
});

Deno.test("json lines: only the fields that are asked for", () => {
  const fields = FIELDS.filter(({ name }) => name === "ip" || name === "port");
  assertEquals(
    new JsonLinesWriter({ ...PLAIN, fields }).results([result()]),
    '{"type":"port","ip":"10.0.0.1","port":80}\n',
  );
});

Deno.test("json lines: the summary is the last line", () => {
  const [line = ""] = new JsonLinesWriter(PLAIN).end(
    summary({
      suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }],
      warnings: ["odd\nthing"],
      sendErrors: { EPERM: 2 },
    }),
  );
  assertEquals(line.split("\n").length, 2);
  assertEquals(JSON.parse(line), {
    type: "summary",
    hosts: 1,
    hosts_up: 1,
    probes: 3,
    sent: 4,
    answered: 2,
    open: 1,
    closed: 1,
    filtered: 1,
    undecided: 0,
    elapsed_ms: 1234.5,
    rate_pps: 9876.5,
    loss: 0,
    expected_wrong: 0,
    late: 0,
    duplicates: 0,
    unmatched: 0,
    send_retries: 0,
    send_errors: { EPERM: 2 },
    receive_drops: 0,
    capped_hosts: 0,
    suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }],
    ended: "done",
    warnings: ["odd\nthing"],
    trusted: true,
    transport: "batched",
    workers: 1,
  });
});

Deno.test("json lines: 65,536 lines take no longer than a scan can spare", () => {
  const batches = Array.from(
    { length: 256 },
    (_, high) =>
      Array.from(
        { length: 256 },
        (_, low) => result({ port: high * 256 + low, service: low === 22 ? "ssh" : undefined }),
      ),
  );
  const writer = new JsonLinesWriter(PLAIN);
  let best = Infinity;
  let length = 0;
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    length = 0;
    for (const batch of batches) length += writer.results(batch).length;
    best = Math.min(best, performance.now() - before);
  }
  assert(length > 65_536 * 100);
  // Thrice what was measured when this was written, for machines that are busy.
  assert(best < 180, `${best.toFixed(0)} ms`);
});
