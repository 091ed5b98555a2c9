/** Services without a reply: told by port and by the probes on which they close. */
import { assertEquals } from "@std/assert";
import { latin1 } from "../../src/service/bytes.ts";
import { probeBytes, PROBES } from "../../src/service/probes.ts";
import { behaviourOf } from "../../src/service/behaviours.ts";
import { identify } from "../../src/service/matcher.ts";
import { exchange } from "./exchanges.ts";

const RNDC = [exchange("null", ""), exchange("http", "", "fin"), exchange("pgssl", "")];

Deno.test("behaviours: a control channel closes on lines and waits for a message", () => {
  assertEquals(behaviourOf(RNDC, 953), { service: "rndc", confidence: 5, row: "closes-rndc" });
  assertEquals(identify(RNDC, 953).finding?.service, "rndc");
  assertEquals(identify(RNDC, 953).isFinal, false);
});

Deno.test("behaviours: another port, another end or a reply is no match", () => {
  assertEquals(behaviourOf(RNDC, 954), undefined);
  assertEquals(behaviourOf([...RNDC.slice(0, 2), exchange("pgssl", "", "fin")], 953), undefined);
  assertEquals(behaviourOf([...RNDC, exchange("dns", "x")], 953), undefined);
  assertEquals(behaviourOf([exchange("null", "")], 953), undefined);
});

Deno.test("behaviours: a port that resets on more than 14 bytes and closes on fewer waits for a debugger of Java", () => {
  const closes = [
    exchange("null", ""),
    exchange("http", "", "rst"),
    exchange("dns", "", "rst"),
    exchange("x11", "", "fin"),
  ];
  assertEquals(behaviourOf(closes, 5005), { service: "jdwp", confidence: 5, row: "closes-jdwp" });
  assertEquals(behaviourOf(closes, 5006), undefined);
  assertEquals(behaviourOf(closes.slice(0, 3), 5005), undefined);
  assertEquals(behaviourOf([...closes, exchange("pgssl", "", "rst")], 5005), undefined);
  assertEquals(behaviourOf([...closes, exchange("tls", "", "fin")], 5005), undefined);
});

Deno.test("behaviours: no probe is the handshake of a debugger, which starts a program that waits for it", () => {
  const target = { host: "192.0.2.9", port: 5005, names: [] };
  assertEquals(PROBES.filter((probe) => latin1(probeBytes(probe, target)).startsWith("JDWP")), []);
});

Deno.test("behaviours: a port that closes once is not one that stays", () => {
  const silent = ["null", "http", "tls", "dns"].map((probe) => exchange(probe, ""));
  assertEquals(behaviourOf(silent, 9)?.service, "discard");
  assertEquals(behaviourOf([...silent, exchange("smb", "", "rst")], 9), undefined);
});
