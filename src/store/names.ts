/**
 * The names by which scans asked for hosts, as a history keeps them.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { NamesByHost } from "../result/port_result.ts";
import { damaged, isHostKey } from "./validate.ts";
import { hostText, serviceKey } from "./key.ts";

/** Reads the usual names of services, by {@linkcode serviceKey}. */
export function readServices(db: DatabaseSync): ReadonlyMap<number, string> {
  const rows = db.prepare("SELECT proto, port, name FROM service").all();
  return new Map(rows.map(({ proto, port, name }) => [serviceKey(String(proto), Number(port)), String(name)]));
}

/** A name of a host, and the ports for which it was asked; `null` where these are all that the host was asked. */
interface StoredName {
  readonly ip: string;
  readonly name: string;
  readonly ports: string | null;
}

const NONE: readonly string[] = [];

/** The names of a scan, or of several that are taken together. */
export class StoredNames implements NamesByHost {
  readonly #byIp: ReadonlyMap<string, readonly StoredName[]>;

  /** Reads the names of scans, in the order in which they were typed. */
  constructor(db: DatabaseSync, ...scans: readonly number[]) {
    const where = `WHERE scan IN (${scans.join()}) ORDER BY rowid`;
    const rows = db.prepare(`SELECT number, CAST(name AS TEXT) AS name, ports FROM name ${where}`).all();
    const names = rows.map(({ number, name, ports }) => {
      if (!isHostKey(number) || ports !== null && !/^\d[\d,-]*$/.test(String(ports))) throw damaged("this scan");
      return { ip: hostText(number), name: String(name), ports: ports as string | null };
    });
    this.#byIp = Map.groupBy(names, ({ ip }) => ip);
  }

  of(ip: string): readonly string[] {
    return [...new Set(this.#byIp.get(ip)?.map(({ name }) => name))];
  }

  at(ip: string, port: number): readonly string[] {
    const own = this.#byIp.get(ip)?.filter(({ ports }) => ports === null || holds(ports, port));
    return own?.map(({ name }) => name) ?? NONE;
  }

  /** The addresses of each name, by the name in lower case. */
  addresses(): Map<string, { readonly name: string; readonly ips: ReadonlySet<string> }> {
    const byName = Map.groupBy([...this.#byIp.values()].flat(), ({ name }) => name.toLowerCase());
    return new Map(
      [...byName].map(([key, found]) => [key, { name: found[0]!.name, ips: new Set(found.map(({ ip }) => ip)) }]),
    );
  }
}

/** Returns true where a list of ports, like `22,8000-8100`, holds a port. */
function holds(list: string, port: number): boolean {
  return list.split(",").some((item) => {
    const [first = NaN, last = first] = item.split("-").map(Number);
    return port >= first && port <= last;
  });
}
