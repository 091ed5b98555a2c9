/**
 * Help topic: states and reasons.
 *
 * @module
 */
import type { Block } from "../blocks.ts";
import { REASON_MEANINGS, REPLY_RULES, STATE_MEANINGS } from "../states.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  { heading: "States of a port" },
  { rows: Object.entries(STATE_MEANINGS) },
  { heading: "Reasons" },
  { rows: REASON_MEANINGS },
  ...REPLY_RULES,
];
