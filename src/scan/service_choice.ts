/**
 * Service detection for the options of a scan: its intensity, its width and its sockets.
 *
 * @module
 */

import type { EngineLimits } from "../engine/engine.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import type { AddressBook } from "../target/address_book.ts";
import { identify } from "../service/matcher.ts";
import { PROBES } from "../service/probes.ts";
import type { HostNames } from "../target/names.ts";
import type { RoutePlan } from "../transport/open.ts";
import { ConnectSockets } from "../transport/connect_sockets.ts";
import { ipv6Connections } from "./ipv6_parts.ts";
import type { ScanOptions } from "./options.ts";
import type { Excluded } from "./plan.ts";
import { ServiceDetection, type ServicePlan } from "./services.ts";

/** The parts of a scan that service detection needs. */
export interface ServiceContext extends Pick<ServicePlan, "emit" | "maxRatePps"> {
  readonly options: ScanOptions;
  readonly book: AddressBook;
  readonly routePlan: RoutePlan;
  readonly names: HostNames;
  /** Hosts and ports that are not to be probed any more. */
  readonly removed: Excluded;
  readonly limits: EngineLimits;
  /** The times of hosts, from their first results on, if they are limited. */
  readonly timeouts: HostTimeouts | undefined;
}

/** The intensity without a choice. */
const DEFAULT_INTENSITY = 7;

/** Connections in all, and ports of one host at a time: here or on an own link, and beyond a gateway by timing template. */
const WIDTH = 1024;
const NEAR_WIDTH = 128;
const BEYOND_WIDTHS: readonly number[] = [1, 1, 1, 16, 32, 64];

/**
 * Opens what identifies the services of a scan.
 *
 * @throws {CannotScanError} If sockets cannot be opened.
 */
export async function openServices(context: ServiceContext): Promise<ServiceDetection> {
  const { options, book, routePlan, names, removed, limits, timeouts } = context;
  const { services = {}, timing = 3 } = options;
  const isSerial = limits.maxInFlight === 1;
  const { routes } = routePlan;
  const { sourceIp, interface: interfaceName, ttl } = options;
  const sockets = { sourceIp, interfaceName, ttl, sourcePort: undefined };
  const ipv6 = await ipv6Connections(sockets, book);
  return new ServiceDetection({
    knowledge: { probes: PROBES, identify },
    intensity: services.intensity ?? DEFAULT_INTENSITY,
    allPorts: services.allPorts === true,
    width: isSerial ? 1 : WIDTH,
    widthOf: (host) => {
      if (isSerial) return 1;
      const { answer } = routes.segments[routes.indexFor(host)]!;
      const isBeyond = answer.type === "unicast" && (answer.gateway ?? answer.gateway6) !== undefined;
      return isBeyond ? BEYOND_WIDTHS[timing]! : NEAR_WIDTH;
    },
    targetOf: (host, port) => ({ host: book.text(host), port, names: names.namesAt(host, port) }),
    isExcluded: (host, port) => removed.hosts.has(host) || removed.ports.has(port),
    isOver: (host, nowMs) => timeouts?.isOver(host, nowMs) === true,
    maxRatePps: context.maxRatePps,
    emit: context.emit,
  }, new ConnectSockets(sockets, book, ipv6?.sockets));
}
