import { assertEquals } from "@std/assert";
import { isOutboundPolicy, PolicyWatch } from "../../ffi/netlink/xfrm.ts";
import { Namespace, ROOT, runScript, testAsRoot } from "./support.ts";

const BETWEEN = "src 10.61.0.1/32 dst 10.61.0.2/32";

/** Policies, and whether they are on what leaves by IPv4. */
const POLICIES: readonly (readonly [policy: string, outbound: boolean])[] = [
  [`dir out ${BETWEEN} action block`, true],
  [`dir out ${BETWEEN} tmpl proto esp mode transport`, true],
  ["dir out proto tcp", true],
  [`dir in ${BETWEEN} action block`, false],
  [`dir fwd ${BETWEEN} action block`, false],
  ["dir out src fd00::1/128 dst fd00::2/128 action block", false],
];

for (const [policy, outbound] of POLICIES) {
  testAsRoot(`xfrm: ${outbound ? "is" : "is not"} about outgoing IPv4: ${policy}`, () => {
    using namespace = new Namespace();
    namespace.ip(`xfrm policy add ${policy}`);
    using watch = namespace.within(() => new PolicyWatch());
    assertEquals(watch.any(), outbound);
  });
}

testAsRoot("xfrm: a policy that is made later is noticed, and remembered", () => {
  using namespace = new Namespace();
  using watch = namespace.within(() => new PolicyWatch());
  assertEquals([watch.any(), watch.any()], [false, false]);
  namespace.ip(`xfrm policy add dir out ${BETWEEN} action block`);
  assertEquals([watch.any(), watch.any()], [true, true]);
});

testAsRoot("xfrm: without CAP_NET_ADMIN there is an error, and nothing stays open", () => {
  const source = `
    import { dropCapabilities } from "${ROOT}ffi/credentials.ts";
    import { PolicyWatch } from "${ROOT}ffi/netlink/xfrm.ts";
    const open = () => Array.from(Deno.readDirSync("/proc/self/fd")).length;
    const before = open();
    dropCapabilities();
    try { new PolicyWatch(); } catch (error) { console.log(error.message, open() - before); }
  `;
  assertEquals(runScript(source, "--allow-all"), "bind: EPERM (Operation not permitted) 0\n");
});

Deno.test("xfrm: a message cut at any length is no policy, and is not read out of range", () => {
  const whole = new Uint8Array(16 + 168);
  const view = new DataView(whole.buffer);
  view.setUint32(0, whole.length, true);
  view.setUint16(4, 0x13, true);
  view.setUint8(16 + 160, 1);
  view.setUint16(16 + 40, 2, true);
  assertEquals(isOutboundPolicy(view, 0, whole.length), true);
  for (let length = 0; length < whole.length; length++) {
    assertEquals(isOutboundPolicy(new DataView(whole.slice(0, length).buffer), 0, length), false);
  }
});
