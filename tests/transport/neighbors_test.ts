import { assertEquals } from "@std/assert";
import { Neighbors } from "../../src/transport/neighbors.ts";
import { fromHex, viewOf } from "../support/packets.ts";
import { Random } from "../support/random.ts";

const HOST = 0x0a400102;
/** A reply of 10.64.1.2, at 02:00:00:0a:00:02. */
const REPLY = fromHex("00010800060400020200000a00020a4001020200000a00010a400101");
const MAC = 0x0200_000a_0002;

function received(...packets: readonly Uint8Array[]): Neighbors {
  const neighbors = new Neighbors();
  packets.forEach((packet, i) => neighbors.receive(viewOf(packet), 0, packet.length, i));
  return neighbors;
}

function patchedReply(at: number, ...bytes: readonly number[]): Uint8Array {
  const packet = REPLY.slice();
  packet.set(bytes, at);
  return packet;
}

Deno.test("neighbors: a reply gives the hardware address and its time", () => {
  const neighbors = received(REPLY, REPLY);
  assertEquals([neighbors.macOf(HOST), neighbors.lastReplyMs(HOST)], [MAC, 1]);
  assertEquals([neighbors.macOf(HOST + 1), neighbors.lastReplyMs(HOST + 1)], [0, -Infinity]);
  assertEquals(neighbors.duplicates, []);
});

Deno.test("neighbors: requests, cut packets and addresses of no station teach nothing", () => {
  const request = patchedReply(7, 1);
  const ofGroup = patchedReply(8, 0x01, 0x00, 0x5e, 0, 0, 1);
  const ofNobody = patchedReply(8, 0, 0, 0, 0, 0, 0);
  assertEquals(received(request, REPLY.subarray(0, 27), ofGroup, ofNobody).macOf(HOST), 0);
});

Deno.test("neighbors: of two stations with one address the first counts, and both are listed", () => {
  const neighbors = received(REPLY, patchedReply(13, 9), REPLY);
  assertEquals(neighbors.macOf(HOST), MAC);
  assertEquals(neighbors.duplicates, [{ host: HOST, mac: MAC, other: MAC - 2 + 9 }]);
});

Deno.test("neighbors: an address moves to another station once the first does not reply any more", () => {
  const neighbors = received(REPLY);
  neighbors.learn(HOST, MAC + 1, 1000);
  assertEquals([neighbors.macOf(HOST), neighbors.moves, neighbors.duplicates.length], [MAC, 0, 1]);
  neighbors.learn(HOST, MAC + 1, 1001);
  assertEquals([neighbors.macOf(HOST), neighbors.moves, neighbors.lastReplyMs(HOST)], [MAC + 1, 1, 1001]);
});

Deno.test("neighbors: an address that moves all the time has two stations in the end", () => {
  const neighbors = received(REPLY);
  for (let i = 1; i <= 1000; i++) neighbors.learn(HOST, MAC + i % 2, 2000 * i);
  assertEquals([neighbors.moves < 100, neighbors.duplicates.length], [true, 1]);
});

Deno.test("neighbors: hosts that are no targets are not learned, unless they are asked for", () => {
  const neighbors = new Neighbors([{ first: 10, last: 19 }, { first: 30, last: 30 }]);
  const hosts = [0, 9, 10, 19, 20, 29, 30, 31, 0xffff_ffff];
  neighbors.expect(31);
  for (const host of hosts) neighbors.learn(host, MAC, 1);
  assertEquals(hosts.filter((host) => neighbors.macOf(host) !== 0), [10, 19, 30, 31]);
});

Deno.test("neighbors: many hosts, and any bytes", () => {
  const neighbors = new Neighbors();
  for (let i = 0; i < 5000; i++) neighbors.learn(HOST + i, MAC + 256 * i, i);
  for (let i = 0; i < 5000; i++) assertEquals(neighbors.macOf(HOST + i), MAC + 256 * i);
  const random = new Random(826);
  for (let round = 0; round < 5000; round++) {
    const bytes = random.bytes(random.below(40));
    if (round % 2 === 0) bytes.set(REPLY.subarray(0, Math.min(8, bytes.length)));
    neighbors.receive(viewOf(bytes), 0, bytes.length, 0);
  }
});
