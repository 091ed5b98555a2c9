/**
 * HTTP/2 (RFC 9113) without TLS, and gRPC over it.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { NULL_PROBE } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const END_STREAM = 1;
const END_HEADERS = 4;
const PREFACE = bytesOf("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
/** The settings with which servers of Go's gRPC begin: MAX_FRAME_SIZE alone. */
const GO_GRPC = "000500004000";
const MAX_FRAMES = 16;
const MAX_HEX = 64;

/** Returns a frame (RFC 9113 4.1). */
function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  return join(bigEndian(payload.length, 3), Uint8Array.of(type, flags), bigEndian(stream, 4), payload);
}

/** Returns a string of a header without Huffman coding (RFC 7541 5.2), of 126 bytes at most. */
function text(value: string): Uint8Array {
  return join(Uint8Array.of(value.length), bytesOf(value));
}

/** Returns a call of a method of gRPC without arguments: POST and http by their numbers in HPACK's table, then literals. */
function grpcCall(path: string): Uint8Array {
  const headers = join(
    hex("83 86 04"),
    text(path),
    hex("01"),
    text("synscan"),
    hex("0f10"),
    text("application/grpc"),
    hex("00"),
    text("te"),
    text("trailers"),
  );
  return join(
    PREFACE,
    frame(SETTINGS, 0, 0, new Uint8Array()),
    frame(HEADERS, END_HEADERS, 1, headers),
    frame(DATA, END_STREAM, 1, hex("00 00000000")),
  );
}

/** The call that reads the AS number and the router id of GoBGP. */
const GOBGP_PROBE = "grpc-gobgp";
const GOBGP = grpcCall("/apipb.GobgpApi/GetBgp");

/** A SETTINGS frame before the client's preface: a server of HTTP/2 with prior knowledge. */
function http2({ probe, reply, tunnel }: Exchange): Reading | undefined {
  if (probe === GOBGP_PROBE) return grpcReply(reply);
  const reader = new Reader(reply);
  const length = reader.u24();
  const type = reader.u8();
  const flags = reader.u8();
  const stream = reader.u32();
  if (reader.isShort || type !== SETTINGS || flags !== 0 || stream !== 0 || length % 6 !== 0 || length > 60) {
    return undefined;
  }
  if (reader.left < length) return undefined;
  const settings = toHex(reader.take(length));
  const isGrpc = probe === NULL_PROBE && tunnel === undefined && settings === GO_GRPC;
  return {
    ...completeReading(
      "http",
      { "http2.settings": `${probe === NULL_PROBE ? "first" : "reply"} ${settings}` },
      tunnel ? "HTTP/2" : "HTTP/2 without TLS",
    ),
    ...(isGrpc ? { follow: { name: GOBGP_PROBE, bytes: GOBGP, sameConnection: true } } : {}),
  };
}

/** Reads the message with which a method replied: a server without it sends no DATA. */
function grpcReply(reply: Uint8Array): Reading | undefined {
  const reader = new Reader(reply);
  for (let i = 0; i < MAX_FRAMES && reader.left > 0; i++) {
    const length = reader.u24();
    const type = reader.u8();
    reader.u8();
    const stream = reader.u32();
    const payload = reader.take(length);
    if (reader.isShort) return undefined;
    if (type !== DATA || stream !== 1 || payload.length < 5) continue;
    return completeReading("grpc", { "grpc.gobgp": toHex(payload.subarray(5)).slice(0, MAX_HEX) });
  }
  return undefined;
}

/** HTTP/2. */
export const HTTP2: Protocol = { name: "http2", parse: http2 };
