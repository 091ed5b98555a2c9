/**
 * Help topic: timing and rate.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "This machine and its own links are scanned as fast as the kernel can send. Beyond a gateway, a scan starts slowly and its " +
  "rate is bounded, to spare access lines, connection tables of home routers and intrusion detection. The rate rises above the " +
  "first bound only while hosts reply and their replies show that little is lost (among silent hosts, ports known to reply are " +
  "probed for that), and falls back to it if they stop. -v prints the rates that were chosen.",
  "Probes per second beyond a gateway, and the timeout before a round trip is measured; own links are unlimited from -T3 on:",
  {
    rows: [
      ["-T0", "one in 300 s; first timeout 300 s"],
      ["-T1", "one in 15 s; first timeout 15 s"],
      ["-T2", "2.5; first timeout 1 s"],
      ["-T3", "1,000, growing to 10,000, with replies to 100,000; first timeout 1 s"],
      ["-T4", "4,000, growing to 50,000, with replies to 500,000; first timeout 500 ms"],
      ["-T5", "unlimited; first timeout 250 ms"],
    ],
  },
  "-T0 to -T2 probe one port at a time, on own links too. --max-rate sets another upper bound, which needs no replies and of " +
  "which a quarter is the initial rate at least; --min-rate sets a lower one. The rate falls when packets are lost because of it, on the path or on this machine, and rises again.",
  "Timeouts follow the measured round trips (RFC 6298). Probes without a reply are retransmitted; the number of " +
  "retransmissions follows the measured loss (help reliability).",
  "--host-timeout ends each host by itself, --deadline the whole scan, in every pass: ARP, pings, ports, services and traces. The time of a " +
  "host begins with its first probe; hosts are probed at the same time, so that a large scan needs a long one. In a scan that is resumed " +
  "the times begin again.",
  "Times are written as 500ms, 2s, 1m, 1h or 1h30m; a plain number is seconds. Rates are written as 500, 10k or 1.5m.",
  { flags: "Timing and rate" },
];
