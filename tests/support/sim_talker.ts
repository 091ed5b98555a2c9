/**
 * A simulated server for dialogues, in virtual time.
 *
 * @module
 */

import type { End, Exchange } from "../../src/service/exchange.ts";
import { Dialogue, type Knowledge } from "../../src/service/dialogue.ts";
import type { Connections } from "../../src/service/port_dialogue.ts";
import { ReplyTimes } from "../../src/service/reply_times.ts";
import type { Finding, TlsFacts } from "../../src/result/finding.ts";
import { latin1 } from "../../src/service/bytes.ts";

/** The actions of a server on a connection: bytes, and the end of the connection, after some time. */
export interface Act {
  readonly afterMs: number;
  readonly text?: string;
  readonly end?: Exclude<End, "open">;
}

/** A server. */
export interface Server {
  /** The time that a connection takes; 1 ms by default. */
  readonly connectMs?: number;
  /** The acts on a new connection, by its number from 0; "refused" or "timeout" if it cannot be made. */
  readonly greeting?: (connection: number) => readonly Act[] | "refused" | "timeout";
  /** The acts after bytes from the client. */
  readonly reply?: (text: string, connection: number) => readonly Act[];
  /** Called when the client ends a connection. */
  readonly left?: (connection: number) => void;
  /** The server behind TLS; a handshake fails without it. */
  readonly inside?: Server;
  readonly tls?: TlsFacts;
  /** True if it acknowledges nothing. */
  readonly isDeaf?: boolean;
}

/** One step of a dialogue. */
interface Step {
  readonly atMs: number;
  readonly connection: number;
  readonly what: string;
}

/** The course of a dialogue. */
export interface Course {
  readonly finding: Finding;
  readonly elapsedMs: number;
  readonly connections: number;
  /** The most connections that were open at a time. */
  readonly together: number;
  readonly steps: readonly Step[];
  readonly exchanges: readonly Exchange[];
}

/** The options of a simulated dialogue. */
interface SimOptions {
  readonly port?: number;
  readonly intensity?: number;
  readonly roundTripMs?: number;
  readonly times?: ReplyTimes;
  /** The time by which the dialogue is called later than it is due: the machine is busy. */
  readonly lateMs?: number;
}

interface Event {
  readonly atMs: number;
  readonly connection: number;
  readonly run: (nowMs: number) => void;
}

/** A dialogue that takes longer than this does not end. */
const LONGEST_MS = 120_000;

/** Runs a dialogue with a server to its end. */
export function converse(server: Server, knowledge: Knowledge, options: SimOptions = {}): Course {
  const { port = 4000, intensity = 7, roundTripMs = 1, times = new ReplyTimes(roundTripMs), lateMs = 0 } = options;
  const events: Event[] = [];
  const steps: Step[] = [];
  const open = new Map<number, { isTls: boolean }>();
  let together = 0;
  let nowMs = 0;
  const at = (connection: number, afterMs: number, run: (nowMs: number) => void) =>
    events.push({ atMs: nowMs + afterMs, connection, run });
  const log = (connection: number, what: string) => steps.push({ atMs: nowMs, connection, what });
  const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const act = (connection: number, acts: readonly Act[]) => {
    for (const { afterMs, text, end } of acts) {
      at(connection, afterMs, (nowMs) => {
        if (text !== undefined) dialogue.received(connection, bytesOf(text), nowMs);
        if (end !== undefined && open.has(connection)) {
          log(connection, `ended: ${end}`);
          open.delete(connection);
          dialogue.ended(connection, end, nowMs);
        }
      });
    }
  };
  const serverOf = (connection: number) => open.get(connection)?.isTls ? server.inside : server;
  const connections: Connections = {
    begin: (connection, isTls) => {
      log(connection, isTls ? "begin tls" : "begin");
      open.set(connection, { isTls });
      together = Math.max(together, open.size);
      at(connection, 0, (nowMs) => {
        dialogue.connecting(connection, nowMs);
        const inside = serverOf(connection);
        const greeting = isTls && inside === undefined ? "rst" : inside?.greeting?.(connection) ?? [];
        if (greeting === "timeout") return;
        at(connection, server.connectMs ?? 1, (nowMs) => {
          if (typeof greeting === "string") {
            log(connection, greeting);
            open.delete(connection);
            dialogue.ended(connection, greeting, nowMs);
            return;
          }
          dialogue.opened(connection, nowMs, isTls ? server.tls ?? {} : undefined);
          act(connection, greeting);
        });
      });
    },
    send: (connection, bytes) => {
      const text = latin1(bytes);
      log(connection, `send ${text}`);
      act(connection, serverOf(connection)?.reply?.(text, connection) ?? []);
    },
    end: (connection, inOrder) => {
      log(connection, inOrder ? "finish" : "reset");
      serverOf(connection)?.left?.(connection);
      open.delete(connection);
    },
    isUnacknowledged: () => server.isDeaf === true,
  };
  const dialogue = new Dialogue(
    { target: { host: "192.0.2.1", port, names: [] }, intensity, times },
    knowledge,
    connections,
  );
  dialogue.start(nowMs);
  while (dialogue.finding === undefined) {
    if (nowMs > LONGEST_MS) throw new Error(`the dialogue does not end: ${JSON.stringify(steps.slice(-5))}`);
    const next = events.reduce(
      (first: Event | undefined, each) => first && first.atMs <= each.atMs ? first : each,
      undefined,
    );
    const dueMs = dialogue.dueMs + lateMs;
    if (next === undefined && dueMs === Infinity) {
      throw new Error(`the dialogue stands still: ${JSON.stringify(steps)}`);
    }
    if (next !== undefined && next.atMs <= dueMs) {
      nowMs = Math.max(nowMs, next.atMs);
      events.splice(events.indexOf(next), 1);
      if (open.has(next.connection)) next.run(nowMs);
    } else {
      nowMs = Math.max(nowMs, dueMs);
      dialogue.expire(nowMs);
    }
  }
  const { finding, connectionCount, exchanges } = dialogue;
  return { finding, elapsedMs: nowMs, connections: connectionCount, together, steps, exchanges };
}
