/**
 * Scans that are killed at random moments and resumed: all parts together are one whole scan, whatever the address family.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FAMILIES } from "../support/families.ts";
import { withFolder } from "../support/folder.ts";
import { Lab, labTest } from "../support/lab.ts";
import { type Ended, ended, start, synscan } from "../support/program.ts";
import { Random } from "../support/random.ts";
import { afterwards, cutOff, hasContent, RATE, recorded, REPORTS, said } from "../support/resuming.ts";

const PORTS = "20000-21999";
const PORT_COUNT = 2000;
const KILLS = 30;
const AT_ONCE = 4;
const TECHNIQUES = [["-sS", "--workers", "1"], ["-sT"], ["-sS", "-sF", "--workers", "1"], ["-sS", "--workers", "2"]];
/** Each technique over each family. */
const WAYS = TECHNIQUES.flatMap((technique) => FAMILIES.map((family) => ({ technique, family })));
type Way = typeof WAYS[number];

labTest(`resume: killed at ${KILLS} random moments, all parts together are one whole scan`, [], async () => {
  // The machine scans itself: the times of replies of others would differ.
  await using lab = await Lab.create({ spaces: { machine: {} } });
  await lab.listen("machine", "20007,20080,21443", "::");
  const random = new Random(Number(Deno.env.get("SYNSCAN_SEED") ?? Date.now() & 0xffff));
  const begin = (args: readonly string[], folder: string) => {
    const command = ["env", `--chdir=${folder}`, `XDG_CONFIG_HOME=${folder}`, ...synscan(args)];
    return start(lab.argv("machine", command));
  };
  const run = (args: readonly string[], folder: string) => ended(begin(args, folder));
  const scanOf = ({ technique, family }: Way) => [
    ...technique,
    ...["-p", PORTS, "--max-rate", `${RATE}`, ...REPORTS, ...family.each(({ loopback }) => loopback)],
  ];
  const wholes = new Map<Way, Record<string, unknown>>();
  /** Works through ways, so many at a time, until there is no next one. */
  const work = (next: () => Way | undefined, of: (way: Way, folder: string) => Promise<void>) =>
    Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let way = next(); way !== undefined; way = next()) {
        const now = way;
        await withFolder((folder) => of(now, folder));
      }
    }));
  let begun = 0;
  await work(() => WAYS[begun++], async (way, folder) => {
    const { code, out } = await run(scanOf(way), folder);
    assertEquals(code, 0);
    const whole = said(folder, out);
    wholes.set(way, whole);
    const { technique, family } = way;
    const results = technique.filter((word) => word.startsWith("-s")).length * family.versions.length * PORT_COUNT;
    assertEquals(new Set(whole["ports"] as string[]).size, results);
    assertStringIncludes(out, "20080/tcp open");
  });
  let [kills, resumed, next] = [0, 0, 0];
  const seed = `seed ${random.seed}`;
  await work(
    () => next < WAYS.length || kills < KILLS ? WAYS[next++ % WAYS.length] : undefined,
    async (way, folder) => {
      const args = ["--checkpoint", "ck", ...scanOf(way)];
      const again = () => hasContent(`${folder}/ck`) ? ["resume", "ck"] : args;
      const most = way.family.versions.length * 1200;
      let last: Ended | undefined;
      for (let cuts = 0; cuts < 3 && (last === undefined || last.code === 137); cuts++) {
        if (hasContent(`${folder}/ck`)) resumed++;
        kills++;
        last = await cutOff(begin(again(), folder), afterwards(`${folder}/ck`, random.below(most)));
      }
      if (last!.code === 137) last = await run(again(), folder);
      const name = `${way.family.name} ${way.technique.join(" ")}, ${seed}`;
      assertEquals([last!.code, last!.err], [0, ""], name);
      assertEquals(said(folder, last!.out), wholes.get(way), name);
      assertEquals(await recorded((args) => run(args, folder)), wholes.get(way)!["ports"], name);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /ck/.test(name)), []);
    },
  );
  assert(kills >= KILLS && resumed >= KILLS / 4, `killed ${kills} times, resumed ${resumed} times`);
});
