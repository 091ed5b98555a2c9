/**
 * A simulated network behind the transport interface: hosts that answer as they are told, over both versions of IP, with loss, delay,
 * duplicates, forged replies, capped answers and outages, on a virtual clock. A whole bad-network conditions scan is one deterministic
 * test on it, packets, checksums and all.
 *
 * @module
 */

import type { ManualClock } from "./clock.ts";
import {
  mssOption,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
  tcpDestinationPort,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
} from "../../src/wire/tcp.ts";
import { PROTOCOL_TCP } from "../../src/wire/ipv4.ts";
import { type Family, familyOfPacket, type QuotedProbe, type SimIp, simIp, TIME_IS_OVER } from "./sim_ip.ts";
import type { PacketSink, Transport, TransportCounters, TransportTraits } from "../../src/transport/transport.ts";

/**
 * A simulated port's behaviour on a SYN: one of these, or a code of ICMP's destination unreachable as `SIM_ICMP + code` or `SIM_REJECT + code`.
 * Echo requests, and requests for its hardware address, are answered by a host whose port {@linkcode SIM_HOST} is open or closed.
 */
export const SIM_OPEN = 0;
/** Answers with a RST. */
export const SIM_CLOSED = 1;
/** Does not answer. */
export const SIM_DROPPED = 2;
/** Answers with a SYN of its own (simultaneous open). */
export const SIM_SYN = 3;
/** Answers with a SYN-ACK as SYN proxies send it: window 0, no options. */
export const SIM_PROXY = 4;
/** Answers with a RST that acknowledges nothing, and gives the probe's number back as it was. */
export const SIM_CLOSED_BARE = 5;
/** Answers with a SYN-ACK as old stacks send it: no options, window 2048. */
export const SIM_OLD_STACK = 6;
/** Answers with an ACK of another connection until a RST has ended that; then it is open. */
export const SIM_LEFT_OVER = 11;
/** Answers with a SYN-ACK of another number until a RST has had that, as protection against SYN floods does; then it is open. */
export const SIM_CHALLENGE = 115;
/** Acknowledges the SYN with FIN and without SYN, as a proxy does that could not connect. */
export const SIM_FIN_ACK = 12;
/** Answers with a RST as user-mode stacks send it: with a window. */
export const SIM_USER_CLOSED = 7;
/** Answers a segment with ACK with a RST that has its acknowledgment number (RFC 9293 section 3.10.7.1); no behaviour of a port. */
const SIM_RESET_ACK = 13;
/** Answers with a SYN-ACK as Linux sends it to a SYN with Windows' options. */
export const SIM_LINUX = 14;
/** Answers with a SYN-ACK as lwIP sends it; its time to live is 255. */
export const SIM_LWIP = 15;
/** A router answers with an ICMP destination unreachable of the code that is added to this. */
export const SIM_ICMP = 16;
/** The host itself does. */
export const SIM_REJECT = 48;

/** In place of a port, the host itself. */
export const SIM_HOST = 0;

/** Behaviours of ports that are open, and of those that are closed. */
export const OPEN_KINDS: readonly number[] = [
  ...[SIM_OPEN, SIM_SYN, SIM_LEFT_OVER, SIM_CHALLENGE, SIM_PROXY, SIM_OLD_STACK, SIM_LINUX, SIM_LWIP],
];
export const CLOSED_KINDS: readonly number[] = [SIM_CLOSED, SIM_CLOSED_BARE, SIM_USER_CLOSED];

/** The cap of a simulated host on its replies. */
export interface SimCap {
  /** Answers a second at most. */
  readonly perSecond: number;
  /** Answers that may be saved up (a token bucket, as Linux and nftables have it). */
  readonly burst: number;
  /** Counts anew each second instead, as BSD does: so many answers, then none until the second is over. */
  readonly bySecond?: boolean;
}

/** The network conditions of a simulated network. Times are milliseconds of its clock, shares are 0 to 1. */
export interface NetworkConditions {
  /** Returns the behaviour of a host's port. */
  readonly port: (host: number, port: number) => number;
  /** Returns the behaviour by which something on the path takes the place of a port at a time; undefined where nothing does. */
  readonly instead?: (host: number, port: number, nowMs: number) => number | undefined;
  /** True for a host that resets segments without a SYN at open ports too. */
  readonly resetsAll?: (host: number) => boolean;
  /** Time to live of a host's replies; 57 if not given. */
  readonly ttl?: (host: number, port: number) => number;
  /** Returns the routers on the way to a host, nearest first; 0 for one that sends no errors. */
  readonly routers?: (host: number) => readonly number[];
  /** Returns the number of routers that probes of a port pass before they are dropped; undefined where they are not. */
  readonly dropsAfter?: (host: number, port: number) => number | undefined;
  /** True where hosts answer a probe with a time to live of 1, as a proxy does in front of the first router. */
  readonly answersNear?: boolean;
  /** Share of packets lost on the way out. */
  readonly lossOut?: number;
  /** Share of packets lost on the way back. */
  readonly lossBack?: number;
  /** The shortest round trip; 1 if not given. */
  readonly delayMs?: number;
  /** The most that is added to a round trip; replies overtake each other. 0 if not given. */
  readonly jitterMs?: number;
  /** Packets can be read so many milliseconds after the last that could, as a kernel hands them over by the block; at once if not given. */
  readonly blockMs?: number;
  /** Returns the further time that a host takes to reply; 0 if not given. */
  readonly slowMs?: (host: number) => number;
  /** From when to when the sender's own kernel has no room for a packet. */
  readonly noRoom?: readonly (readonly [fromMs: number, untilMs: number])[];
  /** A second reply of a port to each SYN, and its delay after the first in milliseconds. */
  readonly alsoAnswers?: (host: number, port: number) => { readonly as: number; readonly afterMs: number } | undefined;
  /** Share of answers that come twice. */
  readonly duplicates?: number;
  /** The number of forged replies that come with each probe: a SYN-ACK, RST or ICMP error that has not seen it. */
  readonly forged?: number;
  /** Returns the cap of a host on its replies (RSTs and ICMP errors; SYN-ACKs are not capped), if it has one. */
  readonly answerCap?: (host: number) => SimCap | undefined;
  /** Packets a second that the path carries; more is lost. */
  readonly bottleneckPps?: number;
  /** From when to when nothing gets through. */
  readonly outages?: readonly (readonly [fromMs: number, untilMs: number])[];
  /** From when to when the sender's own kernel refuses to send, and with which errno. */
  readonly refusals?: readonly { readonly fromMs: number; readonly untilMs: number; readonly errno: number }[];
  /** The time that sending one packet takes on the clock; 0 if not given. */
  readonly sendMs?: number;
  /** Seeds the network conditions. */
  readonly seed?: number;
}

/** The time that a port keeps a half-open connection without a RST; 1 s is when Linux repeats its SYN-ACK. */
const HALF_OPEN_MS = 1000;
/** The offsets of identifier and data in an echo request. */
const ECHO_ID = 4;
const ECHO_DATA = 8;
const BATCH = 64;
const SLOT_LEN = 96;
const RECEIVE_BATCH = 1024;
const PACKET_LEN = 160;
const ROUTER = 0x0afffffe;
const MSS = mssOption(1460);
const LINUX_OPTIONS = Uint8Array.of(...MSS, 1, 1, 4, 2, 1, 3, 3, 7);
const LWIP_OPTIONS = Uint8Array.of(...MSS, 1, 3, 3, 1);
/** The clock that a burst larger than the bottleneck's queue would need, in milliseconds. */
const BOTTLENECK_QUEUE_MS = 20;

/** Kinds of forged reply, after those of {@linkcode SIM_OPEN} and so on. */
const FORGED_SYN_ACK = 8;
const FORGED_RST = 9;
const FORGED_ICMP = 10;
/** Forged as well, and genuine: the reply to an echo request. */
const FORGED_ECHO_REPLY = 112;
const ECHO_REPLY = 113;
/** The reply to an ARP request or a neighbor solicitation. */
const NEIGHBOR = 114;
/** A router drops the probe because its time to live is over. */
const TIME_EXCEEDED = 47;
/** The time to live is over at the router at the distance that is added to this. */
const EXPIRED = 128;

/** TCP replies: the acknowledgment in terms of the probe's sequence number, flags, window and options. */
const TCP_REPLIES: Readonly<
  Record<number, readonly [ack: "next" | "same" | "random", flags: number, window: number, options?: Uint8Array]>
> = {
  [SIM_OPEN]: ["next", TCP_SYN | TCP_ACK, 64240, MSS],
  [SIM_LINUX]: ["next", TCP_SYN | TCP_ACK, 64240, LINUX_OPTIONS],
  [SIM_LWIP]: ["next", TCP_SYN | TCP_ACK, 65535, LWIP_OPTIONS],
  [SIM_FIN_ACK]: ["next", TCP_FIN | TCP_ACK, 0],
  [SIM_PROXY]: ["next", TCP_SYN | TCP_ACK, 0],
  [SIM_USER_CLOSED]: ["next", TCP_RST | TCP_ACK, 65535],
  [SIM_OLD_STACK]: ["next", TCP_SYN | TCP_ACK, 2048],
  [SIM_CLOSED_BARE]: ["same", TCP_RST, 0],
  [SIM_CLOSED]: ["next", TCP_RST | TCP_ACK, 0],
  [FORGED_SYN_ACK]: ["random", TCP_SYN | TCP_ACK, 64240, MSS],
  [FORGED_RST]: ["random", TCP_RST | TCP_ACK, 0],
};

/** A {@linkcode Transport} to a simulated network. */
export class SimNetwork implements Transport {
  readonly traits: TransportTraits = {
    name: "simulated",
    batch: BATCH,
    receiveBatch: RECEIVE_BATCH,
  };
  readonly counters: TransportCounters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly slots: DataView = new DataView(new ArrayBuffer(BATCH * SLOT_LEN));
  /** RSTs that were sent in answer to a SYN-ACK. */
  resets = 0;
  /** SYNs that were sent. */
  syns = 0;

  readonly #clock: ManualClock;
  readonly #conditions: NetworkConditions;
  readonly #packet = new DataView(new ArrayBuffer(PACKET_LEN));
  readonly #lengths = new Uint16Array(BATCH);
  readonly #ids = new Int32Array(BATCH);
  readonly #arrivals = new Arrivals();
  /** The probe that is taken, filled in place: scans of millions of hosts would measure the memory of this network otherwise. */
  readonly #probe: { -readonly [K in keyof SimProbe]: SimProbe[K] } = {
    ...{ family: 4, host: 0, port: 0, own: 0, ownPort: 0, isEcho: false },
  };
  /** Until when a port waits for the end of a handshake, and the number of the SYN that began it. */
  readonly #halfOpen = new Map<string, { readonly seq: number; readonly untilMs: number }>();
  /** The numbers that connections left over from before have acknowledged, and -1 for those that were reset. */
  readonly #leftOver = new Map<string, number>();
  readonly #buckets: Map<number, { tokens: number; atMs: number }>;
  #committed = 0;
  #random: number;
  #pathFreeAt = 0;

  /** `peer` is the network of another scanner: hosts cap their replies to both together. */
  constructor(clock: ManualClock, conditions: NetworkConditions, peer?: SimNetwork) {
    this.#clock = clock;
    this.#conditions = conditions;
    this.#buckets = peer === undefined ? new Map() : peer.#buckets;
    this.#random = (conditions.seed ?? 1) | 0;
  }

  /** When the next packet can be read; Infinity if none is under way. */
  get nextArrivalAt(): number {
    const { blockMs } = this.#conditions;
    const atMs = this.#arrivals.nextAt();
    return blockMs === undefined ? atMs : Math.ceil(atMs / blockMs) * blockMs;
  }

  reserve(): number {
    return this.#committed < BATCH ? this.#committed * SLOT_LEN : -1;
  }

  commit(length: number, id = -1): void {
    this.#ids[this.#committed] = id;
    this.#lengths[this.#committed++] = length;
  }

  flush(sink: PacketSink): number {
    const count = this.#committed;
    const beganMs = this.#clock.now();
    if (count > 0 && this.#conditions.noRoom?.some(([fromMs, untilMs]) => beganMs >= fromMs && beganMs < untilMs)) {
      this.counters.sendRetries++;
      return count;
    }
    this.#committed = 0;
    for (let i = 0; i < count; i++) {
      const nowMs = this.#clock.now();
      const refusal = this.#conditions.refusals?.find(({ fromMs, untilMs }) => nowMs >= fromMs && nowMs < untilMs);
      if (refusal !== undefined) {
        sink.sendFailed(this.slots, i * SLOT_LEN, this.#lengths[i]!, refusal.errno, this.#ids[i]!);
        continue;
      }
      this.counters.sent++;
      if (this.#ids[i]! >= 0) sink.sent(this.#ids[i]!, nowMs);
      if (this.#conditions.sendMs !== undefined) this.#clock.advanceTo(nowMs + this.#conditions.sendMs);
      this.#take(i * SLOT_LEN, nowMs);
    }
    return 0;
  }

  receive(sink: PacketSink): number {
    const nowMs = this.#clock.now();
    let count = 0;
    while (count < RECEIVE_BATCH && this.nextArrivalAt <= nowMs) {
      const atMs = this.#arrivals.nextAt();
      const length = this.#write(this.#arrivals);
      this.#arrivals.pop();
      this.counters.received++;
      count++;
      sink.packet(this.#packet, 0, length, atMs);
    }
    return count;
  }

  wait(timeoutMs: number): Promise<void> {
    const nowMs = this.#clock.now();
    this.#clock.advanceTo(Math.min(nowMs + timeoutMs, Math.max(nowMs, this.nextArrivalAt)));
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}

  /** Probes with a time to live of 1. */
  nearSyns = 0;

  /** A packet leaves: what comes back, and when? */
  #take(at: number, nowMs: number): void {
    const family = familyOfPacket(this.slots, at);
    const ip = simIp(family);
    const solicitation = ip.solicitation(this.slots, at);
    if (solicitation !== undefined) {
      this.#takeSolicitation({ family, ...solicitation, port: SIM_HOST, ownPort: 0, isEcho: false }, nowMs);
      return;
    }
    if (!ip.isIntact(this.slots, at)) return;
    const upperAt = at + ip.headerLen;
    const conditions = this.#conditions;
    const host = ip.destination(this.slots, at);
    const isEcho = ip.protocol(this.slots, at) !== PROTOCOL_TCP;
    const port = isEcho ? SIM_HOST : tcpDestinationPort(this.slots, upperAt);
    const ownPort = isEcho ? this.slots.getUint16(upperAt + ECHO_ID) : tcpSourcePort(this.slots, upperAt);
    const seq = isEcho ? this.slots.getUint32(upperAt + ECHO_DATA) : tcpSeq(this.slots, upperAt);
    const flags = isEcho ? 0 : tcpFlags(this.slots, upperAt);
    const probe = this.#probe;
    probe.family = family;
    probe.host = host;
    probe.port = port;
    probe.own = ip.source(this.slots, at);
    probe.ownPort = ownPort;
    probe.isEcho = isEcho;
    if ((flags & TCP_RST) !== 0) {
      this.resets++;
      this.#end(probe, seq);
      return;
    }
    if (flags === TCP_SYN) this.syns++;
    const hopLimit = ip.ttl(this.slots, at);
    if (hopLimit === 1) this.nearSyns++;
    const delayMs = this.#delayMs(host);
    for (let i = 0; i < (conditions.forged ?? 0); i++) {
      const forged = !isEcho ? FORGED_SYN_ACK + i % 3 : i % 2 === 0 ? FORGED_ECHO_REPLY : FORGED_ICMP;
      this.#arrivals.push(nowMs + this.#share() * delayMs, probe, seq, forged);
    }
    if (!this.#passes(nowMs)) return;
    const routers = conditions.routers?.(host);
    if (routers !== undefined) {
      const dropsAfter = conditions.dropsAfter?.(host, port) ?? Infinity;
      if (hopLimit > dropsAfter || hopLimit <= routers.length && routers[hopLimit - 1] === 0) return;
      if (hopLimit <= routers.length) {
        const isSent = this.#mayAnswer(routers[hopLimit - 1]!, nowMs) && !this.#lost(conditions.lossBack);
        if (isSent) this.#arrivals.push(nowMs + delayMs, probe, seq, EXPIRED + hopLimit);
        return;
      }
      if (dropsAfter !== Infinity) return;
    }
    const isNear = routers === undefined && hopLimit === 1 && conditions.answersNear !== true;
    const kind = conditions.instead?.(host, port, nowMs) ?? conditions.port(host, port);
    const behaviour = isNear
      ? TIME_EXCEEDED
      : isEcho
      ? isThere(kind) ? ECHO_REPLY : kind
      : flags === TCP_SYN
      ? kind
      : this.#behaviourOn(flags, kind, conditions.resetsAll?.(host) === true);
    // What a RST acknowledges: SYN and FIN take up a number each.
    const answered = behaviour === SIM_CLOSED && (flags & (TCP_SYN | TCP_FIN)) === 0 ? (seq - 1) >>> 0 : seq;
    const also = conditions.alsoAnswers?.(host, port);
    if (also !== undefined) this.#arrivals.push(nowMs + delayMs + also.afterMs, probe, seq, also.as);
    if (behaviour === SIM_DROPPED) return;
    const capped = behaviour === SIM_CLOSED || behaviour === SIM_RESET_ACK || behaviour === SIM_CLOSED_BARE ||
      behaviour >= SIM_ICMP && behaviour !== ECHO_REPLY;
    if (capped && !this.#mayAnswer(host, nowMs)) return;
    if (this.#lost(conditions.lossBack)) return;
    // A SYN-ACK that is lost is forgotten here; a real host would repeat it.
    if (behaviour === SIM_OPEN && !this.#begins(`${portOf(probe)} ${ownPort}`, seq, nowMs)) return;
    this.#reply(probe, nowMs, delayMs, answered, behaviour);
  }

  /** Takes an ARP request or a neighbor solicitation: no router replies in the place of a host. */
  #takeSolicitation(probe: SimProbe, nowMs: number): void {
    const { lossBack, port } = this.#conditions;
    const delayMs = this.#delayMs(probe.host);
    if (!this.#passes(nowMs) || !isThere(port(probe.host, SIM_HOST)) || this.#lost(lossBack)) return;
    this.#reply(probe, nowMs, delayMs, 0, NEIGHBOR);
  }

  #reply(probe: SimProbe, nowMs: number, delayMs: number, seq: number, behaviour: number): void {
    const { duplicates } = this.#conditions;
    this.#arrivals.push(nowMs + delayMs, probe, seq, behaviour);
    if (duplicates && this.#share() < duplicates) {
      this.#arrivals.push(nowMs + delayMs * (1 + this.#share()), probe, seq, behaviour);
    }
  }

  #delayMs(host: number): number {
    const { delayMs = 1, jitterMs, slowMs } = this.#conditions;
    return delayMs + (jitterMs ? this.#share() * jitterMs : 0) + (slowMs?.(host) ?? 0);
  }

  /** True for a packet that reaches the hosts. */
  #passes(nowMs: number): boolean {
    const { lossOut, outages } = this.#conditions;
    if (this.#lost(lossOut) || this.#congested(nowMs)) return false;
    return outages?.some(([from, until]) => nowMs >= from && nowMs < until) !== true;
  }

  /** The behaviour of a port on a segment that is no SYN (RFC 9293 section 3.10.7): an open one ignores it, unless it has ACK. */
  #behaviourOn(flags: number, kind: number, resetsAll: boolean): number {
    const isOpen = OPEN_KINDS.includes(kind);
    if (!isOpen && !CLOSED_KINDS.includes(kind)) return kind;
    if ((flags & TCP_ACK) !== 0) return SIM_RESET_ACK;
    return isOpen ? resetsAll ? SIM_CLOSED : SIM_DROPPED : kind;
  }

  /** True where a SYN begins a handshake; one under way is left to its end (RFC 9293 section 3.10.7.4). */
  #begins(connection: string, seq: number, nowMs: number): boolean {
    const before = this.#halfOpen.get(connection);
    if (before !== undefined && before.untilMs > nowMs && before.seq !== seq) return false;
    this.#halfOpen.set(connection, { seq, untilMs: nowMs + HALF_OPEN_MS });
    return true;
  }

  /** Takes a RST. Texts are made only where there are connections: millions of them would stay until V8 looks for garbage. */
  #end(probe: SimProbe, seq: number): void {
    if (this.#leftOver.size === 0 && this.#halfOpen.size === 0) return;
    const connection = portOf(probe);
    if (this.#leftOver.get(connection) === seq) this.#leftOver.set(connection, -1);
    this.#halfOpen.delete(`${connection} ${probe.ownPort}`);
  }

  #lost(share: number | undefined): boolean {
    return share !== undefined && share > 0 && this.#share() < share;
  }

  #congested(nowMs: number): boolean {
    const pps = this.#conditions.bottleneckPps;
    if (pps === undefined) return false;
    this.#pathFreeAt = Math.max(this.#pathFreeAt, nowMs);
    if (this.#pathFreeAt - nowMs > BOTTLENECK_QUEUE_MS) return true;
    // Other traffic makes the time that a packet takes vary.
    this.#pathFreeAt += 1000 / pps * (0.5 + this.#share());
    return false;
  }

  #mayAnswer(host: number, nowMs: number): boolean {
    const cap = this.#conditions.answerCap?.(host);
    if (cap === undefined) return true;
    let bucket = this.#buckets.get(host);
    if (bucket === undefined) {
      bucket = { tokens: cap.bySecond ? cap.perSecond : cap.burst, atMs: nowMs };
      this.#buckets.set(host, bucket);
    }
    if (cap.bySecond) {
      if (nowMs - bucket.atMs >= 1000) {
        bucket.tokens = cap.perSecond;
        bucket.atMs = nowMs;
      }
    } else {
      bucket.tokens = Math.min(cap.burst, bucket.tokens + (nowMs - bucket.atMs) * cap.perSecond / 1000);
      bucket.atMs = nowMs;
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  /** Writes the packet that arrives next; returns its length. */
  #write(next: Arrivals): number {
    const { seq, behaviour } = next;
    if (behaviour === SIM_LEFT_OVER || behaviour === SIM_CHALLENGE) {
      const connection = portOf(next);
      const acknowledged = this.#leftOver.get(connection) ?? this.#u32();
      if (acknowledged < 0) return this.#writeTcp(next, seq + 1, TCP_SYN | TCP_ACK, 64240, MSS);
      this.#leftOver.set(connection, acknowledged);
      if (behaviour === SIM_LEFT_OVER) return this.#writeTcp(next, acknowledged, TCP_ACK, 501);
      return this.#writeTcp(next, acknowledged, TCP_SYN | TCP_ACK, 64240, MSS);
    }
    if (behaviour === SIM_RESET_ACK) return this.#writeTcp(next, 0, TCP_RST, 0, undefined, seq);
    const reply = TCP_REPLIES[behaviour];
    if (reply !== undefined) {
      const [ack, flags, window, options] = reply;
      return this.#writeTcp(
        next,
        ack === "next" ? seq + 1 : ack === "same" ? seq : this.#u32(),
        flags,
        window,
        options,
      );
    }
    if (behaviour === SIM_SYN) return this.#writeTcp(next, 0, TCP_SYN, 64240, MSS);
    const { ip, host, own } = next;
    if (behaviour === NEIGHBOR) return ip.writeNeighbor(this.#packet, host, own);
    if (behaviour === ECHO_REPLY || behaviour === FORGED_ECHO_REPLY) {
      const ends = { from: host, to: own, ttl: this.#conditions.ttl?.(host, SIM_HOST) ?? 57 };
      return ip.writeEchoReply(this.#packet, ends, next.ownPort, behaviour === ECHO_REPLY ? seq : this.#u32());
    }
    if (behaviour === FORGED_ICMP) {
      return ip.writeError(this.#packet, ROUTER, { ...quotedOf(next), seq: this.#u32() }, 13);
    }
    if (behaviour > EXPIRED) {
      const router = this.#conditions.routers!(next.host)[behaviour - EXPIRED - 1]!;
      return ip.writeError(this.#packet, router, quotedOf(next), TIME_IS_OVER);
    }
    if (behaviour === TIME_EXCEEDED) return ip.writeError(this.#packet, ROUTER, quotedOf(next), TIME_IS_OVER);
    const [from, code] = behaviour >= SIM_REJECT ? [next.host, behaviour - SIM_REJECT] : [ROUTER, behaviour - SIM_ICMP];
    return ip.writeError(this.#packet, from, quotedOf(next), code);
  }

  #writeTcp(
    { ip, host, port, own, ownPort }: Arrivals,
    ack: number,
    flags: number,
    window: number,
    options?: Uint8Array,
    seq = flags & TCP_SYN ? this.#u32() : 0,
  ): number {
    const ttl = this.#conditions.ttl?.(host, port) ?? 57;
    const fields = { sourcePort: port, destinationPort: ownPort, seq, ack: ack >>> 0, flags, window };
    return ip.writeTcp(
      this.#packet,
      { from: host, to: own, ttl, dontFragment: options === LINUX_OPTIONS },
      options === undefined ? fields : { ...fields, options },
    );
  }

  /** A share from 0 to 1, from a small generator (xorshift32). */
  #share(): number {
    return this.#u32() / 2 ** 32;
  }

  #u32(): number {
    let x = this.#random || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return x >>> 0;
  }
}

/** The ends of a probe. */
interface SimProbe extends Omit<QuotedProbe, "seq"> {
  readonly family: Family;
}

/** Returns a text that no other port of a host has, by either version of IP. */
function portOf({ family, host, port }: SimProbe): string {
  return `${family} ${host} ${port}`;
}

function quotedOf({ host, port, own, ownPort, seq, isEcho }: Arrivals): QuotedProbe {
  return { host, port, own, ownPort, seq, isEcho };
}

/** True for the behaviours of ports of a host that is there, and not behind a firewall. */
function isThere(behaviour: number): boolean {
  return OPEN_KINDS.includes(behaviour) || CLOSED_KINDS.includes(behaviour);
}

/** The version of IP stands above the behaviour in one word, and above that a bit for echo requests. */
const FAMILY_SHIFT = 16;
const IS_ECHO = 1 << 20;

/** Packets under way, soonest first: a binary heap in parallel arrays, of which the first entry is to be read in place. */
class Arrivals {
  #size = 0;
  #at = new Float64Array(1024);
  #words = new Uint32Array(1024 * 5);

  get ip(): SimIp {
    return simIp(this.family);
  }

  get family(): Family {
    return (this.#words[4]! >>> FAMILY_SHIFT & 0xf) === 6 ? 6 : 4;
  }

  get isEcho(): boolean {
    return (this.#words[4]! & IS_ECHO) !== 0;
  }

  get host(): number {
    return this.#words[0]!;
  }

  get own(): number {
    return this.#words[1]!;
  }

  get seq(): number {
    return this.#words[2]!;
  }

  get port(): number {
    return this.#words[3]! >>> 16;
  }

  get ownPort(): number {
    return this.#words[3]! & 0xffff;
  }

  get behaviour(): number {
    return this.#words[4]! & 0xffff;
  }

  /** When the next packet arrives; Infinity if none is under way. */
  nextAt(): number {
    return this.#size === 0 ? Infinity : this.#at[0]!;
  }

  push(atMs: number, { family, host, port, own, ownPort, isEcho }: SimProbe, seq: number, behaviour: number): void {
    if (this.#size === this.#at.length) {
      const at = new Float64Array(this.#size * 2);
      at.set(this.#at);
      const words = new Uint32Array(this.#size * 10);
      words.set(this.#words);
      this.#at = at;
      this.#words = words;
    }
    let i = this.#size++;
    while (i > 0) {
      const parent = (i - 1) >>> 1;
      if (this.#at[parent]! <= atMs) break;
      this.#copy(parent, i);
      i = parent;
    }
    this.#at[i] = atMs;
    const words = this.#words;
    words[i * 5] = host;
    words[i * 5 + 1] = own;
    words[i * 5 + 2] = seq;
    words[i * 5 + 3] = port << 16 | ownPort;
    words[i * 5 + 4] = family << FAMILY_SHIFT | behaviour | (isEcho ? IS_ECHO : 0);
  }

  pop(): void {
    const last = --this.#size;
    if (last === 0) return;
    const atMs = this.#at[last]!;
    let i = 0;
    for (let child = 1; child < last; child = 2 * i + 1) {
      if (child + 1 < last && this.#at[child + 1]! < this.#at[child]!) child++;
      if (this.#at[child]! >= atMs) break;
      this.#copy(child, i);
      i = child;
    }
    this.#copy(last, i);
  }

  #copy(from: number, to: number): void {
    this.#at[to] = this.#at[from]!;
    const words = this.#words;
    for (let k = 0; k < 5; k++) words[to * 5 + k] = words[from * 5 + k]!;
  }
}
