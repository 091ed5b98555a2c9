import { types } from "node:util";

/**
 * Says whether two values are deeply equal. `NaN` equals `NaN`, 0 equals -0, a missing key differs from an undefined
 * one, prototypes count (but an object without one equals a plain one), as do getters of classes.
 *
 * @throws {TypeError} If a WeakMap or WeakSet has to be compared: nobody can see into them.
 */
export function equal(a: unknown, b: unknown): boolean {
  return same(a, b, new Map());
}

/** `open` holds the pairs that are being compared further up, so that circles end. */
function same(a: unknown, b: unknown, open: Map<unknown, unknown>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (
    typeof a !== "object" || typeof b !== "object" || a === null || b === null
  ) return false;
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (prototypeOf(a) !== prototypeOf(b)) return false;
  if (types.isTypedArray(a)) {
    return sameItems(a, b as unknown as ArrayLike<unknown>);
  }
  if (types.isAnyArrayBuffer(a)) {
    return sameItems(new Uint8Array(a), new Uint8Array(b as typeof a));
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError("Cannot compare: it is a weak collection");
  }
  if (a instanceof WeakRef) {
    return same(a.deref(), (b as typeof a).deref(), open);
  }
  if (open.get(a) === b) return true;
  open.set(a, b);
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  if (a instanceof Map) return sameEntries([...a], [...b as typeof a], open);
  if (a instanceof Set) {
    return sameEntries(
      [...a].map((key) => [key, 0]),
      [...b as typeof a].map((key) => [key, 0]),
      open,
    );
  }
  if (isText(a)) return String(a) === String(b);
  return sameKeys(a as Keyed, b as Keyed, open);
}

type Keyed = Record<PropertyKey, unknown>;

function prototypeOf(value: object): unknown {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

/** Objects that are what they say. */
function isText(value: object): boolean {
  return value instanceof RegExp || value instanceof URL ||
    value instanceof URLSearchParams ||
    value instanceof Intl.Locale;
}

function sameItems(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  }
  return true;
}

function sameEntries(
  a: [unknown, unknown][],
  b: [unknown, unknown][],
  open: Map<unknown, unknown>,
): boolean {
  if (a.length !== b.length) return false;
  const byKey = new Map(b);
  return a.every(([key, value]) =>
    byKey.has(key) && same(value, byKey.get(key), open) ||
    typeof key === "object" &&
      b.some((other) => same(key, other[0], open) && same(value, other[1], open))
  );
}

function sameKeys(a: Keyed, b: Keyed, open: Map<unknown, unknown>): boolean {
  for (const key of new Set([...keysOf(a), ...keysOf(b)])) {
    if (key in a !== key in b || !same(a[key], b[key], open)) return false;
  }
  return true;
}

/** Own enumerable keys of plain objects and arrays; of anything else every key, prototypes included. */
function keysOf(value: object): PropertyKey[] {
  const prototype = prototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype) {
    return Reflect.ownKeys({ ...value });
  }
  const keys: PropertyKey[] = [];
  for (
    let at = value;
    at && at !== Object.prototype && at !== Array.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    keys.push(...Reflect.ownKeys(at));
  }
  return keys;
}
