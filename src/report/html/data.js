/**
 * The reader of the data lines; html.ts documents their members.
 *
 * @module
 */
/** @import { State } from "../../result/states.ts" */
/** @import { Summary } from "../../result/summary.ts" */
/** @import { ScanChanges } from "../changes.ts" */
/** @import { ScanHead } from "../writer.ts" */
import { ipv4Number, ipv6Key } from "./address.js";

/** @typedef {[state: State, reason: string, from: string | null, technique?: string]} Cause */
/** @typedef {[state: State, reason: string, count: number]} Count */

/**
 * @typedef {[ip: string, port: number, before: State, after: State, service: string | null, technique?: string | null,
 *   versions?: string | null, proto?: string]} Change
 */
/** @typedef {Omit<ScanChanges, "ports"> & { ports: Change[] }} Changes */
/** @typedef {ScanHead & { command?: string }} Head */

/**
 * The members of a line.
 *
 * @typedef {object} Line
 * @property {Head} [head]
 * @property {string[]} [fields]
 * @property {[ip: string, name: string | null][]} [hosts]
 * @property {[port: number, name: string, proto?: string][]} [services]
 * @property {[host: number, port: number, service: string, version: string, facts: [string, string][], proto?: string][]} [found]
 * @property {Cause[]} [causes]
 * @property {number[]} [rows]
 * @property {[host: number, open: number, smoothed: number, variation: number, suspicion: string | null,
 *   atLeast: number, counts: Count[], notes?: string[], os?: string, path?: [string, string][]][]} [about]
 * @property {Count[]} [tally]
 * @property {number[]} [times]
 * @property {number} [unlisted]
 * @property {[reason: string, hosts: number][]} [quiet]
 * @property {[reason: string, first: number, last: number][]} [unreached]
 * @property {Changes} [changes]
 * @property {Summary} [summary]
 */

/**
 * @typedef {object} Host
 * @property {string} ip
 * @property {string} name
 * @property {number} address IPv4 as a number; -1 for IPv6
 * @property {string} key orders IPv6 addresses
 * @property {number} rank its place in the order of addresses
 * @property {number} firstRow
 * @property {number} endRow
 * @property {number} open
 * @property {number} smoothed microseconds; 0 if unknown
 * @property {number} variation microseconds
 * @property {string} suspicion
 * @property {string[]} notes
 * @property {string} os guess of its system; empty if unknown
 * @property {[title: string, text: string][]} path the path to it, and where it filters
 * @property {boolean} atLeast
 * @property {boolean} hasCounts true if the counts of its other ports are known
 * @property {Count[]} others
 */

/**
 * @typedef {object} Scan
 * @property {Partial<Head>} head
 * @property {(field: string) => boolean} has true for a chosen field
 * @property {Summary | undefined} summary undefined where the file was cut off
 * @property {Host[]} hosts in the order of their addresses
 * @property {Cause[]} causes
 * @property {Map<number, string>} services by {@linkcode portNumber}
 * @property {Map<number, Found>} found what service detection found, by {@linkcode portKey}
 * @property {Rows} rows in the order of their hosts and ports
 * @property {Count[]} tally
 * @property {number[]} times
 * @property {number} unlisted
 * @property {[reason: string, hosts: number][]} quiet
 * @property {[reason: string, first: number, last: number][]} unreached IPv4 addresses that routers, or the link, say are not there
 * @property {Changes | undefined} changes
 */

/** @typedef {{ service: string, version: string, facts: [title: string, text: string][] }} Found */

/**
 * @typedef {object} Rows
 * @property {number} count
 * @property {Uint32Array} host the host's rank
 * @property {Uint16Array} port
 * @property {Uint32Array} number {@linkcode portNumber}
 * @property {Uint32Array} cause
 * @property {Uint8Array} ttl
 * @property {Float64Array} rtt microseconds; 0 if unknown
 * @property {Uint32Array} tries
 */

const ROW_MEMBERS = 6;
/** Reasons by which a host is not there, or not to be reached. */
export const ABSENCE = /^(net|host)-unreach$|^no-arp-response$|^neighbor-timeout$/;
/** The states of a port, in the order in which they are shown. @type {readonly State[]} */
export const STATES = ["open", "closed", "filtered", "unfiltered", "open|filtered", "closed|filtered", "undecided"];
/**
 * The count of ports in a state.
 *
 * @param {Summary} summary
 * @param {State} state
 */
export function countIn(summary, state) {
  if (state === "open|filtered") return summary.openFiltered;
  return state === "closed|filtered" ? summary.closedFiltered : summary[state];
}

/** True for a state that is named though no port is in it. @param {State} state */
export const isUsual = (state) => ["open", "closed", "filtered"].includes(state);

/**
 * The lines of the scan. In a file that was cut off in the middle of one, those before it.
 *
 * @param {string} text
 * @returns {Line[]}
 */
function readLines(text) {
  const lines = text.split("\n").filter((line) => line !== "");
  try {
    return JSON.parse(`[${lines.join(",")}]`);
  } catch {
    const whole = [];
    for (const line of lines) {
      try {
        whole.push(JSON.parse(line));
      } catch {
        break;
      }
    }
    return whole;
  }
}

/**
 * @param {string} text
 * @returns {Scan}
 */
export function readScan(text) {
  const lines = readLines(text);
  /** @type {Host[]} */
  const found = [];
  /** @type {Scan["causes"]} */
  const causes = [];
  const services = new Map();
  let rowCount = 0;
  for (const { hosts = [], causes: more = [], services: named = [], rows = [] } of lines) {
    for (const [ip, name] of hosts) found.push(newHost(ip, name ?? ""));
    for (const cause of more) causes.push(cause);
    for (const [port, service, proto] of named) services.set(portNumber(port, proto), service);
    rowCount += rows.length / ROW_MEMBERS;
  }
  const hosts = [...found].sort((one, other) =>
    one.address >= 0 && other.address >= 0
      ? one.address - other.address
      : one.address >= 0
      ? -1
      : other.address >= 0
      ? 1
      : one.key < other.key
      ? -1
      : 1
  );
  hosts.forEach((host, rank) => host.rank = rank);
  const detected = new Map();
  for (const { found: more = [] } of lines) {
    for (const [index, port, service, version, facts, proto] of more) {
      detected.set(portKey(found[index]?.rank ?? 0, portNumber(port, proto)), { service, version, facts });
    }
  }
  const last = lines.at(-1) ?? {};
  const fields = lines[0]?.fields;
  const protocols = new Map(lines[0]?.head?.passes?.map(({ technique, proto }) => [technique, proto]));
  const rows = orderRows(lines, found, rowCount, causes.map(([, , , technique]) => protocols.get(technique ?? "")));
  for (let row = 0; row < rows.count; row++) {
    const host = hosts[rows.host[row] ?? 0];
    if (host === undefined) continue;
    if (host.endRow === 0) host.firstRow = row;
    host.endRow = row + 1;
    const cause = causes[rows.cause[row] ?? 0];
    if (cause?.[0] === "open") host.open++;
  }
  for (const { about = [] } of lines) {
    for (
      const [index, open, smoothed, variation, suspicion, atLeast, counts, notes = [], os = "", path = []] of about
    ) {
      const host = found[index];
      if (host === undefined) continue;
      Object.assign(host, { open, smoothed, variation, suspicion: suspicion ?? "", atLeast: atLeast === 1 });
      host.hasCounts = true;
      host.others = counts;
      host.notes = notes;
      host.os = os;
      host.path = path;
    }
  }
  const byIp = new Map(found.map((host) => [host.ip, host]));
  for (const { ip, name } of last.summary?.hostnames ?? []) {
    const host = byIp.get(ip);
    if (host === undefined || host.name.toLowerCase().split(", ").includes(name)) continue;
    host.name = host.name === "" ? name : `${host.name}, ${name}`;
  }
  return {
    head: lines[0]?.head ?? {},
    has: (field) => fields === undefined || fields.includes(field),
    summary: last.summary,
    hosts,
    causes,
    services,
    found: detected,
    rows,
    tally: last.tally ?? [],
    times: last.times ?? [0],
    unlisted: last.unlisted ?? 0,
    quiet: last.quiet ?? [],
    unreached: last.unreached ?? [],
    changes: last.changes,
  };
}

/** Ports of a protocol. */
const PORTS = 65536;
/** The numbers of ports: those of TCP, and behind them those of another protocol. */
export const PORT_NUMBERS = 2 * PORTS;

/**
 * A number of its own for each port of each protocol.
 *
 * @param {number} port
 * @param {string} [proto]
 */
export function portNumber(port, proto = "tcp") {
  return proto === "tcp" ? port : PORTS + port;
}

/**
 * A port as text: of another protocol than TCP with its name, which is UDP.
 *
 * @param {number} number
 */
export function portText(number) {
  return number < PORTS ? `${number}` : `${number - PORTS}/udp`;
}

/**
 * A number of its own for each port of each host.
 *
 * @param {number} rank
 * @param {number} number
 */
export function portKey(rank, number) {
  return rank * PORT_NUMBERS + number;
}

/**
 * The word that finds ports: without a protocol, a number finds those of both.
 *
 * @param {Pick<Scan, "rows">} scan
 * @param {number[]} numbers
 */
export function portSearch({ rows }, numbers) {
  const isTcp = rows.number.every((number) => number < PORTS);
  return `port:${numbers.map((number) => number < PORTS && !isTcp ? `${number}/tcp` : portText(number)).join(",")}`;
}

/**
 * The key of a row's port.
 *
 * @param {Pick<Scan, "rows">} scan
 * @param {number} row
 */
export function keyOf({ rows }, row) {
  return portKey(rows.host[row] ?? 0, rows.number[row] ?? 0);
}

/**
 * The service of a row's port: what its replies showed, or else the one usually found there.
 *
 * @param {Pick<Scan, "rows" | "services" | "found">} scan
 * @param {number} row
 */
export function serviceOf(scan, row) {
  const { rows, services, found } = scan;
  return found.get(keyOf(scan, row))?.service ?? services.get(rows.number[row] ?? 0) ?? "";
}

/**
 * The same for people: a name that no reply has shown is marked.
 *
 * @param {Pick<Scan, "rows" | "services" | "found">} scan
 * @param {number} row
 */
export function shownService(scan, row) {
  const service = serviceOf(scan, row);
  return service === "" || scan.found.has(keyOf(scan, row)) ? service : `${service}?`;
}

/**
 * Product and version that the replies of a row's port showed.
 *
 * @param {Pick<Scan, "rows" | "found">} scan
 * @param {number} row
 */
export function versionOf(scan, row) {
  return scan.found.get(keyOf(scan, row))?.version ?? "";
}

/**
 * @param {string} ip
 * @param {string} name
 * @returns {Host}
 */
function newHost(ip, name) {
  const address = ipv4Number(ip);
  return {
    ip,
    name,
    address,
    key: address >= 0 ? "" : ipv6Key(ip),
    rank: 0,
    firstRow: 0,
    endRow: 0,
    open: 0,
    smoothed: 0,
    variation: 0,
    suspicion: "",
    notes: [],
    os: "",
    path: [],
    atLeast: false,
    hasCounts: false,
    others: [],
  };
}

/**
 * Rows as columns, by host and port.
 *
 * @param {Line[]} lines
 * @param {Host[]} found
 * @param {number} count
 * @param {(string | undefined)[]} protocols by cause
 * @returns {Rows}
 */
function orderRows(lines, found, count, protocols) {
  // Port, protocol, and the row's place in the order of the lines, are one number under 2^53, of which a sort without a
  // function of its own makes short work.
  const ranks = Uint32Array.from(found, ({ rank }) => rank);
  const raw = new Float64Array(count * ROW_MEMBERS);
  const keys = new Float64Array(count);
  let at = 0;
  for (const { rows = [] } of lines) {
    raw.set(rows, at);
    at += rows.length;
  }
  const byHost = new Uint32Array(found.length + 1);
  for (let row = 0; row < count; row++) {
    const next = (ranks[raw[row * ROW_MEMBERS] ?? 0] ?? 0) + 1;
    byHost[next] = (byHost[next] ?? 0) + 1;
  }
  for (let host = 0; host < found.length; host++) byHost[host + 1] = (byHost[host + 1] ?? 0) + (byHost[host] ?? 0);
  const free = byHost.slice();
  for (let row = 0; row < count; row++) {
    const rank = ranks[raw[row * ROW_MEMBERS] ?? 0] ?? 0;
    const isOther = (protocols[raw[row * ROW_MEMBERS + 2] ?? 0] ?? "tcp") === "tcp" ? 0 : 1;
    keys[free[rank] ?? 0] = (2 * (raw[row * ROW_MEMBERS + 1] ?? 0) + isOther) * 2 ** 32 + row;
    free[rank] = (free[rank] ?? 0) + 1;
  }
  for (let host = 0; host < found.length; host++) keys.subarray(byHost[host], byHost[host + 1]).sort();
  const rows = {
    count,
    host: new Uint32Array(count),
    port: new Uint16Array(count),
    number: new Uint32Array(count),
    cause: new Uint32Array(count),
    ttl: new Uint8Array(count),
    rtt: new Float64Array(count),
    tries: new Uint32Array(count),
  };
  for (let row = 0; row < count; row++) {
    const from = (keys[row] ?? 0) % 2 ** 32 * ROW_MEMBERS;
    rows.host[row] = ranks[raw[from] ?? 0] ?? 0;
    rows.port[row] = raw[from + 1] ?? 0;
    rows.cause[row] = raw[from + 2] ?? 0;
    rows.number[row] = portNumber(raw[from + 1] ?? 0, protocols[raw[from + 2] ?? 0]);
    rows.ttl[row] = raw[from + 3] ?? 0;
    rows.rtt[row] = raw[from + 4] ?? 0;
    rows.tries[row] = raw[from + 5] ?? 0;
  }
  return rows;
}

/**
 * Returns the number of a host's ports in a state; -1 if it is unknown.
 *
 * @param {Host} host
 * @param {string} state
 */
export function stateCount(host, state) {
  if (state === "open") return host.open;
  if (!host.hasCounts) return -1;
  return host.others.reduce((sum, [name, , count]) => name === state ? sum + count : sum, 0);
}

/**
 * Returns the status of a host: `up` if it replied itself; `silent` without any reply; `absent` if others reported it as
 * unreachable, `rejected` if they reported it as prohibited; `undecided` if it was not probed to the end.
 *
 * @param {Host} host
 * @returns {"up" | "silent" | "absent" | "rejected" | "undecided"}
 */
export function hostStatus({ open, hasCounts, others }) {
  const isSilent = (/** @type {string} */ reason) => reason === "no-response";
  const isReply = (/** @type {State} */ state, /** @type {string} */ reason) =>
    /^(reset|conn-|rst-)/.test(reason) || state === "closed" && reason === "port-unreach";
  if (open > 0 || !hasCounts || others.some(([state, reason]) => isReply(state, reason))) return "up";
  const errors = others.filter(([state, reason]) => state === "filtered" && !isSilent(reason));
  if (errors.length > 0) return errors.every(([, reason]) => ABSENCE.test(reason)) ? "absent" : "rejected";
  return others.some(([, reason]) => isSilent(reason)) ? "silent" : "undecided";
}
