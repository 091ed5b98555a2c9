/**
 * Systems of hosts, as guessed from SYN-ACKs, against the stacks that sent them. `deno task lab:shapes` has those that take long to start.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { forFamilies } from "../support/families.ts";
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

/** The link to a router, and the one behind it. */
const [NEAR, BEHIND] = [15, 16];

labTest(
  "lab: os: a port that is forwarded to another system is one of several stacks",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      const forward = family.each(({ header, address }) => {
        const to = address(BEHIND, 2);
        return `meta nfproto ipv${header === "ip" ? 4 : 6} tcp dport 80 dnat ${header} to ${to}`;
      });
      await using lab = await Lab.create({
        spaces: {
          scanner: {},
          front: {
            forward: true,
            listen: "22",
            chains: [`chain forwarded { type nat hook prerouting priority dstnat;\n${forward.join("\n")}\n}`],
          },
          behind: { listen: "80", routes: family.routesVia(BEHIND, 1) },
        },
        links: [
          { between: ["scanner", "front"], addresses: family.link(NEAR) },
          { between: ["front", "behind"], addresses: family.link(BEHIND) },
        ],
      });
      // Its time to live is that of no Linux, and shows that it is another system.
      lab.set("behind", ["sysctl", "-qw", "net.ipv4.ip_default_ttl=128", "net.ipv6.conf.front.hop_limit=128"]);
      const { hosts } = await runSynscan(lab, "scanner", ["-p", "22,80,81", ...family.hosts(NEAR, 2)]);
      assertEquals(
        hosts.map(({ os }) => os?.map(({ family, ports }) => [family, ports])),
        family.versions.map(() => [["Linux", [22]], [null, [80]]]),
      );
    }),
);
