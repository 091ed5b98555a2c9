/**
 * The open sockets of a worker, as its passes see them.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import type { Pass } from "../result/pass.ts";
import type { LinkProber } from "../transport/link_prober.ts";
import type { OpenedSockets } from "./worker_task.ts";
import type { RoutePlan } from "../transport/target_routes.ts";

/** The open sockets of a worker, and the driver of each pass. */
export interface OpenedDrivers extends OpenedSockets, Disposable {
  readonly routePlan: RoutePlan;
  /** Returns the driver of a pass. The driver of the pass before is not used any more. */
  driverOf(pass: Pass): Driver;
  /** Closes the sockets that only passes before this one use, since each costs time with every packet; not those of own links and of connections. */
  closeBefore(pass: Pass): void;
  /** True for a pass that asks for hardware addresses on own links. */
  isOfLinks(pass: Pass): boolean;
  /** Returns the hardware address of a host on an own link, as a number; 0 if it is not known. */
  macOf(host: number): number;
  /** Asks hosts on own links whether they are still there; undefined where none was asked for its hardware address. */
  readonly prober: LinkProber | undefined;
  /** The same for hosts of IPv6. */
  readonly prober6?: LinkProber | undefined;
}
