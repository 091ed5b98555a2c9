/**
 * The payloads of UDP probes by port.
 *
 * @module
 */

import { DEVICE_PAYLOADS } from "./devices.ts";
import { MACHINE_PAYLOADS } from "./machines.ts";
import { NAME_PAYLOADS } from "./names.ts";
import { hasToken, type Payload, word } from "./payload.ts";
import { SESSION_PAYLOADS } from "./sessions.ts";

/** Every payload of a service. */
export const PAYLOADS: readonly Payload[] = [
  ...[NAME_PAYLOADS, MACHINE_PAYLOADS, SESSION_PAYLOADS, DEVICE_PAYLOADS].flat(),
];

/** The payload of other ports: a token that an ICMP error quotes, or at least its checksum. A reply need not have it. */
const OTHER: readonly Payload[] = [
  { service: "", ports: [], bytes: new Uint8Array(4), cookies: [word(0)], echoes: [] },
];

const BY_PORT: ReadonlyMap<number, readonly Payload[]> = (() => {
  const byPort = new Map<number, Payload[]>();
  for (const payload of PAYLOADS) {
    for (const port of payload.ports) byPort.set(port, [...byPort.get(port) ?? [], payload]);
  }
  return byPort;
})();

/** Returns the payloads of a port, of which the attempts have one each in turn. */
export function payloadsOf(port: number): readonly Payload[] {
  return BY_PORT.get(port) ?? OTHER;
}

/** Returns a function that lists the payloads of a port which have at most `maxLen` bytes; where none has, that of ports without a service. */
export function payloadsWithin(maxLen: number): typeof payloadsOf {
  const isShort = ({ bytes }: Payload) => bytes.length <= maxLen;
  const shortened = new Map(
    [...BY_PORT].filter(([, payloads]) => !payloads.every(isShort)).map(([port, payloads]) => {
      const short = payloads.filter(isShort);
      return [port, short.length === 0 ? OTHER : short];
    }),
  );
  return (port) => shortened.get(port) ?? payloadsOf(port);
}

const WITH_TOKEN: ReadonlyMap<number, readonly Payload[]> = new Map(
  Array.from(BY_PORT, ([port, payloads]) => {
    const isProvable = payloads.every((payload) => hasToken(payload, payload.bytes.length));
    return [port, isProvable ? payloads : [...OTHER, ...payloads]];
  }),
);

/**
 * Returns the payloads of a port whose errors quote nothing else of a probe: some of services have no room for a token, and are sent in turn
 * with one that is nothing else.
 */
export function payloadsWithToken(port: number): readonly Payload[] {
  return WITH_TOKEN.get(port) ?? OTHER;
}

const NAMES: ReadonlyMap<Payload, string> = (() => {
  const counts = new Map<string, number>();
  return new Map(PAYLOADS.map((payload) => {
    const count = (counts.get(payload.service) ?? 0) + 1;
    counts.set(payload.service, count);
    return [payload, count === 1 ? payload.service : `${payload.service} ${count}`];
  }));
})();

/** Returns the name of a request: its service, with a number from the second of a service on; `other` for that of ports without a service. */
export function requestName(payload: Payload): string {
  return NAMES.get(payload) ?? "other";
}

/** True for a port with a payload of a service. */
export function hasPayload(port: number): boolean {
  return BY_PORT.has(port);
}
