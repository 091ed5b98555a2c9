/**
 * Reasons why a checkpoint cannot be used.
 *
 * @module
 */

/** The texts of all faults; `journal` is the journal's path as text, and `resume` the command to resume the scan. */
export const TROUBLES = {
  empty: () => "nothing was written to it yet. Start the scan again",
  foreign: () => "it is not a checkpoint. Give the file that was given to --checkpoint",
  newer: () => "a newer synscan wrote it. Use that one",
  older: () => "an older synscan wrote it. Use that one, or start the scan again",
  damaged: () => "it is damaged. Start the scan again",
  "in use": () => "another synscan process uses it. Wait until that ends, or end it",
  exists: (_, resume) => `it is not empty. To resume the scan saved in it: ${resume}`,
  "journal missing": (journal) => `its journal ${journal} is missing. Put it back, or start the scan again`,
  "journal cut": (journal) => `its journal ${journal} is cut. Put it back whole, or start the scan again`,
  "journal damaged": (journal) => `its journal ${journal} is damaged. Put it back, or start the scan again`,
  "journal of another scan": (journal) =>
    `${journal} is the journal of another scan. Put its own back, or start the scan again`,
  "journal of another version": (journal) =>
    `another version of synscan wrote its journal ${journal}. Use that version`,
  "beside something": (journal) => `${journal} exists and is not a journal. Name another file`,
} satisfies Readonly<Record<string, (journal: string, resume: string) => string>>;

/** A fault of a checkpoint, or of the journal beside it. */
export type CheckpointTrouble = keyof typeof TROUBLES;

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
