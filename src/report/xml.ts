/**
 * nmap's XML (`-oX`), valid by nmap's document type (nmap.dtd, `xmloutputversion` 1.05).
 *
 * Hosts are in the order of their addresses, so that they are written at the end. Until then the file holds a valid document
 * with those that are known (`src/cli/snapshots.ts`).
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import { type Finding, isIdentified } from "../result/finding.ts";
import { passesNamed } from "../result/pass.ts";
import type { Summary } from "../result/summary.ts";
import { chooser } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import {
  type HostReport,
  inNmapWords,
  isAbsent,
  isTimedOut,
  isUnknown,
  type PortGroup,
  shownOf,
} from "./host_report.ts";
import { HostTexts } from "./host_texts.ts";
import { withHostnames } from "./hostnames.ts";
import { aliasText, noteText } from "./notes.ts";
import { type HostRemarks, remarksByHost } from "./remarks.ts";
import { osFamily, osText } from "./os.ts";
import { PortsSeen } from "./ports_seen.ts";
import { filteredText, lastHopsByPort } from "./traces.ts";
import { groupsOf, groupsText, type PortOfTechniques, portsOf } from "./techniques.ts";
import { commandText, dateText, nmapState, printable, roundTripDigits, scannedText } from "../base/text.ts";
import { hasSeveral, mayBeOpen, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

/** nmap's lowest timeout is 100 ms. */
const LEAST_TIMEOUT_MICROS = 100_000;

/** Characters of the attribute of an address before it. */
const ADDRESS_AT = ' addr="'.length;

/** Writes nmap's XML. */
export class XmlWriter implements Writer {
  readonly #options: ReportOptions;
  readonly #has: (field: string) => boolean;
  readonly #aggregator: HostAggregator;
  readonly #ports = new PortsSeen();
  #head: ScanHead | undefined;
  /** True with several techniques. */
  #several = false;
  #tail = "";
  /** The elements of hosts before and behind their addresses, without their ends. */
  readonly #texts = new HostTexts<readonly [string, string]>();

  constructor(options: ReportOptions, aggregator: HostAggregator) {
    this.#options = options;
    this.#has = chooser(options.fields);
    this.#aggregator = aggregator;
  }

  start(head: ScanHead): string {
    this.#head = head;
    this.#several = hasSeveral(head);
    const opening = this.#opening(head);
    const stats = closingXml(CUT_OFF, head.startedAtMs, { up: 0, hosts: 0 });
    this.#tail = head.ports === undefined ? opening + stats : stats;
    return head.ports === undefined ? "" : opening;
  }

  results(batch: ResultList): string {
    if (this.#head?.ports === undefined) this.#ports.take(batch);
    this.#aggregator.take(batch);
    return "";
  }

  hosts(batch: ResultList): string {
    this.#aggregator.take(batch);
    return "";
  }

  tail(): string {
    return this.#tail;
  }

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    const head = this.#head;
    if (head === undefined) return;
    const report = this.#aggregator.report(head.hosts);
    const remarksOn = remarksByHost(summary, this.#aggregator);
    const totals = { up: summary.hostsUp, hosts: summary.hosts };
    this.#tail = closingXml({ ...summary, ...CUT_OFF_FILE }, endedAtMs, totals);
    if (head.ports === undefined) yield this.#opening(head);
    for (const host of withHostnames(report.hostsAndAbsent(head.names), summary)) {
      if (this.#options.openOnly && host.maybeOpenCount === 0) continue;
      yield this.#hostOf(inNmapWords(host), remarksOn(host.ip), endedAtMs);
    }
    this.#tail = "";
    yield closingXml(summary, endedAtMs, totals);
  }

  #opening(head: ScanHead): string {
    const { technique, passes = passesNamed(technique), ports, udpPorts } = head;
    const techniques = passes.map(({ technique, proto }) => {
      const known = proto === "udp" ? udpPorts ?? ports : ports;
      const { count, text } = known ?? this.#ports.text(proto);
      return `<scaninfo type="${technique}" protocol="${proto}" numservices="${count}" services="${text}"/>\n`;
    });
    return openingXml(head, this.#options.verbosity, techniques);
  }

  #hostOf(host: HostReport, remarks: HostRemarks, endedAtMs: number): string {
    const { ip, kind } = host;
    const { suspect, notes, os, alias } = remarks;
    if (kind === undefined || suspect !== undefined || notes.length > 0 || alias !== undefined) {
      return this.#host(host, remarks, endedAtMs) + this.#times(host);
    }
    const [begin, end] = this.#texts.of(kind, os, () => {
      const text = this.#host(host, remarks, endedAtMs);
      const at = text.indexOf(` addr="${ip}"`) + ADDRESS_AT;
      return [text.slice(0, at), text.slice(at + ip.length)];
    });
    return begin + ip + end + this.#times(host);
  }

  /** Returns the element of a host, without its end. */
  #host(host: HostReport, { suspect, notes, os, alias }: HostRemarks, endedAtMs: number): string {
    const { openOnly } = this.#options;
    const has = this.#has;
    const several = this.#several;
    const { answer, answerTtl = 0 } = host;
    const timedOut = isTimedOut(host) ? ' timedout="true"' : "";
    const lastHopOf = lastHopsByPort(host);
    const names = has("names") ? host.names : [];
    const hostname = has("names") ? host.hostname : undefined;
    if (isAbsent(host) || isUnknown(host)) {
      const state = isAbsent(host) ? "down" : "unknown";
      const reason = host.found?.reason === "host-unreach" ? "host-unreach" : "no-response";
      return `<host${timedOut}><status state="${state}" reason="${reason}" reason_ttl="0"/>\n${
        addressElements(host, names, hostname)
      }`;
    }
    // Programs that compare two files, such as ndiff, do not expect a `port` element of unknown state.
    const { rows, hidden: all } = shownOf(host, ({ state }) => mayBeOpen(state) || state !== "undecided" && !openOnly);
    const { first: hidden, others } = several
      ? groupsOf(all, this.#head!.technique)
      : { first: all, others: new Map<string, readonly PortGroup[]>() };
    const suspicion = suspect === undefined ? [] : [`suspect: ${suspect}`];
    const counted = Array.from(others, ([technique, groups]) => `${technique}: ${groupsText(groups)}`);
    const aliasing = alias === undefined ? [] : [aliasText(alias)];
    const guess = osText(os);
    const guesses = guess === undefined ? [] : [`OS guess: ${guess}`];
    const remarks = [...suspicion, ...notes.map(noteText), ...aliasing, ...guesses, ...counted].join("; ");
    const comment = remarks === "" ? "" : ` comment="${attribute(remarks)}"`;
    // As with nmap -Pn, a host without a reply is up because the user said so. It is not counted as up.
    return `<host starttime="${seconds(this.#head!.startedAtMs)}" endtime="${
      seconds(endedAtMs)
    }"${timedOut}${comment}>` +
      `<status state="up" reason="${answer ?? "user-set"}" reason_ttl="${has("ttl") ? answerTtl : 0}"/>
${addressElements(host, names, hostname)}<ports>${extraPorts(hidden, has)}${
        portsOf(rows, several).map((port) => {
          const own = port.shown.names;
          return portElement(port, {
            names: has("names") && own.length < names.length ? own : [],
            lastHop: lastHopOf(port.shown),
          }, has);
        }).join("")
      }</ports>
${osElement(osFamily(os))}${hostScript(host)}${traceElement(host, has)}`;
  }

  /** Returns the rest of the element. */
  #times(host: HostReport): string {
    const isListed = !isAbsent(host) && !isUnknown(host) && this.#has("rtt_ms");
    const roundTrip = isListed ? host.roundTrip ?? roundTripOf(host.found?.rttMs) : undefined;
    return `${roundTrip === undefined ? "" : timesElement(roundTrip)}</host>\n`;
  }
}

/** Returns the beginning of a document; `scans` are its elements `scaninfo`. */
export function openingXml(
  { args, startedAtMs, version }: Pick<ScanHead, "args" | "startedAtMs" | "version">,
  verbosity: number,
  scans: readonly string[] = [],
): string {
  const typed = attribute(commandText(["synscan", ...args]));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="${typed}" start="${seconds(startedAtMs)}" startstr="${dateText(startedAtMs)}" \
version="${version}" xmloutputversion="1.05">
${scans.join("")}<verbose level="${verbosity}"/>
<debugging level="0"/>
`;
}

/** Not scripts of its ports, with which ndiff fails. */
function hostScript({ trace }: HostReport): string {
  if (trace === undefined || trace.filtered.length === 0) return "";
  const output = attribute(trace.filtered.map(filteredText).join("; "));
  return `<hostscript><script id="where-filtered" output="${output}"/></hostscript>\n`;
}

/** As nmap's: hops that did not reply are missing. */
function traceElement({ trace }: HostReport, has: (field: string) => boolean): string {
  if (trace === undefined) return "";
  const hops = trace.hops.flatMap(({ ttl, ip, rttMs, hostname }) => {
    if (ip === undefined) return [];
    const rtt = rttMs === undefined || !has("rtt_ms") ? "--" : roundTripDigits(rttMs);
    const host = hostname === undefined || !has("names") ? "" : ` host="${attribute(hostname)}"`;
    return [`<hop ttl="${ttl}" ipaddr="${attribute(ip)}" rtt="${rtt}"${host}/>\n`];
  });
  const probe = trace.port === undefined ? "" : ` port="${trace.port}"`;
  return `<trace${probe} proto="${trace.proto}">\n${hops.join("")}</trace>\n`;
}

/** The least accuracy, in percent, of the guesses that nmap itself prints: one SYN-ACK shows little. */
const OS_ACCURACY = 85;

function osElement(family: string | undefined): string {
  if (family === undefined) return "";
  return `<os><osmatch name="${attribute(family)}" accuracy="${OS_ACCURACY}" line="0"/>\n</os>\n`;
}

function addressElements({ ip, found }: HostReport, names: readonly string[], hostname: string | undefined): string {
  const vendor = found?.vendor === undefined ? "" : ` vendor="${attribute(found.vendor)}"`;
  const mac = found?.mac === undefined ? "" : `<address addr="${found.mac.toUpperCase()}" addrtype="mac"${vendor}/>\n`;
  return hostnamesXml({ ip, names, hostname }, mac);
}

/** Returns the elements of a host's address, with `more` behind it, and of its names. */
export function hostnamesXml(
  { ip, names, hostname }: Pick<HostReport, "ip" | "names" | "hostname">,
  more = "",
): string {
  const elements = names.map((name) => hostnameElement(name, "user"));
  if (hostname !== undefined) elements.push(hostnameElement(hostname, "PTR"));
  return `<address addr="${attribute(ip)}" addrtype="${ip.includes(":") ? "ipv6" : "ipv4"}"/>
${more}<hostnames>
${elements.join("")}</hostnames>
`;
}

function hostnameElement(name: string, type: "user" | "PTR"): string {
  return `<hostname name="${attribute(name)}" type="${type}"/>\n`;
}

/** The summary of a file that was cut off before the scan had ended. */
const CUT_OFF = { ended: "failed", elapsedMs: 0, warnings: ["The scan was cut off"], trusted: false } as const;

/** The end of a file that does not have all hosts of its scan. */
const CUT_OFF_FILE = {
  ended: "failed",
  warnings: ["The file was cut off: hosts are missing"],
  trusted: false,
} as const;

/** Returns the end of a document: `hosts` is the number of all hosts. Those that are not up are `down`, in nmap's totals whatever their state is. */
export function closingXml(
  summary: Pick<Summary, "ended" | "elapsedMs" | "warnings" | "trusted">,
  endedAtMs: number,
  { up, hosts }: { readonly up: number; readonly hosts: number },
): string {
  const { ended, elapsedMs, warnings } = summary;
  const elapsed = (elapsedMs / 1000).toFixed(2);
  const text = `synscan ${ended} at ${dateText(endedAtMs)}; ${scannedText(hosts, up, elapsedMs)}`;
  const exit = ended === "done"
    ? 'exit="success"'
    : `exit="error" errormsg="${attribute(warnings.join("; ") || ended)}"`;
  return `<runstats><finished time="${seconds(endedAtMs)}" timestr="${dateText(endedAtMs)}" ` +
    `summary="${attribute(text)}" elapsed="${elapsed}" ${exit}/><hosts up="${up}" down="${
      hosts - up
    }" total="${hosts}"/>
</runstats>
</nmaprun>
`;
}

function extraPorts(groups: readonly PortGroup[], has: (field: string) => boolean): string {
  const byState = Map.groupBy(groups, ({ state }) => state);
  return [...byState].map(([state, reasons]) => {
    const count = reasons.reduce((sum, group) => sum + group.count, 0);
    const each = (has("reason") ? reasons : []).map((group) =>
      `<extrareasons reason="${group.reason}" count="${group.count}" proto="${group.proto}"/>\n`
    );
    return `<extraports state="${nmapState(state)}" count="${count}">\n${each.join("")}</extraports>\n`;
  }).join("");
}

/** The document type requires a reason and its TTL. Names of a port fit only in a script's output. */
function portElement(
  { shown: { port, proto, state, reason, ttl, from, service, finding }, all }: PortOfTechniques,
  { names, lastHop }: {
    readonly names: readonly string[];
    readonly lastHop: string | undefined;
  },
  has: (field: string) => boolean,
): string {
  const sender = from === undefined || !has("from") ? "" : ` reason_ip="${attribute(from)}"`;
  // Some readers (node-nmap 4) require the element.
  // Not in scripts: ndiff 7.93 fails where those of two files differ, and where a port has two.
  const results = all.map(({ technique, state, reason }) => `${technique}: ${state} (${reason})`).join("; ");
  const shown = finding === undefined || !has("version") ? undefined : finding;
  const known = [shown?.info ?? "", results, lastHop ?? ""].filter((text) => text !== "").join("; ");
  const name = has("service") ? service ?? "unknown" : "unknown";
  const named = has("service") || known !== "" || shown !== undefined ? serviceElement(name, known, shown) : "";
  return `<port protocol="${proto}" portid="${port}"><state state="${nmapState(state)}" ` +
    `reason="${reason}" reason_ttl="${has("ttl") ? ttl ?? 0 : 0}"${sender}/>${named}${
      scriptElement(shown, names)
    }</port>\n`;
}

/** The names of the attributes are the document type's. */
function serviceElement(name: string, extra: string, finding: Finding | undefined): string {
  const attributes = [
    ...[["name", name], ["product", finding?.product], ["version", finding?.version]],
    ...[["extrainfo", extra || undefined], ["tunnel", finding?.tunnel], ["hostname", finding?.hostname]],
    ...[["ostype", finding?.os], ["devicetype", finding?.device]],
  ].flatMap(([name, value]) => value === undefined ? [] : [` ${name}="${attribute(value)}"`]).join("");
  const how = isIdentified(finding) ? `method="probed" conf="${finding.confidence}"` : 'method="table" conf="3"';
  const names = (finding?.cpe ?? []).map((name) => `<cpe>${attribute(name)}</cpe>`).join("");
  return `<service${attributes} ${how}${names === "" ? "/>" : `>${names}</service>`}`;
}

/**
 * Returns the first of these that is known, as the output of nmap's script of that name. ndiff 7.93 fails where a port has two scripts,
 * and where the output of one has changed: the reply of an identified service, which may contain the time of day, is no banner.
 */
function scriptElement(finding: Finding | undefined, names: readonly string[]): string {
  const { tls, http, sshKeys = [], banner } = finding ?? {};
  const certificate: [title: string, value: string | undefined][] = [
    ["Subject", tls?.subject],
    ["Subject Alternative Name", tls?.names?.map((name) => `DNS:${name}`).join(", ")],
    ["Issuer", tls?.issuer],
    ["Not valid before", tls?.notBefore],
    ["Not valid after", tls?.expires],
    ["SHA-256", tls?.sha256],
  ];
  const scripts: [id: string, lines: readonly (string | undefined)[]][] = [
    ["ssl-cert", certificate.map(([title, value]) => value === undefined ? undefined : `${title}: ${value}`)],
    ["ssh-hostkey", sshKeys.map(({ type, bits, fingerprint }) => `${bits ?? "?"} ${fingerprint} (${type})`)],
    ["http-title", [http?.title]],
    ["banner", isIdentified(finding) ? [] : [banner]],
    ["names", [names.join(" ")]],
  ];
  for (const [id, lines] of scripts) {
    const output = lines.flatMap((line) => line === undefined || line === "" ? [] : [attribute(line)]).join("&#xa;");
    if (output !== "") return `<script id="${id}" output="${output}"/>`;
  }
  return "";
}

function timesElement({ smoothedMs, variationMs }: NonNullable<HostReport["roundTrip"]>): string {
  const [srtt, rttvar] = [Math.round(smoothedMs * 1000), Math.round(variationMs * 1000)];
  const timeout = Math.max(LEAST_TIMEOUT_MICROS, srtt + 4 * rttvar);
  return `<times srtt="${srtt}" rttvar="${rttvar}" to="${timeout}"/>\n`;
}

function roundTripOf(rttMs: number | undefined): HostReport["roundTrip"] {
  return rttMs === undefined ? undefined : { smoothedMs: rttMs, variationMs: rttMs / 2 };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Returns text as the value of an attribute: characters that XML 1.0 forbids (section 2.2) are replaced, markup is escaped. */
function attribute(text: string): string {
  return printable(text).toWellFormed().replace(/[\ufffe\uffff]/g, "\ufffd").replace(
    /[&<>"']/g,
    (char) => ENTITIES[char] ?? "",
  );
}
