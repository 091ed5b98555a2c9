import { assert, assertEquals } from "@std/assert";
import { progressText, statusText } from "../../../src/cli/ui/progress.ts";
import type { Progress } from "../../../src/result/summary.ts";

const PROGRESS: Progress = {
  decided: 43_210,
  probes: 100_000,
  sent: 60_000,
  open: 17,
  inFlight: 900,
  ratePps: 12_345.6,
  maxRatePps: Infinity,
  loss: 0.004,
  elapsedMs: 5000,
  leftMs: 80_000,
};

Deno.test("progress: says how far, how long, what was found, how fast and what was lost", () => {
  assertEquals(
    progressText(PROGRESS, 80),
    "43 % of 100,000 ports, 1 min 20 s left, 17 open, 12,346 probes/s, 0.4 % loss",
  );
  assertEquals(
    progressText({ ...PROGRESS, leftMs: undefined }, 80),
    "43 % of 100,000 ports, time left unknown, 17 open, 12,346 probes/s, 0.4 % loss",
  );
  assertEquals(
    progressText({ ...PROGRESS, leftMs: 5400 }, 80),
    "43 % of 100,000 ports, 5 s left, 17 open, 12,346 probes/s, 0.4 % loss",
  );
});

Deno.test("progress: leaves out what matters least where there is no room for it", () => {
  assertEquals(
    [77, 66, 52, 35, 20, 10, 4].map((columns) => progressText(PROGRESS, columns)),
    [
      "43 % of 100,000 ports, 1 min 20 s left, 17 open, 12,346 probes/s, 0.4 % loss",
      "43 % of 100,000 ports, 1 min 20 s left, 17 open, 12,346 probes/s",
      "43 %, 1 min 20 s left, 17 open, 12,346 probes/s",
      "43 %, 1 min 20 s left, 17 open",
      "43 %, 17 open",
      "43 %",
      "",
    ],
  );
});

Deno.test("progress: never fills the last column, however large the scan", () => {
  const large = { ...PROGRESS, probes: 2 ** 48, ratePps: 12_345_678, open: 2 ** 40, leftMs: 9e9 };
  for (const columns of [80, 40, 20, 1, 0]) assert(progressText(large, columns).length <= Math.max(0, columns - 1));
});

Deno.test("progress: a line of status says all of it", () => {
  assertEquals(
    statusText(PROGRESS),
    "Status: 43 % (43,210 of 100,000 ports) after 5.00 s, 1 min 20 s left; 17 open; 12,346 probes/s, 0.4 % loss, " +
      "900 unanswered",
  );
  assertEquals(statusText({ ...PROGRESS, probes: 0, decided: 0, sent: 0 }), "Status: getting ready");
});

Deno.test("progress: a scan of hosts alone has no share of ports", () => {
  const hosts = { ...PROGRESS, probes: 0, decided: 0, open: 0 };
  assertEquals(
    statusText(hosts),
    "Status: probing hosts after 5.00 s; 60,000 probes sent; 12,346 probes/s, 0.4 % loss, 900 unanswered",
  );
  assertEquals(
    [80, 40, 10].map((columns) => progressText(hosts, columns)),
    ["probing hosts, 60,000 probes sent, 12,346 probes/s, 0.4 % loss", "probing hosts", ""],
  );
});
