/**
 * The open ports of one host, as service detection goes through them.
 *
 * @module
 */

import type { Fd } from "../../ffi/fd.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { Exchange } from "../service/exchange.ts";
import type { PortDialogue } from "../service/port_dialogue.ts";
import { ReplyTimes } from "../service/reply_times.ts";
import type { ConnectionOwner } from "./dialogue_connections.ts";

/** A host with more open ports than this is sampled, once so many of its ports have been silent, and almost none has replied. */
const MANY_PORTS = 100;
const SAMPLE = 32;
const REPLYING_SHARE = 0.05;
/** Quiet ports of a host for each that is talked to: they cost the host little, and have the longest waits. */
const QUIET_PORTS = 2;

/** A port that is identified, and the results that wait for it. */
export interface Job extends ConnectionOwner {
  readonly host: HostJobs;
  readonly port: number;
  readonly held: { readonly pass: number; readonly row: ResultColumns }[];
  dialogue: PortDialogue | undefined;
  /** The ports of its host among which it counts: those that are talked to, the quiet ones, or none. */
  place: "talking" | "quiet" | undefined;
  /** A connection that stands already; the first one of the dialogue takes it. */
  socket: Fd | undefined;
  /** The replies of the port that are known. */
  readonly known: readonly Exchange[];
}

/** A request of a dialogue for a connection. */
interface Request {
  readonly job: Job;
  readonly connection: number;
  readonly isTls: boolean;
}

/** The ports of one host. */
export class HostJobs {
  readonly host: number;
  readonly #width: number;
  readonly times: ReplyTimes;
  /** Connections that dialogues have asked for, and ports that have no dialogue yet. */
  readonly requests: Request[] = [];
  readonly waiting: Job[] = [];
  /** Dialogues: those with a reply or with their first probes, and those that had none to them. Others only wait for a late greeting. */
  talking = 0;
  quiet = 0;
  /** Open ports so far, ports that were identified or given up, and those of them that sent a byte. */
  open = 0;
  over = 0;
  replied = 0;
  isSampled = false;
  /** True while it is in the list of hosts with something to do. */
  isListed = false;

  /**
   * @param width The ports that are talked to at a time.
   * @param rttMs The round trip; below 0 if it is not known.
   */
  constructor(host: number, width: number, rttMs: number) {
    this.host = host;
    this.#width = width;
    this.times = new ReplyTimes(rttMs);
  }

  /** True if another port may be talked to. */
  get hasRoom(): boolean {
    return this.talking < this.#width;
  }

  /** Counts a port elsewhere; returns true if that is another place. */
  move(job: Job, place: Job["place"]): boolean {
    if (job.place === place) return false;
    if (job.place !== undefined) this[job.place]--;
    if (place !== undefined) this[place]++;
    job.place = place;
    return true;
  }

  /** Makes room, if a port only waits for a late greeting, or has not replied to its first probes; returns true if it has. */
  makeRoom(job: Job, dialogue: PortDialogue): boolean {
    if (dialogue.isLooking) return this.move(job, undefined);
    const mayWait = job.place === "talking" && dialogue.isQuiet && this.quiet < (this.#width - 1) * QUIET_PORTS;
    return mayWait && this.move(job, "quiet");
  }

  /** True once the host has many open ports of which almost none has replied. */
  get isSuspect(): boolean {
    return this.open > MANY_PORTS && this.over >= SAMPLE && this.replied < this.over * REPLYING_SHARE;
  }

  /** Takes the ports out of those that wait for which `isKept` is false. */
  dropWaiting(isKept: (port: number) => boolean): readonly Job[] {
    const others = this.waiting.filter(({ port }) => !isKept(port));
    const kept = this.waiting.filter(({ port }) => isKept(port));
    this.waiting.splice(0, this.waiting.length, ...kept);
    return others;
  }
}
