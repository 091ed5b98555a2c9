/** Replies of hosts in the history: their TTL, and their hardware addresses, which files of earlier programs lack. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { hostBatch, type HostLine } from "../../src/cli/shards/host_lines.ts";
import { CannotScanError } from "../../src/base/errors.ts";
import { History, type ShownHost } from "../../src/store/history.ts";
import type { Reason } from "../../src/result/reasons.ts";
import { textOf } from "../support/results.ts";
import { newWriter } from "../support/writers.ts";
import { historyTest, HOUR, Place, record, result, start, summary, T0 } from "./support.ts";

const MAC = "02:00:00:00:00:2a";
const reply = (probe: string, reason: Reason, ttl: number | null) => [{ probe, reason, rtt_ms: 0.5, ttl }];
const HOSTS: readonly HostLine[] = [
  { ip: "192.0.2.1", state: "up", reason: "arp-response", mac: MAC, evidence: reply("arp", "arp-response", null) },
  { ip: "192.0.2.2", state: "up", reason: "echo-reply", evidence: reply("echo", "echo-reply", 63) },
  { ip: "192.0.2.3", state: "up", reason: "reset", evidence: reply("ack:80", "reset", 255) },
  { ip: "192.0.2.4", state: "absent", reason: "no-arp-response" },
];

/** Records a scan of hosts, and of ports if there are any. */
function recordHosts(history: History, ports: ReturnType<typeof result>[] = [], startedAtMs = T0) {
  const { head, ...rest } = start({ startedAtMs }, ports);
  const passes = ports.length === 0 ? { passes: [] } : {};
  const recorder = history.begin({ ...rest, head: { ...head, probes: ports.length, hosts: 4, ...passes } });
  recorder.add(hostBatch(HOSTS), startedAtMs + 200);
  recorder.add(ports, startedAtMs + 500);
  recorder.finish(summary({ hosts: 4, hostsUp: 3, hostsAbsent: 1, probes: ports.length }), startedAtMs + 1000);
  return history.scan(`${recorder.id}`);
}

/** Returns the hosts that a scan is shown with, and how many ports. */
function shown(history: History, scan: ReturnType<typeof record>) {
  const hosts: ShownHost[] = [];
  const pieces = [...history.show(scan, newWriter("json"), undefined, (found) => void hosts.push(...found))];
  const ports = pieces.map(textOf).join("").match(/"type":"port"/g)?.length ?? 0;
  return { hosts: hosts.map(({ ip, mac, evidence }) => [ip, mac, evidence?.[0]?.probe, evidence?.[0]?.ttl]), ports };
}

historyTest(
  "macs: a scan of hosts is shown with the TTL of each reply, its probe and the hardware address",
  (history) => {
    assertEquals(shown(history, recordHosts(history)), {
      hosts: [
        ["192.0.2.1", MAC, "arp", null],
        ["192.0.2.2", undefined, "echo", 63],
        // A RST is the reply to several kinds.
        ["192.0.2.3", undefined, "ping", 255],
        ["192.0.2.4", undefined, undefined, undefined],
      ],
      ports: 0,
    });
  },
);

historyTest("macs: a scan of ports is shown with hardware addresses and with all its ports", (history, place) => {
  const scan = recordHosts(history, [result("192.0.2.1", 22, "open"), result("192.0.2.2", 22, "closed")]);
  assertEquals(shown(history, scan), {
    hosts: [["192.0.2.1", MAC, "arp", null]],
    ports: 2,
  });
  assertEquals(place.query("SELECT scan, ip, mac FROM mac"), [{ scan: 1, ip: "192.0.2.1", mac: MAC }]);
});

Deno.test("macs: a file of an earlier program is read as it is, and upgraded by the next scan without loss", () => {
  using place = new Place();
  {
    using history = place.open();
    record(history, [result("192.0.2.1", 22, "open"), result("192.0.2.1", 23, "closed")]);
  }
  // As earlier programs made it.
  const change = (sql: string) => {
    using db = new DatabaseSync(place.path);
    db.exec(sql);
  };
  change("DROP TABLE mac");
  {
    using history = History.open(place.path, { write: false });
    assertEquals(shown(history, history.scan("1")), { hosts: [], ports: 2 });
  }
  {
    using history = place.open();
    recordHosts(history, [result("192.0.2.1", 22, "open")], T0 + HOUR);
    assertEquals([1, 2].map((id) => shown(history, history.scan(`${id}`)).ports), [2, 1]);
    assertStringIncludes([...history.diff(undefined, "2").text()].join(""), "no difference");
  }
  assertEquals(place.query("SELECT scan, mac FROM mac"), [{ scan: 2, mac: MAC }]);
  for (const value of ["'\x1b[2J'", "7", "x'00'", "''"]) {
    change(`UPDATE mac SET mac = ${value}`);
    using history = History.open(place.path, { write: false });
    assertThrows(() => shown(history, history.scan("2")), CannotScanError, "damaged");
  }
});
