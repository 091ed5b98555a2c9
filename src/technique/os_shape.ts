// Hot path: `readShape` and `shapeKey` run for SYN-ACKs and allocate nothing.
/**
 * The shape of a SYN-ACK, and the systems that send it: the order of the TCP options, MSS, window, window scale, time to live and
 * the Don't Fragment bit. Stacks choose them differently, as RFC 9293 and RFC 7323 leave them open.
 *
 * @module
 */

import { initialTtl } from "../base/ttl.ts";
import {
  checkIpv4,
  ipv4DontFragment,
  ipv4HeaderLen,
  ipv4IsFragment,
  ipv4Protocol,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_TCP,
} from "../wire/ipv4.ts";
import {
  checkTcp,
  TCP_ACK,
  TCP_MAX_HEADER_LEN,
  TCP_MIN_HEADER_LEN,
  TCP_OPTION_END,
  TCP_OPTION_MSS,
  TCP_OPTION_NOP,
  TCP_OPTION_SACK_PERMITTED,
  TCP_OPTION_TIMESTAMPS,
  TCP_OPTION_WINDOW_SCALE,
  TCP_RST,
  TCP_SYN,
  tcpFlags,
  tcpHeaderLen,
  tcpOptionLen,
  tcpWindow,
} from "../wire/tcp.ts";

/**
 * 32-bit words of a shape: the order of options, three bits each, the first in the lowest bits; MSS and window; and time to live,
 * window scale and Don't Fragment.
 */
export const SHAPE_LEN = 3;

/** Option kinds by code; 0 is none. */
const OPTION_NAMES = ["", "END", "NOP", "MSS", "WS", "SACK", "TS", "other"];
const OPTION_BITS = 3;
const OPTION_MASK = 7;
/** Options that fit in a word. A bit marks that there are more. */
const MAX_OPTIONS = 10;
const MORE_BIT = 1 << 30;
const MSS_ONLY = OPTION_NAMES.indexOf("MSS");
const SCALE_SHIFT = 8;
/** In place of a window scale: there is none. The largest is 14 (RFC 7323 section 2.3). */
const NO_SCALE = 0xff;
const DF_BIT = 1 << 16;

/**
 * Reads the shape of a SYN-ACK into `shape`. Returns false, with `shape` as it was, for other packets, bytes that are none, and a
 * SYN-ACK with window 0: a SYN proxy sent it.
 */
export function readShape(view: DataView, at: number, length: number, shape: Uint32Array): boolean {
  const ipLen = checkIpv4(view, at, length);
  if (ipLen === 0 || ipv4Protocol(view, at) !== PROTOCOL_TCP || ipv4IsFragment(view, at)) return false;
  const tcpAt = at + ipLen;
  const headerLen = checkTcp(view, tcpAt, ipv4TotalLen(view, at) - ipLen);
  if (headerLen === 0 || (tcpFlags(view, tcpAt) & (TCP_SYN | TCP_ACK | TCP_RST)) !== (TCP_SYN | TCP_ACK)) return false;
  const window = tcpWindow(view, tcpAt);
  if (window === 0) return false;
  let order = 0;
  let count = 0;
  let mss = 0;
  let scale = NO_SCALE;
  const end = tcpAt + headerLen;
  for (let option = tcpAt + TCP_MIN_HEADER_LEN; option < end;) {
    if (count === MAX_OPTIONS) {
      order |= MORE_BIT;
      break;
    }
    const kind = view.getUint8(option);
    const len = tcpOptionLen(view, option, end);
    order |= optionCode(kind, len) << OPTION_BITS * count++;
    if (len === 0) break;
    if (kind === TCP_OPTION_MSS && len === 4) mss = view.getUint16(option + 2);
    else if (kind === TCP_OPTION_WINDOW_SCALE && len === 3) scale = view.getUint8(option + 2);
    option += len;
  }
  shape[0] = order;
  shape[1] = mss << 16 | window;
  shape[2] = ipv4Ttl(view, at) | scale << SCALE_SHIFT | (ipv4DontFragment(view, at) ? DF_BIT : 0);
  return true;
}

/** The headers of a SYN-ACK, without what differs from packet to packet: those of one stack are mostly equal. */
export class SeenHeaders {
  #ip = 0;
  #tcp = 0;
  readonly #options = new Uint32Array((TCP_MAX_HEADER_LEN - TCP_MIN_HEADER_LEN) / 4);

  /** Takes the headers of a packet of which `readShape` has read a shape. */
  set(view: DataView, at: number): void {
    const tcpAt = at + ipv4HeaderLen(view, at);
    this.#ip = ipFields(view, at);
    this.#tcp = tcpFields(view, tcpAt);
    const length = (tcpHeaderLen(view, tcpAt) - TCP_MIN_HEADER_LEN) / 4;
    for (let i = 0; i < length; i++) this.#options[i] = view.getUint32(tcpAt + TCP_MIN_HEADER_LEN + 4 * i);
  }

  /** Returns true if a TCP packet has equal headers, and so the same shape. `at` is that of a packet whose lengths were checked. */
  matches(view: DataView, at: number): boolean {
    if (ipFields(view, at) !== this.#ip) return false;
    const tcpAt = at + ipv4HeaderLen(view, at);
    if (tcpFields(view, tcpAt) !== this.#tcp) return false;
    const length = (tcpHeaderLen(view, tcpAt) - TCP_MIN_HEADER_LEN) / 4;
    for (let i = 0; i < length; i++) {
      if (view.getUint32(tcpAt + TCP_MIN_HEADER_LEN + 4 * i) !== this.#options[i]) return false;
    }
    return true;
  }
}

/** Version, time to live, Don't Fragment and true fragments as one number, which is not 0. */
function ipFields(view: DataView, at: number): number {
  const fragment = (ipv4DontFragment(view, at) ? 1 : 0) | (ipv4IsFragment(view, at) ? 2 : 0);
  return view.getUint8(at) >> 4 << 16 | fragment << 8 | ipv4Ttl(view, at);
}

/** Header length, flags and window as one number. */
function tcpFields(view: DataView, tcpAt: number): number {
  return tcpHeaderLen(view, tcpAt) << 24 | tcpFlags(view, tcpAt) << 16 | tcpWindow(view, tcpAt);
}

/** The code of an option; `len` is 0 at the end of the list, and for an option that is cut. */
function optionCode(kind: number, len: number): number {
  if (kind === TCP_OPTION_END) return 1;
  if (len === 0) return OPTION_MASK;
  if (kind === TCP_OPTION_NOP) return 2;
  if (kind === TCP_OPTION_MSS) return 3;
  if (kind === TCP_OPTION_WINDOW_SCALE) return 4;
  if (kind === TCP_OPTION_SACK_PERMITTED) return 5;
  return kind === TCP_OPTION_TIMESTAMPS ? 6 : OPTION_MASK;
}

/**
 * Returns a number that the SYN-ACKs of one stack have in common: it takes less time than to read a shape. `at` is that of a packet whose
 * lengths were checked.
 */
export function shapeKey(view: DataView, at: number): number {
  if (view.getUint8(at) >> 4 !== 4) return 0;
  const tcpAt = at + ipv4HeaderLen(view, at);
  const headerLen = tcpHeaderLen(view, tcpAt);
  const second = headerLen >= TCP_MIN_HEADER_LEN + 8 ? view.getUint32(tcpAt + TCP_MIN_HEADER_LEN + 4) : 0;
  const rest = initialTtl(ipv4Ttl(view, at)) << 8 | headerLen << 1 | (ipv4DontFragment(view, at) ? 1 : 0);
  return (Math.imul(second, 0x9e3779b1) ^ rest) >>> 0;
}

/**
 * Returns true if two shapes, at `one` and `other` of the same words, may be of one stack. Its ports may differ in window, scale and
 * distance, and a port whose queue is full replies by SYN cookies, which hold no option but an MSS.
 */
export function isSameStack(words: ArrayLike<number>, one: number, others: ArrayLike<number>, other: number): boolean {
  const [order, theirOrder] = [words[one]!, others[other]!];
  if (order !== theirOrder && order !== MSS_ONLY && theirOrder !== MSS_ONLY) return false;
  const [ip, theirIp] = [words[one + 2]!, others[other + 2]!];
  return initialTtl(ip & 0xff) === initialTtl(theirIp & 0xff) && (ip & DF_BIT) === (theirIp & DF_BIT);
}

/** Returns true if the first of two shapes of one stack shows more of it: the other holds no option but an MSS. */
export function tellsMore(words: ArrayLike<number>, one: number, others: ArrayLike<number>, other: number): boolean {
  return others[other] === MSS_ONLY && words[one] !== MSS_ONLY;
}

/** The fields of a shape. */
interface ShapeFields {
  readonly options: string;
  readonly mss: number;
  readonly window: number;
  readonly scale: number | undefined;
  readonly ttl: number;
  readonly df: boolean;
}

function fieldsOf(words: ArrayLike<number>, at: number): ShapeFields {
  const [order, sizes, ip] = [words[at]!, words[at + 1]!, words[at + 2]!];
  const names: string[] = [];
  for (let rest = order & ~MORE_BIT; rest > 0; rest >>>= OPTION_BITS) names.push(OPTION_NAMES[rest & OPTION_MASK]!);
  if ((order & MORE_BIT) !== 0) names.push("more");
  const scale = ip >>> SCALE_SHIFT & 0xff;
  return {
    options: names.join(",") || "none",
    mss: sizes >>> 16,
    window: sizes & 0xffff,
    scale: scale === NO_SCALE ? undefined : scale,
    ttl: ip & 0xff,
    df: (ip & DF_BIT) !== 0,
  };
}

/** Returns a shape as text: `options MSS,NOP,WS; MSS 1460; window 65535, scale 1; TTL 255; no DF`. */
export function shapeText(words: ArrayLike<number>, at: number): string {
  const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
  return [
    `options ${options}`,
    ...mss === 0 ? [] : [`MSS ${mss}`],
    `window ${window}${scale === undefined ? "" : `, scale ${scale}`}`,
    `TTL ${ttl}`,
    df ? "DF" : "no DF",
  ].join("; ");
}

/** A stack, and the shape of its SYN-ACKs. */
interface Stack {
  readonly family: string;
  /** Orders of options, each with which of them its settings leave out. */
  readonly options: readonly string[];
  /** Initial time to live. */
  readonly ttl: number;
  readonly df: boolean;
  /** Returns true for a window of this stack; `segment` is the MSS less the timestamps in each segment. */
  readonly window: (window: number, segment: number, scale: number) => boolean;
  readonly scale?: number;
  readonly mss?: number;
  /** True for a stack that runs on the scanner's machine: there is no router between. */
  readonly isLocal?: boolean;
}

/** The MSS of Ethernet, as it was before a router on the path lowered it. */
const ETHERNET_MSS = 1460;
const TIMESTAMPS_LEN = 12;

/** True for a window of whole segments, as Linux rounds it down to. */
function isWholeSegments(window: number, segment: number): boolean {
  return window >= segment && window % segment === 0;
}

/**
 * Stacks, as measured in labs with every layout of `--syn-options` (`deno task lab:shapes` measures again); shapes that were not seen are
 * not in it. An MSS alone, with which many stacks reply, tells only those apart whose other fields are unusual.
 */
const STACKS: readonly Stack[] = [
  // Linux 6.18.44 and user-mode Linux 6.1.176 (Debian user-mode-linux 6.1um4+b13); tcp_timestamps, tcp_sack and tcp_window_scaling
  // each on and off, receive buffers from 2 KiB to 32 MiB, MTU from 1,400 to 9,000.
  {
    family: "Linux",
    options: ["MSS,NOP,NOP,SACK,NOP,WS", "MSS,SACK,TS,NOP,WS", "MSS,NOP,NOP,TS,NOP,WS", "MSS,SACK,TS"],
    ttl: 64,
    df: true,
    window: (window, segment) => window === 0xffff || isWholeSegments(window, segment),
  },
  // With SACK or window scaling off. A window of 65,535 would be that of other systems too.
  { family: "Linux", options: ["MSS,NOP,WS", "MSS,NOP,NOP,SACK"], ttl: 64, df: true, window: isWholeSegments },
  // Debian golang-gvisor-gvisor-dev 0.0~20221219.0-2, SACK off (its default) and on, MTU 1,280 and 1,500: 20 segments, as far as the
  // scale can express them.
  {
    family: "gVisor netstack",
    options: ["MSS,NOP,WS", "MSS,NOP,NOP,SACK,NOP,WS", "MSS,NOP,NOP,TS,NOP,WS", "MSS,SACK,TS,NOP,WS"],
    ttl: 64,
    df: false,
    window: (window, segment, scale) =>
      [0, TIMESTAMPS_LEN].some((less) => window === (20 * (segment + less)) >> scale << scale),
  },
  // Debian liblwip0 2.1.3+dfsg1-2, with the settings of GNU Hurd.
  { family: "lwIP", options: ["MSS,NOP,WS"], ttl: 255, df: false, window: (window) => window === 0xffff, scale: 1 },
  // Debian liblwipv6-2 1.5a-9.
  { family: "LWIPv6", options: ["MSS"], ttl: 255, df: true, window: (window) => window === 0x8000 },
  // Debian slirp4netns 1.2.0-1 with libslirp0 4.7.0-1.
  { family: "slirp", options: ["MSS"], ttl: 64, df: false, window: (window) => window === 0xffff, isLocal: true },
  // Debian passt 0.0~git20230309.7c7625d-1; window and scale are those of the server that it connects to.
  {
    ...{ family: "pasta", options: ["MSS,NOP,WS"], ttl: 255, df: false, window: () => true },
    ...{ mss: 61_440, isLocal: true },
  },
];

/** Returns the family of the stack that sends this shape; null where the table knows none, or several. */
export function familyOf(words: ArrayLike<number>, at: number): string | null {
  const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
  const less = options.includes("TS") ? TIMESTAMPS_LEN : 0;
  const fits = (stack: Stack) =>
    stack.options.includes(options) && stack.df === df && stack.ttl === (stack.isLocal ? ttl : initialTtl(ttl)) &&
    (stack.scale === undefined || stack.scale === scale) && (stack.mss === undefined || stack.mss === mss) &&
    [mss, ETHERNET_MSS].some((size) => size > less && stack.window(window, size - less, scale ?? 0));
  const families = new Set(STACKS.filter(fits).map(({ family }) => family));
  const [family = null] = families;
  return families.size === 1 ? family : null;
}
