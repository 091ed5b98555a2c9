/**
 * The code that the program loads: not that of parts which it does not use, as each module takes 0.1 to 0.3 ms of the start.
 */
import { assertEquals, assertLess } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { ended, FROM_SOURCES, MOD, start, synscan } from "./support/program.ts";

const ROOT = new URL("../", import.meta.url);

/** Parts of the program that neither `--version` nor a small scan of this machine with a table on standard output uses. */
const SELDOM: Readonly<Record<string, RegExp>> = {
  merge:
    /^src\/cli\/(shards\/|commands\/merge\.ts|args\/(job_shard|shard_command)\.ts)|^src\/result\/joined_summary\.ts/,
  "connect scans": /^src\/(driver|transport)\/connect|^src\/scan\/socket_drivers|^ffi\/(epoll|error_queue)\.ts/,
  "names of hosts":
    /^src\/driver\/(dns|hostname)_|^src\/scan\/hostname_lookup|^src\/local\/dns_servers|^src\/wire\/dns/,
  "the Ethernet sender": /^src\/transport\/(ethernet_sender|firewall_check)/,
  "the ring of many replies": /^(src\/transport\/ring_receiver|ffi\/packet_ring)\.ts/,
  "the transport of own links": /^src\/transport\/link_/,
  "services": /^src\/service\/|^src\/scan\/(services|tls_connection)\.ts|^src\/transport\/conversations\.ts/,
  "traces": /^src\/(scan|technique)\/(traces|trace|trace_(?!choice)\w+)\.ts/,
  "IPv6":
    /^src\/(target|transport|technique|local)\/(ipv6|icmpv6)_|^src\/scan\/ipv6_p(lan|atterns)|^src\/wire\/address6|^ffi\/(ipv6_socket|netlink\/ipv6)/,
  "several techniques": /^src\/scan\/calibration/,
  "dry runs": /^src\/(scan|cli)\/dry_run/,
  "lists of targets": /^src\/target\/result_file\.ts/,
  "top ports": /^src\/target\/top_ports/,
  "workers": /^src\/scan\/worker\.ts/,
  "the history": /^src\/store\//,
  "subcommands": /^src\/cli\/commands\/(?!scan\.ts)/,
  "help": /^src\/cli\/docs\/(?!topics\.ts)/,
  "other reports": /^src\/report\/(csv|grepable|html\w*|ip_port|json\w*|masscan|normal|xml)\.ts/,
};

/** Parts that a scan uses, and `--version` does not. */
const OF_A_SCAN: Readonly<Record<string, RegExp>> = {
  "scanning": /^src\/(engine|driver|technique|transport|order|wire|target)\//,
  "its plan and workers": /^src\/scan\/(running_scan|plan|pool|worker_run|worker_passes|snapshot)\.ts/,
  "its session": /^src\/cli\/commands\/scan\.ts/,
  "checkpoints": /^src\/checkpoint\/(checkpoint|file|journal)\.ts/,
  "the table": /^src\/report\/table\.ts/,
};

/** The share of the source code that a small scan loads at most. */
const MOST_LOADED = 0.52;

/** Returns the number of bytes of source code that modules have. */
function bytesOf(modules: readonly string[]): number {
  return modules.reduce((sum, path) => sum + Deno.statSync(new URL(path, ROOT)).size, 0);
}

/** Returns the paths of the modules that the program loads, from its root. */
async function modulesOf(...args: string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir({ prefix: "synscan-start-" });
  try {
    // The program writes the list of its modules when it ends, as the user nobody.
    await Deno.chmod(folder, 0o777);
    const flags = ["--no-prompt", "--allow-ffi", "--no-code-cache", `--coverage=${folder}`];
    const command = ["run", ...FROM_SOURCES, ...flags, MOD, ...args];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), { args: command }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const urls = Array.from(Deno.readDirSync(folder), ({ name }) => {
      return (JSON.parse(Deno.readTextFileSync(`${folder}/${name}`)) as { url: string }).url;
    });
    return urls.filter((url) => url.startsWith(ROOT.href)).map((url) => url.slice(ROOT.href.length));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the modules that are of the named parts. */
function ofParts(modules: readonly string[], parts: Readonly<Record<string, RegExp>>): string[] {
  return modules.flatMap((path) =>
    Object.entries(parts).filter(([, files]) => files.test(path)).map(([part]) => `${part}: ${path}`)
  );
}

function sources(folder: string): string[] {
  return Array.from(Deno.readDirSync(new URL(folder, ROOT))).flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}${name}/`) : [`${folder}${name}`]
  );
}

Deno.test("start: every part that is loaded on demand has files", () => {
  const files = [...sources("src/"), ...sources("ffi/")];
  for (const [part, pattern] of Object.entries({ ...SELDOM, ...OF_A_SCAN })) {
    assertEquals([part, files.some((path) => pattern.test(path))], [part, true]);
  }
});

for (const flag of ["--version", "--help"]) {
  Deno.test(`start: ${flag} loads no code of a scan`, async () => {
    const modules = await modulesOf(flag);
    const { help: _, ...others } = SELDOM;
    assertEquals(ofParts(modules, { ...(flag === "--help" ? others : SELDOM), ...OF_A_SCAN }), []);
    assertLess(modules.length, 75, modules.join(" "));
  });
}

Deno.test("start: --version alone says the same as -V, and reports a full disk like it", async () => {
  const outcomes = await Promise.all(["--version", "-V"].map(async (flag) => {
    const printed = await ended(start(synscan([flag])));
    const lost = await ended(start(["sh", "-c", `"$@" > /dev/full`, "sh", ...synscan([flag])]));
    return [printed, lost];
  }));
  assertEquals(outcomes[0], outcomes[1]);
  assertEquals(outcomes[0]!.map(({ code, err }) => [code === 0, err === ""]), [[true, true], [false, false]]);
});

Deno.test({
  name: "start: a small scan loads no code of parts that it does not use",
  ignore: !canOpenRaw(), // Without root it is a connect scan.
  fn: async () => {
    const modules = await modulesOf("-p", "1-1000", "127.0.0.1");
    assertEquals(ofParts(modules, SELDOM), []);
    assertEquals(modules.includes("src/engine/engine.ts"), true);
    // A measure that depends neither on how the code is divided into files nor on how much of it there is.
    const all = [...sources("src/"), ...sources("ffi/")].filter((path) => path.endsWith(".ts"));
    assertLess(bytesOf(modules) / bytesOf(all), MOST_LOADED, modules.join(" "));
  },
});
