/**
 * Loads of ports for the times of service detection: one silent port, 100 SSH banners, 100 HTTP servers that reply to GET
 * alone, and 1,000 ports that lead to real servers, without delay and at a round trip of 50 ms.
 *
 * @module
 */

import type { TruePort } from "./compare.ts";
import { shell } from "./stage.ts";

/** A load: ports on the loopback address, in the text of -p. */
interface Load {
  readonly name: string;
  readonly ports: string;
  /** The delay of each way, in milliseconds. */
  readonly delayMs: number;
  /** The real servers behind the ports, by port. */
  readonly servers: ReadonlyMap<number, TruePort>;
}

const SILENT = 30_000;
const SSH = 31_000;
const HTTP = 32_000;
const MIX = 33_000;
const MIX_COUNT = 1000;
const COUNT = 100;

/** Listens for the loads, in this process, and lets 1,000 ports lead to those of real servers. */
export function prepareLoads(real: readonly TruePort[]): readonly Load[] {
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
  const servers = new Map(Array.from({ length: MIX_COUNT }, (_, index) => [MIX + index, real[index % real.length]!]));
  const targets = Array.from(servers, ([port, { recipePort }]) => `${port} : ${recipePort.port}`);
  shell(`nft 'table ip mix {
map ports {
type inet_service : inet_service
elements = { ${targets.join(", ")} }
}
${
    ["output", "prerouting"].map((hook) =>
      `chain ${hook} {
type nat hook ${hook} priority -100
tcp dport ${MIX}-${MIX + MIX_COUNT - 1} redirect to tcp dport map @ports
}`
    ).join("\n")
  }
}'`);
  const mix = `${MIX}-${MIX + MIX_COUNT - 1}`;
  const none = new Map<number, TruePort>();
  return [
    { name: "1 silent port", ports: String(SILENT), delayMs: 0, servers: none },
    { name: "100 SSH banners", ports: `${SSH}-${SSH + COUNT - 1}`, delayMs: 0, servers: none },
    { name: "100 HTTP servers", ports: `${HTTP}-${HTTP + COUNT - 1}`, delayMs: 0, servers: none },
    { name: "1,000 ports of the mix", ports: mix, delayMs: 0, servers },
    { name: "1,000 ports at 50 ms", ports: mix, delayMs: 25, servers },
  ];
}

/** The address of the servers on a path with delay. */
export const FAR_HOST = "10.64.1.2";
/** The namespace from which that path leads to them. */
export const NEAR_SPACE = "near";

/** Makes a path with a delay of each way to the servers of this namespace; returns what ends it. */
export function makePath(delayMs: number): Disposable {
  const folder = Deno.makeTempDirSync();
  const source = new URL("../lab/tun_delay.c", import.meta.url).pathname;
  shell(`set -e
gcc -O2 -pthread -o ${folder}/delay ${source}
mount -t tmpfs path /run
ip netns add ${NEAR_SPACE}
ip tuntap add dev near mode tun
ip address add ${FAR_HOST}/24 dev near
ip link set near txqueuelen 10000 up
ip -n ${NEAR_SPACE} link set lo up
ip -n ${NEAR_SPACE} tuntap add dev far mode tun
ip -n ${NEAR_SPACE} address add 10.64.1.1/24 dev far
ip -n ${NEAR_SPACE} link set far txqueuelen 10000 up`);
  const child = new Deno.Command(`${folder}/delay`, {
    args: ["/proc/self/ns/net", "near", `/run/netns/${NEAR_SPACE}`, "far", String(delayMs * 1000)],
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  return { [Symbol.dispose]: () => child.kill("SIGKILL") };
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
