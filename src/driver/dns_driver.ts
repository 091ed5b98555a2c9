// Hot path: nothing here may allocate per query, except the name that a reply gives.
/**
 * Reverse DNS lookups of many addresses at once: queries in flight at several servers, retransmitted by measured times, and
 * replies that are believed only with the tokens of their query: its socket, id, address and the case of its letters.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import { type DnsSockets, SOCKETS_PER_SERVER } from "../transport/dns_sockets.ts";
import {
  checkDns,
  compareQuestion,
  DNS_NAME_ERROR,
  DNS_NO_ERROR,
  DNS_SERVER_FAILURE,
  dnsId,
  dnsIsReply,
  dnsIsTruncated,
  dnsResponseCode,
  type Ipv6Hosts,
  PTR_QUERY_LETTERS,
  ptrNameIn,
  QUESTION_DIFFERS,
  QUESTION_OTHER_CASE,
  writePtrQuery,
} from "../wire/dns.ts";
import { DnsServerState } from "./dns_server_state.ts";
import { HostQueue } from "./host_queue.ts";

/** Servers that are asked at most. */
export const MAX_DNS_SERVERS = 8;

/** The result of a lookup: a name; `null` if the address has none; undefined if no server knew, or replied. */
export type HostnameResult = string | null | undefined;

/** The parts of a {@linkcode DnsDriver}. */
interface DnsDriverParts {
  /** The number of servers, {@linkcode MAX_DNS_SERVERS} at most. */
  readonly servers: number;
  readonly sockets: DnsSockets;
  /** True to spread queries over the servers; otherwise each is asked only if those before it do not reply, as in resolv.conf(5). */
  readonly spreads: boolean;
  /** Returns a random number of 32 bits. */
  readonly random: () => number;
  /** Returns true if a query may be sent now, which then counts. */
  readonly maySend: () => boolean;
  /** Receives each result. */
  readonly onResult: (host: number, name: HostnameResult) => void;
  /** The addresses of hosts of IPv6, if there are any. */
  readonly ipv6?: Ipv6Hosts | undefined;
}

/** Lookups in flight at most. */
const SLOTS = 1024;
/** Queries for one address at most. */
const MAX_ATTEMPTS = 16;
/** The share of addresses that may be left without a reply by chance. */
const MISSED_BY_CHANCE = 1e-6;
/** The least loss that is assumed. */
const LEAST_LOSS = 0.05;
/** Weight of a new sample in the estimated loss. */
const LOSS_WEIGHT = 1 / 64;

/** A recursive server may have to ask others in its turn: an address waits for so long before it is given up. */
const PATIENCE_MS = 2500;
/** The time after which an address is looked at again while every server is paused, and while no query may be sent. */
const PAUSED_MS = 2000;
const NO_ROOM_MS = 10;

/** Replies that are received from one socket in a row. */
const RECEIVE_BATCH = 64;
const LETTERS_MASK = (1 << PTR_QUERY_LETTERS) - 1;
const FREE = -1;
/** No reply, in contrast to one without a name. */
const NOTHING = Symbol();

/** Looks up the names of addresses. It reads no clock and waits for nothing: its owner calls {@linkcode DnsDriver.tick}. */
export class DnsDriver {
  readonly #parts: DnsDriverParts;
  readonly #servers: readonly DnsServerState[];
  readonly #queues: HostQueue[] = [];
  #waiting = 0;
  #loss = LEAST_LOSS;
  #isLast = false;

  /** Slots in use, in no order, and the place of each among them. */
  readonly #active = new Uint16Array(SLOTS);
  #activeCount = 0;
  readonly #places = new Uint16Array(SLOTS);
  readonly #free: number[] = Array.from({ length: SLOTS }, (_, index) => SLOTS - 1 - index);
  readonly #hosts = new Uint32Array(SLOTS);
  /** Servers that a slot's address may be sent to, and those that have failed to answer for it, a bit each. */
  readonly #allowed = new Uint8Array(SLOTS);
  readonly #failed = new Uint8Array(SLOTS);
  /** The server of the last query; {@linkcode FREE} while it waits for one. */
  readonly #current = new Int8Array(SLOTS).fill(FREE);
  readonly #firstMs = new Float64Array(SLOTS);
  readonly #dueMs = new Float64Array(SLOTS);
  readonly #attempts = new Uint8Array(SLOTS);
  /** The last reply whose case was wrong, its attempt, and 1 if it agrees with the reply to an earlier attempt. */
  readonly #otherCase: (HostnameResult | typeof NOTHING)[] = Array(SLOTS).fill(NOTHING);
  readonly #otherCaseAttempt = new Uint8Array(SLOTS);
  readonly #agrees = new Uint8Array(SLOTS);

  /** Tokens of each attempt of each slot. */
  readonly #ids = new Uint16Array(SLOTS * MAX_ATTEMPTS);
  readonly #sockets = new Uint8Array(SLOTS * MAX_ATTEMPTS);
  readonly #letters = new Uint16Array(SLOTS * MAX_ATTEMPTS);
  readonly #sentMs = new Float64Array(SLOTS * MAX_ATTEMPTS);
  /** The attempt of each id in use. */
  readonly #attemptOf = new Int16Array(1 << 16).fill(FREE);

  /** Queries that were sent. */
  sent = 0;
  /** Replies that match no query: forged, late or damaged. */
  unmatched = 0;

  constructor(parts: DnsDriverParts) {
    this.#parts = parts;
    this.#servers = Array.from({ length: parts.servers }, () => new DnsServerState());
  }

  /** Addresses without a result. */
  get pending(): number {
    return this.#waiting + this.#activeCount;
  }

  /** True if a server has replied. */
  get hasReplies(): boolean {
    return this.#servers.some(({ hasReplied }) => hasReplied);
  }

  /** Adds an address; `servers` has a bit for each server that may be asked, at least one. */
  add(host: number, servers = (1 << this.#servers.length) - 1): void {
    let queue = this.#queues.find((each) => each.servers === servers);
    if (queue === undefined) this.#queues.push(queue = new HostQueue(servers));
    queue.push(host);
    this.#waiting++;
  }

  /** Announces that no more addresses come: those whose servers do not reply are given up without waiting for the servers. */
  finish(): void {
    this.#isLast = true;
  }

  /** Receives, gives up or retransmits what is due, and sends; a call never waits. */
  tick(nowMs: number): void {
    for (let socket = 0; socket < this.#servers.length * SOCKETS_PER_SERVER; socket++) this.#receive(socket, nowMs);
    for (let place = this.#activeCount - 1; place >= 0; place--) {
      const slot = this.#active[place]!;
      if (this.#dueMs[slot]! <= nowMs) this.#onDue(slot, nowMs);
    }
    for (const queue of this.#queues) this.#sendFrom(queue, nowMs);
  }

  /** Returns when the next call of {@linkcode DnsDriver.tick} is due if no reply comes; Infinity if none is. */
  nextMs(nowMs: number): number {
    let next = this.#waiting > 0 ? nowMs + NO_ROOM_MS : Infinity;
    for (let place = 0; place < this.#activeCount; place++) {
      next = Math.min(next, this.#dueMs[this.#active[place]!]!);
    }
    return next;
  }

  #sendFrom(queue: HostQueue, nowMs: number): void {
    while (queue.length > 0) {
      const server = this.#choose(queue.servers, 0, nowMs);
      if (server < 0) {
        if (!this.#isLast) return;
        this.#waiting--;
        this.#parts.onResult(queue.shift(), undefined);
        continue;
      }
      if (!this.#servers[server]!.hasRoom || this.#free.length === 0) return;
      const slot = this.#free.at(-1)!;
      this.#hosts[slot] = queue.peek();
      this.#attempts[slot] = this.#failed[slot] = 0;
      this.#allowed[slot] = queue.servers;
      this.#firstMs[slot] = nowMs;
      if (!this.#send(slot, server, nowMs)) {
        // The socket has no room, or the server is no longer usable, so that the next round chooses another.
        if (this.#isUsable(server, nowMs)) return;
        continue;
      }
      queue.shift();
      this.#waiting--;
      this.#free.pop();
      this.#places[slot] = this.#activeCount;
      this.#active[this.#activeCount++] = slot;
    }
  }

  /** Returns a server of the set that may be asked now, from `first` on; -1 if there is none. */
  #choose(set: number, first: number, nowMs: number): number {
    const { length } = this.#servers;
    let best = -1;
    let doubtful = -1;
    for (let step = 0; step < length; step++) {
      const index = (first + step) % length;
      if ((set >> index & 1) === 0 || !this.#isUsable(index, nowMs)) continue;
      if (this.#servers[index]!.isDoubtful) doubtful = doubtful < 0 ? index : doubtful;
      else if (!this.#parts.spreads) return index;
      else if (best < 0 || this.#load(index) < this.#load(best)) best = index;
    }
    return best < 0 ? doubtful : best;
  }

  #load(server: number): number {
    return this.#servers[server]!.load;
  }

  #isUsable(server: number, nowMs: number): boolean {
    return this.#servers[server]!.isUsable(nowMs);
  }

  /** Sends a query for a slot; returns false if it was not sent. */
  #send(slot: number, index: number, nowMs: number): boolean {
    const { random, sockets, maySend } = this.#parts;
    const server = this.#servers[index]!;
    if (!maySend()) return false;
    const bits = random();
    let id = bits & 0xffff;
    while (this.#attemptOf[id] !== FREE) id = id + 1 & 0xffff;
    // Not all in lower case: a server that changes the case would seem to keep it.
    const letters = bits >>> 16 & LETTERS_MASK || 1;
    const socket = index * SOCKETS_PER_SERVER + (bits >>> 30) % SOCKETS_PER_SERVER;
    const errno = sockets.send(
      socket,
      writePtrQuery(sockets.query, 0, id, this.#hosts[slot]!, letters, this.#parts.ipv6),
    );
    if (errno !== 0) {
      if (errno !== ERRNO.EAGAIN && errno !== ERRNO.ENOBUFS) server.onRefused(nowMs);
      return false;
    }
    this.sent++;
    const attempt = slot * MAX_ATTEMPTS + this.#attempts[slot]!++;
    this.#attemptOf[id] = attempt;
    this.#ids[attempt] = id;
    this.#sockets[attempt] = socket;
    this.#letters[attempt] = letters;
    this.#sentMs[attempt] = nowMs;
    this.#current[slot] = index;
    this.#dueMs[slot] = nowMs + server.timeoutMs(this.#attempts[slot]!);
    server.onSent(nowMs);
    return true;
  }

  /** Retransmits, to another server if there is one, or gives up. */
  #onDue(slot: number, nowMs: number): void {
    const current = this.#current[slot]!;
    if (current !== FREE) {
      this.#current[slot] = FREE;
      this.#servers[current]!.inFlight--;
      if (!this.#hasOtherCase(slot, current)) {
        const server = this.#servers[current]!;
        if (server.hasReplied) this.#loss += LOSS_WEIGHT * (1 - this.#loss);
        server.onTimeout(this.#sentMs[slot * MAX_ATTEMPTS + this.#attempts[slot]! - 1]!, nowMs);
      } else if (this.#agrees[slot] === 1) {
        this.#servers[current]!.otherCase++;
        return this.#finish(slot, this.#otherCase[slot] as HostnameResult);
      }
    }
    this.#sendAgain(slot, current, nowMs);
  }

  /** Returns true if the last query of a slot got a reply whose case was wrong, and its server may change the case. */
  #hasOtherCase(slot: number, server: number): boolean {
    return this.#otherCase[slot] !== NOTHING && this.#otherCaseAttempt[slot] === this.#attempts[slot]! - 1 &&
      !this.#servers[server]!.keepsCase;
  }

  #sendAgain(slot: number, before: number, nowMs: number): void {
    const { length } = this.#servers;
    const mayAnswer = this.#allowed[slot]! & ~this.#failed[slot]!;
    const others = before === FREE ? mayAnswer : mayAnswer & ~(1 << before);
    const next = before === FREE ? 0 : (before + 1) % length;
    let server = this.#choose(others, next, nowMs);
    if (server < 0) server = this.#choose(mayAnswer, next, nowMs);
    if (mayAnswer === 0 || server < 0 && this.#isLast) return this.#finish(slot, undefined);
    if (server < 0) {
      // Every server is paused.
      this.#dueMs[slot] = nowMs + PAUSED_MS;
    } else if (this.#attempts[slot]! >= this.#maxAttempts()) {
      const endMs = this.#firstMs[slot]! + PATIENCE_MS;
      if (endMs <= nowMs) this.#finish(slot, undefined);
      else this.#dueMs[slot] = endMs;
    } else if (!this.#send(slot, server, nowMs)) {
      this.#dueMs[slot] = nowMs + NO_ROOM_MS;
    }
  }

  /** Returns the number of queries after which a lost address is no longer by chance. */
  #maxAttempts(): number {
    return Math.min(MAX_ATTEMPTS, Math.ceil(Math.log(MISSED_BY_CHANCE) / Math.log(Math.max(LEAST_LOSS, this.#loss))));
  }

  #receive(socket: number, nowMs: number): void {
    const { sockets } = this.#parts;
    for (let count = 0; count < RECEIVE_BATCH; count++) {
      const length = sockets.receive(socket);
      if (length === -ERRNO.EAGAIN) return;
      // An ICMP error, most often: nothing listens on the port.
      if (length < 0) this.#servers[socket / SOCKETS_PER_SERVER | 0]!.onRefused(nowMs);
      else if (!this.#onReply(socket, length, nowMs)) this.unmatched++;
    }
  }

  /** Takes a reply; returns false if it belongs to no query. */
  #onReply(socket: number, length: number, nowMs: number): boolean {
    const { reply } = this.#parts.sockets;
    if (checkDns(reply, 0, length) === 0 || !dnsIsReply(reply, 0)) return false;
    const attempt = this.#attemptOf[dnsId(reply, 0)]!;
    if (attempt === FREE || this.#sockets[attempt] !== socket) return false;
    const slot = attempt / MAX_ATTEMPTS | 0;
    const question = compareQuestion(reply, 0, length, this.#hosts[slot]!, this.#letters[attempt]!, this.#parts.ipv6);
    const server = this.#servers[socket / SOCKETS_PER_SERVER | 0]!;
    if (question === QUESTION_DIFFERS) return false;
    const code = dnsResponseCode(reply, 0);
    const isAnswer = code === DNS_NO_ERROR || code === DNS_NAME_ERROR;
    const name = isAnswer ? ptrNameIn(reply, 0, length) : undefined;
    const isCut = name === undefined && isAnswer && dnsIsTruncated(reply, 0);
    const result = isAnswer && !isCut ? name ?? null : undefined;
    if (question === QUESTION_OTHER_CASE && !server.changesCase) {
      return !server.keepsCase && this.#onOtherCase(slot, attempt % MAX_ATTEMPTS, result);
    }
    server.keepsCase ||= question !== QUESTION_OTHER_CASE;
    this.#loss -= LOSS_WEIGHT * this.#loss;
    server.onReply(this.#sentMs[attempt]!, nowMs);
    if (result !== undefined) {
      server.refusals = 0;
      this.#finish(slot, result);
      return true;
    }
    if (code !== DNS_SERVER_FAILURE && !isCut) server.onRefused(nowMs);
    this.#failed[slot]! |= 1 << (socket / SOCKETS_PER_SERVER | 0);
    const current = this.#current[slot]!;
    // The server of another query may still know.
    if (current === FREE || (this.#failed[slot]! >> current & 1) === 0) return true;
    this.#servers[current]!.inFlight--;
    this.#current[slot] = FREE;
    this.#sendAgain(slot, current, nowMs);
    return true;
  }

  /**
   * Takes a reply whose case is wrong. Some servers change the case; so does someone who has guessed an id. It counts if the reply
   * to another query agrees, and no reply with the right case comes before both time out.
   */
  #onOtherCase(slot: number, attempt: number, result: HostnameResult): true {
    const isFirst = this.#otherCase[slot] === NOTHING;
    if (!isFirst && this.#otherCaseAttempt[slot] === attempt) return true;
    this.#agrees[slot] = !isFirst && this.#otherCase[slot] === result ? 1 : 0;
    this.#otherCase[slot] = result;
    this.#otherCaseAttempt[slot] = attempt;
    return true;
  }

  #finish(slot: number, result: HostnameResult): void {
    const current = this.#current[slot]!;
    if (current !== FREE) this.#servers[current]!.inFlight--;
    this.#current[slot] = FREE;
    const first = slot * MAX_ATTEMPTS;
    for (let attempt = first; attempt < first + this.#attempts[slot]!; attempt++) {
      this.#attemptOf[this.#ids[attempt]!] = FREE;
    }
    this.#otherCase[slot] = NOTHING;
    this.#agrees[slot] = 0;
    const place = this.#places[slot]!;
    const moved = this.#active[--this.#activeCount]!;
    this.#active[place] = moved;
    this.#places[moved] = place;
    this.#free.push(slot);
    this.#parts.onResult(this.#hosts[slot]!, result);
  }
}
