/**
 * How the program ends.
 *
 * @module
 */
import type { Summary } from "../result/outcome.ts";

/** Exit statuses. */
export const EXIT = {
  /** Scanned, and to be trusted. Also where the reader of standard output hung up. */
  done: 0,
  /** What was typed makes no sense. */
  usage: 1,
  /** It cannot be done here. */
  cannot: 2,
  /** Not complete, or not to be trusted. */
  untrusted: 3,
  /** SIGHUP: 128 and its number, as shells have it. */
  hungUp: 129,
  /** SIGINT. */
  interrupted: 130,
  /** SIGQUIT. */
  quit: 131,
  /** SIGTERM. */
  terminated: 143,
} as const;

/** Exit statuses of `synscan diff`, which are those of diff(1). */
export const DIFF_STATUS = { same: 0, different: 1, trouble: 2 } as const;

/** What each exit status means, for help and the README. */
export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.done, "done"],
  [EXIT.usage, "wrong usage: a flag, a target, a port, a file name"],
  [EXIT.cannot, "cannot run, or cannot write: a permission, an interface, a full disk"],
  [EXIT.untrusted, "finished, but not complete or not to be trusted: a deadline, undecided ports, too much loss"],
  [EXIT.interrupted, "interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP); what was known has been printed"],
  [EXIT.quit, "ended at once by SIGQUIT; what had not been printed yet is lost"],
];

/** The status that a scan's own summary asks for. */
export function statusOf(summary: Summary): number {
  if (summary.ended === "interrupted") return EXIT.interrupted;
  return summary.ended === "done" && summary.trusted ? EXIT.done : EXIT.untrusted;
}
