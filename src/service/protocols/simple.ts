/**
 * The small services of RFC 862 to 868: echo, character generator and time.
 *
 * @module
 */

import { latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { NULL_PROBE } from "../exchange.ts";
import { probeBytes, probeNamed } from "../probes.ts";
import type { Protocol } from "./protocol.ts";

/** Seconds from 1900, as RFC 868 counts, to 2020 and to 2036, when they overflow. */
const EARLIEST = 3_786_825_600;
/** The length of the beginning that probes for all targets have in common. */
const COMMON_LENGTH = 12;
const TARGET = { host: "127.0.0.1", port: 0, names: [] };

/** Echo: the reply is the probe. */
export const ECHO: Protocol = {
  name: "echo",
  parse: ({ probe, reply }: Exchange) => {
    const known = probeNamed(probe);
    if (!known) return undefined;
    // Of a probe that names its target the beginning is the same for all.
    const isFixed = typeof known.bytes !== "function";
    const sent = probeBytes(known, TARGET).subarray(0, isFixed ? undefined : COMMON_LENGTH);
    if (!/[A-Za-z]{3}/.test(latin1(sent)) || (isFixed ? reply.length !== sent.length : reply.length < sent.length)) {
      return undefined;
    }
    if (!sent.every((byte, i) => byte === reply[i])) return undefined;
    return { service: "echo", isComplete: true, fields: {}, facts: {} };
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
    return first.charCodeAt(1) !== first.charCodeAt(0) + 1
      ? undefined
      : { service: "chargen", isComplete: true, fields: {}, facts: {} };
  },
};

/** Time: four bytes, and the connection closed, before anything was sent. */
export const TIME: Protocol = {
  name: "time",
  parse: ({ probe, reply, end }) => {
    if (probe !== NULL_PROBE || reply.length !== 4 || end === "rst") return undefined;
    return new Reader(reply).u32() < EARLIEST
      ? undefined
      : { service: "time", isComplete: true, fields: {}, facts: {} };
  },
};
