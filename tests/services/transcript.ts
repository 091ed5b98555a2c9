/**
 * Transcripts: what a real server replied to each probe. This file reads and writes their text.
 *
 * ```text
 * # name: mariadb
 * # port: 3306
 * # packages: mariadb-server 1:10.11.19-0+deb12u1
 * # truth: mysql | MariaDB | 10.11.19
 * ? null
 * < 0.1ms 40 00 00 00 0a "5.5.5-10.11.19-MariaDB" 00 {{31 00 00 00}} ...
 * = open
 * ? null > http crlf2
 * = rst
 * ! smb
 * ```
 *
 * `?` names the probes of one connection in order, each of the last ones on a connection of its own with the same reply;
 * `<` is the reply to the last one, in bytes and quoted text, with the time to its first byte, and goes on in indented
 * lines (a space in a name is `%20`); `{{...}}` holds bytes that differ from run to run; `~` tells how many bytes were cut off at the end; `=` is the
 * state of the connection afterwards; `!` names probes that were left out because a server did not survive them.
 *
 * @module
 */

import type { End, Exchange } from "../../src/service/exchange.ts";

/** A range of a reply whose bytes differ from run to run. */
export interface Mask {
  readonly from: number;
  readonly to: number;
}

/** One probe and its reply. */
export interface RecordedExchange extends Exchange {
  readonly masks: readonly Mask[];
  /** The number of bytes that the server sent, of which `reply` may be the first part. */
  readonly totalBytes: number;
}

/** One connection: the exchanges on it, in order. Only the first and the last of them are probes of interest. */
type RecordedConnection = readonly RecordedExchange[];

/** The truth about a server. */
interface Truth {
  readonly service: string;
  readonly product?: string;
  readonly version?: string;
}

/** The replies of one server. */
export interface Transcript {
  readonly name: string;
  readonly port: number;
  readonly packages: string;
  readonly truth: Truth;
  /** The exchanges of all connections; those of one connection follow one another. */
  readonly exchanges: readonly RecordedExchange[];
  /** The probes that were not sent, because the server does not survive them. */
  readonly leftOut: readonly string[];
}

const ENDS: readonly string[] = ["open", "fin", "rst", "refused", "timeout"] satisfies End[];

/** Returns the exchanges by connection. */
export function connectionsOf(transcript: Transcript): RecordedConnection[] {
  const connections = new Map<number, RecordedExchange[]>();
  for (const exchange of transcript.exchanges) {
    const connection = connections.get(exchange.connection);
    if (connection === undefined) connections.set(exchange.connection, [exchange]);
    else connection.push(exchange);
  }
  return [...connections.values()];
}

/**
 * Reads a transcript.
 *
 * @throws {Error} with the line at fault, if the text is damaged.
 */
export function readTranscript(text: string): Transcript {
  return new Reader(text).read();
}

class Reader {
  readonly #lines: readonly string[];
  #at = 0;
  readonly #head = new Map<string, string>();
  readonly #exchanges: RecordedExchange[] = [];
  readonly #leftOut: string[] = [];
  #connections = 0;

  constructor(text: string) {
    this.#lines = text.split("\n");
    if (this.#lines.at(-1) === "") this.#lines = this.#lines.slice(0, -1);
    else throw new Error("Cannot read a transcript: its last line has no end. Record it anew");
  }

  read(): Transcript {
    while (this.#at < this.#lines.length) this.#readEntry();
    const name = this.#header("name");
    const truth = this.#header("truth").split(" | ");
    const port = Number(this.#header("port"));
    if (truth.length !== 3) this.#fail("the truth is not service | product | version", 0);
    if (!(port > 0 && port < 65_536)) this.#fail("the port is no number from 1 to 65535", 0);
    if (this.#exchanges.length === 0) this.#fail("it has no exchange", 0);
    const [service, product, version] = truth as [string, string, string];
    return {
      name,
      port,
      packages: this.#header("packages"),
      truth: { service, ...(product !== "-" && { product }), ...(version !== "-" && { version }) },
      exchanges: this.#exchanges,
      leftOut: this.#leftOut,
    };
  }

  #readEntry(): void {
    const line = this.#lines[this.#at++]!;
    const rest = line.slice(2);
    if (line.startsWith("# ")) {
      const colon = rest.indexOf(": ");
      if (colon > 0) this.#head.set(rest.slice(0, colon), rest.slice(colon + 2));
      return;
    }
    if (line.startsWith("! ")) {
      this.#leftOut.push(...rest.split(" "));
      return;
    }
    if (!line.startsWith("? ")) this.#fail("a line starts with none of # ? !");
    this.#readConnections(rest);
  }

  #readConnections(names: string): void {
    const steps = names.split(" > ");
    const last = steps.pop()!;
    const { reply, masks, firstByteMs } = this.#readReply();
    const totalBytes = this.#take("~ ") ?? String(reply.length);
    const end = this.#take("= ");
    if (end === undefined || !ENDS.includes(end)) {
      this.#fail(`an exchange does not end with = and one of ${ENDS}`, this.#at + (end === undefined ? 1 : 0));
    }
    if (!(Number(totalBytes) >= reply.length)) this.#fail("fewer bytes in all than are written");
    for (const probe of last.split(" ").map(decodeSpaces)) {
      const connection = this.#connections++;
      const isTls = probe.startsWith("tls:");
      for (const step of steps.map(decodeSpaces)) {
        const before = this.#exchanges.findLast((one) =>
          one.probe === step.replace(/^tls:/, "") &&
          (one.tunnel === "ssl") === step.startsWith("tls:")
        );
        if (before === undefined) this.#fail(`no reply to ${step} stands before`);
        this.#exchanges.push({ ...before, end: "open", connection });
      }
      this.#exchanges.push({
        probe: probe.replace(/^tls:/, ""),
        reply,
        masks,
        firstByteMs,
        totalBytes: Number(totalBytes),
        end: end as End,
        connection,
        ...(isTls && { tunnel: "ssl" as const }),
      });
    }
  }

  #readReply(): { reply: Uint8Array; masks: Mask[]; firstByteMs: number } {
    const first = this.#take("< ");
    if (first === undefined) return { reply: new Uint8Array(0), masks: [], firstByteMs: -1 };
    const time = /^(\d+(?:\.\d+)?)ms ?/.exec(first);
    if (time === null) this.#fail("a reply does not start with a time in ms");
    const bytes: number[] = [];
    const masks: Mask[] = [];
    this.#decode(first.slice(time[0].length), bytes, masks);
    for (let more = this.#take("  "); more !== undefined; more = this.#take("  ")) this.#decode(more, bytes, masks);
    return { reply: Uint8Array.from(bytes), masks, firstByteMs: Number(time[1]) };
  }

  #decode(text: string, bytes: number[], masks: Mask[]): void {
    const token = /\s*(?:(\{\{)|(\}\})|([0-9a-f]{2})(?![0-9a-f])|("(?:[^"\\]|\\.)*"))/y;
    let maskFrom = -1;
    while (token.lastIndex < text.length) {
      const at = token.lastIndex;
      const match = token.exec(text);
      if (match === null) this.#fail(`cannot read ${text.slice(at, at + 20)}`);
      const [, open, close, hex, quoted] = match;
      if (open) maskFrom = bytes.length;
      else if (close) {
        masks.push({ from: maskFrom, to: bytes.length });
        maskFrom = -1;
      } else if (hex) bytes.push(parseInt(hex, 16));
      else this.#unquote(quoted!, bytes);
    }
    if (maskFrom >= 0) this.#fail("a mask is not closed in its line");
  }

  #unquote(quoted: string, bytes: number[]): void {
    let text: string;
    try {
      text = JSON.parse(quoted);
    } catch {
      return this.#fail(`cannot read ${quoted.slice(0, 20)}`);
    }
    for (let at = 0; at < text.length; at++) bytes.push(text.charCodeAt(at));
  }

  /** Returns the next line without its prefix, and steps over it, if it has that prefix. */
  #take(prefix: string): string | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined || !line.startsWith(prefix)) return undefined;
    this.#at++;
    return line.slice(prefix.length);
  }

  #header(key: string): string {
    return this.#head.get(key) ?? this.#fail(`it has no line "# ${key}: ..."`, 0);
  }

  #fail(why: string, line = this.#at): never {
    const where = line > 0 ? `, line ${line}` : "";
    throw new Error(`Cannot read the transcript ${this.#head.get("name") ?? ""}${where}: ${why}. Record it anew`);
  }
}

/** The longest text of a transcript, in characters; replies are cut until it is shorter. */
const TEXT_LIMIT = 12_000;
const CUTS = [4096, 2048, 1024, 512, 256, 128, 64];

/** Writes a transcript. */
export function writeTranscript(transcript: Transcript): string {
  for (const cut of CUTS) {
    const text = writeWith(transcript, cut);
    if (text.length <= TEXT_LIMIT || cut === CUTS.at(-1)) return text;
  }
  throw new Error("unreachable");
}

function writeWith({ name, port, packages, truth, exchanges, leftOut }: Transcript, cut: number): string {
  const lines = [
    `# name: ${name}`,
    `# port: ${port}`,
    `# packages: ${packages}`,
    `# truth: ${truth.service} | ${truth.product ?? "-"} | ${truth.version ?? "-"}`,
  ];
  const groups = new Map<string, string[]>();
  const bodies = new Map<string, string[]>();
  for (const connection of connectionsOf({ exchanges } as Transcript)) {
    const last = connection.at(-1)!;
    const before = connection.slice(0, -1).map(label);
    const key = before.join(" > ") + "|" + last.end + "|" + last.totalBytes + "|" + neutral(last);
    const names = groups.get(key);
    if (names !== undefined) {
      names.push(label(last));
      continue;
    }
    groups.set(key, [[...before, label(last)].join(" > ")]);
    bodies.set(key, writeReply(last, cut));
  }
  for (const [key, names] of groups) lines.push(`? ${names.join(" ")}`, ...bodies.get(key)!);
  if (leftOut.length > 0) lines.push(`! ${leftOut.join(" ")}`);
  return lines.join("\n") + "\n";
}

function label({ probe, tunnel }: RecordedExchange): string {
  return (tunnel === "ssl" ? `tls:${probe}` : probe).replaceAll(" ", "%20");
}

function decodeSpaces(name: string): string {
  return name.replaceAll("%20", " ");
}

/** Returns the reply's bytes as text, the masked ones as one and the same. */
function neutral({ reply, masks }: RecordedExchange): string {
  let text = "";
  let at = 0;
  for (const { from, to } of masks) {
    text += latin1(reply.subarray(at, from)) + "\u{100}";
    at = to;
  }
  return text + latin1(reply.subarray(at));
}

/** Returns bytes as text, one character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function writeReply({ reply, masks, firstByteMs, totalBytes, end }: RecordedExchange, cut: number): string[] {
  const shown = Math.min(reply.length, cut);
  const lines = encode(reply.subarray(0, shown), masks);
  if (reply.length > 0) lines[0] = `< ${firstByteMs.toFixed(1)}ms ${lines[0] ?? ""}`.trimEnd();
  for (let index = 1; index < lines.length; index++) lines[index] = `  ${lines[index]}`;
  if (shown < totalBytes) lines.push(`~ ${totalBytes}`);
  lines.push(`= ${end}`);
  return lines;
}

/** Writes bytes as lines: text in quotes, a new line behind each line feed, other bytes in hexadecimal. */
function encode(bytes: Uint8Array, masks: readonly Mask[]): string[] {
  const lines: string[] = [];
  let words: string[] = [];
  const flush = () => {
    if (words.length > 0) lines.push(words.join(" "));
    words = [];
  };
  let at = 0;
  for (const mask of [...masks, { from: bytes.length, to: bytes.length }]) {
    const from = Math.min(mask.from, bytes.length);
    const to = Math.min(mask.to, bytes.length);
    while (at < from) {
      const next = nextRun(bytes, at, from);
      words.push(encodeRun(bytes.subarray(at, next)));
      if (bytes[next - 1] === 0x0a || words.join(" ").length > 100) flush();
      at = next;
    }
    if (to > from) {
      const inner: string[] = [];
      while (at < to) {
        const next = nextRun(bytes, at, to);
        inner.push(encodeRun(bytes.subarray(at, next)));
        at = next;
      }
      words.push(`{{${inner.join(" ")}}}`);
    }
  }
  flush();
  return lines;
}

const isPrintable = (byte: number) => byte >= 0x20 && byte < 0x7f || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Returns the end of the run of text, or of other bytes, that starts at `at`: behind a line feed at the latest. */
function nextRun(bytes: Uint8Array, at: number, end: number): number {
  const kind = isPrintable(bytes[at]!);
  let next = at;
  while (next < end && isPrintable(bytes[next]!) === kind && next - at < (kind ? 120 : 32)) {
    if (bytes[next++] === 0x0a) break;
  }
  return next;
}

function encodeRun(run: Uint8Array): string {
  const isText = isPrintable(run[0]!) && (run.length > 2 || run.length === 2 && run[0]! >= 0x30);
  if (isText) return JSON.stringify(latin1(run));
  return [...run].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
