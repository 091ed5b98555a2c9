/**
 * Help topic: keys and signals.
 *
 * @module
 */
import { KEYS } from "../../ui/keys.ts";
import type { Block } from "../blocks.ts";

/** Signals, and their effect on a scan. */
const SIGNALS: readonly (readonly [string, string])[] = [
  ["SIGINT, SIGTERM, SIGHUP", "End the scan; what is known is printed. A second one ends the program at once."],
  ["SIGQUIT", "Ends the program at once; results that were not printed yet are lost."],
  ["SIGUSR2", "Prints the status of the scan on standard error."],
  ["SIGTSTP (Ctrl-Z)", "Stops the scan until fg continues it."],
];

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "On a terminal, one line shows progress, remaining time, open ports, rate and loss while a scan runs. Keys work if standard " +
  "input, output and error are the terminal:",
  { rows: KEYS.map(([keys, does]) => [keys.length === 0 ? "any other" : keys.join(" "), does]) },
  { heading: "Signals" },
  { rows: SIGNALS },
  "A signal that is ignored when the scan starts (nohup ignores SIGHUP) stays ignored. SIGUSR1, by which Deno opens its " +
  "debugger, is ignored during a scan.",
  "--stats-every TIME prints the status repeatedly, without a terminal too. --no-progress leaves the progress line out, for " +
  "example for a screen reader, and so does TERM=dumb; --no-keys does not read the keyboard.",
];
