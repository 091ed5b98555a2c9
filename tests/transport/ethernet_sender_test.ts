import { assert, assertEquals, assertGreater, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { ERRNO } from "../../ffi/errno.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { PolicyWatch } from "../../ffi/netlink/xfrm.ts";
import { CannotScanError } from "../../src/base/errors.ts";
import { packetNeeds } from "../../src/driver/packet_driver.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { type OpenedTransport, openTransport } from "../../src/transport/open.ts";
import { findRoutePlan } from "../../src/transport/target_routes.ts";
import { EthernetSender } from "../../src/transport/ethernet_sender.ts";
import { Neighbors } from "../../src/transport/neighbors.ts";
import { parseMac } from "../../src/wire/mac.ts";
import { chain, delay, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { nothingMoreIsOpen, openFiles } from "../support/descriptors.ts";
import { enterNetns } from "../support/netns.ts";
import { addressOf, buildTcp } from "../support/packets.ts";
import { until } from "../support/program.ts";
import { PacketLog } from "./packet_log.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";

const SCANNER = addressOf("10.66.1.1");
const PEER = addressOf("10.66.1.2");
/** Another host on the same link, as far as the scanner knows. */
const OTHER = addressOf("10.66.1.3");
const POLICY = "xfrm policy add dir out src 10.66.1.1/32 dst 10.66.1.2/32 action block";
/** The clock of the senders, which is ahead of the real one: nothing waits for a sender to look again. */
let aheadMs = 0;
const nowMs = () => performance.now() + aheadMs;

/** Has a sender read links, routes and neighbours again before it sends, however long its last read took. */
function lookAgain(): void {
  aheadMs += 60_000;
}

/** More than a batch, so that what the lane would not serve is sent in the first of several. */
const MANY = 300;

/** A scanner that counts what it sends by raw IP, and a peer. */
async function pairLab(rules: readonly string[] = ["meta l4proto tcp counter"]): Promise<Lab> {
  const lab = await linkedLab({ scanner: { chains: [chain("output", rules)] }, peer: {} }, "10.66.1");
  setNeighbours(lab, "permanent");
  return lab;
}

/** Makes the scanner know the hardware address of peer and other; how sure it is of the peer's is told. */
function setNeighbours(lab: Lab, state: string): void {
  const [link] = JSON.parse(lab.set("peer", ["ip", "-j", "link", "show", "scanner"]));
  lab.ip("scanner", `neigh replace 10.66.1.2 lladdr ${link.address} nud ${state} dev peer`);
  lab.ip("scanner", `neigh replace 10.66.1.3 lladdr ${link.address} nud permanent dev peer`);
}

function neighbourState(lab: Lab): string {
  const [neighbour] = JSON.parse(lab.set("scanner", ["ip", "-j", "neigh", "show", "10.66.1.2"]));
  return neighbour.state.join();
}

function sentByRawIp(lab: Lab): number {
  const rules = lab.set("scanner", ["nft", "list", "chain", "inet", "lab", "output"]);
  return Number(/counter packets (\d+)/.exec(rules)?.[1]);
}

function open(kind: "auto" | "ethernet", neighbors?: Neighbors): Promise<OpenedTransport> {
  const targets: [number, number][] = [[PEER, OTHER]];
  const ports = neighbors === undefined ? {} : { sourcePort: 61000, neighbors };
  return openTransport(
    { targets, kind, random: 1, packets: packetNeeds(SYN), ...ports },
    findRoutePlan({ targets }, IPV4_BOOK),
  );
}

/** Runs `use` in the scanner of a lab whose kernel knows no host, with a sender that knows the peer. */
async function withNeighbor(
  rules: readonly string[],
  use: (lab: Lab, opened: OpenedTransport, log: PacketLog) => void | Promise<void>,
): Promise<void> {
  await using lab = await linkedLab({ scanner: { chains: [chain("output", rules)] }, peer: {} }, "10.66.1");
  const [link] = JSON.parse(lab.set("peer", ["ip", "-j", "link", "show", "scanner"]));
  const [own] = JSON.parse(lab.set("scanner", ["ip", "-j", "link", "show", "peer"]));
  // A request of the peer's would make the scanner's kernel know it.
  lab.ip("peer", `neigh replace 10.66.1.1 lladdr ${own.address} nud permanent dev scanner`);
  const neighbors = new Neighbors();
  neighbors.learn(PEER, parseMac(link.address)!, 0);
  using _inside = enterNetns(lab.name("scanner"));
  using opened = await open("ethernet", neighbors);
  await use(lab, opened, new PacketLog());
  assertEquals(JSON.parse(lab.set("scanner", ["ip", "-4", "-j", "neigh", "show"])), []);
}

/** Sends many packets to a host, as many at a time as there is room for. */
function sendMany({ transport }: OpenedTransport, log: PacketLog, destination = PEER): void {
  const packet = buildTcp({ source: SCANNER, destination, sourcePort: 61000, destinationPort: 80, id: 9 });
  for (let i = 0; i < MANY; i++) {
    let at = transport.reserve(destination);
    while (at < 0) {
      transport.flush(log, nowMs());
      at = transport.reserve(destination);
    }
    for (const [j, byte] of packet.entries()) transport.slots.setUint8(at + j, byte);
    transport.commit(packet.length, -1);
  }
  while (transport.flush(log, nowMs()) > 0);
}

labTest("ethernet sender: it sends to resolved next hops after a packet by raw IP", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  using opened = await open("auto");
  const log = new PacketLog();
  sendMany(opened, log);
  const first = sentByRawIp(lab);
  assertGreater(first, 0);
  assertLess(first, MANY);
  // Raw IP asks again now and then, as rules may have come meanwhile.
  lookAgain();
  sendMany(opened, log);
  sendMany(opened, log);
  assertGreater(sentByRawIp(lab), first);
  assertLess(sentByRawIp(lab), MANY);
  assertEquals([opened.transport.traits.name, log.failures.length], ["ethernet", 0]);
});

labTest("ethernet sender: frames have the current address of the interface as their source", [], async () => {
  const renamed = "02:00:00:00:00:09";
  await using lab = await pairLab();
  lab.rules("peer", [chain("input", [`ether saddr ${renamed} tcp sport 61000 counter`])]);
  using _inside = enterNetns(lab.name("scanner"));
  using opened = await open("ethernet");
  const log = new PacketLog();
  const arrived = () => {
    const rules = lab.set("peer", ["nft", "list", "chain", "inet", "lab", "input"]);
    return Number(/counter packets (\d+)/.exec(rules)?.[1]);
  };
  sendMany(opened, log);
  assertEquals(arrived(), 0);
  const [own] = JSON.parse(lab.set("scanner", ["ip", "-j", "link", "show", "peer"]));
  lab.ip("scanner", `link set peer address ${renamed}`);
  lookAgain();
  const byRawIp = sentByRawIp(lab);
  sendMany(opened, log);
  await until(() => arrived() >= MANY);
  assertLess(sentByRawIp(lab), byRawIp + MANY);
  lab.ip("scanner", `link set peer address ${own.address}`);
  lookAgain();
  sendMany(opened, log);
  // The first batch had been written, and hears of it when it is sent.
  assertEquals([arrived(), log.failures.length], [MANY, 0]);
});

labTest("ethernet sender: an address without a recent confirmation is confirmed by the kernel", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  using opened = await open("ethernet");
  const log = new PacketLog();
  // The first looks come in quick succession.
  for (let look = 0; look < 9; look++) {
    opened.transport.flush(log, nowMs());
    await delay(2 ** look);
  }
  for (let round = 0; round < 2; round++) {
    setNeighbours(lab, "stale");
    lookAgain();
    const before = sentByRawIp(lab);
    // That raw IP goes first to the stretch is done with on another host.
    sendMany(opened, log, OTHER);
    sendMany(opened, log);
    assertLess(sentByRawIp(lab), before + MANY);
    assert(["DELAY", "PROBE", "REACHABLE"].includes(neighbourState(lab)), neighbourState(lab));
  }
});

labTest(
  "ethernet sender: packets that this machine's own packet filter drops are not sent",
  [],
  async (t) => {
    const drop = ["tcp sport 61000 counter drop"];
    await t.step("from the beginning", async () => {
      await using lab = await pairLab(drop);
      using _inside = enterNetns(lab.name("scanner"));
      using opened = await open("auto");
      const log = new PacketLog();
      for (let round = 0; round < 3; round++) {
        sendMany(opened, log);
        lookAgain();
      }
      assertEquals([log.failures.length, sentByRawIp(lab)], [3 * MANY, 3 * MANY]);
      assertEquals(new Set(log.failures.map(({ errno }) => errno)), new Set([ERRNO.EPERM]));
    });
    await t.step("from the middle on", async () => {
      await using lab = await pairLab();
      using _inside = enterNetns(lab.name("scanner"));
      using opened = await open("auto");
      const log = new PacketLog();
      sendMany(opened, log);
      lab.rules("scanner", [chain("output", drop)]);
      lookAgain();
      sendMany(opened, log);
      log.failures.length = 0;
      sendMany(opened, log);
      assertEquals(log.failures.length, MANY);
    });
  },
);

/** The sender of the packets to each host of a lab; of those by Ethernet, one now and then goes by raw IP. */
function sendersOf(lab: Lab, opened: OpenedTransport): { peer: string; other: string } {
  const log = new PacketLog();
  opened.transport.flush(log, nowMs());
  const senderTo = (destination: number) => {
    const before = sentByRawIp(lab);
    sendMany(opened, log, destination);
    const count = sentByRawIp(lab) - before;
    return count === MANY ? "raw IP" : count < MANY / 10 ? "Ethernet" : `${count} of ${MANY} by raw IP`;
  };
  const other = senderTo(OTHER);
  const senders = { peer: senderTo(PEER), other };
  assertEquals(log.failures.length, 0);
  return senders;
}

const BOTH_BY_ETHERNET = { peer: "Ethernet", other: "Ethernet" };

labTest(
  "ethernet sender: hosts that get another route are left to the kernel at once, the others not",
  [],
  async (t) => {
    for (const [moved, address] of [["peer", "10.66.1.2"], ["other", "10.66.1.3"]] as const) {
      const ways: readonly (readonly [name: string, ...changes: readonly string[]])[] = [
        ["a route", `route add ${address} via 10.66.1.9 dev peer`],
        ["a rule", "route add default via 10.66.1.9 table 100", `rule add to ${address} table 100`],
      ];
      for (const [name, ...changes] of ways) {
        await t.step(`${name} of ${moved}`, async () => {
          await using lab = await pairLab();
          const [link] = JSON.parse(lab.set("peer", ["ip", "-j", "link", "show", "scanner"]));
          lab.ip("scanner", `neigh replace 10.66.1.9 lladdr ${link.address} nud permanent dev peer`);
          using _inside = enterNetns(lab.name("scanner"));
          using opened = await open("ethernet");
          sendersOf(lab, opened);
          assertEquals(sendersOf(lab, opened), BOTH_BY_ETHERNET);
          for (const change of changes) lab.ip("scanner", change);
          assertEquals(sendersOf(lab, opened), { ...BOTH_BY_ETHERNET, [moved]: "raw IP" });
          lookAgain();
          assertEquals(sendersOf(lab, opened), { ...BOTH_BY_ETHERNET, [moved]: "raw IP" });
        });
      }
    }
  },
);

labTest("ethernet sender: changes of other routes, and to the same next hop, leave it in use", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  using opened = await open("ethernet");
  sendersOf(lab, opened);
  for (
    const change of ["route add 10.77.0.0/16 via 10.66.1.3", "route add 10.66.1.3 dev peer", "rule add to 10.9.0.0/16"]
  ) {
    lab.ip("scanner", change);
    assertEquals(sendersOf(lab, opened), BOTH_BY_ETHERNET, change);
  }
});

/** Runs ip(8) in the scanner by commands, one per line. */
function ipBatch(lab: Lab, commands: readonly string[]): void {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, commands.join("\n"));
    lab.set("scanner", ["ip", "-batch", file]);
  } finally {
    Deno.removeSync(file);
  }
}

labTest("ethernet sender: changes that may concern any host leave all to the kernel", [], async (t) => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => i);
  const changes: readonly (readonly [name: string, commands: readonly string[]])[] = [
    ["a rule without a destination", ["rule add tos 4 table 100"]],
    ["more than the kernel keeps for a reader", numbers.map((i) => `route add 10.99.${i >> 8}.${i & 255} dev peer`)],
  ];
  for (const [name, commands] of changes) {
    await t.step(name, async () => {
      await using lab = await pairLab();
      using _inside = enterNetns(lab.name("scanner"));
      using opened = await open("ethernet");
      sendersOf(lab, opened);
      assertEquals(sendersOf(lab, opened), BOTH_BY_ETHERNET);
      ipBatch(lab, commands);
      assertEquals(sendersOf(lab, opened), { peer: "raw IP", other: "raw IP" });
    });
  }
});

labTest("ethernet sender: it is not used where there are IPsec policies", [], async (t) => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  await t.step("made in the middle", async () => {
    using opened = await open("auto");
    assertEquals(opened.transport.traits.name, "ethernet");
    const log = new PacketLog();
    sendMany(opened, log);
    assertEquals(log.failures.length, 0);
    lab.ip("scanner", POLICY);
    lookAgain();
    sendMany(opened, log);
    log.failures.length = 0;
    sendMany(opened, log);
    assertEquals(log.failures.map(({ errno }) => errno), Array(MANY).fill(ERRNO.EPERM));
  });
  await t.step("there from the beginning", async () => {
    using opened = await open("auto");
    assertEquals(opened.transport.traits.name, "sendmmsg");
    assertStringIncludes(opened.notes.join("\n"), "no Ethernet sender, because this machine has IPsec policies");
    await assertRejects(
      () => open("ethernet"),
      CannotScanError,
      "Cannot send by Ethernet: this machine has IPsec policies",
    );
  });
});

/** A lane to the peer, by itself. */
function openLane(stack: DisposableStack): EthernetSender {
  const link = dumpLinks().find(({ name }) => name === "peer")!;
  const stretches = [{ first: PEER, last: PEER, gateway: undefined }];
  return stack.use(
    new EthernetSender(link, {
      ranges: stretches,
      book: IPV4_BOOK,
      constraints: {},
      maxLength: 60,
      policies: new PolicyWatch(),
    }),
  );
}

labTest("ethernet sender: nothing is sent by it while the kernel does not reply", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  using stack = new DisposableStack();
  const lane = openLane(stack);
  const served = (nowMs: number) => {
    lane.refresh(nowMs);
    lane.canSend(PEER);
    lane.sentByKernel();
    lane.kernelSendsDone();
    return lane.canSend(PEER);
  };
  assertEquals(served(0), true);
  // A closed socket gets no answer.
  lane[Symbol.dispose]();
  assertEquals(served(10_000), false);
});

labTest("ethernet sender: reads of many neighbours take little time", [], async () => {
  await using lab = await pairLab();
  const rows = Array.from(
    { length: 20_000 },
    (_, i) => `neigh add 10.99.${i >> 8}.${i & 255} lladdr 02:00:00:00:00:07 nud permanent dev peer`,
  );
  ipBatch(lab, rows);
  using _inside = enterNetns(lab.name("scanner"));
  using stack = new DisposableStack();
  const lane = openLane(stack);
  lane.refresh(performance.now());
  const beganMs = performance.now();
  let lookedMs = 0;
  let nowMs = beganMs;
  for (; nowMs - beganMs < 3000; nowMs = performance.now()) {
    lane.refresh(nowMs);
    lookedMs += performance.now() - nowMs;
    await delay(1);
  }
  assertLess(lookedMs, (nowMs - beganMs) / 10, `looked for ${lookedMs} of ${nowMs - beganMs} ms`);
  lane.canSend(PEER);
  lane.sentByKernel();
  lane.kernelSendsDone();
  assertEquals(lane.canSend(PEER), true);
});

labTest("ethernet sender: a transport that cannot be opened leaves nothing open", [], async () => {
  await using lab = await pairLab();
  using _inside = enterNetns(lab.name("scanner"));
  const targets: [number, number][] = [[PEER, PEER]];
  const reach = findRoutePlan({ targets }, IPV4_BOOK);
  const before = openFiles();
  for (const kind of ["auto", "sendto", "sendmmsg", "ethernet"] as const) {
    await assertRejects(
      () => openTransport({ targets, kind, random: 1, interfaceName: "nowhere", packets: packetNeeds(SYN) }, reach),
      Error,
      "ENODEV",
    );
    await nothingMoreIsOpen(before);
  }
  lab.ip("scanner", POLICY);
  await assertRejects(() => open("ethernet"), CannotScanError);
  await nothingMoreIsOpen(before);
});

labTest("ethernet sender: hosts that our own ARP requests found need no entry in the kernel's table", [], async () => {
  await withNeighbor(["tcp sport 61000 counter"], async (lab, opened, log) => {
    for (let round = 0; round < 3; round++) {
      sendMany(opened, log);
      await delay(300);
    }
    // The packet that asks the packet filter went to no host.
    assertEquals([log.failures.length, sentByRawIp(lab)], [0, 1]);
  });
});

labTest("ethernet sender: the packet filter is obeyed for hosts that our own ARP requests found", [], async () => {
  await withNeighbor(["tcp sport 61000 counter drop"], (lab, opened, log) => {
    sendMany(opened, log);
    assertEquals([log.failures.length, sentByRawIp(lab)], [MANY, 1 + MANY]);
  });
});
