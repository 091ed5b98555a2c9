/**
 * The small services of RFC 862 to 868: echo, character generator and time.
 *
 * @module
 */

import { latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { NULL_PROBE } from "../exchange.ts";
import { probeBytes, probeNamed, type ServiceProbe } from "../probes.ts";
import { completeReading, type Protocol } from "./protocol.ts";

/** Seconds from 1900, as RFC 868 counts, to 2020 and to 2036, when they overflow. */
const EARLIEST = 3_786_825_600;
/** Probes to which servers of their own protocol may reply with the same bytes. */
const BOTH_WAYS = ["amqp", "amqp10", "icecc"];
/** The shortest probe without text that shows by its repetition that it was not understood. */
const LEAST_LEN = 8;
const TARGETS = [{ host: "192.0.2.1", port: 1, names: [] }, { host: "203.0.113.77", port: 2, names: [] }] as const;

const partsByProbe = new Map<ServiceProbe, readonly [Uint8Array, Uint8Array]>();

/** Returns the bytes of a probe up to the first that depends on its target, and those behind the last one. */
function partsOf(probe: ServiceProbe): readonly [Uint8Array, Uint8Array] {
  const known = partsByProbe.get(probe) ?? fixedParts(probe);
  partsByProbe.set(probe, known);
  return known;
}

function fixedParts(probe: ServiceProbe): readonly [Uint8Array, Uint8Array] {
  const [one, other] = [probeBytes(probe, TARGETS[0]), probeBytes(probe, TARGETS[1])];
  const end = one.findIndex((byte, i) => byte !== other[i]);
  if (end < 0) return [one, new Uint8Array()];
  const backwards = one.toReversed().findIndex((byte, i) => byte !== other.at(-1 - i));
  return [one.subarray(0, end), one.subarray(one.length - backwards)];
}

/** Echo: the reply is the probe. */
export const ECHO: Protocol = {
  name: "echo",
  parse: ({ probe, reply }: Exchange) => {
    const known = probeNamed(probe);
    if (!known || BOTH_WAYS.includes(probe)) return undefined;
    const [sent, tail] = partsOf(known);
    const isWhole = typeof known.bytes !== "function";
    const isTelling = /[A-Za-z]{3}/.test(latin1(sent)) || isWhole && sent.length >= LEAST_LEN;
    if (!isTelling || (isWhole ? reply.length !== sent.length : reply.length < sent.length)) {
      return undefined;
    }
    if (!sent.every((byte, i) => byte === reply[i])) return undefined;
    if (!tail.every((byte, i) => byte === reply.at(i - tail.length))) return undefined;
    return completeReading("echo", {});
  },
};

/** Character generator: lines of 72 characters, each line one character on. */
export const CHARGEN: Protocol = {
  name: "chargen",
  parse: ({ reply }) => {
    const lines = latin1(reply, 0, 1024).split("\r\n", 5).slice(0, 4);
    const first = lines[0] ?? "";
    const second = lines[1] ?? "";
    if (first.length !== 72 || second.length !== 72 || first.slice(1) !== second.slice(0, 71)) return undefined;
    return first.charCodeAt(1) !== first.charCodeAt(0) + 1 ? undefined : completeReading("chargen", {});
  },
};

/** Time: four bytes, and the connection closed, before anything was sent. */
export const TIME: Protocol = {
  name: "time",
  parse: ({ probe, reply, end }) => {
    if (probe !== NULL_PROBE || reply.length !== 4 || end === "rst") return undefined;
    return new Reader(reply).u32() < EARLIEST ? undefined : completeReading("time", {});
  },
};
