/** Scans of this machine by both address families, as a person would do them: names, history, checkpoints and shards. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { runIn, runWithHosts } from "../support/program.ts";

const HOST = `127.6.${Deno.pid % 250 + 1}.1`;

/** Listens at a port of both families, whose number is free on both; undefined where the machine has no IPv6. */
function listenTwice(): { port: number; close(family: 4 | 6): void } | undefined {
  for (let tries = 0; tries < 20; tries++) {
    let six: Deno.Listener;
    try {
      six = Deno.listen({ hostname: "::1", port: 0 });
    } catch {
      return undefined;
    }
    const { port } = six.addr as Deno.NetAddr;
    try {
      const four = Deno.listen({ hostname: HOST, port });
      return { port, close: (family) => (family === 4 ? four : six).close() };
    } catch {
      six.close();
    }
  }
  return undefined;
}

const listening = listenTwice();
listening?.close(4);
listening?.close(6);
const ignore = listening === undefined;
if (ignore) console.log("ipv6_test: skipped, for this machine has no ::1");

/** Returns what a report in JSON lines holds of the ports, sorted. */
function portsIn(text: string): string[] {
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  return lines.filter(({ type }) => type === "port").map(({ ip, port, state }) => `${ip} ${port} ${state}`).sort();
}

Deno.test({ name: "ipv6: history, differences and its targets carry both families", ignore }, async () => {
  await withFolder(async (folder) => {
    const { port, close } = listenTwice()!;
    const scan = ["-sT", "-n", "-p", `${port}`, "--db", "db", HOST, "::1"];
    assertEquals((await runIn(folder, scan)).code, 0);
    const again = await runIn(folder, ["-sT", "-n", "-oL", "-", "--db", "db", "@last:open"]);
    assertEquals(
      again.out.trim().split("\n").filter((line) => line.includes(`${port}`)).length,
      2,
      again.out + again.err,
    );
    close(6);
    assertEquals((await runIn(folder, scan)).code, 0);
    const { code, out } = await runIn(folder, ["diff", "--db", "db", "1", "3"]);
    assertEquals(code, 1);
    assertStringIncludes(out, "::1");
    assertEquals(out.includes(HOST), false, out);
    // Scans that exclude hosts of IPv6 are read like others.
    assertEquals((await runIn(folder, [...scan, "--exclude", "::1"])).code, 0);
    const excluded = await runIn(folder, ["diff", "--db", "db", "3", "4"]);
    assertStringIncludes(excluded.out, "::1 is excluded now", excluded.err);
    const last = await runIn(folder, ["-sT", "-n", "-oL", "-", "--db", "db", "@last:open"]);
    assertStringIncludes(last.out, `open tcp ${port} ${HOST}`, last.err);
    close(4);
  });
});

Deno.test(
  { name: "ipv6: a scan of both families is resumed, and joined as shards, without loss", ignore },
  async () => {
    await withFolder(async (folder) => {
      const scan = ["-sT", "-n", "-p", "1-400", "--seed", "5", HOST, "::1"];
      const cut = await runIn(folder, [
        ...scan,
        "--max-rate",
        "100",
        "--deadline",
        "2s",
        "--checkpoint",
        "c",
        "-oJ",
        "one.json",
      ]);
      assertEquals(cut.code, 3, cut.err);
      const other = await runIn(folder, ["resume", "c", "--deadline", "10m", "--max-rate", "100k"]);
      assertEquals(other.code, 0, other.err);
      const whole = portsIn(await Deno.readTextFile(`${folder}/one.json`));
      assertEquals([whole.length, new Set(whole).size], [800, 800]);
      await runIn(folder, [...scan, "--shard", "1/2", "--max-rate", "100", "--deadline", "2s", "--checkpoint", "d"]);
      await runIn(folder, [...scan, "--shard", "2/2", "-oJ", "two.json"]);
      await runIn(folder, ["merge", "d", "two.json", "-oJ", "joined.json"]);
      const joined = portsIn(await Deno.readTextFile(`${folder}/joined.json`));
      assertEquals(joined.every((line) => line.startsWith(`${HOST} `) || line.startsWith("::1 ")), true, joined[0]);
      assertEquals(joined.length > 400 && new Set(joined).size === joined.length, true, `${joined.length}`);
    });
  },
);

const isRoot = Deno.uid() === 0;
Deno.test(
  { name: "ipv6: a name is scanned by both families, or by the one that is chosen", ignore: ignore || !isRoot },
  async () => {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/hosts`, `${HOST} both.test\n::1 both.test six.test\n`);
      const ips = async (...args: string[]) => {
        const { out, err, code } = await runWithHosts(folder, ["-sT", "-n", "-p", "1", "--json", ...args]);
        return { ips: [...new Set(portsIn(out).map((line) => line.split(" ")[0]))], err, code };
      };
      const both = await ips("both.test");
      assertEquals([both.ips, both.code], [[HOST, "::1"], 0]);
      assertStringIncludes(
        both.err,
        "both.test has addresses of both IPv4 and IPv6: both are scanned; -4 or -6 scans one of them",
      );
      // The C library takes ::1 in its file for 127.0.0.1 where only IPv4 is asked for.
      assertEquals((await ips("-4", "both.test")).ips.every((ip) => ip!.startsWith("127.")), true);
      assertEquals((await ips("-6", "both.test", HOST)).ips, ["::1"]);
      assertEquals((await ips("both.test", "--exclude", "six.test")).ips, [HOST]);
    });
  },
);
