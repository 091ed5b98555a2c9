/**
 * Small UDP servers for labs: `lab_udp_server.ts ADDRESS` serves DNS, NTP, SNMP, TFTP, STUN, CoAP, rpcbind, memcached, SIP and mDNS until
 * standard input ends. Each checks the request as a real server does, and is silent to others.
 *
 * @module
 */

const [address = "0.0.0.0"] = Deno.args;
const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** A reply to a request; undefined for silence. */
type Reply = (request: Uint8Array) => Uint8Array | undefined;

function bytes(...parts: readonly (Uint8Array | string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : [...part]));
}

function dns(answers: readonly number[]): Reply {
  return (request) => {
    if (request.length < 17 || request[2]! & 0x80 || request[5] !== 1) return undefined;
    const end = request.indexOf(0, 12) + 5;
    const header = [...request.subarray(0, 2), 0x84, 0, 0, 1, 0, answers.length > 0 ? 1 : 0, 0, 0, 0, 0];
    return bytes(header, request.subarray(12, end), answers);
  };
}

/** A TXT record of class CH, and a PTR record. */
const VERSION = [0xc0, 12, 0, 16, 0, 3, 0, 0, 0, 0, 0, 6, 5, ...encoder.encode("9.9.9")];
const POINTER = [0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 10, 0, 2, 0xc0, 12];

const SERVERS: readonly (readonly [port: number, reply: Reply])[] = [
  [53, dns(VERSION)],
  [5353, dns(POINTER)],
  [123, (request) => {
    if (request.length < 48 || (request[0]! & 7) !== 3) return undefined;
    return bytes([0x24, 2, 0, 0xe9], new Uint8Array(20), request.subarray(40, 48), new Uint8Array(16));
  }],
  [161, (request) => {
    // A report of version 3 with the message id.
    const at = 7;
    if (request[0] !== 0x30 || request[4] !== 3 || request[at] !== 2) return undefined;
    return bytes([0x30, 0x81, 0x60, 2, 1, 3, 0x30, 17], request.subarray(at, at + 6), new Uint8Array(80));
  }],
  [3478, (request) => {
    if (request.length < 20 || request[1] !== 1 || request[4] !== 0x21) return undefined;
    return bytes([1, 1, 0, 12], request.subarray(4, 20), [0, 0x20, 0, 8, 0, 1, 1, 2, 3, 4, 5, 6]);
  }],
  [5683, (request) => {
    const length = request[0]! & 15;
    if (request[0]! >> 4 !== 4 || request[1] !== 1) return undefined;
    return bytes([0x60 | length, 0x45], request.subarray(2, 4 + length), [0xff], "</x>");
  }],
  [111, (request) => {
    if (request.length < 40 || request[7] !== 0 || request[11] !== 2) return undefined;
    return bytes(request.subarray(0, 4), [0, 0, 0, 1], new Uint8Array(16));
  }],
  [11211, (request) => {
    if (request.length < 8 || !decoder.decode(request).endsWith("version\r\n")) return undefined;
    return bytes(request.subarray(0, 2), [0, 0, 0, 1, 0, 0], "VERSION 1.6.21\r\n");
  }],
  [5060, (request) => {
    const text = decoder.decode(request);
    if (!text.startsWith("OPTIONS ")) return undefined;
    const headers = text.split("\r\n").filter((line) => /^(?:Via|To|From|Call-ID|CSeq):/.test(line));
    return bytes(["SIP/2.0 200 OK", ...headers, "Content-Length: 0", "\r\n"].join("\r\n"));
  }],
];

for (const [port, reply] of SERVERS) {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: address, port });
  (async () => {
    for await (const [request, from] of socket) {
      const answer = reply(request);
      // A packet filter that drops the reply is an error of the system call.
      if (answer !== undefined) await socket.send(answer, from).catch(() => {});
    }
  })();
}
// TFTP replies from a port of its own (RFC 1350 section 4).
const tftp = Deno.listenDatagram({ transport: "udp", hostname: address, port: 69 });
(async () => {
  for await (const [request, from] of tftp) {
    if (request[1] !== 1) continue;
    const other = Deno.listenDatagram({ transport: "udp", hostname: address, port: 0 });
    await other.send(bytes([0, 5, 0, 1], "File not found", [0]), from).catch(() => {});
    other.close();
  }
})();
console.log("ready");
for await (const _ of Deno.stdin.readable);
Deno.exit(0);
