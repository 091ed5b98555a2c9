/**
 * SSH: the version line (RFC 4253 4.2), and the key exchange as far as it shows algorithms and the host key.
 *
 * @module
 */

import { latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { Protocol, Reading } from "./protocol.ts";

const KEXINIT = 20;
const MAX_PACKET = 16_384;

function read({ reply, end }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 4096);
  const match = /^(?:[^\r\n]{0,255}\r?\n){0,8}?SSH-(\d\.\d{1,2})-([^\s]{1,200})(?: ([^\r\n]{0,200}))?(?:(\r?\n)|$)/
    .exec(text);
  if (!match) return undefined;
  const [line, protocol = "", software = "", comment] = match;
  const kex = readKexInit(reply, line.length);
  return {
    service: "ssh",
    isComplete: match[4] !== undefined,
    fields: match[4] === undefined && end === "open" ? {} : {
      "ssh.software": software,
      ...(comment ? { "ssh.comment": comment } : {}),
      "ssh.protocol": protocol,
      ...(kex ? { "ssh.kex": kex.kex, "ssh.host-keys": kex.hostKeys } : {}),
    },
    facts: {},
  };
}

/** Returns the lists of a KEXINIT packet that begins at an offset. */
function readKexInit(bytes: Uint8Array, at: number): { kex: string; hostKeys: string } | undefined {
  const reader = new Reader(bytes, at);
  const length = reader.u32();
  reader.u8();
  if (reader.u8() !== KEXINIT || length > MAX_PACKET) return undefined;
  reader.skip(16);
  const kex = reader.text(reader.u32());
  const hostKeys = reader.text(reader.u32());
  return reader.isShort ? undefined : { kex, hostKeys };
}

/** SSH of versions 1 and 2. */
export const SSH: Protocol = { name: "ssh", parse: read };
