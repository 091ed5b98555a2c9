/**
 * What a scan has found of hosts, as it grows: what reports by host will need at its end. The latest of it is part of the
 * checkpoint, which is written again each time; what would make that too large is moved to a file that only grows.
 *
 * @module
 */
import { decodeAll, encode, type Kept } from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import type { CheckpointFile } from "./file.ts";
import { fingerprint, FINGERPRINT_LEN } from "./fingerprint.ts";

/** Octets of findings in a checkpoint itself, at most. */
const RECENT_MAX = 16 * 1024;
const SORT = "findings";

/** Findings, as a checkpoint has them. */
export interface SavedDiscoveries {
  /** The latest. */
  readonly recent: Uint8Array;
  /** Octets of those before, in their own file, and the fingerprint of the last of these. */
  readonly octets: number;
  readonly print: number;
}

/** All findings of a scan, one piece after the other. */
export class DiscoveryLog {
  #recent: Uint8Array<ArrayBuffer>[] = [];
  #octets = 0;
  #print = 0;

  /**
   * Reads all of a checkpoint's findings.
   *
   * @throws {CheckpointError} If they are not there, or not as they were written.
   */
  static async read(
    { recent, octets, print }: SavedDiscoveries,
    file: CheckpointFile,
  ): Promise<{ readonly log: DiscoveryLog; readonly pieces: readonly Kept[] }> {
    const log = new DiscoveryLog();
    log.#octets = octets;
    log.#print = print;
    if (recent.length > 0) log.#recent.push(new Uint8Array(recent));
    const apart = octets === 0 ? new Uint8Array() : file.findings(octets);
    if (octets > 0 && printOf(apart) !== print) throw new CheckpointError("without its findings");
    return { log, pieces: await decodeAll(together([apart, recent]), SORT) };
  }

  /** Adds a piece, as {@linkcode writeDiscoveries} has made it. */
  add(piece: Uint8Array<ArrayBuffer>): void {
    this.#recent.push(piece);
  }

  /**
   * All of it, as a checkpoint has to have it. What is too much for that is written to the file of findings first. One call
   * must have ended before the next, or before more is added.
   *
   * @throws {Error} Errors of Deno's, if that cannot be written; the next call tries again.
   */
  async keep(file: CheckpointFile): Promise<SavedDiscoveries> {
    let recent = together(this.#recent);
    if (recent.length > RECENT_MAX) {
      await file.append(recent, this.#octets);
      this.#octets += recent.length;
      this.#print = printOf(recent);
      recent = new Uint8Array();
    }
    this.#recent = recent.length === 0 ? [] : [recent];
    return { recent, octets: this.#octets, print: this.#print };
  }
}

/** A piece of findings as bytes. They may be changed as soon as this was called. */
export function writeDiscoveries(piece: Kept): Promise<Uint8Array<ArrayBuffer>> {
  return encode(piece, SORT);
}

/** Findings before there are any. */
export const NO_FINDINGS: SavedDiscoveries = { recent: new Uint8Array(), octets: 0, print: 0 };

function printOf(bytes: Uint8Array): number {
  return fingerprint(bytes.subarray(-FINGERPRINT_LEN));
}

function together(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
