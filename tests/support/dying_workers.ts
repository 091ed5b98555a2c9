/**
 * Makes the second worker that is started from now on one that dies. It can be preloaded (`deno run --preload`), so that the
 * program itself is run with such workers.
 *
 * @module
 */

/** When a worker dies: in the middle of its work, or before it has begun. */
export type Death = "in the middle" | "at its beginning";

const CODE: Readonly<Record<Death, URL>> = {
  "in the middle": new URL("dying_worker.ts", import.meta.url),
  "at its beginning": new URL("data:text/javascript,throw new Error('No beginning')"),
};

/** The second worker is such that dies, until the answer is disposed of. */
export function letWorkerDie(death: Death): Disposable {
  const RealWorker = globalThis.Worker;
  let started = 0;
  globalThis.Worker = class extends RealWorker {
    constructor(code: string | URL, options?: WorkerOptions) {
      super(++started === 2 ? CODE[death] : code, options);
    }
  };
  return { [Symbol.dispose]: () => void (globalThis.Worker = RealWorker) };
}

if (Deno.env.get("SYNSCAN_WORKERS_DIE") !== undefined) letWorkerDie("in the middle");
