/**
 * The effect of scans on servers: connections to open ports are counted, and servers that limit them stay in service.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { FAMILIES, type Family, forFamilies, IPV4, MIXED } from "../support/families.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { stepsAtOnce } from "../support/steps.ts";

const TARGET = IPV4.address(1, 2);

function pair(family: Family, chains: readonly string[], listen?: string): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, target: { chains, ...(listen === undefined ? {} : { listen }) } },
    links: [{ between: ["scanner", "target"], addresses: family.link(1) }],
  });
}

/** Counts SYNs to each of these ports of each version, before anything else sees them. */
function counting(family: Family, ports: readonly number[]): string {
  const rules = family.each(({ name }) =>
    ports.map((port) => `meta nfproto ${name.toLowerCase()} tcp dport ${port} tcp flags & (syn | ack) == syn counter`)
  );
  return chain("input", rules)
    .replace("chain input", "chain counting").replace("priority filter", "priority raw");
}

function counts(lab: Lab): number[] {
  const text = lab.set("target", ["nft", "list", "table", "inet", "lab"]);
  return [...text.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}

/** Ports that are scanned, and those of them that are dropped: what shows most about loss is whether open ports are still there. */
const FEW_OPEN = [["22,82,443", "82"], ["1-1000", "1-21,23-442,444-1000"]] as const;

for (const technique of ["-sS", "-sT"]) {
  labTest(`lab: ${technique}: an open port is asked once beside ports that drop`, [], (t) =>
    stepsAtOnce(
      t,
      FAMILIES.flatMap((family) => FEW_OPEN.map(([ports, dropped]) => ({ family, ports, dropped }))),
      ({ family, ports }) => `${family.name}, ${ports}`,
      async ({ family, ports, dropped }) => {
        const chains = [counting(family, [22, 443]), chain("input", [rule.drop(dropped)])];
        await using lab = await pair(family, chains, "22,443");
        const targets = family.hosts(1, 2);
        const { summary, ports: found } = await runSynscan(lab, "scanner", [technique, "-p", ports, ...targets]);
        assertEquals(counts(lab), targets.flatMap(() => [1, 1]));
        assertEquals(
          found.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).toSorted(),
          targets.flatMap((ip) => [`${ip} 22`, `${ip} 443`]).toSorted(),
        );
        assertEquals([summary.open, summary.undecided, summary.loss], [2 * targets.length, 0, 0]);
        assert(summary.sent <= 4 * found.length, `${summary.sent} probes`);
      },
    ));
}

labTest("lab: -sT sees no loss where there is none, and asks as often as -sS", [], async (t) => {
  await using lab = await pair(MIXED, [chain("input", [rule.drop("41-1000")])], "22");
  await forFamilies(t, async (family) => {
    const times = family.versions.length;
    // The least of several scans: a busy machine reads some replies late, and then more is sent.
    const sent = { "-sS": Infinity, "-sT": Infinity };
    for (const technique of ["-sS", "-sT", "-sT", "-sT"] as const) {
      const { summary } = await runSynscan(lab, "scanner", [technique, "-p", "1-1000", ...family.hosts(1, 2)]);
      const { open, closed, filtered, loss } = summary;
      assertEquals([open, closed, filtered, loss], [times, 39 * times, 960 * times, 0], technique);
      sent[technique] = Math.min(sent[technique], summary.sent);
    }
    const { "-sS": syn, "-sT": connect } = sent;
    assert(connect < 1.25 * syn && syn < 2.5 * 1000 * times, `${syn} SYNs, ${connect} connects`);
  });
});

labTest("lab: an xinetd service with cps = 3 8 stays in service", ["xinetd", "bash"], async () => {
  await using lab = await pair(MIXED, [chain("input", [rule.drop("82")])]);
  const folder = Deno.makeTempDirSync({ prefix: "synlab" });
  const config = `${folder}/xinetd.conf`;
  Deno.writeTextFileSync(
    config,
    `defaults\n{\n}\nservice counted\n{\ntype = UNLISTED\nport = 9201\nsocket_type = stream\nprotocol = tcp\nwait = no\n` +
      `user = root\nserver = /bin/echo\nserver_args = served\ncps = 3 8\ninstances = 50\ndisable = no\n}\n`,
  );
  const talk = () =>
    lab.run("scanner", ["timeout", "20", "bash", "-c", `read -t 15 line < /dev/tcp/${TARGET}/9201; echo "$line"`]);
  const served = async () => (await talk()).stdout.trim();
  try {
    // It ends with its standard input, as everything that serves in a lab.
    const keeper =
      `xinetd -dontfork -f ${config} -filelog ${folder}/log -pidfile ${folder}/pid & echo up; read; kill $!`;
    await lab.serve("target", ["bash", "-c", keeper]);
    for (let i = 0; i < 50 && await served() !== "served"; i++) await delay(100);
    for (const technique of ["-sT", "-sS"]) {
      await delay(1500); // A second without connections, so that what came before counts no more.
      const { ports } = await runSynscan(lab, "scanner", [technique, "-p", "82,9201", TARGET]);
      assertEquals(ports.find(({ port }) => port === 9201)?.state, "open");
      assertEquals(await served(), "served", `${technique} switched the service off`);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

// The SYN proxy of nftables sends no SYN-ACK over IPv6 in a lab (Linux 6.18).
labTest("lab: -sT tells a connection that a SYN proxy made and reset", [], async () => {
  await using lab = await Lab.create({
    spaces: {
      scanner: { routes: ["10.66.2.0/24 via 10.66.1.2"] },
      router: { forward: true, sysctls: { "net.netfilter.nf_conntrack_tcp_loose": 0, "net.ipv4.tcp_syncookies": 1 } },
      target: { listen: "22", routes: ["default via 10.66.2.1"] },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] },
      { between: ["router", "target"], addresses: ["10.66.2.1/24", "10.66.2.2/24"] },
    ],
  });
  lab.rules("router", [
    "chain raw {\ntype filter hook prerouting priority raw;\niifname scanner tcp dport { 22, 80, 81 } tcp flags syn notrack\n}",
    "chain proxy {\ntype filter hook forward priority filter;\n" +
    "iifname scanner tcp dport { 22, 80, 81 } ct state invalid,untracked synproxy mss 1460 wscale 7\n}",
  ]);
  const { ports, code } = await runSynscan(lab, "scanner", ["-sT", "-p", "22,80-82", "10.66.2.2"]);
  assertEquals(
    ports.toSorted((a, b) => a.port - b.port).map(({ port, state, reason }) => `${port} ${state} ${reason}`),
    ["22 open conn-accept", "80 open conn-reset", "81 open conn-reset", "82 closed conn-refused"],
  );
  assertEquals(code, 0);
});
