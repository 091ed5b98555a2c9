/**
 * One scan of each kind of network that `deno task lab:trust` tries twenty times.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { labTest } from "../support/lab.ts";
import { KINDS, trialOf } from "../support/trust.ts";

labTest("trust: no port is wrong, and what was not learned is said, whatever fails", [], async (t) => {
  await Promise.all(KINDS.map((kind) =>
    t.step({
      name: kind.name,
      // They run at the same time, for all wait most of theirs.
      ...{ sanitizeExit: false, sanitizeOps: false, sanitizeResources: false },
      fn: async () => assertEquals((await trialOf(kind, 1)).faults, []),
    })
  ));
});
