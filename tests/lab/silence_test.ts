/**
 * Ports that gave no answer, taken apart from the results: of a real kernel, by one worker and by two.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Scan, scan, type SilenceSink } from "../../mod.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { enterNetns } from "../support/netns.ts";

const HOST = "10.64.1.2";
const NOBODY = "10.64.1.3";
const PORTS = "1-2000";
const TRUTH = groundTruth([
  [HOST, PORTS, "closed", "reset"],
  [HOST, "22,80", "open", "syn-ack"],
  [HOST, "81-900,1500", "filtered", "no-response"],
  [NOBODY, PORTS, "filtered", "no-response"],
]);

function oneHost(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: {},
      target: {
        listen: "22,80",
        local: [`${NOBODY}/32`],
        chains: [chain("input", [`ip daddr ${NOBODY} drop`, rule.drop("81-900,1500")])],
      },
    },
    links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24", `${HOST}/24`] }],
  });
}

labTest("lab: results, and the ports that gave no answer, make the whole", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  for (const workers of [1, 2]) {
    const silent: { ip: string; port: number; state: string; reason: string }[] = [];
    const silence: SilenceSink = (host, port, tries, service, name) => {
      assert(tries >= 2);
      assertEquals([service, name], [port === 110 ? "pop3" : port === 443 ? "https" : service, undefined]);
      silent.push({ ip: formatIpv4(host), port, state: "filtered", reason: "no-response" });
    };
    const running: Scan = scan({ targets: [HOST, NOBODY], ports: PORTS, timing: 5, workers }, { silence });
    const found: typeof silent = [];
    for await (const batch of running.batches()) found.push(...batch);
    assertTruth(TRUTH, [...found, ...silent], `${workers} worker(s)`);
    assertEquals(found.filter(({ reason }) => reason === "no-response"), []);
    const { open, closed, filtered, trusted } = await running.summary;
    assertEquals([open, closed, filtered, trusted], [2, 1177, 2821, true]);
  }
});

labTest("lab: a report is the same whether each silent port was a result or not", [], async () => {
  await using lab = await oneHost();
  // The ports that are told of one by one are the same; a filter that everything passes wants to see each.
  const report = async (...args: string[]) => {
    const argv = [...SYNSCAN, "-T5", "-p", PORTS, ...args, HOST, NOBODY];
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals(code, 0, stderr);
    return stdout.replace(/[\d.]+ s;.*/, "");
  };
  for (const format of [[], ["-v", "--reason"], ["--open"], ["--json", "--open"], ["-oG", "-"]]) {
    const hosts = (text: string) =>
      text.split("\n").filter((line) => !/^# |"type":"(start|summary)"/.test(line))
        .map((line) => line.replace(/"rtt_ms":[\d.]+/, "")).sort();
    const [apart, whole] = [await report(...format), await report(...format, "--filter", "port>0")];
    assertEquals(hosts(apart), hosts(whole), format.join(" "));
  }
});
