/**
 * Runs the passes of a worker, one after another.
 *
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { EventLoopYielder } from "../base/event_loop.ts";
import { U32Map } from "../collections/u32_map.ts";
import { run } from "../engine/loop.ts";
import { mergedNotes } from "../engine/notes.ts";
import { NetlinkKernel } from "../local/kernel.ts";
import { LocalMachine } from "../local/machine.ts";
import { ResultBatcher, type ResultColumns } from "../result/batch.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { reasonCode } from "../result/reasons.ts";
import { ABSENT } from "../result/states.ts";
import type { Summary } from "../result/summary.ts";
import { Ranges } from "../target/ranges.ts";
import { openDrivers } from "./drivers.ts";
import { PassRun } from "./pass_run.ts";
import { sendsPackets } from "./passes.ts";
import { PassSpaces } from "./pass_spaces.ts";
import { excludedHosts } from "./probe_source.ts";
import {
  type ControlState,
  type PassReport,
  type RemainingWork,
  type RunningWorker,
  statusTogether,
  type WorkerControl,
  type WorkerReport,
  type WorkerTask,
} from "./worker_task.ts";

const HOST_UNREACH = reasonCode("host-unreach");

/** The remaining work of a pass that has not begun, and that of one that is over. */
const ALL_WORK: RemainingWork = { position: 0, pending: new Uint32Array() };
export const NO_WORK: RemainingWork = { position: Number.MAX_SAFE_INTEGER, pending: new Uint32Array() };

/**
 * Runs a worker to the end of its task.
 *
 * @throws {CannotScanError} If the sockets cannot be opened.
 */
export async function runWorker(task: WorkerTask, control: WorkerControl): Promise<WorkerReport> {
  const { passes } = task;
  const spaces = new PassSpaces(task);
  using opened = await openDrivers(
    task,
    spaces.hosts.subtract(excludedHosts(task)),
    control,
  );
  const { routes, constraints, ownSource6, book } = opened.routePlan;
  // Before privileges are dropped: the user that is left cannot write Deno's cache, which tries that for 150 ms.
  const linkChecks = opened.prober && await import("./link_checks.ts");
  const icmpLimiters = passes.some(({ proto }) => proto === "udp")
    ? (await import("../engine/icmp_limiters.ts")).IcmpLimiters
    : undefined;
  const { hostTimeoutMs } = task.options;
  const timeouts = hostTimeoutMs === undefined
    ? undefined
    : new (await import("../engine/host_timeouts.ts")).HostTimeouts(hostTimeoutMs, book.ipv6?.first);
  const ipv6 = book.ipv6 && (await import("../local/ipv6_kernel.ts")).IPV6_KERNEL;
  const kernel = new NetlinkKernel(constraints, ipv6, ownSource6);
  using local = new LocalMachine(kernel, routes, book, { 4: opened.prober, 6: opened.prober6 });
  const { transport, sources, notes, warnings } = opened;
  await control.opened({ transport, sources, notes, warnings });
  const clock = systemClock;
  const deadlineMs = clock.now() + (task.options.deadlineMs ?? Infinity);
  const upBefore = new U32Map();
  const over: PassReport[] = [];
  const reported = new Map<number, number>();
  const giveAbsent = (host: number, from: number) => {
    const batcher = new ResultBatcher((rows) => control.results(rows, task.absentPass!));
    batcher.result(host, 0, ABSENT, HOST_UNREACH, 0, -1, 0, from, -1, 0);
    batcher.flush();
  };
  /** When the last pass over hosts of each address family ended. */
  const idleSinceMs = new Map<4 | 6, number>();
  const begin = (pass: Pass, learnedPps?: number): PassRun => {
    for (const family of familiesOf(pass)) {
      timeouts?.wait(family, clock.now() - (idleSinceMs.get(family) ?? clock.now()));
    }
    const source = spaces.sourceOf(pass);
    const driver = opened.driverOf(pass);
    local.isResolving = opened.isOfLinks(pass);
    if (task.discovery?.skips === false && !probesHosts(pass)) {
      const { absent } = spaces;
      local.isAbsent = (host) => absent.has(host);
    }
    const limits = local.isResolving && task.linkLimits !== undefined ? task.linkLimits : task.limits;
    const startPps = learnedPps ?? limits.rate.startPps;
    const takesTurns = probesHosts(pass) && !local.isResolving;
    return new PassRun({
      source,
      driver,
      local,
      timeouts,
      networkOf: (host) => book.networkOf(host),
      icmpLimiters: pass.proto === "udp" ? icmpLimiters : undefined,
      limits: { ...limits, rate: { ...limits.rate, startPps }, takesTurns },
      results: (rows) => {
        spaces.take(rows, pass, opened.macOf);
        control.results(rows, pass.number);
      },
      absent: probesHosts(pass) || task.absentPass === undefined ? undefined : giveAbsent,
      reported,
      probesHosts: probesHosts(pass),
      cut: spaces.cutOf(pass),
      found: () => spaces.found,
      wasUp: (host) => upBefore.get(host) >= 0,
      hadRetries: over.some(({ sendRetries }) => sendRetries > 0),
      nowMs: clock.now(),
    });
  };
  const { prober } = opened;
  const checks = prober === undefined
    ? undefined
    : new linkChecks!.LinkChecks(prober, Ranges.fromSortedBounds(task.discovery!.links), book);
  if (checks !== undefined) local.isProxied = (host) => checks.isProxied(host);
  const proxied: number[] = [];
  // A proxy may reply late: what is known at the end counts too.
  const giveProxied = (pass: Pass) => {
    if (checks?.hasProxy !== true) return;
    const give = (rows: ResultColumns) => control.results(rows, pass.number);
    proxied.push(...spaces.giveProxied((host) => checks.isProxied(host), opened.macOf, give));
  };
  let current = begin(passes[0]!);
  if (opened.isOfLinks(passes[0]!)) checks?.ask();
  if (task.remaining === undefined) spaces.giveOwn((rows) => control.results(rows, passes[0]!.number));
  let ended: Summary["ended"] = "done";
  const reports = () => [...over, current.report(true)];
  const running: RunningWorker = {
    status: () => statusTogether([...over, current.status()]),
    flush: () => current.flush(),
    snapshot: () => {
      current.flush();
      const later = passes.slice(over.length + 1).map(({ number }) => task.remaining?.[number] ?? ALL_WORK);
      const done = over.map((_, number) =>
        probesHosts(passes[number]!) ? { ...NO_WORK, found: spaces.found } : NO_WORK
      );
      return { remaining: [...done, current.remaining(), ...later], done: reports() };
    },
  };
  const yielder = new EventLoopYielder({
    waitForEvents: () => current.driver.wait(0),
    hasWaitingConsumer: () => control.hasUndelivered?.() ?? false,
  });
  let state: ControlState = control.afterStep(running);
  if (state.stop) ended = "interrupted";
  let room = task.maxNotProbed;
  for (;;) {
    const { engine, driver } = current;
    current.apply(state);
    if (over.length > 0 && ended === "done" && clock.now() >= deadlineMs && !engine.finished) ended = "deadline";
    if (ended === "done") {
      await run({
        engine,
        driver,
        clock,
        yieldToEventLoop: () => yielder.yield(),
        latestMs: deadlineMs,
        afterStep: (nowMs) => {
          current.afterStep(nowMs, clock);
          state = control.afterStep(running);
          current.apply(state);
          if (state.stop) ended = "interrupted";
          else if (nowMs >= deadlineMs && !engine.finished) ended = "deadline";
          return ended !== "done";
        },
      });
    }
    if (ended !== "done") room -= current.end(ended, room);
    current.flush();
    const [ofLinks] = passes;
    if (opened.isOfLinks(passes[over.length]!)) await checks?.settle();
    giveProxied(ofLinks!);
    const next = passes[over.length + 1];
    if (next === undefined) return { passes: withNotes(reports(), checks?.notes(proxied)) };
    for (const host of engine.hostsUp()) if (upBefore.get(host) < 0) upBefore.add(host, 1);
    over.push(current.report(false));
    for (const family of familiesOf(passes[over.length - 1]!)) idleSinceMs.set(family, clock.now());
    opened.closeBefore(next);
    // The rate is of the whole scan: what this pass has learned of the path is true of the next. An own link has its own rate.
    current = begin(next, local.isResolving || opened.isOfLinks(next) ? undefined : engine.ratePps);
  }
}

/** Returns the address families of the hosts that a pass probes. */
function familiesOf(pass: Pass): readonly (4 | 6)[] {
  return sendsPackets(pass) ? [pass.family ?? 4] : [4, 6];
}

/** Returns reports with further notes on hosts, if there are any. */
function withNotes(reports: readonly PassReport[], notes: Uint32Array = new Uint32Array()): PassReport[] {
  return reports.map((report, index) =>
    index > 0 || notes.length === 0 ? report : { ...report, notes: mergedNotes([report.notes, notes]) }
  );
}
