/**
 * A local stand-in for the part of `@std/assert` that the tests import.
 *
 * @module
 */
import { AssertionError, deepStrictEqual } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

// deno-lint-ignore no-explicit-any
type ErrorClass<E> = abstract new (...args: any[]) => E;

function check(holds: boolean, message: string, msg: string | undefined): asserts holds {
  if (!holds) throw new AssertionError({ message: msg ? `${message}: ${msg}` : message });
}

/** Throws unless `expr` is truthy. */
export function assert(expr: unknown, msg?: string): asserts expr {
  check(Boolean(expr), "Expected a true value", msg);
}

/** Throws, with the difference line by line, unless both values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    check(false, (error as Error).message, msg);
  }
}

/** Throws if both values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  check(!isDeepStrictEqual(actual, expected), `Expected anything but ${inspect(actual)}`, msg);
}

/** Throws unless both values are the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  check(Object.is(actual, expected), `Expected ${inspect(expected)} itself, got ${inspect(actual)}`, msg);
}

/** Throws unless `actual` has what `expected` has, compared deeply. */
export function assertObjectMatch(actual: object, expected: Record<PropertyKey, unknown>, msg?: string): void {
  const kept = Object.entries(actual).filter(([key]) => key in expected);
  assertEquals(Object.fromEntries(kept), expected, msg);
}

/** Throws unless both numbers differ by at most `tolerance`, by default the ten-millionth part of `expected`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = Math.abs(expected * 1e-7),
  msg?: string,
): void {
  const isNear = Object.is(actual, expected) || Math.abs(expected - actual) <= tolerance;
  check(isNear, `Expected ${actual} to be within ${tolerance} of ${expected}`, msg);
}

/** Throws unless `actual` is greater than `expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  check(actual > expected, `Expected ${actual} > ${expected}`, msg);
}

/** Throws unless `actual` is greater than or equal to `expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  check(actual >= expected, `Expected ${actual} >= ${expected}`, msg);
}

/** Throws unless `actual` is less than `expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  check(actual < expected, `Expected ${actual} < ${expected}`, msg);
}

/** Throws unless `actual` is less than or equal to `expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  check(actual <= expected, `Expected ${actual} <= ${expected}`, msg);
}

/** Throws unless the text matches the pattern. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  check(expected.test(actual), `Expected text that matches ${expected}, got ${inspect(actual)}`, msg);
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  check(actual.includes(expected), `Expected text with ${inspect(expected)} in it, got ${inspect(actual)}`, msg);
}

/** Throws unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: ErrorClass<T>,
  msg?: string,
): asserts actual is T {
  check(actual instanceof expectedType, `Expected an instance of ${expectedType.name}, got ${inspect(actual)}`, msg);
}

/** Calls `fn` and returns what it throws; throws if it throws nothing. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Calls `fn` and returns its error; throws unless it is an `ErrorClass` with `msgIncludes` in its message. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(fn: () => unknown, type?: ErrorClass<Error> | string, text?: string, msg?: string) {
  try {
    fn();
  } catch (error) {
    return checkError(error, type, text, msg);
  }
  check(false, "Expected the function to throw", typeof type === "string" ? type : msg);
}

/** Calls `fn` and returns what its promise rejects with; throws if it does not reject. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Calls `fn` and returns its rejection; throws unless it is an `ErrorClass` with `msgIncludes` in its message. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  type?: ErrorClass<Error> | string,
  text?: string,
  msg?: string,
) {
  const promise = fn(); // A throw before there is a promise is no rejection, and fails the test.
  try {
    await promise;
  } catch (error) {
    return checkError(error, type, text, msg);
  }
  check(false, "Expected the promise to reject", typeof type === "string" ? type : msg);
}

function checkError(error: unknown, type: ErrorClass<Error> | string | undefined, text = "", msg?: string): unknown {
  if (typeof type !== "function") return error;
  assertInstanceOf(error, type, msg);
  assertStringIncludes(error.message, text, msg);
  return error;
}
