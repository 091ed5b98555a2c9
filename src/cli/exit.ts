/**
 * Exit statuses.
 *
 * @module
 */
import type { Summary } from "../result/summary.ts";
import type { EndSignal } from "./system.ts";

/** Exit statuses. */
export const EXIT = {
  /** The scan is complete and trusted, or standard output was closed (EPIPE). */
  done: 0,
  /** An error of the command line. */
  usage: 1,
  /** An error of this machine: a permission, an interface, a file. */
  cannot: 2,
  /** The scan is incomplete or not trusted. */
  untrusted: 3,
  /** SIGHUP: 128 and its number, as in shells. */
  hungUp: 129,
  /** SIGINT. */
  interrupted: 130,
  /** SIGQUIT. */
  quit: 131,
  /** SIGTERM. */
  terminated: 143,
} as const;

/** The signals that end a scan, and the exit status after each. */
export const SIGNAL_STATUS: Readonly<Record<EndSignal, number>> = {
  SIGINT: EXIT.interrupted,
  SIGTERM: EXIT.terminated,
  SIGHUP: EXIT.hungUp,
  SIGQUIT: EXIT.quit,
};
export const END_SIGNALS = Object.keys(SIGNAL_STATUS) as readonly EndSignal[];
/** The line after a first Ctrl-C. */
export const ENDING = "Ending; press Ctrl-C again to end at once";

/** Exit statuses of `synscan diff`, which are those of diff(1). */
export const DIFF_STATUS = { same: 0, different: 1, trouble: 2 } as const;

/** The meaning of each exit status. */
export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.done, "done"],
  [EXIT.usage, "wrong usage: a flag, a target, a port, a file name"],
  [EXIT.cannot, "cannot run, or cannot write: a permission, an interface, a full disk"],
  [EXIT.untrusted, "finished, but incomplete or not trusted: a deadline, undecided ports, too much loss"],
  [EXIT.interrupted, "interrupted by Ctrl-C (143 by SIGTERM, 129 by SIGHUP); the results so far have been printed"],
  [EXIT.quit, "ended at once by SIGQUIT; results that were not printed yet are lost"],
];

/** Returns the exit status for a scan's summary. */
export function statusOf(summary: Summary): number {
  if (summary.ended === "interrupted") return EXIT.interrupted;
  return summary.ended === "done" && summary.trusted ? EXIT.done : EXIT.untrusted;
}
