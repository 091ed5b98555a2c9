/**
 * A local stand-in for the part of `@std/cli/parse-args` that the benchmarks and the lab import: `--name` and
 * `--name=value` or `--name value`, without aliases and without short names.
 *
 * @module
 */

/** The names that an argument list may hold. */
export interface ParseOptions<B extends string, S extends string, C extends string, D extends Record<string, unknown>> {
  /** Names that take no value, false by default. */
  boolean?: readonly B[];
  /** Names that take a value. */
  string?: readonly S[];
  /** Names that may be given more than once; each value is kept. */
  collect?: readonly C[];
  /** Values of names that are not given. */
  default?: D;
  /** Called with each argument that is none of the names above. */
  unknown?: (arg: string) => unknown;
}

/** The values by name. */
export type Args<B extends string, S extends string, C extends string, D extends Record<string, unknown>> =
  & { [K in Exclude<S, C | keyof D>]?: string }
  & { [K in C]: string[] }
  & { [K in B]: boolean }
  & { [K in keyof D]: D[K] };

/** Reads an argument list. */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const D extends Record<string, unknown> = Record<never, never>,
>(args: readonly string[], options: ParseOptions<B, S, C, D>): Args<B, S, C, D> {
  const { boolean = [], string = [], collect = [], unknown } = options;
  const has = (names: readonly string[], name: string) => names.includes(name);
  const values: Record<string, unknown> = { ...options.default };
  for (const name of boolean) values[name] ??= false;
  for (const name of collect) values[name] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, name = "", attached] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (has(boolean, name)) values[name] = attached !== "false";
    else if (has(collect, name)) (values[name] as string[]).push(attached ?? args[++at] ?? "");
    else if (has(string, name)) values[name] = attached ?? args[++at] ?? "";
    else unknown?.(arg);
  }
  return values as Args<B, S, C, D>;
}
