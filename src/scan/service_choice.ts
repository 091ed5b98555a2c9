/**
 * Service detection for the options of a scan: its intensity, its width and its sockets.
 *
 * @module
 */

import type { EngineLimits } from "../engine/engine.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import type { AddressBook } from "../target/address_book.ts";
import type { Pass } from "../result/pass.ts";
import { type DialoguesOver, overTcp } from "../service/over_tcp.ts";
import type { HostNames } from "../target/names.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import { ConnectSockets } from "../transport/connect_sockets.ts";
import { ipv6Connections } from "./ipv6_parts.ts";
import type { ScanOptions } from "./options.ts";
import type { Excluded } from "./plan.ts";
import { ServiceDetection, type ServicePlan } from "./services.ts";
import { ServicesByProtocol } from "./services_by_protocol.ts";

/** The parts of a scan that service detection needs. */
interface ServiceContext extends Pick<ServicePlan, "emit" | "maxRatePps"> {
  readonly options: ScanOptions;
  /** The passes of the scan, by number. */
  readonly passes: readonly Pass[];
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
 * Opens what identifies the services of a scan, over TCP and over UDP as it has passes of these.
 *
 * @throws {CannotScanError} If sockets cannot be opened.
 */
export async function openServices(context: ServiceContext): Promise<ServicesByProtocol> {
  const { options, passes, book, routePlan: { interfaceName, routes } } = context;
  const { sourceIp, ttl } = options;
  const sockets = { sourceIp, interfaceName, ttl, sourcePort: undefined };
  const over = async (how: DialoguesOver, isUdp: boolean) => {
    const socketOptions = { ...sockets, isUdp };
    const ipv6 = await ipv6Connections(socketOptions, book);
    return new ServiceDetection(planOf(context, how), new ConnectSockets(socketOptions, book, ipv6?.sockets, routes));
  };
  using opening = new DisposableStack();
  const has = (protocol: string) => passes.some(({ proto }) => proto === protocol);
  const tcp = has("tcp")
    ? opening.use(await over(overTcp(intensityOf(options), options.services?.allPorts === true), false))
    : undefined;
  const udp = has("udp")
    ? opening.use(await over((await import("../service/over_udp.ts")).overUdp(intensityOf(options)), true))
    : undefined;
  opening.move();
  return new ServicesByProtocol(passes, tcp, udp);
}

function intensityOf({ services }: ScanOptions): number {
  return services?.intensity ?? DEFAULT_INTENSITY;
}

function planOf(context: ServiceContext, kind: DialoguesOver): ServicePlan {
  const { options: { timing = 3 }, book, routePlan: { routes }, names, removed, limits, timeouts } = context;
  const isSerial = limits.maxInFlight === 1;
  return {
    ...kind,
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
  };
}
