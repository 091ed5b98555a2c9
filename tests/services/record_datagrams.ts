/**
 * Recordings of servers of UDP: what they reply to each request, by a socket of its own.
 *
 * @module
 */

import { DATAGRAM_REQUESTS, type DatagramRequest } from "../../src/service/datagram_requests.ts";
import { isEchoed, writePayload } from "../../src/technique/payloads/payload.ts";
import { findMasks } from "./masks.ts";
import type { Recipe, RecipePort } from "./recipe.ts";
import { DATAGRAM_ADDRESS } from "./recipes/datagrams.ts";
import { delay, listeningSoon, shell, type Stage } from "./stage.ts";
import type { RecordedExchange, Transcript } from "./transcript.ts";

/** The time until a server replies that announces itself first, as those of multicast do. */
const SETTLE_MS = 6000;
const MAX_TOKEN = 0xffff_ffff;
const CLIENT = new URL("datagram_client.ts", import.meta.url).pathname;

/** A reply, and the milliseconds until it came. */
interface TimedReply {
  readonly reply: Uint8Array;
  readonly ms: number;
}

/** The arguments of ip(8) for a program beside the stage. */
export const IN_CLIENT_SPACE = ["netns", "exec", "client"];

/** Makes a network namespace beside that of the stage, whose servers it reaches at {@linkcode DATAGRAM_ADDRESS}. */
export function makeClientSpace(): void {
  shell(`set -e
mkdir -p /run/netns
mount -t tmpfs netns /run/netns
ip netns add client
ip link add lab0 type veth peer name lab1
ip link set lab1 netns client
ip addr add ${DATAGRAM_ADDRESS}/24 dev lab0
ip link set lab0 up
ip route add 224.0.0.0/4 dev lab0
ip netns exec client ip link set lo up
ip netns exec client ip addr add 10.99.0.2/24 dev lab1
ip netns exec client ip link set lab1 up`);
}

/** A client of servers of UDP, in a network namespace beside that of the stage. */
export class DatagramClient {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<number, (replies: TimedReply[]) => void>();
  #count = 0;

  /** Makes the namespace, and starts the client in it. It ends with the stage. */
  constructor() {
    makeClientSpace();
    const { stdin, stdout } = new Deno.Command("ip", {
      args: [...IN_CLIENT_SPACE, Deno.execPath(), "run", "--unstable-net", "--allow-net", CLIENT],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = stdin.getWriter();
    this.#read(stdout);
  }

  async #read(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let text = "";
    for await (const piece of stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + piece).split("\n");
      text = lines.pop()!;
      for (const line of lines) {
        const [number, ...words] = line.split(" ");
        const replies = words.flatMap((hex, at) =>
          at % 2 === 0 ? [{ reply: Uint8Array.fromHex(hex), ms: Number(words[at + 1]) }] : []
        );
        this.#waiting.get(Number(number))?.(replies);
        this.#waiting.delete(Number(number));
      }
    }
  }

  /** Sends a datagram to a port of the stage; returns what comes back, of whatever port. */
  send(port: number, bytes: Uint8Array): Promise<TimedReply[]> {
    const number = this.#count++;
    const { promise, resolve } = Promise.withResolvers<TimedReply[]>();
    this.#waiting.set(number, resolve);
    void this.#writer.write(new TextEncoder().encode(`${number} ${DATAGRAM_ADDRESS} ${port} ${bytes.toHex()}\n`));
    return promise;
  }
}

/** Records one port. */
export async function recordDatagrams(
  stage: Stage,
  client: DatagramClient,
  recipe: Recipe,
  port: RecipePort,
): Promise<Transcript> {
  await delay(SETTLE_MS);
  const exchanges: RecordedExchange[] = [];
  const leftOut: string[] = [];
  for (const request of DATAGRAM_REQUESTS) {
    if (recipe.omit.includes(request.name)) {
      leftOut.push(request.name);
      continue;
    }
    const first = await exchange(client, request, port.port);
    const second = first === undefined ? undefined : await exchange(client, request, port.port);
    if (!(await listeningSoon(true)).has(port.port)) {
      await stage.restart(recipe, port.port);
      leftOut.push(request.name);
      console.log(`${port.name}: does not survive ${request.name}`);
      continue;
    }
    const reply = first?.reply ?? new Uint8Array();
    exchanges.push({
      ...{ probe: request.name, reply, firstByteMs: first?.ms ?? -1, end: "open", connection: exchanges.length },
      ...{ totalBytes: reply.length, masks: findMasks(reply, second?.reply, recipe.masks) },
    });
  }
  const version = stage.trueVersion(port);
  return {
    ...{ name: port.name, port: port.port, exchanges, leftOut },
    packages: recipe.packages.map((one) => `${one} ${stage.packageVersion(one)}`.trim()).join(", "),
    truth: {
      service: port.services[0]!,
      ...(port.products.length > 0 && { product: port.products[0]! }),
      ...(version !== undefined && { version }),
    },
  };
}

/** Sends a request; returns the first reply that repeats what its protocol repeats. */
async function exchange(
  client: DatagramClient,
  { payload }: DatagramRequest,
  port: number,
): Promise<TimedReply | undefined> {
  const bytes = new Uint8Array(payload.bytes.length);
  const view = new DataView(bytes.buffer);
  writePayload(payload, view, 0, Math.floor(Math.random() * MAX_TOKEN));
  const replies = await client.send(port, bytes);
  return replies.find(({ reply }) =>
    isEchoed(payload, view, 0, new DataView(reply.buffer, reply.byteOffset), 0, reply.length)
  );
}
