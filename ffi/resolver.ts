/**
 * Names: of hosts by getaddrinfo(3) and getnameinfo(3), on threads of Deno's pool; of services by the system's list, services(5).
 *
 * @module
 */

import { AF_INET, AF_INET6, EAI_NONAME, EAI_SYSTEM, NI_NAMEREQD, SOCK_STREAM } from "./constants.ts";
import { SyscallError } from "./errno.ts";
import { addrinfo, sockaddr_in, sockaddr_in6 } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer, pinString, readString, viewOf } from "./memory.ts";
import { pinInet4 } from "./socket.ts";
import { readTextFile } from "./system.ts";

/** A name that could not be resolved, and why. */
export class ResolveError extends Error {
  override readonly name = "ResolveError";
  /** The reason alone, in the system's words. */
  readonly reason: string;

  constructor(hostname: string, code: number) {
    const reason = resolverText(code);
    super(`${hostname}: ${reason}`);
    this.reason = reason;
  }
}

function resolverText(code: number): string {
  // The errno behind EAI_SYSTEM was the pool thread's, and is gone.
  if (code === EAI_SYSTEM) return "the system's resolver failed";
  return readString(libc().gai_strerror(code)) ?? `error ${code}`;
}

/** Memory that pool threads read and write now, which may not be freed. */
const inUse = new Set<readonly PinnedBuffer[]>();

/**
 * The IPv4 addresses of a host name, in the resolver's order, each once.
 *
 * @throws {ResolveError} If it has none.
 */
export async function resolveName(name: string): Promise<number[]> {
  return (await resolveAddresses(name, AF_INET)).filter((address) => typeof address === "number");
}

/**
 * The addresses of a host name, in the resolver's order, each once: numbers of 32 bits of IPv4, bigints of IPv6. Link-local addresses,
 * which are good on one link only, are left out.
 *
 * @param family `AF_INET`, `AF_INET6`, or `AF_UNSPEC` for both.
 * @throws {ResolveError} If it has none.
 */
export async function resolveAddresses(name: string, family: number): Promise<(number | bigint)[]> {
  const { getaddrinfoAside, freeaddrinfo } = libc();
  // C would end the name there, and resolve another one.
  if (name === "" || name.includes("\0")) throw new ResolveError(name, EAI_NONAME);
  const node = pinString(name);
  const hints = pin(addrinfo.size);
  hints.view.setInt32(addrinfo.ai_family, family, true);
  hints.view.setInt32(addrinfo.ai_socktype, SOCK_STREAM, true);
  const result = pin(8);
  const memory = [node, hints, result];
  inUse.add(memory);
  try {
    const code = await getaddrinfoAside(node.pointer, null, hints.pointer, result.pointer);
    if (code !== 0) throw new ResolveError(name, code);
    const list = Deno.UnsafePointer.create(result.view.getBigUint64(0, true));
    const addresses = readAddresses(list);
    freeaddrinfo(list);
    if (addresses.length === 0) throw new ResolveError(name, EAI_NONAME);
    return addresses;
  } finally {
    inUse.delete(memory);
  }
}

/** The first ten bits of link-local addresses, fe80::/10. */
const LINK_LOCAL = 0x3fan;

function readAddresses(list: Deno.PointerValue): (number | bigint)[] {
  const addresses = new Set<number | bigint>();
  for (let entry = list; entry !== null;) {
    const info = viewOf(entry, addrinfo.size);
    const address = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_addr, true));
    const length = info.getUint32(addrinfo.ai_addrlen, true);
    const family = info.getInt32(addrinfo.ai_family, true);
    if (address !== null && family === AF_INET && length >= sockaddr_in.size) {
      addresses.add(viewOf(address, sockaddr_in.size).getUint32(sockaddr_in.sin_addr));
    } else if (address !== null && family === AF_INET6 && length >= sockaddr_in6.size) {
      const view = viewOf(address, sockaddr_in6.size);
      const at = sockaddr_in6.sin6_addr;
      const number = view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
      if (number >> 118n !== LINK_LOCAL) addresses.add(number);
    }
    entry = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_next, true));
  }
  return [...addresses];
}

/** Pins a `struct sockaddr_in6` without a port. */
function pinInet6(address: bigint): PinnedBuffer {
  const pinned = pin(sockaddr_in6.size);
  pinned.view.setUint16(sockaddr_in6.sin6_family, AF_INET6, true);
  pinned.view.setBigUint64(sockaddr_in6.sin6_addr, address >> 64n);
  pinned.view.setBigUint64(sockaddr_in6.sin6_addr + 8, BigInt.asUintN(64, address));
  return pinned;
}

/** Bytes of a name that getnameinfo(3) writes at most, with its NUL (`NI_MAXHOST`). */
const NAME_LEN = 1025;

/**
 * The name of an IPv4 address, or of an IPv6 address as a bigint, by getnameinfo(3): of the hosts file, DNS, or whatever nsswitch.conf(5) names. `null` if it has
 * none; undefined if the resolver failed.
 */
export async function resolveAddress(address: number | bigint): Promise<Uint8Array | null | undefined> {
  const { getnameinfoAside } = libc();
  const socketAddress = typeof address === "number" ? pinInet4(address, 0) : pinInet6(address);
  const name = pin(NAME_LEN);
  const memory = [socketAddress, name];
  inUse.add(memory);
  try {
    const code = await getnameinfoAside(
      socketAddress.pointer,
      socketAddress.bytes.length,
      name.pointer,
      NAME_LEN,
      null,
      0,
      NI_NAMEREQD,
    );
    if (code === EAI_NONAME) return null;
    return code === 0 ? name.bytes.subarray(0, name.bytes.indexOf(0)) : undefined;
  } finally {
    inUse.delete(memory);
  }
}

const MAX_PORT = 65_535;
const SERVICES_PATH = "/etc/services";
/** The longest that is read; the longest in use are under 1 MiB. */
const SERVICES_LEN = 4 << 20;
/** A line of services(5): name, port, protocol, aliases. */
const SERVICE = /^[ \t]*([^\s#]+)[ \t]+(\d{1,5})\/(tcp|udp)(?![^\s#])([^#\n]*)/gm;

/** A protocol that has ports with names. */
type Protocol = "tcp" | "udp";

/** The first port of each name and alias. */
let portsByName: Map<string, number> | undefined;

/**
 * Returns the first name of each port of a protocol in the system's list of services, services(5). The list is read as a file:
 * getservent(3) takes 10 us for each of its lines, of which some systems have 11,000, and in musl it finds none.
 */
export function serviceNames(protocol: Protocol = "tcp"): Map<number, string> {
  const names = new Map<number, string>();
  for (const { port, name } of services(protocol)) if (!names.has(port)) names.set(port, name);
  return names;
}

/** The port of a service name (or alias) in the same list, that of TCP if it has both, or undefined. It is read once. */
export function servicePort(name: string): number | undefined {
  return (portsByName ??= readPorts()).get(name);
}

function readPorts(): Map<string, number> {
  const ports = new Map<string, number>();
  for (const { port, name, aliases } of [...services("tcp"), ...services("udp")]) {
    for (const each of [name, ...aliases.split(/\s+/)]) if (each !== "" && !ports.has(each)) ports.set(each, port);
  }
  return ports;
}

function* services(
  protocol: Protocol,
): Generator<{ readonly port: number; readonly name: string; readonly aliases: string }> {
  for (const [, name = "", digits, proto, aliases = ""] of servicesText().matchAll(SERVICE)) {
    const port = Number(digits);
    if (proto === protocol && port <= MAX_PORT) yield { port, name, aliases };
  }
}

function servicesText(): string {
  try {
    return readTextFile(SERVICES_PATH, SERVICES_LEN);
  } catch (error) {
    if (error instanceof SyscallError) return "";
    throw error;
  }
}
