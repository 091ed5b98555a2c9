/**
 * The ports that a scan is asked for, as nmap's XML says them whatever was found.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import type { ScanOptions } from "../options.ts";
import { parsePorts, PortSet } from "../targets/ports.ts";
import { parseTargetFile, parseTargets } from "../targets/targets.ts";
import { TOP_PORT_COUNT, topPorts } from "../targets/top_ports.ts";

/** Every port that some host is asked for; undefined where it takes the system's names of services to tell. */
export function scannedPorts(options: ScanOptions): PortSet | undefined {
  try {
    const { ports, topPorts: top = TOP_PORT_COUNT, excludePorts } = options;
    const usual = ports === undefined
      ? PortSet.of(topPorts(top))
      : typeof ports === "string"
      ? parsePorts(ports)
      : PortSet.of(ports);
    const sets = new Set<PortSet>();
    for (const own of ownPorts(options)) sets.add(own ?? usual);
    const all = PortSet.unionOf(sets);
    return excludePorts === undefined ? all : all.subtract(parsePorts(excludePorts));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** What each target says of its ports. */
function* ownPorts({ targets, targetLists = [] }: ScanOptions): Generator<PortSet | undefined> {
  for (const { ports } of parseTargets(targets)) yield ports;
  for (const { name, text } of targetLists) {
    for (const { ports } of parseTargetFile(text, name)) yield ports;
  }
}
