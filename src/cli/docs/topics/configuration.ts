/**
 * Help topic: configuration.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "Defaults for every scan are read from ~/.config/synscan/config.json (or below XDG_CONFIG_HOME), or from the file of " +
  "--config: a JSON object whose keys are the long names of flags.",
  { code: ['{ "timing": 4, "reason": true, "exclude": ["192.0.2.1", "192.0.2.128/25"], "max-rate": "10k" }'] },
  "The command line wins: a flag that is typed replaces the configured one, and those that contradict it; --reason=false " +
  "undoes a configured one. Only exclusions add up. An unknown or repeated key is refused. --print-config prints the options in " +
  "effect, as a configuration; --no-config reads none. Configured reports are those of scans: synscan show writes only " +
  "what is typed.",
  "The usual file is read only if Deno may read it without a prompt (--allow-read and --allow-env=HOME,XDG_CONFIG_HOME). If it " +
  "exists and cannot be read, no scan starts, because it may hold exclusions: grant these rights, or use --no-config.",
  { flags: "Other" },
];
