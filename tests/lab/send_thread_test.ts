/**
 * Packets that a thread of their own sends: a scan of one worker that is large enough for it.
 */

import { assertEquals } from "@std/assert";
import { labTest, linkedLab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

labTest("lab: a thread sends the packets of the only worker, and every port gets its state", [], async () => {
  await using lab = await linkedLab({
    scanner: { routes: ["default via 10.64.1.2"] },
    target: { local: ["10.65.0.0/30"], listen: "443" },
  });
  const flags = ["-v", "-T5", "--workers", "1", "-p", "0-65535", "--open", "10.65.0.0/30"];
  const { summary, ports, stderr } = await runSynscan(lab, "scanner", flags, { timeoutMs: 300_000 });
  assertEquals(stderr.includes("Packets are sent by a thread of their own"), navigator.hardwareConcurrency > 1, stderr);
  assertEquals(ports.map(({ ip, port }) => `${ip}:${port}`).toSorted(), [0, 1, 2, 3].map((at) => `10.65.0.${at}:443`));
  const { closed, undecided, trusted, send_errors: errors } = summary as typeof summary & { send_errors: unknown };
  assertEquals({ closed, undecided, trusted, errors }, { closed: 4 * 65_535, undecided: 0, trusted: true, errors: {} });
});
