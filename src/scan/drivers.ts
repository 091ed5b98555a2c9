/**
 * Opens the sockets of a worker: those of all passes before the first probe, as privileges are dropped then.
 *
 * @module
 */

import type { Ranges } from "../target/ranges.ts";
import { bookOf, routePlanOf } from "./ipv6_parts.ts";
import { sendsPackets } from "./passes.ts";
import type { WorkerControl, WorkerTask } from "./worker_task.ts";
import type { OpenedDrivers } from "./opened_drivers.ts";
import { openPackets } from "./packet_drivers.ts";

/**
 * Opens the sockets of a worker.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openDrivers(
  task: WorkerTask,
  targets: Ranges,
  { routePlan: known, ring, onAccepted, onServiceData, sendThread }: Pick<
    WorkerControl,
    "routePlan" | "ring" | "onAccepted" | "onServiceData" | "sendThread"
  >,
): Promise<OpenedDrivers> {
  const routePlan = known ?? await routePlanOf({
    targets,
    interfaceName: task.options.interface,
    sourceIp: task.options.sourceIp,
  }, await bookOf(task));
  const { interface: _named, ...unbound } = task.options;
  const { interfaceName } = routePlan;
  const options = interfaceName === undefined ? unbound : { ...unbound, interface: interfaceName };
  const [packets, sockets] = [task.passes.filter(sendsPackets), task.passes.filter((pass) => !sendsPackets(pass))];
  const { probes, usesSockets } = task;
  const packetOptions = { ...options, probes, ring, usesSockets, onServiceData };
  if (sockets.length === 0) return await openPackets(packets, { ...packetOptions, sendThread }, targets, routePlan);
  const { openSockets } = await import("./socket_drivers.ts");
  if (packets.length === 0) return await openSockets(sockets, options, routePlan, onAccepted);
  using opening = new DisposableStack();
  const finding = opening.use(await openPackets(packets, packetOptions, targets, routePlan));
  const connecting = opening.use(await openSockets(sockets, options, routePlan));
  const resources = opening.move();
  return {
    ...finding,
    transport: connecting.transport,
    notes: [...finding.notes, ...connecting.notes],
    driverOf: (pass) => (sendsPackets(pass) ? finding : connecting).driverOf(pass),
    closeBefore: (pass) => finding.closeBefore(pass),
    isOfLinks: (pass) => sendsPackets(pass) && finding.isOfLinks(pass),
    [Symbol.dispose]: () => resources.dispose(),
  };
}
