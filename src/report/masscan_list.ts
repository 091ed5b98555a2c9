/**
 * The list that masscan writes with `-oL`: a line for each open port, with the time in seconds since 1970.
 *
 * @module
 */
import type { ResultList } from "../result.ts";
import type { Writer } from "./writer.ts";

const END = "# end\n";

/** Writes open ports as masscan's list. */
export class MasscanListWriter implements Writer {
  #tail = END;

  start(): string {
    return "#masscan\n";
  }

  results(batch: ResultList, nowMs: number): string {
    const seconds = Math.floor(nowMs / 1000);
    let text = "";
    for (const { state, port, ip } of batch) if (state === "open") text += `open tcp ${port} ${ip} ${seconds}\n`;
    return text;
  }

  tail(): string {
    return this.#tail;
  }

  end(): string[] {
    this.#tail = "";
    return [END];
  }
}
