/**
 * Exports of the table for other programs: as lines of `address:port`, as comma-separated values and as JSON.
 *
 * @module
 */
/** @import { Scan } from "./data.js" */
import { hostStatus, portText, serviceOf, stateCount, STATES, versionOf } from "./data.js";

/** @typedef {Record<string, string | number | null>} Entry */

/**
 * Ports of the scan, by row.
 *
 * @param {Scan} scan
 * @param {Uint32Array} items
 * @returns {Entry[]}
 */
export function portEntries(scan, items) {
  const { head, hosts, rows, causes, has, found } = scan;
  const protocols = new Map(head.passes?.map(({ technique, proto }) => [technique, proto]));
  return Array.from(items, (row) => {
    const host = hosts[rows.host[row] ?? 0];
    const port = rows.port[row] ?? 0;
    const [state, reason, from, technique] = causes[rows.cause[row] ?? 0] ?? ["undecided", "", null];
    /** @type {Entry} */
    const entry = { ip: host?.ip ?? "", port, proto: protocols.get(technique ?? "") ?? "tcp", state };
    if (technique !== undefined) entry.technique = technique;
    if (has("name")) entry.name = host?.name || null;
    if (has("service")) entry.service = serviceOf(scan, row) || null;
    if (found.size > 0) entry.version = versionOf(scan, row) || null;
    if (has("reason")) entry.reason = reason;
    if (has("from")) entry.from = from;
    if (has("ttl")) entry.ttl = rows.ttl[row] || null;
    if (has("rtt_ms")) entry.rtt_ms = (rows.rtt[row] ?? 0) / 1000 || null;
    if (has("tries")) entry.tries = rows.tries[row] ?? 0;
    return entry;
  });
}

/**
 * Hosts of the scan, by rank.
 *
 * @param {Scan} scan
 * @param {Uint32Array} items
 * @returns {Entry[]}
 */
export function hostEntries({ hosts, rows, causes, has }, items) {
  return Array.from(items, (rank) => {
    const host = hosts[rank];
    if (host === undefined) return {};
    const ports = [];
    for (let row = host.firstRow; row < host.endRow; row++) {
      if (causes[rows.cause[row] ?? 0]?.[0] === "open") ports.push(portText(rows.number[row] ?? 0));
    }
    /** @type {Entry} */
    const entry = { ip: host.ip };
    if (has("name")) entry.name = host.name || null;
    entry.status = hostStatus(host);
    for (const state of STATES) {
      const count = stateCount(host, state);
      entry[state] = count < 0 ? null : count;
    }
    entry.open_ports = ports.join(" ");
    if (has("rtt_ms")) entry.rtt_ms = host.smoothed / 1000 || null;
    entry.os = host.os || null;
    entry.notes = host.notes.join("; ") || null;
    return entry;
  });
}

/** @param {Entry[]} entries */
export function csvText(entries) {
  const names = Object.keys(entries[0] ?? { ip: "" });
  const lines = entries.map((entry) => names.map((name) => csvCell(entry[name] ?? null)).join(","));
  return [names.join(","), ...lines, ""].join("\n");
}

/** @param {string | number | null} value */
function csvCell(value) {
  if (typeof value !== "string") return value === null ? "" : String(value);
  // A spreadsheet takes text that begins so for a formula.
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\s']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {Entry[]} entries */
export function jsonText(entries) {
  return `${JSON.stringify(entries, null, 1)}\n`;
}

/**
 * Has the browser keep a text as a file.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function saveFile(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Copies a text. Where a page may not reach the clipboard by itself, a selection is copied.
 *
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}
