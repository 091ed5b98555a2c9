import { assertEquals } from "@std/assert";
import { portOfService, SERVICE_NAMES } from "../../src/targets/services.ts";

Deno.test("ports have the names that the registry gives them", () => {
  const rows: [port: number, name: string | undefined][] = [
    [21, "ftp"],
    [22, "ssh"],
    [53, "domain"],
    [80, "http"],
    [443, "https"],
    [445, "microsoft-ds"],
    [3389, "ms-wbt-server"],
    [5432, "postgresql"],
    [8080, "http-alt"],
    [0, undefined],
    [64999, undefined],
  ];
  for (const [port, name] of rows) assertEquals(SERVICE_NAMES.get(port), name, `port ${port}`);
});

Deno.test("names and their better-known forms lead to ports", () => {
  const rows: [name: string, port: number | undefined][] = [
    ["http", 80],
    ["HTTP", 80],
    ["http-alt", 8080],
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

Deno.test("every name that a port is given leads back to a port of that name", () => {
  for (const [port, name] of SERVICE_NAMES) {
    assertEquals(port >= 0 && port <= 65535, true);
    assertEquals(SERVICE_NAMES.get(portOfService(name)!), name);
  }
});
