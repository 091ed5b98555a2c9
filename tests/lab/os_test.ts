/**
 * Systems of hosts, as guessed from SYN-ACKs, against the stacks that sent them. `deno task lab:shapes` has those that take long to start.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { missingOf, stackLab, STACKS } from "../support/lab_stacks.ts";
import { runSynscan } from "../support/lab_synscan.ts";

labTest("lab: os: Linux, slirp and pasta are told apart", [], async (t) => {
  await using lab = await stackLab();
  for (const stack of STACKS) {
    if (stack.isSlow) continue;
    const missing = missingOf(stack);
    const name = missing.length === 0 ? stack.name : `${stack.name} [skipped: install ${missing.join(", ")}]`;
    await t.step({
      name,
      ignore: missing.length > 0,
      fn: async () => {
        const { space, addresses } = await stack.start(lab, "");
        const { hosts } = await runSynscan(lab, space, ["-p", "80,81", ...addresses]);
        const found = hosts.map(({ os }) => os?.map(({ family }) => family));
        assertEquals(found, addresses.map(() => [stack.family]), JSON.stringify(hosts));
      },
    });
  }
});

labTest("lab: os: a port that is forwarded to another system is one of several stacks", [], async () => {
  await using lab = await Lab.create({
    spaces: {
      scanner: {},
      front: {
        forward: true,
        listen: "22",
        chains: ["chain forwarded { type nat hook prerouting priority dstnat; tcp dport 80 dnat ip to 10.64.16.2\n}"],
      },
      // Its time to live is that of no Linux, and shows that it is another system.
      behind: { listen: "80", routes: ["default via 10.64.16.1"], sysctls: { "net.ipv4.ip_default_ttl": 128 } },
    },
    links: [
      { between: ["scanner", "front"], addresses: ["10.64.15.1/24", "10.64.15.2/24"] },
      { between: ["front", "behind"], addresses: ["10.64.16.1/24", "10.64.16.2/24"] },
    ],
  });
  const { hosts } = await runSynscan(lab, "scanner", ["-p", "22,80,81", "10.64.15.2"]);
  assertEquals(hosts[0]?.os?.map(({ family, ports }) => [family, ports]), [["Linux", [22]], [null, [80]]]);
});
