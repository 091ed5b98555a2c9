import { AssertionError } from "./assertion_error.ts";
import { assertIsError } from "./is_error.ts";
import { withReason } from "./message.ts";

/**
 * Calls `fn` and returns what its promise rejects with.
 *
 * @throws {AssertionError} If it does not reject, or throws before there is a promise.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Calls `fn` and returns the error that its promise rejects with.
 *
 * @throws {AssertionError} If it does not reject, throws before there is a promise, or rejects with anything but an
 * error of `ErrorClass` with `msgIncludes` in its message.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: abstract new (...args: never[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: (abstract new (...args: never[]) => E) | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const reason = typeof classOrMsg === "string" ? classOrMsg : msg;
  const promise = start(fn, reason);
  try {
    await promise;
  } catch (error) {
    if (typeof classOrMsg === "function") {
      assertIsError(error, classOrMsg, msgIncludes, reason);
    }
    return error;
  }
  throw new AssertionError(
    withReason("Expected the promise to reject", reason),
  );
}

function start(
  fn: () => PromiseLike<unknown>,
  reason: string | undefined,
): PromiseLike<unknown> {
  try {
    const promise = fn();
    if (typeof promise?.then === "function") return promise;
  } catch {
    // Reported below: a throw is no rejection.
  }
  throw new AssertionError(
    withReason(
      "Expected a promise that rejects, but there was no promise",
      reason,
    ),
  );
}
