/**
 * A line `ip:port` for each open port, as it is found: the input of many other tools.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";
import { isNewlyOpen, type Writer } from "./writer.ts";

/** Writes open ports as `ip:port` lines. */
export class IpPortWriter implements Writer {
  start(): string {
    return "";
  }

  results(batch: ResultList): string {
    let text = "";
    for (const result of batch) if (isNewlyOpen(result)) text += `${result.ip}:${result.port}\n`;
    return text;
  }

  end(): string[] {
    return [];
  }
}
