/**
 * Findings of discovery, for the formats that report by host. Memory depends on the hosts that are up: of the others there is a bit
 * each.
 *
 * @module
 */
import { type HostResult, hostResults } from "../result/host_result.ts";
import type { HostAddresses, ResultList } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { HostState } from "../result/states.ts";
import { formatMac } from "../wire/mac.ts";
import { AddressSet } from "./address_set.ts";

/** A reply that shows that a host is up. */
export type Evidence = Pick<HostResult, "probe" | "reason" | "rttMs" | "ttl">;

/** A host that discovery has found. */
interface FoundHost {
  /** Every reply, in the order of arrival. */
  readonly evidence: readonly Evidence[];
  /** Its hardware address as a number; undefined if it is not known. */
  readonly mac: number | undefined;
}

/** Returns the reason for which a host is up: that of its first reply. */
export function reasonUp({ evidence }: FoundHost): Reason | undefined {
  return evidence[0]?.reason;
}

/** Returns the hardware address of a host as text; undefined if it is not known. */
export function macText({ mac }: FoundHost): string | undefined {
  return mac === undefined ? undefined : formatMac(mac);
}

/** The findings of one scan. */
export class HostFindings {
  readonly #up = new Map<number, FoundHost>();
  /** Hosts with a hardware address that have not replied to what would show that they are up. */
  readonly #macs = new Map<number, number>();
  #absent = new AddressSet();
  /** Those of them that a router reports. */
  #unreachable = new AddressSet();
  #silent = new AddressSet();
  #undecided = new AddressSet();
  /** Those of them whose time was up. */
  #timedOut = new AddressSet();
  /** True once there was any result. */
  isAny = false;

  /** Takes a batch of a pass over hosts. */
  take(batch: ResultList, addresses: HostAddresses): void {
    this.isAny = true;
    for (const result of hostResults(batch)) this.#add(addresses.hostOf(result.ip), result);
  }

  /** Returns a host that is up; undefined for another. */
  up(host: number): FoundHost | undefined {
    return this.#up.get(host);
  }

  /** The hosts that are up. */
  get hostsUp(): Iterable<number> {
    return this.#up.keys();
  }

  /** Returns the state of a host; undefined for one that discovery has not looked for. */
  stateOf(host: number): HostState | undefined {
    if (this.#up.has(host)) return "up";
    if (this.#absent.has(host)) return "absent";
    return this.#silent.has(host) ? "silent" : this.#undecided.has(host) ? "undecided" : undefined;
  }

  /** Returns the hosts that are known not to be there. */
  absent(): AddressSet {
    return this.#without(this.#absent);
  }

  /** Returns the reason for which a host is absent: a router reports it, or its own link does not have it. */
  reasonOfAbsence(host: number): Reason {
    return this.#unreachable.has(host) ? "host-unreach" : "no-arp-response";
  }

  /** Returns the absent hosts by that reason, in order. */
  absentByReason(): ReadonlyMap<Reason, readonly number[]> {
    return Map.groupBy(this.absent().addresses(), (host) => this.reasonOfAbsence(host));
  }

  /** Returns true for an undecided host whose time was up. */
  isTimedOut(host: number): boolean {
    return this.#timedOut.has(host);
  }

  /** Returns the hosts that did not reply, which proves nothing. */
  silent(): AddressSet {
    return this.#without(this.#silent, this.#absent);
  }

  /** Returns the hosts without a decision. */
  undecided(): AddressSet {
    return this.#without(this.#undecided, this.#absent, this.#silent);
  }

  /** Replaces the findings of another scan by a copy of these. */
  copyTo(other: HostFindings): void {
    for (const [host, found] of this.#up) other.#up.set(host, found);
    for (const [host, mac] of this.#macs) other.#macs.set(host, mac);
    other.#absent = new AddressSet(this.#absent);
    other.#unreachable = new AddressSet(this.#unreachable);
    other.#silent = new AddressSet(this.#silent);
    other.#undecided = new AddressSet(this.#undecided);
    other.#timedOut = new AddressSet(this.#timedOut);
    other.isAny = this.isAny;
  }

  #add(host: number, { state, mac, probe, reason, rttMs, ttl }: HostResult): void {
    if (state === "up") {
      const before = this.#up.get(host);
      const evidence = [...before?.evidence ?? [], { probe, reason, rttMs, ttl }];
      this.#up.set(host, { evidence, mac: mac ?? before?.mac ?? this.#macs.get(host) });
      return;
    }
    if (mac !== undefined) this.#macs.set(host, mac);
    // The station replies for every address: its reply was no evidence.
    if (reason === "proxy-arp") this.#withoutArp(host);
    if (reason === "host-timeout") this.#timedOut.add(host);
    if (reason === "host-unreach" && state === "absent") this.#unreachable.add(host);
    if (state === "absent") this.#absent.add(host);
    else if (state === "silent") this.#silent.add(host);
    else this.#undecided.add(host);
  }

  #withoutArp(host: number): void {
    const { evidence = [], mac } = this.#up.get(host) ?? {};
    const left = evidence.filter((each) => each.reason !== "arp-response" && each.reason !== "nd-response");
    if (left.length === 0) this.#up.delete(host);
    else this.#up.set(host, { evidence: left, mac });
  }

  #without(hosts: AddressSet, ...others: readonly AddressSet[]): AddressSet {
    const left = new AddressSet(hosts);
    for (const host of this.#up.keys()) left.delete(host);
    for (const other of others) for (const host of other.addresses()) left.delete(host);
    return left;
  }
}
