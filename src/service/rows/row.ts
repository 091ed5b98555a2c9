/**
 * Rows: patterns of fields, and the products that have them.
 *
 * @module
 */

/** A pattern of one field, and what it shows. In texts `$1` to `$9` stand for the groups of the pattern. */
export interface Row {
  /** The id that the output names. */
  readonly id: string;
  readonly field: string;
  /** An anchored pattern without nested quantifiers. */
  readonly pattern: RegExp;
  /** The service's name, if it is another than the protocol's. */
  readonly service?: string;
  readonly product?: string;
  readonly version?: string;
  readonly info?: string;
  readonly hostname?: string;
  readonly os?: string;
  readonly device?: string;
  /** CPE 2.2 names without `cpe:/`: part, vendor, product, version, update. */
  readonly cpe?: readonly string[];
  /** True for a library or framework: a row of the application goes before it. */
  readonly isFramework?: true;
  /** The transcripts of the servers that sent it. */
  readonly seen: readonly string[];
}

/** Returns a text with the groups of a match in it; a group that is missing is empty. */
export function expand(template: string, match: RegExpExecArray): string {
  return template.replaceAll(/\$([1-9])/g, (_, digit: string) => match[Number(digit)] ?? "").trim();
}

/** Returns a CPE 2.2 name; a component that is missing at the end is left out, one in between stays empty. */
export function expandCpe(template: string, match: RegExpExecArray): string {
  const parts = template.split(":").map((part) =>
    expand(part, match).toLowerCase().replaceAll(/[^a-z0-9._~-]/g, (character) => percent(character))
  );
  while (parts.at(-1) === "") parts.pop();
  return `cpe:/${parts.join(":")}`;
}

function percent(character: string): string {
  return character === " " ? "_" : `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
