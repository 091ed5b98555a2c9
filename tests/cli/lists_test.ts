/** Lists of targets, exclusions and ports as files of every kind hold them, through the whole program. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runIn } from "../support/program.ts";
import { withFolder } from "../support/folder.ts";

const dryRun = (folder: string, args: readonly string[]) =>
  runIn(folder, ["--dry-run", ...(args.includes("--config") ? [] : ["--no-config"]), ...args]);

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`\ufeff${text}`, (char) => char.charCodeAt(0)).buffer);
}

const OUT = "-p1 --exclude-file f";
const MASSCAN = "#masscan\nopen tcp 80";

Deno.test("lists: files of other systems and tools give what they say, or one line that says why not", async (t) => {
  await withFolder(async (folder) => {
    // The file is f; a text that is expected on both outputs, or a pattern of standard output's beginning.
    const rows: [name: string, file: string | Uint8Array, args: string, says: string | RegExp, status: number][] = [
      ["targets in UTF-16", utf16("192.0.2.1\r\n192.0.2.9\r\n"), "-iL f -p1", /^192.0.2.1: 1\n192.0.2.9: 1\n/, 0],
      [
        "exclusions in UTF-16",
        utf16("192.0.2.1 - 192.0.2.6\r\n"),
        `192.0.2.0/29 ${OUT}`,
        /^192.0.2.0: 1\n192.0.2.7: 1\n/,
        0,
      ],
      [
        "exclusions with old line ends",
        "# mine\r192.0.2.0/25\r",
        `192.0.2.126-129 ${OUT}`,
        /^192.0.2.128-192.0.2.129: 1\n/,
        0,
      ],
      [
        "IPv6 among exclusions",
        "2001:db8::/32\n192.0.2.1\n",
        `192.0.2.1-2 ${OUT}`,
        /^192.0.2.2: 1\n/,
        0,
      ],
      ["IPv6 that is misspelt", "2001:db8:::/32\n", `192.0.2.1 ${OUT}`, "f line 1", 1],
      [
        "a netmask among exclusions",
        "192.0.2.0 255.255.255.0\n",
        `192.0.2.1 ${OUT}`,
        "Write the block with its prefix length",
        1,
      ],
      ["results as exclusions", `${MASSCAN} 192.0.2.1 1700000000\n`, `192.0.2.1 ${OUT}`, "it is masscan's list", 1],
      [
        "results as targets",
        `${MASSCAN} 192.0.2.7 1700000000\n`,
        "-iL f -p1",
        /^192.0.2.7: 1\n.*\nf is masscan's list: the targets are 1 host that replied/s,
        0,
      ],
      ["results that cannot be targets", "ip,port,proto,state\n", "-iL f", "it is synscan's CSV", 1],
      ["compressed targets", Uint8Array.of(0x1f, 0x8b, 8, 0), "-iL f", "gunzip", 1],
      [
        "ports in a file",
        "# web\n80\n443 # https\n8000-8001,ssh\n",
        "192.0.2.1 --ports-file f",
        /^192.0.2.1: 22,80,443,8000-8001\n/,
        0,
      ],
      [
        "a file without a port",
        "# none\n",
        "192.0.2.1 --ports-file f",
        'Cannot scan: no port in "f". Name at least',
        1,
      ],
      [
        "a file with a misspelt port",
        "22\n80,http\nhttpp # web\n",
        "192.0.2.1 --ports-file f",
        "(line 3, column 1)",
        1,
      ],
      ["a file of ports for -p", "80\n", "192.0.2.1 -p ./f", "--ports-file reads a file", 1],
      [
        "a configuration with a byte order mark",
        '\ufeff{ "ports": "7" }\r\n',
        "192.0.2.1 --config f",
        /^192.0.2.1: 7\n/,
        0,
      ],
    ];
    for (const [name, file, args, says, status] of rows) {
      await t.step(name, async () => {
        await Deno.writeFile(`${folder}/f`, typeof file === "string" ? new TextEncoder().encode(file) : file);
        const { code, out, err } = await dryRun(folder, args.split(" "));
        const all = out + err;
        if (typeof says === "string") assertStringIncludes(all, says);
        else assertMatch(all, says);
        assertEquals(code, status, all);
        if (status !== 0) assertEquals([out, err.trimEnd().split("\n").length], ["", 1], all);
      });
    }
  });
});
