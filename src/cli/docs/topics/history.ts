/**
 * Help topic: history.
 *
 * @module
 */
import type { Block } from "../blocks.ts";
import { HISTORY_QUERIES } from "../history_queries.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "With --db FILE a scan is recorded in an SQLite database that later scans add to:",
  {
    rows: [
      ["synscan --db scans.db 192.0.2.0/24", "Scans, and records the scan."],
      ["synscan history --db scans.db", "Lists the scans."],
      ["synscan diff --db scans.db", "Prints the changes since the previous scan; status 1 if there are any."],
      ["synscan show 1 --db scans.db -oH r.html", "Writes an earlier scan in any format."],
      ["synscan --db scans.db --changed 192.0.2.0/24", "Scans, and reports only what is new."],
      ["synscan --db scans.db -sT @last:open", "Scans the ports that the last scan found open."],
    ],
  },
  'The key "db" of the configuration replaces the flag. Two scans can write to one history at the same time, and the results ' +
  "of a scan that is killed are in it. A scan that is continued by synscan resume is recorded as one scan.",
  "synscan diff and --changed compare with the last scan of the same targets that decided every port; a scan that was " +
  "interrupted, or could not decide a port, is skipped if there is a complete one.",
  "The tables are plain, and their columns are named as in JSON: scan has a row per scan, host one per host that ever replied, port one " +
  "per scan and port that is open or was open in an earlier scan, and port_range one per scan, host, state and reason for all " +
  "other ports. Neighbouring hosts without replies share a row of port_range: so many hosts from ip on. Of -sn it has the hosts: " +
  "port 0 of the protocol host, in the state up, absent or silent. The column number sorts " +
  "addresses. Times (_ms) are in milliseconds since 1970. Queries for sqlite3 scans.db:",
  ...HISTORY_QUERIES.flatMap(({ title, sql }): Block[] => [{ heading: title }, { code: `${sql};`.split("\n") }]),
];
