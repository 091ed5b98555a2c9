/**
 * The probes worth sending to a port that is not known: by its number, and by the probes on which the server closed.
 *
 * @module
 */

import type { Finding } from "../result/finding.ts";
import { type Exchange, NULL_PROBE } from "./exchange.ts";
import { PROBES, type ServiceProbe } from "./probes.ts";

/**
 * The generic probes on which servers close that reply to one probe only: a character for each generic probe in their order, `x` if
 * they close, `-` if they wait, `?` if they were not sent it, or reply to it. Servers of a protocol that differ have one each, after a blank.
 */
export const CLOSES: Readonly<Record<string, string>> = {
  adb: "xxxxxxxxxx-x?xxx?",
  ident: "xxx??????????xxx?",
  git: "xxxxxxxxxx-x?xxx?",
  zookeeper: "xxx??????????xxx?",
  tetrinetx: "xxx??????????xxx?",
  uhub: "xxxxxxxxxx-x?xxx?",
  sam: "xxx??????????xxx?",
  uwsgi: "xx--?????????xxx?",
  swank: "xx-xxxxxxx-xxxxxx",
  zabbix: "xxxxxxxxxxxxxxxxx",
  pptp: "xxxxxxxxxxxxxxxxx",
  epmd: "xxxxxxxxxx-x-xxxx",
  firebird: "xxxxxxxxxx-xxxxxx",
  sane: "xxxxxxxxxx-xxxxxx",
  wesnoth: "xxxxxxxxxx-xxxxxx",
  fastcgi: "xx-xxxxxxx-xx-xxx",
  dicom: "xx-xxxxxxx-x??xxx",
  amqp10: "xx-xxxxxxx-xx-xxx",
  milter: "xx-xxxxxxx--xxxxx",
  giop: "xx-xxxxxxx--x-xx-",
  distcc: "xx-xxxxx-x--x-xx-",
  pulse: "-x-xx-xx-x----xx-",
  dbus: "xxxx--xxxxx-xxxxx",
  socks5: "xxxxxxxxxx?xxxxxx",
  x11: "xx-xxxxx?x--x-xx-",
  rdp: "-x-xxxxxxxxx?--x-",
  freeciv: "----xx-----x-----",
  stun: "xx---------------",
  "carbon-query": "xx---xx-x----xxxx",
  modbus: "-----------------",
  lsp: "----------------- xxxx---x-----xxx-",
  rtmp: "-----------------",
  "gdb-remote": "------------?----",
  postgrey: "---??????????---?",
  indi: "---??????????---?",
};

const GENERIC = PROBES.filter(({ kind }) => kind === "generic");
const EXACT = PROBES.filter(({ kind }) => kind === "exact").toSorted((one, other) => one.intensity - other.intensity);
/** The intensity up to which generic probes go before exact ones that fit. */
const FIRST_INTENSITY = 2;
/** The probes that must have ended as a protocol's servers end them, for its probe to go before the other generic ones. */
const LEAST_EQUAL = 5;
/** The highest intensity of exact probes that are sent to servers which wait on everything: they often have no protocol. */
const WAITING_INTENSITY = 6;

/** The ends of probes, compared with those that servers of a protocol have. */
interface Fit {
  readonly equal: number;
  readonly different: number;
}

/** Returns names of probes, the likeliest first; none once the protocol is known. */
export function candidates(
  exchanges: readonly Exchange[],
  port: number,
  known: Finding | undefined,
): readonly string[] {
  if (known && known.confidence >= 8) return [];
  const ends = new Map<string, boolean>();
  for (const { probe, reply, end } of exchanges) {
    if (reply.length === 0 && probe !== NULL_PROBE) ends.set(probe, end === "fin" || end === "rst");
  }
  const closes = [...ends.values()].includes(true);
  const own = EXACT.filter(({ ports }) => ports.includes(port));
  const fits = [...EXACT, ...GENERIC].filter((probe) => !own.includes(probe) && probe.name in CLOSES)
    .flatMap((probe) => CLOSES[probe.name]!.split(" ").map((pattern) => ({ probe, ...fitOf(pattern, ends) })))
    .filter(({ equal, different }) => equal > different)
    .sort((one, other) => one.different - other.different || other.equal - one.equal);
  const likely = fits.filter(({ equal, different }) => different === 0 && equal >= LEAST_EQUAL);
  const fitting = fits.map(({ probe }) => probe);
  const others = EXACT.filter(({ intensity }) => closes || intensity <= WAITING_INTENSITY);
  return namesOf([
    own,
    GENERIC.filter(({ intensity }) => intensity <= FIRST_INTENSITY),
    likely.map(({ probe }) => probe),
    GENERIC,
    fitting,
    others,
  ]);
}

function fitOf(pattern: string, ends: ReadonlyMap<string, boolean>): Fit {
  let [equal, different] = [0, 0];
  for (const [at, { name }] of GENERIC.entries()) {
    const isClosed = ends.get(name);
    if (isClosed === undefined || pattern[at] === "?") continue;
    if (isClosed === (pattern[at] === "x")) equal++;
    else different++;
  }
  return { equal, different };
}

function namesOf(groups: readonly (readonly ServiceProbe[])[]): readonly string[] {
  return [...new Set(groups.flat().map(({ name }) => name))];
}
