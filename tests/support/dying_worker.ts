/**
 * A worker that does its part of a scan as the real one does, and dies of an error in the middle of it.
 *
 * @module
 */

import "../../src/scan/worker.ts";

/** Long enough to have told of some ports, short enough to be in the middle of a scan of a second. */
const LIFE_MS = 400;

setTimeout(() => {
  throw new Error("The end of a worker");
}, LIFE_MS);
