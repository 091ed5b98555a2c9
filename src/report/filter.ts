/**
 * Filter expressions over the fields of results: `state=open and port<1024`.
 *
 * ```text
 * either     = both { "or" both }
 * both       = one { "and" one }
 * one        = "not" one | "(" either ")" | comparison
 * comparison = FIELD ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" ) VALUE
 * ```
 *
 * `~` tests if the text contains VALUE. A VALUE with spaces or operators is quoted, with double or single quotes. An unknown
 * field equals nothing.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { nearest } from "../base/suggest.ts";
import type { PortResult } from "../result/port_result.ts";
import { REASONS } from "../result/reasons.ts";
import { STATES } from "../result/states.ts";
import { type Field, fieldNamed, FIELDS } from "./fields.ts";

/** Returns true for a result to report. */
export type ResultFilter = (result: PortResult) => boolean;

/**
 * Parses an expression.
 *
 * @throws {UsageError} if the expression is invalid; the message names the column.
 */
export function parseFilter(text: string): ResultFilter {
  return new Parser(text).parse();
}

interface Token {
  readonly kind: "word" | "quoted" | "sign" | "end";
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

const TOKENS =
  /\s*(?:(?<sign><=|>=|!=|[=<>~()])|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[^\s=<>!~()"']+)|(?<wrong>\S))/gy;

type Compare = (one: number | string, other: number | string) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  "=": (one, other) => one === other,
  "!=": (one, other) => one !== other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
  "~": (one, other) => String(one).toLowerCase().includes(String(other).toLowerCase()),
};

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...this.#split()];
  }

  parse(): ResultFilter {
    const filter = this.#either();
    const rest = this.#next();
    if (rest.kind !== "end") throw this.#wrong(rest, "and, or, or the end");
    return filter;
  }

  *#split(): Generator<Token> {
    for (const { 0: all, index, groups = {} } of this.#text.matchAll(TOKENS)) {
      const { sign, double, single, word, wrong } = groups;
      const column = index + all.length - all.trimStart().length + 1;
      if (wrong !== undefined) {
        throw this.#wrong({ kind: "sign", text: wrong, column }, wrong === "!" ? "!=" : "a closing quote");
      }
      if (sign !== undefined) yield { kind: "sign", text: sign, column };
      else if (word !== undefined) yield { kind: "word", text: word, column };
      else yield { kind: "quoted", text: double ?? single ?? "", column };
    }
    yield { kind: "end", text: "", column: this.#text.length + 1 };
  }

  #either(): ResultFilter {
    const parts = [this.#both()];
    while (this.#takes("or")) parts.push(this.#both());
    return parts.length === 1 && parts[0] ? parts[0] : (result) => parts.some((part) => part(result));
  }

  #both(): ResultFilter {
    const parts = [this.#one()];
    while (this.#takes("and")) parts.push(this.#one());
    return parts.length === 1 && parts[0] ? parts[0] : (result) => parts.every((part) => part(result));
  }

  #one(): ResultFilter {
    if (this.#takes("not")) {
      const inner = this.#one();
      return (result) => !inner(result);
    }
    const token = this.#next();
    if (token.kind === "sign" && token.text === "(") {
      const inner = this.#either();
      const close = this.#next();
      if (close.text !== ")" || close.kind !== "sign") throw this.#wrong(close, "and, or, or )");
      return inner;
    }
    const field = token.kind === "word" ? fieldNamed(token.text.toLowerCase()) : undefined;
    if (field === undefined) throw this.#wrong(token, expectedField(token));
    const sign = this.#next();
    const compare = sign.kind === "sign" ? COMPARISONS[sign.text] : undefined;
    if (compare === undefined) throw this.#wrong(sign, `one of ${Object.keys(COMPARISONS).join(" ")}`);
    const value = this.#next();
    if (value.kind !== "word" && value.kind !== "quoted") throw this.#wrong(value, "a value");
    return this.#comparison(field, sign, compare, value);
  }

  #comparison(field: Field, sign: Token, compare: Compare, given: Token): ResultFilter {
    if (sign.text === "~" && field.type !== "text" && field.type !== "list") {
      throw this.#wrong(sign, `another sign: ${field.name} is no text`);
    }
    if (/[<>]/.test(sign.text) && field.type !== "whole" && field.type !== "fraction") {
      throw this.#wrong(sign, `=, != or ~: ${field.name} is no number`);
    }
    const value = this.#value(field, sign, given);
    const ofUnknown = sign.text === "!=";
    return (result) => {
      const actual = field.get(result) ?? (field.type === "yes or no" ? false : undefined);
      if (actual === undefined) return ofUnknown;
      if (typeof actual !== "object") return compare(typeof actual === "boolean" ? String(actual) : actual, value);
      // A list equals a value if one of its items does.
      return ofUnknown ? actual.every((each) => compare(each, value)) : actual.some((each) => compare(each, value));
    };
  }

  #value(field: Field, sign: Token, given: Token): string | number {
    switch (field.type) {
      case "whole":
      case "fraction": {
        const number = given.text.trim() === "" ? NaN : Number(given.text);
        if (Number.isNaN(number)) throw this.#wrong(given, `a number: ${field.name} is one`);
        return number;
      }
      case "yes or no":
        if (given.text !== "true" && given.text !== "false") throw this.#wrong(given, "true or false");
        return given.text;
      case "list":
        return given.text;
      case "text": {
        const words: readonly string[] = field.name === "state" ? STATES : field.name === "reason" ? REASONS : [];
        if (words.length > 0 && sign.text !== "~" && !words.includes(given.text)) {
          throw this.#wrong(given, `a ${field.name}: ${words.join(", ")}`);
        }
        return given.text;
      }
    }
  }

  #takes(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at] ?? { kind: "end", text: "", column: this.#text.length + 1 };
    this.#at++;
    return token;
  }

  #wrong({ kind, text, column }: Token, expected: string): UsageError {
    const found = kind === "end" ? "it ends" : `there is ${JSON.stringify(text)}`;
    return new UsageError(
      `Cannot read the filter ${JSON.stringify(this.#text)}: at column ${column} ${found}. Write ${expected}`,
    );
  }
}

/** Returns what to write in place of a word that is no field. */
function expectedField({ kind, text }: Token): string {
  const names = FIELDS.map(({ name }) => name);
  const meant = kind === "word" ? nearest(text.toLowerCase(), names) : undefined;
  return meant === undefined ? `a field: ${names.join(", ")}` : `a field, such as ${meant}`;
}
