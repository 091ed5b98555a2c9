/**
 * The family of protocols whose servers greet with a line of text: FTP, SMTP, POP3, IMAP, NNTP, IRC, ManageSieve.
 *
 * @module
 */

import { bytesOf, latin1 } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { Protocol, Reading } from "./protocol.ts";

/** The field of a greeting that names no protocol. */
export const NUMBERED_GREETING = "numbered.greeting";
/** For servers whose greeting does not name them. */
const EHLO = { name: "ehlo", bytes: bytesOf("EHLO synscan.invalid\r\n"), sameConnection: true };
const QUIT = bytesOf("QUIT\r\n");

/** The lines of a reply; a last line without an end is left out while more may come. */
function linesOf({ reply, end }: Exchange): readonly string[] {
  const lines = latin1(reply, 0, 8192).split(/\r?\n/, 64);
  return end === "open" && lines.length < 64 ? lines.slice(0, -1) : lines;
}

/** Reads the reply to HELP after a greeting that names no protocol: the commands do. */
function helpOf(lines: readonly string[]): Reading | undefined {
  const text = lines.filter((line) => /^2\d\d[ -]/.test(line)).map((line) => line.slice(4)).join("\n");
  if (/\b(?:CWD|RETR|PASV|XPWD)\b/i.test(text)) return reading("ftp", true, { "ftp.help": text });
  return /\b(?:RCPT|EHLO|HELO)\b/i.test(text) ? reading("smtp", true, { "smtp.help": text }) : undefined;
}

/** The texts of the lines with a code at the beginning, without the code. */
function textsOf(lines: readonly string[], code: string): string {
  return lines.filter((line) => line.startsWith(code)).map((line) => line.slice(4)).join("\n");
}

const SMTP_WORDS = /\b(?:E?SMTP|LMTP|Postfix|Exim|Sendmail|mail(?:er)?)\b/i;
const FTP_WORDS = /FTP/i;
/** Host names and versions, which are no words. */
const DOTTED = /[\w-]+(?:\.[\w-]+)+/g;

function numbered(exchange: Exchange): Reading | undefined {
  const lines = linesOf(exchange);
  if (exchange.probe === "help-numbered") return helpOf(lines);
  if (exchange.probe === "ehlo") {
    const hello = textsOf(lines, "250");
    return hello === "" ? undefined : reading("smtp", true, { "smtp.hello": hello });
  }
  const first = lines[0] ?? "";
  const code = /^(\d{3})(?:[ -]|$)/.exec(first)?.[1];
  if (code === undefined) return undefined;
  const isWhole = lines.some((line) => line.startsWith(`${code} `) || line === code);
  const greeting = textsOf(lines, code);
  const rest = lines.filter((line) => /^\d{3}/.test(line) && !line.startsWith(code)).join("\n");
  if (code === "220" || code === "421" || code === "554" || code === "120" || code === "530") {
    const words = greeting.slice(0, 512).replaceAll(DOTTED, "");
    const isFtp = FTP_WORDS.test(words) ||
      /^(?:5\d\d|214)[ -].*(?:USER and PASS|commands are recognized)/im.test(rest) ||
      code === "530" || /^120/.test(code);
    const isSmtp = !isFtp && (SMTP_WORDS.test(words) || /^(?:25\d|50\d|221)[ -]\d\.\d\.\d /m.test(rest));
    if (isFtp && code !== "554") {
      return reading("ftp", isWhole, { "ftp.greeting": greeting, ...more("ftp.reply", rest) });
    }
    if (isSmtp) {
      const service = /\bLMTP\b/.test(greeting) ? "lmtp" : "smtp";
      const hostname = /^([\w-]{1,63}(?:\.[\w-]{1,63}){0,8}) /.exec(greeting)?.[1];
      return {
        ...reading(service, isWhole, { "smtp.greeting": greeting, ...more("smtp.reply", rest) }),
        facts: hostname?.includes(".") ? { hostname } : {},
        ...(/^\S+ E?SMTP\W*$/.test(greeting) ? { follow: EHLO } : {}),
      };
    }
    if (code === "220" && /^\S{1,64} dictd |<\d+\.\d+\.\d+@/.test(greeting)) return undefined;
    return code === "220"
      ? {
        service: "unknown",
        isComplete: false,
        isVague: true,
        fields: { [NUMBERED_GREETING]: greeting },
        facts: {},
        follow: { name: "help-numbered", bytes: bytesOf("HELP\r\n"), sameConnection: true },
      }
      : undefined;
  }
  if (/^(?:200|201|400|502|503)$/.test(code) && /NNTP|news|posting|Leafnode|InterNetNews|INN\b/i.test(greeting)) {
    return reading("nntp", isWhole, { "nntp.greeting": greeting });
  }
  return undefined;
}

function more(field: string, value: string): Record<string, string> {
  return value === "" ? {} : { [field]: value };
}

function reading(
  service: string,
  isComplete: boolean,
  fields: Readonly<Record<string, string>>,
): Reading {
  return { service, isComplete, fields, facts: {}, quit: QUIT };
}

function pop3(exchange: Exchange): Reading | undefined {
  const line = linesOf(exchange)[0] ?? "";
  const match = /^(?:\+OK|-ERR)(?: (.{0,300}))?$/.exec(line);
  if (!match || exchange.probe === "redis-info") return undefined;
  const greeting = match[1] ?? "";
  if (line.startsWith("-ERR")) return undefined;
  return reading("pop3", true, { "pop3.greeting": greeting });
}

function imap(exchange: Exchange): Reading | undefined {
  const lines = linesOf(exchange);
  const greeting = lines.find((line) =>
    /^\* (?:OK|PREAUTH|BYE)\b/.test(line) && !/Waiting for authentication/.test(line)
  );
  if (greeting === undefined) {
    return /^\* OK Waiting for authentication/.test(lines[0] ?? "")
      ? { service: "imap", isComplete: false, fields: { "imap.waiting": lines[0]! }, facts: {} }
      : undefined;
  }
  const text = greeting.replace(/^\* \w+ ?/, "");
  return {
    ...reading("imap", true, { "imap.greeting": text.replace(/^\[[^\]]{0,500}\] ?/, ""), "imap.line": text }),
    quit: bytesOf("a LOGOUT\r\n"),
  };
}

function irc(exchange: Exchange): Reading | undefined {
  const lines = linesOf(exchange);
  const notice = /^(?::(\S{1,128}) )?NOTICE (?:\*|AUTH|\S{1,32}) :(.{0,300})$/.exec(lines[0] ?? "");
  const numeric = /^:(\S{1,128}) (\d{3}|PONG) (?:\S{1,64}) :?(.{0,300})$/.exec(lines[0] ?? "");
  const error = /^ERROR :(.{0,300})$/.exec(lines[0] ?? "");
  const match = notice ?? numeric;
  if (!match && !error) return undefined;
  const server = match?.[1];
  const texts = lines.map((line) => /:([^:].{0,300})$/.exec(line)?.[1] ?? "").filter((text) => text !== "").join("\n");
  return {
    service: "irc",
    isComplete: true,
    isVague: error !== null && !/IRC/.test(error[1] ?? ""),
    fields: {
      ...(error ? { "irc.error": error[1] ?? "" } : {}),
      ...(notice ? { "irc.notice": notice[2] ?? "" } : {}),
      ...(numeric ? { "irc.numeric": `${numeric[2]} ${numeric[3]}` } : {}),
      "irc.texts": texts,
    },
    facts: server?.includes(".") ? { hostname: server } : {},
    ...(notice ? { follow: { name: "irc-version", bytes: bytesOf("VERSION\r\n"), sameConnection: true } } : {}),
    quit: QUIT,
  };
}

function sieve(exchange: Exchange): Reading | undefined {
  const text = latin1(exchange.reply, 0, 4096);
  const match = /^"IMPLEMENTATION" "([^"\r\n]{0,200})"/i.exec(text);
  if (!match) return undefined;
  return {
    service: "sieve",
    isComplete: /^OK\b/m.test(text),
    fields: { "sieve.implementation": match[1] ?? "" },
    facts: {},
    quit: bytesOf("LOGOUT\r\n"),
  };
}

/** FTP, SMTP, LMTP and NNTP: lines with codes of three digits. */
export const NUMBERED: Protocol = { name: "numbered", parse: numbered };
/** POP3 (RFC 1939). */
export const POP3: Protocol = { name: "pop3", parse: pop3 };
/** IMAP (RFC 9051). */
export const IMAP: Protocol = { name: "imap", parse: imap };
/** IRC (RFC 2812). */
export const IRC: Protocol = { name: "irc", parse: irc };
/** ManageSieve (RFC 5804). */
export const SIEVE: Protocol = { name: "sieve", parse: sieve };
