/**
 * The names by which scans asked for hosts, as a history keeps them.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { NamesByHost } from "../result/port_result.ts";
import { damaged, isHostKey } from "./validate.ts";
import { type HostKey, hostText, portKey } from "./key.ts";

/** Reads the usual names of services, by the keys of their ports. */
export function readServices(db: DatabaseSync): ReadonlyMap<number, string> {
  const rows = db.prepare("SELECT proto, port, name FROM service").all();
  return new Map(rows.map(({ proto, port, name }) => [portKey(String(proto), Number(port)), String(name)]));
}

/** A name of a host, and the ports for which it was asked; `null` where these are all that the host was asked. */
export interface StoredName {
  readonly host: HostKey;
  readonly name: string;
  readonly ports: string | null;
}

/** The names of one scan. */
export class StoredNames implements NamesByHost {
  readonly #byIp: ReadonlyMap<string, readonly StoredName[]>;

  /** Reads the names of a scan, in the order in which they were typed. */
  constructor(db: DatabaseSync, scan: number) {
    const rows = db.prepare("SELECT number, name, ports FROM name WHERE scan = ? ORDER BY rowid").all(scan).map(
      ({ number, name, ports }): StoredName => {
        if (!isHostKey(number) || ports !== null && !/^\d[\d,-]*$/.test(String(ports))) throw damaged("this scan");
        return { host: number as HostKey, name: String(name), ports: ports === null ? null : String(ports) };
      },
    );
    this.#byIp = Map.groupBy(rows, ({ host }) => hostText(host));
  }

  of(ip: string): readonly string[] {
    return this.#byIp.get(ip)?.map(({ name }) => name) ?? [];
  }

  at(ip: string, port: number): readonly string[] {
    const names = this.#byIp.get(ip) ?? [];
    return names.filter(({ ports }) => ports === null || holds(ports, port)).map(({ name }) => name);
  }

  /** The addresses of each name, by the name in lower case. */
  addresses(): Map<string, { readonly name: string; readonly ips: string[] }> {
    const found = new Map<string, { readonly name: string; readonly ips: string[] }>();
    for (const [ip, names] of this.#byIp) {
      for (const { name } of names) {
        const key = name.toLowerCase();
        const known = found.get(key);
        if (known === undefined) found.set(key, { name, ips: [ip] });
        else known.ips.push(ip);
      }
    }
    return found;
  }
}

/** Returns true where a list of ports, like `22,8000-8100`, holds a port. */
function holds(list: string, port: number): boolean {
  return list.split(",").some((item) => {
    const [first = NaN, last = first] = item.split("-").map(Number);
    return port >= first && port <= last;
  });
}
