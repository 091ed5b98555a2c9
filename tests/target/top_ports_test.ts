import { assert, assertEquals } from "@std/assert";
import { PortSet } from "../../src/target/ports.ts";
import { TOP_PORT_COUNT, topPorts } from "../../src/target/top_ports.ts";
import { assertUsageError } from "./one_line.ts";

Deno.test("there are exactly 1,000 ports, each once", () => {
  assertEquals(TOP_PORT_COUNT, 1000);
  assertEquals(topPorts(1000).length, 1000);
  assertEquals(PortSet.of(topPorts(1000)).size, 1000);
});

Deno.test("fewer are the first of them", () => {
  assertEquals(topPorts(1).length, 1);
  assertEquals(topPorts(100), topPorts(1000).slice(0, 100));
});

Deno.test("the ports that people need are there, the everyday ones among the first 100", async (t) => {
  const rows: [name: string, ports: number[], within: number][] = [
    ["shells", [22, 23, 2222], 100],
    ["web", [80, 443, 8080, 8443, 8000, 8888], 100],
    ["mail", [25, 110, 143, 465, 587, 993, 995], 100],
    ["Windows", [135, 139, 445, 3389, 5985, 5986, 49152], 100],
    ["directories and names", [53, 88, 389, 636], 100],
    ["files", [21, 111, 548, 873, 2049], 100],
    ["databases", [1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017, 50000], 100],
    ["containers", [2375, 2376, 2379, 6443, 10250], 100],
    ["queues and things", [1883, 8883, 5672, 9092], 100],
    ["screens", [5900, 6000], 100],
    ["printers", [515, 631, 9100], 100],
    ["telephones and video", [554, 5060], 100],
    ["more of Windows", [593, 3269, 5357, 8530, 9389, 47001, 49160], 1000],
    ["more databases", [33060, 5984, 7474, 8086, 26257, 26379, 27018], 1000],
    ["industry", [102, 502, 2404, 4840, 20000, 44818, 47808], 1000],
    ["remote desktops", [1494, 4899, 5631, 5800, 5901, 5938, 6129], 1000],
    ["management controllers", [623, 5120, 16992, 17988], 1000],
    ["X displays", [6001, 6002, 6003], 1000],
    ["backup", [10000, 9392, 13724, 1556], 1000],
    ["virtual machines", [902, 8006, 16509], 1000],
    ["VPNs", [500, 1194, 1701, 1723], 1000],
  ];
  for (const [name, ports, within] of rows) {
    await t.step(name, () => {
      const ranked = topPorts(within);
      assertEquals(ports.filter((port) => !ranked.includes(port)), []);
    });
  }
});

Deno.test("other counts are refused", () => {
  for (const count of [0, -1, 1001, 65536, 1.5, NaN]) {
    assertUsageError(() => topPorts(count), `Cannot take the ${count} most useful ports`);
  }
});

Deno.test("what is given away can be changed without harm", () => {
  topPorts(1000).fill(1);
  assert(topPorts(2)[0] !== topPorts(2)[1]);
});
