/** The order, the waits and the ends of dialogues, in virtual time, with probes and parsers of the test's own. */

import { assert, assertEquals } from "@std/assert";
import { bytesOf, latin1 } from "../../src/service/bytes.ts";
import type { Knowledge } from "../../src/service/dialogue.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import type { Reading } from "../../src/service/protocols/protocol.ts";
import type { ServiceProbe } from "../../src/service/probes.ts";
import { ReplyTimes } from "../../src/service/reply_times.ts";
import { converse, type Server } from "../support/sim_talker.ts";

const probe = (name: string, text: string, more: Partial<ServiceProbe> = {}): ServiceProbe => ({
  ...{ name, bytes: bytesOf(text), isText: true, ports: [], intensity: 1, kind: "generic", services: [] },
  ...more,
});

const GET = "GET / HTTP/1.0\r\n\r\n";
const PROBES: readonly ServiceProbe[] = [
  probe("http", GET, { ports: [80], tlsPorts: [443] }),
  probe("tls", "\x16\x03\x01", { isText: false }),
  probe("dns", "\x00dns", { isText: false, ports: [53] }),
  probe("smb", "\x00smb", { isText: false }),
  probe("rpc", "\x00rpc", { isText: false }),
  probe("crlf2", "\r\n\r\n"),
  probe("ldap", "\x00ldap", { isText: false }),
  probe("mqtt", "\x00mqtt", { isText: false }),
  probe("rare", "\x00rare", { isText: false, intensity: 8 }),
  probe("redis", "INFO\r\n", { kind: "exact", ports: [6379], intensity: 3 }),
  probe("epmd", "\x00n", { kind: "exact", isText: false, ports: [4369], intensity: 5 }),
];

/** Reads replies that begin with a word of the test's: `SSH-`, `HTTP/`, `DNS`, ... */
function read({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply);
  const reading = (service: string, isComplete = true, more: Partial<Reading> = {}): Reading => ({
    ...{ service, isComplete, fields: {}, facts: {} },
    ...more,
  });
  if (text.startsWith("SSH-")) return reading("ssh", text.endsWith("\n"));
  if (text.startsWith("HTTP/")) {
    return reading("http", text.includes("\r\n\r\n"), text.includes("HTTPS port") ? { next: ["tls"] } : {});
  }
  if (text.startsWith("\x16\x03")) return reading("ssl");
  if (text.startsWith("DNS")) return reading("domain");
  if (text.startsWith("ERLANG")) return reading("epmd");
  if (text.startsWith("220 ")) {
    return reading("smtp", true, {
      follow: { name: "smtp-help", bytes: bytesOf("HELP\r\n"), sameConnection: true },
      quit: bytesOf("QUIT\r\n"),
    });
  }
  if (text.startsWith("214 ")) return reading("smtp", true, { quit: bytesOf("QUIT\r\n") });
  return undefined;
}

const KNOWLEDGE: Knowledge = {
  probes: PROBES,
  identify: (exchanges) => {
    const readings = exchanges.map(read);
    const best = readings.findLast((each) => each !== undefined);
    const last = readings.at(-1);
    const sent = exchanges.map(({ probe }) => probe);
    const follow = last?.follow !== undefined && !sent.includes(last.follow.name) ? last.follow : undefined;
    const next = best?.next?.filter((name) => !sent.includes(name)) ?? [];
    return {
      finding: best && { service: best.service, confidence: 8 },
      isFinal: best?.isComplete === true && follow === undefined && next.length === 0,
      isTextual: exchanges.some(({ reply }) => /^[\r\n -~]+$/.test(latin1(reply))),
      reading: last,
      next,
    };
  },
};

const sends = (course: ReturnType<typeof converse>) =>
  course.steps.filter(({ what }) => what.startsWith("send ")).map(({ what }) => what.slice(5));

Deno.test("dialogue: a greeting is enough, on one connection, and nothing is sent", () => {
  const course = converse({ greeting: () => [{ afterMs: 20, text: "SSH-2.0-x\r\n" }] }, KNOWLEDGE);
  assertEquals([course.finding.service, course.connections, course.elapsedMs], ["ssh", 1, 21]);
  assertEquals(sends(course), []);
});

Deno.test("dialogue: a greeting in two pieces is read whole", () => {
  const greeting = () => [{ afterMs: 20, text: "SSH-2.0-" }, { afterMs: 90, text: "x\r\n" }];
  const course = converse({ greeting }, KNOWLEDGE);
  assertEquals(latin1(course.exchanges[0]!.reply), "SSH-2.0-x\r\n");
  assertEquals([course.elapsedMs, course.connections], [91, 1]);
});

Deno.test("dialogue: silence is answered by GET on the same connection after 300 ms", () => {
  const server: Server = { reply: (text) => text === GET ? [{ afterMs: 5, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [] };
  const course = converse(server, KNOWLEDGE);
  assertEquals([course.finding.service, course.connections, course.elapsedMs], ["http", 1, 306]);
});

Deno.test("dialogue: the wait for a greeting follows the round trip", () => {
  const server: Server = {
    connectMs: 200,
    greeting: () => [{ afterMs: 900, text: "SSH-2.0-far\r\n" }],
    reply: () => [{ afterMs: 200, end: "rst" }],
  };
  const course = converse(server, KNOWLEDGE, { roundTripMs: 200 });
  assertEquals([course.finding.service, sends(course)], ["ssh", []]);
});

Deno.test("dialogue: a port's own probe is sent at once, and a fitting reply ends the dialogue", () => {
  const course = converse(
    { reply: (text) => text === GET ? [{ afterMs: 2, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [] },
    KNOWLEDGE,
    {
      port: 80,
    },
  );
  assertEquals([course.finding.service, course.connections, course.elapsedMs], ["http", 1, 3]);
});

Deno.test("dialogue: a server that hangs up on the port's own probe is listened to on a new connection", () => {
  const server: Server = {
    greeting: () => [{ afterMs: 220, text: "SSH-2.0-shy\r\n" }],
    reply: () => [{ afterMs: 1, end: "rst" }],
  };
  const course = converse(server, KNOWLEDGE, { port: 80 });
  assertEquals([course.finding.service, course.connections], ["ssh", 2]);
});

Deno.test("dialogue: generic probes are sent two at a time beside GET, and the first reply ends them", () => {
  const server: Server = { reply: (text) => text === "\x00smb" ? [{ afterMs: 10, text: "DNS" }] : [] };
  const course = converse(server, KNOWLEDGE);
  assertEquals([course.finding.service, course.together], ["domain", 3]);
  assertEquals(sends(course), [GET, "\x16\x03\x01", "\x00dns", "\x00smb", "\x00rpc"].slice(0, sends(course).length));
  assert(!sends(course).includes("\x00ldap"));
});

Deno.test("dialogue: a slow page is waited for beside other probes, on any port and through TLS, at no cost to silent ports", () => {
  const slow = (afterMs: number): Server => ({
    reply: (text) => text === GET ? [{ afterMs, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [],
  });
  for (const port of [4000, 80, 6379]) {
    for (const afterMs of [690, 800, 2000, 4000]) {
      const { finding, elapsedMs } = converse(slow(afterMs), KNOWLEDGE, { port });
      assertEquals([finding.service, elapsedMs - afterMs < 1300], ["http", true], `${port}, ${afterMs} ms`);
    }
  }
  const hello = { reply: (text: string) => text.startsWith("\x16") ? [{ afterMs: 5, text: "\x16\x03" }] : [] };
  for (const port of [443, 4000]) {
    const { finding } = converse({ ...hello, inside: slow(3000) }, KNOWLEDGE, { port });
    assertEquals([finding.service, finding.tunnel], ["http", "ssl"], `${port}`);
  }
  const silent = converse({}, KNOWLEDGE);
  assertEquals([silent.finding.label, silent.elapsedMs < 4700], ["silent", true], `${silent.elapsedMs} ms`);
});

Deno.test("dialogue: a slow reply to the port's own probe is waited for", () => {
  for (const [port, own] of [[6379, "INFO\r\n"], [4369, "\x00n"]] as const) {
    const reply = (text: string) => text === own ? [{ afterMs: 2000, text: "ERLANG" }] : [];
    assertEquals(converse({ reply }, KNOWLEDGE, { port }).finding.service, "epmd", own);
  }
});

Deno.test("dialogue: a page from a slow server with a full queue of connections is waited for", () => {
  const server: Server = {
    greeting: (connection) => connection < 3 ? [] : "timeout",
    reply: (text) => text === GET ? [{ afterMs: 4000, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [],
  };
  assertEquals(converse(server, KNOWLEDGE).finding.service, "http");
});

Deno.test("dialogue: a slow page is not waited for once another probe is replied to", () => {
  const reply = (text: string) => text === "\x00smb" ? [{ afterMs: 10, text: "DNS" }] : [];
  const { elapsedMs } = converse({ reply }, KNOWLEDGE);
  assert(elapsedMs < 2000, `${elapsedMs} ms`);
});

Deno.test("dialogue: a silent server that accepts few connections keeps its port no longer than another silent one", () => {
  const greeting = (connection: number) => connection < 4 ? [] : "timeout";
  const { finding, elapsedMs, connections } = converse({ greeting }, KNOWLEDGE);
  assertEquals([finding.service, finding.label], ["unknown", "silent"]);
  assert(elapsedMs <= 5000, `${elapsedMs} ms, ${connections} connections`);
});

Deno.test("dialogue: a silent port 50 ms away takes eight round trips longer, and what its waits are longer", () => {
  const many = Array.from({ length: 40 }, (_, index) => probe(`many${index}`, `\x00${index}`, { isText: false }));
  const knowledge = { ...KNOWLEDGE, probes: [...PROBES, ...many] };
  const near = converse({}, knowledge);
  const far = converse({ connectMs: 50 }, knowledge, { roundTripMs: 50 });
  assertEquals([near.finding.label, far.finding.label], ["silent", "silent"]);
  const longerMs = far.elapsedMs - near.elapsedMs;
  assert(longerMs >= 800 && longerMs <= 1800, `${near.elapsedMs} and ${far.elapsedMs} ms`);
});

/** Returns a server that closes each connection beside another one, and replies to one probe; with the number of those that it closed. */
function oneClientServer(reply: string): { readonly server: Server; readonly closed: () => number } {
  let client: number | undefined;
  let closed = 0;
  const server: Server = {
    greeting: (connection) => {
      if (client !== undefined) {
        closed++;
        return [{ afterMs: 1, end: "fin" }];
      }
      client = connection;
      return [];
    },
    left: (connection) => {
      if (connection === client) client = undefined;
    },
    reply: (text, connection) => connection === client && text === "\0ldap" ? [{ afterMs: 2, text: reply }] : [],
  };
  return { server, closed: () => closed };
}

Deno.test("dialogue: a server of one client that closes on others is sent everything again, one by one", () => {
  const { server, closed } = oneClientServer("DNS");
  const course = converse(server, KNOWLEDGE);
  assertEquals(course.finding.service, "domain");
  assert(closed() <= 5, `${closed()}: a few probes beside GET, and the check`);
  assert(course.elapsedMs <= 6600, `${course.elapsedMs} ms`);
});

Deno.test("dialogue: a server that closes on other protocols, and takes a silent client beside GET, keeps its slow page", () => {
  const server: Server = {
    reply: (text) => text === GET ? [{ afterMs: 3000, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [{ afterMs: 1, end: "fin" }],
  };
  const course = converse(server, KNOWLEDGE);
  assertEquals(course.finding.service, "http");
  assertEquals(course.steps.filter(({ connection, what }) => connection === 0 && what === "reset"), []);
});

Deno.test("dialogue: no connection is idle beside another one", () => {
  const course = converse({}, KNOWLEDGE);
  const open = new Map<number, string>();
  for (const { connection, what } of course.steps) {
    if (what === "begin") open.set(connection, "silent");
    else if (what.startsWith("send")) open.set(connection, "sent");
    else open.delete(connection);
    if (what !== "begin" || open.size < 2) continue;
    const others = [...open].filter(([number]) => number !== connection);
    // Two that begin in the same moment have both something to send.
    assert(others.every(([number, state]) => state === "sent" || sendsAtOnce(course, number)), JSON.stringify(open));
  }
});

function sendsAtOnce(course: ReturnType<typeof converse>, connection: number): boolean {
  const own = course.steps.filter((step) => step.connection === connection);
  return own[1]!.what.startsWith("send") && own[1]!.atMs - own[0]!.atMs <= 1;
}

Deno.test("dialogue: a text reply rules out binary probes for good", () => {
  const server: Server = { reply: (text) => text === GET ? [{ afterMs: 3, text: "ERR what?\r\n" }] : [] };
  const course = converse(server, KNOWLEDGE, { intensity: 9 });
  const later = sends(course).slice(1);
  assert(later.length > 0);
  assertEquals(later.filter((text) => text.startsWith("\0") || text.startsWith("\x16")), []);
});

Deno.test("dialogue: a binary probe whose connection is not yet made is not sent any more after a text reply", () => {
  const server: Server = {
    connectMs: 50,
    reply: (text) => {
      if (text === "\0dns") return [{ afterMs: 60, text: "what?\r\n" }];
      return text === "\0smb" ? [{ afterMs: 30, end: "rst" }] : [];
    },
  };
  const course = converse(server, KNOWLEDGE);
  assertEquals(sends(course).filter((text) => text.startsWith("\0")), ["\0dns", "\0smb"]);
});

Deno.test("dialogue: the intensity bounds what is sent to a port that is not a probe's own", () => {
  const sentAt = (intensity: number) =>
    sends(converse({ reply: () => [{ afterMs: 1, end: "rst" }] }, KNOWLEDGE, { intensity }));
  assertEquals([...new Set(sentAt(0))], [GET]);
  assert(!sentAt(7).includes("\x00rare") && sentAt(7).includes("\x00n"));
  assert(sentAt(8).includes("\x00rare"));
  assert(!sentAt(4).includes("\x00n") && sentAt(4).includes("INFO\r\n"));
  const own = converse({ reply: () => [] }, KNOWLEDGE, { intensity: 0, port: 4369 });
  assert(sends(own).includes("\x00n"), "a probe for the port is always sent");
});

Deno.test("dialogue: a follow-up goes out on the same connection, and the server is left politely", () => {
  const server: Server = {
    greeting: () => [{ afterMs: 5, text: "220 mail\r\n" }],
    reply: (text) => text === "HELP\r\n" ? [{ afterMs: 5, text: "214 help\r\n" }] : [],
  };
  const course = converse(server, KNOWLEDGE);
  assertEquals([course.connections, sends(course)], [1, ["HELP\r\n", "QUIT\r\n"]]);
  assertEquals(course.steps.at(-1)!.what, "finish");
  assertEquals(course.exchanges.map(({ probe }) => probe), ["null", "smtp-help"]);
});

Deno.test("dialogue: a silent port takes less than five seconds, with a slow second look", () => {
  const course = converse({}, KNOWLEDGE);
  assert(course.elapsedMs <= 5000, `${course.elapsedMs} ms`);
  assertEquals(course.finding, { service: "unknown", confidence: 0, label: "silent" });
  assertEquals(course.steps.filter(({ what }) => what === `send ${GET}`).length, 2);
});

Deno.test("dialogue: on a busy machine that looks late a silent port is sent as many probes as on an idle one", () => {
  const probes = Array.from({ length: 16 }, (_, i) => probe(`p${i}`, `p${i}`));
  const knowledge = { ...KNOWLEDGE, probes: [...PROBES, ...probes] };
  const idle = converse({}, knowledge);
  const busy = converse({}, knowledge, { lateMs: 200 });
  assert(sends(idle).length < knowledge.probes.length, "time bounds the number");
  assert(sends(busy).length >= sends(idle).length, `${sends(busy).length} of ${sends(idle).length}`);
});

Deno.test("dialogue: a greeting that comes late is heard by the second look", () => {
  const server: Server = {
    greeting: () => [{ afterMs: 900, text: "SSH-2.0-slow\r\n" }],
    reply: () => [{ afterMs: 1, end: "rst" }],
  };
  const course = converse(server, KNOWLEDGE);
  assertEquals(course.finding.service, "ssh");
  assert(course.elapsedMs <= 5000);
});

Deno.test("dialogue: endless talk, and one byte at a time, are bounded in time and length", () => {
  const block = "x".repeat(1000) + "\n";
  const flood = converse(
    { greeting: () => Array.from({ length: 2000 }, (_, i) => ({ afterMs: i, text: block })) },
    KNOWLEDGE,
  );
  assert(flood.exchanges.every(({ reply }) => reply.length <= 16_384));
  assert(flood.elapsedMs < 1000 && flood.connections <= 4, `${flood.elapsedMs} ms`);
  const drip = converse(
    { greeting: () => Array.from({ length: 200 }, (_, i) => ({ afterMs: 100 * i, text: "x" })) },
    KNOWLEDGE,
  );
  assert(drip.elapsedMs < 6000, `${drip.elapsedMs} ms`);
});

Deno.test("dialogue: a port that refuses now and then is tried again, and nothing is lost", () => {
  const greeting = (connection: number) => connection === 0 ? "refused" : [{ afterMs: 5, text: "SSH-2.0-x\r\n" }];
  const course = converse({ greeting }, KNOWLEDGE);
  assertEquals([course.finding.service, course.connections], ["ssh", 2]);
});

Deno.test("dialogue: a port that always refuses is given up with a label", () => {
  const course = converse({ greeting: () => "refused" }, KNOWLEDGE);
  assertEquals(course.finding, { service: "unknown", confidence: 0, label: "refused" });
  assertEquals(course.connections, 4);
  const absent = converse({ greeting: () => "timeout" }, KNOWLEDGE);
  assertEquals(absent.finding.label, "no-connection");
  assert(absent.elapsedMs < 12_000, `${absent.elapsedMs} ms`);
});

Deno.test("dialogue: a port that refuses from some connection on keeps what is known of it", () => {
  const server: Server = {
    greeting: (connection) => connection === 0 ? [{ afterMs: 2, text: "HTTP/1.1 400 HTTPS port\r\n\r\n" }] : "refused",
  };
  const course = converse(server, KNOWLEDGE);
  assertEquals(course.finding, { service: "http", confidence: 8, label: "refused" });
});

Deno.test("dialogue: a port that acknowledges nothing is labelled after two tries", () => {
  const course = converse({ isDeaf: true }, KNOWLEDGE);
  assertEquals(course.finding.label, "no-data");
  assert(course.elapsedMs < 2000 && course.connections <= 3, `${course.elapsedMs} ms, ${course.connections}`);
});

Deno.test("dialogue: a port that closes without a byte is labelled so", () => {
  const course = converse({ reply: () => [{ afterMs: 1, end: "fin" }] }, KNOWLEDGE);
  assertEquals(course.finding.label, "closes");
});

Deno.test("dialogue: a TLS port is identified through TLS, with the facts of both", () => {
  const tls = { version: "TLSv1.3", subject: "CN=x" };
  const server: Server = {
    reply: (text) => text === "\x16\x03\x01" ? [{ afterMs: 4, text: "\x16\x03\x03" }] : [],
    inside: { reply: (text) => text === GET ? [{ afterMs: 4, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [] },
    tls,
  };
  const hinted = converse(server, KNOWLEDGE, { port: 443 });
  assertEquals(hinted.finding, { service: "http", confidence: 8, tunnel: "ssl", tls });
  assertEquals([hinted.connections, hinted.exchanges.map(({ tunnel }) => tunnel)], [2, [undefined, "ssl"]]);
  assertEquals(converse(server, KNOWLEDGE, { port: 7777 }).finding, hinted.finding);
});

Deno.test("dialogue: a TLS port whose handshake fails is still known to speak TLS", () => {
  const server: Server = { reply: (text) => text === "\x16\x03\x01" ? [{ afterMs: 4, text: "\x16\x03\x03" }] : [] };
  const course = converse(server, KNOWLEDGE, { port: 443 });
  assertEquals([course.finding.service, course.connections], ["ssl", 3]);
});

Deno.test("dialogue: an HTTP server that tells the client to speak TLS is asked through TLS", () => {
  const server: Server = {
    reply: (text) =>
      text === GET
        ? [{ afterMs: 2, text: "HTTP/1.1 400 sent to HTTPS port\r\n\r\n" }]
        : text === "\x16\x03\x01"
        ? [{ afterMs: 2, text: "\x16\x03\x03" }]
        : [],
    inside: { reply: () => [{ afterMs: 2, text: "HTTP/1.0 200 OK\r\n\r\n" }] },
  };
  const course = converse(server, KNOWLEDGE, { port: 80 });
  assertEquals([course.finding.service, course.finding.tunnel], ["http", "ssl"]);
});

Deno.test("dialogue: slow replies of a host make all its waits longer", () => {
  const server: Server = { reply: (text) => text === GET ? [{ afterMs: 1100, text: "HTTP/1.0 200 OK\r\n\r\n" }] : [] };
  const times = new ReplyTimes(1);
  times.addReply(450);
  const course = converse(server, KNOWLEDGE, { times });
  assertEquals([course.finding.service, course.connections], ["http", 1]);
});

Deno.test("dialogue: it never sends a probe twice but for the second look", () => {
  const course = converse({ reply: () => [{ afterMs: 1, end: "rst" }] }, KNOWLEDGE, { intensity: 9 });
  const all = sends(course).filter((text) => text !== GET);
  assertEquals(new Set(all).size, all.length);
});

Deno.test("dialogue: a line for the port waits for a greeting, whose follow-up it may be", () => {
  const server: Server = {
    greeting: () => [{ afterMs: 20, text: "220 mail\r\n" }],
    reply: (text) => text === "HELP\r\n" ? [{ afterMs: 5, text: "214 help\r\n" }] : [],
  };
  const course = converse(server, KNOWLEDGE, { port: 6379 });
  assertEquals([course.connections, sends(course)], [1, ["HELP\r\n", "QUIT\r\n"]]);
  const silent = converse({ reply: (text) => text === "INFO\r\n" ? [{ afterMs: 1, text: "DNS" }] : [] }, KNOWLEDGE, {
    port: 6379,
  });
  assertEquals([silent.finding.service, silent.connections, silent.elapsedMs], ["domain", 1, 152]);
});

Deno.test("dialogue: on a silent port of a slow host there is time for all generic probes", () => {
  const times = new ReplyTimes(1);
  times.addReply(700);
  const course = converse({}, KNOWLEDGE, { times });
  const generic = PROBES.filter(({ kind, intensity }) => kind === "generic" && intensity <= 7);
  const sent = sends(course);
  assertEquals(generic.filter(({ bytes }) => !sent.includes(latin1(bytes as Uint8Array))).map(({ name }) => name), []);
  assert(course.elapsedMs < 8000, String(course.elapsedMs));
});
