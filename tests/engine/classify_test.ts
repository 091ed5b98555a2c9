import { assertEquals } from "@std/assert";
import { REASON_OF, REPLY_KINDS } from "../../src/engine/classify.ts";
import { HANDSHAKE_OUTCOMES, stateIn } from "../../src/result/outcome.ts";
import { reasonCode, REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";

Deno.test("classify: state and reason of each kind of reply to a handshake", () => {
  const meanings = REPLY_KINDS.map((
    [name],
    kind,
  ) => [name, STATES[stateIn(HANDSHAKE_OUTCOMES, REASON_OF[kind]!)], REASONS[REASON_OF[kind]!]]);
  assertEquals(meanings, [
    ["syn-ack", "open", "syn-ack"],
    ["syn", "open", "split-handshake-syn"],
    ["rst", "closed", "reset"],
    ["icmp-net-unreach", "filtered", "net-unreach"],
    ["icmp-host-unreach", "filtered", "host-unreach"],
    ["icmp-proto-unreach", "filtered", "proto-unreach"],
    ["icmp-port-unreach", "filtered", "port-unreach"],
    ["icmp-net-prohibited", "filtered", "net-prohibited"],
    ["icmp-host-prohibited", "filtered", "host-prohibited"],
    ["icmp-admin-prohibited", "filtered", "admin-prohibited"],
    ["icmp-time-exceeded", "filtered", "time-exceeded"],
    ["connected", "open", "conn-accept"],
    ["refused", "closed", "conn-refused"],
    ["rst-no-ack", "closed", "reset-no-ack"],
    ["fin-ack", "filtered", "no-response"],
    ["connected-reset", "open", "conn-reset"],
  ]);
});

Deno.test("classify: every reason has a code", () => {
  for (const [code, reason] of REASONS.entries()) assertEquals(reasonCode(reason), code);
});
