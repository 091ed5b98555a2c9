/**
 * Work that may not take for ever.
 *
 * @module
 */

/**
 * What `work` resolves to, if it does so within `ms` milliseconds. Work that is late goes on, and nobody waits for it.
 *
 * @param late Makes the error for work that is late.
 * @throws {Error} That error, or what the work throws.
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
