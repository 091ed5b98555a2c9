/**
 * Numbers, times and foreign text as people read them.
 *
 * @module
 */
import type { State } from "../result/outcome.ts";

/** A whole number with its thousands set apart: `65,536`. */
export function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 host`, `2 hosts`, `65,536 hosts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** What is asked: `3 ports on each of 256 hosts`; `768 ports in all on 256 hosts` where hosts are asked different ones. */
export function probedText(hosts: number, probes: number, portsOfEach?: number): string {
  if (hosts === 1) return `${counted(probes, "port")} on 1 host`;
  if (portsOfEach !== undefined && portsOfEach * hosts === probes) {
    return `${counted(portsOfEach, "port")} on each of ${counted(hosts, "host")}`;
  }
  return `${counted(probes, "port")} in all on ${counted(hosts, "host")}`;
}

/** A span of time: `7 ms`, `0.34 s`, `12.3 s`, `2 min 5 s`, `3 h 12 min`. */
export function spanText(ms: number): string {
  if (ms < 99.5) return `${Math.round(Math.max(0, ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The share lost each way where round trips get lost by the share `loss`, both ways being alike: 0 to 1. */
export function lossEachWay(loss: number): number {
  return 1 - Math.sqrt(1 - Math.min(1, loss));
}

/** A share of round trips lost as people read it: `0 % loss`, `loss unknown`. */
export function lossText(loss: number | null): string {
  return loss === null ? "loss unknown" : `${shareText(loss)} loss`;
}

/** A share as a percentage: `0 %`, `0.4 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "under 0.1 %";
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

// Control characters, line separators and the marks that turn the direction of writing around.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text from elsewhere, with everything that could command a terminal replaced by `?`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "?");
}

/** A command line in one line; words that hold blanks, quotes or backslashes stand in double quotes, as nmap writes them. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => {
    const text = printable(word);
    return /^[^\s"'\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
  }).join(" ");
}

/** A date as nmap and ctime(3) write it, in local time: `Sat Nov 21 04:41:46 2026`. `ms` is since 1970. */
export function dateText(ms: number): string {
  const [weekday = "", month = "", day = "", year = "", time = ""] = new Date(ms).toString().split(" ");
  return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
}

/** How much was scanned in which time, in nmap's words, which programs look for: no thousands are set apart. */
export function scannedText(hosts: number, up: number, elapsedMs: number): string {
  return `${hosts} IP ${hosts === 1 ? "address" : "addresses"} (${up} ${up === 1 ? "host" : "hosts"} up) scanned in ` +
    `${(elapsedMs / 1000).toFixed(2)} seconds`;
}

/** The state in nmap's words, which calls a port of which it knows nothing `unknown`. */
export function nmapState(state: State): string {
  return state === "undecided" ? "unknown" : state;
}
