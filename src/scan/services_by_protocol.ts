/**
 * Service detection of a scan: over TCP, over UDP, or both, each for the results of its passes.
 *
 * @module
 */

import type { Fd } from "../../ffi/fd.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { Finding } from "../result/finding.ts";
import type { Pass } from "../result/pass.ts";
import type { Summary } from "../result/summary.ts";
import type { ServiceData } from "../technique/technique.ts";
import type { ServiceDetection } from "./services.ts";
import type { PassReport } from "./worker_task.ts";

/** The detections of a scan. */
export class ServicesByProtocol implements Disposable {
  readonly #passes: readonly Pass[];
  readonly #tcp: ServiceDetection | undefined;
  readonly #udp: ServiceDetection | undefined;

  constructor(passes: readonly Pass[], tcp: ServiceDetection | undefined, udp: ServiceDetection | undefined) {
    this.#passes = passes;
    this.#tcp = tcp;
    this.#udp = udp;
  }

  /** The number of ports that are not identified yet. */
  get pending(): number {
    return this.#all.reduce((sum, { pending }) => sum + pending, 0);
  }

  /** True while more ports wait than may. */
  get isFull(): boolean {
    return this.#all.some(({ isFull }) => isFull);
  }

  /** Returns the finding of a port, by the pass of its result; undefined if it has none. */
  finding(host: number, port: number, pass: number): Finding | undefined {
    return this.#of(pass)?.finding(host, port);
  }

  /** Takes an established connection, as {@linkcode ServiceDetection.offer} does. */
  offer(host: number, port: number, socket: Fd): boolean {
    return this.#tcp?.offer(host, port, socket) === true;
  }

  /** Takes a reply to a UDP probe, as {@linkcode ServiceDetection.keep} does. */
  keep(host: number, port: number, data: ServiceData): void {
    this.#udp?.keep(host, port, data);
  }

  /** Takes results of a pass: holds those of open ports, and returns the others. */
  add(rows: ResultColumns, pass: number): ResultColumns {
    return this.#of(pass)?.add(rows, pass) ?? rows;
  }

  /** Returns the results that are held, by pass. */
  *held(): Generator<{ readonly rows: ResultColumns; readonly pass: number }> {
    for (const each of this.#all) yield* each.held();
  }

  /** Resolves when every port is identified, at `deadlineAtMs`, or once stopped. */
  async finish(deadlineAtMs: number): Promise<void> {
    await Promise.all(this.#all.map((each) => each.finish(deadlineAtMs)));
  }

  /** Ends at once: ports that are not identified are reported without a service. */
  stop(ended: Summary["ended"]): void {
    for (const each of this.#all) each.stop(ended);
  }

  /** Returns the counts of each as those of a pass without results. */
  reports(): PassReport[] {
    return this.#all.map((each) => each.report());
  }

  /** Warnings, a line each. */
  warnings(): string[] {
    return this.#all.flatMap((each) => each.warnings());
  }

  [Symbol.dispose](): void {
    for (const each of this.#all) each[Symbol.dispose]();
  }

  get #all(): readonly ServiceDetection[] {
    return [this.#tcp, this.#udp].filter((each) => each !== undefined);
  }

  #of(pass: number): ServiceDetection | undefined {
    const { proto } = this.#passes[pass]!;
    return proto === "tcp" ? this.#tcp : proto === "udp" ? this.#udp : undefined;
  }
}
