/**
 * The findings of service detection, as the body of a journal's record: for each port the words host, port and length in bytes, and a
 * JSON object in UTF-8, padded to words.
 *
 * @module
 */
import { type Finding, isFinding } from "../result/finding.ts";
import type { ResultList } from "../result/port_result.ts";
import { bytesOf } from "./encoding.ts";
import { CheckpointError } from "./error.ts";

/** The finding of a port of a host, by the host's number. */
interface PortFinding {
  readonly host: number;
  readonly port: number;
  readonly finding: Finding;
}

/** Words before the JSON of a port. */
const HEAD_WORDS = 3;
const MAX_PORT = 0xffff;

/** Returns the body of a record. */
export function encodeFindings(findings: readonly PortFinding[]): Uint32Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const texts = findings.map(({ finding }) => encoder.encode(JSON.stringify(finding)));
  const words = new Uint32Array(texts.reduce((sum, { length }) => sum + HEAD_WORDS + Math.ceil(length / 4), 0));
  let at = 0;
  findings.forEach(({ host, port }, index) => {
    const text = texts[index]!;
    words.set([host, port, text.length], at);
    at += HEAD_WORDS;
    bytesOf(words).set(text, at * 4);
    at += Math.ceil(text.length / 4);
  });
  return words;
}

/**
 * Reads the body of a record. It may have one word more, as records are padded.
 *
 * @throws {CheckpointError} If it is damaged.
 */
export function* decodeFindings(body: Uint32Array<ArrayBuffer>): Generator<PortFinding> {
  for (let at = 0; at + HEAD_WORDS <= body.length;) {
    const [host, port, length] = [body[at]!, body[at + 1]!, body[at + 2]!];
    at += HEAD_WORDS;
    const finding = at * 4 + length > body.byteLength
      ? undefined
      : readJson(bytesOf(body).subarray(at * 4, at * 4 + length));
    if (port > MAX_PORT || !isFinding(finding)) throw new CheckpointError("journal damaged");
    yield { host, port, finding };
    at += Math.ceil(length / 4);
  }
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Returns what service detection found at the ports of a batch. */
export function findingsIn(batch: ResultList): PortFinding[] {
  const found: PortFinding[] = [];
  for (const { host, port, finding } of batch) {
    if (host !== undefined && finding !== undefined) found.push({ host, port, finding });
  }
  return found;
}
