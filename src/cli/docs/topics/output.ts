/**
 * Help topic: output formats.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "The table goes to standard output, everything else (warnings, progress, -v) to standard error. Every format can go to a " +
  "file by a flag of its own, and to standard output with - as file name. Several reports can be written at once; -oA BASE " +
  "writes five.",
  {
    rows: [
      ["-oN", "The table. First and last lines are nmap's; the last one only if the scan finished."],
      ["-oX", "nmap's XML. Undecided ports are counted (extraports in the state unknown) and never listed."],
      ["-oG", "nmap's grepable format."],
      ["-oJ, --json", "JSON lines: one object for each port as it is decided, then hosts and a summary (help json)."],
      [
        "-oC",
        "Comma-separated values: one line for each port, with the fields of --fields, those from service_by on with -sV " +
        "only: service_by is table, or empty, where service is only the one usually found at the port.",
      ],
      ["-oL", "masscan's list of open ports."],
      [
        "-oI, --ip-port",
        "Open ports as ip:port lines, for other programs; those of UDP as ip:U:port, which -iL reads with -sU alone.",
      ],
      ["-oH", "A report for browsers in one file: search, sort, copy; it loads nothing."],
    ],
  },
  "nmap's formats are tested with ndiff, python-libnmap, python3-nmap, Nmap::Parser, node-nmap and brutespray, on " +
  "finished, interrupted, suspect and silent scans. Ports have the names that nmap reports (143 is imap, 8080 http-proxy), " +
  "independent of /etc/services.",
  "With -sV, nmap's XML has at most one script element for a port, the first of these that is known: ssl-cert, ssh-hostkey, " +
  "http-title, and banner where the service was not identified. JSON has all of them. ndiff of Debian fails where a port has two " +
  "scripts, also in nmap's own files; it fails as well where a script's output is all that differs, such as a new certificate: " +
  "use synscan diff then.",
  "A scan of several techniques has a state of each port for each of them. The table, JSON, CSV and HTML name the technique beside " +
  "it. nmap's XML and grepable format have room for one state: that of the strongest reply (SYN-ACK, then RST, then ICMP " +
  "error), and all of them in extrainfo, or in a comment. -oL and -oI list an open port once.",
  "A host is up if it replied to a probe or to ARP, and down if it did not and its own link has no such address (no-arp-response). " +
  "As with nmap -Pn, a host without any reply is listed as up (user-set) in nmap's formats if its ports are listed; it does not " +
  "count as up in their totals, as nothing shows that it exists.",
  "nmap's XML and grepable format list a host that is down (Down), and one that discovery did not find (Unknown), as nmap does with " +
  "-v: by them, synscan diff of two files shows which hosts went down.",
  "JSON, CSV, the lists and HTML hold each open port as soon as it is found. nmap's formats are ordered by host and written " +
  "at the end; until then the file is renewed about every second with the results so far, marked as interrupted. Beyond " +
  "4,096 hosts or 50,000 listed ports it is written only at the end: use --checkpoint or -oJ for such scans.",
  "With -q, standard output holds only results; warnings and errors go to standard error. With --json, the last line of " +
  "standard output has the warnings of the scan, and standard error does not repeat them.",
  "Before anything is opened, every file is identified by device and inode. A report that would overwrite a target list, an " +
  "exclusion list, the configuration, the history, a checkpoint, another report or the file behind standard output or " +
  "error is refused with status 1. A report can go to a FIFO; if its reader closes, the scan completes the other reports and " +
  "ends with status 2.",
  { flags: "Output" },
];
