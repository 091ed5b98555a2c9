/**
 * A line `ip:port` for each open port, as it is found: the input of many other tools. A port that is open over TCP and UDP has one.
 *
 * @module
 */
import { withPort } from "../base/text.ts";
import type { ResultList } from "../result/port_result.ts";
import { OpenPorts } from "./open_ports.ts";
import type { ScanHead, Writer } from "./writer.ts";

/** Writes open ports as `ip:port` lines. */
export class IpPortWriter implements Writer {
  readonly #open = new OpenPorts(false);

  start(head: ScanHead): string {
    this.#open.start(head);
    return "";
  }

  results(batch: ResultList): string {
    let text = "";
    for (const result of batch) if (this.#open.isNew(result)) text += `${withPort(result.ip, result.port)}\n`;
    return text;
  }

  end(): string[] {
    return [];
  }
}
