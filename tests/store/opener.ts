/**
 * Opens a history, and says how that went. It runs as a process of its own, with rights that a test chooses.
 *
 * @module
 */
import { History } from "../../src/store/history.ts";

const [path = "", aim] = Deno.args;
try {
  using history = History.open(path, { write: aim === "write" });
  console.log(`opened, ${history.scans().length} scans`);
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : error);
}
