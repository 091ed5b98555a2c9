/**
 * Runs the passes of a worker, one after another.
 *
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { EventLoopYielder } from "../base/event_loop.ts";
import { run } from "../engine/loop.ts";
import { NetlinkKernel } from "../local/kernel.ts";
import { LocalMachine } from "../local/machine.ts";
import type { Summary } from "../result/summary.ts";
import { Ranges } from "../target/ranges.ts";
import { openDrivers } from "./drivers.ts";
import type { OpenedDrivers } from "./opened_drivers.ts";
import { PassSpaces } from "./pass_spaces.ts";
import { excludedHosts } from "./probe_source.ts";
import { WorkerPasses } from "./worker_passes.ts";
import type { WorkerControl, WorkerReport, WorkerTask } from "./worker_task.ts";

/**
 * Runs a worker to the end of its task.
 *
 * @throws {CannotScanError} If the sockets cannot be opened.
 */
export async function runWorker(task: WorkerTask, control: WorkerControl): Promise<WorkerReport> {
  const spaces = new PassSpaces(task);
  using opened = await openDrivers(task, spaces.hosts.subtract(excludedHosts(task)), control);
  const { ipv6Kernel, ...parts } = await loadParts(task, opened);
  const { routes, constraints, ownSource6, book } = opened.routePlan;
  const kernel = new NetlinkKernel(constraints, ipv6Kernel, ownSource6);
  using local = new LocalMachine(kernel, routes, book, { 4: opened.prober, 6: opened.prober6 });
  const { transport, sources, notes, warnings } = opened;
  await control.opened({ transport, sources, notes, warnings });
  const results: WorkerControl["results"] = (rows, pass) => control.results(rows, pass);
  const deadlineMs = systemClock.now() + (task.options.deadlineMs ?? Infinity);
  const passes = new WorkerPasses({ task, spaces, opened, local, ...parts, results, clock: systemClock });
  await runPasses(passes, control, deadlineMs, task.maxNotProbed);
  return passes.report();
}

/**
 * Loads what only some tasks need. Before privileges are dropped: the user that is left cannot write Deno's cache, which tries
 * that for 150 ms.
 */
async function loadParts(task: WorkerTask, { prober, routePlan: { book } }: OpenedDrivers) {
  const { hostTimeoutMs } = task.options;
  return {
    checks: prober && new (await import("./link_checks.ts")).LinkChecks(
      prober,
      Ranges.fromSortedBounds(task.discovery!.links),
      book,
    ),
    icmpLimiters: task.passes.some(({ proto }) => proto === "udp")
      ? (await import("../engine/icmp_limiters.ts")).IcmpLimiters
      : undefined,
    timeouts: hostTimeoutMs === undefined
      ? undefined
      : new (await import("../engine/host_timeouts.ts")).HostTimeouts(hostTimeoutMs, book.ipv6?.first),
    ipv6Kernel: book.ipv6 && (await import("../local/ipv6_kernel.ts")).IPV6_KERNEL,
  };
}

/**
 * Runs passes to their end: of the last of them, or of the scan.
 *
 * @param room The number of probes that were not sent that may be named, once the scan ends early.
 */
async function runPasses(
  passes: WorkerPasses,
  control: WorkerControl,
  deadlineMs: number,
  room: number,
): Promise<void> {
  const clock = systemClock;
  const yielder = new EventLoopYielder({
    waitForEvents: () => passes.current.driver.wait(0),
    hasWaitingConsumer: () => control.hasUndelivered?.() ?? false,
  });
  let state = control.afterStep(passes);
  let ended: Summary["ended"] = state.stop ? "interrupted" : "done";
  do {
    const { current } = passes;
    const { engine, driver } = current;
    current.apply(state);
    if (!passes.isFirst && ended === "done" && clock.now() >= deadlineMs && !engine.finished) ended = "deadline";
    if (ended === "done") {
      await run({
        engine,
        driver,
        clock,
        yieldToEventLoop: () => yielder.yield(),
        latestMs: deadlineMs,
        afterStep: (nowMs) => {
          current.afterStep(nowMs, clock);
          state = control.afterStep(passes);
          current.apply(state);
          if (state.stop) ended = "interrupted";
          else if (nowMs >= deadlineMs && !engine.finished) ended = "deadline";
          return ended !== "done";
        },
      });
    }
    if (ended !== "done") room -= current.end(ended, room);
    await passes.settle();
  } while (passes.beginNext());
}
