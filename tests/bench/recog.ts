/**
 * Compares the products that synscan names with those of the examples of rapid7/recog: replies of servers and devices that cannot be
 * started here. It is a corpus to compare with, and no source of rows.
 *
 *   deno task bench recog --recog DIR [--verbose]    DIR: a clone of https://github.com/rapid7/recog
 *
 * Each example becomes the reply that it is a part of, and goes through the parsers and the matcher. Examples whose pattern names no
 * product (those of devices and systems) are counted, and not compared. Outcomes:
 *
 * - same: the names are equal without case, punctuation, the vendor's name and words such as "server" (see {@linkcode isSame});
 * - own name: nothing of recog's name is in the reply, and the name that synscan shows is: the server names itself otherwise than its
 *   vendor does (`Server: Comware-5.20` of H3C). It counts as no match;
 * - different: any other name;
 * - none: no product.
 *
 * @module
 */

import { bytesOf } from "../../src/service/bytes.ts";
import { type Exchange, NULL_PROBE } from "../../src/service/exchange.ts";
import { identify } from "../../src/service/matcher.ts";

/** One example string, with the product that recog's pattern names for it. */
interface Example {
  readonly text: string;
  readonly vendor: string;
  /** Undefined if the pattern names none. */
  readonly product: string | undefined;
}

type Outcome = "same" | "own name" | "different" | "none";

/** A file of examples, and the reply that an example stands for. */
interface Corpus {
  readonly file: string;
  readonly port: number;
  readonly probe: string;
  reply(text: string): Uint8Array;
  /** The reply to HELP, for greetings that name no protocol. */
  readonly help?: string;
}

/** Replies to HELP as RFC 959 and RFC 5321 have them. */
const FTP_HELP =
  "214-The following commands are recognized.\r\n214-USER PASS CWD RETR STOR PASV QUIT\r\n214 Help OK.\r\n";
const SMTP_HELP = "214 Commands: HELO EHLO MAIL RCPT DATA NOOP QUIT\r\n";

const CORPORA: readonly Corpus[] = [
  { file: "ssh_banners", port: 22, probe: NULL_PROBE, reply: (text) => utf8(`SSH-2.0-${text}\r\n`) },
  { file: "ftp_banners", port: 21, probe: NULL_PROBE, reply: greeting, help: FTP_HELP },
  { file: "smtp_banners", port: 25, probe: NULL_PROBE, reply: greeting, help: SMTP_HELP },
  {
    file: "http_servers",
    port: 80,
    probe: "http",
    reply: (text) => utf8(`HTTP/1.1 200 OK\r\nServer: ${text}\r\nContent-Length: 0\r\n\r\n`),
  },
  { file: "mysql_banners", port: 3306, probe: NULL_PROBE, reply: handshake },
];

const LEAST_SHARE = 0.7;

/** Runs the comparison; ends the program with 1 if a file has too few equal names, or a different one. */
export function benchRecog(args: readonly string[]): void {
  const at = args.indexOf("--recog");
  const folder = at < 0 ? undefined : args[at + 1];
  if (folder === undefined) {
    console.log("Skipped: give a clone of https://github.com/rapid7/recog by --recog DIR");
    return;
  }
  let isMet = true;
  console.log("file           compared  same   share  own name  different  none  no product in recog");
  for (const corpus of CORPORA) {
    const examples = readExamples(Deno.readTextFileSync(`${folder}/xml/${corpus.file}.xml`));
    const outcomes = examples.filter(({ product }) => product !== undefined)
      .map((example) => ({ example, ...outcomeOf(example, corpus) }));
    const count = (outcome: Outcome): number => outcomes.filter((each) => each.outcome === outcome).length;
    const share = count("same") / outcomes.length;
    isMet &&= share >= LEAST_SHARE && count("different") === 0;
    console.log(
      corpus.file.padEnd(15) + String(outcomes.length).padStart(8) + String(count("same")).padStart(6) +
        `${(100 * share).toFixed(1)} %`.padStart(8) + String(count("own name")).padStart(10) +
        String(count("different")).padStart(11) + String(count("none")).padStart(6) +
        String(examples.length - outcomes.length).padStart(21),
    );
    for (const { example: { text, vendor, product }, named, outcome } of outcomes) {
      const isShown = outcome === "different" || (args.includes("--verbose") && outcome !== "same");
      if (isShown) console.log(`  ${outcome}: ${vendor} ${product} / ${named ?? "-"}: ${JSON.stringify(text)}`);
    }
    if (!args.includes("--verbose")) continue;
    for (const example of examples.filter(({ product }) => product === undefined)) {
      const named = productOf(example.text, corpus);
      if (named !== undefined) console.log(`  not compared: ${named}: ${JSON.stringify(example.text)}`);
    }
  }
  if (!isMet) Deno.exit(1);
}

function outcomeOf(example: Example, corpus: Corpus): { outcome: Outcome; named: string | undefined } {
  const named = productOf(example.text, corpus);
  return { named, outcome: compare(example, named) };
}

/** Returns the product that the reply with an example's text shows. */
function productOf(text: string, { port, probe, reply, help }: Corpus): string | undefined {
  const first: Exchange = { probe, reply: reply(text), firstByteMs: 1, end: "open", connection: 0 };
  const { finding, reading } = identify([first], port);
  const next = reading?.follow?.name;
  if (next !== "help-numbered" || help === undefined) return finding?.product;
  return identify([first, { ...first, probe: next, reply: utf8(help) }], port).finding?.product;
}

/** Compares the name that synscan shows with that of an example. */
function compare({ text, vendor, product }: Example, named: string | undefined): Outcome {
  if (named === undefined) return "none";
  if (isSame(named, vendor, product ?? "")) return "same";
  const own = ownWords(vendor, product ?? "");
  const told = own.length > 0 ? own : significant(vendor);
  const isTold = told.length > 0 && told.every((word) => compact(text).includes(word));
  return !isTold && compact(text).includes(compact(named)) ? "own name" : "different";
}

/** Words that say what a program is, and not which. */
const GENERIC = new Set(
  ("server service services daemon web webs webserver http https httpd ftp ftpd sftp ssh sshd smtp esmtp mail project " +
    "software inc for the of and").split(" "),
);

/**
 * Returns true if two names are of the same product:
 *
 * - they are equal without case, punctuation and the vendor's name;
 * - or ours contains theirs ("Sun-GlassFish", "GlassFish Server");
 * - or ours has all words of theirs, beside generic ones, editions ("11g") and the vendor's, and no others;
 * - or theirs is no more than "the HTTP server of a vendor", and ours has the vendor's name ("Cisco AWARE", "HTTP" of Cisco).
 */
function isSame(named: string, vendor: string, product: string): boolean {
  const ours = compact(named);
  const theirs = compact(product);
  if (ours === theirs || ours === compact(vendor) + theirs) return true;
  const bare = product.toLowerCase().split(/[^a-z0-9]+/).filter((word) => !GENERIC.has(word)).join("");
  if (bare.length >= LEAST_CONTAINED && (ours.includes(bare) || ours.includes(theirs))) return true;
  const own = ownWords(vendor, product);
  if (own.length === 0) return significant(vendor).some((word) => ours.includes(word));
  const words = withoutEditions(named);
  const all = [...significant(vendor), ...own];
  return words.length > 0 && words.every((word) => all.includes(word)) && own.every((word) => words.includes(word));
}

/** The shortest name that may be a part of another. */
const LEAST_CONTAINED = 4;

function compact(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Returns the words of a product's name that are not its vendor's. */
function ownWords(vendor: string, product: string): readonly string[] {
  const ofVendor = significant(vendor);
  return withoutEditions(product).filter((word) => !ofVendor.includes(word));
}

/** Returns the words of a name that are not generic. */
function significant(name: string): readonly string[] {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !GENERIC.has(word));
}

/** Leaves out editions, such as "11g" and "X1". */
function withoutEditions(name: string): readonly string[] {
  return significant(name).filter((word) => !/^[a-z]{0,3}\d+[a-z]?$/.test(word));
}

/** Reads the examples of a file of patterns. */
function readExamples(xml: string): readonly Example[] {
  return [...xml.replaceAll(/<!--.*?-->/gs, "").matchAll(/<fingerprint\b.*?<\/fingerprint>/gs)].flatMap(([pattern]) => {
    const params = new Map([...pattern.matchAll(/<param\b([^>]*?)\/?>/g)].map(([, text = ""]) => {
      const { name = "", value } = attributesOf(text);
      return [name, value];
    }));
    return [...pattern.matchAll(/<example\b([^>]*?)(?:\/>|>(.*?)<\/example>)/gs)].flatMap(
      ([, head = "", body = ""]) => {
        const attributes = attributesOf(head);
        if (attributes["_filename"] !== undefined) return [];
        const text = attributes["_encoding"] === "base64" ? atob(body.trim()) : unescaped(body);
        const product = params.get("service.product") ?? attributes["service.product"];
        return [{ text, vendor: params.get("service.vendor") ?? "", product }];
      },
    );
  });
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w.]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value ?? "")]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  const cdata = /^\s*<!\[CDATA\[(.*)\]\]>\s*$/s.exec(text)?.[1];
  return cdata ??
    text.replaceAll(
      /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
      (whole, decimal, hexadecimal, name) =>
        decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : hexadecimal !== undefined
          ? String.fromCodePoint(parseInt(hexadecimal, 16))
          : ENTITIES[name] ?? whole,
    );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A greeting of the code 220, of a line or several. */
function greeting(text: string): Uint8Array {
  const lines = text.split(/\r?\n/);
  return utf8(lines.map((line, index) => `220${index < lines.length - 1 ? "-" : " "}${line}\r\n`).join(""));
}

/** The first packet of a MySQL server, of protocol 10. */
function handshake(version: string): Uint8Array {
  const body = `\x0a${version}\0\x2a\0\0\0abcdefgh\0\xff\xf7\x08\x02\0\x0f\x80\x15${"\0".repeat(10)}ijklmnopqrst\0`;
  return bytesOf(`${String.fromCharCode(body.length & 0xff, body.length >> 8)}\0\0${body}`);
}
