/**
 * Writers of every format, loaded beforehand.
 *
 * @module
 */
import { type FormatName, FORMATS, newAggregator, type WriterClass, writerOf } from "../../src/report/formats.ts";
import type { HostAggregator } from "../../src/report/host_aggregator.ts";
import type { ReportOptions, ScanHead, Writer } from "../../src/report/writer.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Summary } from "../../src/result/summary.ts";
import { namesIn, textOf } from "./results.ts";

const WRITERS = new Map<FormatName, WriterClass>();
for (const format of FORMATS) WRITERS.set(format, await writerOf(format));

/** The options of a report without flags. */
export const OPTIONS: ReportOptions = { openOnly: false, reason: false, verbosity: 0, color: false };

/** A writer of a format. */
export function newWriter(
  format: FormatName,
  options: Partial<ReportOptions> = {},
  aggregator: HostAggregator = newAggregator(options.verbosity ?? 0, options),
): Writer {
  return new (WRITERS.get(format)!)({ ...OPTIONS, ...options }, aggregator);
}

/** A scan's results in every format, from the first line to the last. */
export function inFormats(
  results: readonly PortResult[],
  head: Partial<ScanHead>,
  ended: Summary,
  options: Partial<ReportOptions>,
  aggregator?: HostAggregator,
): Record<string, string> {
  return Object.fromEntries(FORMATS.map((format) => {
    const writer = newWriter(format, options, aggregator);
    const start = {
      hosts: ended.hosts,
      probes: results.length,
      technique: "syn",
      startedAtMs: 0,
      args: [],
      version: "1",
    };
    const opening = writer.start({ ...start, names: namesIn(results), ...head } as ScanHead);
    const lines = textOf(writer.results(results, 0));
    return [format, [opening, lines, ...Array.from(writer.end(ended, 0), textOf)].join("")];
  }));
}
