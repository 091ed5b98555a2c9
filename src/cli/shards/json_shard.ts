/**
 * Reads a shard from its JSON lines. Every line is checked first: nothing is reported of a file that is cut off or damaged.
 *
 * @module
 */
import { hasShape, isObject, isText, isWhole, orMissing, orNull, type Shape } from "../../base/shape.ts";
import { findingInJson } from "../../report/detected.ts";
import { FIELDS } from "../../report/fields.ts";
import { JSON_SCHEMA } from "../../report/json_events.ts";
import { NOTHING, type PortResult } from "../../result/port_result.ts";
import type { ScanShare } from "../../result/share.ts";
import { stateCode, STATES } from "../../result/states.ts";
import { COUNT_NAMES, decidedIn, type Summary, UNTOLD } from "../../result/summary.ts";
import { mayBeOpen } from "../../report/writer.ts";
import { fieldCheck, isAddress, isPlain, isTechnique, isTime, summaryFault } from "../../store/validate.ts";
import { parsedLine } from "../../target/result_file.ts";
import { parseMac } from "../../wire/mac.ts";
import { commandOfShard } from "../args/shard_command.ts";
import { hostBatch, type HostLine, isHostLine, told } from "./host_lines.ts";
import { doubleIn, PortKeys } from "./port_keys.ts";
import { cannotMerge, type Shard } from "./shard.ts";
import { ShardSpace } from "./shard_space.ts";

/** Results of a batch. */
const BATCH = 1024;
const RESTORE = "Restore the file from a copy";
const LATE = '"late":true';

/** The parts of a first line that are read. */
interface Head {
  readonly schema: number;
  readonly version: string;
  readonly started: string;
  readonly args: readonly string[];
  readonly technique: string;
  readonly hosts: number;
  readonly probes: number;
  readonly targets?: string;
  readonly ports?: string;
  readonly udp_ports?: string;
  readonly key: string;
  readonly seed: number;
  readonly shard: Pick<ScanShare, "index" | "count" | "by" | "hosts" | "probes">;
  readonly options: readonly string[];
}

const HEAD: Readonly<Record<keyof Head, Shape>> = {
  ...{ schema: isWhole, version: isPlain, args: [isText], technique: isTechnique, hosts: isWhole, probes: isWhole },
  started: (value) => Date.parse(String(value)) > 0,
  ...{ targets: orMissing(isText), ports: orMissing(isText), udp_ports: orMissing(isText) },
  ...{ key: (value) => /^[\da-f]{16,64}$/.test(String(value)), seed: isWhole, options: [isText] },
  shard: {
    ...{ index: isCount, count: isCount, hosts: isWhole, probes: isWhole },
    by: (value) => value === "host" || value === "probe",
  },
};

function isCount(value: unknown): boolean {
  return isWhole(value) && value !== 0;
}

/** The checks of a port's fields. Of a list and a truth JSON has other values than the history. */
const PORT_CHECKS = FIELDS.map((field): readonly [string, (value: unknown) => boolean] => [
  field.name,
  field.name === "ip"
    ? isAddress
    : field.name === "technique"
    ? isPlain
    : field.name === "tries"
    ? orNull(isWhole)
    : field.type === "list"
    ? orNull([isText])
    : field.type === "yes or no"
    ? orNull((value) => typeof value === "boolean")
    : fieldCheck(field),
]);

/** Returns the shard in a file of JSON lines.
 *
 * @param ipv6 The numbers of IPv6 hosts in the files of all shards.
 * @throws {UsageError} If it is none, or is cut off or damaged. */
export async function readJsonShard(path: string, text: string, ipv6: Map<string, number>): Promise<Shard> {
  const { head, hosts, summary, counts, addresses, ports } = await checkedLines(path, text, new PortKeys(ipv6));
  const { key, seed, shard, args } = head;
  const share: ScanShare = { key, seed, ...shard };
  const whole = { ...summary, ...told(hosts) };
  const wrong = summaryFault(whole);
  if (wrong !== undefined) throw cannotMerge(path, `${wrong} in its lines of hosts is damaged. ${RESTORE}`);
  checkCounts(path, head, whole, counts);
  const startedAtMs = Date.parse(head.started);
  const endedAtMs = startedAtMs + Math.round(whole.elapsedMs);
  const isDone = whole.ended === "done";
  return {
    ...{ path, share, args, startedAtMs, addresses, summary: whole, version: head.version, technique: head.technique },
    portKeys: ports,
    results: head.shard.by === "host" ? addresses : new Set(),
    detectsServices: text.includes('"service_by":'),
    ...{ options: head.options, targets: head.targets, ports: head.ports, udpPorts: head.udp_ports },
    ...{ hosts: head.hosts, probes: head.probes },
    remedy: isDone ? undefined : commandOfShard(args, share, share.index),
    names: new Map(hosts.flatMap(({ ip, names }) => names === undefined ? [] : [[ip, names]])),
    vendors: new Map(
      hosts.flatMap(({ mac, vendor }) => mac === undefined || vendor === undefined ? [] : [[parseMac(mac)!, vendor]]),
    ),
    book: undefined,
    *batches(book) {
      const found = hostBatch(hosts, book);
      if (found.length > 0) yield { batch: found, timeMs: endedAtMs };
      let batch: PortResult[] = [];
      for (const result of portsIn(text)) {
        batch.push(result);
        if (batch.length < BATCH) continue;
        yield { batch, timeMs: endedAtMs };
        batch = [];
      }
      if (batch.length > 0) yield { batch, timeMs: endedAtMs };
    },
  };
}

/**
 * Checks every line.
 *
 * @throws {UsageError} If one is missing or damaged.
 */
async function checkedLines(path: string, text: string, ports: PortKeys): Promise<{
  readonly head: Head;
  readonly hosts: readonly HostLine[];
  readonly summary: Summary;
  readonly counts: readonly number[];
  readonly addresses: ReadonlySet<string>;
  readonly ports: PortKeys;
}> {
  let head: Head | undefined;
  let space: ShardSpace | undefined;
  let summary: Summary | undefined;
  const hosts: HostLine[] = [];
  const replaced = replacedIn(text);
  const counts = STATES.map(() => 0);
  const addresses = new Set<string>();
  let number = 0;
  for (const line of linesOf(text)) {
    const isCut = line.end === text.length;
    number++;
    const fields = parsedLine(line.text);
    const damaged = (what = `line ${number}`) => cannotMerge(path, `${what} is damaged. ${RESTORE}`);
    const check = (why: string | undefined) => {
      if (why !== undefined) throw cannotMerge(path, `line ${number} is no result of it: ${why}. ${RESTORE}`);
    };
    // The first line of no other file.
    if (number === 1 && fields?.["type"] !== "start") break;
    if (!isObject(fields)) {
      if (isCut) break;
      throw damaged();
    }
    const { type } = fields;
    if (summary !== undefined) {
      throw cannotMerge(path, `more follows its summary, in line ${number}. Name files of one scan each`);
    }
    if (type === "start" && head === undefined && number === 1) {
      head = headIn(path, fields);
      space = await ShardSpace.of(head).catch(() => {
        throw damaged();
      });
    } else if (head === undefined || space === undefined || type === "start") throw damaged();
    else if (type === "port") {
      const missing = PORT_CHECKS.find(([name, check]) => !check(fields[name] ?? null));
      if (missing !== undefined) {
        const [name] = missing;
        if (fields[name] !== undefined) throw damaged(`${name} in line ${number}`);
        throw cannotMerge(path, `line ${number} has no ${name}. Write the results of shards without --fields`);
      }
      if (replaced.has(line.start)) continue;
      const { ip, port, technique, proto } = fields as unknown as PortResult;
      const pass = space.passes.findIndex((each) => each.technique === technique && each.proto === proto);
      check(pass < 0 ? `the scan has no ${technique} of ${proto}` : space.whyNotPort(ip, pass, port));
      ports.add(number, ip, pass, port);
      addresses.add(ip);
      counts[stateCode(fields["state"] as PortResult["state"])]!++;
    } else if (type === "host") {
      if (!isHostLine(fields)) throw damaged();
      check(space.whyNotHost(fields.ip));
      hosts.push(fields);
      addresses.add(fields.ip);
    } else if (type === "summary") {
      summary = summaryIn(fields);
      const wrong = summaryFault(summary) ?? impossibleIn(summary, head);
      if (wrong !== undefined) throw damaged(`${snake(wrong)} in the summary, line ${number},`);
    }
  }
  if (head === undefined) {
    const why = text.startsWith('{"type":"start"')
      ? "its first line is cut off"
      : "it is no file of synscan's JSON lines";
    throw cannotMerge(path, `${why}. Name the whole file of -oJ`);
  }
  if (summary !== undefined) {
    const twice = (what: string, lines: readonly number[]) =>
      cannotMerge(path, `${what} is there twice, in lines ${lines.join(" and ")}. ${RESTORE}`);
    const port = doubleIn([ports.keys]);
    if (port !== undefined) throw twice("a port", ports.linesOf(port).slice(0, 2));
    if (addresses.size > head.hosts) {
      throw cannotMerge(path, `it has results of ${addresses.size} hosts, and the shard has ${head.hosts}. ${RESTORE}`);
    }
    return { head, hosts, summary, counts, addresses, ports };
  }
  const { index, count } = head.shard;
  const again = commandOfShard(head.args, { key: head.key, seed: head.seed, ...head.shard }, index);
  throw cannotMerge(
    path,
    `it is cut off: it has no summary, so shard ${index}/${count} was killed, or still runs. Name its checkpoint, or scan it again: ${again}`,
  );
}

/** @throws {UsageError} If it is another version's, or states no shard. */
function headIn(path: string, fields: Readonly<Record<string, unknown>>): Head {
  if (hasShape(fields, HEAD) && fields["schema"] === JSON_SCHEMA) {
    const head = fields as unknown as Head;
    if (head.shard.index <= head.shard.count) return head;
  }
  const { schema, key, version } = fields;
  if (isWhole(schema) && schema !== JSON_SCHEMA || key === undefined) {
    const writer = isPlain(version) ? `synscan ${version}` : "another program";
    throw cannotMerge(
      path,
      `${writer} wrote it, and its first line does not state the shard. Use one version for all shards`,
    );
  }
  throw cannotMerge(path, `its first line is damaged. ${RESTORE}`);
}

/** Returns the counts of a summary's line, by the names of a {@linkcode Summary}. */
function summaryIn(fields: Readonly<Record<string, unknown>>): Summary {
  const camel = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = Object.entries(fields).map(([name, value]) => [camel(name), value] as const);
  return { ...UNTOLD, ...Object.fromEntries(own.filter(([name]) => name in UNTOLD)) };
}

/** Returns the name of a count in a summary that the shard cannot have; undefined if there is none. */
function impossibleIn(summary: Summary, { hosts, probes, started }: Head): string | undefined {
  if (summary.hosts > hosts) return "hosts";
  if (summary.hostsUp + summary.hostsAbsent > summary.hosts) return "hostsUp";
  if (summary.probes > probes || summary.probes !== decidedIn(summary) + summary.undecided) return "probes";
  return isTime(Math.round(Date.parse(started) + summary.elapsedMs)) ? undefined : "elapsedMs";
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** @throws {UsageError} If ports are missing, or there are too many. */
function checkCounts(path: string, { options }: Head, summary: Summary, counts: readonly number[]): void {
  const has = (name: string) => options.some((option) => option.split(" ")[0] === name);
  if (has("--filter") || has("--changed")) return;
  for (const [code, name] of COUNT_NAMES.entries()) {
    const state = STATES[code]!;
    if (has("--open") && !mayBeOpen(state)) continue;
    const [found, counted] = [counts[code]!, summary[name]];
    // Of ports that were never probed only some are listed.
    if (found === counted || state === "undecided" && found < counted) continue;
    throw cannotMerge(
      path,
      `it is damaged: it lists ${found} ${state} ports, and its summary counts ${counted}. ${RESTORE}`,
    );
  }
}

/** A line of a text, and where it begins and ends. */
interface TextLine {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function* linesOf(text: string): Generator<TextLine> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    if (end > start) yield { start, end, text: text.slice(start, end) };
    start = end + 1;
  }
}

/** Returns where lines of ports begin that later lines replace. */
function replacedIn(text: string): ReadonlySet<number> {
  const replaced = new Set<number>();
  if (!text.includes(LATE)) return replaced;
  const keyOf = ({ ip, proto, port, technique }: Readonly<Record<string, unknown>>) =>
    `${technique} ${proto} ${ip} ${port}`;
  const late = new Set<string>();
  for (const line of linesOf(text)) {
    if (line.text.includes(LATE)) late.add(keyOf(parsedLine(line.text) ?? {}));
  }
  const last = new Map<string, number>();
  for (const { start, text: line } of linesOf(text)) {
    const fields = line.startsWith('{"type":"port"') ? parsedLine(line) : undefined;
    const key = fields && keyOf(fields);
    if (key === undefined || !late.has(key)) continue;
    const before = last.get(key);
    if (before !== undefined) replaced.add(before);
    last.set(key, start);
  }
  return replaced;
}

/** Yields the results of ports, each once. The lines were checked before. */
function* portsIn(text: string): Generator<PortResult> {
  const replaced = replacedIn(text);
  for (const { start, text: line } of linesOf(text)) {
    if (replaced.has(start)) continue;
    const fields = parsedLine(line)!;
    if (fields["type"] === "port") yield resultIn(fields);
  }
}

/** Returns the result of a port; `fields` were checked. */
function resultIn(fields: Readonly<Record<string, unknown>>): PortResult {
  const { ip, port, proto, technique, state, reason, ttl, rtt_ms: rttMs, tries, from, service, names, late, note } =
    fields;
  const finding = findingInJson(fields);
  return {
    ...NOTHING,
    ...{
      ip,
      port,
      proto,
      technique,
      state,
      reason,
      ttl: ttl ?? undefined,
      rttMs: rttMs ?? undefined,
      tries: tries ?? 0,
    },
    ...{ from: from ?? undefined, service: service ?? undefined, names: names ?? [], late: late === true },
    ...{ note: note ?? undefined, ...(finding === undefined ? {} : { finding }) },
  } as PortResult;
}
