/**
 * Notes on hosts and ports, for what no state or reason expresses: two replies that contradict each other, what a reply shows of the
 * machine that sent it. A side table beside the results: it is written to when something unusual was seen, and its size
 * has a bound.
 *
 * @module
 */

import { type Note, NOTES } from "../result/notes.ts";
import type { HostNote } from "../result/summary.ts";

/** Numbers to a row: host, port + 1 or 0 for the host itself, code of the note, number of further ports. */
const ROW_LEN = 4;
/** In place of a port: the note is about more ports, whose number follows. */
const MORE = 0x1_0001;
/** Ports listed of a host with the same note; more are counted. */
const LISTED_PORTS = 8;
/** Notes on hosts kept. Beyond that, hosts get none. */
const MAX_NOTES = 1 << 12;

/** Notes on one host that have the same code. */
interface Entry {
  readonly ports: number[];
  more: number;
  /** True where it is about the host itself. */
  isHost: boolean;
}

/** Returns the code of a note. */
export function noteCode(note: Note): number {
  return NOTES.indexOf(note);
}

/** A table of notes. */
export class NoteTable {
  readonly #hosts = new Map<number, Map<number, Entry>>();
  readonly #hasPorts: boolean;
  #size = 0;

  /** @param hasPorts False where hosts as a whole are probed: then every note is about a host itself. */
  constructor(hasPorts = true) {
    this.#hasPorts = hasPorts;
  }

  /** Adds a note to a port. The same note is added once to a port. */
  addPort(host: number, port: number, code: number): void {
    if (!this.#hasPorts) {
      this.addHost(host, code);
      return;
    }
    const entry = this.#entry(host, code);
    if (entry === undefined || entry.ports.includes(port)) return;
    if (entry.ports.length < LISTED_PORTS) entry.ports.push(port);
    else entry.more++;
  }

  /** Adds a note to a host. */
  addHost(host: number, code: number): void {
    const entry = this.#entry(host, code);
    if (entry !== undefined) entry.isHost = true;
  }

  /** True for a host that has a note on itself. */
  hasHost(host: number, code: number): boolean {
    return this.#hosts.get(host)?.get(code)?.isHost === true;
  }

  /** Removes a note on a host itself. */
  removeHost(host: number, code: number): void {
    const entry = this.#hosts.get(host)?.get(code);
    if (entry !== undefined) entry.isHost = false;
  }

  /** Returns the code of the note that was added to a port last; 0 if there is none. */
  of(host: number, port: number): number {
    if (this.#size === 0) return 0;
    let last = 0;
    for (const [code, { ports }] of this.#hosts.get(host) ?? []) if (ports.includes(port)) last = code;
    return last;
  }

  /** Returns all notes, as rows of numbers, in the order of hosts. */
  rows(): Uint32Array<ArrayBuffer> {
    const rows: number[] = [];
    for (const [host, codes] of [...this.#hosts].sort(([one], [other]) => one - other)) {
      for (const [code, { ports, more, isHost }] of codes) {
        if (isHost) rows.push(host, 0, code, 0);
        for (const port of ports) rows.push(host, port + 1, code, 0);
        if (more > 0) rows.push(host, MORE, code, more);
      }
    }
    return Uint32Array.from(rows);
  }

  /** Adds the notes of another table. */
  addRows(rows: ArrayLike<number>): void {
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const [host, what, code, more] = [rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 3]!];
      if (what === 0) {
        this.addHost(host, code);
      } else if (what < MORE) {
        this.addPort(host, what - 1, code);
      } else {
        const entry = this.#entry(host, code);
        if (entry !== undefined) entry.more += more;
      }
    }
  }

  #entry(host: number, code: number): Entry | undefined {
    const codes = this.#hosts.get(host);
    const found = codes?.get(code);
    if (found !== undefined || this.#size >= MAX_NOTES) return found;
    this.#size++;
    const entry: Entry = { ports: [], more: 0, isHost: false };
    if (codes === undefined) this.#hosts.set(host, new Map([[code, entry]]));
    else codes.set(code, entry);
    return entry;
  }
}

/** Returns the notes of several tables as the rows of one. */
export function mergedNotes(tables: readonly ArrayLike<number>[]): Uint32Array<ArrayBuffer> {
  const all = new NoteTable();
  for (const rows of tables) all.addRows(rows);
  return all.rows();
}

/** Returns the hosts that have a note of this code, on themselves or on a port. */
export function hostsWithNote(rows: ArrayLike<number>, code: number): Set<number> {
  const hosts = new Set<number>();
  for (let at = 0; at < rows.length; at += ROW_LEN) if (rows[at + 2] === code) hosts.add(rows[at]!);
  return hosts;
}

/** Returns notes as text; `format` writes a host's address. */
export function noteTexts(rows: ArrayLike<number>, format: (host: number) => string): HostNote[] {
  const notes: { ip: string; ports: number[]; more: number; note: string; key: number }[] = [];
  for (let at = 0; at < rows.length; at += ROW_LEN) {
    const [host, what, code, more] = [rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 3]!];
    const key = 2 * (host * NOTES.length + code) + (what === 0 ? 1 : 0);
    let last = notes.at(-1);
    if (last?.key !== key) {
      notes.push(last = { ip: format(host), ports: [], more: 0, note: NOTES[code] ?? "", key });
    }
    if (what >= MORE) last.more = more;
    else if (what > 0) last.ports.push(what - 1);
  }
  return notes.map(({ ip, ports, more, note }) => ({ ip, ports: ports.sort((one, other) => one - other), more, note }));
}
