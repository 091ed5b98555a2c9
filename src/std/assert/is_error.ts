import { stripVTControlCharacters } from "node:util";
import { AssertionError } from "./assertion_error.ts";
import { show, withReason } from "./message.ts";

/**
 * Throws an {@linkcode AssertionError} unless `error` is an Error, made by `ErrorClass` and with a message that matches
 * `msgMatches` (a part of it, or a pattern), where these are given.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: abstract new (...args: never[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      withReason(`Expected an Error, got ${show(error)}`, msg),
    );
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    const got = `${error.constructor?.name}: ${error.message}`;
    throw new AssertionError(
      withReason(`Expected an error of ${ErrorClass.name}, got ${got}`, msg),
    );
  }
  if (
    msgMatches && !matches(stripVTControlCharacters(error.message), msgMatches)
  ) {
    const got = show(error.message);
    throw new AssertionError(
      withReason(
        `Expected an error with ${show(msgMatches)} in its message, got ${got}`,
        msg,
      ),
    );
  }
}

function matches(message: string, wanted: string | RegExp): boolean {
  return wanted instanceof RegExp ? wanted.test(message) : message.includes(stripVTControlCharacters(wanted));
}
