/**
 * A probe space, or a shard of it, as a list to read.
 *
 * @module
 */
import { PortSet } from "./ports.ts";
import { RangesBuilder } from "./ranges.ts";
import type { ProbeSpace } from "./space.ts";

/** Neighbouring hosts with the same ports. */
export interface Listed {
  /** The first host. */
  readonly first: number;
  /** The last host. */
  readonly last: number;
  /** The ports of each, as `-p` takes them. */
  readonly ports: string;
}

/**
 * Lists a space, host by host. Memory use does not depend on its length.
 *
 * @param has Returns true for an index in the part to list; by default the whole.
 */
export function* listSpace(space: ProbeSpace, has?: (index: number) => boolean): Generator<Listed> {
  for (const { hosts, ports } of space.blocks) {
    if (has === undefined) {
      const text = ports.toString();
      for (const [first, last] of hosts) yield { first, last, ports: text };
      continue;
    }
    let listed: Listed | undefined;
    for (const [first, last] of hosts) {
      for (let host = first; host <= last; host++) {
        const wanted = new RangesBuilder();
        for (const port of ports) if (has(space.indexOf(host, port))) wanted.add(port, port);
        const text = PortSet.fromRanges(wanted.build()).toString();
        if (listed?.last === host - 1 && listed.ports === text) {
          listed = { ...listed, last: host };
          continue;
        }
        if (listed !== undefined) yield listed;
        listed = text === "" ? undefined : { first: host, last: host, ports: text };
      }
    }
    if (listed !== undefined) yield listed;
  }
}
