/** Scans that are resumed with more exclusions than they had: whole programs on this machine's loopback. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { type Ended, ended, start, synscan } from "../support/program.ts";

/** Addresses of this process's own, so that others may run the same tests. */
const NET = `127.11.${Deno.pid % 250 + 1}`;
const SCAN = `${NET}.1-3 -p 21000-21399 --max-rate 400 --exclude-file no --exclude-ports 21001`.split(" ");
const PORTS = 2 * 399;

/** Runs the program, and sends it SIGINT once its report has so many lines. */
async function run(folder: string, args: readonly string[], cutAt = Infinity): Promise<Ended> {
  const child = start(synscan(args), { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
  let isOver = false;
  const ending = ended(child).finally(() => isOver = true);
  // A scan that was cut off has a line for each port; it is cut back as soon as the scan is resumed.
  const isWhole = () => linesIn(folder).length > PORTS;
  while (cutAt < Infinity && !isOver && (isWhole() || linesIn(folder).length < cutAt)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (cutAt < Infinity && !isOver) child.kill("SIGINT");
  return await ending;
}

interface Line {
  readonly type: string;
  readonly ip: string;
  readonly port: number;
  readonly state: string;
  readonly reason: string;
  readonly warnings: readonly string[];
  readonly undecided: number;
}

function linesIn(folder: string): Line[] {
  try {
    return Deno.readTextFileSync(`${folder}/o`).trimEnd().split("\n").flatMap((line) => {
      return line.endsWith("}") ? [JSON.parse(line)] : [];
    });
  } catch {
    return [];
  }
}

/** A scan of hosts 1 and 2 that is cut off; host 3 and port 21001 are excluded from the beginning. */
async function cutOff(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/no`, `${NET}.3\n`);
  const { code, err } = await run(folder, ["--checkpoint", "ck", "-oJ", "o", ...SCAN], 150);
  assertEquals(code, 130, err);
}

for (const technique of ["-sS", "-sT"]) {
  Deno.test(`resume: what is excluded since is never probed, and reported as not probed (${technique})`, () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/no`, `${NET}.3\n`);
      const first = await run(folder, ["--checkpoint", "ck", "-oJ", "o", technique, ...SCAN], 150);
      assertEquals(first.code, 130, first.err);
      const trace = technique === "-sS" ? ["--packet-trace"] : [];
      // A second cut, after which the exclusions need not be given again.
      const excluded = ["--exclude", `${NET}.2`, "--exclude-ports", "21002-21010"];
      const second = await run(folder, ["resume", "ck", ...excluded, ...trace], 450);
      assertEquals(second.code, 130, second.err);
      const third = await run(folder, ["resume", "ck", ...trace]);
      assertEquals(third.code, 3, third.err);
      for (const { err } of [second, third]) {
        assert(!err.includes(`> ${NET}.2:`) && !/> \S+:(2100[1-9]|21010) /.test(err), "a probe of what is excluded");
        if (technique === "-sS") assertStringIncludes(err, `${NET}.1:`);
      }
      const lines = linesIn(folder);
      const ports = lines.filter(({ type }) => type === "port");
      assertEquals([ports.length, new Set(ports.map(({ ip, port }) => `${ip} ${port}`)).size], [PORTS, PORTS]);
      const left = ports.filter(({ state }) => state === "undecided");
      assert(left.length > 100, `${left.length} are undecided`);
      for (const { ip, port, reason } of left) {
        assertEquals(reason, "not-asked");
        assert(ip === `${NET}.2` || port >= 21002 && port <= 21010, `${ip} ${port}`);
      }
      const { warnings, undecided } = lines.at(-1)!;
      assertEquals(undecided, left.length);
      assertStringIncludes(
        warnings.join("\n"),
        `Excluded when the scan was resumed, and not probed from then on: ${NET}.2; ports 21002-21010`,
      );
    }));
}

Deno.test("resume: a line more in a list of exclusions shrinks the scan, a line less is refused", () =>
  withFolder(async (folder) => {
    await cutOff(folder);
    const refused: [list: string, args: string[], says: RegExp][] = [
      ["#", [], /^Cannot resume: 127\.11\.\d+\.3 is no longer excluded, and a scan cannot grow\. .*\n$/],
      [
        `${NET}.3\n`,
        ["-p", "1-10"],
        /^Cannot use -p with synscan resume\. The scan keeps its options, targets and ports: .*\n$/,
      ],
      [`${NET}.3\n`, [`${NET}.9`], /^Cannot understand "127\.11\.\d+\.9" after synscan resume\. The scan keeps .*\n$/],
    ];
    for (const [list, args, says] of refused) {
      await Deno.writeTextFile(`${folder}/no`, list);
      const { code, err } = await run(folder, ["resume", "ck", ...args]);
      assertEquals(code, 1, err);
      assertMatch(err, says);
    }
    await Deno.writeTextFile(`${folder}/no`, `${NET}.2-3\n`);
    const { code, err } = await run(folder, ["resume", "ck"]);
    assertEquals(code, 3, err);
    const left = linesIn(folder).filter(({ type, state }) => type === "port" && state === "undecided");
    assertEquals(new Set(left.map(({ ip }) => ip)), new Set([`${NET}.2`]));
  }));

Deno.test("resume: a scan that had not begun keeps what is excluded when it is resumed", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/no`, `${NET}.3\n`);
    // Killed before its first moment is kept.
    const child = start(synscan(["--checkpoint", "ck", "-oJ", "o", ...SCAN]), {
      cwd: folder,
      env: { XDG_CONFIG_HOME: folder },
    });
    const isKept = () =>
      Deno.readDirSync(folder).some(({ name }) => name === "ck") && Deno.statSync(`${folder}/ck`).size > 0;
    while (!isKept()) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGKILL");
    await ended(child);
    if (new TextDecoder().decode(Deno.readFileSync(`${folder}/ck`)).includes('"taken":')) return;
    await Deno.remove(`${folder}/o`).catch(() => {});
    const second = await run(folder, ["resume", "ck", "--exclude", `${NET}.2`], 100);
    assertEquals(second.code, 130, second.err);
    const third = await run(folder, ["resume", "ck"]);
    assertEquals(third.code, 0, third.err);
    assertEquals(
      new Set(linesIn(folder).flatMap(({ type, ip }) => type === "port" ? [ip] : [])),
      new Set([`${NET}.1`]),
    );
  }));
