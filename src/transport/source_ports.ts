/**
 * The source ports of packets, held so that no other program gets the replies.
 *
 * @module
 */

import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { InterfaceAddress } from "../../ffi/netlink/address.ts";
import { CannotScanError } from "../base/errors.ts";
import { NO_HOST } from "../target/address_book.ts";
import { isLoopback } from "../wire/address.ts";
import {
  openDatagram,
  openStream,
  type ReservationOptions,
  ReservedPorts,
  reserveFreePorts,
  reservePorts,
} from "./port_reservation.ts";
import { isOwnAddress } from "./own_sources.ts";
import type { RoutePlan } from "./target_routes.ts";

/** The source ports that packets need. */
export interface SourcePortNeeds {
  /** The number of source ports to reserve; 0 where packets have none. */
  readonly portCount: number;
  /** True where these are ports of UDP, and not of TCP. */
  readonly isUdp?: boolean;
}

/** The requirements on source ports. */
export interface SourcePortOptions {
  /** The only port to send from; one for each attempt if not given. */
  readonly sourcePort?: number | undefined;
  /** True where another transport of the scan holds that port. */
  readonly isPortHeld?: boolean;
  /** A random 32-bit number. */
  readonly random: number;
  readonly packets: SourcePortNeeds;
}

/** Consecutive ports that packets are sent from; none where packets have none. */
export interface SourcePorts {
  readonly first: number;
  readonly count: number;
}

/** Holds ports of the addresses of this machine that packets over IPv4 leave from. */
export function choosePorts(
  options: SourcePortOptions,
  plan: RoutePlan,
  ownAddresses: readonly InterfaceAddress[],
  notes: string[],
): { ports: SourcePorts; held: ReservedPorts | undefined } {
  const { addresses } = plan.sources;
  // A held port does not reply: it would look filtered in a scan of the address on which it is held.
  const scanned = new Set(addresses.filter((address) => {
    const host = plan.book.find(address);
    return host !== NO_HOST && plan.routes.segments.some(({ first, last }) => host >= first && host <= last);
  }));
  const held = addresses.filter((address) => isOwnAddress(address, ownAddresses));
  const silent = (address: number) => !scanned.has(address) && !isLoopback(address);
  return holdPorts(options, notes, { addresses: held, silent, openStream, openDatagram });
}

/** The addresses on which ports are held, and the sockets that hold them. */
interface PortHolders extends Pick<ReservationOptions, "addresses" | "silent"> {
  readonly openStream: ReservationOptions["open"];
  readonly openDatagram: ReservationOptions["open"];
}

/** Holds the ports that packets leave from, where they have some. */
export function holdPorts(
  options: SourcePortOptions,
  notes: string[],
  { addresses, silent, openStream, openDatagram }: PortHolders,
): { ports: SourcePorts; held: ReservedPorts | undefined } {
  const { random, packets: { portCount, isUdp } } = options;
  const holding = isUdp === true
    ? { random, addresses: addresses.filter(silent), silent: () => false, open: openDatagram }
    : { random, addresses, silent, open: openStream };
  if (portCount === 0) return { ports: { first: 0, count: 0 }, held: undefined };
  if (options.sourcePort !== undefined) {
    const ports = { first: options.sourcePort, count: 1 };
    if (options.isPortHeld === true) return { ports, held: undefined };
    const held = reservation(() => reservePorts(options.sourcePort!, { ...holding, count: 1 }));
    if (!(held instanceof ReservedPorts)) {
      notes.push(`Source port ${options.sourcePort} ${held ?? "is in use by another program"}; it is used anyway`);
      return { ports, held: undefined };
    }
    return { ports, held };
  }
  const held = reserveFreePorts({ ...holding, count: portCount });
  if (held === undefined) {
    throw new CannotScanError(
      `Cannot reserve ${portCount} consecutive source ports: no such range is free outside the kernel's own. ` +
        `Give one with --source-port`,
    );
  }
  return { ports: held, held };
}

/** Returns the ports that `reserve` holds, or the reason if they are below 1024 and it has no right to those. */
function reservation(reserve: () => ReservedPorts | undefined): ReservedPorts | string | undefined {
  try {
    return reserve();
  } catch (error) {
    if (error instanceof SyscallError && error.errno === ERRNO.EACCES) {
      return "cannot be held without CAP_NET_BIND_SERVICE";
    }
    throw error;
  }
}
