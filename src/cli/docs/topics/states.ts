/**
 * Help topic: states and reasons.
 *
 * @module
 */
import type { Block } from "../blocks.ts";
import { HOST_STATE_MEANINGS, REASON_MEANINGS, REPLY_RULES, STATE_MEANINGS } from "../states.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  { heading: "States of a port" },
  { rows: Object.entries(STATE_MEANINGS) },
  { heading: "States of a host" },
  { rows: Object.entries(HOST_STATE_MEANINGS) },
  { heading: "Reasons" },
  { rows: REASON_MEANINGS },
  ...REPLY_RULES,
];
