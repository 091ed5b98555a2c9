/**
 * A local stand-in for the part of `@std/cli/parse-args` that synscan uses: no negatable and no dotted names.
 *
 * @module
 */

/** Which names an argument list may hold, and how they are read. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
  DD extends boolean = boolean,
> {
  /** Keeps what follows `--` apart, under that name, instead of adding it to `_`. */
  "--"?: DD;
  /** Other names of a name. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Names that take no value, false by default; a following `true` or `false` is taken none the less. */
  boolean?: B | readonly B[];
  /** Values of names that are not given. */
  default?: D;
  /** Everything from the first argument that is no option on is no option. */
  stopEarly?: boolean;
  /** Names whose values stay text, where they would otherwise become numbers if they look so. */
  string?: S | readonly S[];
  /** Names that may be given more than once, each value being kept. */
  collect?: C | readonly C[];
  /** Called with each argument that is none of the names above; what it refuses with false is left out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The values by name, `_` for what is no option, and `--` where that was asked for. */
export type Args<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
  DD extends boolean = boolean,
> =
  & Record<string, unknown>
  & WithDefaults<
    & { [K in Exclude<S, C>]?: string }
    & { [K in Extract<S, C>]: string[] }
    & { [K in Exclude<C, S>]: unknown[] }
    & { [K in B]: boolean },
    D
  >
  & { _: (string | number)[] }
  & (true extends DD ? { "--": string[] } : unknown);

type WithDefaults<A, D> =
  & Omit<A, keyof D>
  & { [K in keyof D]: D[K] | (K extends keyof A ? NonNullable<A[K]> : never) };

/** Reads an argument list: `--name value`, `--name=value`, `-n value`, `-n5`, `-abc`, and what is no option. */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
  const DD extends boolean = false,
>(args: readonly string[], options: ParseOptions<B, S, C, D, DD> = {}): Args<B, S, C, D, DD> {
  const parser = new Parser(options);
  const end = args.indexOf("--");
  parser.read(end < 0 ? args : args.slice(0, end), options.stopEarly ?? false);
  parser.fillIn(options.default ?? {});
  const rest = end < 0 ? [] : args.slice(end + 1);
  if (options["--"]) parser.values["--"] = rest;
  else parser.values._.push(...rest);
  return parser.values as Args<B, S, C, D, DD>;
}

const LONG = /^--(?<no>no-)?(?<key>[^]+?)(?:=(?<value>[^]*))?$/;
const ENDS_IN_NUMBER = /\d(\.\d*)?(e-?\d+)?$/;
/** Names that the values keep from their prototype. */
const NEVER_SET: ReadonlySet<string> = new Set(["constructor", "__proto__"]);

class Parser {
  readonly values: Record<string, unknown> & { _: (string | number)[] } = { _: [] };
  readonly #aliases = new Map<string, string[]>();
  readonly #booleans: Set<string>;
  readonly #strings: Set<string>;
  readonly #collected: Set<string>;
  readonly #unknown: (arg: string, key?: string, value?: unknown) => unknown;

  constructor(options: ParseOptions) {
    for (const [name, others] of Object.entries(options.alias ?? {})) {
      const group = [name, ...[others].flat()];
      for (const member of group) this.#aliases.set(member, group.filter((other) => other !== member));
    }
    this.#booleans = this.#withAliases(options.boolean);
    this.#strings = this.#withAliases(options.string);
    this.#collected = this.#withAliases(options.collect);
    this.#unknown = options.unknown ?? (() => true);
  }

  read(args: readonly string[], stopEarly: boolean): void {
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] ?? "";
      if (arg.length > 1 && arg.startsWith("-")) {
        const pending = arg.startsWith("--") ? this.#readLong(arg) : this.#readShort(arg);
        if (pending !== undefined) i += this.#readValue(arg, pending, args[i + 1]);
        continue;
      }
      if (this.#unknown(arg) !== false) this.values._.push(this.#strings.has("_") ? arg : toNumber(arg));
      if (stopEarly) {
        this.values._.push(...args.slice(i + 1));
        return;
      }
    }
  }

  fillIn(defaults: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(defaults)) {
      if (Object.hasOwn(this.values, name)) continue;
      for (const each of this.#group(name)) {
        if (!NEVER_SET.has(each)) this.values[each] = value;
      }
    }
    for (const name of new Set([...this.#booleans, ...this.#strings])) {
      if (NEVER_SET.has(name) || Object.hasOwn(this.values, name)) continue;
      if (this.#collected.has(name)) this.values[name] = [];
      else if (this.#booleans.has(name)) this.values[name] = false;
    }
  }

  /** Reads `--name=value`, or returns the name whose value may be the next argument. */
  #readLong(arg: string): string | undefined {
    const { no, key = "", value } = arg.match(LONG)?.groups ?? {};
    if (value === undefined) return (no ?? "") + key;
    this.#set(arg, key, this.#booleans.has(key) ? value !== "false" : value);
    return undefined;
  }

  /** Reads `-abc`, `-n5`, `-n=5`, or returns the last letter, whose value may be the next argument. */
  #readShort(arg: string): string | undefined {
    for (let at = 1; at < arg.length - 1; at++) {
      const letter = arg.charAt(at);
      const rest = arg.slice(at + 1);
      if (rest === "-") {
        this.#set(arg, letter, rest);
        return undefined;
      }
      const value = valueWithin(letter, rest);
      if (value !== undefined) {
        this.#set(arg, letter, value);
        return undefined;
      }
      this.#set(arg, letter, this.#strings.has(letter) ? "" : true);
    }
    return arg.slice(-1);
  }

  /** Gives `name` the next argument, if that can be its value; returns how many arguments were used up. */
  #readValue(arg: string, name: string, next: string | undefined): number {
    const long = arg.startsWith("--");
    const isOption = long ? next?.startsWith("-") : /^--?[^-]/.test(next ?? "");
    if (next && !isOption && !this.#booleans.has(name)) {
      this.#set(arg, name, next);
      return 1;
    }
    if (next === "true" || next === "false") {
      this.#set(arg, name, next === "true");
      return 1;
    }
    this.#set(arg, name, this.#strings.has(name) ? "" : true);
    return 0;
  }

  #set(arg: string, name: string, given: string | boolean): void {
    if (!this.#isKnown(name) && this.#unknown(arg, name, given) === false) return;
    const value = typeof given === "string" && !this.#strings.has(name) ? toNumber(given) : given;
    for (const each of this.#group(name)) {
      if (NEVER_SET.has(each)) continue;
      const before = this.values[each];
      if (!this.#collected.has(name)) this.values[each] = value;
      else if (Array.isArray(before)) before.push(value);
      else this.values[each] = [value];
    }
  }

  #isKnown(name: string): boolean {
    return [this.#booleans, this.#strings, this.#collected, this.#aliases].some((names) => names.has(name));
  }

  #group(name: string): string[] {
    return [name, ...this.#aliases.get(name) ?? []];
  }

  #withAliases(names: string | readonly string[] = []): Set<string> {
    return new Set([names].flat().flatMap((name) => this.#group(name)));
  }
}

/** The value that a letter has within its own argument, if it has one. */
function valueWithin(letter: string, rest: string): string | undefined {
  if (rest === "=") return "";
  if (/[A-Za-z]/.test(letter)) {
    const value = rest.match(/=([^\n\r\u2028\u2029]+)/)?.[1];
    if (value !== undefined) return value;
    if (ENDS_IN_NUMBER.test(rest)) return rest;
  }
  return rest.length > 1 && /\W/.test(rest.charAt(0)) ? rest : undefined;
}

function toNumber(text: string): string | number {
  return /\S/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}
