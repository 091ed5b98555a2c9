/**
 * Every format, by name.
 *
 * @module
 */
import { CsvWriter } from "./csv.ts";
import { GrepableWriter } from "./grepable.ts";
import { HtmlWriter } from "./html.ts";
import { HostBook } from "./host_book.ts";
import { JsonLinesWriter } from "./json_lines.ts";
import { MasscanListWriter } from "./masscan_list.ts";
import { NormalWriter } from "./normal.ts";
import { TableWriter } from "./table.ts";
import type { ReportOptions, Writer } from "./writer.ts";
import { XmlWriter } from "./xml.ts";

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

/** A writer of the format. Those that report by host keep what they know in `book`. */
export function newWriter(format: FormatName, options: ReportOptions, book: HostBook): Writer {
  switch (format) {
    case "table":
      return new TableWriter(options, book);
    case "json":
      return new JsonLinesWriter(options, book);
    case "normal":
      return new NormalWriter(options, book);
    case "xml":
      return new XmlWriter(options, book);
    case "grepable":
      return new GrepableWriter(options, book);
    case "csv":
      return new CsvWriter(options);
    case "list":
      return new MasscanListWriter();
    case "html":
      return new HtmlWriter(options, book);
  }
}
