/**
 * The same ports of this machine's loopback, scanned by nmap and by synscan, compared by nmap's own ndiff.
 */
import { assertEquals } from "@std/assert";
import { withFolder } from "../support/folder.ts";
import { lacking } from "../support/lab.ts";
import { ended, start } from "../support/program.ts";

const ROOT = new URL("../../", import.meta.url);

const run = async (...command: string[]) => (await ended(start(command, { cwd: ROOT }))).out;

/** Returns ndiff's differences of two files, without the scanner's line and the services' names. */
async function differences(one: string, other: string): Promise<string[]> {
  const lines = (await run("ndiff", one, other)).split("\n").filter((line) => /^[-+](?!Nmap )/.test(line));
  const states = lines.map((line) => line.replace(/^([-+]\d+\/tcp +\w+).*/, "$1"));
  const opposite = (line: string) => (line.startsWith("-") ? "+" : "-") + line.slice(1);
  return states.filter((line) => !states.includes(opposite(line)));
}

Deno.test({
  name: "nmap: ndiff finds no difference in states (needs nmap and ndiff)",
  ignore: lacking(["nmap", "ndiff"]) !== "",
  fn: async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const [open, also] = [listener.addr.port, other.addr.port];
    await withFolder(async (folder) => {
      // Few closed ports are listed; many are counted.
      for (const closed of ["1-5", "1-60"]) {
        const ports = `${closed},${open},${also}`;
        await run("nmap", "-sT", "-Pn", "-n", "-p", ports, "-oX", `${folder}/nmap.xml`, "127.0.0.1");
        const synscan = ["run", "--allow-ffi", "--allow-write", "mod.ts"];
        await run(Deno.execPath(), ...synscan, "-sT", "-p", ports, "-oX", `${folder}/synscan.xml`, "127.0.0.1");
        assertEquals(await differences(`${folder}/nmap.xml`, `${folder}/synscan.xml`), [], closed);
        await run("nmap", "-sT", "-Pn", "-n", "-p", `${closed},${open}`, "-oX", `${folder}/fewer.xml`, "127.0.0.1");
        assertEquals(
          (await differences(`${folder}/fewer.xml`, `${folder}/synscan.xml`)).length,
          1,
          "ndiff sees one more",
        );
      }
    });
  },
});
