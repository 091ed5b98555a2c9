/**
 * Guesses of the systems of hosts, for the formats that report by host.
 *
 * @module
 */
import { guessedHosts, type Summary, type SystemGuess } from "../result/summary.ts";
import { printable } from "../base/text.ts";

/** Guesses of systems by address of the host. */
type GuessesByHost = Pick<ReadonlyMap<string, readonly SystemGuess[]>, "get">;

/**
 * Returns the guesses of a summary by address of the host. No memory is used while every host is asked for that has one, in the order
 * of addresses.
 */
export function osByHost(summary: Pick<Summary, "os">): GuessesByHost {
  const hosts = guessedHosts(summary);
  let at = 0;
  let byHost: GuessesByHost | undefined;
  return {
    get: (ip) => {
      if (byHost === undefined && at < hosts.length && hosts.ipOf(at) === ip) return hosts.guessesOf(at++);
      return (byHost ??= osOf(summary)).get(ip);
    },
  };
}

/** Returns the guesses of a summary by address of the host: of all hosts, or of some. */
export function osOf(summary: Pick<Summary, "os">, some?: ReadonlySet<string>): GuessesByHost {
  const byHost = new Map<string, readonly SystemGuess[]>();
  if (some?.size === 0) return byHost;
  const hosts = guessedHosts(summary);
  for (let index = 0; index < hosts.length; index++) {
    const ip = hosts.ipOf(index);
    if (some?.has(ip) ?? true) byHost.set(ip, hosts.guessesOf(index));
  }
  return byHost;
}

/** Returns the system of a host if there is one guess. */
export function osFamily(guesses: readonly SystemGuess[]): string | undefined {
  const [only] = guesses;
  return guesses.length === 1 ? only?.family ?? undefined : undefined;
}

/**
 * Returns the guesses on a host as text: `Linux (options ...)`, or `several stacks: port 22: Linux (...), port 3389: unknown (...)`.
 * Undefined if its only stack is unknown.
 */
export function osText(guesses: readonly SystemGuess[]): string | undefined {
  if (guesses.length < 2 && osFamily(guesses) === undefined) return undefined;
  const texts = guesses.map(({ family, evidence, ports }) => {
    const where = ports.length === 0 ? "" : `${ports.length === 1 ? "port" : "ports"} ${ports.join(", ")}: `;
    return `${where}${printable(family ?? "unknown")} (${printable(evidence)})`;
  });
  return texts.length === 1 ? texts[0] : `several stacks: ${texts.join("; ")}`;
}
