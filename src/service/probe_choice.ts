/**
 * The probes of a dialogue over TCP: which were sent, and which come next by what is known of the port.
 *
 * @module
 */

import type { DialogueOptions } from "./port_dialogue.ts";
import type { Attempt, Request } from "./line.ts";
import type { ServiceProbe } from "./probes.ts";

/** The probe that requests a page. */
export const HTTP = "http";
/** The TLS hello. */
export const TLS = "tls";

/** The probes for one port. */
export class ProbeChoice {
  /** True if the port is probed through TLS. */
  isTls = false;
  /** True once a reply of text rules out binary probes. */
  isTextual = false;
  readonly #options: DialogueOptions;
  readonly #probes: readonly ServiceProbe[];
  /** The same, those that most ports are sent first. */
  readonly #byIntensity: readonly ServiceProbe[];
  readonly #sent = new Set<string>();
  #hasHinted = false;

  constructor(options: DialogueOptions, probes: readonly ServiceProbe[]) {
    this.#options = options;
    this.#probes = probes;
    this.#byIntensity = probes.toSorted((one, other) => one.intensity - other.intensity);
  }

  /** Takes note that a request was sent. */
  addSent(name: string): void {
    this.#sent.add(this.#key(name));
  }

  /** Lets a request be sent again. */
  deleteSent(name: string): void {
    this.#sent.delete(this.#key(name));
  }

  /** Returns true if a request was sent: through TLS, if the port is probed through it. */
  isSent(name: string): boolean {
    return this.#sent.has(this.#key(name));
  }

  /** Begins again, through TLS. */
  enterTls(): void {
    this.isTls = true;
    this.#hasHinted = this.isTextual = false;
  }

  /** Returns the request of a probe; undefined if there is none of this name. */
  request(name: string): Request | undefined {
    const probe = this.#named(name);
    return probe && this.#requestOf(probe);
  }

  /** Returns the attempt that the port's number suggests, once: for TLS ports the TLS hello, and inside TLS the one that is expected there. */
  takeHint(): Attempt | undefined {
    const probe = this.#hasHinted ? undefined : this.#hint();
    this.#hasHinted = true;
    if (probe === undefined) return undefined;
    const request = this.#requestOf(probe);
    const usual = { probe: request, isAlone: true, mayBeSlow: true };
    if (!probe.isText || probe.kind !== "exact") return usual;
    // Some servers of line protocols greet, and what they reply to a line that came too early is lost behind the greeting: a short wait
    // for it costs little.
    return { ...usual, probe: undefined, then: request, listenMs: this.#options.times.listenMs / 2 };
  }

  #hint(): ServiceProbe | undefined {
    const { port } = this.#options.target;
    if (this.isTls) return this.#probes.find(({ tlsPorts }) => tlsPorts?.includes(port));
    const ofPort = this.#probes.filter(({ ports }) => ports.includes(port));
    const isTls = this.#probes.some(({ tlsPorts }) => tlsPorts?.includes(port)) &&
      !ofPort.some(({ name }) => name === HTTP);
    return isTls ? this.#named(TLS) : ofPort[0];
  }

  /** Returns the first of these probes that was not sent. */
  exactly(names: readonly string[]): Attempt | undefined {
    const probe = first(names, (name) => this.isSent(name) ? undefined : this.#named(name));
    if (probe === undefined) return undefined;
    // A page has the time of the first request: that may have been too short.
    const replyMs = probe.services[0] === HTTP ? { replyMs: this.#options.times.requestMs } : {};
    return { probe: this.#requestOf(probe), isAlone: false, ...replyMs };
  }

  /**
   * Returns the next probe for a port that is not known: those of its number, the TLS hello, generic ones, and exact ones in the order
   * of their likelihood.
   *
   * @param names The likeliest exact ones.
   * @param areOthersOpen True if there are other connections: a server that serves one client at a time has no TLS beside them.
   */
  byLikelihood(names: readonly string[], areOthersOpen: boolean): Attempt | undefined {
    const { intensity, target: { port }, times } = this.#options;
    const candidates = this.#byIntensity.filter((probe) =>
      !this.isSent(probe.name) && (probe.isText || !this.isTextual) && !(this.isTls && probe.name === TLS)
    );
    const own = candidates.find(({ ports, tlsPorts }) => (this.isTls ? tlsPorts : ports)?.includes(port));
    const usual = candidates.filter((probe) => probe.intensity <= intensity);
    const tls = own === undefined ? usual.find(({ name }) => name === TLS) : undefined;
    if (tls !== undefined) return areOthersOpen ? undefined : { probe: this.#requestOf(tls), isAlone: true };
    const next = this.isTls ? [] : names;
    const found = own ?? first(next, (name) => usual.find((each) => each.name === name)) ??
      usual.find(({ kind }) => kind === "generic") ?? (this.isTls ? undefined : usual[0]);
    if (found === undefined) return undefined;
    // A probe of the port's own is worth its whole wait.
    return { probe: this.#requestOf(found), isAlone: false, ...(found === own ? { replyMs: times.probeMs } : {}) };
  }

  #named(name: string): ServiceProbe | undefined {
    return this.#probes.find((probe) => probe.name === name);
  }

  #requestOf({ name, bytes, isText }: ServiceProbe): Request {
    return {
      name,
      isBinary: !isText && name !== TLS,
      bytes: typeof bytes === "function" ? bytes(this.#options.target) : bytes,
    };
  }

  /** Returns the key of a request among those that were sent, directly or through TLS. */
  #key(name: string): string {
    return this.isTls ? `${name} ssl` : name;
  }
}

/** Returns the first result that is not undefined. */
function first<A, B>(items: readonly A[], of: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const result = of(item);
    if (result !== undefined) return result;
  }
  return undefined;
}
