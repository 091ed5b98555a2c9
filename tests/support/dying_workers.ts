/**
 * Makes every worker that is started from now on one that dies. It can be preloaded (`deno run --preload`), so that the
 * program itself is run with such workers.
 *
 * @module
 */

/** When a worker dies: once its first results have come, a batch at most, or before it has begun. */
export type Death = "in the middle" | "at its beginning";

const CODE: Readonly<Record<Death, URL>> = {
  "in the middle": new URL("dying_worker.ts", import.meta.url),
  "at its beginning": new URL("data:text/javascript,throw new Error('No beginning')"),
};

/** Workers are such that die until the answer is disposed of. */
export function letWorkersDie(death: Death): Disposable {
  const RealWorker = globalThis.Worker;
  globalThis.Worker = class extends RealWorker {
    constructor(_code: string | URL, options?: WorkerOptions) {
      super(CODE[death], options);
      this.addEventListener("message", ({ data: { kind } }) => {
        if (kind === "results") this.postMessage({ kind: "die" });
      });
    }
  };
  return { [Symbol.dispose]: () => void (globalThis.Worker = RealWorker) };
}

if (Deno.env.get("SYNSCAN_WORKERS_DIE") !== undefined) letWorkersDie("in the middle");
