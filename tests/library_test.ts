/**
 * The library in projects of others: they import mod.ts by its path, and have another import map, or none.
 */
import { assertEquals } from "@std/assert";

const MOD = new URL("../mod.ts", import.meta.url);

/** Projects whose settings are not those of Deno; one without any is that of the program below. */
const PROJECTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "of Node's kind with strict settings": {
    "package.json": { name: "scanner", type: "module" },
    "deno.json": {
      compilerOptions: {
        noUnusedLocals: true,
        noUnusedParameters: true,
        noPropertyAccessFromIndexSignature: true,
        noImplicitOverride: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        erasableSyntaxOnly: true,
        checkJs: true,
      },
    },
  },
  "without strictness": { "deno.json": { compilerOptions: { strict: false } } },
};

const APP = `import { scan } from ${JSON.stringify(MOD.href)};
for await (const { ip, port, state } of scan({ targets: "127.0.0.1", ports: [1] })) {
  console.log(\`\${ip} \${port} \${state}\`);
}
`;

async function deno(cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const options = { args, cwd, env: { NO_COLOR: "1" } };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function inProject(files: Readonly<Record<string, unknown>>, act: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "synscan-library-" });
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
    }
    await Deno.writeTextFile(`${folder}/app.ts`, APP);
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [name, files] of Object.entries(PROJECTS)) {
  Deno.test(`library: type-checks in a project ${name}`, async () => {
    await inProject(files, async (folder) => {
      const { code, err } = await deno(folder, "check", "app.ts");
      assertEquals(code, 0, err);
    });
  });
}

Deno.test("library: a project's own program scans with it, checked, with --allow-ffi alone", async () => {
  await inProject({ "deno.json": {} }, async (folder) => {
    const { code, out, err } = await deno(folder, "run", "--check", "--no-prompt", "--allow-ffi", "app.ts");
    assertEquals([code, out], [0, "127.0.0.1 1 closed\n"], err);
  });
});

Deno.test("library: what a project's compiled program would contain has neither @std nor the command line", async () => {
  await inProject({ "deno.json": {} }, async (folder) => {
    const { out } = await deno(folder, "info", "--json", "app.ts");
    const { modules } = JSON.parse(out) as {
      modules: { specifier: string; dependencies?: { specifier: string }[]; error?: string }[];
    };
    const named = modules.flatMap(({ specifier, dependencies = [] }) => [
      specifier,
      ...dependencies.map(({ specifier }) => specifier),
    ]);
    assertEquals(modules.filter(({ error }) => error !== undefined), []);
    assertEquals(named.filter((name) => name.includes("@std") || name.endsWith("/src/cli/main.ts")), []);
    assertEquals(named.includes(MOD.href), true);
  });
});

Deno.test("library: every export has a summary, an example, and its parameters and errors documented", async () => {
  const { code, out, err } = await deno(new URL("../", import.meta.url).pathname, "doc", "--json", "mod.ts");
  assertEquals(code, 0, err);
  const { nodes } = JSON.parse(out) as { nodes: Record<string, { symbols: readonly DocSymbol[] }> };
  const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
  assertEquals(symbols.length > 20, true);
  for (const { name, declarations } of symbols) {
    for (const { kind, jsDoc, def } of declarations) {
      const tags = jsDoc?.tags?.map(({ kind }) => kind) ?? [];
      assertEquals([name, jsDoc?.doc?.trim() === "", tags.includes("example")], [name, false, true]);
      if (kind !== "function") continue;
      assertEquals([name, tags.filter((tag) => tag === "param").length], [name, def.params.length]);
      assertEquals([name, tags.includes("throws") || ["toResult", "hostResults"].includes(name)], [name, true]);
    }
  }
});

interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: { readonly doc?: string; readonly tags?: readonly { readonly kind: string }[] };
    readonly def: { readonly params: readonly unknown[] };
  }[];
}
