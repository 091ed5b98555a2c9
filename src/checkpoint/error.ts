/**
 * What can be wrong with a checkpoint.
 *
 * @module
 */

/**
 * What is wrong: the file is empty, not ours, of a newer or an older version, or not as it was written; another process has it;
 * there is something already where a new one was to be; or, of the file of findings beside it, that it is not there or not
 * as it was written, or that there is something where it was to be.
 */
export type CheckpointTrouble =
  | "empty"
  | "foreign"
  | "newer"
  | "older"
  | "damaged"
  | "in use"
  | "exists"
  | "without its findings"
  | "beside something";

/** A checkpoint that cannot be used. Whoever talks to a person says it in words. */
export class CheckpointError extends Error {
  /** The name of the class. */
  override readonly name = "CheckpointError";
  /** What is wrong. */
  readonly trouble: CheckpointTrouble;

  constructor(trouble: CheckpointTrouble) {
    super(`The checkpoint is ${trouble}`);
    this.trouble = trouble;
  }
}
