/**
 * The installation that the README promises: one line, from a checkout, without a network.
 */
import { assertEquals, assertMatch } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

async function run(command: string, args: string[], cwd: string | URL, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, cwd, env: { NO_COLOR: "1", ...env } })
    .output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("install: the README's line makes a command that scans, with nothing cached and from any directory", async () => {
  const folder = await Deno.makeTempDir({ prefix: "synscan-install-" });
  try {
    const readme = await Deno.readTextFile(new URL("README.md", ROOT));
    const [line = ""] = /^deno install .*$/m.exec(readme) ?? [];
    const words = line.split(" ").slice(1).map((word) => word === "/usr/local" ? folder : word);
    assertEquals(words.includes(folder), true, line);
    // As root of another machine would have it: no registry, nothing downloaded before.
    const env = { DENO_DIR: `${folder}/cache`, HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };
    const installed = await run(Deno.execPath(), words, ROOT, env);
    assertEquals([installed.code, installed.err], [0, ""]);
    const path = `${Deno.execPath().replace(/\/[^/]*$/, "")}:${Deno.env.get("PATH") ?? ""}`;
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const scanned = await run(`${folder}/bin/synscan`, ["--workers", "1", "-p", `1,${port}`, "127.0.0.1"], "/", {
      ...env,
      PATH: path,
    });
    assertEquals([scanned.code, scanned.err.includes("error")], [0, false], scanned.err);
    assertMatch(scanned.out, new RegExp(`^${port}/tcp +open`, "m"));
    const listed = await run(
      `${folder}/bin/synscan`,
      ["--no-config", "-oX", `${folder}/x.xml`, "-p1", "127.0.0.1"],
      "/",
      {
        ...env,
        PATH: path,
      },
    );
    assertEquals([listed.code, (await Deno.stat(`${folder}/x.xml`)).size > 0], [0, true], listed.err);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("install: without the configuration the program runs where it may read its files, or says in one line why not", async () => {
  const mod = new URL("mod.ts", ROOT).pathname;
  const scan = ["-n", "-p", "1", "127.0.0.1"];
  const begin = ["run", "--no-config", "--no-lock", "--allow-ffi"];
  for (const flags of [["--allow-read"], ["--allow-read", "--allow-env"]]) {
    const { code, out, err } = await run(Deno.execPath(), [...begin, ...flags, mod, ...scan], "/", {});
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^1\/tcp closed/m);
  }
  const refused = await run(Deno.execPath(), [...begin, mod, ...scan], "/", {});
  assertEquals([refused.code, refused.out], [1, ""]);
  assertMatch(refused.err, /^Cannot start: .* Leave out --no-config, or add --allow-read\n$/);
});

Deno.test("install: the import map of the command names what the configuration names, as stand-ins", async () => {
  const read = async (path: string) => JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
  const { imports } = await read("src/std/import_map.json") as { imports: Record<string, string> };
  const configured = (await read("deno.json") as { imports: Record<string, string> }).imports;
  for (const [name, target] of Object.entries(imports)) {
    const resolved = new URL(target, new URL("src/std/import_map.json", ROOT));
    assertEquals((await Deno.stat(resolved)).isFile, true, name);
    if (name.startsWith("#")) assertEquals(resolved.href, new URL(configured[name] ?? "", ROOT).href);
    else assertEquals(Object.keys(configured).some((known) => name.startsWith(`${known}/`)), true, name);
  }
});
