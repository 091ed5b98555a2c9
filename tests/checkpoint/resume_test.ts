/**
 * Scans that are cut off and gone on with, as a person would do it: processes of their own on this machine's loopback, killed
 * at random moments. Both halves together are one whole scan.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { VERSION } from "../../src/checkpoint/encoding.ts";
import { Random } from "../support/random.ts";
import { type Ended, ended, runIn, start as startCommand, synscan, untilItPrints } from "../support/program.ts";
import { FAMILIES, type Family, IPV4 } from "../support/families.ts";
import { withFolder } from "../support/folder.ts";
import { stepsAtOnce } from "../support/steps.ts";
import {
  afterwards,
  cutOff as cutOffChild,
  hasBegun,
  hasLines,
  isThere,
  keepsReport,
  linesOf,
  pause,
  RATE,
  recorded as recordedBy,
  REPORTS,
  said,
  shownBy,
} from "../support/resuming.ts";

const SYN = canOpenRaw();
if (!SYN) console.log("resume_test: scans are by connect(2) only, for raw sockets take root (or CAP_NET_RAW)");
/** Ports that nothing of the system's listens on; the tests' own listeners are among them. */
const PORTS = "20000-21999";
/** Addresses of this process's own, so that others may run the same tests. */
const NET = `127.7.${Deno.pid % 250 + 1}`;
const HOST = `${NET}.1`;
const PORT_COUNT = 2000;

const start = (args: readonly string[], folder: string, rights?: readonly string[]) =>
  startCommand(synscan(args, rights), { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
const run = (args: readonly string[], folder: string, rights?: readonly string[]) => runIn(folder, args, rights);
const recorded = (folder: string) => recordedBy((args) => run(args, folder));

/** Begins the program and sends it a signal after a while, or when something holds. */
const cutOff = (args: readonly string[], folder: string, when: number | (() => boolean), signal?: Deno.Signal) =>
  cutOffChild(start(args, folder), when, signal);

/** The ports of a report in JSON, a line each. */
function portLines(path: string): string[] {
  return linesOf(path).filter((line) => line.startsWith('{"type":"port"'));
}

/** Listens on some of the ports. */
function listen(): Disposable {
  const stack = new DisposableStack();
  for (const port of [20_007, 20_080, 21_443]) {
    const listener = Deno.listen({ hostname: HOST, port });
    stack.defer(() => listener.close());
  }
  return stack;
}

const WAYS: readonly (readonly string[])[] = SYN
  ? [["-sS", "--workers", "1"], ["-sT"], ["-sS", "-sF", "--workers", "1"], ["-sS", "--workers", "2"]]
  : [["-sT"]];

/** The number of results of a scan: one for each port and technique. */
function resultCount(way: readonly string[]): number {
  return PORT_COUNT * way.filter((arg) => arg.startsWith("-s")).length;
}

Deno.test("resume: Ctrl-C tells how to go on", async (t) => {
  using _listeners = listen();
  await stepsAtOnce(
    t,
    WAYS.flatMap((way) => FAMILIES.map((family) => ({ way, family }))),
    ({ way, family }) => `${family.name}, ${way.join(" ")}`,
    ({ way, family }) => withFolder((folder) => checkInterrupted(way, family, folder)),
  );
});

async function checkInterrupted(way: readonly string[], family: Family, folder: string): Promise<void> {
  // Root's scan continues as the unprivileged user, which creates a file here.
  await Deno.chmod(folder, 0o777);
  const targets = family.each((version) => version === IPV4 ? HOST : version.loopback);
  const scan = [...way, "-p", PORTS, "--max-rate", `${RATE / 4 * targets.length}`, ...REPORTS, ...targets];
  const first = await cutOff(scan, folder, hasLines(`${folder}/o.json`, 500), "SIGINT");
  assertEquals(first.code, 130);
  assertMatch(first.out, /^synscan interrupted: .* \([\d,]+ (results )?undecided\)/m);
  const file = /^To go on: synscan resume (synscan-\S+\.checkpoint)$/m.exec(first.err)?.[1] ?? "";
  const undecided = linesOf(`${folder}/o.json`).filter((line) => line.includes('"state":"undecided"')).length;
  assert(undecided > 100, `${undecided} are undecided`);
  const second = await run(["resume", file, "--max-rate", `${RATE}`], folder);
  assertEquals([second.code, second.err], [0, ""]);
  const ports = said(folder, second.out)["ports"] as string[];
  const count = resultCount(way) * targets.length;
  assertEquals([new Set(ports).size, ports.length], [count, count]);
  assert(!isThere(`${folder}/${file}`));
}

Deno.test("resume: where no file may be written, Ctrl-C ends as ever", () =>
  withFolder(async (folder) => {
    const child = start(["-sT", "-p", "1-1000", "--max-rate", "100", "--json", HOST], folder, ["--allow-ffi"]);
    const { ending } = await untilItPrints(child);
    child.kill("SIGINT");
    const { code, err } = await ending;
    assertEquals([code, err], [130, "Ending; press Ctrl-C again to end at once\n"]);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("resume: the size of a checkpoint does not grow with the scan", async () => {
  const sizes: number[] = [];
  for (const [ports, rate, cutAt] of [["20000-21999", 1000, 500], ["0-65535", 10_000, 12_000]] as const) {
    await withFolder(async (folder) => {
      const scan = ["--checkpoint", "ck", "-p", ports, "--max-rate", `${rate}`, ...REPORTS, HOST];
      await cutOff(scan, folder, hasLines(`${folder}/o.json`, cutAt));
      sizes.push(Deno.statSync(`${folder}/ck`).size);
    });
  }
  const [small = 0, large = 0] = sizes;
  // The results are 288,000 bytes; probes in flight take a few.
  assert(large < 40_000, `${small} bytes for 2,000 ports, ${large} for 65,536`);
});

/** Hosts that are all this machine, and answer on a port of the tests' own. */
const HOSTS = `127.8.${Deno.pid % 8 * 32}.0/19`;
const HOST_COUNT = 8192;

function listenOnAll(): Disposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  return { port: (listener.addr as Deno.NetAddr).port, [Symbol.dispose]: () => listener.close() };
}

Deno.test("resume: nor does it grow with the hosts found; killed anywhere, all of them are in the reports", () =>
  withFolder(async (folder) => {
    using listener = listenOnAll();
    const scan = ["-p", `${listener.port}`, "--max-rate", "4000", ...REPORTS, HOSTS];
    const sizes: (readonly [found: number, state: number, apart: number])[] = [];
    const random = new Random(Date.now() & 0xffff);
    let last: Ended;
    let kills = 0;
    do {
      const args = kills === 0 ? ["--checkpoint", "ck", ...scan] : ["resume", "ck"];
      const until = Math.min(HOST_COUNT, (kills + 1) * 1500 + random.below(1000));
      last = await cutOff(args, folder, hasLines(`${folder}/o.json`, until));
      if (last.code !== 137) break;
      kills++;
      const [state, apart] = ["ck", "ck.journal"].map((name) =>
        isThere(`${folder}/${name}`) ? Deno.statSync(`${folder}/${name}`).size : 0
      );
      sizes.push([until, state!, apart!]);
    } while (kills < 4);
    if (last.code === 137) last = await run(["resume", "ck"], folder);
    assertEquals([last.code, last.err], [0, ""]);
    assert(sizes.length >= 3, `killed ${sizes.length} times`);
    assert(sizes.every(([, state]) => state < 40_000), `too large: ${sizes}`);
    assert(sizes.at(-1)![2] > 100_000, `what was found is not apart: ${sizes}`);
    const hosts = (text: string, pattern: RegExp) => new Set(text.match(pattern)).size;
    const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
    assertEquals(
      [
        hosts(last.out, /^synscan report for \S+/gm),
        hosts(read("o.xml"), /<address addr="[\d.]+"/g),
        hosts(read("o.gnmap"), /^Host: \S+ .*Ports: /gm),
        hosts(read("o.csv"), /^127\.[\d.]+,/gm),
        (shownBy(`${folder}/o.html`)["hosts"] as unknown[]).length,
        portLines(`${folder}/o.json`).length,
        JSON.parse(linesOf(`${folder}/o.json`).at(-1)!).hosts_up,
        (await recorded(folder)).length,
      ],
      Array.from({ length: 8 }, () => HOST_COUNT),
    );
    // SYN-ACKs show the system of each host, those seen before the scan was killed too.
    if (SYN) {
      assertEquals(portHosts(`${folder}/o.json`).filter(({ os }) => os?.[0]?.family === "Linux").length, HOST_COUNT);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /ck/.test(name)), []);
  }));

/** The lines on hosts of a report in JSON. */
function portHosts(path: string): { readonly os?: readonly { readonly family: string }[] }[] {
  return linesOf(path).filter((line) => line.startsWith('{"type":"host"')).map((line) => JSON.parse(line));
}

Deno.test("resume: options are kept, those of the reports included", () =>
  withFolder(async (folder) => {
    using _listeners = listen();
    await Deno.writeTextFile(`${folder}/hosts`, `${NET}.1-4 # four of them\n`);
    const options = `-sT -p 20000-20999 -iL hosts --exclude ${NET}.3 --seed 7 --shard 1/2`.split(" ");
    const shown = ["--open", "--reason", "--filter", "port!=20007", "--fields", "ip,port,state,reason"];
    const scan = [...options, ...shown, "-oJ", "o.json", "-oN", "o.txt"];
    const whole = await run([...scan, "--max-rate", "10k"], folder);
    const wanted = [Deno.readTextFileSync(`${folder}/o.txt`), portLines(`${folder}/o.json`).sort()];
    const { closed, open } = JSON.parse(linesOf(`${folder}/o.json`).at(-1)!);
    assertEquals([whole.code, closed + open], [0, 1500]);
    // From another folder, under another name.
    await cutOff(["--checkpoint", "ck", ...scan, "--max-rate", "500"], folder, hasBegun(`${folder}/ck`));
    await Deno.mkdir(`${folder}/else`);
    for (const name of ["", ".journal"]) await Deno.rename(`${folder}/ck${name}`, `${folder}/else/moved${name}`);
    const { code, out } = await run(["resume", "moved", "--max-rate", "10k"], `${folder}/else`);
    const last = JSON.parse(linesOf(`${folder}/o.json`).at(-1)!);
    assertEquals([code, last.closed + last.open], [0, closed + open]);
    const timeless = (text: string) => text.replace(/^#.*\n/gm, "").replace(/^synscan done.*$/m, "");
    assertEquals(timeless(Deno.readTextFileSync(`${folder}/o.txt`)), timeless(wanted[0] as string));
    assertEquals(portLines(`${folder}/o.json`).sort(), wanted[1]);
    assertEquals(timeless(out), timeless(whole.out));
  }));

Deno.test("resume: on standard output the second part follows, without a second heading", () =>
  withFolder(async (folder) => {
    const scan = ["--checkpoint", "ck", "-sT", "-p", PORTS, "--max-rate", "500", "-oC", "-", HOST];
    const first = await cutOff(scan, folder, afterwards(`${folder}/ck`, 1500), "SIGINT");
    const second = await run(["resume", "ck", "--max-rate", "10k"], folder);
    assertEquals([first.code, second.code], [130, 0]);
    const rows = (first.out + second.out).trimEnd().split("\n").filter((row) => !row.includes("undecided"));
    assertEquals(rows.filter((row) => row.startsWith("ip,")).length, 1);
    assertEquals(new Set(rows.slice(1).map((row) => row.split(",")[1])).size, PORT_COUNT);
    // What was found while it was being ended comes again.
    const [before, again] = [first.out.split("\n").length, rows.length - PORT_COUNT];
    assert(again < before / 2, `${again} rows again of ${before}`);
  }));

Deno.test("resume: a deadline leaves something to go on with, where that was asked for", () =>
  withFolder(async (folder) => {
    // The time in the report's name is that of the whole scan.
    const scan = ["--checkpoint", "ck", "-sT", "-p", PORTS, "--max-rate", "1000", "-oJ", "100%%-%S", HOST];
    const first = await run([...scan, "--deadline", "1200ms"], folder);
    assertEquals([first.code, first.err], [3, "To go on: synscan resume ck\n"]);
    const second = await run(["resume", "ck", "--deadline", "1m", "--max-rate", "10k"], folder);
    assertEquals([second.code, second.err], [0, ""]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.startsWith("100"));
    assertEquals(names.length, 1);
    assertMatch(names[0]!, /^100%-[0-5]\d$/);
    const ports = portLines(`${folder}/${names[0]}`).map((line) => JSON.parse(line).port);
    assertEquals([ports.length, new Set(ports).size], [PORT_COUNT, PORT_COUNT]);
  }));

Deno.test("resume: -v replaces the -q of the scan", () =>
  withFolder(async (folder) => {
    const scan = ["--checkpoint", "ck", "-q", "-sT", "-p", PORTS, "--max-rate", "1000", HOST];
    const first = await run([...scan, "--deadline", "500ms"], folder);
    assertEquals([first.code, /Scanning .* ports/.test(first.err)], [3, false], first.err);
    const second = await run(["resume", "ck", "-v", "--deadline", "1m", "--max-rate", "10k"], folder);
    assertEquals([second.code, /Scanning .* ports/.test(second.err)], [0, true], second.err);
    assertMatch(second.out, /^synscan done: /m);
  }));

Deno.test({
  name: "resume: after a full disk, once there is room (needs root, to mount a small disk)",
  ignore: Deno.uid() !== 0,
  fn: () =>
    withFolder(async (folder) => {
      const disk = `${folder}/disk`;
      await Deno.mkdir(disk);
      await shell(`mount -t tmpfs -o size=64k none ${disk}`);
      try {
        const scan = ["-sT", "-p", PORTS, "--max-rate", `${RATE}`, "-oJ", "disk/o.json", "-oC", "o.csv", HOST];
        const first = await run(["--checkpoint", "ck", ...scan], folder);
        assertEquals(first.code, 2);
        assertMatch(first.err, /^Cannot write to "disk\/o.json": no space left .*\nTo go on: synscan resume ck\n$/);
        const again = await run(["resume", "ck"], folder);
        assertEquals(again.code, 2);
        await shell(`mount -o remount,size=4m ${disk}`);
        const { code, err } = await run(["resume", "ck"], folder);
        assertEquals([code, err], [0, ""]);
        const ports = portLines(`${disk}/o.json`).map((line) => JSON.parse(line).port);
        assertEquals([ports.length, new Set(ports).size], [PORT_COUNT, PORT_COUNT]);
        assertEquals(new Set(linesOf(`${folder}/o.csv`).map((row) => row.split(",")[1])).size, PORT_COUNT + 1);
        assertEquals(linesOf(`${folder}/o.csv`).length, PORT_COUNT + 1);
      } finally {
        await shell(`umount ${disk}`);
      }
    }),
});

async function shell(line: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", line] }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** What a file can have become since, and what is said of it. */
const SPOILED: readonly [name: string, spoil: (folder: string) => void, says: RegExp][] = [
  ["a checkpoint that is missing", (folder) => Deno.removeSync(`${folder}/ck`), /: no such file or directory\./],
  ["a checkpoint that is empty", (folder) => Deno.truncateSync(`${folder}/ck`), /: nothing was written to it yet\./],
  ["a checkpoint that is cut off", (folder) => Deno.truncateSync(`${folder}/ck`, 1500), /: it is damaged\./],
  [
    "a checkpoint with an octet changed",
    (folder) => change(`${folder}/ck`, `"${PORTS}"`, `"${PORTS.replace("20", "19")}"`),
    /damaged/,
  ],
  [
    "a checkpoint's journal that is missing",
    (folder) => Deno.removeSync(`${folder}/ck.journal`),
    /journal" is missing/,
  ],
  ["a checkpoint's journal that is cut", (folder) => Deno.truncateSync(`${folder}/ck.journal`, 9), /journal" is cut/],
  [
    "a checkpoint's journal that is damaged",
    (folder) => Deno.writeTextFileSync(`${folder}/ck.journal`, "else\n".repeat(50_000)),
    /journal" is damaged/,
  ],
  [
    "a checkpoint with the journal of another scan",
    (folder) => change(`${folder}/ck.journal`, '"scan":"', '"scan":"0'),
    /journal of another scan/,
  ],
  [
    "a checkpoint's journal of another version",
    (folder) => change(`${folder}/ck.journal`, `"version":${VERSION}`, `"version":${VERSION + 1}`),
    /another version of synscan/,
  ],
  ["something else", (folder) => Deno.writeTextFileSync(`${folder}/ck`, "<html>"), /: it is not a checkpoint\./],
  [
    "a newer checkpoint",
    (folder) => change(`${folder}/ck`, `"version":${VERSION}`, `"version":${VERSION + 1}`),
    /: a newer synscan/,
  ],
  ["a report that is gone", (folder) => Deno.removeSync(`${folder}/o.json`), /"o.json" .*: no such file/],
  ["a report that was emptied", (folder) => Deno.truncateSync(`${folder}/o.json`), /"o.json": there is less in it/],
  [
    "a report replaced by a longer one",
    (folder) => Deno.writeTextFileSync(`${folder}/o.json`, '{"type":"port","port":1}\n'.repeat(50_000)),
    /"o.json": it is not what the scan has written/,
  ],
  ["another list of targets", (folder) => Deno.writeTextFileSync(`${folder}/hosts`, `${NET}.2`), /no longer those/],
  [
    "a longer list of targets",
    (folder) => Deno.writeTextFileSync(`${folder}/hosts`, `${NET}.1-2`),
    /4000\. Put the lists back/,
  ],
];

function change(path: string, from: string, to: string): void {
  const latin = new TextDecoder("latin1").decode(Deno.readFileSync(path));
  assert(latin.includes(from));
  Deno.writeFileSync(path, Uint8Array.from(latin.replace(from, to), (char) => char.charCodeAt(0)));
}

Deno.test("resume: what was spoiled is refused in one line, and nothing is touched", async (t) => {
  await withFolder(async (kept) => {
    await Deno.writeTextFile(`${kept}/hosts`, `${HOST}\n`);
    const scan = [
      "--checkpoint",
      "ck",
      "-sT",
      "-p",
      PORTS,
      "--max-rate",
      `${RATE / 4}`,
      "-iL",
      "hosts",
      "-oJ",
      "o.json",
    ];
    await cutOff(scan, kept, keepsReport(`${kept}/ck`));
    for (const [name, spoil, says] of SPOILED) {
      await t.step(name, () =>
        withFolder(async (folder) => {
          for (const file of ["ck", "ck.journal", "hosts", "o.json"]) {
            await Deno.copyFile(`${kept}/${file}`, `${folder}/${file}`);
          }
          // The checkpoint names the folder in which it was made.
          if (!/checkpoint|something/.test(name)) {
            for (const file of ["hosts", "o.json"]) {
              await Deno.rename(`${kept}/${file}`, `${kept}/${file}.safe`);
            }
            for (const file of ["hosts", "o.json"]) await Deno.copyFile(`${kept}/${file}.safe`, `${kept}/${file}`);
            spoil(kept);
          } else {
            spoil(folder);
          }
          const before = contents(folder) + contents(kept);
          const { code, out, err } = await run(["resume", "ck"], folder);
          assertEquals([code, out], [1, ""], err);
          assertMatch(err, /^Cannot [^\n]*\n$/);
          assertMatch(err, says);
          assertEquals(contents(folder) + contents(kept), before);
          for (const file of ["hosts", "o.json"]) {
            if (isThere(`${kept}/${file}.safe`)) await Deno.rename(`${kept}/${file}.safe`, `${kept}/${file}`);
          }
        }));
    }
  });
});

function contents(folder: string): string {
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return files.map((name) => `${name} ${new TextDecoder("latin1").decode(Deno.readFileSync(`${folder}/${name}`))}`)
    .join();
}

Deno.test("resume: one at a time, and only what may be changed", () =>
  withFolder(async (folder) => {
    const scan = ["-sT", "-p", PORTS, "--max-rate", "1000", "-oJ", "o.json", HOST];
    const first = start(["--checkpoint", "ck", ...scan], folder);
    const ending = ended(first);
    while (!isThere(`${folder}/ck`) || Deno.statSync(`${folder}/ck`).size < 100) await pause(10);
    // So that it does not end before the others have begun.
    first.kill("SIGSTOP");
    const [second, third, fourth, fifth] = await Promise.all([
      run(["resume", "ck"], folder),
      run(["--checkpoint", "ck", ...scan.slice(0, 5), HOST], folder),
      run(["resume", "ck", "-p", "80"], folder),
      run(["resume"], folder),
    ]);
    first.kill("SIGCONT");
    assertEquals([second.code, second.err], [
      2,
      'Cannot resume from "ck": another synscan process uses it. Wait until that ends, or end it\n',
    ]);
    assertEquals([third.code, third.err.startsWith('Cannot keep a checkpoint in "ck": ')], [2, true]);
    assertMatch(fourth.err, /^Cannot use -p with synscan resume\./);
    assertMatch(fifth.err, /^Cannot run synscan resume without an argument\. Write synscan resume FILE\n$/);
    assertEquals([fourth.code, fifth.code], [1, 1]);
    assertEquals((await ending).code, 0);
    assertEquals(portLines(`${folder}/o.json`).length, PORT_COUNT);
  }));

const REFUSED: readonly [name: string, args: string, says: RegExp, code?: number, rights?: string[]][] = [
  ["no right to write", "ck", /Add --allow-read and --allow-write/, 2, ["--allow-ffi", "--allow-read"]],
  ["no right to read", "ck", /Add --allow-read and --allow-write/, 2, ["--allow-ffi", "--allow-write"]],
  ["no such folder", "none/ck", /: no such file or directory\. Name another file/],
  ["a folder", ".", /: it is a directory\. Name another file/],
  ["a device", "/dev/null", /"\/dev\/null": /],
  ["a file with something in it", "precious", /: it is not empty\./],
  ["a place beside something", "near", /"near\.journal" exists and is not a journal\. Name/],
  ["a report's file", "same -oJ same", /to "same"\. Give each/],
  ["standard output", "-", /standard output\. Name a file/],
  ["a dry run", "ck --dry-run", /--checkpoint together with --dry-run/],
];

for (const [name, args, says, code = 1, rights] of REFUSED) {
  Deno.test(`resume: --checkpoint is refused before anything is sent: ${name}`, () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/precious`, "kept");
      await Deno.writeTextFile(`${folder}/near.journal`, "kept");
      const refused = await run(["--checkpoint", ...args.split(" "), "-sT", "-p", "1", HOST], folder, rights);
      assertEquals([refused.code, refused.out], [code, ""], refused.err);
      assertMatch(refused.err, /^[^\n]+\n$/);
      assertMatch(refused.err, says);
      assertEquals(contents(folder), "near.journal kept,precious kept");
    }));
}

Deno.test("resume: a scan that cannot begin leaves no checkpoint", () =>
  withFolder(async (folder) => {
    const { code } = await run(["--checkpoint", "ck", "-p", "1", "no-such-host.invalid"], folder);
    assertEquals([code, contents(folder)], [1, ""]);
  }));
