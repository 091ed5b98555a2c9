/**
 * Notes on hosts and ports: kept once, bounded, the same after they passed from a worker or through a checkpoint.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { mergedNotes, noteCode, NoteTable, noteTexts } from "../../src/engine/notes.ts";
import { NOTES } from "../../src/result/notes.ts";
import { formatIpv4 } from "../../src/wire/address.ts";

const HOST = 0xc0000207;
const CODE = noteCode("SYN-ACK and RST");
const OTHER = noteCode("RST and ICMP error");

Deno.test("notes: a port's note is kept once, and is that of its result", () => {
  const notes = new NoteTable();
  assertEquals(notes.of(HOST, 80), 0);
  for (const port of [443, 80, 80]) notes.addPort(HOST, port, CODE);
  notes.addHost(HOST, OTHER);
  assertEquals([notes.of(HOST, 80), notes.of(HOST, 81), notes.of(HOST + 1, 80)], [CODE, 0, 0]);
  assertEquals(noteTexts(notes.rows(), formatIpv4), [
    { ip: "192.0.2.7", ports: [80, 443], more: 0, note: "SYN-ACK and RST" },
    { ip: "192.0.2.7", ports: [], more: 0, note: "RST and ICMP error" },
  ]);
});

Deno.test("notes: where hosts as a whole are probed, each note is about its host, never about a port", () => {
  const notes = new NoteTable(false);
  for (const kind of [0, 1]) notes.addPort(HOST, kind, CODE);
  assertEquals(notes.of(HOST, 0), 0);
  assertEquals(noteTexts(notes.rows(), formatIpv4), [
    { ip: "192.0.2.7", ports: [], more: 0, note: "SYN-ACK and RST" },
  ]);
});

Deno.test("notes: what several workers noted is added up", () => {
  const tables = [0, 1].map((worker) => {
    const notes = new NoteTable();
    for (let port = worker; port < 40; port += 2) notes.addPort(HOST, port, CODE);
    return [...notes.rows()];
  });
  const [note, ...rest] = noteTexts(mergedNotes(tables), formatIpv4);
  assertEquals([rest.length, note!.ports.length + note!.more], [0, 40]);
});

Deno.test("notes: no host, and no number of hosts, fills the memory", () => {
  const notes = new NoteTable();
  for (let host = 0; host < 10_000; host++) for (let port = 0; port < 20; port++) notes.addPort(host, port, CODE);
  assertEquals(notes.rows().length < 4 * 10 * (1 << 12), true);
});

Deno.test("notes: a code fits a result's row, and each has its own words", () => {
  assertEquals(NOTES.length < 256 && new Set(NOTES).size === NOTES.length, true);
});

Deno.test("notes: one on a host itself can be removed, and those on its ports stay", () => {
  const notes = new NoteTable();
  notes.addHost(1, 2);
  notes.addPort(1, 80, 2);
  assertEquals(notes.hasHost(1, 2), true);
  notes.removeHost(1, 2);
  assertEquals([notes.hasHost(1, 2), [...notes.rows()]], [false, [1, 81, 2, 0]]);
});
