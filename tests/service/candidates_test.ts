/** The order of probes: by the port's number, and by the probes on which the server closed. */
import { assert, assertEquals } from "@std/assert";
import { candidates, CLOSES } from "../../src/service/candidates.ts";
import { readingOf } from "../../src/service/matcher.ts";
import { probeNamed, PROBES } from "../../src/service/probes.ts";
import { readTranscript, type Transcript } from "../services/transcript.ts";
import { exchange } from "./exchanges.ts";

const FOLDER = new URL("../services/transcripts/", import.meta.url);
const GENERIC = PROBES.filter(({ kind }) => kind === "generic").map(({ name }) => name);

/** Returns the ends of the generic probes, as {@linkcode CLOSES} writes them; undefined if another than the own drew a reply. */
function endsOf({ exchanges }: Transcript, own: string): string | undefined {
  const plain = exchanges.filter(({ tunnel, probe }) => tunnel === undefined && probe !== own);
  if (plain.some(({ probe, reply }) => reply.length > 0 && ["null", ...GENERIC].includes(probe))) return undefined;
  return GENERIC.map((name) => {
    const end = plain.find(({ probe }) => probe === name)?.end;
    return end === undefined ? "?" : end === "open" ? "-" : "x";
  }).join("");
}

const isLike = (one: string, other: string) =>
  [...one].every((letter, i) => letter === other[i] || letter === "?" || other[i] === "?");

Deno.test("candidates: a recorded server of each protocol ends the generic probes as the table says", () => {
  const transcripts = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).filter((name) => name.endsWith(".txt"))
    .map((name) => readTranscript(Deno.readTextFileSync(new URL(name, FOLDER))));
  const patterns = Object.entries(CLOSES).flatMap(([name, text]) =>
    text.split(" ").map((each) => [name, each] as const)
  );
  for (const [name, pattern] of patterns) {
    assertEquals([probeNamed(name)?.name, pattern.length], [name, GENERIC.length]);
    const of = transcripts.filter((transcript) =>
      transcript.exchanges.some((each) =>
        each.probe === name && each.reply.length > 0 && readingOf(each) !== undefined
      ) &&
      endsOf(transcript, name) !== undefined
    );
    assert(of.some((transcript) => isLike(endsOf(transcript, name)!, pattern)), `${name}: ${pattern}`);
  }
});

/** Returns the probes behind exchanges that ended like a pattern. */
function after(pattern: string, names: readonly string[], port = 40_001): readonly string[] {
  const exchanges = names.map((name) => exchange(name, "", pattern[GENERIC.indexOf(name)] === "x" ? "fin" : "open"));
  return candidates([exchange("null", ""), ...exchanges], port, undefined).filter((name) => !names.includes(name));
}

Deno.test("candidates: the exact probe whose servers close in the same way goes before generic ones", () => {
  const names = ["http", "tls", "dns", "smb", "rpc", "ldap", "mqtt", "pgssl"];
  const next = after(CLOSES["milter"]!, names);
  assert(next.indexOf("milter") < next.indexOf("http11"), next.join(" "));
  assert(next.indexOf("rtmp") > next.indexOf("sip"), next.join(" "));
});

Deno.test("candidates: a server that closes on each whole message is sent those of adb, git and uhub before other generic ones", () => {
  const names = ["http", "tls", "dns", "smb", "rpc", "ldap", "mqtt", "pgssl"];
  const next = after("x".repeat(GENERIC.length), names);
  for (const name of ["adb", "git", "uhub"]) assert(next.indexOf(name) < next.indexOf("http11"), next.join(" "));
});

Deno.test("candidates: a server that waits on everything is sent exact probes that such servers answer", () => {
  const next = after("-".repeat(GENERIC.length), ["http", "tls", "dns", "smb", "rpc", "ldap", "mqtt", "pgssl"]);
  assertEquals(next.slice(0, 4).toSorted(), ["gdb-remote", "lsp", "modbus", "rtmp"]);
  assert(next.indexOf("zabbix") > next.indexOf("sip"));
});

Deno.test("candidates: a probe goes before generic ones for each of the ways in which its servers close", () => {
  const names = ["http", "tls", "dns", "smb", "rpc", "ldap", "mqtt", "pgssl"];
  for (const [name, pattern] of [["dbus", CLOSES["dbus"]!], ["lsp", CLOSES["lsp"]!.split(" ")[1]!]] as const) {
    const next = after(pattern, names);
    assert(next.indexOf(name) < next.indexOf("http11"), `${name}: ${next.join(" ")}`);
  }
});

Deno.test("candidates: few ends decide nothing, the port's own probe is first, and a known service needs none", () => {
  assertEquals(after(CLOSES["milter"]!, ["http"])[0], "tls");
  assertEquals(after(CLOSES["milter"]!, ["http"], 4369)[0], "epmd");
  assertEquals(candidates([], 80, { service: "http", confidence: 8 }), []);
});
