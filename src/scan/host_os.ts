/**
 * The systems of hosts, guessed from the shapes of their SYN-ACKs.
 *
 * @module
 */

import { SHAPE_AT, SHAPE_ROW_LEN } from "../driver/shape_table.ts";
import type { HostOs } from "../result/summary.ts";
import { familyOf, isSameStack, SHAPE_LEN, shapeText } from "../technique/os_shape.ts";

/** One stack of a host: its guess, and the place of its shape. */
interface Stack {
  readonly family: string | null;
  readonly evidence: string;
  readonly at: number;
  readonly ports: number[];
}

/** Returns the guesses on hosts, from the rows of a `ShapeTable`, in the order of addresses; `format` writes an address. */
export function hostOs(rows: ArrayLike<number>, format: (host: number) => string): HostOs[] {
  const read = shapeReader(rows);
  const starts = Array.from({ length: rows.length / SHAPE_ROW_LEN }, (_, row) => row * SHAPE_ROW_LEN)
    .sort((one, other) => rows[one]! - rows[other]! || rows[one + 1]! - rows[other + 1]!);
  const guesses: HostOs[] = [];
  for (let first = 0; first < starts.length;) {
    const host = rows[starts[first]!]!;
    const stacks: Stack[] = [];
    for (; first < starts.length && rows[starts[first]!] === host; first++) {
      const at = starts[first]! + SHAPE_AT;
      const shape = read(at);
      let stack = stacks.find(({ family, at: other }) =>
        family === shape.family && (family !== null || isSameStack(rows, at, rows, other))
      );
      if (stack === undefined) stacks.push(stack = { ...shape, at, ports: [] });
      stack.ports.push(rows[starts[first]! + 1]!);
    }
    const ip = format(host);
    for (const { family, evidence, ports } of stacks) {
      guesses.push({ ip, family, evidence, ports: stacks.length > 1 ? ports : [] });
    }
  }
  return guesses;
}

/** Returns a reader of shapes. Hosts have few different ones, so that each is worded once. */
function shapeReader(rows: ArrayLike<number>): (at: number) => Pick<HostOs, "family" | "evidence"> {
  const known = new Map<string, Pick<HostOs, "family" | "evidence">>();
  return (at) => {
    const key = Array.from({ length: SHAPE_LEN }, (_, i) => rows[at + i]!).join();
    let shape = known.get(key);
    if (shape === undefined) known.set(key, shape = { family: familyOf(rows, at), evidence: shapeText(rows, at) });
    return shape;
  };
}
