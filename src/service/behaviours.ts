/**
 * Services that never send a byte to a stranger: told by their port and by the probes on which they close.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import type { Exchange } from "./exchange.ts";

/** A way to behave without a reply. */
interface Behaviour {
  readonly id: string;
  readonly service: string;
  readonly ports: readonly number[];
  /** Probes on which the server closes; at least one of them was sent, and it closed on each that was. */
  readonly closes: readonly string[];
  /** Probes on which it closes with bytes unread, by a reset; likewise, and those of `closes` end without one. */
  readonly resets?: readonly string[];
  /** Probes on which it leaves the connection open; likewise. */
  readonly stays: readonly string[];
}

const BEHAVIOURS: readonly Behaviour[] = [
  // Lines are no messages of the control channel; the first eight bytes of a shorter message are waited for.
  { id: "closes-rndc", service: "rndc", ports: [953], closes: ["http", "crlf2", "help"], stays: ["null", "pgssl"] },
  // A line that is no request ends the server, bytes without a line do not.
  {
    id: "closes-cvs",
    service: "cvspserver",
    ports: [2401],
    closes: ["http", "cvs", "help"],
    stays: ["null", "dns", "smb"],
  },
  // A virtual machine of Java compares the first 14 bytes with a debugger's handshake, and leaves more unread. No handshake is sent: a
  // program that waits for its debugger starts once the client of a handshake is gone.
  {
    id: "closes-jdwp",
    service: "jdwp",
    ports: [5005, 8000, 8787, 9009],
    closes: ["crlf2", "help", "x11", "socks5", "pgssl", "amqp"],
    resets: ["http", "tls", "dns", "smb", "rpc", "ldap"],
    stays: [],
  },
  { id: "stays-discard", service: "discard", ports: [9], closes: [], stays: ["http", "tls", "dns", "help"] },
  { id: "stays-graphite", service: "graphite", ports: [2003], closes: [], stays: ["http", "tls", "dns", "help"] },
  {
    id: "stays-jetdirect",
    service: "jetdirect",
    ports: [9100, 9101],
    closes: [],
    stays: ["http", "pjl", "dns", "help"],
  },
];

const CONFIDENCE = 5;

/** Returns the service that behaves like this port; undefined if there was a reply, or if none does. */
export function behaviourOf(exchanges: readonly Exchange[], port: number): Finding | undefined {
  if (exchanges.some(({ reply }) => reply.length > 0)) return undefined;
  const all = (names: readonly string[], isRight: (exchange: Exchange) => boolean): boolean => {
    const sent = exchanges.filter(({ probe }) => names.includes(probe));
    return names.length === 0 || (sent.length > 0 && sent.every(isRight));
  };
  const found = BEHAVIOURS.find(({ ports, closes, resets = [], stays }) =>
    ports.includes(port) && all(closes, ({ end }) => end === "fin" || (end === "rst" && resets.length === 0)) &&
    all(resets, ({ end }) => end === "rst") &&
    all(stays, ({ end }) => end === "open") &&
    (closes.length > 0 || exchanges.every(({ end }) => end === "open"))
  );
  return found && { service: found.service, confidence: CONFIDENCE, row: found.id };
}
