/**
 * The reports that a command line asks for, and how the one on standard output looks.
 *
 * @module
 */
import { setColorEnabled } from "@std/fmt/colors";
import { remarksOn } from "../report/closing.ts";
import type { Summary } from "../result/summary.ts";
import type { CommandLine, Output } from "./args/command_line.ts";
import type { System } from "./system.ts";

/** True for a terminal without escape sequences, such as a shell in Emacs (`TERM=dumb`). */
export function isDumb(system: System): boolean {
  return system.environ("TERM") === "dumb";
}

/** True where the table on standard output has colour. */
export function isColored({ color }: CommandLine, system: System): boolean {
  const { stdoutIsTerminal, colorAllowed } = system;
  const isColored = color === "always" || color === "auto" && stdoutIsTerminal && colorAllowed && !isDumb(system);
  // The package starts with colour off if NO_COLOR is set, which --color always overrides.
  if (isColored) setColorEnabled(true);
  return isColored;
}

/** Columns that lines on standard output are broken for; undefined where it is no terminal. */
export function lineWidth(system: System): number | undefined {
  const columns = system.stdoutIsTerminal ? system.columns() : 0;
  return columns > 0 ? columns - 1 : undefined;
}

/** Returns the warnings of a scan that -q moves to standard error. The summary in JSON has them already. */
export function remarksOnStderr(line: CommandLine, summary: Summary): string[] {
  const { format } = outputsOf(line).find(({ path }) => path === "-")!;
  return line.quiet && format !== "json" ? remarksOn(summary) : [];
}

/** Returns the requested reports; the table goes to standard output unless another report does. */
export function outputsOf({ outputs }: CommandLine): readonly Output[] {
  return outputs.some(({ path }) => path === "-") ? outputs : [{ format: "table", path: "-", flag: "" }, ...outputs];
}
