/** Processes that write at the same time, that are killed, and one that is not ours and reads. */

import { assert, assertEquals, assertGreater } from "@std/assert";
import { HISTORY_QUERIES } from "../../src/cli/docs/history_queries.ts";
import { hostBatch } from "../../src/cli/shards/host_lines.ts";
import { History } from "../../src/store/history.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { parseIpv4 } from "../../src/wire/address.ts";
import { lacking } from "../support/lab.ts";
import { ended, start } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { BATCH, BATCHES, numberOf, resultAt } from "./recording.ts";
import { HOUR, Place, record, result, resultsOf, start as startOf, summary, T0 } from "./support.ts";

const ROOT = new URL("../../", import.meta.url);
const KILLS = 10;
const MAC = "02:00:00:00:00:2a";

/** The command that records scans, as many as given. */
const recorder = (path: string, beginMs: number, scans: number) => [
  ...[Deno.execPath(), "run", "--allow-read", "--allow-write", "--no-check", "tests/store/recording.ts"],
  ...[path, `${beginMs}`, `${scans}`],
];
const recording = (path: string, beginMs: number, scans: number) =>
  start(recorder(path, beginMs, scans), { cwd: ROOT });

/** Checks that these are the first results of a scan, each of them once, by address and port. */
function assertFirst(results: readonly PortResult[], note: string): void {
  let last = -1;
  for (const found of results) {
    const number = numberOf(found);
    const order = parseIpv4(found.ip)! * 65536 + found.port;
    assert(order > last, `${note}: ${found.ip}:${found.port} is not where it should be`);
    assert(number >= 0 && number < results.length, `${note}: ${found.ip}:${found.port} is there too early`);
    assert(found.state === resultAt(number).state, `${note}: ${found.ip}:${found.port} is ${found.state}`);
    last = order;
  }
}

Deno.test("processes: two write at once, both whole", async () => {
  using place = new Place();
  // Both make the file, too.
  const children = [recording(place.path, T0, 3), recording(place.path, T0, 3)];
  for (const { code, err } of await Promise.all(children.map(ended))) assertEquals([code, err], [0, ""]);
  using history = History.open(place.path, { write: false });
  const scans = history.scans();
  assertEquals(scans.map(({ id, ended }) => [id, ended]), [1, 2, 3, 4, 5, 6].map((id) => [id, "done"]));
  for (const scan of scans) {
    const results = resultsOf(history, scan);
    assertEquals(results.length, BATCH * BATCHES);
    assertFirst(results, `scan ${scan.id}`);
  }
  assertEquals(place.query("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
});

Deno.test("processes: killed at random moments, the history holds all that was written", async () => {
  using place = new Place();
  const random = new Random(Date.now());
  const note = `seed ${random.seed}`;
  const safe = new Map<number, number>();
  const ended = new Set<number>();
  let unfinished = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = recording(place.path, T0 + kill * 24 * HOUR, 1000);
    const stderr = new Response(child.stderr).text();
    const lines: string[] = [];
    // After some batches, or at a moment, which is mostly at the end of a scan, as that takes longest.
    const batches = kill % 2 === 0 ? random.below(BATCHES) + 1 : 1;
    const waitMs = kill % 2 === 0 ? 0 : random.below(900);
    for await (const line of linesOf(child.stdout)) {
      lines.push(line);
      if (lines.length === batches) setTimeout(() => child.kill("SIGKILL"), waitMs);
    }
    await child.status;
    assertEquals(await stderr, "", note);
    for (const line of lines) {
      const [id, count] = line.split(" ");
      if (count === "ended") ended.add(Number(id));
      else safe.set(Number(id), Number(count));
    }

    assertEquals(place.query("PRAGMA integrity_check"), [{ integrity_check: "ok" }], note);
    using history = History.open(place.path, { write: false });
    for (const scan of history.scans().slice(-2)) {
      const results = resultsOf(history, scan);
      const said = safe.get(scan.id) ?? 0;
      assert(
        results.length >= said && results.length <= said + BATCH,
        `${note}: scan ${scan.id}: ${results.length}, ${said} said`,
      );
      assertFirst(results, `${note}: scan ${scan.id}`);
      if (ended.has(scan.id)) assertEquals(scan.ended, "done", note);
      if (scan.ended === "unfinished") unfinished++;
      else assertEquals(results.length, BATCH * BATCHES, note);
    }
  }
  assertGreater(unfinished, 0, `${note}: no kill came in the middle of a scan`);
});

const strace = lacking(["strace"]) === "";

Deno.test({
  name: `processes: what is flushed is on the disk${
    strace ? "" : " (skipped: there is no strace; apt install strace)"
  }`,
  ignore: !strace,
  fn: async () => {
    using place = new Place();
    const trace = `${place.folder}/trace`;
    const tracing = ["strace", "-f", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,write"];
    assertEquals((await ended(start([...tracing, ...recorder(place.path, T0, 1)], { cwd: ROOT }))).code, 0);
    // The log is written to by pwrite64, and standard output, which says what is safe, by write.
    let isSynced = false;
    let said = 0;
    for (const line of Deno.readTextFileSync(trace).split("\n")) {
      if (/f(data)?sync\(\d+<.*scans\.db-wal>/.test(line)) isSynced = true;
      if (!/write\(1<.*"1 (\d+|ended)\\n"/.test(line)) continue;
      assert(isSynced, `${line}: what it says is safe is not on the disk`);
      isSynced = false;
      said++;
    }
    assertEquals(said, BATCHES + 1);
  },
});

const sqlite3 = lacking(["sqlite3"]) === "";

Deno.test({
  name: `history: sqlite3 runs the queries of the help${
    sqlite3 ? "" : " (skipped: there is no sqlite3; apt install sqlite3)"
  }`,
  ignore: !sqlite3,
  fn: async () => {
    using place = new Place();
    using history = place.open();
    const name = "it's.<b>";
    const finding = { service: "ssh", confidence: 10, product: "OpenSSH", version: "9.2p1" };
    record(history, [
      result("192.0.2.7", 22, "open", { names: [name], service: "ssh", finding }),
      result("192.0.2.7", 23, "closed"),
    ]);
    const later = [
      result("192.0.2.7", 22, "filtered", { names: [name], service: "ssh" }),
      result("192.0.2.8", 80, "open"),
      ...[22, 25, 26].map((port) => result("192.0.2.8", port, "filtered")),
    ];
    const recorder = history.begin(startOf({ startedAtMs: T0 + HOUR }, later));
    const evidence = [{ probe: "arp", reason: "arp-response", rtt_ms: 0.5, ttl: null }] as const;
    recorder.add(hostBatch([{ ip: "192.0.2.8", state: "up", reason: "arp-response", mac: MAC, evidence }]), T0 + HOUR);
    recorder.add(later, T0 + HOUR);
    recorder.finish(summary(), T0 + HOUR);
    const ask = async (sql: string): Promise<unknown> => {
      const { out, err } = await ended(start(["sqlite3", "-readonly", "-json", place.path, sql]));
      assertEquals(err, "");
      return JSON.parse(out);
    };
    assertEquals(await ask("PRAGMA integrity_check"), [{ integrity_check: "ok" }]);
    const queries = HISTORY_QUERIES.map(({ sql }) => ask(sql.replaceAll("\n", " ")));
    assertEquals(await Promise.all(queries), [
      [{ ip: "192.0.2.8", port: 80, proto: "tcp", service: null, names: null }],
      [
        { ip: "192.0.2.7", port: 22, proto: "tcp", first: "2026-11-21 04:00:00", last: "2026-11-21 04:00:00" },
        { ip: "192.0.2.8", port: 80, proto: "tcp", first: "2026-11-21 05:00:00", last: "2026-11-21 05:00:00" },
      ],
      [{
        ...{ ip: "192.0.2.7", port: 22, proto: "tcp", service: "ssh", product: "OpenSSH", version: "9.2p1", cpe: null },
        seen: "2026-11-21 04:00:00",
      }],
      [{
        ip: "192.0.2.7",
        port: 22,
        proto: "tcp",
        before: "open",
        state: "filtered",
        at: "2026-11-21 05:00:00",
        scan: 2,
      }],
      [{ ip: "192.0.2.7", name, last: "2026-11-21 04:00:00" }],
      [{ ip: "192.0.2.8", mac: MAC, last: "2026-11-21 05:00:00" }],
      [{ ip: "192.0.2.8", hosts: 1, state: "filtered", reason: "no-response", ports: "22,25-26" }],
    ]);
  },
});

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
