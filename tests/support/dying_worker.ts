/**
 * A worker that does its part of a scan as the real one does, and dies when told to.
 *
 * @module
 */

import "./worker_death.ts";
import "../../src/scan/worker.ts";
