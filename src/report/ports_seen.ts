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

/** Collects ports. */
export class PortsSeen {
  readonly #ports = new Uint8Array(PORT_COUNT);

  take(batch: ResultList): void {
    for (const { port } of batch) this.#ports[port] = 1;
  }

  /** Ports in order as `22,80,8000-8100`. */
  text(): PortsText {
    let count = 0;
    const ranges: string[] = [];
    for (let port = 0; port < PORT_COUNT; port++) {
      if (this.#ports[port] === 0) continue;
      const first = port;
      while (this.#ports[port + 1] === 1) port++;
      count += port - first + 1;
      ranges.push(first === port ? `${first}` : `${first}-${port}`);
    }
    return { count, text: ranges.join(",") };
  }
}
