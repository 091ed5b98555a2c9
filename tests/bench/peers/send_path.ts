/**
 * The send path alone, as the C loop beside it: probes written into slots and handed to the kernel, nothing waited for.
 *
 *   deno run --allow-ffi send_path.ts sendmmsg|ethernet COUNT FIRST_ADDRESS
 *
 * Prints probes a second. The destinations are 65,536 addresses from FIRST_ADDRESS on.
 *
 * @module
 */

import { SYN } from "../../../src/technique/tcp_syn.ts";
import { PacketDriver, packetNeeds } from "../../../src/driver/packet_driver.ts";
import type { ReplySink } from "../../../src/driver/driver.ts";
import { openTransport } from "../../../src/transport/open.ts";
import { findRoutePlan } from "../../../src/transport/target_routes.ts";
import { parseIpv4 } from "../../../src/wire/address.ts";
import { IPV4_BOOK } from "../../../src/target/address_book.ts";

const [kind, count, firstText] = Deno.args;
if ((kind !== "sendmmsg" && kind !== "ethernet") || count === undefined || firstText === undefined) {
  throw new TypeError("Usage: send_path.ts sendmmsg|ethernet COUNT FIRST_ADDRESS");
}
const first = parseIpv4(firstText)!;
const targets: [number, number][] = [[first, first + 65_535]];
const reach = findRoutePlan({ targets }, IPV4_BOOK);
using opened = await openTransport({ targets, kind, random: 1, packets: packetNeeds(SYN) }, reach);
const prober = new PacketDriver({
  book: IPV4_BOOK,
  technique: SYN,
  transport: opened.transport,
  sources: opened.sources,
  ports: opened.ports,
  ttl: 64,
});
const noReplies: ReplySink = {
  onReply: () => false,
  onTokenlessReply: () => false,
  sent: () => {},
  onOutcome: () => {},
  keepsSocket: () => {},
  tokenOf: () => -1,
  isInFlight: () => false,
  answersStrayAck: () => false,
  onSendError: () => {},
};

function send(probes: number): void {
  for (let i = 0; i < probes;) {
    if (prober.send(first + (i & 0xffff), i >>> 16, 0, Math.imul(i, 0x9e3779b1) >>> 0)) i++;
    else while (prober.flush(noReplies, performance.now()) > 0);
  }
  while (prober.flush(noReplies, performance.now()) > 0);
}

// The first probes make the kernel ask for the next hop's hardware address, and V8 compile the loop.
send(1024);
await new Promise((resolve) => setTimeout(resolve, 50));
send(65_536);
const beganMs = performance.now();
send(Number(count));
console.log((Number(count) * 1000 / (performance.now() - beganMs)).toFixed(0));
