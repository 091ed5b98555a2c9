/**
 * The files beside a checkpoint.
 *
 * @module
 */

/** The path of the temporary file that is written in full, then renamed to `path`. */
export function draftPath(path: string): string {
  return `${path}.new`;
}

/** The path of the journal. */
export function journalPath(path: string): string {
  return `${path}.journal`;
}
