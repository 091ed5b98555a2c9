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
import { type Check, isAddress, isPort, isTechnique, isTime } from "../../store/validate.ts";
import { parsePorts } from "../../target/ports.ts";
import { quote } from "../../base/quote.ts";
import { passesIn } from "../../scan/passes.ts";
import { attributeOf, parsedLine, resultFormatOf, tagsIn } from "../../target/result_file.ts";
import { hostBatch, type HostLine, isHostLine } from "../shards/host_lines.ts";

/** A scan as a file has it. */
interface FileScan {
  startedAtMs: number;
  /** The techniques, with their ports; those of a protocol in order. */
  readonly passes: Probed[];
  readonly results: PortResult[];
  /** The hosts that discovery has looked for. */
  readonly hosts: HostLine[];
  /** Names by reverse DNS. */
  readonly hostnames: Hostname[];
}

/** A result without its place. */
type Outcome = Pick<PortResult, "state" | "reason">;

/** The ports that a technique probed on every host that was up, as text. */
interface Probed extends Pick<PortResult, "technique" | "proto"> {
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
 * @throws {UsageError} If one is no file of results, is empty, or has values that are none.
 */
export function compareFiles(files: readonly { readonly path: string; readonly text: string }[], db: string): History {
  const history = History.open(db, { write: true });
  const scans = files.map(({ path, text }) => ({ path, ...readResults(path, text) }));
  for (const [at, scan] of scans.entries()) {
    for (const result of absentPorts(scan, scans[1 - at]!)) scan.results.push(result);
  }
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

/** Returns the ports of hosts that were absent, so that they were not probed, as the history has them: those that the other file has. */
function* absentPorts({ hosts, results, passes }: FileScan, other: FileScan): Generator<PortResult> {
  const ofOther = Map.groupBy(other.results, ({ ip }) => ip);
  const probed = new Set(results.map(({ ip }) => ip));
  const each = passes.map((pass) => ({ ...pass, ports: new Set(pass.ports === "" ? [] : parsePorts(pass.ports)) }));
  for (const { ip, names = [], state, reason } of hosts) {
    if (state !== "absent" || probed.has(ip)) continue;
    const own = ofOther.get(ip) ?? [];
    for (const { technique, proto, ports } of each) {
      const asked = new Set(own.flatMap((result) => result.proto === proto ? result.port : []));
      for (const port of asked.intersection(ports)) {
        yield resultOf({ ip, port, proto, names, technique }, known("filtered", reason ?? ""));
      }
    }
  }
}

function readResults(path: string, text: string): FileScan {
  const cannot = (why: string) => new UsageError(`Cannot compare ${quote(path)}: ${why}`);
  const format = resultFormatOf(text)?.name;
  const read = format === "nmap's XML" ? readXml : format === "synscan's JSON lines" ? readJson : undefined;
  if (read === undefined) {
    throw cannot(`it is ${format ?? "no file of results"}. Name nmap's XML or synscan's JSON lines`);
  }
  try {
    const scan = read(text);
    if (scan.results.length + scan.hosts.length === 0) {
      throw new UsageError("it contains no results. Name another file");
    }
    checkScan(scan);
    return scan;
  } catch (error) {
    throw error instanceof UsageError ? cannot(error.message.replace(/^Cannot/, "cannot")) : error;
  }
}

/**
 * Checks that a history can have a scan.
 *
 * @throws {UsageError} If not; it names the first fault.
 */
function checkScan({ startedAtMs, passes, results, hosts }: FileScan): void {
  for (const { ports } of passes) if (ports !== "") parsePorts(ports);
  const faulty = <T>(values: Iterable<T>, check: Check) => [...new Set(values)].filter((value) => !check(value));
  const faults = [
    ...faulty([startedAtMs], isTime).map(() => "its time of start is out of range"),
    ...faulty([...results, ...hosts].map(({ ip }) => ip), isAddress).map((ip) => `${quote(ip)} is no address`),
    ...faulty(results.map(({ port }) => port), isPort).map((port) => `${port} is no port`),
    ...faulty(results.map(({ technique }) => technique), isTechnique).map((name) => `${quote(name)} is no technique`),
  ];
  if (faults.length > 0) throw new UsageError(`it is damaged: ${faults[0]}. Name another file`);
}

function readXml(text: string): FileScan {
  const scan: FileScan = { startedAtMs: 0, passes: [], results: [], hosts: [], hostnames: [] };
  const { passes } = scan;
  let ip = "";
  let status: Pick<HostLine, "state" | "reason"> = {};
  let names: string[] = [];
  // Ports that are only counted: of every protocol where the file does not tell of which.
  let hidden: (Outcome & { readonly proto: string })[] = [];
  // By technique and port.
  let ports = new Map<string, PortResult>();
  let port = -1;
  let proto = "";
  // Of several techniques of a protocol the first is that of ports that are only counted.
  const firstOf = (name: string) => passes.find(({ proto }) => proto === name);
  const techniqueOf = (proto: string) => firstOf(proto)?.technique ?? USUAL[proto] ?? proto;
  const keyOf = (technique: string, port: number) => `${technique} ${proto} ${port}`;
  for (const { tag, attributes } of tagsIn(text)) {
    const of = (name: string) => attributeOf(attributes, name);
    if (tag === "nmaprun") scan.startedAtMs = Math.round((Number(of("start")) || 0) * 1000);
    else if (tag === "scaninfo" && COMPARED.has(of("protocol"))) {
      passes.push({ technique: of("type"), proto: of("protocol"), ports: of("services") });
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
      for (const pass of passes) {
        const { technique, ports: services } = pass;
        if (pass !== firstOf(pass.proto)) continue;
        proto = pass.proto;
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
  const scan: FileScan = { startedAtMs: 0, passes: [], results: [], hosts: [], hostnames: [] };
  const found = new Map<string, PortResult>();
  for (const line of text.split("\n")) {
    const fields = parsedLine(line) ?? {};
    const { type, started, ip, state, reason, names: named, hostname, service } = fields;
    const [port, proto] = [Number(fields.port), String(fields.proto ?? "tcp")];
    if (type === "host" && typeof ip === "string" && typeof hostname === "string") {
      scan.hostnames.push({ ip, name: hostname });
    }
    if (type === "host" && isHostLine(fields) && fields.state !== undefined) scan.hosts.push(fields);
    if (type === "start") {
      scan.startedAtMs = Date.parse(String(started)) || 0;
      for (const { technique, proto } of passesIn(String(fields.technique))) {
        const ports = proto === "udp" ? fields.udp_ports ?? fields.ports : fields.ports;
        if (COMPARED.has(proto) && typeof ports === "string") scan.passes.push({ technique, proto, ports });
      }
    }
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

/**
 * Returns what the status of a host in XML shows: nothing with -Pn, by which the user declares every host up. An absent host has the reason
 * `no-response`, and one that is not known to be absent the state `unknown`.
 */
function statusOf(state: string, word: string): Pick<HostLine, "state" | "reason"> {
  if (word === "user-set") return {};
  const reason = REASONS.find((each) => each === word) ?? "no-response";
  return { state: state === "up" ? "up" : state === "down" ? "absent" : "silent", reason };
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
