import { assert, assertEquals, assertThrows } from "@std/assert";
import { findMasks } from "./masks.ts";
import { isWithheld } from "./outside.ts";
import { RECIPES } from "./recipes/all.ts";
import { connectionsOf, latin1, readTranscript, type Transcript, writeTranscript } from "./transcript.ts";

const TEXT = `# name: lab
# port: 4000
# packages: lab-server 1.2-3
# truth: http | Lab | 1.2
? null
< 0.1ms 40 00 "5.5.5-10" 00 {{31 ff}} fe
= open
? null > http crlf2
< 2.0ms "HTTP/1.0 200 OK\\r\\n"
  "Date: " {{"today"}} 0d 0a
  "\\"quoted\\" and \\\\ back"
~ 70000
= fin
? tls:null
= rst
? tls:null > get%20/version
= refused
! smb rpc
`;

Deno.test("transcript: read and written again it is the same text", () => {
  assertEquals(writeTranscript(readTranscript(TEXT)), TEXT);
});

Deno.test("transcript: exchanges carry bytes, masks, ends, connections and tunnels", () => {
  const transcript = readTranscript(TEXT);
  assertEquals(transcript.truth, { service: "http", product: "Lab", version: "1.2" });
  assertEquals(transcript.leftOut, ["smb", "rpc"]);
  const connections = connectionsOf(transcript);
  assertEquals(connections.map((one) => one.map(({ probe }) => probe).join()), [
    "null",
    "null,http",
    "null,crlf2",
    "null",
    "null,get /version",
  ]);
  const [greeting, http] = connections[1]!;
  assertEquals([greeting!.end, http!.end, http!.totalBytes], ["open", "fin", 70_000]);
  assertEquals(latin1(greeting!.reply), "\x40\x005.5.5-10\x00\x31\xff\xfe");
  assertEquals(greeting!.masks, [{ from: 11, to: 13 }]);
  assertEquals(latin1(http!.reply), 'HTTP/1.0 200 OK\r\nDate: today\r\n"quoted" and \\ back');
  assertEquals(connections[3]![0]!.tunnel, "ssl");
});

Deno.test("transcript: damage is one line that names the transcript and the line", () => {
  const damages: readonly [string, string, RegExp][] = [
    ["# name: lab\n", "", /it has no line "# name/],
    ["# truth: http | Lab | 1.2", "# truth: http", /truth is not service/],
    ["# port: 4000", "# port: x", /port is no number/],
    ["= open", "= closed", /line 7: an exchange does not end/],
    ["0.1ms", "soon", /line 6: a reply does not start with a time/],
    ["40 00", "40 0", /line 6: cannot read/],
    ["31 ff}}", "31 ff", /line 6: a mask is not closed/],
    ["? null > http crlf2", "? help > http", /no reply to help stands before/],
    ["~ 70000", "~ 3", /fewer bytes in all/],
    ["! smb rpc", "smb rpc", /starts with none of/],
    ["! smb rpc\n", "! smb rpc", /last line has no end/],
    ['and \\\\ back"', 'and \\q back"', /cannot read/],
  ];
  for (const [from, to, expected] of damages) {
    assert(TEXT.includes(from), from);
    const error = assertThrows(() => readTranscript(TEXT.replace(from, to)), Error);
    assert(expected.test(error.message), `${from}: ${error.message}`);
    assert(!error.message.includes("\n"));
    assert(error.message.startsWith("Cannot read "));
  }
});

Deno.test("transcript: cut at every character it is read or refused in one line", () => {
  for (let length = 0; length < TEXT.length; length++) {
    try {
      readTranscript(TEXT.slice(0, length));
    } catch (error) {
      assert(error instanceof Error && error.message.startsWith("Cannot read "), `${length}: ${error}`);
    }
  }
});

Deno.test("transcript: long replies are cut until the text is short", () => {
  const transcript = readTranscript(TEXT);
  const reply = new Uint8Array(4096).map((_, index) => index * 7);
  const long: Transcript = {
    ...transcript,
    exchanges: ["http", "help", "rtsp", "sip"].map((probe, connection) => (
      {
        probe,
        reply: reply.map((byte) => byte + connection),
        firstByteMs: 1,
        end: "fin",
        connection,
        masks: [],
        totalBytes: 9999,
      }
    )),
  };
  const text = writeTranscript(long);
  assert(text.length <= 12_000);
  assertEquals(readTranscript(text).exchanges.map(({ totalBytes }) => totalBytes), [9999, 9999, 9999, 9999]);
});

Deno.test("masks: dates and what differs between two replies", () => {
  const masked = (one: string, other: string, patterns: RegExp[] = []) => {
    const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    return findMasks(bytes(one), bytes(other), patterns).map(({ from, to }) => one.slice(from, to));
  };
  assertEquals(masked("Date: Sat, 28 Nov 2026 20:13:16 GMT\r\n", "Date: Sat, 28 Nov 2026 20:13:16 GMT\r\n"), [
    "Sat, 28 Nov 2026 20:13:16 GMT",
  ]);
  assertEquals(masked("uptime: 9\nload: 1", "uptime: 10\nload: 1"), ["9"]);
  assertEquals(masked("id 4a7b end", "id 99 end"), ["4a7b"]);
  assertEquals(masked("\x00\x01\x02\x03", "\x00\x01\xf2\x03"), ["\x02"]);
  assertEquals(masked("Linux 6.1.0-lab", "Linux 6.1.0-lab", [/6\.1\.0-lab/]), ["6.1.0-lab"]);
  assertEquals(masked("same", "same"), []);
});

Deno.test("transcript: every committed one is read, named like its file, short, and of a server that may be recorded", () => {
  const folder = new URL("transcripts/", import.meta.url);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert(files.length > 100);
  const recipes = new Map(RECIPES.flatMap((one) => one.ports.map((port) => [port.name, one.name] as const)));
  for (const file of files) {
    const text = Deno.readTextFileSync(new URL(file, folder));
    const { name, port } = readTranscript(text);
    assertEquals(`${name}.txt`, file);
    assert(text.length <= 13_000, `${file}: ${text.length} characters`);
    const recipe = recipes.get(name);
    assert(recipe !== undefined && !isWithheld(recipe), file);
    assert(RECIPES.some(({ ports }) => ports.some((one) => one.name === name && one.port === port)), file);
  }
});
