import { assertEquals } from "@std/assert";
import { NO_SILENCE, type SilenceReport } from "../../src/engine/silences.ts";
import { NO_LOCAL_REPORT } from "../../src/local/machine.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { localWarnings, silenceWarnings } from "../../src/scan/warnings.ts";

/** Addresses of senders that each of two workers has numbered from 100 or 200 on. */
const ADDRESSES = {
  text: (number: number) => `2001:db8::${number % 100}`,
  hostOf: () => -1,
  address: () => -1,
  stretches: () => [],
};

function rationed(...entries: readonly (readonly [senders: readonly number[], answered: number, silent: number])[]) {
  return { ...NO_SILENCE, rationed: entries.map(([senders, answered, silent]) => ({ senders, answered, silent })) };
}

function warningsOf(...reports: readonly SilenceReport[]): string[] {
  return silenceWarnings(reports.map((silences) => ({ silences, isOverHosts: false })), ADDRESSES);
}

const BEHIND = " by ICMP errors; routers and hosts limit such errors, so the silence of the others may mean the same";

Deno.test("warnings: the errors of one sender are one line, whatever number each worker has for it", () => {
  assertEquals(warningsOf(rationed([[101], 2, 10]), rationed([[201], 3, 20])), [
    `2001:db8::1 answered for 5 of 35 ports${BEHIND}`,
  ]);
});

Deno.test("warnings: errors about pings are counted apart from those about ports", () => {
  const silences = rationed([[101], 2, 10]);
  assertEquals(silenceWarnings([{ silences, isOverHosts: true }, { silences, isOverHosts: false }], ADDRESSES), [
    `2001:db8::1 answered for 2 of 12 pings${BEHIND}`,
    `2001:db8::1 answered for 2 of 12 ports${BEHIND}`,
  ]);
});

Deno.test("warnings: a scan of hosts alone has pings that were not sent, and no ports", () => {
  const local = { ...NO_LOCAL_REPORT, notProbed: [["The next hop 10.0.0.1 is silent", 2]] as const };
  assertEquals(localWarnings([local], ADDRESSES, true), ["The next hop 10.0.0.1 is silent: 2 pings were not sent"]);
  assertEquals(localWarnings([local], ADDRESSES, false), ["The next hop 10.0.0.1 is silent: 2 ports were not probed"]);
});

Deno.test("warnings: senders of errors about the same networks are named together, and many sets of them in one line", () => {
  assertEquals(warningsOf(rationed([[101, 102], 2, 10], [[102], 1, 1]), rationed([[202, 201], 1, 0])), [
    `2001:db8::1 and 2001:db8::2 answered for 3 of 13 ports${BEHIND}`,
    `2001:db8::2 answered for 1 of 2 ports${BEHIND}`,
  ]);
  assertEquals(warningsOf(rationed(...[1, 2, 3, 4, 5].map((sender) => [[sender], 1, 2] as const))), [
    `2001:db8::1, 2001:db8::2, 2001:db8::3 and 2 more senders answered for 5 of 15 ports${BEHIND}`,
  ]);
});

Deno.test("warnings: refusals that are not the same each time are one line", () => {
  const unsettled = (host: number, from: number, ports: number) => ({
    ...NO_SILENCE,
    unsettled: [{ host, from, reason: reasonCode("host-prohibited"), ports }],
  });
  assertEquals(warningsOf(unsettled(101, 101, 1000), unsettled(101, 101, 500)), [
    "2001:db8::1 refuses a part of the probes (host-prohibited): 1,500 results may show that alone. " +
    "Scan more slowly (--max-rate)",
  ]);
  assertEquals(warningsOf(unsettled(102, 101, 1), unsettled(103, 101, 1)), [
    "2001:db8::1 refuses a part of the probes (host-prohibited for 2001:db8::2), as do others for 1 more host: 2 results may " +
    "show that alone. Scan more slowly (--max-rate)",
  ]);
});

Deno.test("warnings: a limit that two workers have met is that of one sender", () => {
  const limited = (sender: number, perSecond: number, undecided: number) => ({
    ...NO_SILENCE,
    limited: [{ sender, perSecond, undecided }],
  });
  assertEquals(warningsOf(limited(101, 0.9, 10), limited(201, 1, 5)), [
    "2001:db8::1 limits its ICMP errors to 1 a second: the silence of 15 UDP ports shows nothing (icmp-limited). " +
    "Give more time, or scan fewer ports",
  ]);
  const [both = ""] = warningsOf(limited(101, 1, 10), limited(202, 1, 5));
  assertEquals(both.split(": ")[0], "2001:db8::1 and 1 more sender limit their ICMP errors");
});
