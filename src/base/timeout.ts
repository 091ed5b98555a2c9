/**
 * Promises with a time limit.
 *
 * @module
 */

/**
 * Returns the value of `work` if it resolves within `ms` milliseconds. Work that times out is not cancelled; its result is
 * ignored.
 *
 * @param late Makes the error of a timeout.
 * @throws {Error} That error, or the rejection of the work.
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  if (ms === Infinity) return await work;
  const { promise: never, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), Math.max(0, ms));
  try {
    return await Promise.race([work, never]);
  } finally {
    clearTimeout(timer);
  }
}
