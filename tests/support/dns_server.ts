/**
 * A DNS server for tests on 127.0.0.1 or in a lab: it answers each query as it is told.
 *
 * @module
 */
import { createSocket } from "node:dgram";

/** Sends one reply, now or later. */
type SendReply = (reply: Uint8Array, afterMs?: number) => void;

/** A server that runs until it is disposed of. */
interface TestDnsServer extends AsyncDisposable {
  readonly port: number;
  /** Queries that came. */
  readonly queries: Uint8Array[];
}

/** Starts a server; `answer` is called with each query. */
export async function startDnsServer(
  answer: (query: Uint8Array, send: SendReply) => void,
  address = "127.0.0.1",
  port = 0,
): Promise<TestDnsServer> {
  const socket = createSocket("udp4");
  const queries: Uint8Array[] = [];
  const timers = new Set<ReturnType<typeof setTimeout>>();
  socket.on("message", (bytes, from) => {
    const query = Uint8Array.from(bytes);
    queries.push(query);
    answer(query, (reply, afterMs = 0) => {
      const send = () => socket.send(reply, from.port, from.address);
      if (afterMs === 0) return send();
      const timer = setTimeout(() => {
        timers.delete(timer);
        send();
      }, afterMs);
      timers.add(timer);
    });
  });
  await new Promise<void>((resolve) => socket.bind(port, address, resolve));
  return {
    port: socket.address().port,
    queries,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}
