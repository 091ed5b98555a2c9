/**
 * Hosts for which another device replies, such as a SYN proxy. If nearly every port of a host is open, control ports are probed: a
 * few ports on which hardly any service listens. If they are open too, every port of the host appears open.
 *
 * The constants are chosen by tests/sim/deception_test.ts.
 *
 * @module
 */

/** Open ports that make a host suspect of having every port open, and their share of its replies. */
const SUSPECT_OPEN = 8;
const SUSPECT_SHARE = 0.9;
/** Control ports of a host, and numbers that are tried to find them. */
const CONTROL_PORTS = 3;
const MAX_DRAWS = 64;
/** Open ports that need no control port: where every port was probed there is none left. */
const OPEN_EVERYWHERE = 1000;

/** Open ports of the whole scan from which on hosts are sampled, and hosts sampled at most. */
const SAMPLED_OPEN = 4;
const MAX_SAMPLED = 8;
/** Hosts of a sample that must have control ports open before something is taken to reply for all, and their share of it. */
const ENOUGH_SAMPLED = 2;
const SAMPLED_SHARE = 0.75;

/** The control ports of a scan. */
export class ControlPorts {
  /** Open control ports by address of the host; an entry means that control ports were probed. */
  readonly #open = new Map<number, number>();
  /** Hosts whose control ports were probed because nearly everything is open on whatever host. */
  readonly #sampled = new Set<number>();
  #scanAnswered = 0;
  #scanOpen = 0;

  /** True when control ports of a host are to be probed: looked at with 8 open ports, 12, 16, 24, 32 and so on. */
  areDue(host: number, open: number, answered: number): boolean {
    const steps = open % 3 === 0 ? open / 3 : open;
    return (steps & (steps - 1)) === 0 && open >= SUSPECT_OPEN && open >= SUSPECT_SHARE * answered &&
      !this.#open.has(host);
  }

  /**
   * Counts a port of any host that has replied; returns true when control ports of that host are to be probed: some hosts stand
   * for all where nearly everything is open, and each was probed at few ports.
   *
   * @param mayProbe False for a host that is not to be one of them yet.
   */
  isSampleDue(host: number, isOpen: boolean, mayProbe = true): boolean {
    this.#scanAnswered++;
    if (!isOpen) return false;
    const open = ++this.#scanOpen;
    if (!mayProbe || open < SAMPLED_OPEN || this.#sampled.size >= MAX_SAMPLED || this.#sampled.has(host)) return false;
    // The next is due when the open ports have doubled, and later where this host was probed before.
    if (open < SAMPLED_OPEN << this.#sampled.size || open < SUSPECT_SHARE * this.#scanAnswered) return false;
    this.#sampled.add(host);
    return !this.#open.has(host);
  }

  /** True where something replies for every address: control ports are open on most hosts of the sample. */
  get answersForAll(): boolean {
    let probed = 0;
    for (const host of this.#sampled) if (this.#open.has(host)) probed++;
    return this.sampledHosts().length >= Math.max(ENOUGH_SAMPLED, SAMPLED_SHARE * probed) &&
      this.#scanOpen >= SUSPECT_SHARE * this.#scanAnswered;
  }

  /** Returns the hosts of the sample that have control ports open. */
  sampledHosts(): number[] {
    return [...this.#sampled].filter((host) => this.isProxied(host));
  }

  /** True where most control ports of a host are open. */
  isProxied(host: number): boolean {
    return (this.#open.get(host) ?? 0) > CONTROL_PORTS / 2;
  }

  /** Returns ports to probe on a host, of those that may be probed and are not probed anyway; none where none is found. */
  choose(host: number, isSpare: (port: number) => boolean): number[] {
    this.#open.set(host, 0);
    const ports = sparePorts(host, CONTROL_PORTS, isSpare);
    if (ports.length === 0) this.#open.delete(host);
    return ports;
  }

  /** Counts an open control port of a host. */
  sawOpen(host: number): void {
    this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
  }

  /** True where something else seems to reply for a host of which so many ports have replied, and so many are open. */
  suspect(host: number, answered: number, open: number): boolean {
    const everywhere = this.#open.has(host) ? this.isProxied(host) : open > OPEN_EVERYWHERE;
    return everywhere && open > 0 && open >= SUSPECT_SHARE * answered;
  }
}

/** Returns ports that hardly any host has open, of those that may be probed and are not probed anyway; none where none is found. */
export function sparePorts(host: number, count: number, isSpare: (port: number) => boolean): number[] {
  const ports: number[] = [];
  for (let i = 0; i < MAX_DRAWS && ports.length < count; i++) {
    const port = 10_007 + (Math.imul(host ^ i, 0x9e3779b1) >>> 0) % 50_000;
    if (isSpare(port) && !ports.includes(port)) ports.push(port);
  }
  return ports;
}
