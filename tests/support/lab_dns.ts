/**
 * A real DNS server in a lab: nsd, with zones for the names of addresses.
 *
 * @module
 */
import { delay, type Lab } from "./lab.ts";

/** The server needs a moment to read its zones after it was started. */
const START_MS = 700;

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
  await delay(START_MS);
}
