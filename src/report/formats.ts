/**
 * Every format, by name.
 *
 * @module
 */
import { HostAggregator } from "./host_aggregator.ts";
import { JsonLinesWriter } from "./json.ts";
import { TableWriter } from "./table.ts";
import type { ReportOptions, Writer } from "./writer.ts";

/** The formats in which a scan can be written. */
export type FormatName = typeof FORMATS[number];

/** Every format. */
export const FORMATS = ["table", "json", "normal", "xml", "grepable", "csv", "list", "ip-port", "html"] as const;

/** nmap's bound: a state with more ports than this is counted, not listed; each `-v` raises it once more. */
const LIST_UP_TO = 25;
/** Hosts that did not answer are reported one by one only where they are few. */
const LIST_UNRESPONSIVE_UP_TO = 8;

/** What formats by host have in common; one serves all of a scan's. */
export function newAggregator(verbosity: number): HostAggregator {
  return new HostAggregator({ listUpTo: LIST_UP_TO * (verbosity + 1), listUnresponsiveUpTo: LIST_UNRESPONSIVE_UP_TO });
}

/** A kind of writer. Those that report by host keep what they know in `book`. */
export type WriterClass = new (options: ReportOptions, book: HostAggregator) => Writer;

/** The writers of a format. All but the two of most scans are loaded only here: each module takes its time. */
export async function writerOf(format: FormatName): Promise<WriterClass> {
  switch (format) {
    case "table":
      return TableWriter;
    case "json":
      return JsonLinesWriter;
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
