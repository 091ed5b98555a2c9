/**
 * Scans that are cut off and resumed: when to cut them off, and what their reports contain.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Ended, ended } from "./program.ts";

/** Probes a second, so that a scan takes long enough to be killed. */
export const RATE = 2000;

/** Sends a program a signal after so many milliseconds, or when something holds, unless it has ended by then. */
export async function cutOff(
  child: Deno.ChildProcess,
  when: number | (() => boolean),
  signal: Deno.Signal = "SIGKILL",
): Promise<Ended> {
  const ending = ended(child);
  let isOver = false;
  ending.finally(() => isOver = true);
  const before = performance.now();
  while (!isOver && (typeof when === "number" ? performance.now() - before < when : !when())) await pause(5);
  if (!isOver) child.kill(signal);
  return await ending;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Returns a condition that holds once more lines than so many are in a file. Each check reads what was added since the one before. */
export function hasLines(path: string, count: number): () => boolean {
  let [read, lines] = [0, 0];
  return () => {
    if (!isThere(path)) return false;
    using file = Deno.openSync(path);
    const { size } = file.statSync();
    // A resumed scan cuts its report back.
    if (size < read) [read, lines] = [0, 0];
    file.seekSync(read, Deno.SeekMode.Start);
    const added = new Uint8Array(size - read);
    read += file.readSync(added) ?? 0;
    for (const byte of added) if (byte === 10) lines++;
    return lines > count;
  };
}

/** Returns a condition that holds once a checkpoint holds what was written to a report. */
export function keepsReport(path: string): () => boolean {
  return () =>
    isThere(path) && /"bytes":[1-9]\d*,"print"/.test(new TextDecoder("latin1").decode(Deno.readFileSync(path)));
}

/** Returns a condition that holds once the scan of a checkpoint has begun. */
export function hasBegun(path: string): () => boolean {
  return () => isThere(path) && new TextDecoder().decode(Deno.readFileSync(path)).includes('"taken":');
}

/** Returns a condition that holds once a checkpoint has held something for a while: on a busy machine a program may take a second to begin. */
export function afterwards(path: string, ms: number): () => boolean {
  let sinceMs: number | undefined;
  return () => {
    if (sinceMs === undefined && hasContent(path)) sinceMs = performance.now();
    return sinceMs !== undefined && performance.now() - sinceMs >= ms;
  };
}

export function hasContent(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}

export function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

export function linesOf(path: string): string[] {
  return Deno.readTextFileSync(path).split("\n").slice(0, -1);
}

/** Returns the contents of the reports of a scan, without times, in an order of their own where they have none. */
export function said(folder: string, table: string): Record<string, unknown> {
  const json = linesOf(`${folder}/o.json`).map((line) => JSON.parse(line));
  const csv = linesOf(`${folder}/o.csv`);
  const ports = json.filter(({ type }) => type === "port")
    .map(({ ip, port, state, reason, technique }) => `${technique} ${ip} ${port} ${state} ${reason}`).sort();
  const {
    elapsed_ms: elapsedMs,
    hosts,
    hosts_up,
    probes,
    answered,
    open,
    closed,
    filtered,
    undecided,
    ended,
    trusted,
  } = json.at(-1);
  assert(elapsedMs > 0.9 * 1000 * probes / RATE, `the whole took ${elapsedMs} ms`);
  return {
    ports,
    types: [json[0].type, ...new Set(json.map(({ type }) => type))],
    hosts: json.filter(({ type }) => type === "host").map((host) => ({ ...host, rtt_ms: null })),
    summary: { hosts, hosts_up, probes, answered, open, closed, filtered, undecided, ended, trusted },
    csv: [csv[0], ...csv.slice(1).map((row) => row.split(",").slice(0, 5).join()).sort()],
    xml: Deno.readTextFileSync(`${folder}/o.xml`).replaceAll(
      / (start|startstr|starttime|endtime|time|timestr|elapsed|summary|srtt|rttvar|to|args)="[^"]*"/g,
      "",
    ),
    grepable: linesOf(`${folder}/o.gnmap`).filter((line) => !line.startsWith("#")),
    list: linesOf(`${folder}/o.list`).map((line) => line.replace(/ \d+$/, "")).sort(),
    html: shownBy(`${folder}/o.html`),
    table: table.replace(/^synscan done: (.*) in .*$/m, "synscan done: $1"),
  };
}

/** Returns what the page of a report shows: its lines, put together. */
export function shownBy(path: string): Record<string, unknown> {
  const lines = linesOf(path).filter((line) => /^\{"/.test(line)).map((line) => JSON.parse(line));
  const rows: number[] = lines.flatMap((line) => line.rows ?? []);
  const ports = rows.filter((_, at) => at % 6 === 1).sort((one, other) => one - other);
  const { tally, quiet, unlisted, summary } = lines.at(-1);
  return {
    heads: lines.filter(({ head }) => head !== undefined).length,
    // In the order of their first results, which is another in each scan.
    hosts: lines.flatMap((line) => line.hosts ?? []).map((host) => JSON.stringify(host)).sort(),
    abouts: lines.flatMap((line) => line.about ?? []).length,
    ports,
    counts: { tally, quiet, unlisted, ended: summary.ended, open: summary.open },
  };
}

/** Returns the results that the history has of the last scan. */
export async function recorded(run: (args: readonly string[]) => Promise<Ended>): Promise<string[]> {
  const { out } = await run(["show", "last", "--db", "o.db", "--json"]);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  const { open, closed, filtered, open_filtered = 0, undecided } = lines.at(-1);
  const ports = lines.filter(({ type }) => type === "port");
  assertEquals([open + closed + filtered + open_filtered, undecided], [ports.length, 0]);
  return ports.map(({ ip, port, state, reason, technique }) => `${technique} ${ip} ${port} ${state} ${reason}`).sort();
}

/** Reports of every format, in the folder of a scan. */
export const REPORTS: readonly string[] = [
  ...["-oJ", "o.json", "-oC", "o.csv", "-oX", "o.xml", "-oG", "o.gnmap", "-oL", "o.list", "-oH", "o.html"],
  ...["--db", "o.db"],
];
