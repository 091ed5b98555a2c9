/**
 * UDP scans of a kernel with Linux' limits of ICMP errors and ten servers, many times, without and with loss, and one of nmap beside them.
 * `deno task lab:udp [RUNS] [SECONDS] [PORTS] [user]`: with `user` without privileges.
 *
 * @module
 */

import { chain, lacking, linkedLab } from "../support/lab.ts";
import { type PortLine, runSynscan } from "../support/lab_synscan.ts";

const isUser = Deno.args.includes("user");
const [runs = 20, seconds = 8, count = 100] = Deno.args.filter((arg) => arg !== "user").map(Number);
const TARGET = "10.64.1.2";
const OPEN = [53, 69, 111, 123, 161, 3478, 5060, 5353, 5683, 11211];
const LIMITS = { "net.ipv4.icmp_ratemask": 6168, "net.ipv4.icmp_ratelimit": 1000, "net.ipv4.icmp_msgs_per_sec": 1000 };

await using lab = await linkedLab({ scanner: {}, target: { sysctls: LIMITS } });
const server = new URL("../support/lab_udp_server.ts", import.meta.url).pathname;
await lab.serve("target", [Deno.execPath(), "run", "--no-config", "--unstable-net", "--allow-net", server, TARGET]);

/** True for a result that is not the truth. */
function isWrong({ port, state }: PortLine): boolean {
  return state !== "undecided" && state !== (OPEN.includes(port) ? "open" : "closed");
}

for (const loss of [0, 10]) {
  const drop = `meta l4proto { udp, icmp } numgen random mod 100 < ${loss} drop`;
  lab.rules("target", loss === 0 ? [] : [chain("input", [drop]), chain("output", [drop])]);
  let [wrong, missed, closed, undecided] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const args = ["-sU", "--top-ports", `${count}`, "--deadline", `${seconds}s`, TARGET];
    const { ports } = await runSynscan(lab, "scanner", args, { isUser });
    for (const line of ports.filter(isWrong)) {
      wrong++;
      console.log(`wrong: ${line.port} ${line.state} (${line.reason})`);
    }
    for (const port of OPEN.filter((port) => !ports.some((line) => line.port === port && line.state === "open"))) {
      missed++;
      console.log(`missed: ${port}`);
    }
    closed += ports.filter(({ state }) => state === "closed").length;
    undecided += ports.filter(({ state }) => state === "undecided").length;
  }
  console.log(
    `loss ${loss} % each way, ${runs} scans of ${count} ports in ${seconds} s${
      isUser ? " without privileges" : ""
    }: ${wrong} wrong, ${missed} of ${runs * OPEN.length} servers missed, ` +
      `${(closed / runs).toFixed(1)} closed and ${(undecided / runs).toFixed(1)} undecided a scan`,
  );
}
if (!isUser && lacking(["nmap"]) === "") {
  lab.rules("target", []);
  const { ports } = await runSynscan(lab, "scanner", ["-sU", "--deadline", "1s", TARGET]);
  const list = ports.map(({ port }) => port).join();
  const { stdout, elapsedMs } = await lab.run("scanner", ["nmap", "-n", "-sU", "-p", list, "-oG", "-", TARGET], {
    timeoutMs: 600_000,
  });
  const lines = [...stdout.matchAll(/(\d+)\/([\w|]+)\/udp/g)].map(([, port, state]) => ({ port: Number(port), state }));
  const found = OPEN.filter((port) => lines.some((line) => line.port === port && line.state === "open"));
  const unsure = lines.filter(({ port, state }) => state !== "open" && !OPEN.includes(port));
  console.log(
    `nmap -sU: ${(elapsedMs / 1000).toFixed(1)} s, ${found.length} of ${OPEN.length} servers open, ` +
      `${unsure.filter(({ state }) => state !== "closed").length} closed ports called something else`,
  );
}
