/**
 * Opens transports of UDP sockets, for scans that may not open raw ones.
 *
 * @module
 */

import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { SO_REUSEADDR, SOL_SOCKET } from "../../ffi/constants.ts";
import { type Fd, raiseDescriptorLimit } from "../../ffi/fd.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { CannotScanError } from "../base/errors.ts";
import type { AddressBook } from "../target/address_book.ts";
import type { Ipv6Ends } from "./ipv6_open.ts";
import { KernelTransport } from "./kernel_transport.ts";
import type { OpenedTransport, OpenTransportOptions } from "./open.ts";
import type { RoutePlan } from "./target_routes.ts";
import { type ReservationOptions, reserveFreePorts, reservePorts } from "./port_reservation.ts";
import { errnoText, RAISE_LIMIT } from "./send_errors.ts";
import { type PortSockets, type SocketPackets, UdpSocketReceiver, UdpSocketSender } from "./udp_sockets.ts";
import { openUdp4, SocketPackets4 } from "./udp_sockets_ipv4.ts";

/** The name of the transport. */
const NAME = "sockets";

/** The requirements on a transport of sockets. */
export type OpenSocketsOptions =
  & Pick<OpenTransportOptions, "interfaceName" | "sourceIp" | "sourcePort" | "random" | "packets">
  & { readonly ttl?: number | undefined };

/**
 * Opens a transport of IPv4.
 *
 * @throws {CannotScanError} If the kernel refuses, with what would help.
 */
export function openUdpSockets4(options: OpenSocketsOptions, plan: RoutePlan): OpenedTransport {
  checkSource(options, plan.ownSource !== undefined);
  const open: OpenSocket = (address, port, isSecond) => openUdp4(address, port, { ...options, isSecond });
  const packets = new SocketPackets4(plan.sources);
  return openOver(options, plan, { packets, open, book: plan.book, sources: plan.sources });
}

/**
 * Opens a transport of IPv6.
 *
 * @throws {CannotScanError} If the kernel refuses, with what would help.
 */
export async function openUdpSockets6(
  options: OpenSocketsOptions,
  plan: RoutePlan,
  ends: Ipv6Ends,
): Promise<OpenedTransport> {
  checkSource(options, plan.ownSource6 !== undefined);
  const { openUdp6, SocketPackets6 } = await import("./udp_sockets_ipv6.ts");
  const { ipv6, numbers, sources } = ends;
  const open: OpenSocket = (number, port, isSecond) => openUdp6(number, port, { ...options, isSecond }, ipv6);
  return openOver(options, plan, { packets: new SocketPackets6(ends), open, book: numbers, sources });
}

function checkSource({ sourceIp }: OpenSocketsOptions, isOwn: boolean): void {
  if (sourceIp === undefined || isOwn) return;
  throw new CannotScanError(
    `Cannot send from ${sourceIp} without raw sockets: it is no address of this machine. Leave it out, or use sudo`,
  );
}

/** Opens a socket that is bound to an address, 0 for any, and a port; with `isSecond` to those of another socket. */
type OpenSocket = (address: number, port: number, isSecond: boolean) => Fd;

/** The parts of a transport that depend on the version of IP. */
interface SocketParts {
  readonly packets: SocketPackets;
  readonly open: OpenSocket;
  readonly book: AddressBook;
  readonly sources: OpenedTransport["sources"];
}

function openOver(options: OpenSocketsOptions, plan: RoutePlan, parts: SocketParts): OpenedTransport {
  const { packets, book, sources } = parts;
  using opening = new DisposableStack();
  const sockets = opening.use(holdSockets(options, parts));
  const sender = new UdpSocketSender(sockets, packets, options.packets.maxLength);
  const receiver = new UdpSocketReceiver(sockets, packets);
  const transport = opening.use(new KernelTransport(NAME, sender, receiver, book));
  const opened = opening.move();
  const last = sockets.first + sockets.count - 1;
  return {
    transport,
    broadcasts: [],
    sources,
    ports: { first: sockets.first, count: sockets.count },
    notes: [`Transport ${NAME}: datagrams leave through sockets of the kernel, ports ${sockets.first}-${last}`],
    warnings: plan.warnings,
    [Symbol.dispose]: () => opened.dispose(),
  };
}

/** Opens the sockets of the source ports on every own address. */
function holdSockets(options: OpenSocketsOptions, { sources: { addresses }, open }: SocketParts): HeldSockets {
  const { sourcePort, random, packets: { portCount } } = options;
  try {
    raiseDescriptorLimit();
    const held = openPairs(sourcePort, {
      // A worker may have no host of this address family.
      addresses: addresses.length > 0 ? addresses : [0],
      count: sourcePort === undefined ? portCount : 1,
      ...{ random, open },
    });
    if (held !== undefined) return held;
  } catch (error) {
    if (error instanceof SyscallError) throw cannotOpen(error, options);
    throw error;
  }
  throw new CannotScanError(
    sourcePort === undefined
      ? `Cannot reserve ${portCount} consecutive source ports: no such range is free. Give one with --source-port`
      : `Cannot send from port ${sourcePort}: another program holds it. Give another, or none`,
  );
}

type HeldSockets = PortSockets & Disposable;

/**
 * Opens two sockets for each port and address, the senders first: no other program has these ports then, nor may it bind to them later.
 *
 * @param first The first port; free ones are chosen if it is not given.
 * @returns Undefined if a port is taken.
 * @throws {SyscallError} If a socket cannot be opened.
 */
export function openPairs(
  first: number | undefined,
  { open, ...ports }: Pick<ReservationOptions, "addresses" | "count" | "random"> & { readonly open: OpenSocket },
): HeldSockets | undefined {
  using opening = new DisposableStack();
  const holding = {
    ...ports,
    silent: () => false,
    open: (address: number, port: number) => open(address, port, false),
  };
  const held = first === undefined ? reserveFreePorts(holding) : reservePorts(first, holding);
  if (held === undefined) return undefined;
  const { fds: senders, count } = opening.use(held);
  const receivers = senders.map((sender, index) => {
    setOption(sender, SOL_SOCKET, SO_REUSEADDR, 1);
    const address = ports.addresses[Math.floor(index / count)]!;
    const receiver = opening.use(open(address, held.first + index % count, true));
    for (const fd of [sender, receiver]) setOption(fd, SOL_SOCKET, SO_REUSEADDR, 0);
    return receiver;
  });
  const opened = opening.move();
  return { first: held.first, count, senders, receivers, [Symbol.dispose]: () => opened.dispose() };
}

function cannotOpen(error: SyscallError, { sourcePort, interfaceName }: OpenSocketsOptions): CannotScanError {
  const by = interfaceName === undefined ? "" : ` by ${interfaceName}`;
  const at = sourcePort === undefined ? "" : ` from port ${sourcePort}`;
  const remedy = REMEDIES.get(error.errno) ?? "Leave out the option, or use sudo";
  return new CannotScanError(`Cannot send datagrams${at}${by}: ${errnoText(error.errno)}. ${remedy}`, { cause: error });
}

/** Advice by error number. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [ERRNO.EACCES, "Ports below 1024 need root: give another, or none"],
  [ERRNO.EPERM, "Only root may choose the interface on this kernel: leave it out, or use sudo"],
  [ERRNO.ENODEV, "Give an interface that exists"],
  [ERRNO.EMFILE, RAISE_LIMIT],
]);
