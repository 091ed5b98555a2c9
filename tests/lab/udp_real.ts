/**
 * UDP scans of a kernel with Linux' limits of ICMP errors and ten real servers, many times, without and with loss, one of their versions, one
 * of what their replies amplify, and one of nmap beside them. `deno task lab:udp-real [RUNS] [SECONDS]`.
 *
 * SYNSCAN_SERVICES names the folder of the servers' packages, which `deno task record --prepare` installs.
 *
 * @module
 */

import { UdpStage } from "../services/udp_stage.ts";
import { chain, lacking } from "../support/lab.ts";
import { type PortLine, readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";
import { LINUX_LIMITS } from "../support/lab_udp.ts";

const [runs = 20, seconds = 8] = Deno.args.map(Number);
/** The time in which all servers are to be found. */
const SOON_SECONDS = 3;

const servers = await UdpStage.start(LINUX_LIMITS);
const { address, truths } = servers;
const open = truths.map(({ port }) => port).sort((one, other) => one - other);

async function scan(...args: readonly string[]): Promise<PortLine[]> {
  const { stdout, stderr } = await servers.run([...SYNSCAN, "-n", "--json", "-sU", ...args, address]);
  const { ports } = readSynscanJson(stdout);
  if (ports.length === 0) console.log(stderr);
  return ports;
}

/** True for a result that is not the truth. */
function isWrong({ port, state }: PortLine): boolean {
  return state !== "undecided" && state !== (open.includes(port) ? "open" : "closed");
}

function lose(percent: number): void {
  const drop = `meta l4proto { udp, icmp } numgen random mod 100 < ${percent} drop`;
  servers.rules(percent === 0 ? [] : [chain("input", [drop]), chain("output", [drop])]);
}

/** Scans many times, and shows what was wrong or missed. */
async function repeat(loss: number, count: number, endSeconds: number, ...args: readonly string[]): Promise<void> {
  lose(loss);
  let [wrong, missed, closed, undecided] = [0, 0, 0, 0];
  for (let run = 0; run < count; run++) {
    const ports = await scan("--deadline", `${endSeconds}s`, ...args);
    for (const line of ports.filter(isWrong)) {
      wrong++;
      console.log(`wrong: ${line.port} ${line.state} (${line.reason})`);
    }
    missed += open.filter((port) => !ports.some((line) => line.port === port && line.state === "open")).length;
    closed += ports.filter(({ state }) => state === "closed").length;
    undecided += ports.filter(({ state }) => state === "undecided").length;
  }
  console.log(
    `loss ${loss} % each way, ${
      args.join(" ") || "100 ports"
    }, ${count} scans of ${endSeconds} s: ${wrong} wrong, ${missed} of ` +
      `${count * open.length} servers missed, ${(closed / count).toFixed(1)} closed and ` +
      `${(undecided / count).toFixed(1)} undecided a scan`,
  );
}

for (const loss of [0, 10]) {
  await repeat(loss, runs, seconds);
  await repeat(loss, Math.ceil(runs / 4), SOON_SECONDS);
  await repeat(loss, Math.ceil(runs / 4), SOON_SECONDS, "--top-ports", "1000");
}

lose(0);
for (const line of (await scan("-sV", "-p", open.join())).filter(({ state }) => state === "open")) {
  const { port, service, product = "-", version = "-", info = "-" } = line as PortLine & Record<string, string>;
  const truth = truths.find((one) => one.port === port)!;
  const isTrue = service === truth.service && product === (truth.product ?? "-") &&
    version === (truth.version ?? "-");
  console.log(
    `${port}: ${service} | ${product} | ${version} | ${info}${isTrue ? "" : `: not ${JSON.stringify(truth)}`}`,
  );
}

const amplification = new URL("udp_amplification.ts", import.meta.url).pathname;
const { code, stdout: amplified } = await servers.run([
  Deno.execPath(),
  ...["run", "--no-config", "--unstable-net", "--allow-net", amplification, address],
]);
console.log(
  `${amplified.trim()}\n${code === 0 ? "no payload draws" : "a payload draws"} more than 3 times its own size`,
);
if (code !== 0) Deno.exitCode = 1;

if (lacking(["nmap"]) === "") {
  const list = (await scan("--deadline", "1s")).map(({ port }) => port).join();
  const { stdout, elapsedMs } = await servers.run(["nmap", "-n", "-sU", "-p", list, "-oG", "-", address]);
  const lines = [...stdout.matchAll(/(\d+)\/([\w|]+)\/udp/g)].map(([, port, state]) => ({ port: Number(port), state }));
  const found = open.filter((port) => lines.some((line) => line.port === port && line.state === "open"));
  const unsure = lines.filter(({ port, state }) => state !== "open" && !open.includes(port));
  console.log(
    `nmap -sU: ${(elapsedMs / 1000).toFixed(1)} s, ${found.length} of ${open.length} servers open, ` +
      `${unsure.filter(({ state }) => state !== "closed").length} closed ports called something else`,
  );
}
// Servers of a stage end with its namespace.
Deno.exit();
