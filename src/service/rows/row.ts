/**
 * Rows: patterns of fields, and the products that have them, as tables of text.
 *
 * ```text
 * id            | field        | pattern                    | product | version | CPE                    | more           | seen
 * ssh-openssh   | ssh.software | ^OpenSSH_(\d[\d.]*)(p\d+)?$ | OpenSSH | $1$2    | a:openbsd:openssh:$1:$2 | -              | openssh
 * ssh-debian    | ssh.comment  | ^Debian-(\S+)$             | -       | -       | o:debian:debian_linux  | info:Debian $1 | openssh
 * ```
 *
 * Columns stand between ` | `, and `-` is an empty one. CPE names are separated by spaces, and so are the transcripts of the
 * servers that sent it; `more` holds `info:`, `os:`, `device:`, `hostname:` and `service:` with a text, or `framework`,
 * separated by `; `.
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
  readonly cpe: readonly string[];
  /** True for a library or framework: a row of the application goes before it. */
  readonly isFramework: boolean;
  /** The transcripts of the servers that sent it. */
  readonly seen: readonly string[];
}

const COLUMNS = 8;
const TEXTS: readonly string[] = ["service", "info", "hostname", "os", "device"];

/**
 * Reads a table of rows.
 *
 * @throws {Error} with the table's name and the line, if it is damaged.
 */
export function readRows(table: string, text: string): readonly Row[] {
  return text.split("\n").flatMap((line, number) => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    try {
      return [readRow(line)];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`Cannot read line ${number + 1} of the rows of ${table}: ${why}. Correct "${line.trim()}"`);
    }
  });
}

function readRow(line: string): Row {
  const columns = line.split(" | ").map((column) => column.trim());
  if (columns.length !== COLUMNS) throw new Error(`it has ${columns.length} columns instead of ${COLUMNS}`);
  const [id = "", field = "", pattern = "", product = "", version = "", cpe = "", more = "", seen = ""] = columns;
  if (!/^[a-z0-9][\w.-]*$/.test(id)) throw new Error(`"${id}" is no id`);
  if (!pattern.startsWith("^")) throw new Error("its pattern does not begin with ^");
  return {
    id,
    field,
    pattern: new RegExp(pattern, "s"),
    ...(product === "-" ? {} : { product }),
    ...(version === "-" ? {} : { version }),
    ...readMore(more),
    cpe: wordsOf(cpe),
    isFramework: more.split("; ").includes("framework"),
    seen: wordsOf(seen),
  };
}

function wordsOf(column: string): readonly string[] {
  return column === "-" ? [] : column.split(" ");
}

function readMore(column: string): Partial<Row> {
  if (column === "-") return {};
  return Object.fromEntries(
    column.split("; ").filter((part) => part !== "framework").map((part) => {
      const colon = part.indexOf(":");
      const key = part.slice(0, colon);
      if (!TEXTS.includes(key)) throw new Error(`"${part}" is none of ${TEXTS.join(": ")}: framework`);
      return [key, part.slice(colon + 1)];
    }),
  );
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
