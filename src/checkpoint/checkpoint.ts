/**
 * What a checkpoint says: which scan it was, what is left of it, and how far its reports were written.
 *
 * @module
 */
import { CheckpointError } from "./error.ts";
import { decode, encode, type Kept } from "./encoding.ts";
import type { SavedDiscoveries } from "./findings.ts";

/** One report, as far as it was written. */
export interface KeptOutput {
  readonly format: string;
  /** `-` is standard output. */
  readonly path: string;
  /** Octets that belong to what was done; `null` where what was written cannot be cut off. */
  readonly bytes: number | null;
  /** The fingerprint of the last of those octets; missing where there are none. */
  readonly print?: number;
  /** What its writer remembered; `null` where it remembers nothing. */
  readonly memory: Kept;
}

/** A scan at one moment. */
export interface Checkpoint {
  /** The command line, as typed. */
  readonly args: readonly string[];
  /** Every flag that is in effect, typed or configured: its long name, how it was written, its value. */
  readonly given: readonly { readonly name: string; readonly spelling: string; readonly value: string }[];
  /** The targets, typed or answered, without what files hold. */
  readonly operands: readonly string[];
  /** The address to send from, where one was named. */
  readonly sourceIp: string | null;
  /** The directory that paths begin in; `null` where it was not known. */
  readonly folder: string | null;
  /** When the scan began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** How ports are asked; `null` before that was decided. */
  readonly technique: "syn" | "connect" | null;
  /** What is left of the scan; `null` where it had not begun. */
  readonly rest: Kept;
  /** What the reports by host have in common, but for their findings. */
  readonly book: Kept;
  /** What was found of hosts. */
  readonly findings: SavedDiscoveries;
  readonly outputs: readonly KeptOutput[];
}

/** A checkpoint as bytes. What it says may be changed as soon as this was called. */
export function writeCheckpoint(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  return encode(checkpoint as unknown as Kept);
}

/**
 * Reads a checkpoint from bytes.
 *
 * @throws {CheckpointError} If they are none.
 */
export async function readCheckpoint(bytes: Uint8Array<ArrayBuffer>): Promise<Checkpoint> {
  const value = await decode(bytes);
  if (!isCheckpoint(value)) throw new CheckpointError("damaged");
  return value;
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isRecord(value)) return false;
  const { args, given, operands, sourceIp, folder, startedAtMs, technique, rest, book, findings, outputs } = value;
  return isTexts(args) && isTexts(operands) && Array.isArray(given) && given.every(isGiven) &&
    (sourceIp === null || typeof sourceIp === "string") &&
    (folder === null || typeof folder === "string") &&
    typeof startedAtMs === "number" &&
    (technique === null || technique === "syn" || technique === "connect") &&
    (rest === null || isRecord(rest)) && (book === null || isRecord(book)) && isFindings(findings) &&
    Array.isArray(outputs) && outputs.every(isOutput);
}

function isFindings(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { recent, octets, print } = value;
  return recent instanceof Uint8Array && Number.isSafeInteger(octets) && Number(octets) >= 0 &&
    typeof print === "number";
}

function isOutput(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { format, path, bytes, print, memory } = value;
  return typeof format === "string" && typeof path === "string" &&
    (bytes === null || Number.isSafeInteger(bytes) && Number(bytes) >= 0) &&
    (print === undefined || typeof print === "number") &&
    (memory === null || isRecord(memory));
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
