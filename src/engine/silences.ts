// Hot path: nothing here may allocate per packet, but for the first of a network.
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

/** ICMP errors of one sender. */
export interface RationedErrors {
  readonly sender: number;
  /** Ports that it sent an error for. */
  readonly answered: number;
  /** Ports in the same networks for which nothing came. */
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

/** Explanations of silence, as reported in the end. */
export interface SilenceReport {
  readonly fallen: readonly FallenSilent[];
  readonly rationed: readonly RationedErrors[];
  /** True where hosts behind a router were taken to be silent before the router would have reported them as unreachable. */
  readonly isEarly: boolean;
  /** Hosts whose time (`--host-timeout`) was up. */
  readonly timedOut: readonly number[];
  /** Limits of ICMP errors because of which ports are undecided. */
  readonly limited: readonly LimitedErrors[];
}

/** The report of a scan without any. */
export const NO_SILENCE: SilenceReport = { fallen: [], rationed: [], isEarly: false, timedOut: [], limited: [] };

/** Hosts, and networks, that are kept. */
const MAX_FALLEN = 1 << 12;
const MAX_NETWORKS = 1 << 12;
/** Errors are counted by networks of so many bits: what a router reports of one address is mostly true of its neighbours. */
const NETWORK_SHIFT = 8;

/** Collects what explains silence. */
export class Silences {
  /** True once a host behind a router was taken to be silent before the router would have reported it. */
  isEarly = false;
  /** Hosts whose time was up. */
  readonly timedOut = new Set<number>();
  readonly #fallen = new Map<number, FallenSilent>();
  readonly #unreachable = new Map<number, number>();
  readonly #networks = new Map<number, { readonly sender: number; answered: number; silent: number }>();

  /** Counts a port that was decided by an ICMP error. */
  onError(host: number, sender: number): void {
    const key = host >>> NETWORK_SHIFT;
    const network = this.#networks.get(key);
    if (network !== undefined) network.answered++;
    else if (this.#networks.size < MAX_NETWORKS) this.#networks.set(key, { sender, answered: 1, silent: 0 });
  }

  /** Counts a port without any reply. */
  onSilence(host: number): void {
    if (this.#networks.size === 0) return;
    const network = this.#networks.get(host >>> NETWORK_SHIFT);
    if (network !== undefined) network.silent++;
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

  report(limited: readonly LimitedErrors[] = []): SilenceReport {
    const rationed: RationedErrors[] = [];
    for (const [sender, networks] of Map.groupBy(this.#networks.values(), ({ sender }) => sender)) {
      const answered = networks.reduce((sum, network) => sum + network.answered, 0);
      const silent = networks.reduce((sum, network) => sum + network.silent, 0);
      if (silent > 0) rationed.push({ sender, answered, silent });
    }
    const fallen = Array.from(
      this.#fallen.values(),
      (host) => ({ ...host, reportedBy: this.#unreachable.get(host.host) ?? 0 }),
    );
    return { fallen, rationed, isEarly: this.isEarly, timedOut: [...this.timedOut], limited };
  }
}
