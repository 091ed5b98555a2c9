// Hot path: nothing here may allocate per packet.
/**
 * Pings by UDP: datagrams to some ports, with the payloads of the UDP scan. A host that is up replies, or reports that the port is
 * unreachable. What is probed is the index of a port.
 *
 * @module
 */

import { hostOutcomeTable } from "../result/outcome.ts";
import { probeNames } from "../result/pass.ts";
import type { UdpPackets } from "./packets.ts";
import { udpPingPort } from "./ping.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";
import { UDP, type UdpTechnique } from "./udp.ts";

/** The number of no port: a reply from elsewhere, which its own port may tell. */
const NO_PROBE = 0xffff;

/** Sends datagrams to hosts. */
export class UdpPingTechnique implements Technique {
  readonly name: string;
  readonly protocol = "host";
  readonly sendsDatagrams = true;
  readonly leavesFromPorts = true;
  readonly isTokenless = true;
  readonly families: readonly (4 | 6)[];
  readonly attemptPeriod: number;
  readonly rationed: Technique["rationed"];
  readonly maxLength: number;
  readonly states = hostOutcomeTable();
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly refusal: NonNullable<Technique["refusal"]>;
  /** The index of the port whose replies come from any port; missing without it. */
  readonly elsewhere?: number;
  readonly #udp: UdpTechnique;
  readonly #ports: readonly number[];

  /** @param name As `udpPingName` returns it. */
  constructor(name: string, udp: UdpTechnique = UDP) {
    this.name = name;
    this.#udp = udp;
    this.#ports = probeNames(name).map((kind) => udpPingPort(kind)!);
    ({ families: this.families, attemptPeriod: this.attemptPeriod, rationed: this.rationed } = udp);
    this.maxLength = udp.maxLength;
    this.refusal = udp.refusal;
    const elsewhere = this.#ports.indexOf(udp.elsewhere);
    if (elsewhere >= 0) this.elsewhere = elsewhere;
    if (udp.describe !== undefined) this.describe = udp.describe;
  }

  over(packets: UdpPackets): UdpPingTechnique {
    return new UdpPingTechnique(this.name, this.#udp.over(packets));
  }

  get overSockets(): UdpPingTechnique {
    return new UdpPingTechnique(this.name, this.#udp.overSockets);
  }

  within(maxLength: number): UdpPingTechnique {
    return new UdpPingTechnique(this.name, this.#udp.within(maxLength));
  }

  filter(family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return this.#udp.filter(family, ports);
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const template = this.#udp.prepare(traits);
    return {
      write: (view, at, destination, what, sourcePort, token) =>
        template.write(view, at, destination, this.#ports[what]!, sourcePort, token),
    };
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    if (!this.#udp.parse(view, at, length, reply)) return false;
    const what = this.#ports.indexOf(reply.port);
    if (what < 0 && this.elsewhere === undefined) return false;
    reply.port = what < 0 ? NO_PROBE : what;
    return true;
  }

  proves(view: DataView, at: number, reply: Reply, token: number): boolean {
    const what = reply.port;
    if (what === NO_PROBE) return false;
    reply.port = this.#ports[what]!;
    const isProven = this.#udp.proves(view, at, reply, token);
    reply.port = what;
    return isProven;
  }
}
