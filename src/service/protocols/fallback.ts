/**
 * Replies of text that no other parser reads, such as errors: rows alone name their service.
 *
 * @module
 */

import { isText, latin1 } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { Protocol } from "./protocol.ts";

/** The service of a reply whose service is not known. */
export const UNKNOWN = "unknown";

/** Text of any form. */
export const FALLBACK: Protocol = {
  name: "fallback",
  parse: ({ reply, end }: Exchange) =>
    !isText(reply) ? undefined : {
      service: UNKNOWN,
      isComplete: end !== "open",
      isVague: true,
      fields: { "text.reply": latin1(reply, 0, 1024) },
      facts: {},
    },
};
