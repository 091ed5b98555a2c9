import { assertEquals } from "./equals.ts";

/**
 * Throws an {@linkcode AssertionError} unless `actual` has everything that `expected` has, nested objects and arrays
 * included; what else it has does not matter. Getters of classes are not theirs, and do not count. Maps, sets and typed
 * arrays have to be equal as a whole, where the package is content with a part.
 */
export function assertObjectMatch(
  actual: object,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(
    part(actual, expected, new Map()),
    part(expected, expected, new Map()),
    msg,
  );
}

/** What of `value` has a counterpart in `wanted`, as plain objects, so that only content is compared. */
function part(
  value: unknown,
  wanted: unknown,
  done: Map<unknown, unknown>,
): unknown {
  if (
    !isNested(value) || !isNested(wanted) ||
    Array.isArray(value) !== Array.isArray(wanted)
  ) return value;
  if (done.has(value)) return done.get(value);
  if (Array.isArray(value) && Array.isArray(wanted)) {
    const items: unknown[] = [];
    done.set(value, items);
    for (let i = 0; i < Math.min(value.length, wanted.length); i++) {
      items.push(part(value[i], wanted[i], done));
    }
    return items;
  }
  const fields: Record<PropertyKey, unknown> = {};
  done.set(value, fields);
  for (const key of Reflect.ownKeys(wanted)) {
    if (Object.hasOwn(value, key)) fields[key] = part(value[key], wanted[key], done);
  }
  return fields;
}

function isNested(value: unknown): value is Record<PropertyKey, unknown> {
  return Array.isArray(value) ||
    Object.prototype.toString.call(value) === "[object Object]" ||
    value instanceof Error;
}
