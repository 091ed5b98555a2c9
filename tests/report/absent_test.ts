/**
 * Addresses without a host: every format and every total agree on them, in blocks of any size.
 */
import { assertEquals } from "@std/assert";
import { HostAggregator } from "../../src/report/host_aggregator.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const ipOf = (at: number) => `10.77.${at >> 8}.${at & 255}`;
const quiet = { state: "filtered", ttl: undefined, rttMs: undefined } as const;

/** A block in which addresses 1 and 2 reply, 3 is silent, and the others are absent. Port 23 of address 4 was not probed. */
function block(size: number): PortResult[] {
  const ports = Array.from({ length: size }, (_, at) => ({ ip: ipOf(at), port: 22 })).toReversed();
  return [
    ...ports.map(({ ip, port }) => {
      if (ip === ipOf(1)) return result({ ip, port, state: "open", reason: "syn-ack" });
      if (ip === ipOf(2)) return result({ ip, port });
      return result({ ip, port, ...quiet, reason: ip === ipOf(3) ? "no-response" : "no-arp-response" });
    }),
    result({ ip: ipOf(4), port: 23, ...quiet, state: "undecided", reason: "deadline" }),
    // The host came up during the scan.
    result({ ip: ipOf(1), port: 23, ...quiet, reason: "no-arp-response" }),
  ];
}

function written(results: readonly PortResult[], openOnly: boolean, silentHosts: number): Record<string, string> {
  const hosts = new Set(results.map(({ ip }) => ip)).size;
  const aggregator = new HostAggregator({ listUpTo: 25, listUnresponsiveUpTo: 8, silentHosts });
  const ended = summary({ hosts, hostsUp: 2 });
  return inFormats(results, { ports: { count: 2, text: "22-23" } }, ended, { openOnly }, aggregator);
}

// The last is larger than the memory for silence.
for (const [size, silentHosts] of [[5, 1000], [8, 1000], [13, 1000], [700, 1000], [700, 64]] as const) {
  const name = `${size} addresses, memory for ${silentHosts}`;
  Deno.test(`absent: addresses without ARP replies are down in every format, in a block of ${name}`, () => {
    const absent = size - 3;
    const { table, normal, grepable, xml, html, json } = written(block(size), false, silentHosts);
    const line = /^Not shown: (?:1 host without a reply, )?(\d+) addresses without a host \(no ARP or ND reply\)$/m;
    for (const text of [table!, normal!]) {
      assertEquals(text.match(line)?.[1], `${absent}`, text);
      assertEquals(text.includes("no-arp-response"), false, "the same fact again");
    }
    const down = Array.from({ length: size }, (_, at) => ipOf(at)).filter((_, at) => at < 1 || at > 3);
    assertEquals(Array.from(grepable!.matchAll(/^Host: (\S+) \(\)\tStatus: Down$/gm), ([, ip]) => ip), down);
    assertEquals(grepable!.match(/\tPorts: .*no-arp|Host: 10\.77\.0\.4 \(\)\tPorts/), null);
    assertEquals(grepable!.match(/\((\d+) hosts up\)/)?.[1], "2");
    const element = /<status state="down" reason="no-response" reason_ttl="0"\/>\n<address addr="([^"]*)"/g;
    assertEquals(Array.from(xml!.matchAll(element), ([, ip]) => ip), down);
    assertEquals(xml!.match(/<hosts [^>]*>/)?.[0], `<hosts up="2" down="${size - 2}" total="${size}"/>`);
    assertEquals(/"quiet":(\[.*?\]\])/.exec(html!)?.[1]?.includes(`["no-arp-response",${absent}]`), true);
    assertEquals(Array.from(json!.matchAll(/"type":"host","ip":"([^"]*)"/g), ([, ip]) => ip), [ipOf(1), ipOf(2)]);
    assertEquals(json!.match(/"hosts_up":(\d+)/)?.[1], "2");
  });

  Deno.test(`absent: --open counts addresses without a host apart from hosts without an open port, of ${name}`, () => {
    const { table, grepable, xml } = written(block(size), true, silentHosts);
    const [shown = ""] = /^Not shown: .*without.*$/m.exec(table!) ?? [];
    assertEquals(shown.replace("Not shown: ", "").split(", ").toSorted(), [
      "1 host without a reply",
      "1 host without an open port",
      `${size - 3} addresses without a host (no ARP or ND reply)`,
    ]);
    assertEquals([grepable, xml].map((text) => text!.match(/Status: Down|state="down"/)), [null, null]);
  });
}
