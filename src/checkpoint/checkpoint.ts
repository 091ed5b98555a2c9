/**
 * The content of a checkpoint: the scan's identity, the work that is left of it, and the length of its journal and of each report.
 *
 * @module
 */
import { hasShape, isObject, isText, isWhole, orMissing, orNull, type Shape } from "../base/shape.ts";
import { decode, encode } from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import type { JournalState } from "./journal.ts";

/** One report, as far as it was written. */
export interface KeptOutput {
  readonly format: string;
  /** `-` is standard output. */
  readonly path: string;
  /** Bytes of the report without its tail; `null` if what was written cannot be cut off. */
  readonly bytes: number | null;
  /** The fingerprint of the last of those bytes; missing if there are none. */
  readonly print?: number;
  /** The number of the scan in the history; missing for reports. */
  readonly scan?: number;
}

/** A scan at one moment. */
export interface Checkpoint {
  /** The command line, as typed. */
  readonly args: readonly string[];
  /** Every flag that is in effect, typed or configured: its long name, its spelling, its value. */
  readonly given: readonly { readonly name: string; readonly spelling: string; readonly value: string }[];
  /** The targets, typed or entered at the prompt, without those in files. */
  readonly operands: readonly string[];
  /** The address to send from, if one was named. */
  readonly sourceIp: string | null;
  /** The directory that relative paths begin in; `null` if it was not known. */
  readonly folder: string | null;
  /** When the scan began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The scan technique; `null` before it was chosen. */
  readonly technique: string | null;
  /** The work that is left; `null` if the scan had not begun. */
  readonly rest: unknown;
  /** The journal of the results that the reports were given. */
  readonly journal: JournalState;
  readonly outputs: readonly KeptOutput[];
}

/** Encodes a checkpoint. The values may be changed as soon as this was called. */
export function writeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  return encode(checkpoint);
}

/**
 * Decodes a checkpoint.
 *
 * @throws {CheckpointError} If the bytes are not one.
 */
export async function readCheckpoint(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  const value = await decode(bytes);
  if (!hasShape(value, CHECKPOINT)) throw new CheckpointError("damaged");
  return value as Checkpoint;
}

const CHECKPOINT: Readonly<Record<keyof Checkpoint, Shape>> = {
  args: [isText],
  given: [{ name: isText, spelling: isText, value: isText }],
  operands: [isText],
  sourceIp: orNull(isText),
  folder: orNull(isText),
  startedAtMs: Number.isFinite,
  technique: orNull(isText),
  rest: orNull(isObject),
  journal: { scan: isText, bytes: (value) => isWhole(value) && Number(value) % 8 === 0, hash: isWhole },
  outputs: [
    { format: isText, path: isText, bytes: orNull(isWhole), print: orMissing(isWhole), scan: orMissing(isWhole) },
  ],
};
