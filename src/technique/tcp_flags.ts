/**
 * Scans with other flags than SYN, with nmap's states (portreasons and states of nmap 7.9x; RFC 9293 section 3.10.7): a segment
 * without SYN, RST and ACK is ignored by an open port and reset by a closed one; a segment with ACK is reset by both.
 *
 * @module
 */

import { outcomeTable } from "../result/outcome.ts";
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_URG } from "../wire/tcp.ts";
import { TcpTechnique } from "./tcp_technique.ts";

const IGNORED_IF_OPEN = outcomeTable({ "no-response": "open|filtered" });
const ALWAYS_RESET = outcomeTable({ "reset": "unfiltered", "reset-no-ack": "unfiltered" });
const WINDOW_IF_OPEN = { own: "closed", odd: "open" } as const;
const RESET_WITH_WINDOW = outcomeTable({ "reset": WINDOW_IF_OPEN, "reset-no-ack": WINDOW_IF_OPEN });

/** The techniques, by nmap's names. */
export const FLAG_SCANS: readonly TcpTechnique[] = [
  scan("fin", TCP_FIN, IGNORED_IF_OPEN),
  scan("null", 0, IGNORED_IF_OPEN),
  scan("xmas", TCP_FIN | TCP_PSH | TCP_URG, IGNORED_IF_OPEN),
  scan("maimon", TCP_FIN | TCP_ACK, IGNORED_IF_OPEN),
  scan("ack", TCP_ACK, ALWAYS_RESET),
  scan("window", TCP_ACK, RESET_WITH_WINDOW),
];

function scan(name: string, flags: number, states: TcpTechnique["states"]): TcpTechnique {
  return new TcpTechnique({ name, flags, states, isHandshake: false });
}
