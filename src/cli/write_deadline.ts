/**
 * Writing to readers that may be slow, or not read at all.
 *
 * @module
 */

/** The longest wait for a pipe that is full; the first waits are shorter. */
const RETRY_MS = 5;

/** Writes all bytes, by as many calls as that takes. Throws a {@linkcode StalledReader} once the wait is over. */
export async function writeAll(
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>,
  bytes: Uint8Array<ArrayBuffer>,
  patience?: WriteDeadline,
): Promise<void> {
  let waits = 0;
  for (let at = 0; at < bytes.length;) {
    try {
      const writing = write(bytes.subarray(at));
      at += await (patience?.bound(writing) ?? writing);
      waits = 0;
    } catch (error) {
      // A pipe that is full, and non-blocking: ours, or another process shares it.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      const retry = new Promise<void>((resolve) => setTimeout(resolve, Math.min(waits++, RETRY_MS)));
      await (patience?.bound(retry, false) ?? retry);
    }
  }
}

/** Thrown where a reader does not read, and the wait for it is over. */
export class StalledReader extends Error {
  override readonly name = "StalledReader";
}

/** The wait for readers that do not read: without end, until it is limited. */
export class WriteDeadline implements Disposable {
  /** Ends the waits that are under way. */
  readonly #waits = new Set<() => void>();
  #progressedAtMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;

  /** Passes a promise on; rejects instead once the wait is over. `isProgress` tells that something is written with it. */
  bound<T>(promise: Promise<T>, isProgress = true): Promise<T> {
    // Not by Promise.race with a promise that lives long: each call would leave a reaction on that.
    return new Promise<T>((resolve, reject) => {
      const end = () => reject(new StalledReader());
      if (this.#isOver) return end();
      this.#waits.add(end);
      promise.then((value) => {
        if (isProgress) this.#progressedAtMs = performance.now();
        resolve(value);
      }, reject).finally(() => this.#waits.delete(end));
    });
  }

  /** Ends the wait as soon as nothing has been written for `spanMs`. */
  limit(spanMs: number): void {
    this.#progressedAtMs = performance.now();
    this.#timer ??= setInterval(() => {
      if (performance.now() - this.#progressedAtMs < spanMs) return;
      if (this.#waits.size === 0) return;
      this.#isOver = true;
      for (const end of this.#waits) end();
    }, spanMs / 4);
  }

  [Symbol.dispose](): void {
    // Only a timer that there is: the first use of any loads Node's timers, which takes 11 ms.
    if (this.#timer !== undefined) clearInterval(this.#timer);
  }
}

/** A {@linkcode StalledReader} in the user's words. */
export function stalled(place: string): StalledReader {
  return new StalledReader(
    `Cannot write to ${place}: the process that reads it takes nothing. Its report is incomplete`,
  );
}
