/**
 * Reads what a lab's second opinion says: the states and reasons in nmap's XML. It reads the regular XML that nmap
 * writes, not any XML.
 *
 * @module
 */

import { expandPorts, type Lab } from "./lab.ts";
import type { Sighting } from "./lab_verdicts.ts";

/** Every port of every host in a report, those summed up as `extraports` included. */
export function readNmapXml(xml: string): Sighting[] {
  const sightings: Sighting[] = [];
  for (const [host] of xml.matchAll(/<host [^]*?<\/host>/g)) {
    const ip = attribute(host.match(/<address [^>]*addrtype="ipv[46]"[^>]*>/)?.[0] ?? "", "addr");
    for (
      const [, state = "", reasons = ""] of host.matchAll(/<extraports state="([^"]+)"[^>]*>([^]*?)<\/extraports>/g)
    ) {
      for (const [tag] of reasons.matchAll(/<extrareasons [^>]*>/g)) {
        const reason = attribute(tag, "reason");
        for (const port of expandPorts(attribute(tag, "ports"))) sightings.push({ ip, port, state, reason });
      }
    }
    for (const [, port = "", tag = ""] of host.matchAll(/<port [^>]*portid="(\d+)">\s*(<state [^>]*>)/g)) {
      const from = attribute(tag, "reason_ip");
      const state = attribute(tag, "state"), reason = attribute(tag, "reason");
      sightings.push({ ip, port: Number(port), state, reason, ...(from === "" ? {} : { from }) });
    }
  }
  return sightings;
}

/** Runs nmap in a space of a lab, on hosts taken to be up, and returns what it says. */
export async function runNmap(
  lab: Lab,
  space: string,
  args: readonly string[],
): Promise<Sighting[]> {
  const argv = ["nmap", "-n", "-Pn", "-oX", "-", ...args];
  const { code, stdout, stderr } = await lab.run(space, argv);
  if (code !== 0) throw new Error(`Cannot run ${argv.join(" ")}: status ${code}: ${stderr.trim()}`);
  return readNmapXml(stdout);
}

function attribute(tag: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}
