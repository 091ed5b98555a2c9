import { assertRejects } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { planTargets } from "../../src/scan/plan.ts";

Deno.test("ipv6 plan: one link-local address on two interfaces is refused for packets, which do not show theirs", async () => {
  const targets = ["fe80::5%one", "fe80::1-9%two"];
  const why = "Cannot scan fe80::1%two-fe80::9%two together with fe80::5%one: their packets have one address";
  await assertRejects(() => planTargets({ targets, ports: [80], technique: "syn" }), UsageError, why);
  await assertRejects(() => planTargets({ targets, ports: [80], technique: "connect" }), UsageError, "no interface");
});
