/** Rows: their form, their patterns, and the tables that hold them. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { ROWS } from "../../src/service/rows/all.ts";
import { expand, expandCpe, readRows } from "../../src/service/rows/row.ts";
import { SELF_NAMED_ROWS } from "../../src/service/rows/self_named.ts";

const ALL_ROWS = [...ROWS, ...SELF_NAMED_ROWS];

const ROW = String.raw`a-b | x.y | ^A/(\d+)(?:\.(\d+))?$ | A | $1 | a:v:a:$1:$2 | info:of $2; os:Linux | one two`;

Deno.test("rows: a line of a table is read by its columns", () => {
  const [row] = readRows("test", `\n# a comment\n${ROW}\n`);
  assertEquals([row?.id, row?.field, row?.product, row?.version], ["a-b", "x.y", "A", "$1"]);
  assertEquals([row?.info, row?.os, row?.isFramework], ["of $2", "Linux", false]);
  assertEquals([row?.cpe, row?.seen], [["a:v:a:$1:$2"], ["one", "two"]]);
});

Deno.test("rows: a damaged line is named with its table, its number and its fault", () => {
  const damaged: readonly [string, RegExp][] = [
    ["a-b | x.y | ^A$ | A", /^Cannot read line 2 of the rows of test: it has 4 columns instead of 8\. Correct "a-b/],
    [ROW.replace("^A", "A"), /its pattern does not begin with \^/],
    [ROW.replace("(\\d+)(", "(\\d+("), /Unterminated group|Invalid regular expression/],
    [ROW.replace("os:", "colour:"), /"colour:Linux" is none of/],
    [ROW.replace("a-b", "A B"), /"A B" is no id/],
  ];
  for (const [line, fault] of damaged) {
    const error = assertThrows(() => readRows("test", `\n${line}`), Error) as Error;
    assert(fault.test(error.message), error.message);
  }
});

Deno.test("rows: ids are unique, and each names a transcript", () => {
  assertEquals(new Set(ALL_ROWS.map(({ id }) => id)).size, ALL_ROWS.length);
  assertEquals(ROWS.filter(({ seen }) => seen.length === 0).map(({ id }) => id), []);
});

Deno.test("rows: a version comes with a product, and a row shows something", () => {
  for (const row of ALL_ROWS) {
    assert(row.version === undefined || row.product !== undefined, row.id);
    assert(row.product ?? row.info ?? row.os ?? row.service ?? row.device ?? row.hostname ?? row.cpe[0], row.id);
  }
});

/** A quantifier without an upper bound behind a group that holds one: the time of a match could be exponential. */
const NESTED = /\((?:[^()\\]|\\.)*(?<!\\)[*+](?:[^()\\]|\\.)*\)[*+]/;

Deno.test("rows: patterns are anchored and have no nested quantifiers", () => {
  assert(NESTED.test("(?:a+b)*") && !NESTED.test("(?:ab)*c+"));
  for (const { id, pattern } of ALL_ROWS) {
    assert(pattern.source.startsWith("^"), id);
    assert(!NESTED.test(pattern.source), id);
  }
});

Deno.test("rows: a pattern takes no long time on long fields", () => {
  const texts = ["a", " ", "1", ".", "-", "<", "\n", "\r\n", "1.", "a b ", '"', '{"'].map((unit) =>
    unit.repeat(16_384 / unit.length)
  );
  for (const { id, pattern } of ALL_ROWS) {
    const start = pattern.source.replace(/^\^/, "").match(/^[\w ]*/)?.[0] ?? "";
    const begun = performance.now();
    for (const text of texts) {
      pattern.test(text);
      pattern.test(start + text);
    }
    assert(performance.now() - begun < 1000, id);
  }
});

Deno.test("rows: groups that are missing are empty, and CPE names end before them", () => {
  const match = /^A\/(\d+)(?:\.(\d+))?$/.exec("A/2")!;
  assertEquals(expand("v$1.$2", match), "v2.");
  assertEquals(expandCpe("a:v:a:$1:$2", match), "cpe:/a:v:a:2");
  assertEquals(expandCpe("a:v:b c:$1", match), "cpe:/a:v:b_c:2");
});

Deno.test("rows: CPE names are of a part, a vendor and a product in lower case, and not encoded twice", () => {
  for (const { id, cpe } of ROWS) {
    for (const name of cpe) assert(/^[aoh]:[a-z\d._+~-]+:[a-z\d._+~/-]+(?::[^%\s]*)?$/.test(name), `${id}: ${name}`);
  }
  assertEquals(expandCpe("a:erlang:erlang/otp", /^/.exec("")!), "cpe:/a:erlang:erlang%2fotp");
});
