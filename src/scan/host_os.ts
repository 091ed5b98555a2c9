/**
 * The systems of hosts, guessed from the shapes of their SYN-ACKs.
 *
 * @module
 */

import { SHAPE_AT, SHAPE_ROW_LEN, ShapeSet } from "../driver/shape_table.ts";
import type { HostOs } from "../result/summary.ts";
import { familyOf, isSameStack, shapeText } from "../technique/os_shape.ts";

/** One stack of a host: its guess, and the place of its shape. */
interface Stack extends Guess {
  readonly at: number;
  readonly ports: number[];
}

/** The guess of a shape. */
type Guess = Pick<HostOs, "family" | "evidence">;

/** Rows that are sorted at most: the number of a row is below, so that a host and its row are a number that is exact. */
const MAX_ROWS = 1 << 21;
const NO_PORTS: readonly number[] = [];

/**
 * Yields the guesses on each host, from the rows of a `ShapeTable`, in the order of addresses; `format` writes an address. They are made
 * one by one, as those of a large scan would take much memory.
 */
export function* hostOs(rows: ArrayLike<number>, format: (host: number) => string): Generator<readonly HostOs[]> {
  const guessOf = guesser(rows);
  const starts = rowsByHost(rows);
  for (let first = 0; first < starts.length;) {
    const host = rows[starts[first]!]!;
    let end = first + 1;
    while (end < starts.length && rows[starts[end]!] === host) end++;
    const ip = format(host);
    if (end === first + 1) {
      const { family, evidence } = guessOf(starts[first]! + SHAPE_AT);
      yield [{ ip, family, evidence, ports: NO_PORTS }];
    } else {
      const stacks = stacksOf(rows, starts.subarray(first, end), guessOf);
      yield stacks.map(({ family, evidence, ports }) => {
        return { ip, family, evidence, ports: stacks.length > 1 ? ports : NO_PORTS };
      });
    }
    first = end;
  }
}

/** Returns the stacks of one host, from its rows, which are sorted by port. */
function stacksOf(rows: ArrayLike<number>, starts: Uint32Array, guessOf: (at: number) => Guess): Stack[] {
  const stacks: Stack[] = [];
  for (const start of starts.sort((one, other) => rows[one + 1]! - rows[other + 1]!)) {
    const at = start + SHAPE_AT;
    const guess = guessOf(at);
    let stack = stacks.find(({ family, at: other }) =>
      family === guess.family && (family !== null || isSameStack(rows, at, rows, other))
    );
    if (stack === undefined) stacks.push(stack = { ...guess, at, ports: [] });
    stack.ports.push(rows[start + 1]!);
  }
  return stacks;
}

/** Returns where the rows begin, in the order of hosts. */
function rowsByHost(rows: ArrayLike<number>): Uint32Array {
  // Numbers are sorted without a comparison function, in a tenth of the time.
  const keys = new Float64Array(rows.length / SHAPE_ROW_LEN);
  for (let row = 0; row < keys.length; row++) keys[row] = rows[row * SHAPE_ROW_LEN]! * MAX_ROWS + row;
  return Uint32Array.from(keys.sort(), (key) => key % MAX_ROWS * SHAPE_ROW_LEN);
}

/** Returns a function that guesses by shape. Hosts have few different ones, so that each is worded once. */
function guesser(rows: ArrayLike<number>): (at: number) => Guess {
  const shapes = new ShapeSet();
  const guesses: Guess[] = [];
  return (at) => {
    const number = shapes.numberOf(rows, at);
    return guesses[number] ??= { family: familyOf(rows, at), evidence: shapeText(rows, at) };
  };
}
