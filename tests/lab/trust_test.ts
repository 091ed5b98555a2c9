/**
 * One scan of each kind of network that `deno task lab:trust` tries twenty times.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { FAMILIES } from "../support/families.ts";
import { labTest } from "../support/lab.ts";
import { stepsAtOnce } from "../support/steps.ts";
import { KINDS, trialOf } from "../support/trust.ts";

labTest("trust: no port is wrong, and what was not learned is said, whatever fails", [], (t) =>
  stepsAtOnce(
    t,
    KINDS.flatMap((kind) => FAMILIES.map((family) => ({ kind, family }))),
    ({ kind, family }) => `${kind.name}, ${family.name}`,
    async ({ kind, family }) => assertEquals((await trialOf(kind, family, 1)).faults, []),
  ));
