/**
 * Ten real servers of UDP at the ports that are known for their services, behind the kernel's limits of ICMP errors, and a machine beside
 * them. The program that uses it starts anew inside namespaces, as {@linkcode enterStage} has it.
 *
 * @module
 */

import type { Finished } from "../support/lab.ts";
import { IN_CLIENT_SPACE, makeClientSpace } from "./record_datagrams.ts";
import { DATAGRAM_ADDRESS, DATAGRAM_RECIPES } from "./recipes/datagrams.ts";
import { enterStage, shell, Stage } from "./stage.ts";

/** The servers, by recipe. */
const NAMES: readonly string[] = [
  ...["udp-bind", "udp-chrony", "udp-snmpd", "udp-tftpd-hpa", "udp-coturn"],
  ...["udp-coap-server", "udp-rpcbind", "udp-memcached", "udp-kamailio", "udp-avahi"],
];
const RECIPES = DATAGRAM_RECIPES.filter(({ name }) => NAMES.includes(name));
const decoder = new TextDecoder();

/** The truth about a port. */
interface UdpTruth {
  readonly port: number;
  readonly service: string;
  readonly product: string | undefined;
  readonly version: string | undefined;
}

/** The servers, and the machine beside them. */
export class UdpStage {
  readonly address: string = DATAGRAM_ADDRESS;
  readonly truths: readonly UdpTruth[];

  private constructor(truths: readonly UdpTruth[]) {
    this.truths = truths;
  }

  /**
   * Starts the servers.
   *
   * @throws {Error} If one of them does not start.
   */
  static async start(sysctls: Readonly<Record<string, string | number>>): Promise<UdpStage> {
    await enterStage();
    const stage = Stage.create();
    makeClientSpace();
    for (const [name, value] of Object.entries(sysctls)) shell(`sysctl -qw ${name}=${value}`);
    const missing = await Promise.all(RECIPES.map((recipe) => stage.start(recipe, DATAGRAM_RECIPES)));
    const names = RECIPES.filter((_, index) => missing[index]!.length > 0).map(({ name }) => name);
    if (names.length > 0) {
      throw new Error(`Cannot start ${names.join(", ")}. Run deno task record --prepare ${names.join(" ")}`);
    }
    return new UdpStage(RECIPES.flatMap(({ ports }) =>
      ports.map((port) => ({
        ...{ port: port.port, service: port.services[0]!, product: port.products[0] },
        version: stage.trueVersion(port),
      }))
    ));
  }

  /** Replaces the packet filter of the servers' machine. */
  rules(chains: readonly string[]): void {
    new Deno.Command("nft", {
      args: [`table inet lab; delete table inet lab; table inet lab {\n${chains.join("\n")}\n}`],
    }).outputSync();
  }

  /** Runs a program on the machine beside the servers' to its end. */
  async run(argv: readonly string[]): Promise<Finished> {
    const beganMs = performance.now();
    const { code, stdout, stderr } = await new Deno.Command("ip", {
      args: [...IN_CLIENT_SPACE, ...argv],
      stdin: "null",
    })
      .output();
    return {
      ...{ code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) },
      elapsedMs: performance.now() - beganMs,
    };
  }
}
