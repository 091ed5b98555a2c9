/**
 * A line `ip:port` for each open port, as it is found: the input of many other tools, which take the ports for those of TCP. Ports of
 * UDP are `ip:U:port`, the form of a target with such a port of its own.
 *
 * @module
 */
import { withPort } from "../base/text.ts";
import type { ResultList } from "../result/port_result.ts";
import { OpenPorts } from "./open_ports.ts";
import type { ScanHead, Writer } from "./writer.ts";

/** Writes open ports as `ip:port` lines. */
export class IpPortWriter implements Writer {
  readonly #open = new OpenPorts();

  start(head: ScanHead): string {
    this.#open.start(head);
    return "";
  }

  results(batch: ResultList): string {
    let text = "";
    for (const result of batch) {
      if (!this.#open.isNew(result)) continue;
      const { ip, port, proto } = result;
      text += `${withPort(ip, proto === "udp" ? `U:${port}` : port)}\n`;
    }
    return text;
  }

  end(): string[] {
    return [];
  }
}
