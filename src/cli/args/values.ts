/**
 * Parsers of the values of flags: whole numbers, rates, durations, and nmap's timing templates.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { Timing } from "../../scan/options.ts";
import { type Field, fieldNamed, FIELDS } from "../../report/fields.ts";
import { quote } from "../../base/quote.ts";
import { nearest } from "../../base/suggest.ts";

/** Parses a whole number from `min` to `max`, in decimal. `flag` is named in the error. */
export function parseWhole(text: string, flag: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a whole number from ${min} to ${max}`);
}

const RATE_UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6 };

/** Parses probes a second: `250`, `0.5`, `10k`, `1.5m`. */
export function parseRate(text: string, flag: string): number {
  const { digits, unit = "" } = /^(?<digits>\d+(\.\d+)?)(?<unit>[km]?)$/i.exec(text)?.groups ?? {};
  const rate = Number(digits) * (RATE_UNITS[unit.toLowerCase()] ?? NaN);
  if (rate > 0 && rate <= 1e9) return rate;
  const why = Number.isNaN(rate) ? "not a number of probes a second" : "a rate is above 0, and at most 1000m";
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: ${why}. Write it as 500, 10k or 1.5m`);
}

const SPAN_UNITS: Readonly<Record<string, number>> = { "": 1e3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };

/** Parses a duration into milliseconds: `500ms`, `2s`, `1m`, `1h30m`; a plain number is in seconds, as in nmap. */
export function parseSpanMs(text: string, flag: string): number {
  const isSpan = /^(?:\d+(?:\.\d+)?|(?:\d+(?:\.\d+)?(?:ms|s|m|h))+)$/i.test(text);
  const parts = text.matchAll(/(?<digits>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?/gi);
  let ms = isSpan ? 0 : NaN;
  for (const { groups: { digits, unit = "" } = {} } of parts) ms += Number(digits) * SPAN_UNITS[unit.toLowerCase()]!;
  if (ms >= 1 && ms <= 366 * 24 * 36e5) return ms;
  const why = Number.isNaN(ms) ? "not a duration" : "a duration is from 1ms to 8784h, which is 366 days";
  throw new UsageError(
    `Cannot read ${flag} ${quote(text)}: ${why}. Write it as 500ms, 2s, 1m or 1h30m (a plain number is seconds)`,
  );
}

/**
 * A timeout of a probe, in milliseconds. A plain number above 60 is refused: naabu and old versions of nmap take milliseconds.
 */
export function parseTimeoutMs(text: string, flag: string): number {
  if (/^\d+$/.test(text) && Number(text) > 60) {
    throw new UsageError(`Cannot read ${flag} ${quote(text)}: the unit is missing. Write ${text}ms or ${text}s`);
  }
  return parseSpanMs(text, flag);
}

/** A time for each host, in milliseconds; 0 for none. As in nmap, plain numbers from 10,000 on are taken for milliseconds and refused. */
export function parseHostTimeoutMs(text: string, flag: string): number {
  if (/^0+(?:\.0+)?(?:ms|s|m|h)?$/i.test(text)) return 0;
  if (/^\d+(?:\.\d+)?$/.test(text) && Number(text) >= 10_000) {
    throw new UsageError(`Cannot read ${flag} ${quote(text)}: the unit is missing. Write ${text}ms or ${text}s`);
  }
  return parseSpanMs(text, flag);
}

/** nmap's timing templates, by their numbers. */
export const TIMINGS = ["paranoid", "sneaky", "polite", "normal", "aggressive", "insane"] as const;

/** Parses one of nmap's timing templates, by number or by name. */
export function parseTiming(text: string, flag: string): Timing {
  const byName = TIMINGS.findIndex((name) => name === text.toLowerCase());
  const timing = byName >= 0 ? byName : /^[0-5]$/.test(text) ? Number(text) : -1;
  if (timing >= 0) return timing as Timing;
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a timing. Use 0 to 5, or ${TIMINGS.join(", ")}`);
}

/**
 * Returns a target that a flag names. Other tools have a flag of that name for a rate (zmap's `-r`) or for ports (RustScan's
 * `--range`).
 *
 * @throws {UsageError} if it is a rate or a list of ports.
 */
export function parseNamedTarget(text: string, flag: string): string {
  const hint = !/^--?r(ange)?$/.test(flag)
    ? undefined
    : /^\d+(\.\d+)?[kmg]?$/i.test(text)
    ? `For a rate, as with zmap, write --max-rate ${text}`
    : /^\d{1,5}([-,]\d{1,5})+$/.test(text)
    ? `For ports, as with RustScan, write -p ${text}`
    : undefined;
  if (hint === undefined) return text;
  throw new UsageError(`Cannot use ${flag} ${text}: it takes a target, such as 192.0.2.7. ${hint}`);
}

/** Parses part `index` of `count`, as `2/5`. */
export function parseShard(text: string, flag: string): { index: number; count: number } {
  const parts = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  const [index, count] = [Number(parts?.[1]), Number(parts?.[2])];
  if (index >= 1 && index <= count) return { index, count };
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: not a shard. Write it as 1/3, 2/3 or 3/3, or auto`);
}

/** Parses one of a few words. */
export function parseWord<const T extends string>(text: string, flag: string, words: readonly T[]): T {
  const word = words.find((each) => each === text.toLowerCase());
  if (word !== undefined) return word;
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: unknown. Use ${words.join(", ")}`);
}

/** Parses names of fields, separated by commas. */
export function parseFields(text: string, flag: string): Field[] {
  const fields = text.split(",").map((item) => {
    const name = item.trim().toLowerCase();
    const field = fieldNamed(name);
    if (field !== undefined) return field;
    if (name === "") {
      throw new UsageError(`Cannot read ${flag} ${quote(text)}: an item is empty. Remove the extra comma`);
    }
    const names = FIELDS.map((field) => field.name);
    const meant = nearest(name, names);
    throw new UsageError(
      `Cannot read ${flag} ${quote(text)}: there is no field ${quote(item.trim())}. ` +
        (meant === undefined ? `Use ${names.join(", ")}` : `Did you mean ${meant}?`),
    );
  });
  const twice = fields.find((field, at) => fields.indexOf(field) < at);
  if (twice === undefined) return fields;
  throw new UsageError(`Cannot read ${flag} ${quote(text)}: ${twice.name} is given twice. Name each field once`);
}

/** nmap's conversions in file names, by letter. Not all are strftime's: `%T`, `%R` and `%D` have no separators. */
const TIME_PARTS: Readonly<Record<string, (time: Date) => string>> = {
  Y: (time) => String(time.getFullYear()),
  y: (time) => twoDigits(time.getFullYear() % 100),
  m: (time) => twoDigits(time.getMonth() + 1),
  d: (time) => twoDigits(time.getDate()),
  H: (time) => twoDigits(time.getHours()),
  M: (time) => twoDigits(time.getMinutes()),
  S: (time) => twoDigits(time.getSeconds()),
  F: (time) => expand("%Y-%m-%d", time),
  T: (time) => expand("%H%M%S", time),
  R: (time) => expand("%H%M", time),
  D: (time) => expand("%m%d%y", time),
};

/**
 * A file name with the time in it, in local time, as nmap writes it: `scan-%F.xml`, and with the number of the shard: `scan-%i.xml`.
 * `%` before any other letter gives that letter, and `%%` a percent sign. `ms` is since 1970.
 */
export function withTime(text: string, ms: number, { index, count } = { index: 1, count: 1 }): string {
  return text.includes("%") ? expand(text, new Date(ms), String(index).padStart(String(count).length, "0")) : text;
}

function expand(text: string, time: Date, shard = ""): string {
  return text.replaceAll(
    /%([^]?)/gu,
    (_, letter: string) => letter === "i" ? shard : TIME_PARTS[letter]?.(time) ?? letter,
  );
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

const TCP_FLAGS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  CWR: 128,
  NONE: 0,
};

/**
 * Reads TCP flags as nmap takes them: names without anything between them, or a number.
 *
 * @throws {UsageError} If a name is unknown or repeated, or no reply can come to such a segment.
 */
export function parseTcpFlags(text: string, flag: string): number {
  const refuse = (why: string): never => {
    throw new UsageError(`Cannot use ${flag} ${quote(text)}: ${why}`);
  };
  let flags = Number(text);
  if (!/^(0x[\da-f]+|\d+)$/i.test(text)) {
    const names = text.toUpperCase().match(/FIN|SYN|RST|PSH|ACK|URG|ECE|CWR|NONE/g) as string[] | null ?? [];
    const known = Object.keys(TCP_FLAGS).join(", ");
    if (names.join("").length !== text.length) refuse(`it is not made of ${known}. Write SYNFIN or 0x03`);
    if (new Set(names).size < names.length) refuse("a name is given twice. Give each once");
    if (names.length > 1 && names.includes("NONE")) refuse("NONE goes with no other name. Give one or the other");
    flags = names.reduce((sum, name) => sum | TCP_FLAGS[name]!, 0);
  }
  if (flags > 255) refuse("it is above 255. Write SYNFIN or 0x03");
  if ((flags & TCP_FLAGS["RST"]!) !== 0) refuse("no host replies to a segment with RST. Leave RST out");
  return flags;
}

/** Ports of one flag of pings at most: each is a probe of every host. */
const MAX_PING_PORTS = 64;

/** Parses the ports of a ping: `22,80-82`. */
export function parsePingPorts(text: string, flag: string): number[] {
  const ports = new Set<number>();
  for (const range of text.split(",")) {
    const [first, last = first] = range.split("-").map(Number);
    if (!(first! <= last! && last! <= 65535)) {
      throw new UsageError(
        `Cannot use ${flag}${text}: ${quote(range)} is no port from 0 to 65535, and no range of them`,
      );
    }
    for (let port = first!; port <= last!; port++) ports.add(port);
  }
  if (ports.size <= MAX_PING_PORTS) return [...ports];
  throw new UsageError(
    `Cannot use ${flag}${text}: ${ports.size} pings of each host are too many. Name ${MAX_PING_PORTS} ports`,
  );
}
