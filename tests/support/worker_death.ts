/**
 * Lets the worker of this thread do its part of a scan until it has sent its first results, and die of an error when told to. To be
 * imported before the code of the worker.
 *
 * @module
 */

import type { FromWorker } from "../../src/scan/worker.ts";

interface Scope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  close(): void;
}

addEventListener("message", (event) => {
  if ((event as MessageEvent<{ readonly kind: string }>).data.kind !== "die") return;
  event.stopImmediatePropagation();
  throw new Error("The end of a worker");
});

const scope = globalThis as unknown as Scope;
const post = scope.postMessage.bind(scope);
scope.postMessage = (message, transfer = []) => {
  post(message, transfer);
  // However long it takes until it is told to, it does not end before.
  if (message.kind === "results") scope.postMessage = scope.close = () => {};
};
