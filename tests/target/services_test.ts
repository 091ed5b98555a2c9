import { assertEquals } from "@std/assert";
import { portOfService, SERVICE_NAMES, UDP_SERVICE_NAMES } from "../../src/target/services.ts";

Deno.test("services: ports have the names that nmap reports", () => {
  const rows: [port: number, name: string | undefined][] = [
    [21, "ftp"],
    [22, "ssh"],
    [53, "domain"],
    [80, "http"],
    [443, "https"],
    [445, "microsoft-ds"],
    [3389, "ms-wbt-server"],
    [5432, "postgresql"],
    [8080, "http-proxy"],
    [111, "rpcbind"],
    [135, "msrpc"],
    [143, "imap"],
    [465, "smtps"],
    [902, "iss-realsecure"],
    [5900, "vnc"],
    [0, undefined],
    [64999, undefined],
  ];
  for (const [port, name] of rows) assertEquals(SERVICE_NAMES.get(port), name, `port ${port}`);
});

Deno.test("services: ports of UDP have names of their own where TCP's are of another service, and lead to ports", () => {
  assertEquals([512, 513, 514].map((port) => SERVICE_NAMES.get(port)), ["exec", "login", "shell"]);
  assertEquals([512, 513, 514, 67].map((port) => UDP_SERVICE_NAMES.get(port)), ["biff", "who", "syslog", "dhcps"]);
  assertEquals(["syslog", "dhcps", "bootpc", "shell"].map(portOfService), [514, 67, 68, 514]);
});

Deno.test("names and their better-known forms lead to ports", () => {
  const rows: [name: string, port: number | undefined][] = [
    ["http", 80],
    ["HTTP", 80],
    ["http-alt", 8080],
    ["docker", 2375],
    ["kerberos", 88],
    ["imap2", 143],
    ["x11", 6000],
    ["elasticsearch", 9200],
    ["rdp", 3389],
    ["ms-wbt-server", 3389],
    ["smb", 445],
    ["vnc", 5900],
    ["no-such", undefined],
    ["", undefined],
    ["constructor", undefined],
  ];
  for (const [name, port] of rows) assertEquals(portOfService(name), port, name);
});

Deno.test("services: every name that is reported leads to a port", () => {
  for (const [port, name] of SERVICE_NAMES) {
    assertEquals(port >= 0 && port <= 65535, true);
    assertEquals(typeof portOfService(name), "number", name);
  }
});
