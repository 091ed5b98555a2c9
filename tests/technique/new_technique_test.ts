/** A technique is one new file, one line in the list of techniques, and its flag. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;

/** PSH and ACK: the RST of either kind of port shows that no firewall drops the probe. */
const TECHNIQUE = `
import { outcomeTable } from "../result/outcome.ts";
import { TCP_ACK, TCP_PSH } from "../wire/tcp.ts";
import { TcpTechnique } from "./tcp_technique.ts";

/** Probes with data flags. */
export const PUSH = new TcpTechnique({
  name: "push",
  flags: TCP_PSH | TCP_ACK,
  states: outcomeTable({ "reset": "unfiltered", "no-response": "closed|filtered" }),
  isHandshake: false,
});
`;

const FLAG = `  technique("--push", "push", "PSH scan"),
`;

async function edit(path: string, before: string, after: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert(text.includes(before), `${path}: ${before}`);
  await Deno.writeTextFile(path, text.replace(before, after));
}

Deno.test({
  name: "technique: a new one is one file, one line in the list and its flag",
  ignore: Deno.uid() !== 0,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "synscan-technique-" });
    try {
      for (const name of ["src", "ffi", "mod.ts", "deno.json"]) {
        await new Deno.Command("cp", { args: ["-r", `${ROOT}${name}`, folder] }).output();
      }
      // Not its bundle, which is made from sources without this technique.
      await edit(`${folder}/deno.json`, "./src/cli/bundle/start.js", "./src/cli/start.ts");
      await edit(`${folder}/deno.json`, `"./mod.ts": {`, `"./none.ts": {`);
      await Deno.writeTextFile(`${folder}/src/technique/tcp_push.ts`, TECHNIQUE);
      const list = `${folder}/src/technique/techniques.ts`;
      await edit(list, "[SYN,", "[SYN, PUSH,");
      await edit(list, "import ", `import { PUSH } from "./tcp_push.ts";\nimport `);
      const flags = `${folder}/src/cli/args/flags.ts`;
      await edit(flags, `  flag("--scanflags `, `${FLAG}  flag("--scanflags `);
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr as Deno.NetAddr;
      const run = async (...args: readonly string[]) => {
        const command = ["run", "--check", "--allow-all", `${folder}/mod.ts`, "--json", "-p", `${port}`, ...args];
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: command }).output();
        const decoder = new TextDecoder();
        return { code, lines: decoder.decode(stdout).trim().split("\n"), error: decoder.decode(stderr) };
      };
      const { code, lines, error } = await run("--push", "127.0.0.1");
      assertEquals(code, 0, error);
      const [start, found, , summary] = lines.map((line) => JSON.parse(line));
      assertEquals([start.technique, found.state, found.reason], ["push", "unfiltered", "reset"]);
      assertEquals((summary ?? JSON.parse(lines.at(-1)!)).unfiltered, 1);
      const both = await run("--push", "-sF", "127.0.0.1");
      const ports = both.lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "port");
      const states = ports.map((line) => `${line.technique} ${line.state}`).sort();
      assertEquals([both.code, states], [0, ["fin open|filtered", "push unfiltered"]], both.error);
      const refused = await run("--push", "-sT", "127.0.0.1");
      assertEquals([refused.code, refused.error.trim().split("\n").length], [1, 1], refused.error);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
