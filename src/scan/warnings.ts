/**
 * Warnings of a whole scan: local conditions, missing replies, and replies that were not sent by the hosts.
 *
 * @module
 */

import type { ProxyFindings } from "../engine/proxies.ts";
import type { FallenSilent, LimitedErrors, RationedErrors, SilenceReport } from "../engine/silences.ts";
import { REASONS } from "../result/reasons.ts";
import type { LocalReport } from "../local/machine.ts";
import { counted, grouped, spanText } from "../base/text.ts";
import type { Calibration } from "./calibration.ts";
import { sum, unionOf } from "./snapshot.ts";
import type { HostAddresses } from "../result/port_result.ts";

/** Hosts that a warning names. */
const MAX_NAMED = 3;

/** Returns the warnings from the local reports of all workers, a line each. `isOverHosts` is true for a scan without ports. */
export function localWarnings(
  reports: readonly LocalReport[],
  addresses: HostAddresses,
  isOverHosts: boolean,
): string[] {
  const notProbed = new Map<string, number>();
  for (const [why, ports] of reports.flatMap((report) => report.notProbed)) {
    notProbed.set(why, (notProbed.get(why) ?? 0) + ports);
  }
  const [what, done] = isOverHosts ? ["ping", "sent"] : ["port", "probed"];
  const warnings = [...notProbed].map(([why, count]) =>
    `${why}: ${counted(count, what)} ${count === 1 ? "was" : "were"} not ${done}`
  );
  const silent = unionOf(reports.map((report) => report.silent));
  if (silent.length === 1) {
    const host = silent[0]!;
    warnings.push(`${addresses.text(host)} answers ${resolutionOf(host, addresses)}, but no probe: the host is up`);
  } else if (silent.length > 1) {
    const resolutions = [...new Set(Array.from(silent, (host) => resolutionOf(host, addresses)))].join(" or ");
    warnings.push(`${grouped(silent.length)} hosts on own links answer ${resolutions}, but no probe: they are up`);
  }
  const most = (which: keyof LocalReport["lostReplies"]) =>
    Math.max(...reports.map((report) => report.lostReplies[which]));
  const [reversePath, firewall] = [most("reversePath"), most("firewall")];
  if (reversePath > 0) {
    warnings.push(
      `The reverse-path filter of this machine (net.ipv4.conf.*.rp_filter) dropped ${
        counted(reversePath, "packet")
      }: they came by another ` +
        "interface than packets to their senders leave by, and may be replies to connections. Silence shows nothing here. " +
        "Scan as root without -sT, or set rp_filter to 2",
    );
  }
  if (firewall > 0) {
    warnings.push(
      `This machine dropped ${
        counted(firewall, "packet")
      } that came in, as its packet filter does: they may be replies to ` +
        "the probes. Silence shows nothing here. Scan as root without -sT, or let replies pass (ct state established,related)",
    );
  }
  return [...warnings, ...new Set(reports.flatMap((report) => report.notes))];
}

/** Returns how the link-layer address of a host is asked for. */
function resolutionOf(host: number, addresses: HostAddresses): string {
  return addresses.text(host).includes(":") ? "neighbor solicitations" : "ARP";
}

/** Returns the warnings about replies that proxies sent in place of the hosts, a line each. */
export function proxyWarnings(
  { ownSide, everyAddress, rstSpoof, blocked, limited }: ProxyFindings,
  addresses: HostAddresses,
): string[] {
  const warnings: string[] = [];
  const [own] = ownSide;
  if (own !== undefined) {
    warnings.push(
      `These replies are generated on your side, or by the next hop: the TTL of ${
        addresses.text(own)
      } is not decremented ` +
        `beyond a gateway, and a SYN with TTL 1 is answered. States are those of a proxy's connect()`,
    );
  }
  if (everyAddress.size > 0) {
    warnings.push(
      `Something answers for every address: nearly everything is open, and so are control ports of ` +
        `${[...everyAddress].slice(0, 3).map((host) => addresses.text(host)).join(", ")}. Open says nothing here`,
    );
  }
  const [refused, ...others] = rstSpoof;
  if (refused !== undefined) {
    const more = others.length === 0 ? "" : ` and ${counted(others.length, "more host")}`;
    warnings.push(
      `Another device sends RSTs in the place of ${
        addresses.text(refused)
      }${more} (rst-spoof): single probes were replied to by ` +
        "RST and by SYN-ACK. Closed says nothing there",
    );
  }
  const [blocking, ...rest] = blocked;
  if (blocking !== undefined) {
    const more = rest.length === 0 ? "" : ` and ${counted(rest.length, "more host")}`;
    warnings.push(
      `${addresses.text(blocking)}${more} ${rest.length === 0 ? "refuses" : "refuse"} ports by now that replied ` +
        "otherwise before (blocked), so that closed and filtered may mean just that. Scan more slowly",
    );
  }
  const [silent, ...further] = limited;
  if (silent !== undefined) {
    const more = further.length === 0 ? "" : ` and ${counted(further.length, "more host")}`;
    warnings.push(
      `An open port of ${addresses.text(silent)}${more} did not reply again while others were silent (limited): ` +
        "something drops what is beyond a rate, so that filtered ports may be open. Scan more slowly (--max-rate)",
    );
  }
  return warnings;
}

/** Returns the warning about hosts that reset probes to open ports too. */
export function calibrationWarnings(findings: Calibration["findings"] | undefined, addresses: HostAddresses): string[] {
  if (findings === undefined || findings.undecided === 0) return [];
  const [first, ...others] = findings.hosts;
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "more host")}`;
  return [
    `${addresses.text(first!)}${more} ${
      others.length === 0 ? "answers" : "answer"
    } RST from open ports too (rst-always): ` +
    `${counted(findings.undecided, "closed result")} became undecided`,
  ];
}

/** Hosts that stopped replying are listed up to this number; more are counted. */
const MAX_FALLEN = 3;
/** Sets of senders of ICMP errors that have a line each up to this number; more have one together. */
const MAX_RATIONED = 3;

/** Returns the explanations of missing replies, from the passes of all workers, a line each. */
export function silenceWarnings(
  passes: readonly { readonly silences: SilenceReport; readonly isOverHosts: boolean }[],
  addresses: HostAddresses,
): string[] {
  const reports = passes.map(({ silences }) => silences);
  const warnings = fallenWarnings(joinFallen(reports.flatMap((report) => report.fallen)), addresses);
  for (const [what, isOverHosts] of [["ping", true], ["port", false]] as const) {
    const rationed = passes.flatMap((pass) => pass.isOverHosts === isOverHosts ? pass.silences.rationed : []);
    for (const { senders, answered, silent } of joinRationed(rationed, addresses)) {
      warnings.push(
        `${sendersText(senders)} answered for ${grouped(answered)} of ${counted(answered + silent, what)} by ICMP ` +
          "errors; routers and hosts limit such errors, so the silence of the others may mean the same",
      );
    }
  }
  const limited = joinLimited(reports.flatMap((report) => report.limited), addresses);
  if (limited.length > 0) {
    const [{ sender, perSecond }] = limited as [Limited];
    const more = limited.length === 1 ? "" : ` and ${counted(limited.length - 1, "more sender")}`;
    warnings.push(
      `${sender}${more} ${limited.length === 1 ? "limits its" : "limit their"} ICMP errors` +
        `${limited.length === 1 ? ` to ${Number(perSecond.toFixed(1))} a second` : ""}: the silence of ${
          counted(sum(limited, ({ undecided }) => undecided), "UDP port")
        } shows nothing (icmp-limited). Give more time, or scan fewer ports`,
    );
  }
  const unsettled = reports.flatMap((report) => report.unsettled);
  if (unsettled.length > 0) {
    const [{ host, from, reason }] = unsettled as [SilenceReport["unsettled"][number]];
    const hosts = new Set(unsettled.map((each) => each.host)).size;
    warnings.push(
      `${addresses.text(from)} refuses a part of the probes (${REASONS[reason]}${
        from === host ? "" : ` for ${addresses.text(host)}`
      })${hosts === 1 ? "" : `, as do others for ${counted(hosts - 1, "more host")}`}: ${
        counted(sum(unsettled, ({ ports }) => ports), "result")
      } may show that alone. Scan more slowly (--max-rate)`,
    );
  }
  const timedOut = unionOf(reports.map((report) => report.timedOut));
  if (timedOut.length > 0) {
    const first = Array.from(timedOut.subarray(0, MAX_NAMED), (host) => addresses.text(host)).join(", ");
    const more = timedOut.length > MAX_NAMED ? ` and ${grouped(timedOut.length - MAX_NAMED)} more` : "";
    warnings.push(`${counted(timedOut.length, "host")} timed out (--host-timeout): ${first}${more}`);
  }
  if (reports.some(({ isEarly }) => isEarly)) {
    warnings.push("Silence was not waited for as long as a router takes to report a dead host (3.1 s): see -T3");
  }
  return warnings;
}

/** ICMP errors of senders, which are given as text: workers have different numbers for one sender. */
interface Rationed extends Omit<RationedErrors, "senders"> {
  readonly senders: readonly string[];
}

/** Merges the entries of each set of senders, and all of them if they are many. */
function joinRationed(rationed: readonly RationedErrors[], addresses: HostAddresses): Rationed[] {
  const each = rationed.map((entry) => ({ ...entry, senders: entry.senders.map((sender) => addresses.text(sender)) }));
  const groups = Map.groupBy(each, ({ senders }) => senders.toSorted().join());
  return [...groups.size > MAX_RATIONED ? [each] : groups.values()].map((alike) => ({
    senders: [...new Set(alike.flatMap(({ senders }) => senders))],
    answered: sum(alike, ({ answered }) => answered),
    silent: sum(alike, ({ silent }) => silent),
  }));
}

function sendersText(senders: readonly string[]): string {
  const named = senders.slice(0, MAX_NAMED);
  if (senders.length > MAX_NAMED) {
    return `${named.join(", ")} and ${counted(senders.length - MAX_NAMED, "more sender")}`;
  }
  return named.length === 1 ? named[0]! : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

/** The limit of one sender of ICMP errors, which is given as text. */
interface Limited extends Omit<LimitedErrors, "sender"> {
  readonly sender: string;
}

/** Merges the entries of each sender. */
function joinLimited(limited: readonly LimitedErrors[], addresses: HostAddresses): Limited[] {
  return Array.from(Map.groupBy(limited, ({ sender }) => addresses.text(sender)), ([sender, each]) => ({
    sender,
    perSecond: Math.max(...each.map(({ perSecond }) => perSecond)),
    undecided: sum(each, ({ undecided }) => undecided),
  }));
}

/** Merges the entries of each host: workers probe ports of the same hosts. */
function joinFallen(fallen: readonly FallenSilent[]): FallenSilent[] {
  return Array.from(Map.groupBy(fallen, ({ host }) => host), ([host, each]) => ({
    host,
    afterMs: Math.max(...each.map(({ afterMs }) => afterMs)),
    replies: each.reduce((sum, { replies }) => sum + replies, 0),
    isGone: each.some(({ isGone }) => isGone),
    reportedBy: each.find(({ reportedBy }) => reportedBy !== 0)?.reportedBy ?? 0,
  }));
}

function fallenWarnings(fallen: readonly FallenSilent[], addresses: HostAddresses): string[] {
  if (fallen.length > MAX_FALLEN) {
    const first = Math.min(...fallen.map(({ afterMs }) => afterMs));
    return [
      `${grouped(fallen.length)} hosts stopped replying, the first ${
        spanText(first)
      } after the scan began: they block ` +
      "this scanner, or the path to them failed. Scan them again, more slowly",
    ];
  }
  return fallen.map((each) =>
    `${addresses.text(each.host)} stopped replying ${spanText(each.afterMs)} after the scan began, after ` +
    `${counted(each.replies, "reply", "replies")}: ${causeOf(each, addresses)}`
  );
}

function causeOf({ host, isGone, reportedBy }: FallenSilent, addresses: HostAddresses): string {
  if (isGone) return `it does not answer ${resolutionOf(host, addresses)} either, so it went down`;
  if (reportedBy !== 0) return `${addresses.text(reportedBy)} reports it as unreachable, so it went down`;
  return "it probably blocks this scanner. Scan it more slowly";
}
