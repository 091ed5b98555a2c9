/**
 * The description of a scan before it begins, for reports and the user.
 *
 * @module
 */

import { counted, probedText } from "../base/text.ts";
import type { ScanHead } from "../report/writer.ts";
import { passesOverPorts, techniquesOfPort } from "../result/pass.ts";
import type { ScanOptions } from "../scan/options.ts";
import type { CommandLine } from "./args/command_line.ts";
import { commonOptions } from "./args/flags.ts";
import type { ScanPlanView } from "./scanner.ts";
import { VERSION } from "./version.ts";

/** Returns the targets as text. */
export function targetsText({ targets, targetLists = [] }: ScanOptions): string {
  const lists = targetLists.map(({ name }) => name.startsWith("@") ? name : `-iL ${name}`);
  return [...(typeof targets === "string" ? [targets] : targets), ...lists].join(" ");
}

/** The context of a scan. */
interface ScanContext {
  readonly args: readonly string[];
  readonly line: CommandLine;
  readonly startedAtMs: number;
  /** Its targets as text. */
  readonly targets: string;
  /** The name of this machine; undefined if it is not known. */
  readonly machine: string | undefined;
}

/** Returns the head of the reports of a scan. */
export function scanHead(plan: ScanPlanView, { args, line, startedAtMs, targets, machine }: ScanContext): ScanHead {
  const { hosts, probes, ports, udpPorts, technique, sources, ranges, names, hostnames } = plan;
  return {
    ...{ hosts, probes, ports, udpPorts, technique, startedAtMs, args, version: VERSION, targets, sources },
    detectsServices: line.scan.services !== undefined,
    passes: passesOverPorts(plan.passes),
    ...{ share: plan.share, options: commonOptions(line.effective) },
    ...(machine === undefined ? {} : { machine }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(names === undefined ? {} : { names }),
    ...(hostnames === undefined ? {} : { hostnames }),
  };
}

/** Returns a line about what will be scanned, and how. */
export function planText(plan: ScanPlanView): string {
  const { hosts, probes, ports, passes, technique, transport, sources, workers } = plan;
  const what = ports.count === 0
    ? counted(hosts, "host")
    : probedText(hosts, probes / Math.max(1, techniquesOfPort(passes)), ports.count);
  const from = sources.length === 0 ? "" : ` from ${sources.join(", ")}`;
  return `Scanning ${what} (${technique}, ${transport}${from}, ${counted(workers, "worker")})`;
}
