/**
 * What a command line asks for, once it has been read.
 *
 * @module
 */
import type { ScanOptions } from "../../scan/options.ts";
import type { Field } from "../../report/fields.ts";
import type { ResultFilter } from "../../report/filter.ts";
import type { FormatName } from "../../report/formats.ts";

/** One report: how, and where to (`-` is standard output). */
export interface Output {
  readonly format: FormatName;
  readonly path: string;
  /** The flag that asked for it. */
  readonly flag: string;
}

/** A flag that was given. */
export interface Given {
  /** Its long name. */
  readonly name: string;
  /** How it was written, for errors. */
  readonly spelling: string;
  /** `true` for a flag without a value; `false` where it takes back what a configuration gives. */
  readonly value: string;
}

/** What the program does besides scanning. */
export type SubcommandName = "history" | "show" | "diff" | "resume" | "completion" | "man" | "help";

/** When the table on standard output has colour; `auto`: on a terminal, unless NO_COLOR is set. */
export type ColorChoice = "auto" | "always" | "never";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a command line asks for. Flags fill it in; `flags.ts` says how. */
export interface CommandLine {
  action: "scan" | "dry-run" | "print-config" | "help" | "help-all" | "version";
  /** What to do instead of scanning. */
  subcommand: SubcommandName | undefined;
  /** What the subcommand works on. */
  readonly operands: string[];
  /** Every flag that is in effect, typed or configured. */
  effective: readonly Given[];
  /** When it was typed, in milliseconds since 1970: the time in the names of reports. */
  readonly typedAtMs: number;
  /** The configuration that was asked for, or found. */
  configPath: string | undefined;
  /** What the library is asked; `targets` and `exclude` as typed, without what files hold. */
  readonly scan: Mutable<Omit<ScanOptions, "targets" | "targetLists" | "exclude" | "excludeLists" | "onPacket">>;
  readonly targets: string[];
  readonly exclude: string[];
  /** Files to read targets from; `-` is standard input. */
  readonly targetFiles: string[];
  /** Files to read exclusions from; `-` is standard input. */
  readonly excludeFiles: string[];
  /** The file to read ports from; `-` is standard input. */
  portsFile: string | undefined;
  /** Reports besides the table on standard output, or instead of it where one of them goes there. */
  readonly outputs: Output[];
  fields: readonly Field[] | undefined;
  filter: ResultFilter | undefined;
  /** The history's file. */
  db: string | undefined;
  /** Only what is new since the last scan of the same targets. */
  changed: boolean;
  openOnly: boolean;
  reason: boolean;
  verbosity: number;
  packetTrace: boolean;
  /** Results, warnings and errors alone. */
  quiet: boolean;
  /** Colour in the table on standard output. */
  color: ColorChoice;
  /** Where the scan is kept while it runs. */
  checkpoint: string | undefined;
  progress: boolean;
  /** Keys steer the scan, on a terminal. */
  keys: boolean;
  /** How often a line says where the scan stands, in milliseconds. */
  statsEveryMs: number | undefined;
}

/** A command line on which nothing was typed. */
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
