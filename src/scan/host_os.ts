/**
 * The systems of hosts, guessed from the shapes of their SYN-ACKs.
 *
 * @module
 */

import { SHAPE_AT, SHAPE_ROW_LEN, ShapeSet } from "../driver/shape_table.ts";
import type { GuessedHosts, SystemGuess } from "../result/summary.ts";
import { familyOf, isSameStack, shapeText } from "../technique/os_shape.ts";

/** One stack of a host: its guess, and the place of its shape. */
interface Stack extends SystemGuess {
  readonly at: number;
  readonly ports: number[];
}

/** Rows that are sorted at most: the number of a row is below, so that a host and its row are a number that is exact. */
const MAX_ROWS = 1 << 21;

/** Returns the hosts of the rows of a `ShapeTable`, with guesses of their systems; `format` writes an address. */
export function hostOs(rows: ArrayLike<number>, format: (host: number) => string): GuessedHosts {
  const guessesOf = guesser(rows);
  const starts = rowsByHost(rows);
  const firsts = firstOfEachHost(rows, starts);
  return {
    length: firsts.length - 1,
    ipOf: (index) => format(rows[starts[firsts[index]!]!]!),
    guessesOf: (index) => {
      const first = firsts[index]!;
      const next = firsts[index + 1]!;
      if (next === first + 1) return guessesOf(starts[first]! + SHAPE_AT);
      return stacksOf(rows, starts.subarray(first, next), guessesOf);
    },
  };
}

/** Returns where the rows of each host begin among all, and the number of all. */
function firstOfEachHost(rows: ArrayLike<number>, starts: Uint32Array): Uint32Array {
  const firsts = new Uint32Array(starts.length + 1);
  let count = 0;
  for (let at = 0; at < starts.length; at++) {
    if (at === 0 || rows[starts[at]!] !== rows[starts[at - 1]!]) firsts[count++] = at;
  }
  firsts[count] = starts.length;
  return firsts.subarray(0, count + 1);
}

/** Returns the guesses on one host, from its rows: with ports if it has several stacks. */
function stacksOf(
  rows: ArrayLike<number>,
  starts: Uint32Array,
  guessesOf: (at: number) => readonly SystemGuess[],
): SystemGuess[] {
  const stacks: Stack[] = [];
  for (const start of starts.toSorted((one, other) => rows[one + 1]! - rows[other + 1]!)) {
    const at = start + SHAPE_AT;
    const guess = guessesOf(at)[0]!;
    let stack = stacks.find(({ family, at: other }) =>
      family === guess.family && (family !== null || isSameStack(rows, at, rows, other))
    );
    if (stack === undefined) stacks.push(stack = { ...guess, at, ports: [] });
    stack.ports.push(rows[start + 1]!);
  }
  return stacks.map(({ family, evidence, ports }) => ({ family, evidence, ports: stacks.length > 1 ? ports : [] }));
}

/** Returns where the rows begin, in the order of hosts. */
function rowsByHost(rows: ArrayLike<number>): Uint32Array {
  // Numbers are sorted without a comparison function, in a tenth of the time.
  const keys = new Float64Array(rows.length / SHAPE_ROW_LEN);
  for (let row = 0; row < keys.length; row++) keys[row] = rows[row * SHAPE_ROW_LEN]! * MAX_ROWS + row;
  keys.sort();
  const starts = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    starts[at] = (key - Math.floor(key / MAX_ROWS) * MAX_ROWS) * SHAPE_ROW_LEN;
  }
  return starts;
}

/** Returns a function that guesses by shape. Hosts have few different ones, so that each is worded once. */
function guesser(rows: ArrayLike<number>): (at: number) => readonly SystemGuess[] {
  const shapes = new ShapeSet();
  const guesses: (readonly SystemGuess[])[] = [];
  return (at) => {
    const number = shapes.numberOf(rows, at);
    return guesses[number] ??= [{ family: familyOf(rows, at), evidence: shapeText(rows, at), ports: [] }];
  };
}
