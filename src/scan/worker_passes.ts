/**
 * The passes of a worker: what each begins with, what one leaves to the next, and their reports.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { U32Map } from "../collections/u32_map.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import type { IcmpLimiters } from "../engine/icmp_limiters.ts";
import { mergedNotes, noteCode, NoteTable } from "../engine/notes.ts";
import type { LocalMachine } from "../local/machine.ts";
import { ResultBatcher, type ResultColumns } from "../result/batch.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { reasonCode } from "../result/reasons.ts";
import { ABSENT } from "../result/states.ts";
import type { OpenedDrivers } from "./opened_drivers.ts";
import type { LinkChecks } from "./link_checks.ts";
import { PassRun } from "./pass_run.ts";
import { sendsPackets } from "./passes.ts";
import type { PassSpaces } from "./pass_spaces.ts";
import {
  type PassReport,
  type RemainingWork,
  type RunningWorker,
  statusTogether,
  type WorkerControl,
  type WorkerReport,
  type WorkerSnapshot,
  type WorkerStatus,
  type WorkerTask,
} from "./worker_task.ts";

const DUPLICATE_NOTE = noteCode("two hardware addresses reply to neighbor solicitations for it");
const HOST_UNREACH = reasonCode("host-unreach");

/** The remaining work of a pass that has not begun, and that of one that is over. */
const ALL_WORK: RemainingWork = { position: 0, pending: new Uint32Array() };
export const NO_WORK: RemainingWork = { position: Number.MAX_SAFE_INTEGER, pending: new Uint32Array() };

/** The parts of a worker that its passes share. */
interface WorkerPassesParts {
  readonly task: WorkerTask;
  readonly spaces: PassSpaces;
  readonly opened: OpenedDrivers;
  readonly local: LocalMachine;
  /** The limits of the time for each host, if there are any. */
  readonly timeouts: HostTimeouts | undefined;
  /** The class of the limits of ICMP errors, if a pass needs it. */
  readonly icmpLimiters: typeof IcmpLimiters | undefined;
  /** The checks of what replies on own links, if hosts there are asked by ARP. */
  readonly checks: LinkChecks | undefined;
  readonly results: WorkerControl["results"];
  readonly clock: Clock;
}

/** The passes of a worker, of which one is running at all times. */
export class WorkerPasses implements RunningWorker {
  /** The pass that is running. */
  current: PassRun;
  readonly #parts: WorkerPassesParts;
  /** The reports of the passes that are over. */
  readonly #over: PassReport[] = [];
  /** The hosts that replied in passes that are over. */
  readonly #upBefore = new U32Map();
  /** The hosts that passes have reported as absent, each with its router. */
  readonly #reported = new Map<number, number>();
  /** When the last pass over hosts of each address family ended. */
  readonly #idleSinceMs = new Map<4 | 6, number>();
  /** The hosts whose replies were found to prove nothing, since a proxy replies for them. */
  readonly #proxied: number[] = [];

  /** Begins the first pass. */
  constructor(parts: WorkerPassesParts) {
    this.#parts = parts;
    const { task, spaces, opened, local, checks, results } = parts;
    if (checks !== undefined) local.isProxied = (host) => checks.isProxied(host);
    const [first] = task.passes;
    this.current = this.#begin(first!);
    if (opened.isOfLinks(first!)) checks?.ask();
    if (task.remaining === undefined) spaces.giveOwn((rows) => results(rows, first!.number));
  }

  /** True while the first pass is running. */
  get isFirst(): boolean {
    return this.#over.length === 0;
  }

  status(): WorkerStatus {
    return statusTogether([...this.#over, this.current.status()]);
  }

  flush(): void {
    this.current.flush();
  }

  snapshot(): WorkerSnapshot {
    this.current.flush();
    const { passes, remaining } = this.#parts.task;
    const later = passes.slice(this.#over.length + 1).map(({ number }) => remaining?.[number] ?? ALL_WORK);
    const done = this.#over.map((_, number) =>
      probesHosts(passes[number]!) ? { ...NO_WORK, found: this.#parts.spaces.found } : NO_WORK
    );
    return { remaining: [...done, this.current.remaining(), ...later], done: this.#reports() };
  }

  /** Reports what the running pass has found, once nothing more of it is probed. */
  async settle(): Promise<void> {
    this.current.flush();
    const { opened, checks } = this.#parts;
    if (opened.isOfLinks(this.#pass)) await checks?.settle();
    this.#giveProxied();
  }

  /** Ends the running pass and begins the next; returns false after the last. */
  beginNext(): boolean {
    const { task, opened, local, clock } = this.#parts;
    const next = task.passes[this.#over.length + 1];
    if (next === undefined) return false;
    const { engine } = this.current;
    for (const host of engine.hostsUp()) if (this.#upBefore.get(host) < 0) this.#upBefore.add(host, 1);
    for (const family of familiesOf(this.#pass)) this.#idleSinceMs.set(family, clock.now());
    this.#over.push(this.current.report(false));
    opened.closeBefore(next);
    // The rate is of the whole scan: what this pass has learned of the path is true of the next. An own link has its own rate.
    this.current = this.#begin(next, local.isResolving || opened.isOfLinks(next) ? undefined : engine.ratePps);
    return true;
  }

  /** Returns the report of the worker, whose last pass has ended. */
  report(): WorkerReport {
    const [first, ...others] = this.#reports();
    const { checks, opened: { prober6 } } = this.#parts;
    const duplicates = new NoteTable();
    for (const { host } of prober6?.duplicates ?? []) duplicates.addHost(host, DUPLICATE_NOTE);
    const notes = mergedNotes([first!.notes, checks?.notes(this.#proxied) ?? [], duplicates.rows()]);
    return { passes: [{ ...first!, notes }, ...others] };
  }

  get #pass(): Pass {
    return this.#parts.task.passes[this.#over.length]!;
  }

  #reports(): PassReport[] {
    return [...this.#over, this.current.report(true)];
  }

  #begin(pass: Pass, learnedPps?: number): PassRun {
    const { task, spaces, opened, local, timeouts, icmpLimiters, results, clock } = this.#parts;
    const { book } = opened.routePlan;
    for (const family of familiesOf(pass)) {
      timeouts?.wait(family, clock.now() - (this.#idleSinceMs.get(family) ?? clock.now()));
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
        results(rows, pass.number);
      },
      absent: probesHosts(pass) || task.absentPass === undefined ? undefined : this.#giveAbsent,
      reported: this.#reported,
      probesHosts: probesHosts(pass),
      cut: spaces.cutOf(pass),
      found: () => spaces.found,
      wasUp: (host) => this.#upBefore.get(host) >= 0,
      hadRetries: this.#over.some(({ sendRetries }) => sendRetries > 0),
      nowMs: clock.now(),
    });
  }

  /** Reports a host as absent, and the router that has reported it. */
  readonly #giveAbsent = (host: number, from: number): void => {
    const { task, results } = this.#parts;
    const batcher = new ResultBatcher((rows) => results(rows, task.absentPass!));
    batcher.result(host, 0, ABSENT, HOST_UNREACH, 0, -1, 0, from, -1, 0);
    batcher.flush();
  };

  /** Reports the hosts for which a proxy replies after every pass: it may reply late. */
  #giveProxied(): void {
    const { task, spaces, opened, checks, results } = this.#parts;
    if (checks?.hasProxy !== true) return;
    const give = (rows: ResultColumns) => results(rows, task.passes[0]!.number);
    this.#proxied.push(...spaces.giveProxied((host) => checks.isProxied(host), opened.macOf, give));
  }
}

/** Returns the address families of the hosts that a pass probes. */
function familiesOf(pass: Pass): readonly (4 | 6)[] {
  return sendsPackets(pass) ? [pass.family ?? 4] : [4, 6];
}
