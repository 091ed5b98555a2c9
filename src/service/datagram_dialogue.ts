/**
 * The dialogue with one UDP port: what the port scan was replied is read, and further requests are sent only where that does not show
 * which service it is, or where another reply would say more of it. It does no I/O and reads no clock.
 *
 * Each request is sent by a socket of its own, and again if no reply comes: datagrams get lost.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import { isEchoed, writePayload } from "../technique/payloads/payload.ts";
import { isSure } from "./datagram_matcher.ts";
import type { DatagramIdentification } from "./datagram_matcher.ts";
import type { DatagramRequest } from "./datagram_requests.ts";
import type { End, Exchange } from "./exchange.ts";
import type { Connections, DialogueOptions, Label, PortDialogue } from "./port_dialogue.ts";

/** The requests, and the reading of replies. */
interface DatagramKnowledge {
  readonly requests: readonly DatagramRequest[];
  identify(exchanges: readonly Exchange[]): DatagramIdentification;
}

/** The options of a dialogue over UDP. */
interface DatagramDialogueOptions extends DialogueOptions {
  /** The replies that the port scan had. */
  readonly known: readonly Exchange[];
  /** 32 random bits, which replies repeat. */
  readonly token: number;
}

/** Requests at a time. */
const MAX_TOGETHER = 4;
/** Times that a request is sent which has a reply to expect, and one that is a guess. */
const TRIES = 3;
const GUESS_TRIES = 1;
/** Further requests that replies may lead to. */
const MAX_FOLLOWS = 4;
/** The longest time for one port, without round trips, in milliseconds. */
const MAX_PORT_MS = 5000;
const MAX_REPLY_LEN = 4096;
/** The intensity at which every request is sent. */
const MAX_INTENSITY = 9;

/** A request under way. */
interface Sending {
  readonly request: DatagramRequest;
  readonly bytes: Uint8Array;
  readonly tries: number;
  count: number;
  isOpen: boolean;
  sentMs: number;
  dueMs: number;
}

/** The dialogue with one port. */
export class DatagramDialogue implements PortDialogue {
  readonly #options: DatagramDialogueOptions;
  readonly #knowledge: DatagramKnowledge;
  readonly #connections: Connections;
  readonly #exchanges: Exchange[];
  readonly #sendings = new Map<number, Sending>();
  readonly #sent: Set<string>;
  #count = 0;
  #follows = 0;
  #beganMs = 0;
  #identification: DatagramIdentification;
  #finding: Finding | undefined;

  /** @param connections Sockets that are connected to the port. */
  constructor(options: DatagramDialogueOptions, knowledge: DatagramKnowledge, connections: Connections) {
    this.#options = options;
    this.#knowledge = knowledge;
    this.#connections = connections;
    this.#exchanges = [...options.known];
    this.#sent = new Set(options.known.map(({ probe }) => probe));
    this.#identification = knowledge.identify(this.#exchanges);
  }

  /** The finding, once the dialogue is over. */
  get finding(): Finding | undefined {
    return this.#finding;
  }

  /** True once nothing but a late greeting is waited for: there is none over UDP. */
  get isLooking(): boolean {
    return false;
  }

  /** True if no reply has come. */
  get isQuiet(): boolean {
    return this.#count > 1 && !this.hasReply;
  }

  /** True if a reply has come. */
  get hasReply(): boolean {
    return this.#exchanges.length > 0;
  }

  /** When {@linkcode DatagramDialogue.expire} is to be called. */
  get dueMs(): number {
    let dueMs = Infinity;
    for (const sending of this.#sendings.values()) dueMs = Math.min(dueMs, sending.dueMs);
    return dueMs;
  }

  /** Begins. */
  start(nowMs: number): void {
    this.#beganMs = nowMs;
    this.#advance(nowMs);
  }

  /** Ends the dialogue early, with what is known. */
  stop(label: Label): void {
    if (this.#finding === undefined) this.#finish(label);
  }

  /** A socket is about to be made. */
  connecting(connection: number, nowMs: number): void {
    const sending = this.#sendings.get(connection);
    if (sending !== undefined) sending.dueMs = nowMs + this.#options.times.connectMs;
  }

  /** A socket can send. */
  opened(connection: number, nowMs: number): void {
    const sending = this.#sendings.get(connection);
    if (sending === undefined) return;
    sending.isOpen = true;
    this.#send(connection, sending, nowMs);
  }

  /** A datagram has come; it is copied. */
  received(connection: number, bytes: Uint8Array, nowMs: number): void {
    const sending = this.#sendings.get(connection);
    if (sending === undefined || !this.#isReply(sending, bytes)) return;
    const { request: { name }, sentMs } = sending;
    this.#options.times.addReply(nowMs - sentMs);
    const reply = bytes.slice(0, MAX_REPLY_LEN);
    this.#exchanges.push({ probe: name, reply, firstByteMs: nowMs - sentMs, end: "open", connection });
    this.#identification = this.#knowledge.identify(this.#exchanges);
    this.#end(connection);
    if (isSure(this.#identification.finding)) this.#endGuesses();
    this.#advance(nowMs);
  }

  /** A socket was not made, or the host has reported the port as closed: it was open, and may be so for other requests. */
  ended(connection: number, _end: Exclude<End, "open">, nowMs: number): void {
    if (this.#sendings.delete(connection)) this.#advance(nowMs);
  }

  /** Does what is due. */
  expire(nowMs: number): void {
    for (const [connection, sending] of [...this.#sendings]) {
      if (sending.dueMs > nowMs) continue;
      if (sending.isOpen && sending.count < sending.tries) this.#send(connection, sending, nowMs);
      else this.#end(connection);
    }
    this.#advance(nowMs);
  }

  #send(connection: number, sending: Sending, nowMs: number): void {
    sending.count++;
    sending.sentMs = nowMs;
    sending.dueMs = nowMs + this.#options.times.probeMs;
    this.#connections.send(connection, sending.bytes);
  }

  #end(connection: number): void {
    this.#sendings.delete(connection);
    this.#connections.end(connection, false);
  }

  /** Ends what is under way to find out which service it is. */
  #endGuesses(): void {
    for (const [connection, { request }] of [...this.#sendings]) if (!request.isFollow) this.#end(connection);
  }

  /** True for a datagram that repeats what its protocol repeats of the request. */
  #isReply({ request, bytes }: Sending, reply: Uint8Array): boolean {
    return isEchoed(request.payload, viewOf(bytes), 0, viewOf(reply), 0, reply.length);
  }

  /** Sends the requests that come next, or ends the dialogue. */
  #advance(nowMs: number): void {
    if (this.#finding !== undefined) return;
    const isOver = nowMs - this.#beganMs > MAX_PORT_MS + this.#options.times.extraMs;
    while (!isOver && this.#sendings.size < MAX_TOGETHER) {
      const request = this.#next();
      if (request === undefined) break;
      this.#open(request);
    }
    if (this.#sendings.size === 0 || isOver) this.#finish();
  }

  #open(request: DatagramRequest): void {
    const connection = this.#count++;
    const { isFollow, payload, name } = request;
    const bytes = new Uint8Array(payload.bytes.length);
    writePayload(payload, viewOf(bytes), 0, this.#options.token);
    this.#sent.add(name);
    if (isFollow) this.#follows++;
    const tries = isFollow || this.#isOwn(request) ? TRIES : GUESS_TRIES;
    this.#sendings.set(connection, { request, bytes, tries, count: 0, isOpen: false, sentMs: 0, dueMs: Infinity });
    this.#connections.begin(connection, false);
  }

  #isOwn({ payload }: DatagramRequest): boolean {
    return payload.ports.includes(this.#options.target.port);
  }

  /** Returns the next request: what a reply has led to, the port's own, and guesses for a port that is not known. */
  #next(): DatagramRequest | undefined {
    const { requests } = this.#knowledge;
    const { next, finding } = this.#identification;
    const unsent = requests.filter(({ name }) => !this.#sent.has(name));
    if (this.#follows < MAX_FOLLOWS) {
      const follow = unsent.find(({ name }) => next.includes(name));
      if (follow !== undefined) return follow;
    }
    if (isSure(finding)) return undefined;
    const guesses = requests.slice(0, Math.ceil(requests.length * this.#options.intensity / MAX_INTENSITY));
    return unsent.find((request) => this.#isOwn(request)) ??
      guesses.find(({ name, isFollow }) => !isFollow && !this.#sent.has(name));
  }

  #finish(label?: Label): void {
    for (const connection of this.#sendings.keys()) this.#connections.end(connection, false);
    this.#sendings.clear();
    const { finding } = this.#identification;
    const found = finding ?? { service: "unknown", confidence: 0 };
    const why = label ?? (this.hasReply ? undefined : "silent");
    this.#finding = why === undefined ? found : { ...found, label: why };
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
