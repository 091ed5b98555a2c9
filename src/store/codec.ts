// Hot path: nothing is allocated per port.
/**
 * Ports of which there is nothing to say but their state, packed. Such a port is one of a group (same state, reason, time
 * to live, ...); neighbours in one group are a run; all runs of a host are its profile. Neighbouring hosts with one
 * profile are a single record, and a profile seen before is only referred to. So a network of silent hosts takes a few
 * octets, and a random sample of it, which is what a running scan has, two to four octets a port.
 *
 * ```text
 * segment = first host (32 bits), length of the profiles (32 bits), { profile }, { record }
 * profile = length, { 4 x ports skipped + (long ? 2 : 0) + (other group ? 1 : 0), [ports - 2], [group] }
 * record  = 2 x hosts skipped + (many ? 1 : 0), [hosts - 2], 0 for the next profile that no record had, or number + 1
 * ```
 *
 * The two numbers of 32 bits are big endian. All others are varints: seven bits an octet, the low ones first, the high
 * bit set on all octets but the last. The group of a profile's first run is compared with group 0.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import { IPV4_MAX } from "../wire/address.ts";

/** A segment is closed by the host that makes it longer than this many octets. */
const SEGMENT_LEN = 16384;
const HEADER_LEN = 8;
const MAX_PORT = 0xffff;
// No number of ours exceeds 2^34.
const VARINT_LEN = 5;
const RUN_LEN = 3 * VARINT_LEN;
/** Slots of the table that finds a profile again: a power of two, well above the profiles that a segment can hold. */
const TABLE_SIZE = 1 << 14;

/** Octets, growing. */
class Octets {
  bytes = new Uint8Array(1024);
  length = 0;

  /** Makes room for `count` octets more. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(2 * this.bytes.length + count);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Adds a number, for which there must be room. */
  varint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.bytes[this.length++] = rest & 0x7f | 0x80;
    this.bytes[this.length++] = rest;
  }

  append(other: Octets): void {
    this.reserve(other.length);
    this.bytes.set(other.bytes.subarray(0, other.length), this.length);
    this.length += other.length;
  }
}

/** Packs hosts, in ascending order, into segments. */
export class RowEncoder {
  readonly #emit: (segment: Uint8Array) => void;
  readonly #profile = new Octets();
  readonly #profiles = new Octets();
  readonly #records = new Octets();
  // Where each profile is in #profiles, by its number.
  readonly #starts = new Int32Array(TABLE_SIZE);
  readonly #ends = new Int32Array(TABLE_SIZE);
  readonly #table = new Int32Array(TABLE_SIZE);
  #profileCount = 0;
  #nextPort = 0;
  #group = 0;
  #host = 0;
  #hostCount = 0;
  #firstHost = -1;
  // The record that waits for a neighbour to join it.
  #waitingHost = 0;
  #waitingCount = 0;
  #waitingProfile = 0;
  #nextHost = 0;
  #toldProfiles = 0;

  /** `emit` is given each segment as it is closed, and may keep it. */
  constructor(emit: (segment: Uint8Array) => void) {
    this.#emit = emit;
  }

  /** Begins a host, or `count` neighbouring hosts that are alike. */
  beginHost(host: number, count: number): void {
    this.#host = host;
    this.#hostCount = count;
    this.#profile.length = 0;
    this.#nextPort = 0;
    this.#group = 0;
  }

  /** Adds neighbouring ports of one group, in ascending order. */
  run(port: number, length: number, group: number): void {
    const profile = this.#profile;
    profile.reserve(RUN_LEN);
    const other = group !== this.#group;
    profile.varint((port - this.#nextPort) * 4 + (length > 1 ? 2 : 0) + (other ? 1 : 0));
    if (length > 1) profile.varint(length - 2);
    if (other) profile.varint(group);
    this.#group = group;
    this.#nextPort = port + length;
  }

  /** Ends the host. */
  endHost(): void {
    const number = this.#numberOfProfile();
    if (this.#waitingCount > 0) {
      if (number === this.#waitingProfile && this.#host === this.#waitingHost + this.#waitingCount) {
        this.#waitingCount += this.#hostCount;
        return;
      }
      this.#writeRecord();
    }
    if (this.#firstHost < 0) this.#firstHost = this.#nextHost = this.#host;
    this.#waitingHost = this.#host;
    this.#waitingCount = this.#hostCount;
    this.#waitingProfile = number;
    if (this.#profiles.length + this.#records.length >= SEGMENT_LEN) this.end();
  }

  /** Closes the last segment. */
  end(): void {
    if (this.#firstHost < 0) return;
    this.#writeRecord();
    const segment = new Uint8Array(HEADER_LEN + this.#profiles.length + this.#records.length);
    const view = new DataView(segment.buffer);
    view.setUint32(0, this.#firstHost);
    view.setUint32(4, this.#profiles.length);
    segment.set(this.#profiles.bytes.subarray(0, this.#profiles.length), HEADER_LEN);
    segment.set(this.#records.bytes.subarray(0, this.#records.length), HEADER_LEN + this.#profiles.length);
    this.#emit(segment);
    this.#profiles.length = this.#records.length = 0;
    this.#profileCount = this.#toldProfiles = this.#waitingCount = 0;
    this.#firstHost = -1;
    this.#table.fill(0);
  }

  #writeRecord(): void {
    const records = this.#records;
    records.reserve(RUN_LEN);
    const many = this.#waitingCount > 1;
    records.varint((this.#waitingHost - this.#nextHost) * 2 + (many ? 1 : 0));
    if (many) records.varint(this.#waitingCount - 2);
    if (this.#waitingProfile === this.#toldProfiles) {
      records.varint(0);
      this.#toldProfiles++;
    } else {
      records.varint(this.#waitingProfile + 1);
    }
    this.#nextHost = this.#waitingHost + this.#waitingCount;
  }

  /** The number of the profile just made: the one that it has in this segment already, or else a new one. */
  #numberOfProfile(): number {
    const { bytes, length } = this.#profile;
    let hash = 0x811c9dc5;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    let slot = (hash ^ hash >>> 15) & TABLE_SIZE - 1;
    for (; this.#table[slot] !== 0; slot = slot + 1 & TABLE_SIZE - 1) {
      const number = this.#table[slot]! - 1;
      if (this.#isProfile(number)) return number;
    }
    const number = this.#profileCount++;
    this.#table[slot] = number + 1;
    this.#profiles.reserve(VARINT_LEN);
    this.#profiles.varint(length);
    this.#starts[number] = this.#profiles.length;
    this.#profiles.append(this.#profile);
    this.#ends[number] = this.#profiles.length;
    return number;
  }

  #isProfile(number: number): boolean {
    const { bytes, length } = this.#profile;
    const start = this.#starts[number]!;
    if (this.#ends[number]! - start !== length) return false;
    const known = this.#profiles.bytes;
    for (let i = 0; i < length; i++) if (known[start + i] !== bytes[i]) return false;
    return true;
  }
}

/** Ports of hosts as a scan found them, in any order; once sorted, they can be packed. */
export class PortBuffer {
  readonly capacity: number;
  /** How many ports there are. */
  length = 0;
  // A port is one number of 64 bits, host, port and group from its high bits down, so that sorting compares plain numbers.
  readonly #ports: BigUint64Array;
  // The same octets, low half first: every machine that Deno runs on is little endian.
  readonly #halves: Uint32Array;

  /** `capacity` counts ports. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.#ports = new BigUint64Array(capacity);
    this.#halves = new Uint32Array(this.#ports.buffer);
  }

  /** Forgets all ports. */
  clear(): void {
    this.length = 0;
  }

  /** Adds a port, for which there must be room. `group` has 16 bits. */
  push(host: number, port: number, group: number): void {
    const at = 2 * this.length++;
    this.#halves[at] = (port << 16 | group) >>> 0;
    this.#halves[at + 1] = host;
  }

  /**
   * Sorts the ports from number `from` on, and packs them. Where a port is there twice, the answer that came later is kept:
   * `lateness` tells by the group which it is, and is 0 for what came in time.
   */
  pack(from: number, lateness: Uint8Array, packer: RowEncoder): void {
    this.#ports.subarray(from, this.length).sort();
    const halves = this.#halves;
    const end = 2 * this.length;
    for (let at = 2 * from; at < end;) {
      const host = halves[at + 1]!;
      packer.beginHost(host, 1);
      let start = 0;
      let count = 0;
      let group = 0;
      do {
        const port = halves[at]! >>> 16;
        let found = halves[at]! & 0xffff;
        for (at += 2; at < end && halves[at + 1] === host && halves[at]! >>> 16 === port; at += 2) {
          const other = halves[at]! & 0xffff;
          if (lateness[other]! > lateness[found]!) found = other;
        }
        if (count > 0 && port === start + count && found === group) {
          count++;
          continue;
        }
        if (count > 0) packer.run(start, count, group);
        start = port;
        count = 1;
        group = found;
      } while (at < end && halves[at + 1] === host);
      packer.run(start, count, group);
      packer.endHost();
    }
    packer.end();
  }
}

/** Reads segments: {@linkcode RowDecoder.load} one, then step through its records with {@linkcode RowDecoder.next}. */
export class RowDecoder {
  /** The first host of the record. */
  host = 0;
  /** How many neighbouring hosts it stands for. */
  count = 0;
  /** How many runs each of them has. */
  runCount = 0;
  /** The runs: first port, number of ports, group. */
  runs = new Int32Array(3 * 16);
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #profiles: number[] = [];
  #profile = -1;
  #told = 0;
  #nextHost = 0;

  /** Takes a segment. */
  load(segment: Uint8Array): void {
    if (segment.length < HEADER_LEN) throw damaged();
    const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
    this.#nextHost = view.getUint32(0);
    const recordsAt = HEADER_LEN + view.getUint32(4);
    if (recordsAt > segment.length) throw damaged();
    this.#bytes = segment;
    this.#profiles.length = 0;
    this.#profile = -1;
    this.#told = 0;
    for (this.#at = HEADER_LEN; this.#at < recordsAt;) {
      this.#profiles.push(this.#at);
      const length = this.#varint();
      this.#at += length;
    }
    if (this.#at !== recordsAt) throw damaged();
  }

  /** Steps to the next record; false where there is none. */
  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const skip = this.#varint();
    this.count = skip % 2 === 1 ? this.#varint() + 2 : 1;
    const told = this.#varint();
    this.host = this.#nextHost + Math.floor(skip / 2);
    this.#nextHost = this.host + this.count;
    if (this.#nextHost > IPV4_MAX + 1) throw damaged();
    const profile = told === 0 ? this.#told++ : told - 1;
    if (profile !== this.#profile) this.#readProfile(profile);
    return true;
  }

  #readProfile(number: number): void {
    const recordAt = this.#at;
    const profileAt = this.#profiles[number];
    if (profileAt === undefined) throw damaged();
    this.#at = profileAt;
    const length = this.#varint();
    const end = this.#at + length;
    let port = 0;
    let group = 0;
    this.runCount = 0;
    while (this.#at < end) {
      const head = this.#varint();
      port += Math.floor(head / 4);
      const count = head & 2 ? this.#varint() + 2 : 1;
      if (head & 1) group = this.#varint();
      if (port + count > MAX_PORT + 1) throw damaged();
      if (3 * (this.runCount + 1) > this.runs.length) this.runs = doubled(this.runs);
      const at = 3 * this.runCount++;
      this.runs[at] = port;
      this.runs[at + 1] = count;
      this.runs[at + 2] = group;
      port += count;
    }
    if (this.runCount === 0) throw damaged();
    this.#profile = number;
    this.#at = recordAt;
  }

  #varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let scale = 1, length = 1; length <= VARINT_LEN; scale *= 0x80, length++) {
      const octet = bytes[this.#at++];
      if (octet === undefined) break;
      if (octet <= 0x7f) return value + octet * scale;
      value += (octet & 0x7f) * scale;
    }
    throw damaged();
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function damaged(): CannotScanError {
  return new CannotScanError(
    "Cannot read this scan from the history: the file is damaged. Restore it from a copy, or begin a new file",
  );
}
