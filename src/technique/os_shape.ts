// Hot path: `readShape` and `shapeKey` run for SYN-ACKs and allocate nothing.
/**
 * The shape of a SYN-ACK, and the systems that send it: the order of the TCP options, MSS, window, window scale, time to live and
 * the Don't Fragment bit; over IPv6 the hop limit in their place. Stacks choose them differently, as RFC 9293 and RFC 7323 leave them
 * open.
 *
 * @module
 */

import { initialTtl } from "../base/ttl.ts";
import { ipv4DontFragment } from "../wire/ipv4.ts";
import {
  TCP_MAX_HEADER_LEN,
  TCP_MIN_HEADER_LEN,
  TCP_OPTION_END,
  TCP_OPTION_MSS,
  TCP_OPTION_NOP,
  TCP_OPTION_SACK_PERMITTED,
  TCP_OPTION_TIMESTAMPS,
  TCP_OPTION_WINDOW_SCALE,
  tcpFlags,
  tcpHeaderLen,
  tcpOptionLen,
  tcpWindow,
} from "../wire/tcp.ts";

/**
 * 32-bit words of a shape: the order of options, three bits each, the first in the lowest bits; MSS and window; and time to live,
 * window scale, Don't Fragment, and a bit for IPv6.
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
const IPV6_BIT = 1 << 17;
/** The bits that packets of one stack have in common. */
const OF_IP = DF_BIT | IPV6_BIT;

/** The place of a segment in a packet, as a technique has found it: every length of it was checked. */
export interface SegmentPlace {
  /** The offset of the TCP header. */
  readonly segmentAt: number;
  /** Time to live, or hop limit. */
  readonly ttl: number;
}

/** Returns version, time to live and Don't Fragment as the bits of a shape. */
function ipBits(view: DataView, at: number, ttl: number): number {
  if (view.getUint8(at) >> 4 === 6) return ttl | IPV6_BIT;
  return ttl | (ipv4DontFragment(view, at) ? DF_BIT : 0);
}

/**
 * Reads the shape of a SYN-ACK into `shape`. Returns false, with `shape` as it was, for one with window 0: a SYN proxy sent it.
 *
 * @param at The offset of the packet.
 */
export function readShape(view: DataView, at: number, { segmentAt, ttl }: SegmentPlace, shape: Uint32Array): boolean {
  const window = tcpWindow(view, segmentAt);
  if (window === 0) return false;
  let order = 0;
  let count = 0;
  let mss = 0;
  let scale = NO_SCALE;
  const end = segmentAt + tcpHeaderLen(view, segmentAt);
  for (let option = segmentAt + TCP_MIN_HEADER_LEN; option < end;) {
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
  shape[2] = ipBits(view, at, ttl) | scale << SCALE_SHIFT;
  return true;
}

/** The headers of a SYN-ACK, without what differs from packet to packet: those of one stack are mostly equal. */
export class SeenHeaders {
  #ip = 0;
  #tcp = 0;
  readonly #options = new Uint32Array((TCP_MAX_HEADER_LEN - TCP_MIN_HEADER_LEN) / 4);

  /** Takes the headers of a packet of which `readShape` has read a shape. */
  set(view: DataView, at: number, { segmentAt, ttl }: SegmentPlace): void {
    this.#ip = ipBits(view, at, ttl);
    this.#tcp = tcpFields(view, segmentAt);
    const length = (tcpHeaderLen(view, segmentAt) - TCP_MIN_HEADER_LEN) / 4;
    for (let i = 0; i < length; i++) this.#options[i] = view.getUint32(segmentAt + TCP_MIN_HEADER_LEN + 4 * i);
  }

  /** Returns true if a segment has equal headers, and so the same shape. */
  matches(view: DataView, at: number, { segmentAt, ttl }: SegmentPlace): boolean {
    if (ipBits(view, at, ttl) !== this.#ip || tcpFields(view, segmentAt) !== this.#tcp) return false;
    const length = (tcpHeaderLen(view, segmentAt) - TCP_MIN_HEADER_LEN) / 4;
    for (let i = 0; i < length; i++) {
      if (view.getUint32(segmentAt + TCP_MIN_HEADER_LEN + 4 * i) !== this.#options[i]) return false;
    }
    return true;
  }
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

/** Returns a number that the SYN-ACKs of one stack have in common: it takes less time than to read a shape. */
export function shapeKey(view: DataView, at: number, { segmentAt, ttl }: SegmentPlace): number {
  const headerLen = tcpHeaderLen(view, segmentAt);
  const second = headerLen >= TCP_MIN_HEADER_LEN + 8 ? view.getUint32(segmentAt + TCP_MIN_HEADER_LEN + 4) : 0;
  const rest = ipBits(view, at, initialTtl(ttl)) << 8 | headerLen;
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
  return initialTtl(ip & 0xff) === initialTtl(theirIp & 0xff) && (ip & OF_IP) === (theirIp & OF_IP);
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
  /** Undefined over IPv6, which has no such bit. */
  readonly df: boolean | undefined;
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
    df: (ip & IPV6_BIT) === 0 ? (ip & DF_BIT) !== 0 : undefined,
  };
}

/** Returns a shape as text: `options MSS,NOP,WS; MSS 1460; window 65535, scale 1; TTL 255; no DF`, over IPv6 `...; hop limit 255`. */
export function shapeText(words: ArrayLike<number>, at: number): string {
  const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
  return [
    `options ${options}`,
    ...mss === 0 ? [] : [`MSS ${mss}`],
    `window ${window}${scale === undefined ? "" : `, scale ${scale}`}`,
    ...df === undefined ? [`hop limit ${ttl}`] : [`TTL ${ttl}`, df ? "DF" : "no DF"],
  ].join("; ");
}

/** A stack, and the shape of its SYN-ACKs. */
interface Stack {
  readonly family: string;
  /** Orders of options, each with which of them its settings leave out. */
  readonly options: readonly string[];
  /** Initial time to live, or hop limit. */
  readonly ttl: number;
  /** Undefined for a shape over IPv6. */
  readonly df?: boolean;
  /** Returns true for a window of this stack; `segment` is the MSS less the timestamps in each segment. */
  readonly window: (window: number, segment: number, scale: number) => boolean;
  readonly scale?: number;
  readonly mss?: number;
  /** True for a stack that runs on the scanner's machine: there is no router between. */
  readonly isLocal?: boolean;
}

/** The MSS of Ethernet over each version of IP, as it was before a router on the path lowered it. */
const ETHERNET_MSS = 1460;
const ETHERNET_MSS_IPV6 = 1440;
const TIMESTAMPS_LEN = 12;

/** True for a window of whole segments, as Linux rounds it down to. */
function isWholeSegments(window: number, segment: number): boolean {
  return window >= segment && window % segment === 0;
}

/** True for a window of gVisor: 20 segments, as far as the scale can express them. */
function isTwentySegments(window: number, segment: number, scale: number): boolean {
  return [0, TIMESTAMPS_LEN].some((less) => window === (20 * (segment + less)) >> scale << scale);
}

/** The options of gVisor, with SACK off (its default) and on. */
const GVISOR_OPTIONS = ["MSS,NOP,WS", "MSS,NOP,NOP,SACK,NOP,WS", "MSS,NOP,NOP,TS,NOP,WS", "MSS,SACK,TS,NOP,WS"];

/** The options of Linux, also with some of its settings off, that no other stack sends; and those that others send too. */
const LINUX_OPTIONS = ["MSS,NOP,NOP,SACK,NOP,WS", "MSS,SACK,TS,NOP,WS", "MSS,NOP,NOP,TS,NOP,WS", "MSS,SACK,TS"];
const LINUX_OPTIONS_LIKE_OTHERS = ["MSS,NOP,WS", "MSS,NOP,NOP,SACK"];

/**
 * Stacks, as measured in labs with every layout of `--syn-options` (`deno task lab:shapes` measures again); shapes that were not seen are
 * not in it. An MSS alone, with which many stacks reply, tells only those apart whose other fields are unusual.
 */
const STACKS: readonly Stack[] = [
  // Linux 6.18.44 and user-mode Linux 6.1.176 (Debian user-mode-linux 6.1um4+b13); tcp_timestamps, tcp_sack and tcp_window_scaling
  // each on and off, receive buffers from 2 KiB to 32 MiB, MTU from 1,400 to 9,000.
  {
    family: "Linux",
    options: LINUX_OPTIONS,
    ttl: 64,
    df: true,
    window: (window, segment) => window === 0xffff || isWholeSegments(window, segment),
  },
  // With SACK or window scaling off. A window of 65,535 would be that of other systems too.
  { family: "Linux", options: LINUX_OPTIONS_LIKE_OTHERS, ttl: 64, df: true, window: isWholeSegments },
  // Linux 6.18.44 over IPv6, where no bit tells it from gVisor: a window that both may have is left out.
  {
    family: "Linux",
    options: LINUX_OPTIONS,
    ttl: 64,
    window: (window, segment, scale) =>
      (window === 0xffff || isWholeSegments(window, segment)) && !isTwentySegments(window, segment, scale),
  },
  {
    family: "Linux",
    options: LINUX_OPTIONS_LIKE_OTHERS,
    ttl: 64,
    window: (window, segment, scale) => isWholeSegments(window, segment) && !isTwentySegments(window, segment, scale),
  },
  // Debian golang-gvisor-gvisor-dev 0.0~20221219.0-2, MTU 1,280 and 1,500, over IPv6 1,500.
  { family: "gVisor netstack", options: GVISOR_OPTIONS, ttl: 64, df: false, window: isTwentySegments },
  { family: "gVisor netstack", options: GVISOR_OPTIONS, ttl: 64, window: isTwentySegments, scale: 5 },
  // Debian liblwip0 2.1.3+dfsg1-2, with the settings of GNU Hurd.
  { family: "lwIP", options: ["MSS,NOP,WS"], ttl: 255, df: false, window: (window) => window === 0xffff, scale: 1 },
  { family: "lwIP", options: ["MSS,NOP,WS"], ttl: 255, window: (window) => window === 0xffff, scale: 1 },
  // Debian liblwipv6-2 1.5a-9.
  { family: "LWIPv6", options: ["MSS"], ttl: 255, df: true, window: (window) => window === 0x8000 },
  { family: "LWIPv6", options: ["MSS"], ttl: 255, window: (window) => window === 0x8000 },
  // Debian slirp4netns 1.2.0-1 with libslirp0 4.7.0-1.
  { family: "slirp", options: ["MSS"], ttl: 64, df: false, window: (window) => window === 0xffff, isLocal: true },
  { family: "slirp", options: ["MSS"], ttl: 255, window: (window) => window === 0xffff, isLocal: true },
  // Debian passt 0.0~git20230309.7c7625d-1; window and scale are those of the server that it connects to.
  {
    ...{ family: "pasta", options: ["MSS,NOP,WS"], ttl: 255, df: false, window: () => true },
    ...{ mss: 61_440, isLocal: true },
  },
  { family: "pasta", options: ["MSS,NOP,WS"], ttl: 255, window: () => true, mss: 61_440, isLocal: true },
];

/** Returns the family of the stack that sends this shape; null where the table knows none, or several. */
export function familyOf(words: ArrayLike<number>, at: number): string | null {
  const { options, mss, window, scale, ttl, df } = fieldsOf(words, at);
  const less = options.includes("TS") ? TIMESTAMPS_LEN : 0;
  const fits = (stack: Stack) =>
    stack.options.includes(options) && stack.df === df && stack.ttl === (stack.isLocal ? ttl : initialTtl(ttl)) &&
    (stack.scale === undefined || stack.scale === scale) && (stack.mss === undefined || stack.mss === mss) &&
    [mss, df === undefined ? ETHERNET_MSS_IPV6 : ETHERNET_MSS].some((size) =>
      size > less && stack.window(window, size - less, scale ?? 0)
    );
  const families = new Set(STACKS.filter(fits).map(({ family }) => family));
  const [family = null] = families;
  return families.size === 1 ? family : null;
}
