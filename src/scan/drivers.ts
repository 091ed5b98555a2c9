/**
 * Opens the sockets of a worker: those of all passes before the first probe, as privileges are dropped then.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import { PacketDriver, packetNeeds } from "../driver/packet_driver.ts";
import { pathKinds } from "../driver/path_kind.ts";
import type { Pass } from "../result/pass.ts";
import { IPV4_BOOK } from "../target/address_book.ts";
import type { Ranges } from "../target/ranges.ts";
import { packetTechnique } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import {
  findRoutePlan,
  type OpenedTransport,
  openTransport,
  type PacketNeeds,
  type RoutePlan,
} from "../transport/open.ts";
import { sendPackets } from "./passes.ts";
import type { OpenedSockets, WorkerTask } from "./worker_task.ts";

/** The open sockets of a worker, and the driver of each pass. */
export interface OpenedDrivers extends OpenedSockets, Disposable {
  readonly routePlan: RoutePlan;
  /** Returns the driver of a pass. The driver of the pass before is not used any more. */
  driverOf(pass: Pass): Driver;
}

/**
 * Opens the sockets of a worker.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openDrivers(
  task: WorkerTask,
  targets: Ranges,
  known: RoutePlan | undefined,
): Promise<OpenedDrivers> {
  const routePlan = known ?? findRoutePlan({
    targets,
    interfaceName: task.options.interface,
    sourceIp: task.options.sourceIp,
  }, IPV4_BOOK);
  const { interfaceName } = routePlan;
  const options = interfaceName === undefined ? task.options : { ...task.options, interface: interfaceName };
  return sendPackets(task.passes)
    ? await openPackets(task.passes, options, targets, routePlan)
    : await openConnect(options, routePlan);
}

async function openPackets(
  passes: readonly Pass[],
  options: WorkerTask["options"],
  targets: Ranges,
  routePlan: RoutePlan,
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const techniques = passes.map(({ technique }) => packetTechnique(technique, options.scanFlags, options.synOptions)!);
  const opened = new Map<Technique, OpenedTransport>();
  for (const sharing of Map.groupBy(techniques, filterKey).values()) {
    const transport = opening.use(
      await openTransport({
        targets,
        kind: options.transport ?? "auto",
        interfaceName: options.interface,
        sourceIp: options.sourceIp,
        sourcePort: options.sourcePort,
        random: crypto.getRandomValues(new Uint32Array(1))[0]!,
        packets: needsTogether(sharing),
      }, routePlan),
    );
    let { first } = transport.ports;
    for (const technique of sharing) {
      const { portCount } = packetNeeds(technique);
      const count = Math.min(portCount, transport.ports.count);
      opened.set(technique, { ...transport, ports: { first, count } });
      // A port of its own for each: to a firewall, probes of another technique would continue a connection that it knows.
      if (portCount <= transport.ports.count) first += portCount;
    }
  }
  const all = [...opened.values()];
  const [{ transport, sources, warnings }] = all as [OpenedTransport];
  const resources = opening.move();
  return {
    transport: transport.traits.name,
    sources: sources.texts,
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
    warnings,
    routePlan,
    driverOf: ({ number }) => {
      const technique = techniques[number]!;
      const { transport, sources, ports, broadcasts } = opened.get(technique)!;
      const ttl = options.ttl ?? 64;
      const { book } = routePlan;
      return new PacketDriver({
        ...{ technique, transport, book, sources, ports, ttl, broadcasts },
        pathTo: pathKinds(routePlan.routes, book),
      });
    },
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** Returns a text that is the same for techniques with the same replies, which can share a transport. */
function filterKey(technique: Technique): string {
  return packetNeeds(technique).filter({ first: 1, count: 1 }).toHex();
}

/** Returns what the packets of several techniques need of one transport. */
function needsTogether(techniques: readonly Technique[]): PacketNeeds {
  const needs = techniques.map(packetNeeds);
  return {
    maxLength: Math.max(...needs.map(({ maxLength }) => maxLength)),
    portCount: needs.reduce((sum, { portCount }) => sum + portCount, 0),
    filter: needs[0]!.filter,
  };
}

async function openConnect(options: WorkerTask["options"], routePlan: RoutePlan): Promise<OpenedDrivers> {
  const { ConnectDriver } = await import("../driver/connect_driver.ts");
  const driver = new ConnectDriver(routePlan.book, options);
  return {
    transport: driver.name,
    sources: [],
    notes: [`Ports are probed by connect(2), at most ${driver.maxInFlight} at a time`],
    warnings: routePlan.warnings,
    routePlan,
    driverOf: () => driver,
    [Symbol.dispose]: () => driver[Symbol.dispose](),
  };
}
