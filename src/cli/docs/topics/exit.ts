/**
 * Help topic: exit status.
 *
 * @module
 */
import { EXIT_MEANINGS } from "../../exit.ts";
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  { rows: EXIT_MEANINGS.map(([status, meaning]) => [`${status}`, `${meaning}.`]) },
  "If standard output is closed (synscan ... | head), the scan ends with status 0.",
  "synscan diff: 0 no difference, 1 differences, 2 trouble, including a closed standard output.",
];
