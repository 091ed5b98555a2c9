/** The findings of service detection in the journal. */
import { assertEquals, assertThrows } from "@std/assert";
import { CheckpointError } from "../../src/checkpoint/error.ts";
import { decodeFindings, encodeFindings, findingsIn } from "../../src/checkpoint/findings.ts";
import type { Finding } from "../../src/result/finding.ts";
import { cursorOver, result } from "../support/results.ts";

const SSH: Finding = {
  service: "ssh",
  confidence: 10,
  product: "OpenSSH",
  banner: "\u00e4\ud83d\ude00",
  cpe: ["cpe:/a:x:y"],
};
const NONE: Finding = { service: "unknown", confidence: 0 };
const FINDINGS = [{ host: 0xc0000207, port: 22, finding: SSH }, { host: 1, port: 65535, finding: NONE }];

Deno.test("findings: a record gives back what was found, also if it is padded", () => {
  const body = encodeFindings(FINDINGS);
  assertEquals([...decodeFindings(body)], FINDINGS);
  const padded = new Uint32Array(body.length + 1);
  padded.set(body);
  assertEquals([...decodeFindings(padded)], FINDINGS);
  assertEquals([...decodeFindings(encodeFindings([]))], []);
});

Deno.test("findings: those of a batch are its ports that have one", () => {
  const batch = cursorOver([result({ port: 22, state: "open", finding: SSH }), result({ port: 23 })]);
  assertEquals(findingsIn(batch), [{ host: 0x0a000001, port: 22, finding: SSH }]);
});

Deno.test("findings: a damaged record is refused, whatever word is changed or cut off", () => {
  const body = encodeFindings(FINDINGS);
  const length = (words: Uint32Array<ArrayBuffer>) => [...decodeFindings(words)].length;
  for (let at = 0; at < body.length; at++) {
    for (const value of [0, 0xffffffff, body[at]! ^ 0x00010000]) {
      const changed = body.slice();
      changed[at] = value;
      try {
        length(changed);
      } catch (error) {
        assertEquals(error instanceof CheckpointError, true, `${error}`);
      }
    }
  }
  for (const wrong of [[1, 70000, 2], [1, 22, 1000], [1, 22, 2, 0x7d7b]]) {
    assertThrows(() => length(Uint32Array.from(wrong)), CheckpointError, "", wrong.join());
  }
});
