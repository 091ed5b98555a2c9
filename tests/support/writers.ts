/**
 * Writers of every format, loaded beforehand.
 *
 * @module
 */
import { type FormatName, FORMATS, type WriterClass, writerOf } from "../../src/report/formats.ts";
import type { HostAggregator } from "../../src/report/host_aggregator.ts";
import type { ReportOptions, Writer } from "../../src/report/writer.ts";

const WRITERS = new Map<FormatName, WriterClass>();
for (const format of FORMATS) WRITERS.set(format, await writerOf(format));

/** A writer of a format. */
export function newWriter(format: FormatName, options: ReportOptions, aggregator: HostAggregator): Writer {
  const FormatWriter = WRITERS.get(format)!;
  return new FormatWriter(options, aggregator);
}
