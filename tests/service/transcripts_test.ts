/** Rows and parsers on transcripts of real servers: each shows its truth or less, and never another service or product. */
import { assert, assertEquals } from "@std/assert";
import type { Finding } from "../../src/result/finding.ts";
import type { Exchange } from "../../src/service/exchange.ts";
import { identify, matchesOf, readingOf } from "../../src/service/matcher.ts";
import { ROWS as ALL_ROWS } from "../../src/service/rows/all.ts";
import { DATAGRAM_ROWS } from "../../src/service/rows/datagrams.ts";
import { isWithheld } from "../services/outside.ts";
import { connectionsOf, readTranscript, type Transcript } from "../services/transcript.ts";

/** Rows of replies over TCP. */
const ROWS = ALL_ROWS.filter((row) => !DATAGRAM_ROWS.includes(row));
const FOLDER = new URL("../services/transcripts/", import.meta.url);

/** Multiplexers and proxies: their replies are those of another server. */
const SEVERAL: readonly string[] = ["sslh", "clamsmtpd"];

/** Services that a port shows in the place of its own: the protocol below it, or a behaviour that other services share. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  "snapserver-rpc": ["json-rpc"],
  "kpasswd": ["kerberos-sec"],
  "kadmind": ["rpc"],
  "ganesha-nfs": ["rpc"],
  "ganesha-mountd": ["rpc"],
  "glusterd": ["rpc"],
  "jabberd2-s2s": ["xmpp-client"],
  "ziproxy": ["http"],
  "znc": ["http"],
  "lldb-server": ["gdbserver"],
  "dante": ["socks4"],
  "snap7": ["iso-tsap"],
  "shairport-sync": ["http"],
  "vlc-http": ["rtsp"],
  // It repeats the line behind its prompt.
  "ser2net-admin": ["echo"],
};

/** Products that are below an application, and name themselves in replies that are not the application's. */
const BELOW_PRODUCT: Readonly<Record<string, string>> = {
  "mopidy": "TornadoServer",
  "radicale": "WSGIServer",
  "supervisor": "Medusa",
};

/** Versions that servers tell more exactly than their packages do. */
const EXACT_VERSIONS: Readonly<Record<string, string>> = { "qemu-monitor": "7.2.22", "qemu-qmp": "7.2.22" };

/** Rows of servers that were seen, and whose recordings lack the reply. */
const UNRECORDED: readonly string[] = [
  "mumble",
  "frr-vty",
  "snapcast-status",
  "gmond",
  "indi",
  "direwolf-agw",
  "tls-syncthing",
];
/** The share of the rows whose transcripts are recorded, at least. */
const LEAST_RECORDED = 0.95;

/** The share of the transcripts that show service, product and version in full, at least. */
const LEAST_SHARE = 0.75;

function readAll(): readonly Transcript[] {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".txt")).sort();
  return names.map((name) => readTranscript(Deno.readTextFileSync(new URL(name, FOLDER))));
}

const TRANSCRIPTS = readAll().filter(({ name }) => !isWithheld(name));
const ROW_BY_ID = new Map(ROWS.map((row) => [row.id, row]));

/** Returns true if the deciding row names the framework under the true product. */
function isFramework(finding: Finding | undefined, name: string): boolean {
  const row = ROW_BY_ID.get(finding?.row ?? "");
  return row !== undefined && row.isFramework && row.seen.includes(name);
}

/** Returns true if a version is the true one, or one of several separated by slashes. */
function isVersion(version: string | undefined, { name, truth }: Transcript): boolean {
  if (!truth.version || version === EXACT_VERSIONS[name]) return true;
  return version !== undefined && truth.version.split("/").includes(version);
}

function isInFull(transcript: Transcript): boolean {
  const { name, truth, exchanges, port } = transcript;
  const { finding } = identify(exchanges, port);
  return finding?.service === truth.service &&
    (isFramework(finding, name) || (finding.product === truth.product && isVersion(finding.version, transcript)));
}

/** Returns what exchanges show that is not the truth; undefined if there is no such thing. */
function contradiction(exchanges: readonly Exchange[], transcript: Transcript): string | undefined {
  const { name, truth, port } = transcript;
  const { finding } = identify(exchanges, port);
  if (!finding) return undefined;
  const { service, product, version, row } = finding;
  const services = ["unknown", "ssl", truth.service, ...BELOW[name] ?? []];
  if (!services.includes(service)) return `${name}: service ${service} instead of ${truth.service} [${row}]`;
  if (product === undefined || product === BELOW_PRODUCT[name] || isFramework(finding, name)) return undefined;
  // A name from the server's own words is spelled as the server does.
  const isSelfNamed = row?.startsWith("self-") && product.toLowerCase() === truth.product?.toLowerCase();
  if (product !== truth.product && !isSelfNamed) {
    return `${name}: product ${product} instead of ${truth.product} [${row}]`;
  }
  const isOther = version !== undefined && !isVersion(version, transcript);
  return isOther ? `${name}: version ${version} instead of ${truth.version} [${row}]` : undefined;
}

Deno.test("transcripts: most servers are identified in full", () => {
  const lacking = TRANSCRIPTS.filter((transcript) => !isInFull(transcript)).map(({ name }) => name);
  const share = 1 - lacking.length / TRANSCRIPTS.length;
  assert(share >= LEAST_SHARE, `${Math.round(100 * share)} % of ${TRANSCRIPTS.length}; not: ${lacking.join(" ")}`);
});

Deno.test("transcripts: all replies of a server together contradict nothing of its truth", () => {
  const wrong = TRANSCRIPTS.filter(({ name }) => !SEVERAL.includes(name))
    .flatMap((transcript) => contradiction(transcript.exchanges, transcript) ?? []);
  assertEquals(wrong, []);
});

Deno.test("transcripts: no connection alone shows another service, product or version", () => {
  const wrong = TRANSCRIPTS.filter(({ name }) => !SEVERAL.includes(name)).flatMap((transcript) =>
    connectionsOf(transcript).flatMap((connection) => contradiction(connection, transcript) ?? [])
  );
  assertEquals([...new Set(wrong)], []);
});

Deno.test("transcripts: each row matches a field of the transcripts that it names, and of no other product", () => {
  const byRow = new Map<string, Set<string>>();
  for (const { name, exchanges } of TRANSCRIPTS) {
    for (const exchange of exchanges) {
      const reading = exchange.reply.length > 0 ? readingOf(exchange) : undefined;
      for (const { row } of reading ? matchesOf(reading) : []) {
        byRow.set(row.id, (byRow.get(row.id) ?? new Set()).add(name));
      }
    }
  }
  const products = new Map(TRANSCRIPTS.map(({ name, truth }) => [name, truth.product]));
  const faults: string[] = [];
  let recorded = 0;
  for (const { id, product, seen, isFramework } of ROWS) {
    const matched = byRow.get(id) ?? new Set();
    if (seen.some((name) => matched.has(name))) recorded++;
    else if (seen.some((name) => products.has(name)) && !UNRECORDED.includes(id)) {
      faults.push(`${id} matches nothing of ${seen}`);
    }
    for (const name of matched) {
      if (isFramework ? seen.includes(name) : SEVERAL.includes(name)) continue;
      if (product !== undefined && products.get(name) !== product) {
        faults.push(`${id} (${product}) matches ${name} (${products.get(name)})`);
      }
    }
  }
  assertEquals(faults, []);
  assert(recorded >= LEAST_RECORDED * ROWS.length, `${recorded} of ${ROWS.length} rows match a recorded reply`);
});

Deno.test("transcripts: the version of a database that another program may imitate is shown without a product", () => {
  const { exchanges, port } = TRANSCRIPTS.find(({ name }) => name === "mongodb")!;
  const { finding } = identify(exchanges, port);
  assertEquals([finding?.service, finding?.product, finding?.info], ["mongodb", undefined, "version 5.0.1"]);
});

Deno.test("transcripts: no row is of a withheld server", () => {
  assert(TRANSCRIPTS.length > 0);
  assertEquals(ROWS.filter(({ seen }) => seen.some(isWithheld)).map(({ id }) => id), []);
});
