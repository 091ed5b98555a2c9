/**
 * Aliased prefixes: prefixes of IPv6 of which every address replies, because one machine has them all. Where several hosts of a prefix
 * are up, control addresses are probed: addresses spread over the prefix, chosen at random, of which hardly any can be a host (Gasser et
 * al., Clusters in the Expanse, IMC 2018). If they reply too, the hosts of the prefix are likely one. Hosts of an own link are looked at
 * where several have one hardware address: a station may reply to every neighbor solicitation.
 *
 * The control addresses are probed by a scan of hosts of its own, after the last pass, with the privileges that are left then.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { CannotScanError, NothingLeftError, UsageError } from "../base/errors.ts";
import { counted } from "../base/text.ts";
import {
  doublesOf,
  hostAt,
  macAt,
  OF_LINKS,
  portAt,
  reasonAt,
  type ResultColumns,
  ROW_LEN,
  rttMsAt,
  stateAt,
} from "../result/batch.ts";
import { type Pass, probeNames, probesHosts } from "../result/pass.ts";
import { CLOSED, OPEN, STATES, UP } from "../result/states.ts";
import type { AliasedPrefix } from "../result/summary.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { Ranges } from "../target/ranges.ts";
import {
  comparePrefixes,
  isWithin,
  prefixText,
  randomAddresses,
  type SharedPrefix,
  sharedPrefixes,
} from "../target/ipv6_prefix.ts";
import { knownNodes } from "../transport/ipv6_multicast.ts";
import type { Scan, ScanControl } from "./api.ts";
import { USUAL_PINGS, within } from "./discovery.ts";
import type { ScanOptions } from "./options.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

/** The lengths of prefixes that are looked at: sites, links (RFC 6177), and what one machine is often given of a link. */
const LENGTHS: readonly number[] = [48, 64, 80, 96, 112];
/** Hosts of a prefix that are up, from which on it is looked at. */
const MIN_HOSTS = 8;
/** The share of control addresses that shows that all addresses reply. */
const ALIASED_SHARE = 3 / 4;
/** Prefixes that are looked at: those with the most hosts. */
const MAX_PREFIXES = 256;
/** Kinds of probe that a control address gets: those that most hosts replied to. */
const MAX_KINDS = 4;
const TRIES = 2;
/** A control address replies as its neighbours do: it is waited for so many times the longest round trip of these, within bounds. */
const ROUND_TRIPS = 4;
const MIN_TIMEOUT_MS = 200;
const MAX_TIMEOUT_MS = 3000;
/** Stations of own links have replied to solicitations by then; the kernel waits for them for 3 s. */
const LINK_MS = 600;

/** The parts of a scan that the search needs at its end. */
interface AliasSearch {
  /** Hosts that are up. */
  readonly up: Ranges;
  readonly options: ScanOptions;
  readonly signal: AbortSignal | undefined;
  /** When the scan is to end at the latest. */
  readonly deadlineAtMs: number;
  /** Begins another scan, which looks for no aliased prefixes itself. */
  scan(options: ScanOptions, control: ScanControl): Scan;
}

/** The search for aliased prefixes of one scan. */
export class AliasCheck {
  readonly #book: Ipv6Addresses;
  /** The hosts beyond a gateway, and those of own links by hardware address. */
  readonly #beyond: Ranges;
  readonly #byMac = new Map<number, number[]>();
  /** Replies by kind of probe: those of open ports, and all of them. */
  readonly #replies = new Map<string, { open: number; all: number }>();
  readonly #ports = [new Uint32Array(0x1_0000), new Uint32Array(0x1_0000)] as const;
  #aliased: readonly AliasedPrefix[] = [];
  #warnings: readonly string[] = [];
  #sent = 0;
  /** The longest round trip of hosts, in milliseconds. */
  #longestMs = 0;

  private constructor(book: Ipv6Addresses, beyond: Ranges) {
    this.#book = book;
    this.#beyond = beyond;
  }

  /**
   * Returns a search; undefined where too few hosts of a scan can be in one prefix.
   *
   * @param beyond The hosts beyond a gateway.
   * @param options Where privileges will be dropped, what the search needs is loaded now.
   */
  static async of(
    book: Ipv6Addresses | undefined,
    hosts: Ranges,
    beyond: Ranges,
    options: ScanOptions,
  ): Promise<AliasCheck | undefined> {
    if (book === undefined || hostsOfIpv6(hosts, book).size < MIN_HOSTS) return undefined;
    if (options.dropPrivileges !== undefined && options.dropPrivileges !== false) await loadSockets();
    return new AliasCheck(book, beyond);
  }

  /** Takes results of a pass. */
  take(rows: ResultColumns, pass: Pass): void {
    const { first } = this.#book;
    const doubles = doublesOf(rows);
    if (probesHosts(pass)) {
      const names = probeNames(pass.technique);
      for (let at = 0; at < rows.length; at += ROW_LEN) {
        const host = hostAt(rows, at);
        if (host < first || stateAt(rows, at) !== UP) continue;
        if (OF_LINKS.includes(reasonAt(rows, at))) {
          this.#byMac.getOrInsertComputed(macAt(rows, at), () => []).push(host);
        }
        this.#add(names[portAt(rows, at)], 0, 1);
        this.#longestMs = Math.max(this.#longestMs, rttMsAt(doubles, at));
      }
    } else if (pass.proto === "tcp") {
      const [open, all] = this.#ports;
      for (let at = 0; at < rows.length; at += ROW_LEN) {
        const state = stateAt(rows, at);
        if (hostAt(rows, at) < first || state !== OPEN && state !== CLOSED) continue;
        all[portAt(rows, at)]!++;
        this.#longestMs = Math.max(this.#longestMs, rttMsAt(doubles, at));
        if (state === OPEN) open[portAt(rows, at)]!++;
      }
    }
  }

  /** The prefixes that were found, in the order of addresses. */
  get aliased(): readonly AliasedPrefix[] {
    return this.#aliased;
  }

  /** Warnings, a line each. */
  warnings(): string[] {
    const [first] = this.#aliased;
    if (first === undefined) return [...this.#warnings];
    const hosts = this.#aliased.reduce((sum, { hosts }) => sum + hosts, 0);
    const who = this.#aliased.length === 1
      ? `${first.prefix} is an aliased prefix`
      : `${first.prefix} and ${counted(this.#aliased.length - 1, "more prefix", "more prefixes")} are aliased`;
    return [
      `${who}: addresses chosen at random reply there too, so that ${counted(hosts, "host")} may be one machine`,
      ...this.#warnings,
    ];
  }

  /** Returns the packets that were sent, as a report of a pass without results. */
  report(): PassReport {
    return { ...EMPTY_REPORT, sent: this.#sent, byState: STATES.map(() => 0) };
  }

  /** Looks for aliased prefixes among the hosts that are up. */
  async run({ up, options, signal, deadlineAtMs, scan }: AliasSearch): Promise<void> {
    const suspects = hostsOfIpv6(within(up, this.#suspects()), this.#book);
    const { candidates, leftOut } = this.#candidates(suspects);
    if (leftOut > 0) {
      this.#warnings = [`${counted(leftOut, "prefix", "prefixes")} of IPv6 were not looked at: they may be aliased`];
    }
    const pings = this.#pings();
    const isBeyond = within(suspects, this.#beyond).count > 0;
    const leftMs = Math.min(deadlineAtMs - performance.now(), isBeyond ? Infinity : LINK_MS);
    if (candidates.length === 0 || pings.length === 0 || leftMs <= 0 || signal?.aborted === true) return;
    const controls = candidates.map(randomAddresses);
    const { exclude, excludeLists, interface: name, sourceIp, ttl, timing, maxRatePps } = options;
    const wanted = {
      ...{ exclude, excludeLists, interface: name, sourceIp, ttl, timing, maxRatePps },
      ...{ targets: controls.flat(), ports: "80", hostsOnly: true, pings, workers: 1 },
      maxRttTimeoutMs: Math.min(MAX_TIMEOUT_MS, Math.max(MIN_TIMEOUT_MS, ROUND_TRIPS * this.#longestMs)),
      ...{ maxRetries: TRIES - 1, deadlineMs: Number.isFinite(leftMs) ? leftMs : undefined },
    } as ScanOptions;
    const replied = new Set<string>();
    try {
      const running = scan(wanted, signal === undefined ? {} : { signal });
      for await (const batch of running.batches()) {
        for (const { ip, state } of batch) if (state as string === "up") replied.add(ip);
      }
      this.#sent += (await running.summary).sent;
      // Without privileges the kernel is what sends solicitations.
      for (const address of dumpLinks().flatMap(knownNodes)) replied.add(address);
    } catch (error) {
      // Every control address may be excluded.
      if (error instanceof NothingLeftError) return;
      if (!(error instanceof UsageError || error instanceof CannotScanError)) throw error;
      this.#warnings = [`Aliased prefixes of IPv6 were not looked for: ${error.message}`];
      return;
    }
    const found: SharedPrefix[] = [];
    const aliased: AliasedPrefix[] = [];
    for (const [index, candidate] of candidates.entries()) {
      const chosen = controls[index]!;
      const count = chosen.filter((address) => replied.has(address)).length;
      if (count < ALIASED_SHARE * chosen.length || found.some((wider) => isWithin(candidate, wider))) continue;
      found.push(candidate);
      aliased.push({ prefix: prefixText(candidate), hosts: candidate.hosts, controls: chosen.length, replied: count });
    }
    this.#aliased = aliased;
  }

  /** Returns the hosts that several others may be one machine with. */
  #suspects(): Ranges {
    const shared = [...this.#byMac.values()].filter((hosts) => hosts.length >= MIN_HOSTS).flat();
    return this.#beyond.union(Ranges.from(shared.map((host) => [host, host])));
  }

  /** Returns the prefixes with several hosts, in their order. */
  #candidates(up: Ranges): { readonly candidates: SharedPrefix[]; readonly leftOut: number } {
    const several = sharedPrefixes(up, this.#book, LENGTHS).filter(({ hosts }) => hosts >= MIN_HOSTS)
      .sort((one, other) => other.hosts - one.hosts);
    const candidates = several.slice(0, MAX_PREFIXES).sort(comparePrefixes);
    return { candidates, leftOut: several.length - candidates.length };
  }

  #add(kind: string | undefined, open: number, all: number): void {
    if (kind === undefined) return;
    const counts = this.#replies.get(kind) ?? { open: 0, all: 0 };
    counts.open += open;
    counts.all += all;
    this.#replies.set(kind, counts);
  }

  /** Returns the kinds of probe that most hosts replied to, of those that can be sent. */
  #pings(): string[] {
    const [open, all] = this.#ports;
    for (let port = 0; port < all.length; port++) if (all[port]! > 0) this.#add(`syn:${port}`, open[port]!, all[port]!);
    const isRaw = canOpenRaw();
    const canBeSent = ([kind]: [string, unknown]) => isRaw ? /^(echo$|syn:|ack:)/.test(kind) : /^(syn|ack):/.test(kind);
    // Of a scan that was resumed, earlier replies are not known; on an own link only solicitations may have been sent.
    if (![...this.#replies].some(canBeSent)) { for (const kind of USUAL_PINGS) this.#add(kind, 0, 1); }
    return [...this.#replies].filter(canBeSent)
      .sort(([, one], [, other]) => other.open - one.open || other.all - one.all)
      .slice(0, MAX_KINDS).map(([kind]) => kind);
  }
}

/** Loads what probes by sockets of the kernel: when the search begins, a user may be left that cannot read it. */
async function loadSockets(): Promise<void> {
  await Promise.all([
    import("./socket_discovery.ts"),
    import("../driver/connect_driver.ts"),
    import("../driver/socket_ping_driver.ts"),
    import("../transport/ping_socket.ts"),
    import("../transport/ipv6_sockets.ts"),
    import("../technique/icmpv6_errors.ts"),
  ]);
}

function hostsOfIpv6(hosts: Ranges, { first, last }: Ipv6Addresses): Ranges {
  return within(hosts, Ranges.of(first, last));
}
