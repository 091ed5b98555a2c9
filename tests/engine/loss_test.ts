import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { LossEstimate, LossMeter, probesProvingOutage, SilenceLedger } from "../../src/engine/loss.ts";

function meter(answered: number, lost: number): LossMeter {
  return Object.assign(new LossMeter(), { answered, lost });
}

function scanBelief(answered: number, lost: number): LossEstimate {
  return new LossEstimate().ofScan(meter(answered, lost));
}

Deno.test("loss: what is believed begins with the prior, and follows what is seen", () => {
  assertAlmostEquals(scanBelief(0, 0).share, 0.1);
  assertAlmostEquals(scanBelief(90, 0).share, 0.01);
  assertAlmostEquals(scanBelief(81_000, 19_000).share, 0.19, 0.001);
  assert(scanBelief(0, 0).ofHost(0, 0, meter(500, 500)).share > 0.49, "a host begins as the scan");
  assertAlmostEquals(new LossEstimate().ofHost(640, 360, meter(10_000, 0)).share, 0.36, 0.02);
});

Deno.test("loss: the chance that all attempts are lost is the power of the share, and more where little was seen", () => {
  assertEquals(scanBelief(0, 0).probabilityAllLost(0), 1);
  // Beta(1, 9): 1/10, 1/10 * 2/11, 1/10 * 2/11 * 3/12.
  assertAlmostEquals(scanBelief(0, 0).probabilityAllLost(1), 1 / 10, 1e-12);
  assertAlmostEquals(scanBelief(0, 0).probabilityAllLost(2), 2 / 110, 1e-12);
  assertAlmostEquals(scanBelief(0, 0).probabilityAllLost(3), 6 / 1320, 1e-12);
  const sure = scanBelief(80_000_000, 20_000_000);
  for (const k of [1, 2, 5, 10]) assertAlmostEquals(sure.probabilityAllLost(k) / 0.2 ** k, 1, 0.001);
});

Deno.test("loss: how often silence is asked", () => {
  for (
    const [name, returned, lost, answers, attempts] of [
      ["nothing ever answers", 0, 0, 0, 3],
      ["one answer, nothing lost", 1, 0, 1, 3],
      ["1,000 answers, nothing lost", 1000, 0, 1000, 2],
      ["65,535 answers, nothing lost", 65_535, 0, 65_535, 2],
      ["5 % each way", 4500, 490, 5000, 7],
      ["10 % each way", 4500, 1055, 5000, 10],
      ["20 % each way", 4500, 2530, 5000, 16],
      ["hopeless", 1, 100_000, 10, 40],
    ] as const
  ) assertEquals(scanBelief(returned, lost).attemptsNeeded(answers, false), attempts, name);
});

Deno.test("loss: without a witness, silence is asked a little less often as long as no loss is proven", () => {
  for (const [returned, lost] of [[0, 0], [1, 0], [5, 0], [5, 1]] as const) {
    const [seen, unseen] = [true, false].map((isWitnessed) =>
      scanBelief(returned, lost).attemptsNeeded(returned, isWitnessed)
    );
    assertEquals(seen! - unseen!, lost > 0 ? 0 : 1, `${returned} returned, ${lost} lost`);
  }
});

Deno.test("loss: few probes are sent more often than many, of which as little is seen", () => {
  for (const [returned, few, many] of [[0, 5, 3], [1, 6, 3], [5, 6, 3]] as const) {
    const attempts = [true, false].map((isSmall) => scanBelief(returned, 0).attemptsNeeded(returned, false, isSmall));
    assertEquals(attempts, [few, many], `${returned} returned`);
  }
});

Deno.test("loss: it is asked so often that less than one result in a hundred scans is expected wrong", () => {
  for (const p of [0.01, 0.1, 0.2, 0.4]) {
    for (const answers of [10, 1000, 100_000]) {
      const belief = scanBelief(1_000_000 * (1 - p), 1_000_000 * p);
      const q = p ** belief.attemptsNeeded(answers, true);
      assert(answers * q / (1 - q) < 0.01, `${p}, ${answers}`);
    }
  }
});

Deno.test("loss: how many lost liveness probes prove an outage", () => {
  for (const [p, livenessProbes] of [[0, 2], [0.001, 2], [0.05, 3], [0.19, 5], [0.36, 7], [0.99, 135]] as const) {
    assertEquals(probesProvingOutage(p), livenessProbes, `${p}`);
  }
});

Deno.test("loss: the ledger expects A q / (1 - q) results wrong", () => {
  const ledger = new SilenceLedger();
  assertEquals(ledger.expectedWrong(1000), 0);
  for (let i = 0; i < 10; i++) ledger.add(0.1);
  assertAlmostEquals(ledger.expectedWrong(45), 45.5 / 9, 1e-9);
  for (let i = 0; i < 5; i++) ledger.remove(0.1);
  assertAlmostEquals(ledger.expectedWrong(18), 18.5 / 9, 1e-9);
  assertEquals(ledger.expectedWrong(1e6), 5, "never more than are silent");
});

Deno.test("loss: what an outage makes doubtful is kept with little weight", () => {
  const loss = meter(9000, 1000);
  loss.forget(50);
  assertEquals([loss.answered, loss.lost], [45, 5]);
  loss.forget(100);
  assertEquals([loss.answered, loss.lost], [45, 5]);
  const none = meter(0, 0);
  none.forget(50);
  assertEquals([none.answered, none.lost], [0, 0]);
});
