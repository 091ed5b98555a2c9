/**
 * The resolution of the names of targets and exclusions.
 *
 * @module
 */

import { AF_INET, AF_INET6, AF_UNSPEC } from "../../ffi/constants.ts";
import { resolveAddresses, ResolveError } from "../../ffi/resolver.ts";
import { UsageError } from "../base/errors.ts";
import { nameKey } from "../target/names.ts";
import type { Address } from "../target/resolve.ts";
import type { ScanOptions } from "./options.ts";

/** Resolves each name once: a name that is a target and an exclusion must mean the same host in both places. */
export class NameResolver {
  /** The addresses of every name, by its key; empty if it has none. */
  readonly answers = new Map<string, readonly Address[]>();
  readonly #options: ScanOptions;
  readonly #known: ReadonlyMap<string, readonly Address[]>;
  readonly #pending = new Map<string, Promise<readonly Address[]>>();

  /** @param known The addresses that names had when a scan began that is resumed. */
  constructor(options: ScanOptions, known: ReadonlyMap<string, readonly Address[]> = new Map()) {
    this.#options = options;
    this.#known = known;
  }

  /** @throws {UsageError} With the reason alone, if the name has no address. */
  resolve(name: string): Promise<readonly Address[]> {
    const key = nameKey(name);
    return this.#pending.getOrInsertComputed(key, () => this.#resolve(key, name));
  }

  async #resolve(key: string, name: string): Promise<readonly Address[]> {
    this.answers.set(key, this.#known.get(key) ?? []);
    const addresses = this.#known.get(key) ?? await resolveBySystem(name, this.#options);
    this.answers.set(key, addresses);
    return addresses;
  }
}

/** Returns the address family of names, as getaddrinfo(3) takes it. */
function familyOfNames({ family }: ScanOptions): number {
  return family === undefined ? AF_UNSPEC : family === 6 ? AF_INET6 : AF_INET;
}

async function resolveBySystem(name: string, options: ScanOptions): Promise<readonly Address[]> {
  try {
    return await resolveAddresses(name, familyOfNames(options));
  } catch (error) {
    // The caller adds the name to the message.
    if (error instanceof ResolveError) {
      const asked = options.dnsServers === undefined
        ? ""
        : " by the system's resolver (the chosen DNS servers are for reverse DNS)";
      throw new UsageError(`${error.reason}${asked}`, { cause: error });
    }
    throw error;
  }
}
