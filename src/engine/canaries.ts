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
const CANARIES = 3;
const MAX_DRAWS = 64;
/** Open ports that need no canary: where every port was asked there is none left. */
const OPEN_EVERYWHERE = 1000;

/** The canaries of a scan. */
export class Canaries {
  /** Open canaries by address of the host; an entry means that canaries were asked. */
  readonly #open = new Map<number, number>();

  /** Whether it is time to ask canaries of a host: looked at whenever the number of its open ports has doubled. */
  areDue(host: number, open: number, answered: number): boolean {
    return (open & (open - 1)) === 0 && isMost(open, answered) && !this.#open.has(host);
  }

  /** Ports to ask of a host, of those that may be asked and are not asked anyway; none where none is found. */
  choose(host: number, isSpare: (port: number) => boolean): number[] {
    this.#open.set(host, 0);
    const ports: number[] = [];
    for (let i = 0; i < MAX_DRAWS && ports.length < CANARIES; i++) {
      const port = 10_007 + (Math.imul(host ^ i, 0x9e3779b1) >>> 0) % 50_000;
      if (isSpare(port) && !ports.includes(port)) ports.push(port);
    }
    if (ports.length === 0) this.#open.delete(host);
    return ports;
  }

  /** A canary of a host is open. */
  sawOpen(host: number): void {
    this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
  }

  /**
   * Whether something else seems to answer for a host that has replied for so many ports, of which `open` are open, `odd` of
   * these by a SYN-ACK with window 0: a SYN proxy, whatever the other ports are.
   */
  suspect(host: number, answered: number, open: number, odd: number): boolean {
    if (odd > 0) return true;
    const canariesOpen = this.#open.get(host);
    const everywhere = canariesOpen === undefined ? open > OPEN_EVERYWHERE : canariesOpen > CANARIES / 2;
    return everywhere && isMost(open, answered);
  }
}

function isMost(open: number, answered: number): boolean {
  return open >= SUSPECT_OPEN && open >= SUSPECT_SHARE * answered;
}
