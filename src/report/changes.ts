/**
 * The changes since an earlier scan, as a report shows them.
 *
 * @module
 */
import type { State } from "../result/states.ts";

/** A port whose state, service or version changed. */
export interface ChangedPort {
  readonly ip: string;
  readonly port: number;
  /** The protocol; that of TCP if not given. */
  readonly proto?: string;
  /** The technique, if it is not one that asks for a connection. */
  readonly technique?: string | undefined;
  readonly before: State;
  readonly after: State;
  readonly service: string | undefined;
  /** Service and version as they were and are, if these changed. */
  readonly was?: string;
  readonly now?: string;
}

/** The differences from an earlier scan of the same targets. */
export interface ScanChanges {
  /** The earlier scan's number in the history, and its start, in milliseconds since 1970. */
  readonly scan: number;
  readonly startedAtMs: number;
  /** Ports that both scans decided. */
  readonly compared: number;
  readonly opened: number;
  readonly closed: number;
  readonly otherwise: number;
  /** Ports with another service or version. */
  readonly versions?: number;
  /** Hosts that reply now and did not, and the reverse. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Changes by host and port; those to or from open first. */
  readonly ports: readonly ChangedPort[];
  /** The number of hosts and ports that are not listed. */
  readonly more: number;
}
