/**
 * The parsed command line.
 *
 * @module
 */
import type { ScanOptions } from "../../scan/options.ts";
import type { Field } from "../../report/fields.ts";
import type { ResultFilter } from "../../report/filter.ts";
import type { FormatName } from "../../report/formats.ts";

/** One report: its format and path (`-` is standard output). */
export interface Output {
  readonly format: FormatName;
  readonly path: string;
  /** The flag of the report, as typed. */
  readonly flag: string;
}

/** A flag that was given. */
export interface Given {
  /** Its long name. */
  readonly name: string;
  /** Its spelling, for errors. */
  readonly spelling: string;
  /** `true` for a flag without a value; `false` if it undoes a configured one. */
  readonly value: string;
}

/** The name of a subcommand. */
export type SubcommandName = "history" | "show" | "diff" | "merge" | "resume" | "completion" | "man" | "help";

/** The colour of the table on standard output; `auto`: on a terminal, unless NO_COLOR is set or TERM is dumb. */
type ColorChoice = "auto" | "always" | "never";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The parsed command line. Each flag sets its part; see `flags.ts`. */
export interface CommandLine {
  action: "scan" | "dry-run" | "list" | "print-config" | "help" | "help-all" | "version";
  /** The subcommand, if there is one. */
  subcommand: SubcommandName | undefined;
  /** The operands of the subcommand. */
  readonly operands: string[];
  /** Every flag that is in effect, typed or configured. */
  effective: readonly Given[];
  /** The time of typing, in milliseconds since 1970, for the names of reports. */
  readonly typedAtMs: number;
  /** The path of the configuration that was read. */
  configPath: string | undefined;
  /** Options for the library; `targets` and `exclude` as typed, without the contents of files. */
  readonly scan: Mutable<Omit<ScanOptions, "targets" | "targetLists" | "exclude" | "excludeLists" | "onPacket">>;
  readonly targets: string[];
  readonly exclude: string[];
  /** Files to read targets from; `-` is standard input. */
  readonly targetFiles: string[];
  /** Files to read exclusions from; `-` is standard input. */
  readonly excludeFiles: string[];
  /** The file to read ports from; `-` is standard input. */
  portsFile: string | undefined;
  /** The list of vendors by hardware address. */
  vendorsFile: string | undefined;
  /** Reports besides the table on standard output, or instead of it if one of them goes there. */
  readonly outputs: Output[];
  fields: readonly Field[] | undefined;
  filter: ResultFilter | undefined;
  /** The history's file. */
  db: string | undefined;
  /** Report only what is new since the last scan of the same targets. */
  changed: boolean;
  openOnly: boolean;
  reason: boolean;
  verbosity: number;
  packetTrace: boolean;
  /** Print only results, warnings and errors. */
  quiet: boolean;
  /** Colour in the table on standard output. */
  color: ColorChoice;
  /** The file of the checkpoint. */
  checkpoint: string | undefined;
  progress: boolean;
  /** Keys steer the scan, on a terminal. */
  keys: boolean;
  /** The interval of status lines, in milliseconds. */
  statsEveryMs: number | undefined;
}

/** Returns an empty command line. */
export function emptyCommandLine(typedAtMs: number): CommandLine {
  return {
    typedAtMs,
    action: "scan",
    subcommand: undefined,
    operands: [],
    effective: [],
    configPath: undefined,
    scan: {},
    targets: [],
    exclude: [],
    targetFiles: [],
    excludeFiles: [],
    portsFile: undefined,
    vendorsFile: undefined,
    outputs: [],
    fields: undefined,
    filter: undefined,
    db: undefined,
    changed: false,
    openOnly: false,
    reason: false,
    verbosity: 0,
    packetTrace: false,
    quiet: false,
    color: "auto",
    checkpoint: undefined,
    progress: true,
    keys: true,
    statsEveryMs: undefined,
  };
}
