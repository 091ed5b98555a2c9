/**
 * Replies that this machine itself drops before its sockets receive them, by its packet filter or its reverse-path filter. Nothing shows
 * them to a process without privileges, but the kernel's counters of packets: those that were received and not delivered.
 *
 * @module
 */

import type { InputDrops } from "../../ffi/system.ts";
import type { LocalKernel } from "./kernel.ts";

/**
 * Packets dropped by the packet filter for each silent port from which on they may be replies. Where it drops all replies, these are 5 to
 * 12, as the kernel and the host send their segments again.
 */
const DROPS_A_PORT = 3;
/** Packets of others that it may drop a second: machines that face the Internet drop about one. */
const OTHERS_PER_SECOND = 2;
/** Silent ports that are told apart; further ones are counted each time that they are looked at. */
const MAX_SILENT = 4096;

/** The state of an address family. */
interface FamilyState {
  readonly before: InputDrops;
  readonly silent: Set<number>;
  more: number;
  /** True where this machine is a target whose packet filter drops probes. */
  dropsProbes: boolean;
}

/** Packets that were dropped since a scan began, compared with the ports that were silent to the kernel's sockets. */
export class LostReplies {
  readonly #kernel: Pick<LocalKernel, "inputDrops">;
  readonly #beganMs: number;
  readonly #families: { readonly [Family in 4 | 6]: FamilyState };

  constructor(kernel: Pick<LocalKernel, "inputDrops">, beganMs: number) {
    this.#kernel = kernel;
    this.#beganMs = beganMs;
    const begun = (family: 4 | 6): FamilyState => ({
      ...{ before: kernel.inputDrops(family), silent: new Set<number>() },
      ...{ more: 0, dropsProbes: false },
    });
    this.#families = { 4: begun(4), 6: begun(6) };
  }

  /** Takes note of a port that is silent, perhaps of this machine itself; the same port counts once. */
  onSilence(family: 4 | 6, host: number, port: number, isOwn: boolean): void {
    const state = this.#families[family];
    state.dropsProbes ||= isOwn;
    if (state.silent.size < MAX_SILENT) state.silent.add(host * 65_536 + port);
    else state.more++;
  }

  /** Returns the packets that were dropped, as far as they may have been replies; else 0. */
  report(nowMs: number): InputDrops {
    let [reversePath, firewall] = [0, 0];
    const others = OTHERS_PER_SECOND * (nowMs - this.#beganMs) / 1000;
    for (const family of [4, 6] as const) {
      const { before, silent, more, dropsProbes } = this.#families[family];
      if (silent.size === 0) continue;
      const now = this.#kernel.inputDrops(family);
      const ports = silent.size + more;
      const byPath = now.reversePath - before.reversePath;
      const byFilter = now.firewall - before.firewall;
      // Of each silent port at least one reply would be among them.
      if (byPath >= ports) reversePath += byPath;
      if (!dropsProbes && byFilter >= DROPS_A_PORT * ports + others) firewall += byFilter;
    }
    return { reversePath, firewall };
  }
}
