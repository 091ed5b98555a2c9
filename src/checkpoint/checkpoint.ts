/**
 * The content of a checkpoint: the scan's identity, the work that is left of it, and the length of its journal and of each report.
 *
 * @module
 */
import { decode, encode, type Kept } from "./encoding.ts";
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
  readonly rest: Kept;
  /** The journal of the results that the reports were given. */
  readonly journal: JournalState;
  readonly outputs: readonly KeptOutput[];
}

/** Encodes a checkpoint. The values may be changed as soon as this was called. */
export function writeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  return encode(checkpoint as unknown as Kept);
}

/**
 * Decodes a checkpoint.
 *
 * @throws {CheckpointError} If the bytes are not one.
 */
export async function readCheckpoint(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  const value = await decode(bytes);
  if (!isCheckpoint(value)) throw new CheckpointError("damaged");
  return value;
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isRecord(value)) return false;
  const { args, given, operands, sourceIp, folder, startedAtMs, technique, rest, journal, outputs } = value;
  return isTexts(args) && isTexts(operands) && Array.isArray(given) && given.every(isGiven) &&
    (sourceIp === null || typeof sourceIp === "string") &&
    (folder === null || typeof folder === "string") &&
    typeof startedAtMs === "number" &&
    (technique === null || typeof technique === "string") &&
    (rest === null || isRecord(rest)) && isJournal(journal) &&
    Array.isArray(outputs) && outputs.every(isOutput);
}

function isJournal(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { scan, bytes, hash } = value;
  return typeof scan === "string" && isLength(bytes) && Number(bytes) % 8 === 0 && isLength(hash);
}

function isOutput(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { format, path, bytes, print, scan } = value;
  return typeof format === "string" && typeof path === "string" && (bytes === null || isLength(bytes)) &&
    (print === undefined || typeof print === "number") && (scan === undefined || isLength(scan));
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isGiven(value: unknown): boolean {
  return isRecord(value) && isTexts([value["name"], value["spelling"], value["value"]]);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
