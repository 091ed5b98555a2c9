/**
 * The status of a scan as text, for the progress line of a terminal and for status lines.
 *
 * @module
 */
import { counted, grouped, lossText, perSecond, spanText } from "../../base/text.ts";
import type { Progress } from "../../result/summary.ts";

/** The status of a scan that has not begun. */
export const NOT_BEGUN = "Status: getting ready";
/** The activity of a scan that probes no port. */
const HOSTS_ALONE = "probing hosts";

/** Returns the status in less than `columns` characters; the least important parts are left out first. */
export function progressText(progress: Progress, columns: number): string {
  const { probes, sent, ratePps, open, loss, identifying = 0 } = progress;
  const room = Math.max(0, columns - 1);
  const percent = `${percentOf(progress)} %`;
  const left = leftText(progress);
  const rate = ratePps === undefined ? [] : [rateText(ratePps)];
  const found = `${grouped(open)} open${identifying > 0 ? `, identifying ${grouped(identifying)}` : ""}`;
  const shapes = (probes === 0 ? [[HOSTS_ALONE, sentText(sent), ...rate, lossText(loss)], [HOSTS_ALONE]] : [
    [`${percent} of ${counted(probes, "port")}`, left, found, ...rate, lossText(loss)],
    [`${percent} of ${counted(probes, "port")}`, left, found, ...rate],
    [percent, left, found, ...rate],
    [percent, left, found],
    [percent, found],
    [percent],
  ]).map((pieces) => pieces.join(", "));
  return shapes.find((text) => text.length <= room) ?? "";
}

/** Returns the status as a line of its own, which may be read much later. */
export function statusText(progress: Progress): string {
  const { decided, probes, sent, open, ratePps, loss, inFlight, elapsedMs, identifying = 0 } = progress;
  if (probes === 0 && sent === 0) return NOT_BEGUN;
  const rate = ratePps === undefined ? "" : `${rateText(ratePps)}, `;
  const path = `${rate}${lossText(loss)}, ${grouped(inFlight)} unanswered`;
  if (probes === 0) return `Status: ${HOSTS_ALONE} after ${spanText(elapsedMs)}; ${sentText(sent)}; ${path}`;
  return `Status: ${percentOf(progress)} % (${grouped(decided)} of ${counted(probes, "port")}) after ` +
    `${spanText(elapsedMs)}, ${leftText(progress)}; ${grouped(open)} open; ` +
    `${identifying > 0 ? `identifying ${counted(identifying, "port")}; ` : ""}` +
    path;
}

function sentText(sent: number): string {
  return `${counted(sent, "probe")} sent`;
}

function rateText(ratePps: number): string {
  return perSecond(grouped(ratePps));
}

function percentOf({ decided, probes }: Progress): number {
  return probes === 0 ? 0 : Math.floor(100 * decided / probes);
}

function leftText({ leftMs }: Progress): string {
  if (leftMs === undefined) return "time left unknown";
  if (leftMs < 1000) return "under 1 s left";
  return `${spanText(leftMs < 60_000 ? Math.round(leftMs / 1000) * 1000 : leftMs)} left`.replace(/\.0+ s/, " s");
}
