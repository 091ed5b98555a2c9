/**
 * The SYN scan: half a handshake, which a RST ends.
 *
 * @module
 */

import { HANDSHAKE_OUTCOMES } from "../result/outcome.ts";
import { mssOption, TCP_SYN } from "../wire/tcp.ts";
import { TcpTechnique } from "./tcp_technique.ts";

/** MSS of a probe: Ethernet's MTU less both headers (RFC 9293 section 3.7.1). */
const MSS = 1460;

/** SYN with an MSS, without which some hosts do not reply. */
export const SYN = new TcpTechnique({
  name: "syn",
  flags: TCP_SYN,
  options: mssOption(MSS),
  states: HANDSHAKE_OUTCOMES,
  isHandshake: true,
});
