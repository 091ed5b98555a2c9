import { AssertionError as NodeAssertionError } from "node:assert/strict";
import { inspect } from "node:util";

/** The words of a failed assertion, with what the caller had to say about it. */
export function withReason(what: string, reason: string | undefined): string {
  return reason ? `${what}: ${reason}` : what;
}

/** A value as people read it, in full. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    sorted: true,
  });
}

/** Where two values differ, line by line; typed arrays also get the first place at which they do. */
export function difference(actual: unknown, expected: unknown): string {
  const { message } = new NodeAssertionError({
    actual,
    expected,
    operator: "deepStrictEqual",
  });
  const lines = message.slice(message.indexOf("\n")).trim();
  return ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected) ? firstDifference(actual, expected) + lines : lines;
}

function firstDifference(
  actual: ArrayBufferView,
  expected: ArrayBufferView,
): string {
  const [left, right] = [items(actual), items(expected)];
  const at = left.findIndex((value, index) => !Object.is(value, right[index]));
  const index = at < 0 ? left.length : at;
  return `First difference at index ${index}: ${left[index]}, expected ${right[index]}\n`;
}

function items(view: ArrayBufferView): unknown[] {
  return Array.from(
    view instanceof DataView
      ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
      : view as unknown as Iterable<unknown>,
  );
}
