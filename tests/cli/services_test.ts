/** Service detection from the command line, with servers on loopback. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { listHosts, planScan, scan } from "../support/library.ts";
import { withFolder } from "../support/folder.ts";
import { type Ended, ended, runIn, start, synscan, until, untilItPrints } from "../support/program.ts";
import { silent, ssh, Talkers } from "../support/talkers.ts";
import { FakeWorld, result, runMain } from "./fake.ts";

/** A port as JSON lines report it. */
interface PortLine {
  readonly port: number;
  readonly state: string;
  readonly service: string | null;
  readonly product?: string;
}

/** Returns the ports of a JSON report. */
function portsIn(text: string): PortLine[] {
  return text.trim().split("\n").map((line) => JSON.parse(line) as PortLine & { type: string })
    .filter(({ type }) => type === "port").sort((one, other) => one.port - other.port);
}

function isSsh({ state, service, product }: PortLine): boolean {
  return state === "open" && service === "ssh" && product === "OpenSSH";
}

Deno.test("services: -sT -sV needs --allow-ffi alone", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(3, ssh);
  const { code, out, err } = await ended(
    start(synscan(["-sT", "-sV", "-p", `${ports}`, "--json", "127.0.0.1"], ["--allow-ffi"])),
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(portsIn(out).filter(isSsh).map(({ port }) => port), ports);
});

Deno.test("services: with few descriptors no port is lost", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(60, ssh);
  const command = synscan(["-sT", "-sV", "-n", "-p", `${ports}`, "--json", "127.0.0.1"]).map((word) => `'${word}'`);
  const { code, out, err } = await ended(start(["sh", "-c", `ulimit -n 48; exec ${command.join(" ")}`]));
  assertEquals(code, 0, err);
  assertEquals(portsIn(out).filter(isSsh).map(({ port }) => port), ports, err);
});

Deno.test("services: the deadline reports open ports that are not identified yet, and the summary says so", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(3, silent);
  const { code, out } = await ended(
    start(synscan(["-sT", "-sV", "-n", "--version-all", "--deadline", "5s", "-p", `${ports}`, "--json", "127.0.0.1"])),
  );
  assertEquals(code, 3);
  assertEquals(portsIn(out).map(({ port, state }) => [port, state]), ports.map((port) => [port, "open"]));
  assertStringIncludes(out, "The scan ended before 3 open ports could be identified");
});

Deno.test("services: a scan that is interrupted reports its open ports, and identifies the rest when resumed", async () => {
  await withFolder(async (folder) => {
    using talkers = new Talkers();
    let isSilent = true;
    const late = talkers.serveMany(3, (talk) => isSilent ? silent(talk) : ssh(talk));
    const early = talkers.serve(ssh);
    const ports = [...late, early].sort((one, other) => one - other);
    const args = ["-sT", "--version-all", "-n", "-v", "-p", `${ports}`, "--checkpoint", "c", "-oJ", "out", "127.0.0.1"];
    const child = start(synscan(args), { cwd: folder, env: { XDG_CONFIG_HOME: folder } });
    const { ending } = await untilItPrints(child, "stderr");
    await until(() => Deno.readTextFileSync(`${folder}/out`).includes(`"port":${early},`));
    child.kill("SIGINT");
    const { code, err } = await ending;
    assertEquals(code, 130, err);
    assertEquals(portsIn(Deno.readTextFileSync(`${folder}/out`)).map(({ port }) => port), ports);
    isSilent = false;
    const resumed = await runIn(folder, ["resume", "c"]);
    assertEquals(resumed.code, 0, resumed.err);
    const after = portsIn(Deno.readTextFileSync(`${folder}/out`));
    assertEquals(after.filter(isSsh).map(({ port }) => port), ports, resumed.err);
  });
});

Deno.test("services: the status tells how many ports are being identified", async () => {
  using talkers = new Talkers();
  const ports = talkers.serveMany(3, silent);
  const { code, err } = await ended(
    start(synscan(["-sT", "-sV", "-n", "--stats-every", "200ms", "-p", `${ports}`, "127.0.0.1"])),
  );
  assertEquals(code, 0, err);
  assertMatch(err, /identifying 3 ports/);
});

Deno.test("services: CSV has product and version with -sV, and the origin of the service's name", async () => {
  const finding = { service: "ssh", confidence: 10, product: "OpenSSH", version: "9.2p1" } as const;
  const ssh = result({ port: 22, state: "open", reason: "syn-ack", service: "ssh", finding });
  const rowsOf = async (flags: string) => {
    const { world } = await runMain(`${flags} -oC - 10.0.0.1`, {
      batches: [[ssh, result({ port: 23, service: "telnet" })]],
    });
    const [names = [], ...rows] = world.stdout.trim().split("\n").map((line) => line.split(","));
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  };
  const shown = (await rowsOf("-sV")).map((
    { service, service_by, conf, product, version },
  ) => [service, service_by, conf, product, version]);
  assertEquals(shown, [['"ssh"', '"probed"', "10", '"OpenSSH"', '"9.2p1"'], ['"telnet"', "", "", "", ""]]);
  assertEquals("product" in (await rowsOf(""))[0]!, false);
});

const WRONG: readonly (readonly [line: string, says: string])[] = [
  ["-sV --version-intensity 10 127.0.0.1", '--version-intensity "10"'],
  ["--version-intensity -1 127.0.0.1", '"-1"'],
  ["--version-intensity much 127.0.0.1", '"much"'],
  ["--version-intensity", "without a value"],
  ["-sV -sn 127.0.0.1", "-sV together with -sn"],
  ["-sn --allports 127.0.0.1", "--allports together with -sn"],
  ["--version-light --version-all 127.0.0.1", "--version-light together with --version-all"],
  ["--version-light --version-intensity 5 127.0.0.1", "--version-light"],
];

for (const [line, says] of WRONG) {
  Deno.test(`services: ${line} ends in one line and status 1`, async () => {
    const world = new FakeWorld();
    const status = await main(line.split(" "), { scan, planScan, listHosts }, world);
    assertEquals(status, 1);
    assertEquals(world.stderr.trim().split("\n").length, 1, world.stderr);
    assertStringIncludes(world.stderr, says);
  });
}

Deno.test("services: where nothing is open nothing is identified, and the scan is as usual", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  const result: Ended = await ended(
    start(synscan(["-sT", "-sV", "-n", "-p", `${listener.addr.port}`, "--json", "127.0.0.1"])),
  );
  assertEquals(result.code, 0, result.err);
  assertEquals(portsIn(result.out).map(({ state }) => state), ["closed"]);
  assert(!result.out.includes("identified"));
});

for (const workers of [1, 3]) {
  // A connect scan has one worker, however many are asked for.
  Deno.test(`services: -sT --workers ${workers} hands over its connections, so that a greeting takes one in all`, async () => {
    using talkers = new Talkers();
    const ports = talkers.serveMany(20, ssh);
    const line = ["-sT", "-sV", "-n", "--workers", `${workers}`, "-p", `${ports}`, "--json", "127.0.0.1"];
    const { code, out, err } = await ended(start(synscan(line)));
    assertEquals(code, 0, err);
    assertEquals(portsIn(out).filter(isSsh).map(({ port }) => port), ports);
    // An attempt that the kernel was slow to report is made again.
    assert(talkers.connections < 30, `${talkers.connections} connections`);
  });
}
