/**
 * Notes on hosts and their ports, for the formats that report by host.
 *
 * @module
 */
import type { Note } from "../result/notes.ts";
import type { AliasedPrefix, HostNote, Summary } from "../result/summary.ts";
import type { HostReport, PortRow } from "./host_report.ts";
import { printable } from "../base/text.ts";

/** Returns the notes of a summary by address of the host. */
export function notesByHost({ notes }: Summary): ReadonlyMap<string, readonly HostNote[]> {
  return Map.groupBy(notes, ({ ip }) => ip);
}

/** Returns a note with its ports: `ports 80, 443 and 3 more: SYN-ACK and RST`. */
export function noteText({ ports, more, note }: HostNote): string {
  if (ports.length + more === 0) return printable(note);
  const listed = more > 0 ? `${ports.join(", ")} and ${more} more` : ports.join(", ");
  return `${ports.length + more === 1 ? "port" : "ports"} ${listed}: ${printable(note)}`;
}

/** The note that ports of UDP have alone; all others are about ports of TCP. */
const OF_UDP: Note = "the reply repeats too little of the probe: anybody who knows the ports can have sent it";

/** Returns the listed notes on one port of a host as text; empty if there are none. */
export function portNote(notes: readonly HostNote[], { port, proto }: Pick<PortRow, "port" | "proto">): string {
  const own = notes.filter(({ ports, note }) => ports.includes(port) && (note === OF_UDP) === (proto === "udp"));
  return own.map(({ note }) => printable(note)).join("; ");
}

/** Returns a host's names for formats whose host line holds only the first: all of them, or those of each port. */
export function namesTexts({ names, ports }: HostReport): string[] {
  if (ports.every((row) => row.names.length === names.length)) {
    return names.length > 1 ? [names.map(printable).join(", ")] : [];
  }
  const byNames = Map.groupBy(ports, (row) => row.names.map(printable).join(", ") || "none");
  return Array.from(byNames, ([text, rows]) => {
    return `${rows.length === 1 ? "port" : "ports"} ${rows.map(({ port }) => port).join(", ")}: ${text}`;
  });
}

/** Returns a line about the prefix of a host. */
export function aliasText({ prefix, controls, replied }: AliasedPrefix): string {
  return `in the aliased prefix ${prefix}: ${replied} of ${controls} addresses chosen at random there replied too`;
}
