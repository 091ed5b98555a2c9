/**
 * Sockets of large scans: packets that a thread of their own sends, and receivers.
 */

import { assertEquals } from "@std/assert";
import { labTest, linkedLab } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { until } from "../support/program.ts";

labTest("lab: a thread sends the packets of the only worker, and every port gets its state", [], async () => {
  await using lab = await linkedLab({
    scanner: { routes: ["default via 10.64.1.2"] },
    target: { local: ["10.65.0.0/30"], listen: "443" },
  });
  const flags = ["-v", "-T5", "--workers", "1", "-p", "0-65535", "--open", "10.65.0.0/30"];
  const { summary, ports, stderr } = await runSynscan(lab, "scanner", flags);
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
    const received = () =>
      JSON.parse(lab.set("target", ["ip", "-s", "-j", "link", "show", "scanner"]))[0].stats64.rx.packets;
    for (const workers of [1, 2]) {
      // Twenty seconds if it were not interrupted.
      const ports = ["--max-rate", "3k", "-p", "1-4000", "--open"];
      const flags = ["-n", "-T5", "--workers", `${workers}`, ...ports, "10.65.0.0/28"];
      const before = received();
      const { code, stderr } = await lab.run("scanner", [...SYNSCAN, ...flags, "--json"], {
        meanwhile: async (child) => {
          // Beyond the pings; before, there are the receivers of these, too.
          await until(() => received() > before + 1000);
          const sockets = lab.set("scanner", ["cat", "/proc/net/packet"]).split("\n");
          child.kill("SIGINT");
          assertEquals(sockets.filter((line) => / 0800 /.test(line)).length, workers, sockets.join("\n"));
        },
      });
      assertEquals(code, 130, stderr);
    }
  },
);
