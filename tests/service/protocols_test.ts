/** Parsers of protocols: replies of real servers, and what damage leaves of them. */
import { assertEquals } from "@std/assert";
import { bytesOf } from "../../src/service/bytes.ts";
import { readingOf } from "../../src/service/matcher.ts";
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
