/**
 * Results of ports, and the summary of a scan. States and reasons are numbers on the hot path and words everywhere else;
 * the two arrays below are the only conversion.
 *
 * @module
 */

/**
 * The state of a port: nmap's words, and `undecided` where a scan ended, or failed, before the state was known.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const open: number[] = [];
 * for await (const { port, state } of scan({ targets: "127.0.0.1", ports: "22,80" })) {
 *   if (state === "open") open.push(port);
 * }
 * ```
 */
export type State = "open" | "closed" | "filtered" | "unfiltered" | "open|filtered" | "closed|filtered" | "undecided";

/** The states of a port, in the order of their codes. */
export const STATES: readonly State[] = [
  "open",
  "closed",
  "filtered",
  "unfiltered",
  "open|filtered",
  "closed|filtered",
  "undecided",
];

/** Code of {@linkcode State} `open`. */
export const OPEN = 0;
/** Code of {@linkcode State} `closed`. */
export const CLOSED = 1;
/** Code of {@linkcode State} `filtered`. */
export const FILTERED = 2;
/** Code of {@linkcode State} `undecided`. */
export const UNDECIDED = 6;

/** The code of a state. */
export function stateCode(state: State): number {
  return STATES.indexOf(state);
}

/**
 * Each reason for a state, in nmap's words where nmap has one: its rank, and its state where no technique says otherwise. The
 * order is that of the codes, which checkpoints hold: append only.
 */
const REASON_ROWS: readonly (readonly [reason: Reason, rank: Rank, state: State])[] = [
  ["syn-ack", "accept", "open"],
  ["split-handshake-syn", "accept", "open"],
  ["reset", "refuse", "closed"],
  ["no-response", "silence", "filtered"],
  ["net-unreach", "error", "filtered"],
  ["host-unreach", "error", "filtered"],
  ["proto-unreach", "error", "filtered"],
  ["port-unreach", "error", "filtered"],
  ["net-prohibited", "error", "filtered"],
  ["host-prohibited", "error", "filtered"],
  ["admin-prohibited", "error", "filtered"],
  ["time-exceeded", "error", "filtered"],
  ["conn-accept", "accept", "open"],
  ["conn-refused", "refuse", "closed"],
  ["unroutable", "unknown", "undecided"],
  ["send-failed", "unknown", "undecided"],
  ["host-silent", "unknown", "undecided"],
  ["deadline", "unknown", "undecided"],
  ["interrupted", "unknown", "undecided"],
  ["not-asked", "unknown", "undecided"],
  ["reset-no-ack", "refuse", "closed"],
  ["neighbor-timeout", "error", "filtered"],
  ["no-carrier", "unknown", "undecided"],
  ["interface-down", "unknown", "undecided"],
  ["next-hop-silent", "unknown", "undecided"],
  ["local-firewall", "unknown", "undecided"],
  ["no-arp-response", "absence", "filtered"],
  ["conn-reset", "accept", "open"],
  ["no-route", "error", "filtered"],
];

/**
 * The observation that a state was concluded from.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { port, reason } of scan({ targets: "127.0.0.1", ports: "1" })) {
 *   console.log(port, reason); // 1 reset
 * }
 * ```
 */
export type Reason =
  | "syn-ack"
  | "split-handshake-syn"
  | "reset"
  | "no-response"
  | "net-unreach"
  | "host-unreach"
  | "proto-unreach"
  | "port-unreach"
  | "net-prohibited"
  | "host-prohibited"
  | "admin-prohibited"
  | "time-exceeded"
  | "conn-accept"
  | "conn-refused"
  | "unroutable"
  | "send-failed"
  | "host-silent"
  | "deadline"
  | "interrupted"
  | "not-asked"
  | "reset-no-ack"
  | "neighbor-timeout"
  | "no-carrier"
  | "interface-down"
  | "next-hop-silent"
  | "local-firewall"
  | "no-arp-response"
  | "conn-reset"
  | "no-route"
  | "rst-always";

/** Every reason, in the order of the codes. */
export const REASONS: readonly Reason[] = REASON_ROWS.map(([reason]) => reason);

/** The code of a reason. */
export function reasonCode(reason: Reason): number {
  return REASONS.indexOf(reason);
}

/** Ranks of reasons, the lowest first. Absence of a host, as its own link shows it, weighs as much as an ICMP error. */
const RANKS = ["unknown", "silence", "absence", "error", "refuse", "accept"] as const;
type Rank = typeof RANKS[number];
const WEIGHTS: Readonly<Record<Rank, number>> = { unknown: 0, silence: 1, absence: 2, error: 2, refuse: 3, accept: 4 };
const WEIGHT_OF: Uint8Array = Uint8Array.from(REASON_ROWS, ([, rank]) => WEIGHTS[rank]);

/**
 * The rule for replies to one probe that contradict each other: SYN-ACK over RST over ICMP error over silence, in whatever
 * order they arrive. True where the reason `code` replaces the reason `before` that a port was reported with.
 */
export function wins(code: number, before: number): boolean {
  return WEIGHT_OF[code]! > WEIGHT_OF[before]!;
}

/** The weight of a reason, by its code: a result of more weight replaces one of less. */
export function weightOf(code: number): number {
  return WEIGHT_OF[code]!;
}

/** True where the host refused, by the code of the reason: a closed port, or one that this probe does not open. */
export function refuses(code: number): boolean {
  return WEIGHT_OF[code] === WEIGHTS.refuse;
}

/** True where a reply of the host itself was seen: one that no router sends. */
export function isOwnAnswer(reason: Reason): boolean {
  return WEIGHT_OF[reasonCode(reason)]! >= WEIGHTS.refuse;
}

/** True where no reply was seen. */
export function isSilence(reason: Reason): boolean {
  return SILENT[reasonCode(reason)] === 1;
}

const SILENT: Uint8Array = Uint8Array.from(
  REASON_ROWS,
  ([, rank]) => rank === "unknown" || rank === "silence" || rank === "absence" ? 1 : 0,
);

/** The code of the note on a port with two replies; 0 where they do not contradict each other. */
export function contradiction(code: number, other: number): number {
  const high = Math.max(WEIGHT_OF[code]!, WEIGHT_OF[other]!);
  const low = Math.min(WEIGHT_OF[code]!, WEIGHT_OF[other]!);
  if (low < WEIGHTS.error || high === low) return 0;
  return NOTES.indexOf(
    high === WEIGHTS.refuse
      ? "RST and ICMP error"
      : low === WEIGHTS.refuse
      ? "SYN-ACK and RST"
      : "SYN-ACK and ICMP error",
  );
}

/** The state of each reason: of a reply from the host itself, from another sender, and of a suspicious one (`Reply.odd`). */
export type OutcomeRow = State | { readonly own: State; readonly other?: State; readonly odd?: State };

/** States by code, for each reason and kind of sender; see {@linkcode stateIn}. */
export type OutcomeTable = Uint8Array;

const OTHER_SENDER = 1;
const ODD = 2;
const COLUMNS = 4;

/** The state of a reason where no technique says otherwise. */
export function usualState(reason: Reason): State {
  return REASON_ROWS[reasonCode(reason)]![2];
}

/** Makes the table of a technique, in which these reasons have another state than usual. */
export function outcomeTable(differences: Readonly<Partial<Record<Reason, OutcomeRow>>> = {}): OutcomeTable {
  const table = new Uint8Array(REASONS.length * COLUMNS);
  REASON_ROWS.forEach(([reason, , usual], code) => {
    const row = differences[reason] ?? usual;
    const { own, other, odd } = typeof row === "string" ? { own: row } : row;
    for (let column = 0; column < COLUMNS; column++) {
      const sent = (column & OTHER_SENDER) === 0 ? own : other ?? own;
      table[code * COLUMNS + column] = stateCode((column & ODD) === 0 ? sent : odd ?? sent);
    }
  });
  return table;
}

/** The code of the state that a reason, by its code, stands for in a technique's table. */
export function stateIn(table: OutcomeTable, reason: number, own = true, odd = false): number {
  return table[reason * COLUMNS + (own ? 0 : OTHER_SENDER) + (odd ? ODD : 0)]!;
}

/** The outcomes of a handshake: of a SYN, and of connect(2). */
export const HANDSHAKE_OUTCOMES: OutcomeTable = outcomeTable();

/** State and reason of a result, by their codes, as one number. */
export function outcomeCode(state: number, reason: number): number {
  return state << 8 | reason;
}

/**
 * Remarks on a port or a host that no state or reason expresses, in the order of their codes; 0 is none. `#` stands for a
 * number that goes with the remark. Append only: checkpoints hold the codes.
 */
export const NOTES: readonly Note[] = [
  "",
  "SYN-ACK and RST",
  "SYN-ACK and ICMP error",
  "RST and ICMP error",
  "window 0: a SYN proxy answered",
  "something answers for every port: control ports are open",
  "something answers for every address: control ports are open on other hosts too",
  "these replies are generated on your side: states are those of a proxy's connect()",
  "forwarded, 1 hop behind",
  "forwarded, 2 hops behind",
  "forwarded, 3 or more hops behind",
  "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server",
  "answered before the first router: the next hop itself, or a program on your side",
  "forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports",
  "forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports",
  "forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports",
  "an ACK of another connection from the same port was answered with RST",
  "FIN without SYN: a proxy on the path could not connect",
];

/**
 * A remark on a port or a host.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { port, note } of scan({ targets: "127.0.0.1", ports: "1" })) {
 *   if (note !== undefined) console.log(port, note);
 * }
 * ```
 */
export type Note =
  | ""
  | "SYN-ACK and RST"
  | "SYN-ACK and ICMP error"
  | "RST and ICMP error"
  | "window 0: a SYN proxy answered"
  | "something answers for every port: control ports are open"
  | "something answers for every address: control ports are open on other hosts too"
  | "these replies are generated on your side: states are those of a proxy's connect()"
  | "forwarded, 1 hop behind"
  | "forwarded, 2 hops behind"
  | "forwarded, 3 or more hops behind"
  | "port-unreach from the host itself: its firewall rejects, or a load balancer (LVS) has no server"
  | "answered before the first router: the next hop itself, or a program on your side"
  | "forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports"
  | "forwarded, 2 hops behind, or a firewall in front sends the RSTs of other ports"
  | "forwarded, 3 or more hops behind, or a firewall in front sends the RSTs of other ports"
  | "an ACK of another connection from the same port was answered with RST"
  | "FIN without SYN: a proxy on the path could not connect";

/**
 * The target names of hosts.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { names } = await scan({ targets: "localhost", ports: "1" }).plan;
 * console.log(names.of("127.0.0.1")); // ["localhost"]
 * ```
 */
export interface NamesByHost {
  /** Every name of a host, in the order in which they were typed. */
  of(ip: string): readonly string[];
  /** The names for which a port of it was asked. */
  at(ip: string, port: number): readonly string[];
}

/** Hosts that were asked for by their addresses. */
export const NO_NAMES: NamesByHost = { of: () => [], at: () => [] };

/**
 * The result of one port of one host.
 *
 * @example
 * ```ts
 * import { type PortResult, scan } from "@synscan/synscan";
 *
 * const results: PortResult[] = await Array.fromAsync(scan({ targets: "127.0.0.1", ports: "1-3" }));
 * console.log(results.length); // 3
 * ```
 */
export interface PortResult {
  /** The host's address, as text. */
  readonly ip: string;
  /** The TCP port, 0-65535. */
  readonly port: number;
  /** The state of the port. */
  readonly state: State;
  /** The reason of the state. */
  readonly reason: Reason;
  /** Time to live of the packet that decided, as received; `undefined` without a packet. */
  readonly ttl: number | undefined;
  /** Round trip of the attempt that was replied to, in milliseconds; `undefined` without a reply. */
  readonly rttMs: number | undefined;
  /** The number of probes that were sent to this port. */
  readonly tries: number;
  /** The sender of the deciding ICMP error, if it is not the host itself. */
  readonly from: string | undefined;
  /** The service usually found at this port, by the system's services database; `undefined` if none is known. */
  readonly service: string | undefined;
  /** The target names of this port, in the order in which they were given; empty if there are none. */
  readonly names: readonly string[];
  /** True if a reply arrived after this port had been reported: this result supersedes the earlier one. */
  readonly late: boolean;
  /** The reason of the superseded result; `undefined` if there is none or it is no longer known. */
  readonly replaces: Reason | undefined;
  /** The state of the result that is replaced. */
  readonly replacesState: State | undefined;
  /** A remark on the port that was known when it was reported; `undefined` if there is none. */
  readonly note: string | undefined;
}

/**
 * A reusable cursor over a result batch: one object that holds the next result as soon as the iteration continues. Copy it
 * with {@linkcode toResult} to keep a result.
 *
 * @example
 * ```ts
 * import { scan, toResult } from "@synscan/synscan";
 *
 * const kept = [];
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1-3" }).batches()) {
 *   for (const cursor of batch) if (cursor.state === "closed") kept.push(toResult(cursor));
 * }
 * ```
 */
export interface ResultCursor extends PortResult {
  /** The host's IPv4 address as a number of 32 bits, where that is at hand. */
  readonly host?: number;
  /**
   * A number of all other columns but the round trip: two results with the same number differ in host, port, service and round
   * trip only. Missing in results with names or another sender.
   */
  readonly columns?: number | undefined;
}

/**
 * A batch of results, read through a reusable cursor.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * let count = 0;
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1-3" }).batches()) count += batch.length;
 * console.log(count); // 3
 * ```
 */
export interface ResultList extends Iterable<ResultCursor> {
  /** The number of results. */
  readonly length: number;
  /** The results as rows of numbers; missing unless they come from a running scan. */
  readonly rows?: Uint32Array<ArrayBuffer>;
  /** Returns the results for which `passes` returns true. */
  filter(passes: (result: PortResult) => boolean): ResultList;
}

/**
 * Copies the result that a cursor holds.
 *
 * @param result A cursor of a batch, or a result.
 * @returns A result of its own.
 *
 * @example
 * ```ts
 * import { scan, toResult } from "@synscan/synscan";
 *
 * for await (const batch of scan({ targets: "127.0.0.1", ports: "1" }).batches()) {
 *   console.log(Array.from(batch, toResult));
 * }
 * ```
 */
export function toResult(result: PortResult): PortResult {
  return {
    ip: result.ip,
    port: result.port,
    state: result.state,
    reason: result.reason,
    ttl: result.ttl,
    rttMs: result.rttMs,
    tries: result.tries,
    from: result.from,
    service: result.service,
    names: result.names,
    late: result.late,
    replaces: result.replaces,
    replacesState: result.replacesState,
    note: result.note,
  };
}

/**
 * A suspicion about a host: a SYN proxy replies for it, or its replies are generated on the scanner's own side of the network.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { suspects } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, suspect } of suspects) console.log(ip, suspect);
 * ```
 */
export type Suspicion = "syn-proxy" | "own-side";

/**
 * A remark on a host, or on some of its ports.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { notes } = await scan({ targets: "127.0.0.1", ports: "1" }).summary;
 * for (const { ip, ports, note } of notes) console.log(ip, ports, note);
 * ```
 */
export interface HostNote {
  /** The host's address. */
  readonly ip: string;
  /** The ports that it is about, in order; empty where it is about the host. */
  readonly ports: readonly number[];
  /** The number of further ports that it is about. */
  readonly more: number;
  /** The remark. */
  readonly note: string;
}

/**
 * The summary of a scan that has ended. Counts are of ports unless the name states otherwise.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { open, probes, elapsedMs, loss, trusted } = await scan({ targets: "127.0.0.1", ports: "1-100" }).summary;
 * console.log(`${open} of ${probes} open in ${elapsedMs} ms, loss ${loss}, trusted: ${trusted}`);
 * ```
 */
export interface Summary {
  /** Hosts that were probed. */
  readonly hosts: number;
  /** Hosts that sent any reply, even a refusal. */
  readonly hostsUp: number;
  /** Ports of hosts (host x port pairs) that were to be decided. */
  readonly probes: number;
  /** Probe packets sent, attempts included. */
  readonly sent: number;
  /** Replies that decided a port. */
  readonly answered: number;
  /** Ports found open. */
  readonly open: number;
  /** Ports found closed. */
  readonly closed: number;
  /** Ports found filtered. */
  readonly filtered: number;
  /** Ports that replied without showing whether they are open (`-sA`). */
  readonly unfiltered: number;
  /** Ports whose silence may mean open or filtered. */
  readonly openFiltered: number;
  /** Ports whose silence may mean closed or filtered. */
  readonly closedFiltered: number;
  /** Ports without a result. */
  readonly undecided: number;
  /** From the first probe to the last result, in milliseconds. */
  readonly elapsedMs: number;
  /** Probe packets a second, over the time in which probes were sent. */
  readonly ratePps: number;
  /** The share of round trips that were lost, 0 to 1, estimated from the attempts that were replied to; null if none was. */
  readonly loss: number | null;
  /** The number of results that are expected to be wrong, given the measured loss. */
  readonly expectedWrong: number;
  /** Replies that arrived after the port was reported. */
  readonly late: number;
  /** Replies to probes that had a reply already. */
  readonly duplicates: number;
  /** Replies of FIN and ACK with our numbers, as a proxy sends them whose own connection failed. They decide nothing. */
  readonly finAcks: number;
  /** Packets to the scan's source ports that match no probe: forged, stale or damaged. */
  readonly unmatched: number;
  /** The number of times that the kernel had no room for a packet (`ENOBUFS`, `EAGAIN`). */
  readonly sendRetries: number;
  /** Probes that the kernel refused to send for another reason, by errno name. */
  readonly sendErrors: Readonly<Record<string, number>>;
  /** Packets that the kernel dropped before synscan read them. */
  readonly receiveDrops: number;
  /** Hosts that limit their rate of replies and were probed at a lower rate. */
  readonly cappedHosts: number;
  /** Hosts for which something else seems to reply. */
  readonly suspects: readonly { readonly ip: string; readonly suspect: Suspicion }[];
  /** Remarks on hosts and their ports. */
  readonly notes: readonly HostNote[];
  /** The reason of the scan's end. */
  readonly ended: "done" | "deadline" | "interrupted" | "failed";
  /** Warnings about the results, a line each. */
  readonly warnings: readonly string[];
  /**
   * True if every target was found, every port was decided, less than half a wrong result is expected, and nothing replies in
   * the place of every host.
   */
  readonly trusted: boolean;
  /** The transport, for example `sendmmsg`. */
  readonly transport: string;
  /** The number of workers. */
  readonly workers: number;
}

/** The summary of a scan that has not said anything of itself: to be filled in with what others know. */
export const UNTOLD: Summary = {
  hosts: 0,
  hostsUp: 0,
  probes: 0,
  sent: 0,
  answered: 0,
  open: 0,
  closed: 0,
  filtered: 0,
  unfiltered: 0,
  openFiltered: 0,
  closedFiltered: 0,
  undecided: 0,
  elapsedMs: 0,
  ratePps: 0,
  loss: null,
  expectedWrong: 0,
  late: 0,
  duplicates: 0,
  finAcks: 0,
  unmatched: 0,
  sendRetries: 0,
  sendErrors: {},
  receiveDrops: 0,
  cappedHosts: 0,
  suspects: [],
  notes: [],
  ended: "failed",
  warnings: [],
  trusted: false,
  transport: "",
  workers: 1,
};

/**
 * The status of a running scan.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const running = scan({ targets: "127.0.0.1", ports: "1-1000" });
 * const timer = setInterval(() => console.log(running.progress().decided), 100);
 * await running.summary;
 * clearInterval(timer);
 * ```
 */
export interface Progress {
  /** Ports decided so far. */
  readonly decided: number;
  /** Ports to decide. */
  readonly probes: number;
  /** Probe packets sent so far. */
  readonly sent: number;
  /** Ports found open so far. */
  readonly open: number;
  /** Probes waiting for a reply. */
  readonly inFlight: number;
  /** The present rate in probe packets a second; `undefined` while unknown. */
  readonly ratePps: number | undefined;
  /** The upper bound of the rate in probe packets a second; Infinity without one. */
  readonly maxRatePps: number;
  /** Estimated loss of round trips, 0 to 1; null before the first one. */
  readonly loss: number | null;
  /** Milliseconds since the scan began. */
  readonly elapsedMs: number;
  /** Estimated milliseconds to the end; `undefined` while unknown. */
  readonly leftMs: number | undefined;
}

/** The counts of ports in a {@linkcode Summary}. */
export type StateCounts = Pick<Summary, typeof COUNT_NAMES[number]>;

/** The name of the count of each state in a {@linkcode Summary}, by code of the state. */
export const COUNT_NAMES = [
  "open",
  "closed",
  "filtered",
  "unfiltered",
  "openFiltered",
  "closedFiltered",
  "undecided",
] as const;

/** Counts by code of the state as the counts of a summary. */
export function stateCounts(byState: ArrayLike<number>): StateCounts {
  return Object.fromEntries(COUNT_NAMES.map((name, code) => [name, byState[code] ?? 0])) as unknown as StateCounts;
}

/** The number of decided ports. */
export function decidedIn(counts: StateCounts): number {
  return COUNT_NAMES.reduce((sum, name) => name === "undecided" ? sum : sum + counts[name], 0);
}
