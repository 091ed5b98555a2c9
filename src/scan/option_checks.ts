/**
 * Validation of {@linkcode ScanOptions} at run time: a caller may come from JavaScript, from JSON or with a misspelt name, and
 * an option that is ignored in silence scans something else than what was asked for.
 *
 * @module
 */

import { pingKind, udpPingPort } from "../technique/ping.ts";
import { SYN_OPTIONS } from "../technique/tcp_syn.ts";
import { TECHNIQUE_CHOICES } from "../technique/techniques.ts";
import { nearest } from "../base/suggest.ts";
import { isObject } from "../base/shape.ts";
import { UsageError } from "../base/errors.ts";
import { MAX_WORKERS, type ScanOptions, type ServiceOptions } from "./options.ts";

/** A check of one value, and the values that it accepts as text. */
interface OptionCheck {
  readonly accepts: (value: unknown) => boolean;
  readonly words: string;
}

/** The longest time that a timer of the engine is set to, in milliseconds: a year and a day. */
const MAX_TIME_MS = 366 * 24 * 3_600_000;

const isText = (value: unknown): value is string => typeof value === "string";
const isArrayOf = (accepts: (item: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every((item) => accepts(item));
const isLists = isArrayOf((list) => isObject(list) && isText(list["name"]) && isText(list["text"]));

const text: OptionCheck = { accepts: isText, words: "a string" };
const flag: OptionCheck = { accepts: (value) => typeof value === "boolean", words: "true or false" };
const lists: OptionCheck = { accepts: isLists, words: "an array of { name, text }" };
const texts: OptionCheck = { accepts: isArrayOf(isText), words: "an array of strings" };
const timeMs: OptionCheck = {
  accepts: (value) => typeof value === "number" && value > 0 && value <= MAX_TIME_MS,
  words: "a number of milliseconds above 0",
};
const rate: OptionCheck = {
  accepts: (value) => typeof value === "number" && value > 0,
  words: "a number of probes a second above 0",
};

function whole(least: number, most: number): OptionCheck {
  return {
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    words: most === Number.MAX_SAFE_INTEGER ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`,
  };
}

/** The number of a user or a group; the largest of 32 bits means "none". */
const id = whole(0, 0xffff_fffe);

const isTechnique = (value: unknown) => isText(value) && TECHNIQUE_CHOICES.includes(value);

function word(...words: readonly string[]): OptionCheck {
  return { accepts: (value) => isText(value) && words.includes(value), words: words.join(", ") };
}

const SERVICE_CHECKS: Readonly<Record<keyof ServiceOptions, OptionCheck>> = { intensity: whole(0, 9), allPorts: flag };

const CHECKS: Readonly<Record<keyof ScanOptions, OptionCheck>> = {
  targets: { accepts: (value) => isText(value) || isArrayOf(isText)(value), words: "a string or an array of strings" },
  targetLists: lists,
  ports: {
    accepts: (value) => isText(value) || isArrayOf((port) => whole(0, 65535).accepts(port))(value),
    words: "a string such as 22,80 or an array of integers from 0 to 65535",
  },
  topPorts: whole(1, 65536),
  exclude: texts,
  excludeLists: lists,
  includeReserved: flag,
  excludePorts: text,
  allAddresses: flag,
  iid: text,
  family: { accepts: (value) => value === 4 || value === 6, words: "4 or 6" },
  technique: {
    accepts: (value) => [value].flat().length > 0 && [value].flat().every(isTechnique),
    words: `${TECHNIQUE_CHOICES.join(", ")} or an array of these`,
  },
  hostsOnly: flag,
  noDiscovery: flag,
  pings: {
    accepts: (value) => isArrayOf((name) => isText(name) && (pingKind(name) ?? udpPingPort(name)) !== undefined)(value),
    words: "an array of echo, timestamp, mask, syn:PORT, ack:PORT, udp:PORT",
  },
  arpPing: flag,
  ignoreRst: flag,
  defeatIcmpRateLimit: flag,
  scanFlags: whole(0, 255),
  synOptions: word(...Object.keys(SYN_OPTIONS)),
  transport: word("auto", "sendto", "sendmmsg", "ethernet"),
  interface: text,
  sourceIp: text,
  sourcePort: whole(1, 65535),
  ttl: whole(1, 255),
  timing: whole(0, 5),
  maxRatePps: rate,
  minRatePps: rate,
  maxRetries: whole(0, 100),
  timeoutMs: timeMs,
  maxRttTimeoutMs: timeMs,
  deadlineMs: { accepts: (value) => typeof value === "number" && value >= 0, words: "a number of milliseconds" },
  hostTimeoutMs: timeMs,
  dropPrivileges: {
    accepts: (value) => {
      if (!isObject(value)) return flag.accepts(value);
      const { uid, gid, name } = value;
      return id.accepts(uid) && id.accepts(gid) && (name === undefined || isText(name));
    },
    words: "true, false or { uid, gid } with integers",
  },
  hostnames: word("never", "auto", "all"),
  dnsServers: texts,
  traceroute: { accepts: (value) => value === "auto" || flag.accepts(value), words: "true, false or auto" },
  whereFiltered: flag,
  services: {
    accepts: (value) =>
      isObject(value) &&
      Object.entries(value).every(([name, part]) =>
        part === undefined ||
        Object.hasOwn(SERVICE_CHECKS, name) && SERVICE_CHECKS[name as keyof ServiceOptions].accepts(part)
      ),
    words: "{ intensity, allPorts } with an integer from 0 to 9 and true or false",
  },
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  shard: {
    accepts: (value) => {
      if (!isObject(value)) return false;
      const { index, count } = value;
      return Number.isInteger(count) && whole(1, count as number).accepts(index);
    },
    words: "{ index, count } with index from 1 to count",
  },
  workers: whole(1, MAX_WORKERS),
  onPacket: { accepts: (value) => typeof value === "function", words: "a function" },
};

/**
 * Checks names and values of options. Options that are `undefined` are not given.
 *
 * @throws {UsageError} Naming the first option that does not exist or has a value that it cannot have.
 */
export function checkOptions(options: ScanOptions): void {
  if (!isObject(options)) throw new UsageError("Cannot scan without options: give an object with targets");
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof ScanOptions] : undefined;
    if (check === undefined) {
      const meant = nearest(name, Object.keys(CHECKS));
      throw new UsageError(
        `Cannot scan with the option ${JSON.stringify(name)}: there is none of that name. ` +
          (meant === undefined ? `Use ${Object.keys(CHECKS).join(", ")}` : `Did you mean ${meant}?`),
      );
    }
    if (value !== undefined && !check.accepts(value)) {
      throw new UsageError(`Cannot scan with ${name} ${shown(value)}: give ${check.words}`);
    }
  }
  const contradiction = contradictionIn(options);
  if (contradiction !== undefined) throw new UsageError(contradiction);
  if (options.targets === undefined) throw new UsageError("Cannot scan without targets: give the option targets");
}

/** Returns the error if two options contradict each other. */
function contradictionIn(options: ScanOptions): string | undefined {
  const { services, whereFiltered, hostsOnly, noDiscovery, pings = [], shard, seed, timeoutMs = 0, maxRttTimeoutMs } =
    options;
  if (services !== undefined && hostsOnly === true) {
    return "Cannot identify services without ports: hostsOnly probes none. Leave out one of them";
  }
  if (whereFiltered === true && hostsOnly === true) {
    return "Cannot find where ports are filtered: hostsOnly probes none. Leave out one of them";
  }
  if (noDiscovery === true && hostsOnly === true) {
    return "Cannot scan with hostsOnly and noDiscovery: no host is probed at all then. Leave out one of them";
  }
  if (noDiscovery === true && pings.length > 0) {
    return "Cannot scan with pings and noDiscovery: one finds hosts, the other probes all of them. Leave out one of them";
  }
  if (shard !== undefined && shard.count > 1 && seed === undefined) {
    return "Cannot scan a shard without seed: all shards must have the same random order. Give every shard the same seed";
  }
  if (timeoutMs > (maxRttTimeoutMs ?? Infinity)) {
    return `Cannot scan with timeoutMs ${timeoutMs}: it is above maxRttTimeoutMs ${maxRttTimeoutMs}. Raise that, or lower it`;
  }
  return undefined;
}

/** A value in at most some 60 characters, as JavaScript would write it. */
function shown(value: unknown): string {
  const json = typeof value === "number" || typeof value === "bigint" ? String(value) : JSON.stringify(value);
  const whole = json ?? typeof value;
  return whole.length > 60 ? `${whole.slice(0, 57)}...` : whole;
}
