/** Conversations over the sockets of this machine's kernel. */

import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { ConnectSockets } from "../../src/transport/connect_sockets.ts";
import { assert, assertEquals } from "@std/assert";
import { type ConversationEnd, Conversations } from "../../src/transport/conversations.ts";

const LOOPBACK = 0x7f000001;
const OPTIONS = { sourceIp: undefined, sourcePort: undefined, interfaceName: undefined, ttl: undefined };
const SOCKETS = new ConnectSockets(OPTIONS, IPV4_BOOK, undefined);

/** What has happened, slot by slot. */
class Log {
  readonly connected: number[] = [];
  readonly text = new Map<number, string>();
  readonly bytes = new Map<number, number>();
  readonly ends = new Map<number, ConversationEnd>();
  readonly sink = {
    connected: (slot: number) => void this.connected.push(slot),
    received: (slot: number, bytes: Uint8Array) => {
      this.bytes.set(slot, (this.bytes.get(slot) ?? 0) + bytes.length);
      if (bytes.length < 100) this.text.set(slot, (this.text.get(slot) ?? "") + new TextDecoder().decode(bytes));
    },
    ended: (slot: number, end: ConversationEnd) => void this.ends.set(slot, end),
  };
}

/** Polls until a condition holds. */
async function until(conversations: Conversations, log: Log, holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 600_000;
  while (!holds()) {
    assert(performance.now() < endMs, "nothing has come");
    conversations.poll(log.sink);
    await conversations.wait(20);
  }
}

/** Listens on a free port and serves each connection. */
function serve(serveOne: (connection: Deno.TcpConn) => Promise<void>): { port: number; close: () => void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) {
      serveOne(connection).catch(() => {}).finally(() => {
        try {
          connection.close();
        } catch {
          // It was closed by the function.
        }
      });
    }
  })().catch(() => {});
  return { port: listener.addr.port, close: () => listener.close() };
}

Deno.test("conversations: both sides talk, and the server ends with a FIN", async () => {
  const server = serve(async (connection) => {
    await connection.write(new TextEncoder().encode("hello\r\n"));
    const buffer = new Uint8Array(100);
    const length = await connection.read(buffer) ?? 0;
    await connection.write(buffer.subarray(0, length));
  });
  const log = new Log();
  try {
    using conversations = new Conversations(4, SOCKETS);
    assertEquals(conversations.begin(2, LOOPBACK, server.port), 0);
    await until(conversations, log, () => log.text.get(2) === "hello\r\n");
    assertEquals(log.connected, [2]);
    assert(conversations.send(2, new TextEncoder().encode("abc")));
    await until(conversations, log, () => log.ends.has(2));
    assertEquals(log.text.get(2), "hello\r\nabc");
    assertEquals(log.ends.get(2), "fin");
    assert(!conversations.send(2, new Uint8Array(1)), "an ended conversation takes nothing");
  } finally {
    server.close();
  }
});

Deno.test("conversations: a port without a listener refuses", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  const log = new Log();
  using conversations = new Conversations(1, SOCKETS);
  assertEquals(conversations.begin(0, LOOPBACK, listener.addr.port), 0);
  await until(conversations, log, () => log.ends.has(0));
  assertEquals([log.ends.get(0), log.connected], ["refused", []]);
});

Deno.test("conversations: a slot can be used again at once, and hears nothing of its earlier use", async () => {
  const server = serve(async (connection) => {
    await connection.write(new TextEncoder().encode("x"));
    await connection.read(new Uint8Array(1));
  });
  const log = new Log();
  try {
    using conversations = new Conversations(1, SOCKETS);
    for (let use = 0; use < 20; use++) {
      log.text.clear();
      log.ends.clear();
      assertEquals(conversations.begin(0, LOOPBACK, server.port), 0);
      await until(conversations, log, () => log.text.has(0));
      conversations.end(0, use % 2 === 0);
      assertEquals([log.text.get(0), log.ends.size], ["x", 0]);
    }
  } finally {
    server.close();
  }
});

Deno.test("conversations: a flood in one does not hold up the others", async () => {
  const flood = serve(async (connection) => {
    const block = new Uint8Array(1 << 16);
    for (;;) await connection.write(block);
  });
  const quiet = serve(async (connection) => {
    await connection.write(new TextEncoder().encode("hi"));
    await connection.read(new Uint8Array(1));
  });
  const log = new Log();
  try {
    using conversations = new Conversations(2, SOCKETS);
    conversations.begin(0, LOOPBACK, flood.port);
    await until(conversations, log, () => (log.bytes.get(0) ?? 0) > 1 << 20);
    conversations.begin(1, LOOPBACK, quiet.port);
    await until(conversations, log, () => log.text.get(1) === "hi");
    conversations.end(0, false);
  } finally {
    flood.close();
    quiet.close();
  }
});

Deno.test("conversations: data that is not acknowledged is noticed, and what is acknowledged too", async () => {
  const server = serve(async (connection) => void await connection.read(new Uint8Array(1)));
  const log = new Log();
  try {
    using conversations = new Conversations(1, SOCKETS);
    conversations.begin(0, LOOPBACK, server.port);
    await until(conversations, log, () => log.connected.length === 1);
    assert(conversations.send(0, new Uint8Array(1)));
    await until(conversations, log, () => !conversations.isUnacknowledged(0));
  } finally {
    server.close();
  }
});
