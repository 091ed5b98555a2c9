/**
 * Loads of ports for the times of service detection: one silent port, 100 SSH banners, 100 HTTP servers that reply to GET
 * alone, and 1,000 ports that lead to real servers, without delay and at a round trip of 50 ms.
 *
 * @module
 */

import { shell } from "./stage.ts";

/** A load: ports on the loopback address, in the text of -p. */
export interface Load {
  readonly name: string;
  readonly ports: string;
  /** The delay of each way, in milliseconds. */
  readonly delayMs: number;
}

const SILENT = 30_000;
const SSH = 31_000;
const HTTP = 32_000;
const MIX = 33_000;
const MIX_COUNT = 1000;
const COUNT = 100;

/** Listens for the loads, in this process, and lets 1,000 ports lead to those of real servers. */
export function prepareLoads(realPorts: readonly number[]): readonly Load[] {
  serve(SILENT, () => {});
  for (let index = 0; index < COUNT; index++) {
    serve(SSH + index, (conn) => send(conn, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"));
    serve(HTTP + index, async (conn) => {
      const buffer = new Uint8Array(4096);
      const length = await conn.read(buffer);
      const isGet = length !== null && new TextDecoder().decode(buffer.subarray(0, length)).startsWith("GET ");
      if (isGet) await send(conn, "HTTP/1.0 200 OK\r\nServer: Lab/7\r\nContent-Length: 2\r\n\r\nok");
    });
  }
  const targets = Array.from(
    { length: MIX_COUNT },
    (_, index) => `${MIX + index} : ${realPorts[index % realPorts.length]}`,
  );
  shell(`nft 'table ip mix {
chain output {
type nat hook output priority -100
tcp dport ${MIX}-${MIX + MIX_COUNT - 1} redirect to tcp dport map { ${targets.join(", ")} }
}
}'`);
  const mix = `${MIX}-${MIX + MIX_COUNT - 1}`;
  return [
    { name: "1 silent port", ports: String(SILENT), delayMs: 0 },
    { name: "100 SSH banners", ports: `${SSH}-${SSH + COUNT - 1}`, delayMs: 0 },
    { name: "100 HTTP servers", ports: `${HTTP}-${HTTP + COUNT - 1}`, delayMs: 0 },
    { name: "1,000 ports of the mix", ports: mix, delayMs: 0 },
    { name: "1,000 ports at 50 ms", ports: mix, delayMs: 25 },
  ];
}

/** Sets the delay of each way on the loopback device; returns false if the kernel has no netem. */
export function setDelay(ms: number): boolean {
  try {
    shell(
      ms === 0
        ? "tc qdisc del dev lo root 2>/dev/null || true"
        : `tc qdisc replace dev lo root netem delay ${ms}ms limit 100000`,
    );
    return true;
  } catch {
    return false;
  }
}

function serve(port: number, talk: (conn: Deno.TcpConn) => void | Promise<void>): void {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  (async () => {
    for await (const conn of listener) Promise.resolve(talk(conn)).catch(() => {});
  })();
}

async function send(conn: Deno.TcpConn, text: string): Promise<void> {
  await conn.write(new TextEncoder().encode(text));
}
