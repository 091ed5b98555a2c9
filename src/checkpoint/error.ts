/**
 * What can be wrong with a checkpoint.
 *
 * @module
 */

/**
 * What is wrong: the file is empty, not ours, of a newer version, or not as it was written; another process has it; or there
 * is something already where a new one was to be.
 */
export type CheckpointTrouble = "empty" | "foreign" | "newer" | "damaged" | "in use" | "exists";

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
