/**
 * The dialogue with one port, over TCP or over UDP: what it is given, and what the connections under it call.
 *
 * @module
 */

import type { Finding, TlsFacts } from "../result/finding.ts";
import type { End } from "./exchange.ts";
import type { ProbeTarget } from "./probe_requests.ts";
import type { ReplyTimes } from "./reply_times.ts";

/** The connections of a dialogue, by numbers that it chooses. Events come through its methods, never from inside a call. */
export interface Connections {
  /** Opens a connection, through TLS if `isTls`. It may have to wait until there is room. */
  begin(connection: number, isTls: boolean): void;
  send(connection: number, bytes: Uint8Array): void;
  /** Ends a connection: in order, or by a reset. No event of it follows. */
  end(connection: number, inOrder: boolean): void;
  /** Returns true if what was sent has not been acknowledged. */
  isUnacknowledged(connection: number): boolean;
}

/** The limits of a dialogue. */
export interface DialogueOptions {
  readonly target: ProbeTarget;
  /** The highest intensity of probes that are sent to ports which are not their own. */
  readonly intensity: number;
  readonly times: ReplyTimes;
}

/** The reason why no more is known of a port. */
export type Label = "silent" | "closes" | "no-data" | "refused" | "no-connection" | "not-probed" | "middlebox";

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
