/**
 * The open ports of a scan, each once: for lists that other programs read.
 *
 * @module
 */
import type { ResultCursor } from "../result/port_result.ts";
import { hasOtherProtocols, hasSeveral, type ScanHead } from "./writer.ts";

/** Tells which open ports a list has not named yet. */
export class OpenPorts {
  /** The ports named, where several techniques can find the same one open. */
  #named: Set<string> | undefined;
  readonly #namesProtocols: boolean;

  /** @param namesProtocols False for a list in which ports of several protocols are the same. */
  constructor(namesProtocols: boolean) {
    this.#namesProtocols = namesProtocols;
  }

  start(head: ScanHead): void {
    const canRepeat = hasSeveral(head) || !this.#namesProtocols && hasOtherProtocols(head);
    this.#named = canRepeat ? new Set() : undefined;
  }

  /** Returns true for an open port that was not open in an earlier result. */
  isNew({ ip, port, proto, state, replacesState }: ResultCursor): boolean {
    if (state !== "open" || replacesState === "open") return false;
    if (this.#named === undefined) return true;
    const count = this.#named.size;
    return this.#named.add(this.#namesProtocols ? `${ip} ${port}/${proto}` : `${ip} ${port}`).size > count;
  }
}
