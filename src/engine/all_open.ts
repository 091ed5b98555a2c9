/**
 * Does something else answer for a host? Where nearly every port is open, a few ports are asked that nobody named and hardly
 * anything listens on: canaries. A host that has them open too answers for everything, as SYN proxies do.
 *
 * The constants are chosen by tests/sim/deception_test.ts.
 *
 * @module
 */

/** Open ports that make a host suspect of answering for everything, and their share of its answers. */
const SUSPECT_OPEN = 8;
const SUSPECT_SHARE = 0.9;
/** Canaries asked of a host, and how many numbers are tried to find them. */
const CONTROL_PORTS = 3;
const MAX_DRAWS = 64;
/** Open ports that need no canary: where every port was asked there is none left. */
const OPEN_EVERYWHERE = 1000;

/** Open ports of the whole scan from which on hosts are sampled, and hosts sampled at most. */
const SAMPLED_OPEN = 4;
const MAX_SAMPLED = 8;
/** Hosts of a sample that must have control ports open before all are believed to be answered for, and their share of it. */
const ENOUGH_SAMPLED = 2;
const SAMPLED_SHARE = 0.75;

/** The canaries of a scan. */
export class ControlPorts {
  /** Open canaries by address of the host; an entry means that canaries were asked. */
  readonly #open = new Map<number, number>();
  /** Hosts whose canaries were asked because nearly everything is open, whatever host was asked. */
  readonly #sampled = new Set<number>();
  #scanAnswered = 0;
  #scanOpen = 0;

  /** Whether it is time to ask canaries of a host: looked at whenever the number of its open ports has doubled. */
  areDue(host: number, open: number, answered: number): boolean {
    return (open & (open - 1)) === 0 && open >= SUSPECT_OPEN && open >= SUSPECT_SHARE * answered &&
      !this.#open.has(host);
  }

  /**
   * Counts a port of any host that has answered; returns true where it is time to ask canaries of that host: some hosts speak
   * for all where nearly everything is open, and each was asked few ports.
   */
  isSampleDue(host: number, isOpen: boolean): boolean {
    this.#scanAnswered++;
    if (!isOpen) return false;
    const open = ++this.#scanOpen;
    if (open < SAMPLED_OPEN || this.#sampled.size >= MAX_SAMPLED) return false;
    if (this.#open.has(host) || this.#sampled.has(host)) return false;
    // The next is due when the open ports have doubled, and later where this host was asked before.
    if (open < SAMPLED_OPEN << this.#sampled.size || open < SUSPECT_SHARE * this.#scanAnswered) return false;
    this.#sampled.add(host);
    return true;
  }

  /** True where something answers for every address: canaries are open on most hosts of the sample. */
  get answersForAll(): boolean {
    let asked = 0;
    for (const host of this.#sampled) if (this.#open.has(host)) asked++;
    return this.sampledHosts().length >= Math.max(ENOUGH_SAMPLED, SAMPLED_SHARE * asked) &&
      this.#scanOpen >= SUSPECT_SHARE * this.#scanAnswered;
  }

  /** Hosts of the sample that have canaries open. */
  sampledHosts(): number[] {
    return [...this.#sampled].filter((host) => this.isProxied(host));
  }

  /** Whether most canaries of a host are open. */
  isProxied(host: number): boolean {
    return (this.#open.get(host) ?? 0) > CONTROL_PORTS / 2;
  }

  /** Ports to ask of a host, of those that may be asked and are not asked anyway; none where none is found. */
  choose(host: number, isSpare: (port: number) => boolean): number[] {
    this.#open.set(host, 0);
    const ports = sparePorts(host, CONTROL_PORTS, isSpare);
    if (ports.length === 0) this.#open.delete(host);
    return ports;
  }

  /** A canary of a host is open. */
  sawOpen(host: number): void {
    this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
  }

  /** Whether something else seems to answer for a host of which so many ports have answered, and so many are open. */
  suspect(host: number, answered: number, open: number): boolean {
    const everywhere = this.#open.has(host) ? this.isProxied(host) : open > OPEN_EVERYWHERE;
    return everywhere && open > 0 && open >= SUSPECT_SHARE * answered;
  }
}

/** Ports that hardly any host has open, of those that may be probed and are not probed anyway; none where none is found. */
export function sparePorts(host: number, count: number, isSpare: (port: number) => boolean): number[] {
  const ports: number[] = [];
  for (let i = 0; i < MAX_DRAWS && ports.length < count; i++) {
    const port = 10_007 + (Math.imul(host ^ i, 0x9e3779b1) >>> 0) % 50_000;
    if (isSpare(port) && !ports.includes(port)) ports.push(port);
  }
  return ports;
}
