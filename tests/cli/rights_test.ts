/**
 * The program as a person without rights runs it: a process of its own that may open no raw socket.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lacking } from "../support/lab.ts";
import { ended, start, synscan } from "../support/program.ts";

const IS_ROOT = Deno.uid() === 0;
/** Root gives up what makes a raw socket; whoever else runs the tests has no such right anyway. */
const WITHOUT_RIGHTS = IS_ROOT ? ["setpriv", "--bounding-set=-net_raw,-net_admin", "--inh-caps=-all"] : [];
const MISSING = IS_ROOT && lacking(["setpriv"]) !== "" ? " [skipped: setpriv is missing (install util-linux)]" : "";
const FALLBACK = "No right to open raw sockets: connect scan (-sT). Use sudo for a SYN scan\n";

const run = (...args: string[]) => ended(start([...WITHOUT_RIGHTS, ...synscan(args, ["--allow-ffi"])]));

function rightsTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `rights: ${name}${MISSING}`, ignore: MISSING !== "", fn });
}

rightsTest("without the right to raw sockets it says so in one line, and scans with connect(2)", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const { code, out, err } = await run("--reason", "-p", `1,${port}`, "127.0.0.1");
  assertEquals([code, err], [0, FALLBACK]);
  assertMatch(out, new RegExp(`^${port}/tcp +open +\\S+ +conn-accept`, "m"));
  assertMatch(out, /^1\/tcp +closed +\S+ +conn-refused/m);
  assertMatch(out, /^synscan done: 1 host \(1 up\), 2 ports in /m);
});

rightsTest("what takes packets is said to be left out", async () => {
  const { code, err } = await run("--transport", "ethernet", "--packet-trace", "-p", "1", "127.0.0.1");
  const without = "connect scan (-sT), without a transport of its own and packets to be seen. ";
  assertEquals([code, err], [0, FALLBACK.replace("connect scan (-sT). ", without)]);
});

rightsTest("-sT, asked for, says nothing of it", async () => {
  const { code, out, err } = await run("-sT", "--json", "-p", "1", "127.0.0.1");
  assertEquals([code, err], [0, ""]);
  assertEquals(JSON.parse(out.trimEnd().split("\n").at(-1)!).transport, "connect");
});

rightsTest("-sS, asked for, ends with status 2 and one line that names every way to the right", async () => {
  const { code, out, err } = await run("-sS", "-p", "1", "127.0.0.1");
  assertEquals([code, out], [2, ""]);
  assert(/^[^\n]+\n$/.test(err), err);
  for (const way of ["CAP_NET_RAW", "sudo", "setcap cap_net_raw", "-sT"]) assertStringIncludes(err, way);
});
