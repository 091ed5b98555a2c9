import { AssertionError } from "./assertion_error.ts";
import { assertIsError } from "./is_error.ts";
import { withReason } from "./message.ts";

/**
 * Calls `fn` and returns what it throws.
 *
 * @throws {AssertionError} If it throws nothing.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Calls `fn` and returns the error that it throws.
 *
 * @throws {AssertionError} If it throws nothing, or no error of `ErrorClass` with `msgIncludes` in its message.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: (abstract new (...args: never[]) => E) | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const reason = typeof classOrMsg === "string" ? classOrMsg : msg;
  try {
    fn();
  } catch (error) {
    if (typeof classOrMsg === "function") {
      assertIsError(error, classOrMsg, msgIncludes, reason);
    }
    return error;
  }
  throw new AssertionError(
    withReason("Expected the function to throw", reason),
  );
}
