/**
 * The closing lines of the report for people.
 *
 * @module
 */
import { yellow } from "@std/fmt/colors";
import { counted, grouped, lossEachWay, lossText, perSecond, printable, shareText, spanText } from "../base/text.ts";
import { wrappedLines } from "../base/wrap.ts";
import type { Summary } from "../result/summary.ts";
import type { ReportOptions } from "./writer.ts";

/** Returns the share of round trips lost, and the share lost each way if both ways lose the same. */
function lossBothWays(loss: number | null): string {
  return lossText(loss) + (loss !== null && loss > 0 ? ` (${shareText(lossEachWay(loss))} each way)` : "");
}

/** Returns observations that matter for the reliability of the scan. */
function noticedIn(summary: Summary): string[] {
  const { late, finAcks, cappedHosts, sendRetries, receiveDrops, expectedWrong } = summary;
  const noticed: string[] = [];
  if (late > 0) noticed.push(`${counted(late, "late reply", "late replies")}`);
  if (finAcks > 0) noticed.push(`${counted(finAcks, "reply", "replies")} of FIN and ACK without SYN`);
  if (cappedHosts > 0) noticed.push(`${counted(cappedHosts, "host")} with a limited rate of replies`);
  if (sendRetries > 0) noticed.push(`no room to send ${counted(sendRetries, "time")}`);
  if (receiveDrops > 0) noticed.push(`${counted(receiveDrops, "packet")} dropped on arrival`);
  if (expectedWrong >= 0.45) noticed.push(`${expectedWrong.toFixed(1)} results expected to be wrong`);
  return noticed;
}

const ENDINGS = {
  done: "done",
  deadline: "ended at its deadline",
  interrupted: "interrupted",
  failed: "failed",
} as const;

/**
 * Returns the closing lines: totals, observations and warnings.
 *
 * @param about `techniques` is the number of techniques, each with a result for each port, 0 for a scan of hosts alone and 1 if not given;
 *   `ofHosts` the number of hosts that were to be probed.
 */
export function closingLines(
  summary: Summary,
  options: Pick<ReportOptions, "color" | "quiet" | "columns">,
  { techniques = 1, ofHosts = 0 } = {},
): string {
  const { hosts, probes, elapsedMs, ratePps, loss, undecided } = summary;
  const isOne = techniques === 1;
  const decided = undecided === 0 ? "" : ` (${isOne ? grouped(undecided) : counted(undecided, "result")} undecided)`;
  const byTechniques = isOne ? "" : ` by ${techniques} techniques`;
  const ports = techniques === 0 ? "" : `, ${counted(Math.ceil(probes / techniques), "port")}${byTechniques}${decided}`;
  const { color, quiet, columns } = options;
  const lines = (text: string) => wrappedLines(text, columns);
  if (quiet === true) return "";
  const ofAll = summary.ended === "done" || ofHosts <= hosts ? "" : `${grouped(hosts)} of `;
  let text =
    `synscan ${ENDINGS[summary.ended]}: ${ofAll}${counted(ofAll === "" ? hosts : ofHosts, "host")} (${
      statesOfHosts(summary)
    })${ports} ` +
    `in ${spanText(elapsedMs)}; ` +
    `${perSecond(grouped(ratePps))}, ${lossBothWays(loss)}\n`;
  const noticed = noticedIn(summary);
  if (noticed.length > 0) text += `Noticed: ${noticed.join(", ")}\n`;
  text = lines(text);
  for (const remark of remarksOn(summary).map(lines)) text += `${color ? yellow(remark) : remark}\n`;
  return text;
}

/** Returns the warnings of a scan, a line each. With `quiet` they belong on standard error. */
export function remarksOn({ warnings, trusted }: Summary): string[] {
  const remarks = warnings.map((warning) => `Warning: ${printable(warning)}`);
  return trusted ? remarks : [...remarks, "Not to be trusted in full"];
}

/** Returns the numbers of hosts by state: `8 up, 247 absent`. */
function statesOfHosts({ hostsUp, hostsAbsent, hostsSilent }: Summary): string {
  return [
    `${grouped(hostsUp)} up`,
    ...(hostsAbsent > 0 ? [`${grouped(hostsAbsent)} absent`] : []),
    ...(hostsSilent > 0 ? [`${grouped(hostsSilent)} silent`] : []),
  ].join(", ");
}
