/** Completion: each installed shell reads its script and lists its offers. */
import { assert, assertEquals } from "@std/assert";
import { completionText } from "../../../src/cli/docs/completion.ts";
import { FLAGS } from "../../../src/cli/args/flags.ts";
import { SHELLS, SUBCOMMANDS } from "../../../src/cli/args/subcommands.ts";
import { lacking } from "../../support/lab.ts";

const FOLDER = new URL("../shells/", import.meta.url).pathname;
const LONG_NAMES = FLAGS.flatMap(({ name, also }) => [name, ...also]).filter((name) => name.startsWith("--"));

const COMMANDS: Readonly<Record<typeof SHELLS[number], readonly string[]>> = {
  bash: ["bash", "--norc"],
  zsh: ["zsh", "-f"],
  fish: ["fish", "--no-config"],
};

/** A line as it is typed so far, and what may follow in its last word: exactly these, or at least these. */
type Row = readonly [line: string, offers: readonly string[], more?: "and more"];

const ROWS: readonly Row[] = [
  ["synscan --max-", ["--max-rate", "--max-retries", "--max-rtt-timeout"]],
  ["synscan --", LONG_NAMES],
  ["synscan 192.0.2.1 --ope", ["--open"]],
  ["synscan -o", ["-oA", "-oC", "-oG", "-oJ", "-oL", "-oN", "-oX"], "and more"],
  ["synscan --transport ", ["auto", "sendmmsg", "ethernet", "sendto"]],
  ["synscan --transport=e", ["ethernet"]],
  ["synscan -T in", ["insane"]],
  ["synscan --fields ip,p", ["port", "product", "proto"]],
  ["synscan -e ", ["lo"], "and more"],
  [`synscan -oX ${FOLDER}capture.f`, ["capture.fish"]],
  [`synscan --config ${FOLDER}capture.z`, ["capture.zsh"]],
  ["synscan --max-rate ", []],
  ["synscan comp", ["completion"]],
  ["synscan completion ", [...SHELLS]],
  ["synscan man --", ["--help"]],
  [`synscan resume ${FOLDER}capture.b`, ["capture.bash"]],
  ["synscan resume --max-", ["--max-rate"]],
  ["synscan -v man --ope", ["--open"]],
  ...SUBCOMMANDS.map(({ name }): Row => [`synscan ${name.slice(0, -1)}`, [name]]),
];

for (const shell of SHELLS) {
  const installed = lacking([shell]) === "";
  Deno.test({
    name: `completion: ${shell} offers flags, values and files${installed ? "" : ` (skipped: install ${shell})`}`,
    ignore: !installed,
    fn: async () => {
      const script = await Deno.makeTempFile();
      try {
        await Deno.writeTextFile(script, completionText(shell));
        const offers = await offersOf(shell, script);
        ROWS.forEach(([line, expected, more], at) => {
          const offered = offers[at] ?? [];
          if (more === undefined) assertEquals(offered, [...expected].sort(), line);
          else assert(expected.every((word) => offered.includes(word)), `${line}: ${offered}`);
        });
      } finally {
        await Deno.remove(script);
      }
    },
  });
}

/** What a shell offers after each line, without what the last word has already, sorted. */
async function offersOf(shell: typeof SHELLS[number], script: string): Promise<string[][]> {
  const [program = "", ...args] = COMMANDS[shell];
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args, `${FOLDER}capture.${shell}`, script, ...ROWS.map(([line]) => line)],
    stdin: "null",
    env: { HOME: "/nonexistent" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const rounds = new TextDecoder().decode(stdout).split(/^END\n/m);
  assertEquals(rounds.pop(), "");
  return rounds.map((text) => {
    const words = text.trim().split("\n").map((word) => word.trim().replace(/^.*[,/]|^--\w+=/, ""));
    return [...new Set(words)].filter((word) => word !== "").sort();
  });
}
