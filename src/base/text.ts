/**
 * Numbers, times and untrusted text in the form that reports print.
 *
 * @module
 */
import type { State } from "../result/states.ts";

/** Returns a whole number with thousands separators: `65,536`. */
export function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Returns an address and a port, or ports, as text: `192.0.2.7:22`, `[2001:db8::1]:22`. */
export function withPort(ip: string, port: number | string): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** Returns a count with its noun: `1 host`, `2 hosts`, `65,536 hosts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Returns a rate, given its number as text: `1 probe/s`, `1,000 probes/s`. */
export function perSecond(number: string): string {
  return `${number} probe${number === "1" ? "" : "s"}/s`;
}

/** Describes a probe space: `3 ports on each of 256 hosts`; `768 ports in all on 256 hosts` if hosts differ in their ports. */
export function probedText(hosts: number, probes: number, portsOfEach?: number): string {
  if (hosts === 1) return `${counted(probes, "port")} on 1 host`;
  if (portsOfEach !== undefined && portsOfEach * hosts === probes) {
    return `${counted(portsOfEach, "port")} on each of ${counted(hosts, "host")}`;
  }
  return `${counted(probes, "port")} in all on ${counted(hosts, "host")}`;
}

/** Returns a duration as text: `7 ms`, `0.34 s`, `12.3 s`, `2 min 5 s`, `3 h 12 min`. */
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

/** Returns a round trip in milliseconds as digits: `12.30`, `0.04`, and of a fast link `0.004`. */
export function roundTripDigits(ms: number): string {
  return ms.toFixed(ms < 0.01 ? 3 : 2);
}

/** Returns the loss of one direction, 0 to 1, given the loss of round trips; both directions are taken to be equal. */
export function lossEachWay(loss: number): number {
  return 1 - Math.sqrt(1 - Math.min(1, loss));
}

/** Returns the loss of round trips as text: `0 % loss`, `loss unknown`. */
export function lossText(loss: number | null): string {
  return loss === null ? "loss unknown" : `${shareText(loss)} loss`;
}

/** Returns a fraction as a percentage: `0 %`, `0.4 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "under 0.1 %";
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

// Control characters, line separators and marks that change the direction of writing.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Returns untrusted text with every character that could control a terminal replaced by `?`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "?");
}

/** Returns a command line as one line; words with blanks, quotes or backslashes are in double quotes, as in nmap's reports. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => {
    const text = printable(word);
    return /^[^\s"'\\]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
  }).join(" ");
}

/** Returns a date in the format of nmap and ctime(3), in local time: `Sat Nov 21 04:41:46 2026`. `ms` is since 1970. */
export function dateText(ms: number): string {
  const [weekday = "", month = "", day = "", year = "", time = ""] = new Date(ms).toString().split(" ");
  return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
}

/** Returns nmap's closing line, which programs parse: without thousands separators. */
export function scannedText(hosts: number, up: number, elapsedMs: number): string {
  return `${hosts} IP ${hosts === 1 ? "address" : "addresses"} (${up} ${up === 1 ? "host" : "hosts"} up) scanned in ` +
    `${(elapsedMs / 1000).toFixed(2)} seconds`;
}

/** Returns nmap's word for a state: an undecided port is `unknown`. */
export function nmapState(state: State): string {
  return state === "undecided" ? "unknown" : state;
}

/** Returns a value as JSON that a terminal can show. */
export function jsonText(value: unknown): string {
  if (typeof value === "number") return `${value}`;
  // JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would interpret them.
  return JSON.stringify(value).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
