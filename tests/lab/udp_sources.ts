/**
 * The share of the kernel's limits of ICMP errors that UDP scans use: closed ports over IPv6 from four own addresses, and over IPv4 from one.
 * `deno task lab:udp-sources [PORTS] [SECONDS]`.
 *
 * @module
 */

import { Lab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { LINUX_LIMITS } from "../support/lab_udp.ts";

const [ports = 1000, seconds = 60] = Deno.args.map(Number);
const SOURCES = ["fd64:1::1", "fd64:1::11", "fd64:1::12", "fd64:1::13"];
/** Linux: errors at once, and then a second. */
const [BURST, PER_SECOND, PER_SECOND_6] = [6, 1, 10];

await using lab = await Lab.create({
  spaces: { scanner: {}, target: { sysctls: LINUX_LIMITS } },
  links: [{
    between: ["scanner", "target"],
    addresses: [`10.64.1.1/24 ${SOURCES.map((source) => `${source}/64`).join(" ")}`, "10.64.1.2/24 fd64:1::2/64"],
  }],
});
const most = SOURCES.length;
const leastS = (ports - most * BURST) / (most * PER_SECOND_6);
const six = ["-sU", "-p", `1-${ports}`, "-S", SOURCES.join(), "fd64:1::2"];
const { ports: settled, summary } = await runSynscan(lab, "scanner", six, { timeoutMs: 120_000 });
const closed = settled.filter(({ state }) => state === "closed").length;
console.log(
  `IPv6, ${most} addresses: ${closed} of ${ports} closed ports settled in ${
    (summary.elapsed_ms / 1000).toFixed(1)
  } s ` +
    `(the limit gives ${leastS.toFixed(1)} s), ${ports - closed} others`,
);
const four = ["-sU", "-p", "1-200", "--deadline", `${seconds}s`, "10.64.1.2"];
const one = await runSynscan(lab, "scanner", four, { timeoutMs: 1000 * seconds + 30_000 });
const count = (state: string) => one.ports.filter((port) => port.state === state).length;
console.log(
  `IPv4, one address: ${count("closed")} of ${BURST + PER_SECOND * seconds - 1} possible settled in ${seconds} s, ` +
    `${count("undecided")} of 200 undecided, ${200 - count("closed") - count("undecided")} others`,
);
