/**
 * Service detection of UDP ports, with small servers behind a real kernel.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chain, labTest, linkedLab } from "../support/lab.ts";
import { type PortLine, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { NO_LIMITS, startUdpServers } from "../support/lab_udp.ts";

const TARGET = "10.64.1.2";

/** The findings of a port, in JSON. */
type ServiceLine = PortLine & Partial<Record<"product" | "version" | "service_by" | "why", string>>;

labTest(
  "lab: -sU -sV reads the replies to the port scan, and sends more only where they show too little",
  [],
  async () => {
    await using lab = await linkedLab({ scanner: {}, target: { sysctls: NO_LIMITS } });
    await startUdpServers(lab, "target", TARGET);
    lab.rules("target", [chain("input", ["udp dport 53 counter", "udp dport 111 counter"])]);
    let probes = 0;
    for (const workers of ["1", "2"]) {
      const args = ["-sU", "-sV", "--workers", workers, "-p", "53,69,111,123,5060,11211", TARGET];
      const { ports, summary } = await runSynscan(lab, "scanner", args);
      const found = new Map((ports as ServiceLine[]).map((line) => [line.port, line]));
      const [dns, cache] = [found.get(53)!, found.get(11211)!];
      probes += dns.tries;
      assertEquals([dns.product, dns.version, dns.why, dns.service_by], ["ISC BIND", "9.9.9", "dns-bind", "probed"]);
      assertEquals([cache.product, cache.version], ["Memcached", "1.6.21"]);
      // The reply of TFTP comes from another port: no connected socket has it.
      const others = [69, 123, 5060].map((port) => [found.get(port)!.service, found.get(port)!.service_by]);
      assertEquals(others, [["tftp", "probed"], ["ntp", "probed"], ["sip", "probed"]]);
      assertEquals(summary.warnings, []);
    }
    const rules = lab.set("target", ["nft", "list", "chain", "inet", "lab", "input"]);
    const packets = new Map(
      Array.from(
        rules.matchAll(/dport (\d+) counter packets (\d+)/g),
        ([, port, count]) => [Number(port), Number(count)],
      ),
    );
    assertEquals(packets.get(53), probes, "no datagram beside the probes");
    assert(packets.get(111)! >= 4, `${packets.get(111)} datagrams: the range of versions is asked for, too`);
  },
);

labTest("lab: versions of UDP services are in XML and grepable output", [], async () => {
  await using lab = await linkedLab({ scanner: {}, target: { sysctls: NO_LIMITS } });
  await startUdpServers(lab, "target", TARGET);
  const output = async (format: string) =>
    (await lab.run("scanner", [...SYNSCAN, "-n", "-sU", "-sV", format, "-", "-p", "53", TARGET])).stdout;
  assertMatch(
    await output("-oX"),
    /portid="53">.*<service name="domain" product="ISC BIND" version="9.9.9" method="probed" conf="10"><cpe>cpe:\/a:isc:bind:9.9.9<\/cpe>/,
  );
  assertMatch(await output("-oG"), /Ports: 53\/open\/udp\/\/domain\/\/ISC BIND 9\.9\.9\//);
});
