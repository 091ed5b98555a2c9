/**
 * The open ports of a scan, each once: for lists that other programs read.
 *
 * @module
 */
import type { ResultCursor } from "../result/port_result.ts";
import { hasSeveral, type ScanHead } from "./writer.ts";

/** Tells which open ports a list has not named yet. */
export class OpenPorts {
  /** The ports named, where several techniques can find the same one open. */
  #named: Set<string> | undefined;

  start(head: ScanHead): void {
    this.#named = hasSeveral(head) ? new Set() : undefined;
  }

  /** Returns true for an open port that was not open in an earlier result. */
  isNew({ ip, port, proto, state, replacesState }: ResultCursor): boolean {
    if (state !== "open" || replacesState === "open") return false;
    if (this.#named === undefined) return true;
    const count = this.#named.size;
    return this.#named.add(`${ip} ${port}/${proto}`).size > count;
  }
}
