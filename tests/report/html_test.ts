import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { fieldNamed } from "../../src/report/fields.ts";
import { HostAggregator } from "../../src/report/host_aggregator.ts";
import { type HtmlBounds, HtmlWriter } from "../../src/report/html.ts";
import { scriptJson } from "../../src/report/html_page.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Summary } from "../../src/result/summary.ts";
import { namesIn, result, summary } from "../support/results.ts";
import { newWriter, OPTIONS } from "../support/writers.ts";

const STARTED_AT_MS = Date.UTC(2026, 10, 21, 4, 41, 46);

interface Given {
  readonly batches: readonly (readonly PortResult[])[];
  readonly summary?: Partial<Summary>;
  readonly openOnly?: boolean;
  readonly fields?: readonly string[];
  readonly bounds?: HtmlBounds;
  readonly listUpTo?: number;
  readonly sources?: readonly string[];
}

/** The report of these results, after each call: what was written, and what would have to follow. */
function written(
  { batches, summary: changes, openOnly = false, fields, bounds = {}, listUpTo = 25, sources = [] }: Given,
) {
  const writer = new HtmlWriter(
    { ...OPTIONS, openOnly, fields: fields?.map((name) => fieldNamed(name)!) },
    new HostAggregator({ listUpTo, listUnresponsiveUpTo: 8 }),
    bounds,
  );
  const steps: { text: string; tail: string }[] = [];
  const add = (text: string) => steps.push({ text, tail: writer.tail?.() ?? "" });
  add(writer.start({
    hosts: 4,
    probes: 12,
    technique: "syn",
    startedAtMs: STARTED_AT_MS,
    args: ["-p", "22,80", "</script><b>\u202e"],
    version: "0.1.0",
    names: namesIn(batches.flat()),
    sources,
  }));
  batches.forEach((batch, at) => add(writer.results(batch, STARTED_AT_MS + at)));
  for (const piece of writer.end(summary(changes), STARTED_AT_MS + 9000)) add(piece);
  return steps;
}

const DATA = '<script type="application/json" id="scan">\n';

/** The lines of data in a document. */
function linesOf(document: string): Record<string, unknown>[] {
  const from = document.indexOf(DATA) + DATA.length;
  return document.slice(from, document.indexOf("</script>", from)).split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const whole = (given: Given) => written(given).map(({ text }) => text).join("");

const open = (changes: Partial<PortResult>) => result({ state: "open", reason: "syn-ack", ...changes });
const silent = (changes: Partial<PortResult>) =>
  result({ state: "filtered", reason: "no-response", ttl: undefined, rttMs: undefined, ...changes });

Deno.test("html: the policy names the style and the script that are in the file, and nothing else", () => {
  const document = whole({ batches: [] });
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(document)?.[1] ?? "";
  const style = document.slice(document.indexOf("<style>") + 7, document.indexOf("</style>"));
  const script = document.slice(document.indexOf('<script type="module">') + 22, document.indexOf("</script>"));
  const hash = (text: string) => createHash("sha256").update(text).digest("base64");
  assertEquals(policy.split("; "), [
    "default-src 'none'",
    `style-src 'sha256-${hash(style)}'`,
    `script-src 'sha256-${hash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

Deno.test("html: loads nothing", () => {
  const document = whole({ batches: [] });
  for (
    const pattern of [/https?:/, /\bsrc=/, /@import/, /url\(/, /<link/, /\bfetch\(/, /XMLHttpRequest/, /innerHTML/]
  ) {
    assert(!pattern.test(document), String(pattern));
  }
});

Deno.test("html: the modules of the script have no name in common", () => {
  const document = whole({ batches: [] });
  const script = document.slice(document.indexOf('<script type="module">'), document.indexOf("</script>"));
  const names = [...script.matchAll(/^(?:const|let|class|function) (\w+)/gm)].map(([, name]) => name);
  assert(names.length > 50);
  assertEquals(names.filter((name, at) => names.indexOf(name) !== at), []);
  assertEquals(script.match(/^(?:import|export)\b.*/gm), null);
});

Deno.test("html: the script passes the type check of a browser", async () => {
  // A browser's types beside Deno's would be at odds in `deno check .`, so that they have a check of their own.
  const { compilerOptions } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        compilerOptions: { ...compilerOptions, checkJs: true, lib: ["dom", "dom.iterable", "esnext"] },
      }),
    );
    const main = new URL("../../src/report/html/main.js", import.meta.url);
    const check = new Deno.Command(Deno.execPath(), { args: ["check", "--quiet", "--config", config, main.pathname] });
    const { success, stderr } = await check.output();
    assert(success, new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(config);
  }
});

Deno.test("html: complete wherever it is cut off between two calls", () => {
  const hosts = Array.from({ length: 600 }, (_, at) => open({ ip: `10.0.${at >> 8}.${at & 255}` }));
  const steps = written({ batches: [hosts.slice(0, 300), hosts.slice(300)] });
  assert(steps.length > 5, "the end is written in pieces");
  let document = "";
  for (const [at, { text, tail }] of steps.entries()) {
    document += text;
    assertMatch(document + tail, /^<!DOCTYPE html>[^]*<\/script>\n<\/body>\n<\/html>\n$/);
    const lines = linesOf(document + tail);
    assertEquals(Object.keys(lines[0] ?? {}), ["head"]);
    assert("tally" in (lines.at(-1) ?? {}));
    assertEquals(
      "summary" in (lines.at(-1) ?? {}),
      at >= 3,
      "what the scan says of itself is there as soon as it is known",
    );
  }
  assertEquals(steps.at(-1)?.tail, "");
});

Deno.test("html: open ports as they arrive, the others by host at the end", () => {
  const steps = written({
    batches: [
      [silent({ port: 9 }), open({ port: 22, service: "ssh", rttMs: 1.5, names: ["a.example"] })],
      [1, 2, 3].map((port) => result({ port, rttMs: undefined })),
      [open({ port: 9, late: true, replaces: "no-response", rttMs: undefined, ttl: undefined, tries: 3 })],
      [result({ port: 4, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254", rttMs: undefined })],
    ],
    listUpTo: 2,
    summary: { suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }] },
  });
  assertEquals(steps.slice(1).map(({ text }) => linesOf(DATA + text)), [
    [{
      hosts: [["10.0.0.1", "a.example"]],
      services: [[22, "ssh"]],
      causes: [["open", "syn-ack", null]],
      rows: [0, 22, 0, 64, 1500, 1],
    }],
    [],
    [{ rows: [0, 9, 0, 0, 0, 3] }],
    [],
    [
      {
        causes: [["filtered", "admin-prohibited", "10.0.0.254"]],
        about: [[0, 2, 1500, 750, "syn-proxy", 0, [["closed", "reset", 3], ["filtered", "admin-prohibited", 1]]]],
        rows: [0, 4, 1, 64, 0, 1],
      },
      {
        tally: [["open", "syn-ack", 2], ["closed", "reset", 3], ["filtered", "admin-prohibited", 1]],
        times: [63, 1],
        unlisted: 0,
        unreached: [],
        quiet: [],
        summary: {
          ...summary({ suspects: [{ ip: "10.0.0.1", suspect: "syn-proxy" }] }),
          endedAtMs: STARTED_AT_MS + 9000,
        },
      },
    ],
  ]);
});

Deno.test("html: --open leaves out ports that are not open, and hosts without one", () => {
  const lines = linesOf(
    whole({
      batches: [[open({ ip: "10.0.0.1" }), result({ ip: "10.0.0.1", port: 81 }), result({ ip: "10.0.0.2" })]],
      openOnly: true,
    }),
  );
  assertEquals(lines.flatMap(({ hosts = [] }) => hosts), [["10.0.0.1", null]]);
  assertEquals(lines.flatMap(({ rows = [] }) => rows), [0, 80, 0, 64, 250, 1]);
});

Deno.test("html: nothing of fields that are not chosen", () => {
  const batches = [[
    open({ port: 22, service: "ssh", names: ["a.example"], rttMs: 1.5 }),
    result({ port: 23, state: "filtered", reason: "admin-prohibited", from: "10.0.0.254", tries: 2, rttMs: 2 }),
  ]];
  const [first, ...lines] = linesOf(whole({ batches, fields: ["port", "tries"] }));
  assertEquals(first?.fields, ["port", "tries"]);
  assertEquals(lines.slice(0, 2), [
    { hosts: [["10.0.0.1", null]], causes: [["open", "", null]], rows: [0, 22, 0, 0, 0, 1] },
    {
      causes: [["filtered", "", null]],
      about: [[0, 1, 0, 0, null, 0, [["filtered", "admin-prohibited", 1]]]],
      rows: [0, 23, 1, 0, 0, 2],
    },
  ]);
  assertEquals(lines.at(-1)?.times, [0]);
  const every = linesOf(whole({ batches, fields: ["service", "name", "reason", "from", "ttl", "rtt_ms", "tries"] }));
  assertEquals(every.slice(1), linesOf(whole({ batches })).slice(1));
});

Deno.test("html: lists as many ports as a browser can show, and counts all", () => {
  const ports = (ip: string, from: number, count: number) =>
    Array.from({ length: count }, (_, at) => open({ ip, port: from + at }));
  const lines = linesOf(whole({
    batches: [ports("10.0.0.1", 1, 8), ports("10.0.0.1", 9, 4), ports("10.0.0.2", 1, 6), [
      result({ ip: "10.0.0.2", port: 99 }),
      result({ ip: "10.0.0.1", port: 98 }),
    ]],
    bounds: { rowsInFull: 10, openRowsAHost: 2, otherRows: 1 },
  }));
  const rows = lines.flatMap(({ rows = [] }) => rows as number[]);
  const listed = rows.flatMap((_, at) => at % 6 === 0 ? [`${rows[at]}:${rows[at + 1]}`] : []);
  assertEquals(listed.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((port) => `0:${port}`));
  assertEquals(listed.slice(10), ["1:1", "1:2", "0:98"]);
  assertEquals(lines.at(-1)?.unlisted, 6);
  assertEquals(lines.flatMap(({ about = [] }) => (about as unknown[][]).map(([, count]) => count)), [12, 6]);
});

Deno.test("html: errors of the own kernel are not among the round trips", () => {
  const lines = linesOf(whole({
    batches: [[
      open({ ip: "10.0.0.1", rttMs: 0.1 }),
      result({ ip: "10.0.0.2", state: "filtered", reason: "host-unreach", from: "10.0.0.77", rttMs: 3070 }),
      result({ ip: "10.0.0.3", state: "filtered", reason: "host-unreach", from: "10.0.0.254", rttMs: 0.1 }),
    ]],
    sources: ["10.0.0.77"],
  }));
  assertEquals(lines.at(-1)?.times, [40, 2]);
  assertEquals(lines.flatMap(({ rows = [] }) => (rows as number[]).filter((_, at) => at % 6 === 4)), [100, 0, 100]);
  // Host 3 did not reply itself either.
  assertEquals(lines.flatMap(({ about = [] }) => (about as unknown[][]).map(([, , smoothed]) => smoothed)), [
    100,
    0,
    0,
  ]);
});

Deno.test("html: blank lines let the counts be renewed while nothing is found", () => {
  const writer = newWriter("html");
  writer.start({ hosts: 1, probes: 9, technique: "syn", startedAtMs: 0, args: [], version: "0" });
  const texts = [100, 900, 1000, 1100, 2100].map((nowMs) => writer.results([silent({ port: nowMs })], nowMs));
  assertEquals(texts, ["", "", "\n", "", "\n"]);
});

const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ["the end of a script", "</script><script>alert(1)</script>"],
  ["a comment that swallows the end", "<!--<script>"],
  ["an entity", "&lt;/script&gt;"],
  ["line separators", "a\u2028b\u2029c"],
  ["quotes and a backslash", `"'\\`],
  ["half a character", "\ud800"],
];

for (const [name, text] of HOSTILE) {
  Deno.test(`html: data cannot become markup: ${name}`, () => {
    const json = scriptJson({ text });
    assert(!/[<>&\u2028\u2029]/.test(json), json);
    assertEquals(JSON.parse(json), { text });
  });
}

Deno.test("html: foreign text is escaped wherever it stands", () => {
  const evil = "</script><img src=x onerror=alert(1)>\u202e";
  const document = whole({ batches: [[open({ names: [evil], service: evil })]], summary: { warnings: [evil] } });
  assertEquals(document.match(/<\/script>/g)?.length, 2);
  assert(!document.includes("onerror=alert(1)>"), "a name stands as it came");
  assert(!document.includes("\u202e"), "a name turns the direction of writing");
});
