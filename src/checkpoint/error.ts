/**
 * Reasons why a checkpoint cannot be used.
 *
 * @module
 */

/**
 * The fault: the file is empty, not a checkpoint, of a newer or an older version, or damaged; another process has it; there is
 * something already where a new one was to be; or, of the journal beside it, that it is missing, cut, damaged, of another scan
 * or of another version, or that there is something else where it was to be.
 */
export type CheckpointTrouble =
  | "empty"
  | "foreign"
  | "newer"
  | "older"
  | "damaged"
  | "in use"
  | "exists"
  | "journal missing"
  | "journal cut"
  | "journal damaged"
  | "journal of another scan"
  | "journal of another version"
  | "beside something";

/** An error about a checkpoint that cannot be used. The command line explains it to the user. */
export class CheckpointError extends Error {
  /** The name of the class. */
  override readonly name = "CheckpointError";
  readonly trouble: CheckpointTrouble;

  constructor(trouble: CheckpointTrouble) {
    super(`The checkpoint is ${trouble}`);
    this.trouble = trouble;
  }
}
