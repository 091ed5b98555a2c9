/**
 * Opens transports of UDP sockets, for scans that may not open raw ones.
 *
 * @module
 */

import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { Fd } from "../../ffi/socket.ts";
import { CannotScanError } from "../base/errors.ts";
import { KernelTransport } from "./kernel_transport.ts";
import type { OpenedTransport, OpenTransportOptions, RoutePlan } from "./open.ts";
import { reserveFreePorts, reservePorts } from "./port_reservation.ts";
import { errnoText } from "./send_errors.ts";
import { type PortSockets, UdpSocketReceiver, UdpSocketSender } from "./udp_sockets.ts";
import { openUdp4, SocketPackets4, type UdpSocketOptions } from "./udp_sockets_ipv4.ts";

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
  if (options.sourceIp !== undefined && plan.ownSource === undefined) {
    throw new CannotScanError(
      `Cannot send from ${options.sourceIp} without raw sockets: it is no address of this machine. Leave it out, or use sudo`,
    );
  }
  using opening = new DisposableStack();
  const sockets = opening.use(holdSockets(options, plan.ownSource ?? 0, openUdp4));
  const packets = new SocketPackets4(plan.book, plan.sources);
  const sender = new UdpSocketSender(sockets, packets, options.packets.maxLength);
  const receiver = new UdpSocketReceiver(sockets, packets);
  const transport = opening.use(new KernelTransport(NAME, sender, receiver, plan.book));
  const opened = opening.move();
  return {
    transport,
    broadcasts: [],
    sources: plan.sources,
    ports: { first: sockets.first, count: sockets.fds.length },
    notes: [notes(sockets)],
    warnings: plan.warnings,
    [Symbol.dispose]: () => opened.dispose(),
  };
}

function notes({ first, fds }: PortSockets): string {
  return `Transport ${NAME}: datagrams leave through sockets of the kernel, ports ${first}-${first + fds.length - 1}`;
}

/** Opens the sockets of the source ports, all bound to one address. */
function holdSockets(
  options: OpenSocketsOptions,
  address: number,
  open: (address: number, port: number, options: UdpSocketOptions) => Fd,
): PortSockets & Disposable {
  const { sourcePort, random, packets: { portCount } } = options;
  const holding = {
    ...{ addresses: [address], silent: () => false, random },
    open: (address: number, port: number) => open(address, port, options),
  };
  try {
    const held = sourcePort === undefined
      ? reserveFreePorts({ ...holding, count: portCount })
      : reservePorts(sourcePort, { ...holding, count: 1 });
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
  [ERRNO.EMFILE, "Raise the limit on open files (ulimit -n)"],
]);
