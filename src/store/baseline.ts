// Hot path: nothing is allocated per result.
/**
 * The results of an earlier scan, to find what is new. They are in memory by kinds of hosts, so that their size depends on how
 * many hosts differ, not on the size of the scan.
 *
 * @module
 */
import { lastAtMost } from "../collections/sorted_search.ts";
import type { PortResult } from "../result/port_result.ts";
import type { State } from "../result/states.ts";
import type { HostCursor } from "./host_cursor.ts";
import { type HostKey, hostKey, PORT_KEYS, portKey, protocolOf } from "./key.ts";

/** The states of a host's ports: ranges of port keys, each from its start to the next. */
interface Kind {
  readonly starts: Uint32Array;
  /** The state of each range; `undefined` where nothing is known. */
  readonly states: readonly (State | undefined)[];
}

/** The results of an earlier scan. */
export class Baseline {
  readonly #firsts: number[] = [];
  readonly #counts: number[] = [];
  readonly #kinds: Kind[] = [];
  readonly #others = new Map<string, Kind>();
  #lastIp = "";
  #lastKind: Kind | undefined;

  /** Reads a scan's hosts to their end. Made by `History.baseline`. */
  constructor(hosts: HostCursor) {
    const kinds = new Map<string, Kind>();
    for (; !hosts.done; hosts.advance()) {
      const made = kindOf(hosts);
      const key = made.starts.join() + made.states.join();
      const kind = kinds.get(key) ?? made;
      kinds.set(key, kind);
      this.#add(hosts.host, hosts.count, kind);
    }
  }

  /** Returns the state that a port had; `undefined` where it was not probed, or not decided. */
  stateOf(ip: string, port: number, protocol = "tcp"): State | undefined {
    if (ip !== this.#lastIp) {
      this.#lastIp = ip;
      this.#lastKind = this.#kindAt(hostKey(ip));
    }
    const kind = this.#lastKind;
    return kind === undefined ? undefined : kind.states[lastAtMost(kind.starts, portKey(protocol, port))];
  }

  /**
   * Returns true for a new result: the port is in another state than it was, or was not known. A late reply is new as well if the
   * result that it replaces was.
   */
  isNews(result: PortResult): boolean {
    const before = this.stateOf(result.ip, result.port, protocolOf(result));
    if (result.replacesState !== undefined && before !== result.replacesState) return true;
    return result.state !== "undecided" && result.state !== before;
  }

  #add(host: HostKey, count: number, kind: Kind): void {
    if (typeof host === "string") {
      this.#others.set(host, kind);
      return;
    }
    const last = this.#firsts.length - 1;
    if (last >= 0 && this.#kinds[last] === kind && this.#firsts[last]! + this.#counts[last]! === host) {
      this.#counts[last]! += count;
      return;
    }
    this.#firsts.push(host);
    this.#counts.push(count);
    this.#kinds.push(kind);
  }

  #kindAt(host: HostKey): Kind | undefined {
    if (typeof host === "string") return this.#others.get(host);
    const at = lastAtMost(this.#firsts, host);
    return at >= 0 && host - this.#firsts[at]! < this.#counts[at]! ? this.#kinds[at] : undefined;
  }
}

function kindOf(hosts: HostCursor): Kind {
  const starts: number[] = [];
  const states: (State | undefined)[] = [];
  let next = 0;
  const begin = (port: number, state: State | undefined): void => {
    if (states.length > 0 && states.at(-1) === state) return;
    starts.push(port);
    states.push(state);
  };
  for (let i = 0; i < hosts.length; i++) {
    const port = hosts.keys[i]!;
    const { state } = hosts.known(i);
    if (port > next) begin(next, undefined);
    begin(port, state === "undecided" ? undefined : state);
    next = port + 1;
  }
  if (next < PORT_KEYS) begin(next, undefined);
  return { starts: Uint32Array.from(starts), states };
}
