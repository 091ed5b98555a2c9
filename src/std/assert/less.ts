import { AssertionError } from "./assertion_error.ts";
import { show } from "./message.ts";

/** Throws an {@linkcode AssertionError} unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(
    msg ?? `Expected ${show(actual)} < ${show(expected)}`,
  );
}
