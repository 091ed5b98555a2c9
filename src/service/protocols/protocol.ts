/**
 * The interface of the parsers of replies.
 *
 * @module
 */

import type { Finding } from "../../result/finding.ts";
import type { Exchange } from "../exchange.ts";

/** A request that would say more than the reply did. */
export interface Follow {
  /** The name that the exchange of this request will have. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** True for a request on the connection of the reply, false for one on a new connection. */
  readonly sameConnection: boolean;
  /** The longest wait for the reply beyond the time that is added for slow hosts, if it is shorter than usual. */
  readonly waitMs?: number;
}

/** The fields of a reply that a parser has understood. */
export interface Reading {
  readonly service: string;
  /** True if nothing more is to be expected of this reply. */
  readonly isComplete: boolean;
  /** True if only the behaviour fits: another protocol could have sent the same. */
  readonly isVague?: boolean;
  /**
   * Of HTTP alone: true if a page was requested. To another request a framework may reply in the place of its application, which is
   * then not named.
   */
  readonly isPage?: boolean;
  /** Text by name, e.g. `ssh.software`; one character per byte. The fields that decide first stand first. */
  readonly fields: Readonly<Record<string, string>>;
  readonly facts: Partial<Finding>;
  readonly follow?: Follow;
  /** Names of probes that would say more, each on a new connection. */
  readonly next?: readonly string[];
  /** The bytes that end the conversation politely. */
  readonly quit?: Uint8Array;
}

/** Returns a reading after which nothing more is to be expected of the reply. An empty `info` is none. */
export function completeReading(service: string, fields: Reading["fields"], info = ""): Reading {
  return { service, isComplete: true, fields, facts: info === "" ? {} : { info } };
}

/** A parser of the replies of one protocol. */
export interface Protocol {
  readonly name: string;
  /** Returns the fields of a reply; undefined if it is not of this protocol. It accepts any bytes. */
  parse(exchange: Exchange): Reading | undefined;
}
