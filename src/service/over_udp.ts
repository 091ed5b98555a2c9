/**
 * Service detection over UDP: its dialogues, and the ports that it has requests for.
 *
 * @module
 */

import { DatagramDialogue } from "./datagram_dialogue.ts";
import { identifyDatagrams } from "./datagram_matcher.ts";
import { DATAGRAM_REQUESTS } from "./datagram_requests.ts";
import type { DialoguesOver } from "./over_tcp.ts";

/** Returns the dialogues over UDP; of requests that are guesses, a share by `intensity`, 0 to 9. */
export function overUdp(intensity: number): DialoguesOver {
  const knowledge = { requests: DATAGRAM_REQUESTS, identify: identifyDatagrams };
  const random = new Uint32Array(1);
  return {
    dialogue: (target, times, known, connections) => {
      const [token] = crypto.getRandomValues(random);
      return new DatagramDialogue({ target, intensity, times, known, token: token! }, knowledge, connections);
    },
    hasProbe: (port) => DATAGRAM_REQUESTS.some(({ payload }) => payload.ports.includes(port)),
    isLeftAlone: () => false,
  };
}
