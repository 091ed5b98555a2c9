/**
 * Facts about this machine, from a kernel that says what a test wants.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import { formatIpv6, isLinkLocal } from "../../src/wire/address6.ts";
import type { Address } from "../../ffi/netlink/family.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import type { Neighbour, NeighbourTable } from "../../ffi/netlink/neighbor.ts";
import type { RouteAnswer, Way } from "../../ffi/netlink/route.ts";
import type { InputDrops } from "../../ffi/system.ts";
import type { LocalKernel } from "../../src/local/kernel.ts";
import { HOP_ABSENT, HOP_ANSWERS, HOP_GONE, HOP_PENDING, LOCAL_FIREWALL, NO_PROBLEM } from "../../src/local/local.ts";
import { LocalMachine, type NeighborProber } from "../../src/local/machine.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { bookOfTexts } from "../../src/target/ipv6_book.ts";
import { ListBook } from "../support/list_book.ts";

const OWN = 0x0a470002;
const GATEWAY = 0x0a470001;
const OTHER_GATEWAY = 0x0a470003;
const NEIGHBOUR = 0x0a470007;
const BEYOND = 0xc0000207;

const LINK: Link = {
  index: 5,
  name: "a0",
  otherNames: [],
  type: ARPHRD_ETHER,
  up: true,
  carrier: true,
  carrierChanges: 1,
  noArp: false,
  mtu: 1500,
  hardwareAddress: new Uint8Array(6),
};

class FakeKernel implements LocalKernel {
  readonly ipv6 = { text: formatIpv6, isLinkLocal };
  canProbe = true;
  now: Link | undefined = LINK;
  gateway = GATEWAY;
  /** Requests that were sent, as addresses. */
  readonly requests: Address[] = [];
  readonly neighbours = new Map<Address, Pick<Neighbour, "state" | "confirmedAgoMs">>();
  tables: NeighbourTable[] = [];

  link(): Link | undefined {
    return this.now;
  }

  neighbour(interfaceIndex: number, address: Address): Neighbour<Address> | undefined {
    const found = this.neighbours.get(address);
    return found === undefined ? undefined : { interfaceIndex, address, ...found };
  }

  route(destination: Address): RouteAnswer {
    if (destination < BEYOND) return { type: "unicast", interfaceIndex: 5, source: OWN };
    return { type: "unicast", interfaceIndex: 5, gateway: this.gateway, source: OWN };
  }

  ways(): Way[] {
    return [];
  }

  inputDrops(): InputDrops {
    return { reversePath: 0, firewall: 0 };
  }

  hasRules(): boolean {
    return false;
  }

  addresses(): readonly Address[] {
    return [OWN];
  }

  neighbourTables(): NeighbourTable[] {
    return this.tables;
  }

  request(_link: Link, _sender: Address, target: Address): boolean {
    this.requests.push(target);
    return this.canProbe;
  }

  [Symbol.dispose](): void {}
}

/** A machine on 10.71.0.0/24 with a gateway to everything else, as it is at its first look. */
function machineWith(
  change: (kernel: FakeKernel) => void = () => {},
  prober?: NeighborProber,
): { kernel: FakeKernel; machine: LocalMachine } {
  const kernel = new FakeKernel();
  kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 0 });
  change(kernel);
  const segments = [
    { first: 0x0a470000, last: 0x0a4700ff, answer: kernel.route(NEIGHBOUR) },
    { first: BEYOND, last: BEYOND + 10, answer: kernel.route(BEYOND) },
  ];
  const indexFor = (address: number) => address < BEYOND ? 0 : 1;
  const machine = new LocalMachine(kernel, { segments, indexFor }, IPV4_BOOK, { 4: prober });
  machine.look(1000);
  return { kernel, machine };
}

function problemOf(machine: LocalMachine, host: number): string | undefined {
  return REASONS[machine.problem(host)];
}

for (
  const [what, link, reason] of [
    ["without a carrier", { ...LINK, carrier: false }, "no-carrier"],
    ["that is down", { ...LINK, up: false, carrier: false }, "interface-down"],
    ["that is gone", undefined, "interface-down"],
  ] as const
) {
  Deno.test(`local: an interface ${what} is a problem until it is back, and what was sent meanwhile counts for nothing`, () => {
    const { kernel, machine } = machineWith();
    assertEquals([machine.problem(BEYOND), machine.problem(NEIGHBOUR)], [NO_PROBLEM, NO_PROBLEM]);
    kernel.now = link;
    machine.look(1100);
    assertEquals([problemOf(machine, BEYOND), problemOf(machine, NEIGHBOUR)], [reason, reason]);
    assertEquals(machine.mayTry(BEYOND, 1100), false, "without a link nothing is found by sending");
    kernel.now = LINK;
    machine.look(1200);
    assertEquals([machine.problem(BEYOND), machine.validSince(BEYOND), machine.recoveries > 0], [
      NO_PROBLEM,
      1200,
      true,
    ]);
  });
}

Deno.test("local: a carrier that went and came between two looks is noticed", () => {
  const { kernel, machine } = machineWith();
  kernel.now = { ...LINK, carrierChanges: 3 };
  machine.look(1100);
  assertEquals([machine.problem(BEYOND), machine.validSince(BEYOND), machine.recoveries > 0], [NO_PROBLEM, 1100, true]);
});

Deno.test("local: a gateway that the kernel finds no more is a problem of what lies behind it alone", () => {
  const { kernel, machine } = machineWith();
  kernel.neighbours.set(GATEWAY, { state: "failed" });
  machine.look(1100);
  assertEquals([problemOf(machine, BEYOND), problemOf(machine, NEIGHBOUR)], ["next-hop-silent", undefined]);
  assertEquals([machine.mayTry(BEYOND, 1100), machine.mayTry(BEYOND, 1200), machine.mayTry(BEYOND, 1700)], [
    true,
    false,
    true,
  ]);
  // The kernel tries anew, and does not know yet.
  kernel.neighbours.set(GATEWAY, { state: "incomplete" });
  machine.look(1800);
  assertEquals(problemOf(machine, BEYOND), "next-hop-silent");
  kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 0 });
  machine.look(1900);
  assertEquals([machine.problem(BEYOND), machine.validSince(BEYOND)], [NO_PROBLEM, 1900]);
});

Deno.test("local: another gateway that has taken over is used", () => {
  const { kernel, machine } = machineWith();
  kernel.neighbours.set(GATEWAY, { state: "failed" });
  kernel.gateway = OTHER_GATEWAY;
  machine.look(1100);
  machine.look(1200);
  assertEquals(machine.problem(BEYOND), NO_PROBLEM);
});

Deno.test("local: a gateway that is first looked for is no problem before a second has passed", () => {
  const { kernel, machine } = machineWith((kernel) => kernel.neighbours.set(GATEWAY, { state: "incomplete" }));
  for (let nowMs = 1050; nowMs < 2000; nowMs += 50) machine.look(nowMs);
  assertEquals(machine.problem(BEYOND), NO_PROBLEM);
  for (let nowMs = 2000; nowMs < 2300; nowMs += 50) machine.look(nowMs);
  assertEquals(problemOf(machine, BEYOND), "next-hop-silent");
  kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 0 });
  machine.look(2400);
  assertEquals(machine.problem(BEYOND), NO_PROBLEM);
});

Deno.test("local: silence behind a gateway counts once the gateway has answered since", () => {
  const { kernel, machine } = machineWith((kernel) =>
    kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 20_000 })
  );
  assertEquals(machine.confirm(BEYOND, 1100, 1200), HOP_PENDING);
  assertEquals(kernel.requests, [GATEWAY]);
  kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 10 });
  assertEquals(machine.confirm(BEYOND, 1100, 1220), HOP_ANSWERS);
  assertEquals(kernel.requests, [GATEWAY], "known by now");
});

Deno.test("local: a gateway that the kernel still trusts, and that answers no ARP request, is silent", () => {
  const { kernel, machine } = machineWith((kernel) =>
    kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 20_000 })
  );
  for (let nowMs = 1100; nowMs < 3000; nowMs += 20) {
    // The age of what the kernel knows grows as time passes.
    kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 20_000 + nowMs - 1000 });
    assertEquals(machine.confirm(BEYOND, 1050, nowMs), HOP_PENDING);
  }
  assertEquals(problemOf(machine, BEYOND), "next-hop-silent");
  machine.notProbed(BEYOND, machine.problem(BEYOND));
  assertEquals(machine.report(() => false, false).notProbed, [["The next hop 10.71.0.1 on a0 does not answer", 1]]);
});

for (
  const [state, seen, hop] of [["failed", 0, HOP_ABSENT], ["incomplete", 0, HOP_PENDING], [
    "failed",
    1,
    HOP_GONE,
  ]] as const
) {
  Deno.test(`local: a neighbour that is ${state}${seen ? ", and answered before" : ""}`, () => {
    const { kernel, machine } = machineWith();
    if (seen) {
      kernel.neighbours.set(NEIGHBOUR, { state: "reachable", confirmedAgoMs: 0 });
      assertEquals(machine.confirm(NEIGHBOUR, 1000, 1200), HOP_ANSWERS);
    }
    kernel.neighbours.set(NEIGHBOUR, { state });
    assertEquals(machine.confirm(NEIGHBOUR, 1500, 1600), hop);
  });
}

Deno.test("local: a neighbour that answers ARP and nothing else is told apart from one that is not there", () => {
  const { kernel, machine } = machineWith();
  kernel.neighbours.set(NEIGHBOUR, { state: "reachable", confirmedAgoMs: 0 });
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1200), HOP_ANSWERS);
  machine.noReply(NEIGHBOUR);
  machine.unreachable(NEIGHBOUR + 1, 80, undefined, 1200);
  assertEquals([...machine.report(() => false, false).silent], [NEIGHBOUR]);
  assertEquals(machine.report(() => true, false).silent.length, 0);
});

Deno.test("local: an error before the kernel has looked for a neighbour is no sign of its absence", () => {
  for (const state of [undefined, "failed"] as const) {
    const { kernel, machine } = machineWith();
    assertEquals(machine.resolve(NEIGHBOUR, 1000), HOP_ANSWERS);
    if (state !== undefined) kernel.neighbours.set(NEIGHBOUR, { state });
    const why = machine.unreachable(NEIGHBOUR, 80, undefined, 1001);
    machine.look(1002);
    // The next port's probe makes the kernel look for it.
    const next = machine.resolve(NEIGHBOUR, 1003);
    assertEquals([why, next], state === undefined ? [LOCAL_FIREWALL, HOP_ANSWERS] : [NO_PROBLEM, HOP_ABSENT]);
  }
});

Deno.test("local: without the right to send ARP requests, the kernel is waited for while it finds out, and then believed", () => {
  const { kernel, machine } = machineWith((kernel) => kernel.canProbe = false);
  kernel.neighbours.set(GATEWAY, { state: "probe", confirmedAgoMs: 20_000 });
  assertEquals(machine.confirm(BEYOND, 1100, 1200), HOP_PENDING);
  kernel.neighbours.set(GATEWAY, { state: "stale", confirmedAgoMs: 20_000 });
  assertEquals(machine.confirm(BEYOND, 1100, 1600), HOP_ANSWERS);
});

/** Looks until `untilMs`; returns how often an address was resolved, or not. */
function lookUntil(machine: LocalMachine, fromMs: number, untilMs: number): number {
  const before = machine.resolutions;
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs++) machine.look(nowMs);
  return machine.resolutions - before;
}

Deno.test("local: one probe resolves an address on an own link, the others wait for it", () => {
  const { kernel, machine } = machineWith();
  // The state of an earlier attempt does not count.
  kernel.neighbours.set(NEIGHBOUR, { state: "failed" });
  assertEquals([machine.resolve(NEIGHBOUR, 1000), machine.resolve(NEIGHBOUR, 1000)], [HOP_ANSWERS, HOP_PENDING]);
  kernel.neighbours.set(NEIGHBOUR, { state: "incomplete" });
  assertEquals([lookUntil(machine, 1000, 1500), machine.resolve(NEIGHBOUR, 1500)], [0, HOP_PENDING]);
  assertEquals(kernel.requests.length, 2, "ARP requests beside the kernel's own");
  kernel.neighbours.set(NEIGHBOUR, { state: "reachable", confirmedAgoMs: 0 });
  assertEquals([lookUntil(machine, 1500, 1600), machine.resolve(NEIGHBOUR, 1600)], [1, HOP_ANSWERS]);
  assertEquals(machine.resolve(NEIGHBOUR, 1600), HOP_ANSWERS);
  assertEquals(machine.resolve(BEYOND, 1600), HOP_ANSWERS, "a gateway is looked after elsewhere");
});

Deno.test("local: an address that was not resolved is absent, and is probed again a minute later", () => {
  const { kernel, machine } = machineWith();
  assertEquals(machine.resolve(NEIGHBOUR, 1000), HOP_ANSWERS);
  kernel.neighbours.set(NEIGHBOUR, { state: "failed" });
  assertEquals([lookUntil(machine, 1001, 1100), machine.resolve(NEIGHBOUR, 1100)], [1, HOP_ABSENT]);
  assertEquals([machine.resolve(NEIGHBOUR, 61_000), machine.resolve(NEIGHBOUR, 61_000)], [HOP_ANSWERS, HOP_ABSENT]);
  kernel.neighbours.set(NEIGHBOUR, { state: "reachable", confirmedAgoMs: 0 });
  assertEquals([lookUntil(machine, 61_000, 61_100), machine.resolve(NEIGHBOUR, 61_100)], [1, HOP_ANSWERS]);
});

Deno.test("local: an address that the kernel has no entry for is probed again", () => {
  const { machine } = machineWith();
  assertEquals([machine.resolve(NEIGHBOUR, 1000), machine.resolve(NEIGHBOUR, 1000)], [HOP_ANSWERS, HOP_PENDING]);
  assertEquals(lookUntil(machine, 1000, 5100), 1);
  assertEquals([machine.resolve(NEIGHBOUR, 5100), machine.resolve(NEIGHBOUR, 5100)], [HOP_ANSWERS, HOP_PENDING]);
});

Deno.test("local: ICMP errors of this machine are told from those of others", () => {
  const { machine } = machineWith();
  assertEquals(machine.isLocalError(BEYOND, OWN), true);
  assertEquals(machine.isLocalError(BEYOND, 0x7f000001), true);
  assertEquals(machine.isLocalError(BEYOND, GATEWAY), false);
  assertEquals(machine.isLocalError(OWN, OWN), false, "this machine is what is scanned");
  // Without a sender, only an error about an own link must be this machine's.
  assertEquals([machine.isLocalError(NEIGHBOUR, 0), machine.isLocalError(BEYOND, 0)], [true, false]);
  assertEquals([OWN, 0x7f000001, NEIGHBOUR, GATEWAY, BEYOND].map((host) => machine.isOwn(host)), [
    ...[true, true, false, false, false],
  ]);
});

Deno.test("local: hosts are known by the numbers of any address book, and looked up by their addresses", () => {
  const book = new ListBook([OWN, NEIGHBOUR, BEYOND, BEYOND + 10]);
  const [own, neighbour, beyond] = [book.find(OWN), book.find(NEIGHBOUR), book.find(BEYOND)];
  const kernel = new FakeKernel();
  kernel.neighbours.set(GATEWAY, { state: "reachable", confirmedAgoMs: 0 });
  const segments = [
    { first: own, last: neighbour, answer: kernel.route(NEIGHBOUR) },
    { first: beyond, last: beyond + 1, answer: kernel.route(BEYOND) },
  ];
  const machine = new LocalMachine(kernel, { segments, indexFor: (host) => host < beyond ? 0 : 1 }, book);
  machine.look(1000);
  assertEquals([machine.resolve(neighbour, 1000), machine.resolve(neighbour, 1000)], [HOP_ANSWERS, HOP_PENDING]);
  kernel.neighbours.set(NEIGHBOUR, { state: "incomplete" });
  lookUntil(machine, 1000, 1200);
  assertEquals(new Set(kernel.requests), new Set([NEIGHBOUR]));
  kernel.neighbours.set(NEIGHBOUR, { state: "reachable", confirmedAgoMs: 0 });
  assertEquals([lookUntil(machine, 1200, 1300), machine.resolve(neighbour, 1300)], [1, HOP_ANSWERS]);
  machine.noReply(neighbour);
  assertEquals([...machine.report(() => false, false).silent], [neighbour]);
  assertEquals([...machine.report((host) => host === neighbour, false).silent], []);
  assertEquals([own, book.sender(0x7f000001), book.sender(GATEWAY)].map((from) => machine.isLocalError(beyond, from)), [
    ...[true, true, false],
  ]);
  assertEquals(machine.isLocalError(own, own), false, "this machine is what is scanned");
});

for (
  const [name, ips, families] of [["IPv4", ["10.71.0.7"], [4]], ["IPv6", ["fd64::7"], [6]], ["mixed", [
    "10.71.0.7",
    "fd64::7",
  ], [4, 6]]] as const
) {
  Deno.test(`local: a table of neighbours that was full at any time of the scan is named, if packets had to wait, ${name}`, () => {
    const book = bookOfTexts(ips);
    const segments = ips.map((ip) => ({
      ...{ first: book.hostOf(ip), last: book.hostOf(ip) },
      answer: { type: "unicast", interfaceIndex: 5 } as const,
    }));
    const tables = (overflows: number): NeighbourTable[] => [
      { family: 4, limit: 1024, overflows },
      { family: 6, limit: 2048, overflows },
    ];
    const notes = (before: NeighbourTable[], after: NeighbourTable[], hasWaited: boolean) => {
      const kernel = new FakeKernel();
      const indexFor = (host: number) => segments.findIndex(({ first }) => first === host);
      const machine = new LocalMachine(kernel, { segments, indexFor }, book);
      kernel.tables = before;
      machine.look(1000);
      kernel.tables = after;
      return machine.report(() => false, hasWaited).notes;
    };
    assertEquals(notes(tables(7), tables(7), true), [], "the table was full before the scan");
    assertEquals(notes(tables(7), tables(8), false), [], "others filled it");
    assertEquals(notes([], tables(8), true), []);
    assertEquals(
      notes(tables(7), tables(8), true),
      families.map((family) =>
        `The kernel's table of neighbours was full (net.ipv${family}.neigh.default.gc_thresh3 = ${
          family === 4 ? 1024 : 2048
        }): addresses on own links had to wait for room in it`
      ),
    );
  });
}

/** Hosts that reply to ARP requests of our own, as long as they are in `present`. */
class FakeProber implements NeighborProber {
  readonly present = new Set([NEIGHBOUR]);
  readonly requests: Address[] = [];
  moves = 0;
  #replies = 1;

  isKnown(host: number): boolean {
    return host === NEIGHBOUR;
  }

  request(host: number): boolean {
    this.requests.push(host);
    if (this.present.has(host)) this.#replies++;
    return true;
  }

  lastReplyMs(): number {
    return this.#replies;
  }
}

Deno.test("local: a host on an own link that replies to requests of our own is there, without a look at the kernel's table", () => {
  const prober = new FakeProber();
  const { machine, kernel } = machineWith(() => {}, prober);
  assertEquals(machine.resolve(NEIGHBOUR, 100), HOP_ANSWERS);
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1100), HOP_PENDING);
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1110), HOP_ANSWERS);
  // What was silent later needs another reply.
  assertEquals(machine.confirm(NEIGHBOUR, 1200, 1300), HOP_PENDING);
  assertEquals(machine.confirm(NEIGHBOUR, 1200, 1301), HOP_ANSWERS);
  assertEquals([prober.requests.length, kernel.requests.length], [2, 0]);
});

Deno.test("local: what was sent before a host had its present hardware address shows nothing", () => {
  const prober = new FakeProber();
  const { machine } = machineWith(() => {}, prober);
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1100), HOP_PENDING);
  prober.moves++;
  assertEquals([machine.validSince(NEIGHBOUR), machine.recoveries], [0, 0]);
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1110), HOP_PENDING);
  assertEquals([machine.validSince(NEIGHBOUR), machine.recoveries], [1110, 1]);
  assertEquals(machine.confirm(NEIGHBOUR, 1000, 1120), HOP_ANSWERS);
});

Deno.test("local: a host on an own link that no longer replies to requests of our own is gone", () => {
  const prober = new FakeProber();
  prober.present.clear();
  const { machine } = machineWith(() => {}, prober);
  const states = new Set<number>();
  let nowMs = 1100;
  for (; nowMs < 3000; nowMs += 10) states.add(machine.confirm(NEIGHBOUR, 1000, nowMs));
  assertEquals([[...states], prober.requests.length], [[HOP_PENDING, HOP_GONE], 4]);
});

Deno.test("local: while a pass asks for hardware addresses, nothing else does", () => {
  const prober = new FakeProber();
  const { machine, kernel } = machineWith(() => {}, prober);
  machine.isResolving = true;
  const other = NEIGHBOUR + 1;
  assertEquals([machine.resolve(other, 100), machine.confirm(other, 50, 2000)], [HOP_ANSWERS, HOP_ANSWERS]);
  assertEquals([prober.requests.length, kernel.requests.length], [0, 0]);
});
