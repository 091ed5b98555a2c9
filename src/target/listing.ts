/**
 * A space, or a part of it, as a list for a person.
 *
 * @module
 */
import { PortSet } from "./ports.ts";
import { RangesBuilder } from "./ranges.ts";
import type { ProbeSpace } from "./space.ts";

/** Neighbouring hosts of which the same ports are to be asked. */
export interface Listed {
  /** Address of the first host. */
  readonly first: number;
  /** Address of the last host. */
  readonly last: number;
  /** The ports of each, as `-p` takes them. */
  readonly ports: string;
}

/**
 * Lists a space, in the order of its indices. Nothing is kept, however long the list.
 *
 * @param has Whether an index is in the part that is wanted; the whole without.
 */
export function* listSpace(space: ProbeSpace, has?: (index: number) => boolean): Generator<Listed> {
  for (const { hosts, ports, firstIndex } of space.blocks) {
    if (has === undefined) {
      const text = ports.toString();
      for (const [first, last] of hosts) yield { first, last, ports: text };
      continue;
    }
    let listed: Listed | undefined;
    let index = firstIndex;
    for (const [first, last] of hosts) {
      for (let host = first; host <= last; host++) {
        const wanted = new RangesBuilder();
        for (let i = 0; i < ports.size; i++) {
          const port = ports.at(i);
          if (has(index++)) wanted.add(port, port);
        }
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
