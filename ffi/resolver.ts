/**
 * Names: hosts by getaddrinfo(3), on a thread of Deno's pool; services by the system's database, getservent(3) and
 * getservbyname(3).
 *
 * @module
 */

import { AF_INET, EAI_AGAIN, EAI_NONAME, EAI_SYSTEM, SOCK_STREAM } from "./constants.ts";
import { addrinfo, servent, sockaddr_in } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, type PinnedBuffer, pinString, readString, viewOf } from "./memory.ts";
import { networkOrder16 } from "./socket.ts";

/** A name that could not be resolved, and why. */
export class ResolveError extends Error {
  override readonly name = "ResolveError";
  /** What was asked for. */
  readonly hostname: string;
  /** The reason alone, in the system's words. */
  readonly reason: string;
  /** The `EAI_` number of getaddrinfo(3). */
  readonly code: number;
  /** True where asking again later may help. */
  readonly temporary: boolean;

  constructor(hostname: string, code: number) {
    const reason = resolverText(code);
    super(`${hostname}: ${reason}`);
    this.hostname = hostname;
    this.reason = reason;
    this.code = code;
    this.temporary = code === EAI_AGAIN;
  }
}

function resolverText(code: number): string {
  // The errno behind EAI_SYSTEM was the pool thread's, and is gone.
  if (code === EAI_SYSTEM) return "the system's resolver failed";
  return readString(libc().gai_strerror(code)) ?? `error ${code}`;
}

/** What pool threads read and write at this moment. Nothing in here may be freed. */
const inUse = new Set<readonly PinnedBuffer[]>();

/**
 * The IPv4 addresses of a host name, in the resolver's order, each once.
 *
 * @throws {ResolveError} If it has none.
 */
export async function resolveName(name: string): Promise<number[]> {
  const { getaddrinfoAside, freeaddrinfo } = libc();
  // C would end the name there, and resolve another one.
  if (name === "" || name.includes("\0")) throw new ResolveError(name, EAI_NONAME);
  const node = pinString(name);
  const hints = pin(addrinfo.size);
  hints.view.setInt32(addrinfo.ai_family, AF_INET, true);
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

function readAddresses(list: Deno.PointerValue): number[] {
  const addresses = new Set<number>();
  for (let entry = list; entry !== null;) {
    const info = viewOf(entry, addrinfo.size);
    const address = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_addr, true));
    const complete = info.getUint32(addrinfo.ai_addrlen, true) >= sockaddr_in.size;
    if (address !== null && complete && info.getInt32(addrinfo.ai_family, true) === AF_INET) {
      addresses.add(viewOf(address, sockaddr_in.size).getUint32(sockaddr_in.sin_addr));
    }
    entry = Deno.UnsafePointer.create(info.getBigUint64(addrinfo.ai_next, true));
  }
  return [...addresses];
}

let tcp: PinnedBuffer | undefined;
let serviceNames: Map<number, string> | undefined;

/**
 * What the system's services database calls a TCP port, or undefined. The database is read once, whole: asking C for one
 * port reads it from the beginning each time.
 */
export function serviceName(port: number): string | undefined {
  return (serviceNames ??= readServices()).get(port);
}

function readServices(): Map<number, string> {
  const names = new Map<number, string>();
  const { setservent, getservent, endservent } = libc();
  setservent(1);
  for (let entry = getservent(); entry !== null; entry = getservent()) {
    const fields = viewOf(entry, servent.size);
    const port = networkOrder16(fields.getUint16(servent.s_port, true));
    if (names.has(port) || readString(fields.getBigUint64(servent.s_proto, true)) !== "tcp") continue;
    const name = readString(fields.getBigUint64(servent.s_name, true));
    if (name !== undefined) names.set(port, name);
  }
  endservent();
  return names;
}

/** The TCP port of a service name (or alias) in the system's services database, or undefined. */
export function servicePort(name: string): number | undefined {
  if (name === "" || name.includes("\0")) return undefined;
  tcp ??= pinString("tcp");
  const cName = pinString(name);
  const entry = libc().getservbyname(cName.pointer, tcp.pointer);
  keepAlive(cName);
  if (entry === null) return undefined;
  return networkOrder16(viewOf(entry, servent.size).getUint16(servent.s_port, true));
}
