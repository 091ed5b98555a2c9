/**
 * Help topic: the identification of services.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "-sV identifies the services of open ports while the scan continues: the protocol, and product and version where the server " +
  "tells them. It opens connections by the kernel, needs no privilege, and works with -sS, -sT and -sU alike. A port is reported once " +
  "it is identified, or given up.",
  "What the port's number suggests is sent first. Elsewhere a greeting is waited for, 300 ms or four round trips, and then a " +
  "request of HTTP is sent on the same connection. Other probes follow, each on a connection of its own, two at a time at most: " +
  "generic ones that servers of many protocols reply to, and then those for one protocol. A reply of text rules out binary probes, " +
  "which some servers do not survive. If a port speaks TLS, the service inside is identified as well; certificates are read, and not " +
  "checked.",
  {
    rows: [
      [
        "--version-intensity N",
        "The probes for ports that are not their usual ones: 0 sends none, 9 all; 7 by default.",
      ],
      ["--version-light", "Intensity 2: what most servers reply to."],
      ["--version-all", "Intensity 9, with more time for ports that stay silent."],
      ["--allports", "Ports 9100 to 9107 too: printers print what they are sent there."],
    ],
  },
  "Of UDP ports (-sU), the reply that the port scan has had is read first; most show the service, and many the version. Further requests " +
  "are sent where that shows too little, such as the range of versions of an RPC program, and to ports that replied without showing " +
  "what they are: those of the scan, four at a time, for 5 seconds at most. None changes anything, and none asks for a list.",
  "Product and version are those of a known server, with confidence 10. A server that is not known is named as it names itself in a " +
  "Server header, a version line of SSH, or a greeting, with confidence 8.",
  "A port that stays silent takes about 5 seconds, in which other ports are identified. At most 1,024 connections are open at a time, " +
  "to 128 ports of a host on an own link, and to 16 of a host beyond a gateway (-T4: 32, -T5: 64, -T0 to -T2: one in all); up to " +
  "twice as many ports that have not replied to their first probes wait beside them. " +
  "--max-rate bounds the connections too: each counts as two probes.",
  "Where nothing more is known of a port, a label states the reason:",
  {
    rows: [
      ["silent", "It accepts data and replies to nothing for 4 seconds."],
      ["closes", "It closes each connection without a byte."],
      ["no-data", "It completes the handshake and acknowledges no data: a firewall or proxy replies for it."],
      [
        "middlebox",
        "Almost no open port of the host replies: after a sample, only ports with a probe of their own were probed.",
      ],
      ["refused", "It refuses connections since it was found open."],
      ["no-connection", "No connection could be established since then."],
      ["not-probed", "The scan ended before, or the port is one of a printer."],
    ],
  },
];
