/**
 * The connections of dialogues: each takes a slot of the conversations, and some speak TLS.
 *
 * @module
 */

import type { Fd } from "../../ffi/fd.ts";
import type { PortDialogue } from "../service/port_dialogue.ts";
import type { ConnectSockets } from "../transport/connect_sockets.ts";
import { type ConversationEnd, Conversations, type ConversationSink } from "../transport/conversations.ts";
import { TlsConnection } from "./tls_connection.ts";

/** The longest wait while TLS, which has its own time, is at work, in milliseconds. */
const TLS_WAIT_MS = 5;
/** The slot of a connection that waits for room. */
const NO_SLOT = -1;

/** The owner of the connections of one dialogue. */
export interface ConnectionOwner {
  /** Slots by connection. */
  readonly slots: Map<number, number>;
  /** TLS handshakes that have failed. */
  tlsFailures: number;
}

/** A call of a method of a dialogue. */
export type DialogueEvent = (dialogue: PortDialogue, nowMs: number) => void;

/** The facts and events of the owners. */
interface Owners<Owner> {
  /** Returns the name that a TLS server is asked for; undefined without one. */
  serverNameOf(owner: Owner): string | undefined;
  /** Passes an event to the dialogue of an owner. */
  tell(owner: Owner, event: DialogueEvent): void;
}

/** The use of a slot. */
interface Use<Owner> {
  readonly owner: Owner;
  readonly connection: number;
  readonly isTls: boolean;
  tls: TlsConnection | undefined;
}

/** Connections of many dialogues. */
export class DialogueConnections<Owner extends ConnectionOwner> implements Disposable, ConversationSink {
  readonly #owners: Owners<Owner>;
  readonly #conversations: Conversations;
  readonly #uses: (Use<Owner> | undefined)[];
  readonly #freeSlots: number[];
  #tlsCount = 0;

  /**
   * @param width The most connections at one time.
   * @throws {CannotScanError} If sockets cannot be opened with their options.
   */
  constructor(width: number, sockets: ConnectSockets, owners: Owners<Owner>) {
    this.#owners = owners;
    this.#conversations = new Conversations(width, sockets);
    this.#uses = new Array<Use<Owner> | undefined>(width).fill(undefined);
    this.#freeSlots = Array.from({ length: width }, (_, index) => width - 1 - index);
  }

  /** The number of connections that can be made beside those there are. */
  get room(): number {
    return this.#freeSlots.length;
  }

  /** Passes on what has happened; returns the number of connections. */
  poll(): number {
    return this.#conversations.poll(this);
  }

  /** Resolves when something has happened, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    await this.#conversations.wait(Math.max(0, this.#tlsCount > 0 ? Math.min(TLS_WAIT_MS, timeoutMs) : timeoutMs));
  }

  /** Takes note that a dialogue waits for a connection. */
  request(owner: Owner, connection: number): void {
    owner.slots.set(connection, NO_SLOT);
  }

  /** Returns true if a dialogue still waits for a connection that it has requested. */
  isRequested(owner: Owner, connection: number): boolean {
    return owner.slots.has(connection);
  }

  /**
   * Begins a connection, for which there must be room.
   *
   * @param socket A connection that stands already; undefined to make one.
   * @returns 0, or the errno with which the kernel refused to try.
   */
  begin(owner: Owner, connection: number, isTls: boolean, host: number, port: number, socket: Fd | undefined): number {
    const slot = this.#freeSlots.pop()!;
    if (socket !== undefined) this.#conversations.adopt(slot, socket, host, port);
    const errno = socket === undefined ? this.#conversations.begin(slot, host, port) : 0;
    if (errno !== 0) {
      this.#freeSlots.push(slot);
      return errno;
    }
    this.#uses[slot] = { owner, connection, isTls, tls: undefined };
    owner.slots.set(connection, slot);
    return 0;
  }

  /** Sends bytes, through TLS if the connection speaks it. */
  send(owner: Owner, connection: number, bytes: Uint8Array): void {
    const slot = slotOf(owner, connection);
    const tls = this.#uses[slot]?.tls;
    if (tls !== undefined) tls.send(bytes);
    // A connection that has ended is reported by the next poll.
    else this.#conversations.send(slot, bytes);
  }

  /** Ends a connection: in order, or by a reset. */
  end(owner: Owner, connection: number, inOrder: boolean): void {
    const slot = slotOf(owner, connection);
    owner.slots.delete(connection);
    if (slot === NO_SLOT) return;
    this.#uses[slot]!.tls?.end();
    this.#conversations.end(slot, inOrder);
    this.#free(slot);
  }

  /** Returns true if what was sent has not been acknowledged. */
  isUnacknowledged(owner: Owner, connection: number): boolean {
    return this.#conversations.isUnacknowledged(slotOf(owner, connection));
  }

  [Symbol.dispose](): void {
    for (const use of this.#uses) use?.tls?.end();
    this.#conversations[Symbol.dispose]();
  }

  connected(slot: number): void {
    const use = this.#uses[slot]!;
    const { owner, connection } = use;
    if (!use.isTls) return this.#owners.tell(owner, (dialogue, nowMs) => dialogue.opened(connection, nowMs));
    this.#tlsCount++;
    use.tls = new TlsConnection({
      send: (bytes) => void this.#conversations.send(slot, bytes),
      opened: (facts) => this.#owners.tell(owner, (dialogue, nowMs) => dialogue.opened(connection, nowMs, facts)),
      received: (bytes) => this.#owners.tell(owner, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs)),
      ended: (end) => {
        this.#conversations.end(slot, false);
        this.#ended(slot, use, end);
      },
    }, { name: this.#owners.serverNameOf(owner), protocols: owner.tlsFailures === 0 ? ["http/1.1"] : [] });
  }

  received(slot: number, bytes: Uint8Array): void {
    const { owner, connection, tls } = this.#uses[slot]!;
    if (tls !== undefined) return tls.receive(bytes);
    this.#owners.tell(owner, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs));
  }

  ended(slot: number, end: ConversationEnd): void {
    const use = this.#uses[slot]!;
    // TLS may have bytes that are not read yet.
    if (use.tls !== undefined) use.tls.finish(end === "fin" ? "fin" : "rst");
    else this.#ended(slot, use, end);
  }

  #ended(slot: number, { owner, connection, isTls }: Use<Owner>, end: ConversationEnd): void {
    this.#free(slot);
    if (isTls) owner.tlsFailures++;
    this.#owners.tell(owner, (dialogue, nowMs) => dialogue.ended(connection, end, nowMs));
  }

  #free(slot: number): void {
    const use = this.#uses[slot];
    if (use === undefined) return;
    if (use.tls !== undefined) this.#tlsCount--;
    this.#uses[slot] = undefined;
    this.#freeSlots.push(slot);
    use.owner.slots.delete(use.connection);
  }
}

function slotOf({ slots }: ConnectionOwner, connection: number): number {
  return slots.get(connection) ?? NO_SLOT;
}
