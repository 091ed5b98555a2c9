/**
 * Protocols of remote calls, and of the tools of programmers: language servers, ZeroMQ's ZMTP, MessagePack-RPC, RPyC, D-Bus.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

function lspMessage(request: string): string {
  return `Content-Length: ${request.length}\r\n\r\n${request}`;
}

/** Language Server Protocol 3.17: a request that servers may refuse, by its prefix. */
export const LSP_REQUEST: string = lspMessage('{"jsonrpc":"2.0","id":1,"method":"$/synscan","params":{}}');
/** The request that begins a session, without a folder; the reply may name the server. */
const LSP_INITIALIZE = lspMessage(
  '{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}',
);

const LSP_MESSAGE =
  /^(?:Content-Type: [^\r\n]{1,100}\r\n)?Content-Length: \d{1,7}\r\n(?:Content-Type: [^\r\n]{1,100}\r\n)?\r\n(\{[^]{0,200}"jsonrpc": ?"2\.0"[^]*)/;

function lsp({ probe, reply }: Exchange): Reading | undefined {
  const body = LSP_MESSAGE.exec(latin1(reply, 0, 8192))?.[1];
  if (body === undefined) return undefined;
  if (probe === "lsp-initialize") {
    const [, name = "-", version = ""] =
      /"serverInfo": ?\{"name": ?"([^"\\]{1,60})"(?:, ?"version": ?"([^"\\]{1,60})")?/.exec(body) ?? [];
    return completeReading("lsp", { "lsp.server": `${name} ${version}`.trim() });
  }
  const follow = { name: "lsp-initialize", bytes: bytesOf(LSP_INITIALIZE), sameConnection: true };
  return {
    ...completeReading("lsp", { "lsp.body": body.slice(0, 512) }),
    ...(probe === "lsp" ? { follow } : { next: ["lsp"] }),
  };
}

/** The signature of ZMTP (RFC 23 section 3), and the greeting of a client of version 3.0 without security. */
const ZMTP_SIGNATURE = /^\xff[\0-\xff]{8}\x7f/;
const ZMTP_GREETING = join(
  hex("ff 0000000000000000 7f 03 00"),
  bytesOf("NULL"),
  new Uint8Array(16 + 1 + 31),
);

function zmtp({ probe, reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 256);
  if (probe === "zmtp") {
    // What follows the signature, where that was sent before it was asked for.
    const rest = text.replace(ZMTP_SIGNATURE, "");
    const mechanism = /^[A-Z]{1,20}/.exec(rest.slice(2))?.[0];
    if (rest.length < 54 || mechanism === undefined) return undefined;
    const socket = /Socket-Type[^]{4}([A-Z]{3,6})/.exec(rest)?.[1];
    const kind = socket === undefined ? [] : [`socket ${socket}`];
    const version = `ZMTP ${rest.charCodeAt(0)}.${rest.charCodeAt(1)}`;
    return completeReading("zmtp", { "zmtp.version": version }, [version, mechanism, ...kind].join("; "));
  }
  if (!/^\xff\0\0\0\0\0\0\0[\0-\x40]\x7f/.test(text) || reply.length > 64) return undefined;
  const follow = { name: "zmtp", bytes: ZMTP_GREETING, sameConnection: true };
  return { ...completeReading("zmtp", { "zmtp.signature": "seen" }), follow };
}

/** A response of MessagePack-RPC: an array of 4 with type 1, a number, an error that is a text, or one with a number before it, and nil. */
function messagePack({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.u8() !== 0x94 || reader.u8() !== 1 || reader.u8() > 0x7f) return undefined;
  let kind = reader.u8();
  if (kind === 0x92) {
    reader.skip(1);
    kind = reader.u8();
  }
  const text = reader.text(kind === 0xd9 ? reader.u8() : kind >= 0xa0 && kind < 0xc0 ? kind & 0x1f : 0);
  return reader.u8() !== 0xc0 || reader.isShort || !/^[\x20-\x7e]{1,200}$/.test(text)
    ? undefined
    : completeReading("msgpack-rpc", { "msgpack.error": text });
}

/** RPyC: a request (type 1, number 1) for handler 99, which is not there: the exception has the version of the server. */
export const RPYC_REQUEST: Uint8Array = (() => {
  const request = hex("12 51 51 11 b3 11 52 10 11 51 08 0e 07");
  const body = join(request, bytesOf("synscan"));
  return join(bigEndian(body.length, 4), hex("00"), body, hex("0a"));
})();

function rpyc({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const length = reader.u32();
  if (probe !== "rpyc" || reader.isShort || length + 6 !== reply.length) return undefined;
  const text = latin1(reply, 5, 4096);
  // A text behind its kind and length.
  const version = /_remote_version[^]{3}(\d[\w.]{1,20})/.exec(text)?.[1];
  return text.startsWith("\x12\x53\x51") || text.startsWith("\x12\x52\x51")
    ? completeReading("rpyc", { "rpyc.version": version ?? "-" })
    : undefined;
}

/** D-Bus, "Authentication protocol": a zero byte, and a line that asks for the mechanisms. */
export const DBUS_AUTH = "\0AUTH\r\n";

function dbus({ probe, reply }: Exchange): Reading | undefined {
  const mechanisms = /^REJECTED((?: [A-Z0-9_]{1,30}){1,8})\r\n$/.exec(latin1(reply, 0, 512))?.[1];
  return probe !== "dbus" || mechanisms === undefined
    ? undefined
    : completeReading("dbus", { "dbus.mechanisms": mechanisms.trim() }, `authentication:${mechanisms}`);
}

/** The protocols. */
export const CALLS: readonly Protocol[] = [
  { name: "lsp", parse: lsp },
  { name: "zmtp", parse: zmtp },
  { name: "msgpack-rpc", parse: messagePack },
  { name: "rpyc", parse: rpyc },
  { name: "dbus", parse: dbus },
];
