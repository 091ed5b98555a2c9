/**
 * Sockets of large scans: packets that a thread of their own sends, and receivers.
 */

import { assert, assertEquals } from "@std/assert";
import { delay, labTest, linkedLab } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";

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

labTest(
  "lab: the sockets of pings are closed before ports are probed, since each costs time with every packet",
  [],
  async () => {
    await using lab = await linkedLab({
      scanner: { routes: ["default via 10.64.1.2"] },
      target: { local: ["10.65.0.0/28"], listen: "443" },
    });
    for (const workers of [1, 2]) {
      const receivers: number[] = [];
      const ports = ["--max-rate", "30k", "-p", "1-4000", "--open"];
      const flags = ["-n", "-T5", "--workers", `${workers}`, ...ports, "10.65.0.0/28"];
      const { code, stdout } = await lab.run("scanner", [...SYNSCAN, ...flags, "--json"], {
        meanwhile: async (child) => {
          for (let isOver = false; !isOver;) {
            const [one] = await Promise.all([lab.run("scanner", ["cat", "/proc/net/packet"]), delay(100)]);
            receivers.push(one.stdout.split("\n").filter((line) => / 0800 /.test(line)).length);
            isOver = await Promise.race([child.status.then(() => true), delay(1).then(() => false)]);
          }
        },
      });
      assertEquals(code, 0, stdout);
      // Ports are probed for two seconds; before, there are the receivers of pings too.
      assert(receivers.filter((count) => count === workers).length > 5, receivers.join());
    }
  },
);
