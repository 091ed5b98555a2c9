/**
 * The packets of a scan of an open port, as decoded by tshark.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type Lab, labTest, linkedLab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

/** tshark's fields, in the order of the columns below. Status 1 of a checksum is "good". */
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

labTest("lab: one open port is SYN, SYN-ACK, RST, with right checksums", ["tshark", "dumpcap"], async (t) => {
  await using lab = await linkedLab({ scanner: {}, target: { listen: "80" } });
  for (const transport of ["sendto", "sendmmsg", "ethernet"]) {
    await t.step(transport, async () => {
      const stop = await lab.capture("scanner", "target");
      const { ports } = await runSynscan(lab, "scanner", ["10.64.1.2", "-p", "80", "--transport", transport]);
      const packets = await readCapture(lab, await stop());
      assertTruth(groundTruth([["10.64.1.2", "80", "open", "syn-ack"]]), ports, "synscan");
      const flags = packets.map(([flag = ""]) => flag.replaceAll("·", ""));
      assertEquals(flags, ["S", "AS", "R"], "not exactly SYN, SYN-ACK, RST");
      assertEquals(
        packets.map(([, ip, tcp]) => [ip, tcp]),
        [["1", "1"], ["1", "1"], ["1", "1"]],
        "a checksum is wrong",
      );
      assertEquals(packets[0]?.[3], "1460", "the probe carries no MSS");
    });
  }
});
