/** Parsers of protocols: replies of real servers, and what damage leaves of them. */
import { assertEquals } from "@std/assert";
import { bigEndian, bytesOf, join } from "../../src/service/bytes.ts";
import { identify, readingOf } from "../../src/service/matcher.ts";
import { probeBytes, probeNamed, PROBES } from "../../src/service/probes.ts";
import { exchange } from "./exchanges.ts";
import { REPLIES } from "./replies.ts";

for (const { service, probe, reply } of REPLIES) {
  Deno.test(`protocols: ${service} is read from the reply to ${probe}: ${JSON.stringify(reply.slice(0, 30))}`, () => {
    assertEquals(readingOf(exchange(probe, reply))?.service, service);
  });
}

Deno.test("protocols: a reply cut at any length is read or not, and never throws", () => {
  for (const { probe, reply } of REPLIES) {
    const bytes = bytesOf(reply);
    for (let length = 0; length < bytes.length; length++) readingOf(exchange(probe, bytes.subarray(0, length)));
  }
});

Deno.test("protocols: the title of a page has its characters, whatever its charset", () => {
  const latin = (bytes: Iterable<number>) => String.fromCharCode(...bytes);
  const utf8 = (text: string) => latin(new TextEncoder().encode(text));
  const titleOf = (type: string, body: string) =>
    readingOf(exchange("http", `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n${body}`))?.facts.http?.title;
  assertEquals(
    titleOf("text/html; charset=utf-8", `<title>${utf8("Straße – Вход 登录")}</title>`),
    "Straße – Вход 登录",
  );
  assertEquals(titleOf("text/html", `<title>${utf8("Größe")}</title>`), "Größe");
  assertEquals(titleOf("text/html", "<title>Gr\xf6\xdfe \x80</title>"), "Größe €");
  assertEquals(titleOf("text/html; charset=windows-1251", "<title>\xc2\xf5\xee\xe4</title>"), "Вход");
  assertEquals(titleOf("text/html", '<meta charset="gb2312"><title>\xb5\xc7\xc2\xbc</title>'), "登录");
  assertEquals(titleOf("text/html; charset=none-such", "<title>\xc2\xf5</title>"), "Âõ");
  assertEquals(
    titleOf("text/html", "<title>&#8364; &#x20AC; &#128512; &amp; &nope; &#999999999;</title>"),
    "€ € 😀 & &nope; &#999999999;",
  );
  assertEquals(titleOf("text/html", `<title>${utf8("é".repeat(300))}x`), "é".repeat(256));
});

const ED25519 = "AAAAC3NzaC1lZDI1NTE5AAAAIG8BSxQNBCw8IfBQ3ioJp+hls4xgf/5GBi5ElFhi3h/E";
const RSA =
  "AAAAB3NzaC1yc2EAAAADAQABAAABAQCXUNoRoVF+bCDbeBdzgkBd3ltqTiXoUBxAVc1MBHLVS0iBa2QhYPnr5omrWeNS+bzwhAYvRvLWoPnDb+V3y5YX0r+Sn7eQP63xZc8RdUi0iJ0DWecDij0ABuFykLkKNoMSoK/thxqaApxIpm5U4guFdanoXWm6vT8nGmGnDbrNaP+upwXcnlQR2xmzBvJ6oI+Ufxj3uYndLP4PA/tn0z+j5faSm5YKXlicitDrmKXAt5eQC1bDj2UZbjf3Cp/Y/UH4vR/tR5hq6AVgKbsuroATZUitVgnxG9bvUckpWs5vJtwQvLDC40kJrhpY7Vj8Og1JZ6uG53O+Di7c4ATpJt0x";

/** A packet of SSH with a host key in base64, as the server's part of a key exchange has it. */
function keyReply(key: string): Uint8Array {
  const blob = Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
  const payload = join(Uint8Array.of(31), bigEndian(blob.length, 4), blob, new Uint8Array(8));
  return join(bigEndian(payload.length + 1 + 4, 4), Uint8Array.of(4), payload, new Uint8Array(4));
}

Deno.test("protocols: a host key of SSH has the fingerprint that ssh-keygen shows", () => {
  const banner = exchange("null", "SSH-2.0-OpenSSH_9.2p1\r\n");
  const keys = (key: string) => identify([banner, exchange("ssh-kex", keyReply(key))], 22).finding?.sshKeys;
  assertEquals(keys(ED25519), [
    { type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:2eyf++GXF6+9NibXZgULZ9I4YN3+dxl1rpyjsVSCCqA" },
  ]);
  assertEquals(keys(RSA), [
    { type: "ssh-rsa", bits: 2048, fingerprint: "SHA256:yBlT9FaNfw0GwD9J5Iw/7AZeNXE6wxaWflWyD9Eo+zs" },
  ]);
  const damaged = keyReply(ED25519);
  for (let length = 0; length < damaged.length; length++) {
    assertEquals(identify([banner, exchange("ssh-kex", damaged.subarray(0, length))], 22).finding?.sshKeys, undefined);
  }
});

Deno.test("protocols: a server that repeats a long probe is an echo, unless those of the probe's protocol may do the same", () => {
  const target = { host: "192.0.2.9", port: 40_000, names: [] };
  const others = PROBES.map((probe) => ({ probe, bytes: probeBytes(probe, target) }))
    .filter(({ probe, bytes }) => readingOf(exchange(probe.name, bytes))?.service !== "echo");
  const long = others.filter(({ bytes }) => bytes.length >= 8).map(({ probe }) => probe.name);
  assertEquals(long, ["amqp", "amqp10"]);
});

Deno.test("protocols: a reply that repeats lines of a request and adds to them is no echo", () => {
  const request = probeBytes(probeNamed("http11")!, { host: "192.0.2.9", port: 7, names: ["a.test"] });
  assertEquals(readingOf(exchange("http11", request))?.service, "echo");
  const added = bytesOf("GET / HTTP/1.1 : USERID : UNIX : foobar\r\nHost: a.test : USERID : UNIX : foobar\r\n");
  assertEquals(readingOf(exchange("http11", added))?.service, "ident");
});

Deno.test("protocols: the program behind a port of RPC is told by the first call that is not refused, in any order of replies", () => {
  const record = (call: number, state: string) =>
    `\x80\0\0${state.length === 4 ? "\x18" : " "}SYN${"STUVWX"[call]}\0\0\0\x01${"\0".repeat(12)}${state}`;
  const absent = "\0\0\0\x01";
  const programs = (states: readonly (readonly [number, string])[]) => {
    const unavailable = exchange("rpc", record(0, absent));
    const replies = exchange("rpc-programs", states.map(([call, state]) => record(call, state)).join(""));
    const { finding } = identify([unavailable, replies], 40_000);
    return [finding?.service, finding?.info];
  };
  const versions = "\0\0\0\x02\0\0\0\x01\0\0\0\x04";
  assertEquals(programs([[0, absent], [1, absent], [2, versions]]), ["nlockmgr", "RPC #100021 versions 1-4"]);
  assertEquals(programs([[3, versions], [0, absent]]), ["status", "RPC #100024 versions 1-4"]);
  assertEquals(programs([[0, absent], [1, absent]]), ["rpc", undefined]);
});

Deno.test("protocols: an association that DICOM's server rejects is told with the reason", () => {
  const rejection = exchange("dicom", "\x03\0\0\0\0\x04\0\x01\x01\x07");
  const { finding } = identify([rejection], 104);
  assertEquals([finding?.service, finding?.info], ["dicom", "called AE title not recognized"]);
});

Deno.test("protocols: a node of Diameter tells its name and its refusal to a peer that it does not know", () => {
  // freeDiameter 1.2.1.
  const { probe, reply } = REPLIES.find(({ service }) => service === "diameter")!;
  const { finding } = identify([exchange(probe, reply)], 3868);
  assertEquals([finding?.service, finding?.hostname, finding?.info], ["diameter", "lab.test", "DIAMETER_UNKNOWN_PEER"]);
});
