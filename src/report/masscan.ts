/**
 * The list that masscan writes with `-oL`: a line for each open port, with the time in seconds since 1970. masscan's
 * `# end` ends the list of a complete scan only; a comment names the reason otherwise.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import type { Summary } from "../result/summary.ts";
import { counted, grouped } from "../base/text.ts";
import { OpenPorts } from "./open_ports.ts";
import { hasSeveral, type ScanHead, type Writer } from "./writer.ts";

const END = "# end\n";
/** As long as {@linkcode END}, which replaces it in one write. */
const CUT = "# cut\n";

/** The reasons for a cut list. */
const WHY: Readonly<Record<Exclude<Summary["ended"], "done">, string>> = {
  deadline: "the deadline ended the scan",
  interrupted: "the scan was interrupted",
  failed: "the scan failed",
};

/** Writes open ports as masscan's list. */
export class MasscanListWriter implements Writer {
  readonly #open = new OpenPorts();
  #tail = CUT;
  /** The noun for undecided ones: ports, or with several techniques results. */
  #counts = "port";

  start(head: ScanHead): string {
    this.#open.start(head);
    if (hasSeveral(head)) this.#counts = "result";
    return "#masscan\n";
  }

  results(batch: ResultList, nowMs: number): string {
    const seconds = Math.floor(nowMs / 1000);
    let text = "";
    for (const result of batch) {
      if (this.#open.isNew(result)) text += `open ${result.proto} ${result.port} ${result.ip} ${seconds}\n`;
    }
    return text;
  }

  tail(): string {
    return this.#tail;
  }

  end({ ended, undecided, probes }: Summary): string[] {
    this.#tail = "";
    if (ended === "done") return [END];
    return [`# cut: ${WHY[ended]}, ${grouped(undecided)} of ${counted(probes, this.#counts)} undecided\n`];
  }
}
