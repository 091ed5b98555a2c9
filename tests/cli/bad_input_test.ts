/**
 * Whatever is typed wrongly ends in one clear line and status 1 or 2: every row with the real library and a world in
 * memory, a sample of them as a program of its own.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../src/cli/main.ts";
import { listHosts, planScan, scan, suggestSource } from "../support/library.ts";
import { ended, start, synscan } from "../support/program.ts";
import { FakeWorld, type FakeWorldOptions } from "./fake.ts";

const FILES: FakeWorldOptions["files"] = {
  service: "127.0.0.1:http\n\n127.0.0.1:no-such-service\n",
  wrong: "127.0.0.1\n\n127.0.0.1:http,70000\n",
  long: `127.0.0.1 ${"9".repeat(300)}`,
  empty: "# nothing here\n",
  binary: new Deno.errors.InvalidData("stream did not contain valid UTF-8"),
  secret: new Deno.errors.PermissionDenied("Permission denied (os error 13)"),
  "secret.nmap": new Deno.errors.PermissionDenied("Permission denied (os error 13)"),
  folder: new Deno.errors.IsADirectory("Is a directory (os error 21)"),
  "none/out": new Deno.errors.NotFound("No such file or directory (os error 2)"),
  noports: "127.0.0.1:80",
};

/** What is typed, what it ends with, and what the line says. */
type Row = readonly [line: string, status: 1 | 2, says: string, world?: FakeWorldOptions];

const TARGETS: readonly Row[] = [
  ["", 1, "no target"],
  [" ", 1, "an empty target"],
  ["256.1.1.1", 1, '"256.1.1.1"'],
  ["1.2.3", 1, '"1.2.3"'],
  ["01.2.3.4", 1, '"01.2.3.4"'],
  ["10.0.0.0/33", 1, '"10.0.0.0/33"'],
  ["10.0.0.9-1", 1, '"10.0.0.9-1"'],
  ["10.0.1.1-10.0.0.1", 1, '"10.0.1.1-10.0.0.1"'],
  ["-sT fe80::1", 1, "Write it like fe80::1%eth0"],
  ["-sT fe80::1%nosuch0", 1, "there is no interface nosuch0. There are lo"],
  ["-sT 2001:db8::/64", 1, "it has 2^64 addresses"],
  [
    "-sT ::/112-120",
    1,
    "the addresses in its prefixes are not chosen. Add --iid low, zero, random, eui64:OUI or set:FILE",
  ],
  ["-sT --iid low ::1", 1, "Cannot use --iid without a pattern of prefixes"],
  ["-sT --iid mac ::/112-120", 1, 'the interface identifiers "mac": they are none of the choices'],
  ["-sT --iid eui64:00163e ::/112-120", 1, "they have 64 bits, and the prefixes leave 8"],
  ["-sT --iid set:nosuch ::/112-120", 1, 'Cannot read "nosuch" for --iid'],
  ["-sT --iid set: ::/112-120", 1, "Cannot use --iid set: without a file"],
  ["-sT --iid low ::/112-120 ::1", 1, "there are other targets of IPv6"],
  ["-sT --iid low ::/96-128 127.0.0.1", 1, "the prefixes are whole addresses"],
  ["-sT --iid zero ::/96-128 127.0.0.1", 1, "it has 4,294,967,296 addresses"],
  ["-sT ::ffff:127.0.0.1", 1, "Write the IPv4 address: 127.0.0.1"],
  ["-6 127.0.0.1", 1, "all targets are addresses of IPv4, which -6 leaves out"],
  ["-4 -sT ::1", 1, "all targets are addresses of IPv6, which -4 leaves out"],
  ["-4 -6 127.0.0.1", 1, "-4 together with -6"],
  ["-sT 240.0.0.1 ::1", 1, "Cannot scan addresses of 240.0.0.0/4 together with ::1"],
  ["-sT -S 127.0.0.1 127.0.0.1 ::1", 1, "Cannot send from 127.0.0.1 to targets of IPv6"],
  ["-sT -S 127.0.0.1 ::1", 1, "Cannot send from 127.0.0.1"],
  ["http://127.0.0.1/", 1, '"http://127.0.0.1/"'],
  [":80", 1, '":80"'],
  ["-quad.example", 1, "Unknown flag -quad.example"],
  ["no-such-name.invalid", 1, "no-such-name.invalid"],
  [`${"a".repeat(64)}.example`, 1, "aaaa"],
  ["127.0.0.1\u001b[31m", 1, ""],
  ["127.0.0.1 --exclude 127.0.0.1", 1, "xclude"],
  ["127.0.0.1 --exclude 127.0.0.2:80", 1, '"127.0.0.2:80"'],
  ["-", 1, "-iL -"],
];

const NAMES: readonly Row[] = [
  ["-n -R 127.0.0.1", 1, "-n together with -R"],
  ["--dns-servers 127.0.0.1:0 127.0.0.1", 1, '"127.0.0.1:0"'],
  ["--dns-servers 127.0.0.1,1.2.3 127.0.0.1", 1, '"1.2.3"'],
  ["--dns-servers 127.0.0.1, 127.0.0.1", 1, 'the DNS server ""'],
  ["--dns-servers no-such-name.invalid 127.0.0.1", 1, "no-such-name.invalid"],
  ["--dns-servers ::1 127.0.0.1", 1, "IPv6"],
  ["--dns-servers 192.0.2.53 --exclude 192.0.2.53 127.0.0.1", 1, "excluded"],
  ["--dns-servers", 1, "Cannot use --dns-servers without a value"],
  ["--system-dns 127.0.0.1", 1, "--system-dns"],
];

const HOSTS: readonly Row[] = [
  ["-sn -p 22 127.0.0.1", 1, "-p together with -sn: no port is probed"],
  ["-sn -p- 127.0.0.1", 1, "-p together with -sn"],
  ["-sn -F 127.0.0.1", 1, "-F together with -sn"],
  ["-sn --top-ports 10 127.0.0.1", 1, "--top-ports together with -sn"],
  ["-sn --ports-file noports 127.0.0.1", 1, "--ports-file together with -sn"],
  ["-sn -sS 127.0.0.1", 1, "-sS together with -sn"],
  ["-sn -sT 127.0.0.1", 1, "-sT together with -sn"],
  ["-sn --scanflags FIN 127.0.0.1", 1, "--scanflags together with -sn"],
  ["-sn -Pn 127.0.0.1", 1, "-sn together with -Pn"],
  ["-PE -Pn 127.0.0.1", 1, "-PE together with -Pn"],
  ["-PS22 -Pn 127.0.0.1", 1, "-PS together with -Pn"],
  ["-PR --disable-arp-ping 127.0.0.1", 1, "-PR together with --disable-arp-ping"],
  ["-PS65536 127.0.0.1", 1, "65536"],
  ["-PA80-22 127.0.0.1", 1, "80-22"],
  ["-PO 127.0.0.1", 1, "-PO"],
  ["-PU53 -Pn 127.0.0.1", 1, "-PU together with -Pn"],
  ["-PU70000 127.0.0.1", 1, "is no port"],
  ["--mac-vendors none -sn 127.0.0.1", 1, 'Cannot read "none" for --mac-vendors: no such file or directory'],
  ["--mac-vendors wrong -sn 127.0.0.1", 1, "it is no list of the IEEE"],
  ["--mac-vendors binary -sn 127.0.0.1", 1, "it is not text in UTF-8"],
  ["--mac-vendors secret -sn 127.0.0.1", 2, "permission denied"],
  ["-sn --dns-servers 1.2.3 127.0.0.1", 1, '"1.2.3"'],
  ["-A -sn 127.0.0.1", 1, "-A together with -sn"],
  ["-sn --where-filtered 127.0.0.1", 1, "--where-filtered together with -sn"],
  ["-sn -PU -PP --traceroute 192.0.2.1", 1, "Cannot trace paths by timestamp and udp:40125"],
  ["-A -sL 127.0.0.1", 1, "-A together with -sL"],
  ["-sT --where-filtered -A 127.0.0.1", 1, "-sT together with --where-filtered"],
  ["-sL -sn 127.0.0.1", 1, "-sn together with -sL"],
  ["-sL -Pn 127.0.0.1", 1, "-Pn together with -sL"],
  ["-sL -p 22 127.0.0.1", 1, "-p together with -sL"],
  ["-sL -F 127.0.0.1", 1, "-F together with -sL"],
  ["-sL -sS 127.0.0.1", 1, "-sS together with -sL"],
  ["-sL -PE 127.0.0.1", 1, "-PE together with -sL"],
  ["-sL --traceroute 127.0.0.1", 1, "--traceroute together with -sL"],
  ["-sL --dry-run 127.0.0.1", 1, "--dry-run together with -sL"],
  ["-sL --db history 127.0.0.1", 1, "--db together with -sL"],
  ["-sL -oH - 127.0.0.1", 1, "Cannot use -sL with -oH: no port is probed"],
  ["-sL --dns-servers no-such-name.invalid 192.0.2.1", 1, "no-such-name.invalid"],
  ["-sL 256.1.1.1", 1, '"256.1.1.1"'],
];

const PORTS: readonly Row[] = [
  ["-p 65536 127.0.0.1", 1, "65536"],
  ["-p 80-22 127.0.0.1", 1, "80-22"],
  ["-p 22,,80 127.0.0.1", 1, ""],
  ["-p 22;80 127.0.0.1", 1, '"22;80"'],
  ["-p no-such-service 127.0.0.1", 1, "no-such-service"],
  ["-p 22 --exclude-ports 22 127.0.0.1", 1, "xclude"],
  ["--exclude-ports 70000 127.0.0.1", 1, "70000"],
  ["--top-ports 0 127.0.0.1", 1, '--top-ports "0"'],
  ["--top-ports 65537 127.0.0.1", 1, '--top-ports "65537"'],
  ["--top-ports many 127.0.0.1", 1, '--top-ports "many"'],
  ["-p", 1, "Cannot use -p without a value"],
];

const FLAGS: readonly Row[] = [
  ["--nonesuch 127.0.0.1", 1, "Unknown flag --nonesuch. Try --help"],
  ["-Z 127.0.0.1", 1, "Unknown flag -Z"],
  ["--script vuln 127.0.0.1", 1, "Cannot use --script: "],
  ["-T6 127.0.0.1", 1, '-T "6"'],
  ["-T fast 127.0.0.1", 1, '-T "fast"'],
  ["--max-rate 0 127.0.0.1", 1, '--max-rate "0"'],
  ["--max-rate -5 127.0.0.1", 1, '--max-rate "-5"'],
  ["--max-rate fast 127.0.0.1", 1, '--max-rate "fast"'],
  ["--min-rate 1e9999 127.0.0.1", 1, "--min-rate"],
  ["--max-retries -1 127.0.0.1", 1, '--max-retries "-1"'],
  ["--max-retries 1.5 127.0.0.1", 1, '--max-retries "1.5"'],
  ["--timeout soon 127.0.0.1", 1, '--timeout "soon"'],
  ["--timeout 0 127.0.0.1", 1, '--timeout "0"'],
  ["--deadline 5y 127.0.0.1", 1, '--deadline "5y"'],
  ["--ttl 0 127.0.0.1", 1, '--ttl "0"'],
  ["--ttl 256 127.0.0.1", 1, '--ttl "256"'],
  ["-g 0 127.0.0.1", 1, '-g "0"'],
  ["-g 65536 127.0.0.1", 1, '-g "65536"'],
  ["--seed x 127.0.0.1", 1, '--seed "x"'],
  ["--shard 0/3 --seed 1 127.0.0.1", 1, '--shard "0/3"'],
  ["--shard 4/3 --seed 1 127.0.0.1", 1, '--shard "4/3"'],
  ["--shard 3 --seed 1 127.0.0.1", 1, '--shard "3"'],
  ["--transport pigeon 127.0.0.1", 1, '--transport "pigeon"'],
  ["--fields colour 127.0.0.1", 1, "colour"],
  ["--json=yes 127.0.0.1", 1, "Cannot give --json the value"],
  ["-sL -e nosuch0 127.0.0.1", 1, "Cannot send by nosuch0: there is no such interface. Give one of lo"],
  ...["", "-sT ", "-sn ", "--dry-run "].flatMap((flags): Row[] => [
    [`${flags}-e nosuch0 127.0.0.1`, 1, "Cannot send by nosuch0: there is no such interface. Give one of lo"],
    [`${flags}-S nonsense 127.0.0.1`, 1, "Cannot send from nonsense: it is not an IPv4 address"],
    [`${flags}-S nonsense ::1`, 1, "Cannot send from nonsense: it is not an IP address"],
  ]),
  ["-sn -e nosuch0", 1, "Cannot send by nosuch0: there is no such interface. Give one of lo"],
];

const TECHNIQUES: readonly Row[] = [
  ["--scanflags SYNX 127.0.0.1", 1, 'Cannot use --scanflags "SYNX"'],
  ["--scanflags syn,ack 127.0.0.1", 1, 'Cannot use --scanflags "syn,ack"'],
  ["--scanflags NONESYN 127.0.0.1", 1, "NONE goes with no other name"],
  ["--scanflags FINFIN 127.0.0.1", 1, "a name is given twice"],
  ["--scanflags SYNRST 127.0.0.1", 1, "Leave RST out"],
  ["--scanflags 256 127.0.0.1", 1, "it is above 255"],
  ["--scanflags -1 127.0.0.1", 1, "--scanflags"],
  ["--scanflags", 1, "Cannot use --scanflags without a value"],
  ["-sF -sX --scanflags FIN 127.0.0.1", 1, "--scanflags together with -sF and -sX"],
  ["-sT -sS 127.0.0.1", 1, "-sS together with -sT"],
  ["-sTA 127.0.0.1", 1, "-sA together with -sT"],
  ["-sT --scanflags SYN 127.0.0.1", 1, "-sT together with --scanflags"],
  ["-sT --syn-options mss 127.0.0.1", 1, "-sT together with --syn-options"],
  ["-sT --transport sendto 127.0.0.1", 1, "-sT together with --transport"],
  ["-sT -g 53 127.0.0.1", 1, "-sT together with -g"],
  ["-sT --packet-trace 127.0.0.1", 1, "-sT together with --packet-trace"],
  ["-sA --syn-options mss 127.0.0.1", 1, "-sA together with --syn-options"],
  ["--scanflags FIN --syn-options mss 127.0.0.1", 1, "without a SYN"],
  ["--syn-options beos 127.0.0.1", 1, '--syn-options "beos"'],
  ["-sS -p U:53 127.0.0.1", 1, '"U:53" names ports of UDP'],
  ["-p 80,U:53,161 127.0.0.1", 1, "Add -sU, or remove them"],
  ["-sU -p T:80 127.0.0.1", 1, '"T:80" names ports of TCP'],
  ["-sU -p S:80 127.0.0.1", 1, "a protocol other than TCP and UDP"],
  ["-sSU -p U:53 127.0.0.1", 1, "Cannot scan ports of TCP"],
  ["-sTU -p T:22 127.0.0.1", 1, "Cannot scan ports of UDP"],
  ["-sU --exclude-ports U:53 127.0.0.1", 1, "in the excluded ports"],
  ["-sU --traceroute 127.0.0.1", 1, "Cannot trace paths by a UDP scan"],
  ["-sS 127.0.0.1:U:53", 1, '"U:53" names ports of UDP, which is not scanned'],
  ["-sU 127.0.0.1:T:80", 1, '"T:80" names ports of TCP'],
  ["-sS -sU 127.0.0.1:T:80", 1, '"T:80" names a protocol, and these ports are of all'],
  ["-sS -sU [::1]:U:53", 1, "Remove it, or write it with -p"],
  ["-sS -sU -p S:9,U:53,T:1 127.0.0.1", 1, '"S:9" names a protocol other than TCP and UDP'],
  ["-sU -p P:1 127.0.0.1", 1, "a protocol other than TCP and UDP"],
  ["-sU -sT -p U:53 127.0.0.1", 1, "Cannot scan ports of TCP"],
  ["-sU -p U: 127.0.0.1", 1, "an item is empty"],
  ["-sU --exclude-ports T:53 127.0.0.1", 1, "in the excluded ports"],
  ["-sY 127.0.0.1", 1, "synscan does not scan SCTP"],
  ["-sU --nmap-payloads none 127.0.0.1", 1, "probes of UDP carry requests of their own"],
  ["-sU --pcap-payloads none 127.0.0.1", 1, "Leave the flag out"],
  ["-sU --data 00 127.0.0.1", 1, "Cannot use --data"],
];

const SUBCOMMAND_ROWS: readonly Row[] = [
  ["--stats-every soon 127.0.0.1", 1, '--stats-every "soon"'],
  ["--config empty 127.0.0.1", 1, "it is not JSON"],
  ["resume none", 1, "none"],
  ["resume", 1, "Write synscan resume FILE"],
  ["completion tcsh", 1, "Use bash, zsh, fish"],
  ["man 127.0.0.1", 1, "to scan a host of that name"],
];

const FILE_ROWS: readonly Row[] = [
  ["-iL none", 1, 'Cannot read "none" for -iL: no such file or directory'],
  ["-iL folder", 1, 'Cannot read "folder" for -iL: it is a directory'],
  ["-iL secret", 2, 'Cannot read "secret" for -iL: permission denied'],
  ["-iL binary", 1, 'Cannot read "binary" for -iL: it is not text in UTF-8'],
  ["-iL empty", 1, "no target in"],
  ["-iL wrong", 1, "wrong line 3"],
  ["-iL service", 1, "service line 3"],
  ["-iL long", 1, "long line 1"],
  ["-iL -", 1, "no target in"],
  ["--exclude-file none 127.0.0.1", 1, 'Cannot read "none"'],
  ["--exclude-file noports 127.0.0.1", 1, "noports line 1"],
  ["-oJ none/out 127.0.0.1", 1, 'Cannot write "none/out" for -oJ: no such file or directory. Name another file'],
  ["-oX folder 127.0.0.1", 1, "it is a directory"],
  ["-oJ secret 127.0.0.1", 2, "permission denied"],
  ["-oA secret 127.0.0.1", 2, "permission denied"],
  ["127.0.0.1", 2, "Add --allow-ffi", { denied: ["ffi"] }],
  ["-iL hosts", 2, 'Cannot read "hosts": -iL needs the right to read files. Add --allow-read', { denied: ["read"] }],
  ["--exclude-file no h", 2, "--exclude-file needs the right to read files. Add --allow-read", { denied: ["read"] }],
  ["-oJ out 127.0.0.1", 2, "-oJ needs the right to write files. Add --allow-write", { denied: ["write"] }],
];

const ROWS = [...TARGETS, ...NAMES, ...HOSTS, ...PORTS, ...FLAGS, ...TECHNIQUES, ...SUBCOMMAND_ROWS, ...FILE_ROWS];

Deno.test("bad input: there are rows enough", () => {
  assert(ROWS.length >= 60, `${ROWS.length}`);
});

function isOneLine(text: string, status: number, row: string): void {
  assert(/^[^\n]+\n$/.test(text), `${row}: not one line: ${text}`);
  assert(!/\p{Cc}/u.test(text.slice(0, -1)), `${row}: control characters`);
  assert(!/\bat (async )?[\w.]+ \(|file:\/\/|Error:|undefined|NaN|\[object/.test(text), `${row}: ${text}`);
  assert(!text.startsWith("Cannot go on:"), `${row}: unforeseen: ${text}`);
  assert(text.length < 500, `${row}: ${text.length} characters`);
  assert(status === 1 || status === 2, `${row}: status ${status}`);
}

for (const [line, status, says, options] of ROWS) {
  Deno.test(`bad input: ${line === "" ? "nothing" : line.slice(0, 60)}`, async () => {
    const world = new FakeWorld({ files: FILES, ...options });
    const actual = await main(line === "" ? [] : line.split(" "), { listHosts, planScan, scan, suggestSource }, world);
    isOneLine(world.stderr, actual, line);
    assertStringIncludes(world.stderr, says);
    assertEquals([actual, world.stdout], [status, ""], world.stderr);
  });
}

for (const [line] of TECHNIQUES) {
  Deno.test(`bad input: ${line} writes no report`, async () => {
    const world = new FakeWorld({ files: FILES });
    const status = await main(
      ["-oX", "new.xml", ...line.split(" ")],
      { listHosts, planScan, scan, suggestSource },
      world,
    );
    isOneLine(world.stderr, status, line);
    assertEquals([status, [...world.written.keys()]], [1, []]);
  });
}

for (const [line, status, says] of [TARGETS[2]!, PORTS[0]!, FLAGS[0]!, FLAGS[2]!, FILE_ROWS[0]!]) {
  Deno.test(`bad input, as a program with --allow-ffi alone: ${line}`, async () => {
    const { code, out, err } = await ended(start(synscan(line.split(" "), ["--allow-ffi"])));
    isOneLine(err, code, line);
    const denied = line.startsWith("-iL");
    assertStringIncludes(err, denied ? "--allow-read" : says);
    assertEquals([code, out], [denied ? 2 : status, ""]);
  });
}
