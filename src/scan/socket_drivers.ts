/**
 * Opens the sockets of passes that leave their packets to the kernel: connections and pings.
 *
 * @module
 */

import { ConnectDriver, type OnAccepted } from "../driver/connect_driver.ts";
import type { SocketPingDriver } from "../driver/socket_ping_driver.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import type { AddressBook } from "../target/address_book.ts";
import { icmpErrorKind } from "../technique/ip_reply.ts";
import { socketPingOutcomes, socketPingPorts } from "../technique/ping.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import type { PingSocket } from "../transport/ping_socket.ts";
import { ipv6Connections } from "./ipv6_parts.ts";
import type { WorkerTask } from "./worker_task.ts";
import type { OpenedDrivers } from "./opened_drivers.ts";

/** Opens the sockets of passes that leave their packets to the kernel. */
export async function openSockets(
  passes: readonly Pass[],
  options: WorkerTask["options"],
  routePlan: RoutePlan,
  onAccepted?: OnAccepted,
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const { book, routes } = routePlan;
  const pinging = passes.find(probesHosts);
  // Connections of pings are those of hosts.
  const accepted = pinging === undefined ? { onAccepted } : {};
  const { sourceIp, sourcePort, interface: interfaceName, ttl } = options;
  const ipv6 = await ipv6Connections({ sourceIp, sourcePort, interfaceName, ttl }, book);
  const connect = opening.use(new ConnectDriver(book, { ...options, ...accepted, ipv6, routes }));
  const pings = pinging && opening.use(await openPings(pinging, connect, options, book));
  const resources = opening.move();
  return {
    transport: pings !== undefined && passes.length === 1 ? pings.name : connect.name,
    sources: [],
    notes: passes.some((pass) => !probesHosts(pass))
      ? [`Ports are probed by connect(2), at most ${connect.maxInFlight} at a time`]
      : [],
    warnings: routePlan.warnings,
    routePlan,
    driverOf: (pass) => probesHosts(pass) ? pings! : connect,
    closeBefore: () => {},
    isOfLinks: () => false,
    macOf: () => 0,
    prober: undefined,
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** Loads and opens the sockets that ping hosts. */
async function openPings(
  { technique }: Pass,
  connect: ConnectDriver,
  options: WorkerTask["options"],
  book: AddressBook,
): Promise<SocketPingDriver> {
  using opening = new DisposableStack();
  const { SocketPingDriver } = await import("../driver/socket_ping_driver.ts");
  const ports = socketPingPorts(technique)!;
  const pings: { 4?: PingSocket; 6?: PingSocket } = {};
  if (ports.includes(0)) {
    const { Ipv4Echo, PingSocket } = await import("../transport/ping_socket.ts");
    pings[4] = opening.use(new PingSocket(new Ipv4Echo(book), icmpErrorKind, options));
    if (book.ipv6 !== undefined) {
      const [{ Ipv6Echo }, { icmpv6ErrorKind }] = await Promise.all([
        import("../transport/ipv6_ping_socket.ts"),
        import("../technique/icmpv6_errors.ts"),
      ]);
      pings[6] = opening.use(new PingSocket(new Ipv6Echo(book.ipv6), icmpv6ErrorKind, options));
    }
  }
  opening.move();
  const outcomes = socketPingOutcomes({ ignoresRst: options.ignoreRst });
  return new SocketPingDriver({ book, ports, outcomes, connect, pings });
}
