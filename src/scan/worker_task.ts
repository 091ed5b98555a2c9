/**
 * The task of a worker and its reports: what passes between the threads of a scan. A worker has its own sockets, its own engine and
 * a shard of the probes. The first runs in the thread that began the scan; the others run in threads of their own and report the
 * same in messages.
 *
 * @module
 */

import type { PreparedRing } from "../../ffi/packet_ring.ts";
import type { OnAccepted } from "../driver/connect_driver.ts";
import type { OnServiceData } from "../driver/packet_driver.ts";
import type { EngineLimits } from "../engine/engine.ts";
import { NO_SILENCE, type SilenceReport } from "../engine/silences.ts";
import { type LocalReport, NO_LOCAL_REPORT } from "../local/machine.ts";
import type { Shard } from "../order/shard.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { Pass } from "../result/pass.ts";
import type { Summary } from "../result/summary.ts";
import type { Ipv6BookParts } from "../target/ipv6_book.ts";
import { portTiers } from "../target/port_tiers.ts";
import { type PortProtocol, PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import { ProbeSpace } from "../target/space.ts";
import type { OpenTransportOptions } from "../transport/open.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import type { Discovery } from "./discovery.ts";
import type { ScanOptions } from "./options.ts";

/** The remaining work of one pass of a worker: pending probes, and the position in its order from which nothing was sent yet. */
export interface RemainingWork {
  /** The first position that was not probed. */
  readonly position: number;
  /** Undecided probes before that position, as host, port, host, port, ... */
  readonly pending: Uint32Array<ArrayBuffer>;
  /** Probes before it that ICMP errors have decided, and that are to be checked, as `Remaining` has them. */
  readonly refused?: Uint32Array<ArrayBuffer> | undefined;
  /** Findings of passes over hosts, in the remaining work of each of them. */
  readonly found?: Found | undefined;
}

/** Hosts by state, each list as first, last, first, last, ... */
export interface Found {
  readonly up: Uint32Array<ArrayBuffer>;
  readonly absent: Uint32Array<ArrayBuffer>;
  readonly silent: Uint32Array<ArrayBuffer>;
  readonly undecided: Uint32Array<ArrayBuffer>;
}

/** The task of a worker. It can be sent to another thread. */
export interface WorkerTask {
  /** The blocks of the probe space: bounds of the hosts (first, last, first, last, ...), and their ports as text. */
  readonly blocks: readonly { readonly hosts: Uint32Array; readonly ports: readonly (readonly [number, number])[] }[];
  /** The addresses of hosts of IPv6, if there are any. */
  readonly ipv6?: Ipv6BookParts;
  /** The index of the worker. */
  readonly worker?: number;
  /** The blocks of the ports of UDP, if they are others than those. */
  readonly udpBlocks?: WorkerTask["blocks"];
  /** Ports never to be probed, not even by liveness probes. */
  readonly excludePorts: readonly (readonly [first: number, last: number])[];
  /** The number of probes of all workers without retransmissions, if it is known: for few, buffers are smaller. */
  readonly probes?: number | undefined;
  /** Hosts in the blocks that are not to be probed any more (first, last, first, last, ...): excluded on resuming. */
  readonly excludeHosts?: Uint32Array<ArrayBuffer>;
  /** The seed of the probe order. */
  readonly seed: number;
  /** The shard of that order. */
  readonly shard: Shard;
  /** The remaining work of each pass, if the scan is resumed. */
  readonly remaining?: readonly RemainingWork[];
  /** The passes, in their order. */
  readonly passes: readonly Pass[];
  /**
   * The number of the pass in whose results hosts beyond a gateway are that a router reports as absent while their ports are probed;
   * missing where their ports are reported.
   */
  readonly absentPass?: number | undefined;
  /** The hosts that are probed as a whole in passes before those over ports; the scan is then divided by host. */
  /** The hosts that are probed as a whole in passes before those over ports. */
  readonly discovery?: Discovery | undefined;
  /** The limits of this worker: its share, if there are several. */
  readonly limits: EngineLimits;
  /** Those of passes over own links. */
  readonly linkLimits?: EngineLimits | undefined;
  /** Interface, source address and port, time to live, transport and deadline. */
  readonly options: Pick<
    ScanOptions,
    | "interface"
    | "sourceIp"
    | "sourcePort"
    | "scanFlags"
    | "synOptions"
    | "ttl"
    | "transport"
    | "deadlineMs"
    | "hostTimeoutMs"
    | "dropPrivileges"
    | "ignoreRst"
  >;
  /** True if probes leave through sockets of the kernel where they else were packets: raw sockets are not allowed. */
  readonly usesSockets?: boolean | undefined;
  /** True if packets are sent by a thread of their own, if it is the only worker. */
  readonly sendsAside?: boolean;
  /** True if what services send is handed over. */
  readonly handsOverData?: boolean;
  /** If the scan ends early, ports that were never probed are reported one by one up to this number. */
  readonly maxNotProbed: number;
}

/** The choices made when the sockets were opened. */
export interface OpenedSockets {
  readonly transport: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The work that a scan had done at the moment of a snapshot. Counts are those of a {@linkcode Summary}.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const running = scan({ targets: "127.0.0.1", ports: "1-2000", workers: 1 });
 * for await (const _batch of running.batches()) {
 *   const { done } = await running.snapshot();
 *   console.log(done.sent, done.byState); // probes sent; open, closed, filtered, undecided
 *   break;
 * }
 * ```
 */
export interface ScanDone {
  /** Milliseconds that it took. */
  readonly elapsedMs: number;
  /** Ports decided, by code of the state. */
  readonly byState: readonly number[];
  /** Probe packets sent. */
  readonly sent: number;
  /** The sum of the sending times of all workers, in milliseconds. */
  readonly sendingMs: number;
  /** Replies that decided a port. */
  readonly answered: number;
  /** Round trips that came back. */
  readonly returned: number;
  /** Round trips proven lost. */
  readonly lost: number;
  /** The expected number of wrong results. */
  readonly expectedWrong: number;
  /** Genuine replies that came after their result. */
  readonly late: number;
  /** Replies to probes that already had one. */
  readonly duplicates: number;
  /** Segments that acknowledge a probe with FIN and without SYN. */
  readonly finAcks: number;
  /** Packets that match no probe. */
  readonly unmatched: number;
  /** The number of times that the kernel had no buffer for a packet. */
  readonly sendRetries: number;
  /** Probes that the kernel refused to send, by errno name. */
  readonly sendErrors: readonly (readonly [name: string, count: number])[];
  /** Packets that the kernel dropped. */
  readonly receiveDrops: number;
  /** Hosts that replied and had more than one port probed, as first, last, first, last, ... */
  readonly hostsUp: ArrayLike<number>;
  /** The number of hosts that replied and had one port probed. */
  readonly singlesUp: number;
  /** Hosts that reply at a capped rate. */
  readonly cappedHosts: ArrayLike<number>;
  /** Hosts for which a proxy seems to reply. */
  readonly suspects: ArrayLike<number>;
  /** Remarks on hosts and ports, in the rows of a NoteTable. */
  readonly notes: ArrayLike<number>;
  /** Shapes of SYN-ACKs, in the rows of a ShapeTable. */
  readonly shapes: ArrayLike<number>;
}

/** The status of a worker. */
export interface WorkerStatus
  extends Pick<ScanDone, "byState" | "sent" | "sendingMs" | "answered" | "returned" | "lost"> {
  readonly inFlight: number;
}

/** The report of a worker on one pass. Its sending time is from the first probe to the last that was sent. */
export interface PassReport extends WorkerStatus, Omit<ScanDone, "elapsedMs"> {
  readonly ended: Summary["ended"];
  /** The first position of its order that was not probed. */
  readonly probed: number;
  /** Ports that the pass does not probe, because their hosts were not found. */
  readonly cut: number;
  /** Explanations of missing replies. */
  readonly silences: SilenceReport;
  /** True for a pass over hosts, whose probes are pings and no ports. */
  readonly isOverHosts: boolean;
  /** Facts about this machine: of all passes, in the report of the last one that has begun. */
  readonly local: LocalReport;
  /** Findings of the passes over hosts so far, in the report of the last pass that has begun. */
  readonly found?: Found | undefined;
}

/** A report without counts. */
export const EMPTY_REPORT: PassReport = {
  ...{
    byState: [],
    sent: 0,
    inFlight: 0,
    sendingMs: 0,
    answered: 0,
    returned: 0,
    lost: 0,
    ended: "done",
    probed: 0,
    cut: 0,
  },
  ...{
    expectedWrong: 0,
    late: 0,
    duplicates: 0,
    finAcks: 0,
    unmatched: 0,
    sendRetries: 0,
    sendErrors: [],
    receiveDrops: 0,
  },
  ...{ hostsUp: [], singlesUp: 0, cappedHosts: [], suspects: [], notes: [], shapes: [] },
  ...{ silences: NO_SILENCE, isOverHosts: false, local: NO_LOCAL_REPORT },
};

/** The report of a worker that has ended. */
export interface WorkerReport {
  readonly passes: readonly PassReport[];
}

/** A worker at one moment: its remaining work and the work that it has done. */
export interface WorkerSnapshot {
  /** The remaining work of every pass. */
  readonly remaining: readonly RemainingWork[];
  /** The work done in the passes that have begun. */
  readonly done: readonly PassReport[];
}

/** Callbacks and inputs of a running worker. */
export interface WorkerControl {
  /** The route plan of the targets, if it is known. */
  readonly routePlan?: RoutePlan | undefined;
  /** A ring for its replies that the kernel has begun to set up. */
  readonly ring?: PreparedRing | undefined;
  /** Takes batches of results of the pass of this number, and owns their memory from then on. */
  results(rows: ResultColumns, pass: number): void;
  /** Called once the sockets are open. The first probe is sent when the returned promise has settled. */
  opened(opened: OpenedSockets): Promise<void> | void;
  /** Called before the first step and after each; returns the control state. */
  afterStep(running: RunningWorker): ControlState;
  /** True while results wait to be read. */
  hasUndelivered?(): boolean;
  /** Takes connections that hosts have accepted, before their results. */
  readonly onAccepted?: OnAccepted | undefined;
  /** Takes what services have sent, before their results. */
  readonly onServiceData?: OnServiceData | undefined;
  /** As in {@linkcode OpenTransportOptions}. */
  readonly sendThread?: OpenTransportOptions["sendThread"];
}

/** The control inputs of a running scan. */
export interface ControlState {
  /** End the scan. */
  readonly stop: boolean;
  /** Send no new probes for now. */
  readonly pause: boolean;
  /** The maximum rate, in probes a second, if it was changed while the scan runs. */
  readonly maxRatePps?: number | undefined;
  /** Hosts that routers have reported as absent to any worker, each followed by its router; the list only grows. */
  readonly absent?: readonly number[] | undefined;
  /** Receives each packet as a line of text. */
  readonly onPacket?: ((line: string) => void) | undefined;
}

/** A running worker. */
export interface RunningWorker {
  /** Returns its status. */
  status(): WorkerStatus;
  /** Emits the results that wait to fill a batch. */
  flush(): void;
  /** Emits these results, and returns the remaining work and the work done. */
  snapshot(): WorkerSnapshot;
}

/** Returns the blocks of a probe space in the form of a task. */
export function spaceBlocks(space: ProbeSpace): WorkerTask["blocks"] {
  return space.blocks.map(({ hosts, ports }) => ({
    hosts: Uint32Array.from([...hosts].flat()),
    ports: [...ports.ranges],
  }));
}

/** Returns the probe space of the blocks of a task. */
export function spaceOf(blocks: WorkerTask["blocks"], protocol: PortProtocol): ProbeSpace {
  const targets = blocks.map(({ hosts, ports }) => ({
    hosts: Ranges.fromSortedBounds(hosts),
    ports: PortSet.fromRanges(Ranges.from(ports)),
  }));
  return new ProbeSpace({ targets, defaultPorts: PortSet.EMPTY, tiers: portTiers(protocol) });
}

/** Returns the status of all these together: of passes of one worker, which follow each other. */
export function statusTogether(parts: readonly WorkerStatus[]): WorkerStatus {
  const total = { sent: 0, inFlight: 0, sendingMs: 0, answered: 0, returned: 0, lost: 0 };
  const byState: number[] = [];
  for (const part of parts) {
    part.byState.forEach((count, state) => byState[state] = (byState[state] ?? 0) + count);
    total.sent += part.sent;
    total.inFlight += part.inFlight;
    total.sendingMs += part.sendingMs;
    total.answered += part.answered;
    total.returned += part.returned;
    total.lost += part.lost;
  }
  return { ...total, byState };
}
