import { assert, assertEquals } from "@std/assert";
import { isWithheld, RESERVE, SEED, SEEN, UNSEEN, WITHHELD } from "./outside.ts";

Deno.test("outside: the committed seed draws the committed names", () => {
  assertEquals(SEED, 20_261_128);
  assertEquals(UNSEEN.length, 170);
  assertEquals(
    WITHHELD.join(" "),
    "hitch caddy tightvnc e2guardian snmpd-agentx trojan opentracker feersum pgpool2 tornado corosync-qnetd ircd-irc2 " +
      "apt-cacher-ng quassel-core gmetad",
  );
  assertEquals(RESERVE.join(" "), "speech-dispatcher boinc nsca");
});

Deno.test("outside: at least 85 servers, each once, withheld ones among the unseen only", () => {
  const names = [...UNSEEN, ...SEEN].map((server) => server.name);
  assert(names.length >= 85);
  assertEquals(new Set(names).size, names.length);
  for (const name of [...WITHHELD, ...RESERVE]) assert(UNSEEN.some((server) => server.name === name));
  for (const server of SEEN) assert(!isWithheld(server.name));
});
