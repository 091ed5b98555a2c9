/**
 * Every format, by name.
 *
 * @module
 */
import { HostBook } from "./host_book.ts";
import { JsonLinesWriter } from "./json_lines.ts";
import { TableWriter } from "./table.ts";
import type { ReportOptions, Writer } from "./writer.ts";

/** The formats in which a scan can be written. */
export type FormatName = typeof FORMATS[number];

/** Every format. */
export const FORMATS = ["table", "json", "normal", "xml", "grepable", "csv", "list", "html"] as const;

/** nmap's bound: a state with more ports than this is counted, not listed; each `-v` raises it once more. */
const LIST_UP_TO = 25;
/** Hosts that did not answer are reported one by one only where they are few. */
const QUIET_UP_TO = 8;

/** What formats by host have in common; one serves all of a scan's. */
export function newBook(verbosity: number): HostBook {
  return new HostBook({ listUpTo: LIST_UP_TO * (verbosity + 1), quietUpTo: QUIET_UP_TO });
}

/** Makes a writer. Those that report by host keep what they know in `book`. */
export type NewWriter = (options: ReportOptions, book: HostBook) => Writer;

/** How writers of a format are made. All but the two of most scans are loaded only here: each module takes its time. */
export async function writerOf(format: FormatName): Promise<NewWriter> {
  switch (format) {
    case "table":
      return (options, book) => new TableWriter(options, book);
    case "json":
      return (options, book) => new JsonLinesWriter(options, book);
    case "normal": {
      const { NormalWriter } = await import("./normal.ts");
      return (options, book) => new NormalWriter(options, book);
    }
    case "xml": {
      const { XmlWriter } = await import("./xml.ts");
      return (options, book) => new XmlWriter(options, book);
    }
    case "grepable": {
      const { GrepableWriter } = await import("./grepable.ts");
      return (options, book) => new GrepableWriter(options, book);
    }
    case "csv": {
      const { CsvWriter } = await import("./csv.ts");
      return (options) => new CsvWriter(options);
    }
    case "list": {
      const { MasscanListWriter } = await import("./masscan_list.ts");
      return () => new MasscanListWriter();
    }
    case "html": {
      const { HtmlWriter } = await import("./html.ts");
      return (options, book) => new HtmlWriter(options, book);
    }
  }
}
