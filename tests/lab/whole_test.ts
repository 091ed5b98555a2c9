/**
 * Every port of a host, and a port of 65,536 hosts. How fast is the benchmark's business; a scan that hangs is killed.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ALL_FAMILIES, MIXED } from "../support/families.ts";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

const LINK = 1;
/** Blocks of 65,536 addresses, each of them a host's. */
const BLOCKS = { IPv4: "10.65.0.0/16", IPv6: "fd65::/112" } as const;

const [ipv4, ipv6] = ALL_FAMILIES;
/** The ways of sending, each for a family or both: these scans keep the machine busy. */
const WAYS = [
  { transport: "sendto", family: ipv4 },
  { transport: "sendmmsg", family: ipv4 },
  { transport: "sendmmsg", family: ipv6 },
  { transport: "ethernet", family: MIXED },
];

/** A space that is 65,536 hosts of each family, reached through a gateway, with one port open. */
function manyHosts(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: MIXED.each(({ name, address }) => `${BLOCKS[name]} via ${address(LINK, 2)}`) },
      target: { local: MIXED.each(({ name }) => BLOCKS[name]), listen: "443" },
    },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(LINK) }],
  });
}

labTest("lab: 65,536 ports of one host", [], async (t) => {
  await using lab = await manyHosts();
  for (const { transport, family } of WAYS) {
    await t.step(`${family.name}, ${transport}`, async () => {
      const targets = family.hosts(LINK, 2);
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "0-65535", "--transport", transport]);
      const truth = groundTruth([[targets, "0-65535", "closed", "reset"], [targets, "443", "open", "syn-ack"]]);
      assertTruth(truth, run.ports, "synscan");
      const { probes, open, closed, filtered, undecided } = run.summary;
      const times = targets.length;
      assertEquals([probes, open, closed, filtered, undecided], [65_536 * times, times, 65_535 * times, 0, 0]);
      assertEquals(run.code, 0, run.stderr);
    });
  }
});

labTest("lab: one port of 65,536 hosts", [], async (t) => {
  await using lab = await manyHosts();
  for (const { transport, family } of WAYS) {
    await t.step(`${family.name}, ${transport}`, async () => {
      const blocks = family.each(({ name }) => BLOCKS[name]);
      const run = await runSynscan(lab, "scanner", ["-T5", ...blocks, "-p", "443", "--transport", transport]);
      const hosts = blocks.flatMap((block) => hostsFrom(block.split("/")[0]!, 65_536));
      assertTruth(groundTruth([[hosts, "443", "open", "syn-ack"]]), run.ports, "synscan");
      assertEquals([run.summary.probes, run.summary.open], [hosts.length, hosts.length]);
      assertEquals(run.code, 0, run.stderr);
    });
  }
});

labTest("lab: connect(2) to 20,000 ports of one host", [], async () => {
  await using lab = await manyHosts();
  const hosts = MIXED.each(({ name }) => hostsFrom(BLOCKS[name].split("/")[0]!, 259).at(-1)!);
  const truth = groundTruth([[hosts, "1-20000", "closed", "conn-refused"], [hosts, "443", "open", "conn-accept"]]);
  const run = await runSynscan(lab, "scanner", ["-sT", ...hosts, "-p", "1-20000"]);
  assertTruth(truth, run.ports, "synscan -sT");
});
