/**
 * Round-trip times as a capture in the scanner's own namespace sees them. `SYNSCAN_RTT_ROUNDS=5 deno task rtt` prints a table.
 *
 * @module
 */

import { assert } from "@std/assert";
import { MIXED } from "../support/families.ts";
import { Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";

const LINK = 66;
/** One of each address family, in one scan. */
const TARGETS = MIXED.hosts(LINK, 2);
/** Times of the capture and of the scan are taken at different places in the kernel, which is up to this much, in milliseconds. */
const PLACES_MS = 0.025;

const SCANS = {
  "sendto": ["--transport", "sendto"],
  "sendmmsg": ["--transport", "sendmmsg"],
  "ethernet": ["--transport", "ethernet"],
  "connect": ["-sT"],
} as const;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Milliseconds from each SYN to the first reply to it, or to a SYN-ACK only, of a capture, by target. */
async function capturedMs(lab: Lab, file: string, openOnly: boolean): Promise<Map<string, number[]>> {
  const fields = [
    "frame.time_epoch",
    "ip.src",
    "ipv6.src",
    "ip.dst",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags",
  ];
  const argv = ["tshark", "-r", file, "-Y", "tcp", "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
  const { stdout } = await lab.run("scanner", argv);
  const sentAt = new Map<string, number>();
  const roundTrips = new Map(TARGETS.map((target): [string, number[]] => [target, []]));
  for (const line of stdout.trimEnd().split("\n")) {
    const [time, source4, source6, host4, host6, from, to, flags] = line.split("\t") as Row;
    const [source, host] = [source4 || source6, host4 || host6];
    // Seconds since 1970 do not fit a double with their nanoseconds.
    const [seconds, fraction] = time.split(".") as [string, string];
    const ms = Number(seconds) % 100_000 * 1000 + Number(`0.${fraction}`) * 1000;
    if (TARGETS.includes(host) && Number(flags) === 2) sentAt.set(`${host} ${from} ${to}`, ms);
    const key = `${source} ${to} ${from}`;
    const beganMs = sentAt.get(key);
    if (beganMs === undefined || openOnly && Number(flags) !== 0x12) continue;
    sentAt.delete(key);
    roundTrips.get(source)!.push(ms - beganMs);
  }
  return roundTrips;
}

type Row = [string, string, string, string, string, string, string, string];

/** Smooths round trips as RFC 6298 does: on a busy machine a few that are long count more here than in a median. */
function smoothed(values: readonly number[]): number {
  return values.slice(1).reduce((srtt, value) => srtt + (value - srtt) / 8, values[0]!);
}

interface Measured {
  readonly target: string;
  readonly wireMs: number;
  readonly wireSrttMs: number;
  readonly medianMs: number;
  readonly srttMs: number;
  readonly count: number;
}

async function measure(lab: Lab, ports: string, args: readonly string[]): Promise<Measured[]> {
  const isConnect = args.includes("-sT");
  const xml = Deno.makeTempFileSync({ prefix: "synlab" });
  try {
    const stop = await lab.capture("scanner", "target");
    const run = await lab.run("scanner", [...SYNSCAN, "-n", "--json", "-oX", xml, "-p", ports, ...args, ...TARGETS]);
    const captured = await capturedMs(lab, await stop(), isConnect);
    const { ports: lines } = readSynscanJson(run.stdout);
    const report = Deno.readTextFileSync(xml);
    return TARGETS.map((target) => {
      const times = lines.flatMap(({ ip, rtt_ms }) => ip === target && rtt_ms !== null ? [rtt_ms] : []);
      const srtt = new RegExp(`<address addr="${target}"[^]*?<times srtt="(\\d+)"`).exec(report)?.[1];
      return {
        target,
        wireMs: median(captured.get(target)!),
        wireSrttMs: smoothed(captured.get(target)!),
        medianMs: median(times),
        srttMs: Number(srtt) / 1000,
        count: times.length,
      };
    });
  } finally {
    Deno.removeSync(xml);
  }
}

const rounds = Number(Deno.env.get("SYNSCAN_RTT_ROUNDS") ?? 0);

labTest("rtt: reported round trips are those of a capture, by every transport", ["dumpcap", "tshark"], async () => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: `1-${OPEN_PORTS}` } },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(LINK) }],
  });
  for (let round = 0; round < Math.max(1, rounds); round++) {
    for (const [name, args] of Object.entries(SCANS)) {
      for (const [ports, count] of rounds > 0 ? SIZES : SIZES.slice(1, 2)) {
        // A refused connect(2) has no round trip: the kernel does not tell when the RST came.
        const timed = name === "connect" ? Math.min(OPEN_PORTS, count) : count;
        // Busy with something else, a machine loses times of sending too.
        const isTimed = (measured: Measured) => measured.count >= timed * 0.95;
        // Once more before it is believed.
        let all = await measure(lab, ports, args);
        if (!all.every((measured) => isRight(measured) && isTimed(measured))) all = await measure(lab, ports, args);
        for (const measured of all) {
          const { target, wireMs, wireSrttMs, medianMs, srttMs } = measured;
          const what = `${target}, ${name} ${count}: median ${medianMs}, of the capture ${wireMs}; ` +
            `srtt ${srttMs}, ${wireSrttMs} ms`;
          if (rounds > 0) console.log(what);
          assert(isRight(measured), what);
          assert(isTimed(measured), `${what}: only ${measured.count} have a round trip`);
        }
      }
    }
  }
});

const OPEN_PORTS = 20;
const SIZES = [["1", 1], ["1-1000", 1000], ["1-100", 100]] as const;

function isRight({ wireMs, wireSrttMs, medianMs, srttMs }: Measured): boolean {
  return [[medianMs, wireMs], [srttMs, wireSrttMs]].every(([ms = 0, wireMs = 0]) =>
    ms <= 2 * wireMs + PLACES_MS && ms >= wireMs / 2 - PLACES_MS
  );
}
