/**
 * Reads files of results, nmap's XML and synscan's JSON lines, as scans that can be compared.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { History } from "../../store/history.ts";
import { findingInJson, findingInXml } from "../../report/detected.ts";
import { NOTHING, type PortResult } from "../../result/port_result.ts";
import { type Reason, REASONS } from "../../result/reasons.ts";
import { type State, STATES } from "../../result/states.ts";
import { type Hostname, UNTOLD } from "../../result/summary.ts";
import { parsePorts } from "../../target/ports.ts";
import { quote } from "../../base/quote.ts";
import { attributeOf, parsedLine, resultFormatOf, tagsIn } from "../../target/result_file.ts";

/** A scan as a file has it. */
interface FileScan {
  startedAtMs: number;
  readonly results: PortResult[];
  /** Names by reverse DNS. */
  readonly hostnames: Hostname[];
}

/** A result without its place. */
type Outcome = Pick<PortResult, "state" | "reason">;

/** The results of several techniques, as synscan's XML has them. */
const OF_TECHNIQUE = /(\w+): ([\w|]+) \(([\w-]+)\)/g;
/** A reason for a state, where a file has none that synscan knows and it is not silence. */
const REASON_OF: Partial<Record<State, Reason>> = {
  open: "syn-ack",
  closed: "reset",
  unfiltered: "reset",
  undecided: "not-asked",
};

/**
 * Puts two files of results into a history of their own, as scans 1 and 2.
 *
 * @throws {UsageError} If one is no file of results, or has no port.
 */
export function compareFiles(files: readonly { readonly path: string; readonly text: string }[], db: string): History {
  const history = History.open(db, { write: true });
  for (const { path, text } of files) {
    const { startedAtMs, results, hostnames } = readResults(path, text);
    const techniques = [...new Set(results.map(({ technique }) => technique))];
    const head = {
      ...{ hosts: new Set(results.map(({ ip }) => ip)).size, probes: results.length, technique: techniques.join("+") },
      ...{ startedAtMs, args: [], version: "1" },
    };
    const names = results.flatMap(({ ip, port, names }) => names.map((name) => ({ ip, name, ports: `${port}` })));
    const recorder = history.begin({ head, space: path, targets: path, names });
    recorder.add(results, startedAtMs);
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
  if (scan.results.length === 0) {
    throw new UsageError(`Cannot compare ${quote(path)}: it contains no ports. Name another file`);
  }
  return scan;
}

function readXml(text: string): FileScan {
  const scan: FileScan = { startedAtMs: 0, results: [], hostnames: [] };
  let asked = "";
  let technique = "";
  let ip = "";
  let names: string[] = [];
  let hidden: { state: State; reason: Reason }[] = [];
  // By technique and port.
  let ports = new Map<string, PortResult>();
  let port = -1;
  for (const { tag, attributes } of tagsIn(text)) {
    const of = (name: string) => attributeOf(attributes, name);
    if (tag === "nmaprun") scan.startedAtMs = (Number(of("start")) || 0) * 1000;
    else if (tag === "scaninfo" && of("protocol") === "tcp") {
      [asked, technique] = [of("services"), technique || of("type")];
    } else if (tag === "host") [ip, names, hidden, ports] = ["", [], [], new Map()];
    else if (tag === "address" && of("addrtype") !== "mac") ip = of("addr");
    else if (tag === "hostname" && of("type") === "user") names.push(of("name"));
    else if (tag === "hostname" && of("type") === "PTR") scan.hostnames.push({ ip, name: of("name") });
    else if (tag === "extraports") hidden.push(known(of("state"), ""));
    else if (tag === "extrareasons" && hidden.length > 0) {
      hidden[hidden.length - 1] = known(hidden.at(-1)!.state, of("reason"));
    } else if (tag === "port") port = of("protocol") === "tcp" ? Number(of("portid")) : -1;
    else if (tag === "state" && port >= 0) {
      ports.set(`${technique} ${port}`, resultOf(ip, port, names, known(of("state"), of("reason")), technique));
    } else if (tag === "service" && ports.has(`${technique} ${port}`)) {
      const found = { ...ports.get(`${technique} ${port}`)!, service: of("name"), finding: findingInXml(of) };
      ports.set(`${technique} ${port}`, found);
      const each = [...of("extrainfo").matchAll(OF_TECHNIQUE)];
      if (each.length > 0) ports.delete(`${technique} ${port}`);
      for (const [, name = "", state = "", reason = ""] of each) {
        ports.set(`${name} ${port}`, { ...found, ...known(state, reason), technique: name });
      }
    } else if (tag === "/host" && ip !== "") {
      // Which port is in which of several groups, is unknown.
      const other = hidden.length === 1 ? hidden[0]! : known("undecided", "");
      for (const each of hidden.length === 0 || asked === "" ? [] : parsePorts(asked)) {
        const key = `${technique} ${each}`;
        if (!ports.has(key)) ports.set(key, resultOf(ip, each, names, other, technique));
      }
      scan.results.push(...ports.values());
    }
  }
  return scan;
}

function readJson(text: string): FileScan {
  const scan: FileScan = { startedAtMs: 0, results: [], hostnames: [] };
  const found = new Map<string, PortResult>();
  for (const line of text.split("\n")) {
    const fields = parsedLine(line) ?? {};
    const { type, started, ip, port, state, reason, names, hostname, service, technique = "syn" } = fields;
    if (type === "host" && typeof ip === "string" && typeof hostname === "string") {
      scan.hostnames.push({ ip, name: hostname });
    }
    if (type === "start") scan.startedAtMs = Date.parse(String(started)) || 0;
    if (type !== "port" || typeof ip !== "string" || !(Number(port) >= 0 && Number(port) <= 65535)) continue;
    const named = Array.isArray(names) ? names.map(String) : [];
    const result = resultOf(ip, Number(port), named, known(String(state), String(reason)), String(technique));
    const more = { finding: findingInJson(fields), ...(typeof service === "string" ? { service } : {}) };
    found.set(`${technique} ${ip} ${port}`, { ...result, ...more });
  }
  scan.results.push(...found.values());
  return scan;
}

function known(state: string, reason: string): Outcome {
  const own = STATES.find((each) => each === state) ?? "undecided";
  return { state: own, reason: REASONS.find((each) => each === reason) ?? REASON_OF[own] ?? "no-response" };
}

function resultOf(ip: string, port: number, names: readonly string[], outcome: Outcome, technique: string): PortResult {
  return { ...NOTHING, ip, port, names, ...outcome, technique: technique || "syn" };
}
