// Hot path: writing and comparing may not allocate.
/**
 * Payloads of UDP probes: requests that a service replies to, with the places of a cookie that the protocol echoes.
 *
 * Every payload is written from the specification of its protocol, which the file that declares it names. None changes anything, none asks
 * for a list, and none draws a reply of more than three times its own size, in bytes of IP packets.
 *
 * @module
 */

/** Writes bits of a token into a request at `at`. */
type Cookie = (view: DataView, at: number, token: number) => void;

/** A part of the request that a reply has too: at this offset of it, or anywhere (below 0). */
type Echo = readonly [request: number, reply: number, length: number];

/** A request. */
export interface Payload {
  /** The service that replies to it. */
  readonly service: string;
  /** The ports that are sent it. */
  readonly ports: readonly number[];
  readonly bytes: Uint8Array;
  readonly cookies: readonly Cookie[];
  readonly echoes: readonly Echo[];
  /** True where the reply comes from another port than the request was sent to. */
  readonly isElsewhere?: boolean;
}

/** Fewer bits of the token are weak: a sender of a million packets guesses them. */
const STRONG_BITS = 24;

/** The bytes of a request, from its beginning on, that have enough of the token, and the number of its bits that replies have. */
interface TokenBits {
  readonly enoughLen: number;
  readonly echoed: number;
}

const TOKEN_BITS = new WeakMap<Payload, TokenBits>();

/** True where a reply to a request does not prove by itself that its sender has seen the request. */
export function isWeak(payload: Payload): boolean {
  return tokenBits(payload).echoed < STRONG_BITS;
}

/** True where the first `length` bytes of a request prove that their sender has seen it. */
export function hasToken(payload: Payload, length: number): boolean {
  return length >= tokenBits(payload).enoughLen;
}

function tokenBits(payload: Payload): TokenBits {
  let bits = TOKEN_BITS.get(payload);
  if (bits === undefined) TOKEN_BITS.set(payload, bits = countBits(payload));
  return bits;
}

function countBits(payload: Payload): TokenBits {
  const [one, other] = [0, 1].map(() => new DataView(new ArrayBuffer(payload.bytes.length)));
  const length = writePayload(payload, one!, 0, 0);
  const ends: number[] = [];
  let echoed = 0;
  for (let bit = 0; bit < 32; bit++) {
    writePayload(payload, other!, 0, 1 << bit >>> 0);
    const isChanged = (from: number, count: number) => !areSame(one!, from, other!, 0, length, from, count);
    const end = Array.from({ length }, (_, i) => i + 1).find((end) => isChanged(end - 1, 1));
    if (end !== undefined) ends.push(end);
    if (payload.echoes.some(([from, , count]) => isChanged(from, count))) echoed++;
  }
  return { enoughLen: ends.sort((one, other) => one - other)[STRONG_BITS - 1] ?? Infinity, echoed };
}

/** Writes a request; returns its length. */
export function writePayload({ bytes, cookies }: Payload, view: DataView, at: number, token: number): number {
  for (let i = 0; i < bytes.length; i++) view.setUint8(at + i, bytes[i]!);
  for (let i = 0; i < cookies.length; i++) cookies[i]!(view, at, token);
  return bytes.length;
}

/** Returns true if a reply has the parts of the request that the protocol echoes. */
export function isEchoed(
  { echoes }: Payload,
  request: DataView,
  requestAt: number,
  view: DataView,
  at: number,
  length: number,
): boolean {
  for (let i = 0; i < echoes.length; i++) {
    const [from, to, count] = echoes[i]!;
    let offset = Math.max(0, to);
    const last = to < 0 ? length - count : to;
    while (offset <= last && !areSame(request, requestAt + from, view, at, length, offset, count)) offset++;
    if (offset > last) return false;
  }
  return true;
}

function areSame(
  request: DataView,
  from: number,
  view: DataView,
  at: number,
  length: number,
  offset: number,
  count: number,
): boolean {
  if (offset + count > length) return false;
  for (let i = 0; i < count; i++) if (request.getUint8(from + i) !== view.getUint8(at + offset + i)) return false;
  return true;
}

/** Returns a place of 32 bits. */
export function word(offset: number): Cookie {
  return (view, at, token) => view.setUint32(at + offset, token);
}

/** Returns a place of 30 bits: a positive number that takes four bytes. */
export function positive(offset: number): Cookie {
  return (view, at, token) => view.setUint32(at + offset, token & 0x3fff_ffff | 0x4000_0000);
}

/** Returns a place of the lower 16 bits. */
export function half(offset: number): Cookie {
  return (view, at, token) => view.setUint16(at + offset, token & 0xffff);
}

/** Returns a place of the lower 8 bits. */
export function lowByte(offset: number): Cookie {
  return (view, at, token) => view.setUint8(at + offset, token & 0xff);
}

/** Returns a place of eight hexadecimal digits. */
export function digits(offset: number): Cookie {
  return (view, at, token) => {
    for (let i = 0; i < 8; i++) {
      const digit = token >>> 28 - 4 * i & 0xf;
      view.setUint8(at + offset + i, digit < 10 ? 0x30 + digit : 0x57 + digit);
    }
  };
}

/**
 * Returns a place of the lower 16 bits at `id`, and of further ones in the case of the letters of a name, which servers give back as they
 * were (draft-vixie-dnsext-dns0x20).
 */
export function idAndCase(id: number, name: number, nameLen: number): Cookie {
  return (view, at, token) => {
    view.setUint16(at + id, token & 0xffff);
    let bits = token >>> 16;
    for (let i = name; i < name + nameLen; i++) {
      const byte = view.getUint8(at + i);
      if ((byte | 0x20) < 0x61 || (byte | 0x20) > 0x7a) continue;
      view.setUint8(at + i, (bits & 1) === 0 ? byte | 0x20 : byte & ~0x20);
      bits >>>= 1;
    }
  };
}

/** Returns bytes from parts: hexadecimal digits with blanks, bytes of text after a quotation mark, or bytes. */
export function bytesOf(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const arrays = parts.map((part) =>
    typeof part !== "string"
      ? part
      : part.startsWith("'")
      ? new TextEncoder().encode(part.slice(1))
      : Uint8Array.fromHex(part.replaceAll(" ", ""))
  );
  const bytes = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(array, at);
    at += array.length;
  }
  return bytes;
}

/** Returns the offset of a marker in bytes. */
export function offsetOf(bytes: Uint8Array, marker: string): number {
  return new TextDecoder("latin1").decode(bytes).indexOf(marker);
}

/** Returns a domain name in the format of DNS messages. */
export function domainName(name: string): Uint8Array {
  return bytesOf(...name.split(".").flatMap((label) => [Uint8Array.of(label.length), `'${label}`]), "00");
}

/** Returns a value in the Basic Encoding Rules (X.690), of less than 65,536 bytes. */
export function ber(tag: number, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const content = bytesOf(...parts);
  const { length } = content;
  const header = length < 0x80
    ? Uint8Array.of(tag, length)
    : length < 0x100
    ? Uint8Array.of(tag, 0x81, length)
    : Uint8Array.of(tag, 0x82, length >> 8, length & 0xff);
  return bytesOf(header, content);
}
