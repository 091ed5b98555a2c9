import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { resolveAddress, ResolveError, resolveName, serviceNames, servicePort } from "../../ffi/resolver.ts";
import { hasProgram, run, testWith } from "./support.ts";

Deno.test("resolver: an address is a name, and stands for itself", async () => {
  assertEquals(await resolveName("127.0.0.1"), [0x7f000001]);
  assertEquals(await resolveName("255.255.255.255"), [0xffffffff]);
});

Deno.test("resolver: resolves a name of the hosts file, each address once", async () => {
  assertEquals(await resolveName("localhost"), [0x7f000001]);
});

Deno.test("resolver: the event loop lives while a name is resolved, and many are resolved at once", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const names = Array.from({ length: 50 }, (_, index) => `127.0.1.${index}`);
  const addresses = await Promise.all(names.map(resolveName));
  clearInterval(timer);
  assertEquals(addresses, names.map((_, index) => [0x7f000100 + index]));
});

testWith(
  hasProgram("getent"),
  "it needs getent (apt install libc-bin)",
  "resolver: the name of an address is that of getent",
  async () => {
    const name = await resolveAddress(0x7f000001);
    assertEquals(name && new TextDecoder().decode(name), run("getent", "hosts", "127.0.0.1").split(/\s+/)[1]);
  },
);

const WRONG_NAMES: [name: string, hostname: string][] = [
  ["empty", ""],
  ["with a NUL, that C would read as another name", "localhost\0.example"],
  ["with a space", "no such name"],
  ["longer than any name", "x".repeat(5000)],
  ["an IPv6 address", "::1"],
];

for (const [name, hostname] of WRONG_NAMES) {
  Deno.test(`no address for a name: ${name}`, async () => {
    const error = await assertRejects(() => resolveName(hostname), ResolveError);
    assert(error.message.startsWith(`${hostname}: `));
    assertMatch(error.message, /: [A-Z]/);
  });
}

Deno.test("resolver: a name without an address is an error with the resolver's text", async () => {
  const error = await assertRejects(() => resolveName(""), ResolveError);
  assertMatch(error.message, /^: .*not known/);
});

const NAMES = serviceNames();
const hasServices = hasProgram("getent") && NAMES.has(22);

testWith(
  hasServices,
  "it needs /etc/services (apt install netbase)",
  "services have the names that getent gives",
  () => {
    for (const port of [1, 21, 22, 23, 25, 80, 110, 443, 8080]) {
      const [name] = run("getent", "services", `${port}/tcp`).split(/\s+/);
      assertEquals(NAMES.get(port), name);
      assertEquals(servicePort(name!), port);
    }
    // Every line, as getservent(3) reads them: a name may stand at several ports, and the first counts; so may a port.
    const ports = new Map<string, number>(), names = new Map<number, string>();
    for (const line of run("getent", "services").trimEnd().split("\n")) {
      const fields = line.split(/\s+/);
      const [digits, proto] = fields.splice(1, 1)[0]!.split("/");
      if (proto !== "tcp") continue;
      const port = Number(digits);
      if (!names.has(port)) names.set(port, fields[0]!);
      for (const name of fields) if (!ports.has(name)) ports.set(name, port);
    }
    for (const [name, port] of ports) assertEquals(servicePort(name), port, name);
    for (const [port, name] of names) assertEquals(NAMES.get(port), name);
    // A name of UDP alone is no name of TCP, and still leads to a port.
    assertEquals(NAMES.get(67), undefined);
    assertEquals(serviceNames("udp").get(67), "bootps");
    assertEquals(servicePort("bootps"), 67);
  },
);

Deno.test("resolver: a port without a name, and a name without a port", () => {
  assertEquals(NAMES.get(64999), undefined);
  assertEquals(NAMES.get(0), undefined);
  for (const name of ["", "no-such-service", "ssh\0", "x".repeat(5000)]) assertEquals(servicePort(name), undefined);
});
