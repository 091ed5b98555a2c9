/**
 * The packets of a scan of an open port of each address family, as decoded by tshark.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { MIXED } from "../support/families.ts";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

/** tshark's fields, in the order of the columns below. Status 1 of a checksum is "good"; the header of IPv6 has none. */
const FIELDS = [
  "tcp.flags.str",
  "ip.checksum.status",
  "tcp.checksum.status",
  "tcp.options.mss_val",
  "_ws.expert.group",
];

/** The TCP packets of a capture in the order sent, each as its fields. */
async function readCapture(lab: Lab, file: string): Promise<string[][]> {
  const { stdout } = await lab.run("scanner", [
    "tshark",
    ...["-r", file, "-Y", "tcp", "-T", "fields", "-E", "separator=/t"],
    ...["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"],
    ...FIELDS.flatMap((field) => ["-e", field]),
  ]);
  return stdout.trimEnd().split("\n").map((line) => line.split("\t"));
}

/** The status of the IP header's checksum, by which packets of a version are known, and the size that its probes announce. */
const EXPECTED = { IPv4: { header: "1", mss: "1460" }, IPv6: { header: "", mss: "1440" } } as const;

labTest("lab: one open port is SYN, SYN-ACK, RST, with right checksums", ["tshark", "dumpcap"], async (t) => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80" } },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(1) }],
  });
  const targets = MIXED.hosts(1, 2);
  for (const transport of ["sendto", "sendmmsg", "ethernet"]) {
    await t.step(transport, async () => {
      const stop = await lab.capture("scanner", "target");
      const { ports } = await runSynscan(lab, "scanner", [...targets, "-p", "80", "--transport", transport]);
      const captured = await readCapture(lab, await stop());
      assertTruth(groundTruth([[targets, "80", "open", "syn-ack"]]), ports, "synscan");
      for (const { name } of MIXED.versions) {
        const { header, mss } = EXPECTED[name];
        const packets = captured.filter(([, ip]) => ip === header);
        const flags = packets.map(([flag = ""]) => flag.replaceAll("·", ""));
        assertEquals(flags, ["S", "AS", "R"], `not exactly SYN, SYN-ACK, RST over ${name}`);
        assertEquals(packets.map(([, , tcp]) => tcp), ["1", "1", "1"], `a checksum is wrong over ${name}`);
        assertEquals(packets[0]?.[3], mss, "the probe carries no MSS");
      }
      assertEquals(captured.length, 6, "further packets");
    });
  }
});
