import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { decodeText } from "../../src/cli/decode.ts";

/** Text as UTF-16. */
function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), isLittle);
  return bytes;
}

Deno.test("decode: UTF-8 and UTF-16 are told apart, with and without a byte order mark", async (t) => {
  const text = "10.0.0.1\r\n# Büro\r\n";
  const utf8 = new TextEncoder().encode(text);
  const rows: [name: string, bytes: Uint8Array, expected: string][] = [
    ["UTF-8", utf8, text],
    ["UTF-8 with a mark", Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8), text],
    ["UTF-16LE with a mark", utf16(`\ufeff${text}`, true), text],
    ["UTF-16BE with a mark", utf16(`\ufeff${text}`, false), text],
    ["UTF-16LE", utf16(text, true), text],
    ["UTF-16BE", utf16(text, false), text],
    ["a mark and a letter", utf16("\ufeffa", true), "a"],
    ["Latin-1", Uint8Array.of(0x23, 0xfc, 0x0a), "#\ufffd\n"],
    ["nothing", new Uint8Array(), ""],
    ["a zero byte later", new TextEncoder().encode("abc\0d"), "abc\0d"],
  ];
  for (const [name, bytes, expected] of rows) {
    await t.step(name, () => assertEquals(decodeText(bytes), expected));
  }
});

Deno.test("decode: other formats are refused with the program that converts them", () => {
  const rows: [bytes: number[], remedy: string][] = [
    [[0xff, 0xfe, 0, 0, 0x31, 0, 0, 0], "iconv"],
    [[0, 0, 0xfe, 0xff, 0, 0, 0, 0x31], "iconv"],
    [[0x1f, 0x8b, 8, 0], "gunzip"],
    [[0x50, 0x4b, 3, 4, 0], "unzip"],
  ];
  for (const [bytes, remedy] of rows) {
    const error = assertThrows(() => decodeText(Uint8Array.from(bytes)), TypeError);
    assertStringIncludes(error.message, remedy);
  }
});
