/**
 * A DNS server for a lab on port 5353 of every address: it loses every fifth query, sends forged replies before each genuine one, and
 * delays that. Ends with its standard input.
 *
 * @module
 */
import { startDnsServer } from "./dns_server.ts";
import { addressIn, lowered, named, withId } from "./dns.ts";
import { Random } from "./random.ts";

const random = new Random(11);
await using _server = await startDnsServer(
  (query, send) => {
    if (random.chance(0.2)) return;
    const address = addressIn(query);
    const evil = named(query, "evil.example");
    const id = query[0]! << 8 | query[1]!;
    for (const other of [id ^ 1, id + 1, random.below(65536) ^ id]) if (other !== id) send(withId(evil, other));
    send(lowered(evil));
    const elsewhere = evil.slice();
    // The first digit of the address in the question.
    elsewhere[13] = elsewhere[13] === 0x39 ? 0x38 : elsewhere[13]! + 1;
    send(elsewhere);
    send(evil.subarray(0, 11));
    send(query);
    for (const copies of [1, 2]) send(named(query, `h${address}.example`), random.below(150) * copies);
  },
  "0.0.0.0",
  5353,
);
console.log("listening");
await Deno.stdin.readable.pipeTo(new WritableStream());
Deno.exit();
