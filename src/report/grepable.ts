/**
 * nmap's grepable format (`-oG`): a line for each host, its fields apart by tabs, its ports by commas.
 *
 * @module
 */
import type { ResultList, Summary } from "../result.ts";
import { chooser } from "./fields.ts";
import { type HostBook, type HostReport, shownOf } from "./host_book.ts";
import { notesByHost, noteText } from "./notes.ts";
import { initiatedComment } from "./normal.ts";
import { counted, dateText, nmapState, printable } from "./text.ts";
import type { ReportOptions, ScanHead, Writer } from "./writer.ts";

/** Writes hosts as grepable lines, all of them at the end. */
export class GrepableWriter implements Writer {
  readonly #openOnly: boolean;
  readonly #has: (field: string) => boolean;
  readonly #book: HostBook;
  #hosts = 0;

  constructor(options: ReportOptions, book: HostBook) {
    this.#openOnly = options.openOnly;
    this.#has = chooser(options.fields);
    this.#book = book;
  }

  start(head: ScanHead): string {
    this.#hosts = head.hosts;
    return initiatedComment(head);
  }

  results(batch: ResultList): string {
    this.#book.take(batch);
    return "";
  }

  tail(): string {
    return "";
  }

  *end(summary: Summary, endedAtMs: number): Generator<string> {
    const report = this.#book.report(this.#hosts);
    const notes = notesByHost(summary);
    for (const host of report.hosts()) {
      if (this.#openOnly && host.openCount === 0) continue;
      // The fields of a host's lines are fixed: notes are comments.
      const remarks = notes.get(host.ip)?.map((note) => `# Note on ${host.ip}: ${noteText(note)}\n`) ?? [];
      yield remarks.join("") + this.#host(host);
    }
    const up = counted(summary.hostsUp, "host");
    const seconds = (summary.elapsedMs / 1000).toFixed(2);
    yield `# synscan ${summary.ended} at ${dateText(endedAtMs)} -- ${
      counted(summary.hosts, "IP address", "IP addresses")
    } ` +
      `(${up} up) scanned in ${seconds} seconds\n`;
  }

  #host(host: HostReport): string {
    const has = this.#has;
    const who = `Host: ${host.ip} (${host.name === undefined || !has("name") ? "" : fieldText(host.name)})`;
    const { rows, hidden } = shownOf(host, ({ state }) => state === "open" || !this.#openOnly);
    const ports = rows.map(({ port, state, service = "" }) =>
      `${port}/${nmapState(state)}/tcp//${has("service") ? fieldText(service) : ""}///`
    );
    let text = `${who}\tStatus: Up\n`;
    if (ports.length === 0 && hidden.length === 0) return text;
    text += `${who}\tPorts: ${ports.join(", ")}`;
    // The format has room for one state only.
    const [first] = hidden;
    if (first !== undefined) {
      const count = hidden.reduce((sum, { state, count }) => state === first.state ? sum + count : sum, 0);
      text += `\tIgnored State: ${nmapState(first.state)} (${count})`;
    }
    return `${text}\n`;
  }
}

// What takes fields apart may not stand in one.
function fieldText(text: string): string {
  return printable(text).replace(/[/,()]/g, "|");
}
