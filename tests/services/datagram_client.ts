/**
 * Sends datagrams for the recorder, from a network namespace of its own: some servers do not reply to their own machine. Each line of standard
 * input has a number, an address, a port and bytes in hexadecimal; for each a line of standard output has the number, and each datagram that
 * has come back within the wait: bytes, and milliseconds.
 *
 * @module
 */

/** The wait for replies. */
const REPLY_MS = 400;

async function exchange(hostname: string, port: number, bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  const timer = setTimeout(() => socket.close(), REPLY_MS);
  const replies: string[] = [];
  try {
    await socket.send(bytes, { transport: "udp", hostname, port });
    const sentMs = performance.now();
    for await (const [reply] of socket) replies.push(reply.toHex(), (performance.now() - sentMs).toFixed(1));
  } catch {
    // The port is closed.
  }
  clearTimeout(timer);
  return replies;
}

let text = "";
for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + piece).split("\n");
  text = lines.pop()!;
  for (const line of lines) {
    const [number, hostname, port, hex = ""] = line.split(" ");
    exchange(hostname!, Number(port), Uint8Array.fromHex(hex)).then((replies) =>
      console.log([number, ...replies].join(" "))
    );
  }
}
