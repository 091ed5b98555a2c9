/**
 * Steps of a test that run at the same time, for tests that wait most of theirs.
 *
 * @module
 */

/**
 * Runs a step for each case, all at the same time, or so many.
 *
 * @param nameOf The name of a case's step.
 */
export async function stepsAtOnce<T>(
  t: Deno.TestContext,
  cases: readonly T[],
  nameOf: (each: T) => string,
  body: (each: T) => Promise<void>,
  most = cases.length,
): Promise<void> {
  const left = cases.values();
  await Promise.all(Array.from({ length: most }, async () => {
    for (const each of left) {
      await t.step({
        name: nameOf(each),
        // A step with sanitizers may have no other beside it.
        ...{ sanitizeExit: false, sanitizeOps: false, sanitizeResources: false },
        fn: () => body(each),
      });
    }
  }));
}
