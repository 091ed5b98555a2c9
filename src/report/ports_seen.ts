/**
 * The ports of a scan, collected from its results, for formats that name them when the plan is not known any more.
 *
 * @module
 */
import type { ResultList } from "../result/port_result.ts";

const PORT_COUNT = 65536;

/** Ports as text, and how many they are. */
export interface PortsText {
  readonly count: number;
  readonly text: string;
}

/** No ports. */
export const NO_PORTS: PortsText = { count: 0, text: "" };

/** Collects ports. */
export class PortsSeen {
  readonly #ports = new Map<string, Uint8Array>();

  take(batch: ResultList): void {
    for (const { port, proto } of batch) {
      let ports = this.#ports.get(proto);
      if (ports === undefined) this.#ports.set(proto, ports = new Uint8Array(PORT_COUNT));
      ports[port] = 1;
    }
  }

  /** Ports of a protocol in order as `22,80,8000-8100`. */
  text(proto: string): PortsText {
    const ports = this.#ports.get(proto);
    if (ports === undefined) return NO_PORTS;
    let count = 0;
    const ranges: string[] = [];
    for (let port = 0; port < PORT_COUNT; port++) {
      if (ports[port] === 0) continue;
      const first = port;
      while (ports[port + 1] === 1) port++;
      count += port - first + 1;
      ranges.push(first === port ? `${first}` : `${first}-${port}`);
    }
    return { count, text: ranges.join(",") };
  }
}
