/**
 * Lists of hosts that were not scanned (`-sL`), in the formats that have a line for a host alone: nmap's, the table and JSON.
 *
 * @module
 */

import { counted, jsonText, printable, spanText } from "../base/text.ts";
import type { FormatName } from "./formats.ts";
import { endedComment, initiatedComment } from "./normal.ts";
import { hostName } from "./table.ts";
import type { Summary } from "../result/summary.ts";
import type { ScanHead } from "./writer.ts";
import { closingXml, hostnamesXml, openingXml } from "./xml.ts";

/** A host of a list. */
interface ListEntry {
  readonly ip: string;
  /** The target names that led to it. */
  readonly names: readonly string[];
  /** Its name by reverse DNS. */
  readonly hostname?: string | undefined;
}

/** The facts about a list. */
export interface ListHead
  extends Pick<ScanHead, "args" | "startedAtMs" | "version" | "hosts">, Pick<Summary, "ended" | "warnings"> {
  /** True if no name of a target or a host is missing that was to be looked up. */
  readonly isComplete: boolean;
}

/** A format of lists. */
interface ListFormat {
  start(head: ListHead, verbosity: number): string;
  host(host: ListEntry): string;
  /** `endedAtMs` is in milliseconds since 1970, as `head.startedAtMs` is. */
  end(head: ListHead, endedAtMs: number): string;
}

/** The fields of a host's line of JSON, besides its type. */
export const LISTED_FIELDS: readonly (readonly [name: string, doc: string])[] = [
  ["ip", "The host's address"],
  ["names", "The target names that led to it; omitted if there are none"],
  ["hostname", "Its name by reverse DNS; omitted if it is not known"],
];

/** The fields of the last line of JSON, besides its type. */
export const LIST_SUMMARY_FIELDS = ["hosts", "elapsed_ms", "ended", "warnings", "trusted"];

/** Returns the end of a scan that found nothing, in as long as the list took. */
function summaryOf({ hosts, startedAtMs, ended, warnings, isComplete }: ListHead, endedAtMs: number) {
  return { ended, hosts, hostsUp: 0, elapsedMs: endedAtMs - startedAtMs, warnings, trusted: isComplete };
}

/** Every format of lists, by the name of the format of scans. */
export const LIST_FORMATS: Readonly<Partial<Record<FormatName, ListFormat>>> = {
  table: {
    start: () => "",
    host: (host) => `synscan report for ${hostName(host)}\n`,
    end: ({ hosts, startedAtMs }, endedAtMs) =>
      `synscan done: ${counted(hosts, "host")} listed in ${spanText(endedAtMs - startedAtMs)}; nothing was sent to ${
        hosts === 1 ? "it" : "them"
      }\n`,
  },
  normal: {
    start: initiatedComment,
    host: (host) => `Nmap scan report for ${hostName(host)}\n`,
    end: (head, endedAtMs) => endedComment(summaryOf(head, endedAtMs), endedAtMs),
  },
  grepable: {
    start: initiatedComment,
    host: ({ ip, names: [name], hostname }) =>
      `Host: ${ip} (${printable(name ?? hostname ?? "").replace(/[/,()]/g, "|")})\tStatus: Unknown\n`,
    end: (head, endedAtMs) => endedComment(summaryOf(head, endedAtMs), endedAtMs),
  },
  xml: {
    start: (head, verbosity) => openingXml(head, verbosity),
    host: (host) => `<host><status state="unknown" reason="user-set" reason_ttl="0"/>\n${hostnamesXml(host)}</host>\n`,
    end: (head, endedAtMs) => closingXml(summaryOf(head, endedAtMs), endedAtMs, { up: 0, hosts: head.hosts }),
  },
  json: {
    start: () => "",
    host: ({ ip, names, hostname }) =>
      `${jsonText({ type: "target", ip, names: names.length === 0 ? undefined : names, hostname })}\n`,
    end: (head, endedAtMs) => {
      const { ended, hosts, elapsedMs, warnings, trusted } = summaryOf(head, endedAtMs);
      return `${jsonText({ type: "summary", hosts, elapsed_ms: elapsedMs, ended, warnings, trusted })}\n`;
    },
  },
};
