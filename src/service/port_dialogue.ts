/**
 * The dialogue with one port, as the connections under it see it: over TCP or over UDP.
 *
 * @module
 */

import type { Finding, TlsFacts } from "../result/finding.ts";
import type { Label } from "./dialogue.ts";
import type { End } from "./exchange.ts";

/** A dialogue. Its connections have the numbers that it gave them. */
export interface PortDialogue {
  /** The finding, once the dialogue is over. */
  readonly finding: Finding | undefined;
  /** True once all probes were sent in vain, and a late greeting is waited for. */
  readonly isLooking: boolean;
  /** True if the first probes are over, and nothing has come. */
  readonly isQuiet: boolean;
  /** True if something has come. */
  readonly hasReply: boolean;
  /** When {@linkcode PortDialogue.expire} is to be called. */
  readonly dueMs: number;
  /** Begins. */
  start(nowMs: number): void;
  /** Ends the dialogue early, with what is known. */
  stop(label: Label): void;
  /** A connection is about to be made: the time that it has waited for room does not count. */
  connecting(connection: number, nowMs: number): void;
  /** A connection is established. */
  opened(connection: number, nowMs: number, tls?: TlsFacts): void;
  /** Bytes have come; they are copied. */
  received(connection: number, bytes: Uint8Array, nowMs: number): void;
  /** A connection was ended by the other side, or was not established. */
  ended(connection: number, end: Exclude<End, "open">, nowMs: number): void;
  /** Does what is due. */
  expire(nowMs: number): void;
}
