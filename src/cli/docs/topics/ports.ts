/**
 * Help topic: ports.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "Without a flag, the 1,000 most useful TCP ports are scanned. A list of ports (-p) has commas between its items:",
  {
    rows: [
      ["-p 22,80", "Ports."],
      ["-p 8000-8100", "A range; -p -1024 begins at 1, -p 60000- ends at 65535."],
      ["-p-", "Every port but 0; -p 0-65535 includes it."],
      ["-p http,ssh", "Names of services: those of the system's services file, then the built-in ones."],
      ["-p T:80,U:53,161", "T: (TCP) or U: (UDP) before an item makes it and those behind it ports of that protocol."],
    ],
  },
  "A target can have ports of its own, which replace those of -p: 192.0.2.7:22,80.",
  "The lists of most useful ports (--top-ports, -F and the default) are synscan's own and differ from nmap's, which are " +
  "derived from nmap's data; give -p the exact list if you compare the two. The first 100 of them are probed before other ports, " +
  "whatever ports are scanned (see synscan help technique).",
  "Ports of --exclude-ports are never probed.",
  { flags: "Ports" },
];
