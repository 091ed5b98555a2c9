/**
 * Service detection over TCP: its dialogues, and the ports that it has probes for.
 *
 * @module
 */

import { Dialogue } from "./dialogue.ts";
import type { Exchange } from "./exchange.ts";
import { identify } from "./matcher.ts";
import type { Connections, PortDialogue } from "./port_dialogue.ts";
import type { ProbeTarget } from "./probe_requests.ts";
import { PROBES } from "./probes.ts";
import type { ReplyTimes } from "./reply_times.ts";

/** Ports of printers that print what they are sent. */
const FIRST_PRINTER_PORT = 9100;
const LAST_PRINTER_PORT = 9107;

/** The parts of service detection that differ by protocol. */
export interface DialoguesOver {
  /** Returns a dialogue with a port, of which replies may be known. */
  dialogue(target: ProbeTarget, times: ReplyTimes, known: readonly Exchange[], connections: Connections): PortDialogue;
  /** True for a port that probes are made for. */
  hasProbe(port: number): boolean;
  /** True for a port that is left alone, since it may print what it is sent. */
  isLeftAlone(port: number): boolean;
}

/**
 * Returns those of TCP.
 *
 * @param intensity The highest intensity of probes that are sent to ports which are not their own, 0 to 9.
 * @param allPorts True if ports of printers are probed, too.
 */
export function overTcp(intensity: number, allPorts: boolean): DialoguesOver {
  const knowledge = { probes: PROBES, identify };
  return {
    dialogue: (target, times, _known, connections) =>
      new Dialogue({ target, intensity, times }, knowledge, connections),
    hasProbe: (port) => PROBES.some(({ ports }) => ports.includes(port)),
    isLeftAlone: (port) => !allPorts && port >= FIRST_PRINTER_PORT && port <= LAST_PRINTER_PORT,
  };
}
