/**
 * Help topic: internals.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** One step: the file, the function or class in it, and its work. */
type Step = readonly [file: string, name: string, text: string];

/** The path of one probe of a SYN scan, from argv to the wire. */
export const PROBE_STEPS: readonly Step[] = [
  ["mod.ts", "run", "Loads the program and passes the library to it."],
  ["src/cli/main.ts", "main", "Runs the program; every error becomes one line and an exit status."],
  ["src/cli/args/parse.ts", "readArguments", "Splits argv into flags and operands by the declarations in flags.ts."],
  ["src/cli/args/config.ts", "configFor", "Reads the configuration; its flags precede the typed ones."],
  ["src/cli/args/parse.ts", "parseCommandLine", "Checks contradictions and sets the options of the scan."],
  ["src/cli/inputs.ts", "scanOptions", "Reads target lists, exclusions and ports from files."],
  ["src/cli/commands/scan.ts", "Session", "Opens the reports, then calls scan() of the library."],
  ["src/scan/running_scan.ts", "RunningScan", "Runs the scan: plan, route, workers, summary."],
  ["src/scan/plan.ts", "planTargets", "Parses targets and ports, resolves names, subtracts exclusions."],
  [
    "src/target/space.ts",
    "ProbeSpace",
    "Numbers the (host, port) pairs of the scan from 0 on, common ports (port_tiers.ts) first.",
  ],
  [
    "src/transport/target_routes.ts",
    "findRoutePlan",
    "Finds interfaces, source addresses and next hops of all targets.",
  ],
  ["src/scan/pool.ts", "runPool", "Divides the scan among workers, and drops privileges once all sockets are open."],
  ["src/scan/worker_run.ts", "runWorker", "Opens the sockets of one worker and runs its passes, an engine for each."],
  ["src/engine/loop.ts", "run", "Calls the engine's step, waits for packets or timers, yields to the event loop."],
  ["src/engine/engine.ts", "step", "One tick: receive, expire, refill, send, flush."],
  ["src/engine/refill.ts", "Refill", "Takes the next position of the order while there is room in the probe table."],
  [
    "src/order/permutation.ts",
    "Permutation",
    "Maps the position to a pseudorandom index of its tier (shard.ts), each exactly once.",
  ],
  ["src/scan/probe_source.ts", "ShardProbeSource", "Maps the index to host and port."],
  ["src/engine/probe_table.ts", "ProbeTable", "Holds the probe in a slot of typed arrays until it has a result."],
  ["src/engine/probe_sender.ts", "ProbeSender", "Computes token and timeout, sends the probe, starts its timer."],
  ["src/engine/token.ts", "Correlator", "Seals slot, host, port and attempt into the 32-bit sequence number."],
  ["src/driver/packet_driver.ts", "send", "Reserves a send slot; the attempt chooses the source port."],
  ["src/technique/tcp_probe.ts", "write", "Completes the prepared IPv4 and TCP header in the slot, with checksums."],
  [
    "src/transport/send_queue.ts",
    "SendQueue",
    "Collects committed slots; a flush passes them to the sender, or to a thread (send_thread.ts).",
  ],
  ["ffi/message_batch.ts", "SendBatch", "Calls sendmmsg(2); the kernel puts the packets on the wire."],
];

/** The path of its reply, from the wire to a line of JSON. */
export const REPLY_STEPS: readonly Step[] = [
  [
    "src/technique/reply_filter.ts",
    "replyFilter",
    "In the kernel, passes only replies to the scan's ports and ICMP errors.",
  ],
  ["ffi/packet_ring.ts", "PacketRing", "Maps the TPACKET_V3 ring in which the kernel stores packets with timestamps."],
  ["src/transport/ring_receiver.ts", "RingReceiver", "Reads a bounded number of packets of the ring."],
  ["src/driver/packet_driver.ts", "drain", "Is called first in every tick, and passes each packet on."],
  ["src/technique/tcp_technique.ts", "parse", "Checks lengths and checksums, and reads addresses, ports and numbers."],
  ["src/driver/packet_driver.ts", "packet", "Checks port and sender; counts other packets as unmatched."],
  ["src/target/address_book.ts", "find", "Returns the host number of the address; the engine knows no addresses."],
  ["src/engine/replies.ts", "onReply", "Matches the reply to a probe; late or forged ones change nothing else."],
  ["src/engine/token.ts", "open", "Opens the acknowledged number into the slot that sent it."],
  ["src/engine/matched_replies.ts", "take", "Finds the attempt, the round trip, and what the reply shows of the host."],
  ["src/result/outcome.ts", "stateIn", "Looks up the state of the reply's reason in the technique's table."],
  [
    "src/engine/loss_account.ts",
    "measure",
    "Updates the round trip, from which timeouts follow (RFC 6298), and the loss.",
  ],
  ["src/engine/results.ts", "decide", "Decides the port, releases the slot and its timer, and emits the result."],
  ["src/result/batch.ts", "ResultBatcher", "Writes the result into a row of 24 bytes, and emits batches."],
  ["src/driver/owed_packets.ts", "OwedPackets", "Queues the RST that a genuine SYN-ACK is owed, for the next flush."],
  ["src/engine/silence_policy.ts", "expire", "Without a reply: retransmits or decides, when the timer expires."],
  [
    "src/engine/refusal_checks.ts",
    "take",
    "Once all else is decided: probes some of the ports again that ICMP errors have decided.",
  ],
  ["src/scan/pool.ts", "runPool", "Passes batches of other threads to the thread of the scan."],
  ["src/scan/result_queue.ts", "ResultQueue", "Queues the batch until the reader asks for it."],
  ["src/result/rows.ts", "ResultRows", "Reads rows through one reusable cursor, with text for addresses and states."],
  ["src/cli/events.ts", "events", "Merges batches, snapshots and the end of the scan into one order."],
  ["src/cli/result_reporter.ts", "report", "Filters the batch; passes it to the history, all reports and the journal."],
  ["src/report/json.ts", "results", "Writes each result as a line of JSON, by the fields of fields.ts."],
  ["src/cli/report.ts", "Report", "Writes the text to standard output or the file, with what would end it."],
];

const rowsOf = (steps: readonly Step[]): Block => ({
  rows: steps.map(([file, name, text], at) => [`${at + 1}`, `${file}, ${name}: ${text}`]),
});

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "The path of one probe of a SYN scan, and of its reply. Imports go downwards only: cli, store and report, scan, engine, driver, " +
  "technique and transport, wire, ffi.",
  { heading: "From argv to the wire" },
  rowsOf(PROBE_STEPS),
  { heading: "From the wire to JSON" },
  rowsOf(REPLY_STEPS),
];
