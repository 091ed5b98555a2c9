/**
 * The interface of report formats. A writer turns results into text as they arrive; its caller (`src/cli/report.ts`) writes the
 * text to files.
 *
 * @module
 */
import { type Pass, passesNamed, probesHosts, techniquesOfPort } from "../result/pass.ts";
import type { NamesByHost, PortResult, ResultList } from "../result/port_result.ts";
import type { ScanShare } from "../result/share.ts";
import type { State } from "../result/states.ts";
import type { HostnamesSoFar, Progress, Summary } from "../result/summary.ts";
import type { ScanChanges } from "./changes.ts";
import type { Field } from "./fields.ts";
import type { PortsText } from "./ports_seen.ts";

/** The facts about a scan at its start. */
export interface ScanHead {
  /** Hosts to scan. */
  readonly hosts: number;
  /** Ports of hosts to probe. */
  readonly probes: number;
  /** The probed ports; undefined if they are not known any more. */
  readonly ports?: PortsText | undefined;
  /** Those of UDP, if ports of TCP are probed as well. */
  readonly udpPorts?: PortsText | undefined;
  /** The scan technique; several are joined by `+`. */
  readonly technique: string;
  /** True with service detection. */
  readonly detectsServices?: boolean;
  /** Its passes, if their protocols are known. */
  readonly passes?: readonly Pass[];
  /** The part of the whole scan, and the options that its shards have in common, as flags; undefined if they are not known. */
  readonly share?: ScanShare | undefined;
  readonly options?: readonly string[] | undefined;
  /** The start, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The command line, as typed. */
  readonly args: readonly string[];
  /** synscan's version. */
  readonly version: string;
  /** The target names of hosts, if there are any. */
  readonly names?: NamesByHost;
  /** The names of hosts by reverse DNS, as far as they are known, if any are looked up. */
  readonly hostnames?: Pick<HostnamesSoFar, "of">;
  /** The targets, as the user named them. */
  readonly targets?: string;
  /** The source addresses of probes and the name of the machine, if known. */
  readonly sources?: readonly string[];
  readonly machine?: string;
  /** First and last IPv4 address of each range of hosts to scan, as numbers; undefined if they are too many. */
  readonly ranges?: readonly (readonly [first: number, last: number])[];
}

/** A port as one technique probed it. */
export type ProbedPort = Pick<PortResult, "ip" | "port" | "proto" | "technique">;

/** Returns true for a scan of several techniques: a port has a result for each. */
export function hasSeveral(head: Pick<ScanHead, "technique" | "passes">): boolean {
  return techniqueCount(head) > 1;
}

/** Returns true for a scan of ports of another protocol than TCP: a number alone does not tell which port it is. */
export function hasOtherProtocols(
  { technique, passes = passesNamed(technique) }: Pick<ScanHead, "technique" | "passes">,
): boolean {
  return passes.some((pass) => !probesHosts(pass) && pass.proto !== "tcp");
}

/** Returns the number of techniques that give a result for one port each; 0 for a scan of hosts alone. */
export function techniqueCount(
  { technique, passes = passesNamed(technique) }: Pick<ScanHead, "technique" | "passes">,
): number {
  return techniquesOfPort(passes);
}

/** The ports of a host that one technique probes. */
export interface PassPorts extends Pick<Pass, "technique" | "proto"> {
  readonly ports: PortsText;
}

/** Returns the ports of each host by technique; none if they are not known, or a target has ports of its own. */
export function portsOfEach(
  { hosts, probes, technique, passes = passesNamed(technique), ports, udpPorts = ports }: ScanHead,
): readonly PassPorts[] {
  if (ports === undefined || udpPorts === undefined) return [];
  const each = passes.map((pass) => ({ ...pass, ports: pass.proto === "udp" ? udpPorts : ports }));
  return probes === hosts * each.reduce((sum, { ports }) => sum + ports.count, 0) ? each : [];
}

/** The options of a report. */
export interface ReportOptions {
  /** Only ports that are or may be open. */
  readonly openOnly: boolean;
  /** With the reason of each state. */
  readonly reason: boolean;
  /** 0, or how often `-v` was given. */
  readonly verbosity: number;
  /** With color, if the format has any. */
  readonly color: boolean;
  /** The width at which lines are wrapped; they are not wrapped if it is undefined. */
  readonly columns?: number | undefined;
  /** Without a closing summary, if the format is for people. */
  readonly quiet?: boolean;
  /** Returns a port's state in the scan before, if only changes are reported; undefined if it is unknown. */
  readonly stateBefore?: ((probed: ProbedPort) => State | undefined) | undefined;
  /**
   * The chosen fields; every one if undefined. A format of fixed shape keeps its order and what it requires, and omits the rest
   * if it can.
   */
  readonly fields?: readonly Field[] | undefined;
}

/** A piece of a document: text, or its bytes in UTF-8, which are valid until the next call of its writer. */
export type Piece = string | Uint8Array<ArrayBuffer>;

/**
 * A format being written. Calls come in the order `start`, `results` any number of times, `end` once; the text of all
 * of them, one after the other, is the document.
 *
 * A document may be cut short between two calls: what `tail` returns then makes it whole. Another writer may continue it after
 * `start` with the same head and `results` with the same results.
 */
export interface Writer {
  /** Opens the document. */
  start(head: ScanHead): string;
  /**
   * Takes results, decided by `nowMs` (milliseconds since 1970). The piece is empty if a format needs all results before it
   * writes any.
   */
  results(batch: ResultList, nowMs: number): Piece;
  /** Takes what discovery has found of hosts; missing if a format has no place for it. */
  hosts?(batch: ResultList): Piece;
  /** Reports progress, between two calls of `results`; missing if a format has no place for it. */
  progress?(progress: Progress): string;
  /** Takes the changes since an earlier scan, before `end`; missing if a format has no place for them. */
  compared?(changes: ScanChanges): void;
  /** Returns the text that would complete the document now, without a summary. */
  tail?(): string;
  /** Closes the document, in pieces that need not be in memory together. `endedAtMs` is in milliseconds since 1970. */
  end(summary: Summary, endedAtMs: number): Iterable<string>;
}

/** Returns true for the states of `--open`: as with nmap, ports that may be open as well. */
export function mayBeOpen(state: State): boolean {
  return state === "open" || state === "open|filtered" || state === "unfiltered";
}
