/**
 * Facts about the system, read through libc, so that no permission but `--allow-ffi` is needed.
 *
 * @module
 */

import { CLOCK_REALTIME, O_CLOEXEC, O_RDONLY } from "./constants.ts";
import { ERRNO, lastErrno, SyscallError } from "./errno.ts";
import { timespec } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, type PinnedBuffer, pinString, readString, usize } from "./memory.ts";
import { Fd } from "./fd.ts";

/** Bytes of a text file that there is room for at first. */
const FIRST_LEN = 1 << 14;

/**
 * Reads a text file, at most `maxLen` bytes of it.
 *
 * @throws {SyscallError} If it cannot be opened or read.
 */
export function readTextFile(path: string, maxLen = 4096): string {
  const name = pinString(path);
  const number = libc().open(name.pointer, O_RDONLY | O_CLOEXEC);
  const errno = lastErrno();
  keepAlive(name);
  if (number === -1) throw new SyscallError("open", errno);
  using file = new Fd(number);
  let text = pin(Math.min(maxLen, FIRST_LEN));
  let length = 0;
  while (length < maxLen) {
    if (length === text.bytes.length) {
      const longer = pin(Math.min(maxLen, 4 * length));
      longer.bytes.set(text.bytes);
      text = longer;
    }
    const result = libc().read(file.number, text.at(length), usize(text.bytes.length - length));
    if (result === 0) break;
    if (result > 0) {
      length += result;
      continue;
    }
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) throw new SyscallError("read", errno);
  }
  return new TextDecoder().decode(text.bytes.subarray(0, length));
}

/** A variable of the environment that this process was started with; `undefined` where it is not set. */
export function environmentVariable(name: string): string | undefined {
  const text = pinString(name);
  const value = libc().getenv(text.pointer);
  keepAlive(text);
  return readString(value);
}

/** The kernel's version, as major * 1000 + minor; 0 where it cannot be read. */
export function kernelVersion(): number {
  try {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(readTextFile("/proc/sys/kernel/osrelease")) ?? [];
    return Number(major ?? 0) * 1000 + Number(minor ?? 0);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return 0;
  }
}

/** The kernel's own default, for machines that hide theirs. */
const DEFAULT_LOCAL_PORTS: readonly [low: number, high: number] = [32768, 60999];

/** The lowest and the highest port that the kernel gives to connections of its own choice, ip(7) `ip_local_port_range`. */
export function localPortRange(): [low: number, high: number] {
  let text: string;
  try {
    text = readTextFile("/proc/sys/net/ipv4/ip_local_port_range");
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return [...DEFAULT_LOCAL_PORTS];
  }
  return parsePortRange(text) ?? [...DEFAULT_LOCAL_PORTS];
}

/** Reads `"32768\t60999\n"`. */
export function parsePortRange(text: string): [low: number, high: number] | undefined {
  const match = /^\s*(\d{1,5})\s+(\d{1,5})\s*$/.exec(text);
  if (match === null) return undefined;
  const low = Number(match[1]);
  const high = Number(match[2]);
  return low >= 1 && low <= high && high <= 65535 ? [low, high] : undefined;
}

let clock: PinnedBuffer | undefined;

/** Reads a `struct timespec` as milliseconds, with fractions. */
export function readTimespecMs(view: DataView, at: number): number {
  // 32 bits of seconds do until 2106, and need no BigInt.
  return view.getUint32(at + timespec.tv_sec, true) * 1000 + view.getUint32(at + timespec.tv_nsec, true) / 1e6;
}

/** Milliseconds since 1970, with fractions: the clock of the kernel's packet timestamps. */
export function realtimeMs(): number {
  clock ??= pin(timespec.size);
  libc().clock_gettime(CLOCK_REALTIME, clock.pointer);
  return readTimespecMs(clock.view, 0);
}

/** Bytes of `/proc/net/netstat`, of which kernels have about 6,000. The other files of counters are shorter. */
const NETSTAT_LEN = 1 << 16;

/** Packets that this network namespace has received and dropped since it was made. */
export interface InputDrops {
  /** Those that the reverse-path filter has dropped, which IPv4 alone has. */
  readonly reversePath: number;
  /** Those to one host that are neither delivered nor forwarded, refused or counted otherwise: the packet filter has dropped them. */
  readonly firewall: number;
}

/** The counters of packets that were not delivered, by the names of RFC 4293. */
const NOT_DELIVERED = [
  ...[
    "InHdrErrors",
    "InTooBigErrors",
    "InNoRoutes",
    "InAddrErrors",
    "InUnknownProtos",
    "InTruncatedPkts",
    "InDiscards",
  ],
  ...["ForwDatagrams", "OutForwDatagrams", "InMcastPkts", "InBcastPkts", "ReasmReqds"],
];

/** Returns the packets of an address family that were dropped; as far as the kernel counts them, else 0. */
export function inputDrops(family: 4 | 6): InputDrops {
  const counts = family === 4 ? ipv4Counters() : ipv6Counters();
  const count = (name: string) => counts.get(name) ?? 0;
  const reversePath = count("IPReversePathFilter");
  const taken = NOT_DELIVERED.reduce((sum, name) => sum + count(name), count("InDelivers") + reversePath);
  // Fragments were received one by one, and are delivered together.
  return { reversePath, firewall: count("InReceives") + count("ReasmOKs") - taken };
}

/** Reads the counters of IPv4, of which each protocol has a line of names and one of numbers. */
function ipv4Counters(): Map<string, number> {
  const lines = (counterFile("/proc/net/snmp") + counterFile("/proc/net/netstat")).split("\n");
  return new Map(["Ip:", "IpExt:", "TcpExt:"].flatMap((protocol) => {
    const [names = [], numbers = []] = lines.map((line) => line.split(" ")).filter(([first]) => first === protocol);
    return names.map((name, at) => [name, Number(numbers[at])] as const);
  }));
}

/** Reads the counters of IPv6, a line each: `Ip6InReceives  12`. */
function ipv6Counters(): Map<string, number> {
  return new Map(
    Array.from(
      counterFile("/proc/net/snmp6").matchAll(/^Ip6(\w+)\s+(\d+)$/gm),
      ([, name, count]) => [name!, Number(count)],
    ),
  );
}

function counterFile(path: string): string {
  try {
    return readTextFile(path, NETSTAT_LEN);
  } catch (error) {
    if (error instanceof SyscallError) return "";
    throw error;
  }
}
