import { assert, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";

/** A mistake, what its message must say, and the column it must point at. */
export type BadRow = readonly [name: string, input: string, says: string, column: number];

/** Asserts that `act` throws a UsageError of one harmless line that says where the mistake is and what to do. */
export function assertUsageError(act: () => unknown, says: string, place?: string): void {
  const error = assertThrows(act);
  assertInstanceOf(error, UsageError);
  const { message } = error;
  assertStringIncludes(message, says);
  if (place !== undefined) assertStringIncludes(message, place);
  assert(/^Cannot [a-z]+ .*: .*\. .*[^.]$/.test(message), `not "Cannot <do>: <why>. <What to do>": ${message}`);
  assert(/^[\x20-\x7e\u00a1-\u024f]+$/.test(message), `not one line of plain text: ${JSON.stringify(message)}`);
  assert(message.length < 400, `too long: ${message}`);
}
