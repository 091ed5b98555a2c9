import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { EXIT_MEANINGS } from "../../../src/cli/exit.ts";
import { FLAGS } from "../../../src/cli/args/flags.ts";
import { EXAMPLES } from "../../../src/cli/docs/help.ts";
import { KEYS } from "../../../src/cli/ui/keys.ts";
import { manText } from "../../../src/cli/docs/man.ts";
import { SUBCOMMANDS } from "../../../src/cli/args/subcommands.ts";
import { TOPICS } from "../../../src/cli/docs/topics.ts";
import { VERSION } from "../../../src/cli/version.ts";
import { lacking } from "../../support/lab.ts";

/** Programs that read manual pages, and the command by which each reports every fault. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  groff: ["groff", "-man", "-ww", "-b", "-z", "-Tutf8"],
  man: ["man", "--warnings=w", "-E", "UTF-8", "-l", "-"],
  mandoc: ["mandoc", "-T", "lint", "-W", "warning"],
};

async function read(
  [program = "", ...args]: readonly string[],
): Promise<{ out: string; err: string; success: boolean }> {
  const child = new Deno.Command(program, {
    args: [...args],
    env: { MANWIDTH: "200", MANPAGER: "cat", LC_ALL: "C.UTF-8" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(await manText()));
  await writer.close();
  const { stdout, stderr, success } = await child.output();
  return { out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr), success };
}

const isInstalled = (program: string) => lacking([program]) === "";

for (const [program, command] of Object.entries(READERS)) {
  const installed = isInstalled(program);
  Deno.test({
    name: `man: ${program} reads the page without a warning${installed ? "" : ` (skipped: install ${program})`}`,
    ignore: !installed,
    fn: async () => {
      const { out, err, success } = await read(command);
      assertEquals([success, err], [true, ""]);
      if (program === "mandoc") assertEquals(out, "");
    },
  });
}

Deno.test({
  name: `man: man(1) shows every flag, subcommand, topic, key and example${
    isInstalled("man") ? "" : " (skipped: install man-db)"
  }`,
  ignore: !isInstalled("man"),
  fn: async () => {
    const page = (await read(["man", "-E", "UTF-8", "-l", "-"])).out.replace(/\s+/g, " ");
    assertMatch(page, new RegExp(`^ ?SYNSCAN\\(1\\) .*synscan ${VERSION}`));
    for (const flag of FLAGS) {
      const names = [...flag.also, flag.name].join(", ");
      assertStringIncludes(page, flag.takes === undefined ? names : `${names} ${flag.takes}`);
      for (const text of [flag.help, flag.more, flag.byDefault]) {
        // Long words are broken between lines.
        if (text !== undefined) assertStringIncludes(page.replaceAll(" ", ""), text.replaceAll(" ", ""));
      }
    }
    for (const { title } of TOPICS) assertStringIncludes(page, title.toUpperCase());
    for (const { name, takes, help } of SUBCOMMANDS) {
      assertStringIncludes(page, `${name} ${takes}`.trim());
      assertStringIncludes(page, help);
    }
    for (const [status, meaning] of EXIT_MEANINGS) assertStringIncludes(page, `${status} ${meaning}.`);
    for (const [, does] of KEYS) assertStringIncludes(page, does);
    for (const [line] of EXAMPLES) assertStringIncludes(page, `synscan ${line}`);
  },
});

Deno.test("man: every line is text or a known macro", async () => {
  const macros = new Set<string>();
  for (const line of (await manText()).split("\n")) {
    assert(!line.startsWith("'"), line);
    const macro = /^\.(\S*)/.exec(line)?.[1];
    if (macro !== undefined) macros.add(macro);
  }
  assertEquals([...macros].sort(), ["B", "BR", "PP", "SH", "SS", "TH", "TP", "ad", "br", "fi", "nf", "nh"]);
});
