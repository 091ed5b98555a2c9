/**
 * A dry run: prints what a scan would probe, and sends nothing.
 *
 * @module
 */
import { counted, printable, probedText } from "../base/text.ts";
import { techniquesOfPort } from "../result/pass.ts";
import { passesIn } from "../scan/passes.ts";
import type { CommandLine } from "./args/command_line.ts";
import { EXIT } from "./exit.ts";
import { FileCheck } from "./files.ts";
import { scanOptions } from "./inputs.ts";
import { stdoutSink } from "./sinks.ts";
import type { Scanner } from "./scanner.ts";
import type { System } from "./system.ts";

/** The fields of a dry run's line of JSON, besides its type. */
export const TARGET_FIELDS: readonly (readonly [name: string, doc: string])[] = [
  ["ip", "An address that would be probed"],
  ["ports", "Its ports that would be probed, written as for `-p`; empty with `-sn`"],
];

/** Prints the hosts and ports that a scan would probe. */
export async function dryRun(line: CommandLine, scanner: Scanner, system: System): Promise<number> {
  new FileCheck(line, system).before();
  const plan = await scanner.planScan(await scanOptions(line, scanner, system));
  for (const warning of plan.warnings) system.writeStderr(`${printable(warning)}\n`);
  const json = line.outputs.some(({ format }) => format === "json");
  const sink = stdoutSink(system);
  let text = "";
  for (const { ip, ports } of plan.entries()) {
    text += json ? `${JSON.stringify({ type: "target", ip, ports })}\n` : `${ip}${ports === "" ? "" : `: ${ports}`}\n`;
    if (text.length > 1 << 16) {
      await sink.add(text, "");
      text = "";
    }
  }
  const { hosts, probes, portsOfEach, technique } = plan;
  const probed = portsOfEach === 0
    ? `ping ${counted(hosts, "host")}`
    : `probe ${probedText(hosts, probes / techniquesOfPort(passesIn(technique)), portsOfEach)} (${technique})`;
  const total = `Would ${probed}; nothing was sent\n`;
  if (!line.quiet) {
    if (json) system.writeStderr(total);
    else text += total;
  }
  await sink.add(text, "");
  return EXIT.done;
}
