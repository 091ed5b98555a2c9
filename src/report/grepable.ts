/**
 * nmap's grepable format (`-oG`): a line for each host, with fields separated by tabs and ports by commas.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import { versionText } from "../result/finding.ts";
import type { Summary } from "../result/summary.ts";
import { chooser } from "./fields.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import {
  type HostReport,
  isAbsent,
  isTimedOut,
  isUnknown,
  type PortGroup,
  type PortRow,
  shownOf,
} from "./host_report.ts";
import { otherHostname, withHostnames } from "./hostnames.ts";
import { aliasText, namesTexts, noteText } from "./notes.ts";
import { remarksByHost } from "./remarks.ts";
import { osFamily, osText } from "./os.ts";
import { endedComment, initiatedComment } from "./normal.ts";
import { NO_PORTS, PortsSeen, type PortsText } from "./ports_seen.ts";
import { shownService } from "./service.ts";
import { groupsOf, groupsText, portsOf } from "./techniques.ts";
import { nmapState, printable } from "../base/text.ts";
import { hasSeveral, mayBeOpen, type ReportOptions, type ScanHead, type Writer } from "./writer.ts";

/** Writes hosts as grepable lines, all of them at the end. */
export class GrepableWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #has: (field: string) => boolean;
  readonly #aggregator: HostAggregator;
  readonly #ports = new PortsSeen();
  #head: ScanHead | undefined;

  constructor(options: ReportOptions, aggregator: HostAggregator) {
    this.#openOnly = options.openOnly;
    this.#has = chooser(options.fields);
    this.#aggregator = aggregator;
  }

  start(head: ScanHead): string {
    this.#head = head;
    return initiatedComment(head) + (head.ports === undefined ? "" : portsComment(portsIn(head, head.ports)));
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

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    if (this.#head?.ports === undefined) yield portsComment([this.#ports.text("tcp"), this.#ports.text("udp")]);
    const report = this.#aggregator.report(this.#head?.hosts ?? summary.hosts);
    const remarksOn = remarksByHost(summary, this.#aggregator);
    for (const host of withHostnames(report.hostsAndAbsent(this.#head?.names), summary)) {
      if (this.#openOnly && host.maybeOpenCount === 0) continue;
      // The fields of a host's lines are fixed: notes are comments.
      const { suspect, notes, os, alias } = remarksOn(host.ip);
      const remarks = notes.map((note) => `# Note on ${host.ip}: ${noteText(note)}\n`);
      if (alias !== undefined) remarks.push(`# Note on ${host.ip}: ${aliasText(alias)}\n`);
      for (const text of this.#has("names") ? namesTexts(host) : []) remarks.push(`# Names of ${host.ip}: ${text}\n`);
      const hostname = this.#has("names") ? otherHostname(host) : undefined;
      if (hostname !== undefined) remarks.push(`# rDNS record for ${host.ip}: ${printable(hostname)}\n`);
      if (os.length > 1) remarks.push(`# OS of ${host.ip}: ${osText(os)}\n`);
      yield remarks.join("") + this.#host(host, suspect, osFamily(os));
    }
    yield endedComment(summary, endedAtMs);
  }

  #host(host: HostReport, suspicion: string | undefined, family: string | undefined): string {
    const has = this.#has;
    const [name = host.hostname ?? ""] = host.names;
    const who = `Host: ${host.ip} (${has("names") ? fieldText(name) : ""})`;
    const { rows, hidden: all } = shownOf(host, ({ state }) => mayBeOpen(state) || !this.#openOnly);
    const technique = this.#head?.technique ?? "";
    const several = this.#head !== undefined && hasSeveral(this.#head);
    const { first: hidden, others } = several ? groupsOf(all, technique) : { first: all, others: new Map() };
    const each = portsOf(rows, several);
    const ports = each.map(({ shown }) => {
      const { port, proto, state, finding } = shown;
      const service = !has("service") || shown.service === undefined && finding === undefined
        ? ""
        : shownService(shown);
      const version = !has("version") || finding === undefined ? "" : versionText(finding);
      return `${port}/${nmapState(state)}/${proto}//${fieldText(service)}//${fieldText(version)}/`;
    });
    let text = several ? techniqueComments(host.ip, rows, others) : "";
    text += suspicion === undefined ? "" : `# Suspect: ${host.ip} (${suspicion})\n`;
    text += `${who}\tStatus: ${isAbsent(host) ? "Down" : isUnknown(host) ? "Unknown" : "Up"}\n`;
    if (isTimedOut(host)) text += `${who}\tStatus: Timeout\n`;
    if (ports.length === 0 && hidden.length === 0) return text;
    text += `${who}\tPorts: ${ports.join(", ")}`;
    // The format has room for one state only.
    const [first] = hidden;
    if (first !== undefined) {
      const count = hidden.reduce((sum, { state, count }) => state === first.state ? sum + count : sum, 0);
      text += `\tIgnored State: ${nmapState(first.state)} (${count})`;
    }
    if (family !== undefined) text += `\tOS: ${fieldText(family)}`;
    return `${text}\n`;
  }
}

/**
 * Returns the comment with the probed ports, as of nmap `-v`. It is always written: brutespray rejects a file whose second line
 * is the closing comment.
 */
function portsComment([tcp, udp]: readonly [tcp: PortsText, udp: PortsText]): string {
  return `# Ports scanned: TCP(${tcp.count};${tcp.text}) UDP(${udp.count};${udp.text}) SCTP(0;) PROTOCOLS(0;)\n`;
}

/** Returns the ports of TCP and of UDP that a scan probes. */
function portsIn({ passes, udpPorts = NO_PORTS }: ScanHead, ports: PortsText): [tcp: PortsText, udp: PortsText] {
  const isUdp = passes?.every(({ proto }) => proto === "udp") === true;
  return isUdp ? [NO_PORTS, ports] : [ports, udpPorts];
}

/** Returns a comment for each technique with its results: the format has room for one state of a port. */
function techniqueComments(
  ip: string,
  rows: readonly PortRow[],
  others: ReadonlyMap<string, readonly PortGroup[]>,
): string {
  const byTechnique = Map.groupBy(rows, ({ technique }) => technique);
  const techniques = new Set([...byTechnique.keys(), ...others.keys()]);
  return Array.from(techniques, (technique) => {
    const ports = (byTechnique.get(technique) ?? []).map(({ port, proto, state }) => `${port}/${state}/${proto}`);
    const groups = others.get(technique);
    const counts = groups === undefined ? [] : [groupsText(groups)];
    return `# Technique ${technique} on ${ip}: ${[...ports, ...counts].join(", ")}\n`;
  }).join("");
}

// The separators of fields may not occur in one.
function fieldText(text: string): string {
  return printable(text).replace(/[/,()]/g, "|");
}
