/**
 * The size of what servers reply to each payload, as a multiple of the request in bytes of IP packets; fails above 3. To be run where servers
 * are, such as in a network namespace with real ones: `udp_amplification.ts ADDRESS`.
 *
 * @module
 */

import { writePayload } from "../../src/technique/payloads/payload.ts";
import { PAYLOADS } from "../../src/technique/payloads/payloads.ts";

const [hostname = "127.0.0.1"] = Deno.args;
const HEADERS_LEN = 28;
const WAIT_MS = 2500;

/** Returns the bytes that are sent back for a payload. */
async function repliedLen(payload: Uint8Array<ArrayBuffer>, port: number): Promise<number> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  const timer = setTimeout(() => socket.close(), WAIT_MS);
  let length = 0;
  try {
    await socket.send(payload, { transport: "udp", hostname, port });
    for await (const [reply] of socket) length += reply.length + HEADERS_LEN;
  } catch {
    // The port is closed.
  }
  clearTimeout(timer);
  return length;
}

const found = await Promise.all(PAYLOADS.flatMap((payload) =>
  payload.ports.map(async (port) => {
    const view = new DataView(new ArrayBuffer(payload.bytes.length));
    const length = writePayload(payload, view, 0, 0xdeadbeef);
    const replied = await repliedLen(new Uint8Array(view.buffer), port);
    return { service: payload.service, port, times: replied / (length + HEADERS_LEN) };
  })
));
for (const { service, port, times } of found) {
  if (times > 0) console.log(`${service} ${port}: ${times.toFixed(2)}`);
  if (times > 3) Deno.exitCode = 1;
}
