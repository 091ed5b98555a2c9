// Hot path: nothing here may allocate per packet, but for the first error of a network or a host.
/**
 * Silence that has an explanation: ICMP errors that a router sends for some of many ports only, hosts that fell silent in the
 * middle of the scan.
 *
 * @module
 */

/** A host that replied, and then did not any more. */
export interface FallenSilent {
  readonly host: number;
  /** When the last probe that it replied to was sent, in milliseconds since the scan began. */
  readonly afterMs: number;
  /** Replies until then. */
  readonly replies: number;
  /** True where it is on an own link and does not reply to ARP either. */
  readonly isGone: boolean;
  /** A router that reports it as unreachable; 0 if none does. */
  readonly reportedBy: number;
}

/** ICMP errors about ports of the same networks, or of the same hosts. */
export interface RationedErrors {
  /** The senders of these errors, each once. */
  readonly senders: readonly number[];
  /** Ports that they sent an error for. */
  readonly answered: number;
  /** Ports in the same networks, or of the same hosts, for which nothing came. */
  readonly silent: number;
}

/** The limit of one sender of ICMP errors. */
export interface LimitedErrors {
  readonly sender: number;
  /** Errors a second. */
  readonly perSecond: number;
  /** Ports whose silence shows nothing, because no error could be sent. */
  readonly undecided: number;
}

/** Ports of a host that an ICMP error has decided, although others with the same error had another result when they were probed again. */
export interface UnsettledRefusals {
  readonly host: number;
  /** A sender of the errors. */
  readonly from: number;
  /** Code of the reason. */
  readonly reason: number;
  readonly ports: number;
}

/** Explanations of silence and of errors, as reported in the end. */
export interface SilenceReport {
  readonly fallen: readonly FallenSilent[];
  readonly rationed: readonly RationedErrors[];
  /** True where hosts behind a router were taken to be silent before the router would have reported them as unreachable. */
  readonly isEarly: boolean;
  /** Hosts whose time (`--host-timeout`) was up. */
  readonly timedOut: readonly number[];
  /** Limits of ICMP errors because of which ports are undecided. */
  readonly limited: readonly LimitedErrors[];
  /** Refusals that were not the same each time. */
  readonly unsettled: readonly UnsettledRefusals[];
}

/** The report of a scan without any. */
export const NO_SILENCE: SilenceReport = {
  fallen: [],
  rationed: [],
  isEarly: false,
  timedOut: [],
  limited: [],
  unsettled: [],
};

/** Hosts, and networks, that are kept, and senders of errors about one network. */
const MAX_FALLEN = 1 << 12;
const MAX_NETWORKS = 1 << 12;
const MAX_SENDERS = 16;

/** Ports for which errors came, and those for which nothing did. */
interface ErrorCounts {
  readonly senders: number[];
  answered: number;
  silent: number;
}

/** Collects what explains silence. */
export class Silences {
  /** True once a host behind a router was taken to be silent before the router would have reported it. */
  isEarly = false;
  /** Hosts whose time was up. */
  readonly timedOut = new Set<number>();
  readonly #fallen = new Map<number, FallenSilent>();
  readonly #unreachable = new Map<number, number>();
  readonly #networkOf: (host: number) => number;
  /** Errors of routers by network: what a router reports of one address is mostly true of its neighbours. */
  readonly #networks = new Map<number, ErrorCounts>();
  /** Errors of hosts about their own ports. */
  readonly #hosts = new Map<number, ErrorCounts>();

  constructor(networkOf: (host: number) => number) {
    this.#networkOf = networkOf;
  }

  /** Counts ports that were decided by an ICMP error; fewer of them if `ports` is below 0. */
  onError(host: number, sender: number, ports = 1): void {
    const isOwn = sender === host;
    const counts = isOwn ? this.#hosts : this.#networks;
    const key = isOwn ? host : this.#networkOf(host);
    const found = counts.get(key);
    if (found === undefined) {
      if (counts.size < MAX_NETWORKS) counts.set(key, { senders: [sender], answered: 1, silent: 0 });
      return;
    }
    found.answered += ports;
    if (!found.senders.includes(sender) && found.senders.length < MAX_SENDERS) found.senders.push(sender);
  }

  /** Counts a port without any reply. */
  onSilence(host: number): void {
    const own = this.#hosts.size > 0 ? this.#hosts.get(host) : undefined;
    const counts = own ?? (this.#networks.size > 0 ? this.#networks.get(this.#networkOf(host)) : undefined);
    if (counts !== undefined) counts.silent++;
  }

  /** True where a host is known to have fallen silent. */
  hasFallen(host: number): boolean {
    return this.#fallen.has(host);
  }

  /** Notes a host that had replied and is given up. */
  fell(host: FallenSilent): void {
    if (this.#fallen.size < MAX_FALLEN) this.#fallen.set(host.host, host);
  }

  /** Notes that a router reports a host which has fallen silent as unreachable. */
  onUnreachable(host: number, sender: number): void {
    if (this.#unreachable.size < MAX_FALLEN) this.#unreachable.set(host, sender);
  }

  report(
    limited: readonly LimitedErrors[] = [],
    unsettled: readonly UnsettledRefusals[] = [],
  ): SilenceReport {
    const all = [...this.#networks.values(), ...this.#hosts.values()];
    const rationed = Map.groupBy(all, ({ senders }) => senders.toSorted().join()).values().map((alike) => ({
      senders: alike[0]!.senders,
      answered: alike.reduce((sum, { answered }) => sum + answered, 0),
      silent: alike.reduce((sum, { silent }) => sum + silent, 0),
    })).filter(({ answered, silent }) => answered > 0 && silent > 0).toArray();
    const fallen = Array.from(
      this.#fallen.values(),
      (host) => ({ ...host, reportedBy: this.#unreachable.get(host.host) ?? 0 }),
    );
    return { fallen, rationed, isEarly: this.isEarly, timedOut: [...this.timedOut], limited, unsettled };
  }
}
