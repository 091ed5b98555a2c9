/**
 * Decodes text files as editors and shells of other systems write them.
 *
 * @module
 */

const NUL = 0;
/** Compressed files by their first bytes: what they are, and the program that unpacks them. */
const COMPRESSED: readonly (readonly [bytes: readonly number[], what: string, unpack: string])[] = [
  [[0x1f, 0x8b], "gzip", "gunzip"],
  [[0x42, 0x5a, 0x68], "bzip2", "bunzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz", "unxz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd", "unzstd"],
  [[0x50, 0x4b, 0x03, 0x04], "zip", "unzip"],
];

/**
 * Decodes UTF-8 or UTF-16, told apart by the byte order mark, which is left out; UTF-16 without a mark is known by the zero
 * bytes of its ASCII characters. Bytes that are not UTF-8 become U+FFFD.
 *
 * @throws {TypeError} If the bytes are UTF-32 or compressed; the message names the format and the remedy.
 */
export function decodeText(bytes: Uint8Array): string {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === NUL && d === NUL || a === NUL && b === NUL && c === 0xfe && d === 0xff) {
    throw new TypeError("it is UTF-32. Convert it to UTF-8: iconv -f UTF-32 -t UTF-8");
  }
  for (const [magic, what, unpack] of COMPRESSED) {
    if (magic.every((byte, at) => bytes[at] === byte)) {
      throw new TypeError(`it is compressed (${what}). Unpack it first: ${unpack}`);
    }
  }
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): string {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a !== NUL && b === NUL && (bytes.length === 2 || c !== NUL && d === NUL)) return "utf-16le";
  if (a === NUL && b !== NUL && (bytes.length === 2 || c === NUL && d !== NUL)) return "utf-16be";
  return "utf-8";
}
