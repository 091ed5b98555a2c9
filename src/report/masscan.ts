/**
 * The list that masscan writes with `-oL`: a line for each open port, with the time in seconds since 1970. The comment at its
 * end states whether the scan was cut: masscan's `# end` only follows a whole one.
 *
 * @module
 */
import type { ResultList, Summary } from "../result/outcome.ts";
import { counted, grouped } from "../base/text.ts";
import { isNewlyOpen, type Writer } from "./writer.ts";

const END = "# end\n";
/** As long as {@linkcode END}, which then replaces it in one step. */
const CUT = "# cut\n";

/** How a scan ended, where it was cut. */
const WHY: Readonly<Record<Exclude<Summary["ended"], "done">, string>> = {
  deadline: "the deadline ended the scan",
  interrupted: "the scan was interrupted",
  failed: "the scan failed",
};

/** Writes open ports as masscan's list. */
export class MasscanListWriter implements Writer {
  #tail = CUT;

  start(): string {
    return "#masscan\n";
  }

  results(batch: ResultList, nowMs: number): string {
    const seconds = Math.floor(nowMs / 1000);
    let text = "";
    for (const result of batch) if (isNewlyOpen(result)) text += `open tcp ${result.port} ${result.ip} ${seconds}\n`;
    return text;
  }

  tail(): string {
    return this.#tail;
  }

  end({ ended, undecided, probes }: Summary): string[] {
    this.#tail = "";
    if (ended === "done") return [END];
    return [`# cut: ${WHY[ended]}, ${grouped(undecided)} of ${counted(probes, "port")} undecided\n`];
  }
}
