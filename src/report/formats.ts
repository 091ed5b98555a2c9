/**
 * Every format, by name.
 *
 * @module
 */
import { HostAggregator, type HostAggregatorOptions } from "./host_aggregator.ts";
import { TableWriter } from "./table.ts";
import type { ReportOptions, Writer } from "./writer.ts";

/** The formats in which a scan can be written. */
export type FormatName = typeof FORMATS[number];

/** Every format. */
export const FORMATS = ["table", "json", "normal", "xml", "grepable", "csv", "list", "ip-port", "html"] as const;

/** nmap's limit: a state with more ports is counted, not listed. Each `-v` adds as many again. */
const LIST_UP_TO = 25;
/** The largest number of hosts without a reply that are listed. */
const LIST_UNRESPONSIVE_UP_TO = 8;

/** Returns the aggregator that all formats by host of a scan share. */
export function newAggregator(
  verbosity: number,
  options: Pick<HostAggregatorOptions, "openOnly" | "vendorOf" | "addresses"> = {},
): HostAggregator {
  return new HostAggregator({
    ...options,
    listUpTo: LIST_UP_TO * (verbosity + 1),
    listUnresponsiveUpTo: LIST_UNRESPONSIVE_UP_TO,
  });
}

/** A class of writers. Those that report by host use the shared aggregator. */
export type WriterClass = new (options: ReportOptions, aggregator: HostAggregator) => Writer;

/** Returns the writer class of a format. All but the most common are loaded on demand, which shortens the start. */
export async function writerOf(format: FormatName): Promise<WriterClass> {
  switch (format) {
    case "table":
      return TableWriter;
    case "json":
      return (await import("./json.ts")).JsonLinesWriter;
    case "normal":
      return (await import("./normal.ts")).NormalWriter;
    case "xml":
      return (await import("./xml.ts")).XmlWriter;
    case "grepable":
      return (await import("./grepable.ts")).GrepableWriter;
    case "csv":
      return (await import("./csv.ts")).CsvWriter;
    case "list":
      return (await import("./masscan.ts")).MasscanListWriter;
    case "ip-port":
      return (await import("./ip_port.ts")).IpPortWriter;
    case "html":
      return (await import("./html.ts")).HtmlWriter;
  }
}
