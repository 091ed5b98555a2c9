/**
 * The systems of hosts, guessed from the shapes of their SYN-ACKs.
 *
 * @module
 */

import { orderOf } from "../collections/order.ts";
import { SHAPE_AT, SHAPE_ROW_LEN, ShapeSet } from "../driver/shape_table.ts";
import type { GuessedHosts, SystemGuess } from "../result/summary.ts";
import { familyOf, isSameStack, SHAPE_LEN, shapeText } from "../technique/os_shape.ts";

/** One stack of a host: its guess, and the place of its shape. */
interface Stack extends SystemGuess {
  readonly at: number;
  readonly ports: number[];
}

/** Returns the hosts of the rows of a `ShapeTable`, with guesses of their systems; `format` writes an address. */
export function hostOs(rows: ArrayLike<number>, format: (host: number) => string): GuessedHosts {
  const hosts = new Uint32Array(rows.length / SHAPE_ROW_LEN);
  const shapes = new Uint32Array(hosts.length);
  const all = new ShapeSet();
  for (let row = 0; row < hosts.length; row++) {
    hosts[row] = rows[row * SHAPE_ROW_LEN]!;
    shapes[row] = all.numberOf(rows, row * SHAPE_ROW_LEN + SHAPE_AT);
  }
  // Hosts have few different shapes, so that each is worded once.
  const guesses = Array.from({ length: all.size }, (_, number): readonly SystemGuess[] => {
    const at = number * SHAPE_LEN;
    return [{ family: familyOf(all.words, at), evidence: shapeText(all.words, at), ports: [] }];
  });
  const order = orderOf(hosts);
  const firsts = firstOfEachHost(hosts, order);
  return {
    length: firsts.length - 1,
    ipOf: (index) => format(hosts[order[firsts[index]!]!]!),
    guessesOf: (index) => {
      const first = firsts[index]!;
      const next = firsts[index + 1]!;
      if (next === first + 1) return guesses[shapes[order[first]!]!]!;
      return stacksOf(rows, order.subarray(first, next), (row) => guesses[shapes[row]!]![0]!);
    },
  };
}

/** Returns where the rows of each host begin in their order, and the number of all. */
function firstOfEachHost(hosts: Uint32Array, order: Uint32Array): Uint32Array {
  const firsts = new Uint32Array(order.length + 1);
  let count = 0;
  let before = -1;
  for (let at = 0; at < order.length; at++) {
    const host = hosts[order[at]!]!;
    if (host === before) continue;
    before = host;
    firsts[count++] = at;
  }
  firsts[count] = order.length;
  return firsts.subarray(0, count + 1);
}

/** Returns the guesses on one host, from its rows: with ports if it has several stacks. */
function stacksOf(
  rows: ArrayLike<number>,
  ofHost: Uint32Array,
  guessOf: (row: number) => SystemGuess,
): SystemGuess[] {
  const stacks: Stack[] = [];
  const portOf = (row: number) => rows[row * SHAPE_ROW_LEN + 1]!;
  for (const row of ofHost.toSorted((one, other) => portOf(one) - portOf(other))) {
    const at = row * SHAPE_ROW_LEN + SHAPE_AT;
    const guess = guessOf(row);
    let stack = stacks.find(({ family, at: other }) =>
      family === guess.family && (family !== null || isSameStack(rows, at, rows, other))
    );
    if (stack === undefined) stacks.push(stack = { ...guess, at, ports: [] });
    stack.ports.push(portOf(row));
  }
  return stacks.map(({ family, evidence, ports }) => ({ family, evidence, ports: stacks.length > 1 ? ports : [] }));
}
