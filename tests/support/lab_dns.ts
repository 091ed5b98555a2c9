/**
 * A real DNS server in a lab: nsd, with zones for the names of addresses.
 *
 * @module
 */
import { parseIpv6 } from "../../src/wire/address6.ts";
import type { Lab } from "./lab.ts";
import { until } from "./program.ts";

/** Returns zones with a name for each address (RFC 1035 section 3.5, RFC 3596 section 2.5), for {@linkcode serveZones}. */
export function reverseZones(
  addresses: readonly string[],
  nameOf: (address: string) => string,
): Record<string, readonly string[]> {
  const zones: Record<string, string[]> = {};
  for (const address of addresses) {
    const isIpv6 = address.includes(":");
    const labels = isIpv6 ? [...parseIpv6(address)!.toString(16).padStart(32, "0")] : address.split(".");
    (zones[isIpv6 ? "ip6.arpa" : "in-addr.arpa"] ??= []).push(`${labels.reverse().join(".")} PTR ${nameOf(address)}.`);
  }
  return zones;
}

/** Serves zones on port 53 of every address of a space, until the lab is removed. Each zone is a list of lines without SOA and NS. */
export async function serveZones(
  lab: Lab,
  space: string,
  zones: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const folder = lab.folder();
  const settings = [
    "server:",
    '  username: ""',
    '  database: ""',
    '  pidfile: ""',
    ...["zonesdir", "xfrdir"].map((name) => `  ${name}: "${folder}"`),
    ...["zonelistfile", "xfrdfile", "cookie-secret-file"].map((name) => `  ${name}: "${folder}/${name}"`),
    "  do-ip6: no",
    // Without a limit of equal replies a second.
    "  rrl-ratelimit: 0",
    "remote-control:",
    "  control-enable: no",
  ];
  for (const [zone, lines] of Object.entries(zones)) {
    settings.push("zone:", `  name: "${zone}"`, `  zonefile: "${zone}"`);
    const head = [`$ORIGIN ${zone}.`, "$TTL 60", "@ SOA ns.example. root.example. 1 60 60 60 60", "@ NS ns.example."];
    Deno.writeTextFileSync(`${folder}/${zone}`, [...head, ...lines, ""].join("\n"));
  }
  Deno.writeTextFileSync(`${folder}/nsd.conf`, [...settings, ""].join("\n"));
  await lab.serve(space, ["sh", "-c", `echo started; exec nsd -d -c ${folder}/nsd.conf`]);
  const query = `await Deno.resolveDns("${Object.keys(zones)[0]}", "SOA", { nameServer: { ipAddr: "127.0.0.1" } })`;
  await until(async () => (await lab.run(space, [Deno.execPath(), "eval", "--no-config", query])).code === 0);
}
