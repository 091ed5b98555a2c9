/**
 * The command line of another shard.
 *
 * @module
 */
import { shellWord } from "../../base/quote.ts";
import type { ScanShare } from "../../result/share.ts";
import type { Given } from "./command_line.ts";
import { flagNamed } from "./flags.ts";
import { readArguments } from "./parse.ts";

/** Returns the command line of another shard, made from that of one: files that are written get other names. */
export function commandOfShard(args: readonly string[], { seed, ...of }: ScanShare, index: number): string {
  const { given, operands } = readArguments(args);
  const words = ["synscan"];
  const add = ({ name, spelling }: Pick<Given, "name" | "spelling">, value: string) => {
    const { takes, mayTake } = flagNamed(name);
    if (takes !== undefined) words.push(spelling, value);
    else if (mayTake === undefined || value === "true") words.push(spelling);
    else words.push(`${spelling}${spelling.startsWith("--") ? "=" : ""}${value}`);
  };
  const shard = `${index}/${of.count}`;
  for (const each of given) {
    const flag = flagNamed(each.name);
    const isWritten = flag.writes === true || each.name === "--all-files" || each.name === "--checkpoint";
    add(each, each.name === "--shard" ? shard : isWritten ? pathOfShard(each.value, of, index) : each.value);
  }
  const has = (name: string) => given.some((each) => each.name === name);
  if (!has("--shard")) words.push("--shard", shard);
  if (!has("--seed")) words.push("--seed", String(seed));
  // A target that begins with a dash, or is named as a subcommand, stands behind two dashes.
  if (operands.some((operand) => operand.startsWith("-"))) words.push("--");
  return [...words, ...operands].map(shellWord).join(" ");
}

/** Returns the path of a file of another shard: with its number in place of that of the first, or else behind the name. */
function pathOfShard(path: string, of: Pick<ScanShare, "index">, index: number): string {
  if (path === "-" || path === "/dev/null" || path.includes("%i")) return path;
  const [, folder = "", name = ""] = /^(.*\/)?([^/]*)$/s.exec(path) ?? [];
  const own = new RegExp(`(?<!\\d)0*${of.index}(?!\\d)(?!.*(?<!\\d)0*${of.index}(?!\\d))`);
  const renamed = name.replace(own, (digits) => String(index).padStart(digits.length, "0"));
  return folder + (renamed === name ? name.replace(/(?=\.[^.]*$)|$/, `-${index}`) : renamed);
}
