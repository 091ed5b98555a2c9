/**
 * Reads files of results, nmap's XML and synscan's JSON lines, as scans that can be compared.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { History } from "../../store/history.ts";
import { findingInJson, findingInXml } from "../../report/detected.ts";
import { NOTHING, type PortResult } from "../../result/port_result.ts";
import { HOST } from "../../result/pass.ts";
import { type Reason, REASONS } from "../../result/reasons.ts";
import { type State, STATES } from "../../result/states.ts";
import { type Hostname, UNTOLD } from "../../result/summary.ts";
import { parsePorts } from "../../target/ports.ts";
import { quote } from "../../base/quote.ts";
import { attributeOf, parsedLine, resultFormatOf, tagsIn } from "../../target/result_file.ts";
import { hostBatch, type HostLine, isHostLine } from "../shards/host_lines.ts";

/** A scan as a file has it. */
interface FileScan {
  startedAtMs: number;
  readonly results: PortResult[];
  /** The hosts that discovery has looked for. */
  readonly hosts: HostLine[];
  /** Names by reverse DNS. */
  readonly hostnames: Hostname[];
}

/** A result without its place. */
type Outcome = Pick<PortResult, "state" | "reason">;

/** The ports of a protocol that a file is about, as text, and the technique by which they were probed. */
interface Probed {
  readonly technique: string;
  readonly ports: string;
}

/** The results of several techniques, as synscan's XML has them. */
const OF_TECHNIQUE = /(\w+): ([\w|]+) \(([\w-]+)\)/g;
/** The usual technique of each protocol whose ports are compared. */
const USUAL: Readonly<Record<string, string>> = { tcp: "syn", udp: "udp" };
const COMPARED: ReadonlySet<string> = new Set(Object.keys(USUAL));
/** A reason for a state, where a file has none that synscan knows and it is not silence. */
const REASON_OF: Partial<Record<State, Reason>> = {
  open: "syn-ack",
  closed: "reset",
  unfiltered: "reset",
  undecided: "not-asked",
};

/**
 * Puts two files of results into a history of their own, as scans 1 and 2: their ports, or if one has none the hosts of both.
 *
 * @throws {UsageError} If one is no file of results, or is empty.
 */
export function compareFiles(files: readonly { readonly path: string; readonly text: string }[], db: string): History {
  const history = History.open(db, { write: true });
  const scans = files.map(({ path, text }) => ({ path, ...readResults(path, text) }));
  const areHosts = scans.some(({ results }) => results.length === 0);
  for (const { path, startedAtMs, results, hosts, hostnames } of scans) {
    const techniques = [...new Set(results.map(({ technique }) => technique))];
    const size = areHosts
      ? { hosts: hosts.length, probes: 0, technique: HOST, passes: [] }
      : { hosts: new Set(results.map(({ ip }) => ip)).size, probes: results.length, technique: techniques.join("+") };
    const head = { ...size, startedAtMs, args: [], version: "1" };
    const named = areHosts ? hosts.map((host) => ({ names: [], ...host, port: 0 })) : results;
    const names = named.flatMap(({ ip, port, names }) => names.map((name) => ({ ip, name, ports: `${port}` })));
    const recorder = history.begin({ head, space: path, targets: path, names });
    recorder.add(areHosts ? hostBatch(hosts) : results, startedAtMs);
    recorder.finish({ ...UNTOLD, hostnames, ended: "done" }, startedAtMs);
  }
  return history;
}

function readResults(path: string, text: string): FileScan {
  const format = resultFormatOf(text)?.name;
  const scan = format === "nmap's XML" ? readXml(text) : format === "synscan's JSON lines" ? readJson(text) : undefined;
  if (scan === undefined) {
    throw new UsageError(
      `Cannot compare ${quote(path)}: it is ${format ?? "no file of results"}. Name nmap's XML or synscan's JSON lines`,
    );
  }
  if (scan.results.length + scan.hosts.length === 0) {
    throw new UsageError(`Cannot compare ${quote(path)}: it contains no results. Name another file`);
  }
  return scan;
}

function readXml(text: string): FileScan {
  const scan: FileScan = { startedAtMs: 0, results: [], hosts: [], hostnames: [] };
  const probed = new Map<string, Probed>();
  let ip = "";
  let status: Pick<HostLine, "state" | "reason"> = {};
  let names: string[] = [];
  // Ports that are only counted: of every protocol where the file does not tell of which.
  let hidden: (Outcome & { readonly proto: string })[] = [];
  // By technique and port.
  let ports = new Map<string, PortResult>();
  let port = -1;
  let proto = "";
  const techniqueOf = (proto: string) => probed.get(proto)?.technique ?? USUAL[proto] ?? proto;
  const keyOf = (technique: string, port: number) => `${technique} ${proto} ${port}`;
  for (const { tag, attributes } of tagsIn(text)) {
    const of = (name: string) => attributeOf(attributes, name);
    if (tag === "nmaprun") scan.startedAtMs = (Number(of("start")) || 0) * 1000;
    else if (tag === "scaninfo" && COMPARED.has(of("protocol"))) {
      // Of several techniques of a protocol the first is that of ports that are only counted.
      const { technique = of("type") } = probed.get(of("protocol")) ?? {};
      probed.set(of("protocol"), { technique, ports: of("services") });
    } else if (tag === "host") [ip, status, names, hidden, ports] = ["", {}, [], [], new Map()];
    else if (tag === "status") status = statusOf(of("state"), of("reason"));
    else if (tag === "address" && of("addrtype") !== "mac") ip = of("addr");
    else if (tag === "hostname" && of("type") === "user") names.push(of("name"));
    else if (tag === "hostname" && of("type") === "PTR") scan.hostnames.push({ ip, name: of("name") });
    else if (tag === "extraports") hidden.push({ ...known(of("state"), ""), proto: "" });
    else if (tag === "extrareasons" && hidden.length > 0) {
      const { state } = hidden.at(-1)!;
      const group = { ...known(state, of("reason")), proto: of("proto") };
      const place = hidden.findIndex((each) =>
        each.state === state && (each.proto === "" || each.proto === group.proto)
      );
      hidden[place < 0 ? hidden.length : place] = group;
    } else if (tag === "port") {
      proto = of("protocol");
      port = COMPARED.has(proto) ? Number(of("portid")) : -1;
    } else if (tag === "state" && port >= 0) {
      const technique = techniqueOf(proto);
      const outcome = known(of("state"), of("reason"));
      ports.set(keyOf(technique, port), resultOf({ ip, port, proto, names, technique }, outcome));
    } else if (tag === "service" && port >= 0) {
      const key = keyOf(techniqueOf(proto), port);
      const before = ports.get(key);
      if (before === undefined) continue;
      const found = { ...before, service: of("name"), finding: findingInXml(of) };
      ports.set(key, found);
      const each = [...of("extrainfo").matchAll(OF_TECHNIQUE)];
      if (each.length > 0) ports.delete(key);
      for (const [, technique = "", state = "", reason = ""] of each) {
        ports.set(keyOf(technique, port), { ...found, ...known(state, reason), technique });
      }
    } else if (tag === "/host" && ip !== "") {
      for (const [name, { technique, ports: services }] of probed) {
        proto = name;
        // Which port is in which of several groups, is unknown.
        const groups = hidden.filter((each) => each.proto === "" || each.proto === proto);
        const other = groups.length === 1 ? known(groups[0]!.state, groups[0]!.reason) : known("undecided", "");
        for (const port of groups.length === 0 || services === "" ? [] : parsePorts(services)) {
          const key = keyOf(technique, port);
          if (!ports.has(key)) ports.set(key, resultOf({ ip, port, proto, names, technique }, other));
        }
      }
      scan.results.push(...ports.values());
      if (status.state !== undefined) scan.hosts.push({ ip, names, ...status });
    }
  }
  return scan;
}

function readJson(text: string): FileScan {
  const scan: FileScan = { startedAtMs: 0, results: [], hosts: [], hostnames: [] };
  const found = new Map<string, PortResult>();
  for (const line of text.split("\n")) {
    const fields = parsedLine(line) ?? {};
    const { type, started, ip, state, reason, names: named, hostname, service } = fields;
    const [port, proto] = [Number(fields.port), String(fields.proto ?? "tcp")];
    if (type === "host" && typeof ip === "string" && typeof hostname === "string") {
      scan.hostnames.push({ ip, name: hostname });
    }
    if (type === "host" && isHostLine(fields) && fields.state !== undefined) scan.hosts.push(fields);
    if (type === "start") scan.startedAtMs = Date.parse(String(started)) || 0;
    if (type !== "port" || typeof ip !== "string" || !(port >= 0 && port <= 65535) || !COMPARED.has(proto)) continue;
    const names = Array.isArray(named) ? named.map(String) : [];
    const technique = String(fields.technique ?? USUAL[proto]);
    const result = resultOf({ ip, port, proto, names, technique }, known(String(state), String(reason)));
    const more = { finding: findingInJson(fields), ...(typeof service === "string" ? { service } : {}) };
    found.set(`${technique} ${proto} ${ip} ${port}`, { ...result, ...more });
  }
  scan.results.push(...found.values());
  return scan;
}

/** Returns what the status of a host in XML shows: nothing with -Pn, by which the user declares every host up. */
function statusOf(state: string, word: string): Pick<HostLine, "state" | "reason"> {
  if (word === "user-set") return {};
  const reason = REASONS.find((each) => each === word) ?? "no-response";
  return { state: state === "up" ? "up" : reason === "no-response" ? "silent" : "absent", reason };
}

function known(state: string, reason: string): Outcome {
  const own = STATES.find((each) => each === state) ?? "undecided";
  return { state: own, reason: REASONS.find((each) => each === reason) ?? REASON_OF[own] ?? "no-response" };
}

function resultOf(
  place: Pick<PortResult, "ip" | "port" | "proto" | "names" | "technique">,
  { state, reason }: Outcome,
): PortResult {
  return { ...NOTHING, ...place, state, reason };
}
