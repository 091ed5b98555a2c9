/**
 * Steps of a test that run at the same time, for tests that wait most of theirs.
 *
 * @module
 */

/**
 * Runs a step for each case, all at the same time.
 *
 * @param nameOf The name of a case's step.
 */
export async function stepsAtOnce<T>(
  t: Deno.TestContext,
  cases: readonly T[],
  nameOf: (each: T) => string,
  body: (each: T) => Promise<void>,
): Promise<void> {
  await Promise.all(cases.map((each) =>
    t.step({
      name: nameOf(each),
      // A step with sanitizers may have no other beside it.
      ...{ sanitizeExit: false, sanitizeOps: false, sanitizeResources: false },
      fn: () => body(each),
    })
  ));
}
