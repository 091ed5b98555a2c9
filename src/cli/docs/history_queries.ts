/**
 * SQL queries of a history, as the help shows them. A test runs each of them with the sqlite3 program.
 *
 * @module
 */

/** A query, and the question that it settles. */
interface HistoryQuery {
  readonly title: string;
  readonly sql: string;
}

/** Useful queries. */
export const HISTORY_QUERIES: readonly HistoryQuery[] = [
  {
    title: "Open ports of the last scan",
    sql: `SELECT ip, port, proto, service, names FROM port
WHERE scan = (SELECT max(id) FROM scan WHERE ended IS NOT NULL) AND state = 'open'
ORDER BY number, port`,
  },
  {
    title: "Ports that were ever open, with the first and the last time",
    sql: `SELECT ip, port, proto, datetime(min(seen_ms) / 1000, 'unixepoch') AS first,
  datetime(max(seen_ms) / 1000, 'unixepoch') AS last
FROM port WHERE state = 'open' GROUP BY number, proto, port`,
  },
  {
    title: "Products and versions that service detection (-sV) found last at each port",
    sql: `SELECT ip, port, proto, service, product, version, cpe, datetime(max(seen_ms) / 1000, 'unixepoch') AS seen
FROM version GROUP BY number, proto, port`,
  },
  {
    title: "Ports that opened or closed, each time",
    sql: `SELECT ip, port, proto, before, state, datetime(seen_ms / 1000, 'unixepoch') AS at, scan
FROM port_change WHERE before IS NOT NULL`,
  },
  {
    title: "Hosts that did not reply since a date",
    sql: `SELECT ip, name, datetime(last_seen_ms / 1000, 'unixepoch') AS last
FROM host WHERE last_seen_ms < unixepoch('2026-11-21 04:30:00') * 1000 ORDER BY number`,
  },
  {
    title: "Hardware addresses that hosts on own links had, with the last time",
    sql: `SELECT ip, mac, datetime(max(started_ms) / 1000, 'unixepoch') AS last
FROM mac JOIN scan ON scan.id = mac.scan GROUP BY number, mac ORDER BY number`,
  },
  {
    title: "All other ports of the last scan, as ranges",
    sql: `SELECT ip, hosts, state, reason, ports FROM port_range
WHERE scan = (SELECT max(id) FROM scan WHERE ended IS NOT NULL) ORDER BY number, state`,
  },
];
