import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { scan } from "../../support/library.ts";
import { type CommandLine, emptyCommandLine } from "../../../src/cli/args/command_line.ts";
import { type Flag, FLAGS, SPELLINGS } from "../../../src/cli/args/flags.ts";
import { nearest } from "../../../src/base/suggest.ts";
import { foreignFlags } from "../../../src/cli/args/foreign_flags.ts";
import { parseCommandLine } from "../../../src/cli/args/parse.ts";
import { fieldNamed } from "../../../src/report/fields.ts";
import type { FormatName } from "../../../src/report/formats.ts";
import { UsageError } from "../../../src/base/errors.ts";
import { MAX_WORKERS } from "../../../src/scan/options.ts";

/** A time in local time: 21 November 2026, 04:41:06. */
const AT = new Date(2026, 10, 21, 4, 41, 6).getTime();

const read = (line: string) => parseCommandLine(line.split(" ").filter((arg) => arg !== ""), [], { typedAtMs: AT });

type Changes = Partial<Omit<CommandLine, "scan">> & { readonly scan?: CommandLine["scan"] };

const LINES: readonly (readonly [string, Changes])[] = [
  ["10.0.0.1", { targets: ["10.0.0.1"] }],
  ["10.0.0.1 a.example", { targets: ["10.0.0.1", "a.example"] }],
  ["-r 127.0.0.1 -p 20-139 -v true", { targets: ["127.0.0.1"], scan: { ports: "20-139" }, verbosity: 1 }],
  ["-r 127.0.0.1 -p 20-139 -v false", { targets: ["127.0.0.1"], scan: { ports: "20-139" }, verbosity: 0 }],
  ["--range=10.0.0.0/8 10.0.0.1", { targets: ["10.0.0.0/8", "10.0.0.1"] }],
  ["-p22 h", { targets: ["h"], scan: { ports: "22" } }],
  ["-p 22 h", { targets: ["h"], scan: { ports: "22" } }],
  ["-p=22 h", { targets: ["h"], scan: { ports: "22" } }],
  ["--ports 22,80 h", { targets: ["h"], scan: { ports: "22,80" } }],
  ["--ports=22,80 h", { targets: ["h"], scan: { ports: "22,80" } }],
  ["-p- h", { targets: ["h"], scan: { ports: "-" } }],
  ["-p - h", { targets: ["h"], scan: { ports: "-" } }],
  ["-p -100 h", { targets: ["h"], scan: { ports: "-100" } }],
  ["-F h", { targets: ["h"], scan: { topPorts: 100 } }],
  ["--top-ports 10 h", { targets: ["h"], scan: { topPorts: 10 } }],
  ["--exclude-ports 25 h", { targets: ["h"], scan: { excludePorts: "25" } }],
  ["-sS h", { targets: ["h"], scan: { technique: "syn" } }],
  ["-sT h", { targets: ["h"], scan: { technique: "connect" } }],
  ["-sF -sS h", { targets: ["h"], scan: { technique: ["syn", "fin"] } }],
  ["-sSA --syn-options linux h", { targets: ["h"], scan: { technique: ["syn", "ack"], synOptions: "linux" } }],
  ["-Pn -n h", { targets: ["h"], scan: { hostnames: "never", noDiscovery: true } }],
  ["-sn h", { targets: ["h"], scan: { hostsOnly: true } }],
  ["-PE -PS22,80-81 -PA h", {
    targets: ["h"],
    scan: { pings: ["echo", "syn:22", "syn:80", "syn:81", "ack:80"] },
  }],
  ["-PU -PU53,161 h", { targets: ["h"], scan: { pings: ["udp:40125", "udp:53", "udp:161"] } }],
  ["-PP -PM -PS 443 h", { targets: ["h"], scan: { pings: ["timestamp", "mask", "syn:443"] } }],
  ["--disable-arp-ping --discovery-ignore-rst h", { targets: ["h"], scan: { arpPing: false, ignoreRst: true } }],
  ["-A h", { targets: ["h"], scan: { services: {}, traceroute: "auto" } }],
  ["-vA h", { targets: ["h"], scan: { services: {}, traceroute: "auto" }, verbosity: 1 }],
  ["-A --traceroute --version-light h", { targets: ["h"], scan: { services: { intensity: 2 }, traceroute: true } }],
  ["-sL h", { targets: ["h"], action: "list" }],
  ["-R --dns-servers 192.0.2.53,ns:5353 --dns-servers 192.0.2.54 h", {
    targets: ["h"],
    scan: { hostnames: "all", dnsServers: ["192.0.2.53", "ns:5353", "192.0.2.54"] },
  }],
  ["-nFv h", { targets: ["h"], scan: { hostnames: "never", topPorts: 100 }, verbosity: 1 }],
  ["-nPn h", { targets: ["h"], scan: { hostnames: "never", noDiscovery: true } }],
  ["-nvsSA h", { targets: ["h"], scan: { hostnames: "never", technique: ["syn", "ack"] }, verbosity: 1 }],
  ["-nPS22,80 h", { targets: ["h"], scan: { hostnames: "never", pings: ["syn:22", "syn:80"] } }],
  ["-niL hosts", { targetFiles: ["hosts"], scan: { hostnames: "never" } }],
  ["-noX x h", { targets: ["h"], scan: { hostnames: "never" }, outputs: [{ format: "xml", path: "x", flag: "-oX" }] }],
  ["-nT4 h", { targets: ["h"], scan: { hostnames: "never", timing: 4 } }],
  ["-vp 7 h", { targets: ["h"], scan: { ports: "7" }, verbosity: 1 }],
  ["-nv 7 h", { targets: ["h"], scan: { hostnames: "never" }, verbosity: 7 }],
  ["-T4 h", { targets: ["h"], scan: { timing: 4 } }],
  ["-T 4 h", { targets: ["h"], scan: { timing: 4 } }],
  ["-T aggressive h", { targets: ["h"], scan: { timing: 4 } }],
  ["-Tinsane h", { targets: ["h"], scan: { timing: 5 } }],
  ["-T0 h", { targets: ["h"], scan: { timing: 0 } }],
  ["--timing paranoid h", { targets: ["h"], scan: { timing: 0 } }],
  ["-v h", { targets: ["h"], verbosity: 1 }],
  ["-vv h", { targets: ["h"], verbosity: 2 }],
  ["-v -v h", { targets: ["h"], verbosity: 2 }],
  ["-v3 h", { targets: ["h"], verbosity: 3 }],
  ["-v -vv h", { targets: ["h"], verbosity: 3 }],
  ["--verbose true h", { targets: ["h"], verbosity: 1 }],
  ["-v h true", { targets: ["h", "true"], verbosity: 1 }],
  ["-e eth0 h", { targets: ["h"], scan: { interface: "eth0" } }],
  ["-eeth0 h", { targets: ["h"], scan: { interface: "eth0" } }],
  ["-S 10.0.0.9 h", { targets: ["h"], scan: { sourceIp: "10.0.0.9" } }],
  ["-g 53 h", { targets: ["h"], scan: { sourcePort: 53 } }],
  ["-g53 h", { targets: ["h"], scan: { sourcePort: 53 } }],
  ["--source-port 53 h", { targets: ["h"], scan: { sourcePort: 53 } }],
  ["--ttl 12 h", { targets: ["h"], scan: { ttl: 12 } }],
  ["--max-rate 500 h", { targets: ["h"], scan: { maxRatePps: 500 } }],
  ["--max-rate 0.5 h", { targets: ["h"], scan: { maxRatePps: 0.5 } }],
  ["--max-rate=10k h", { targets: ["h"], scan: { maxRatePps: 10_000 } }],
  ["-max-rate 10k h", { targets: ["h"], scan: { maxRatePps: 10_000 } }],
  ["--min-rate 1.5M h", { targets: ["h"], scan: { minRatePps: 1_500_000 } }],
  ["--max-retries 0 h", { targets: ["h"], scan: { maxRetries: 0 } }],
  ["--timeout 500ms h", { targets: ["h"], scan: { timeoutMs: 500 } }],
  ["--initial-rtt-timeout 2 h", { targets: ["h"], scan: { timeoutMs: 2000 } }],
  ["--max-rtt-timeout 2s h", { targets: ["h"], scan: { maxRttTimeoutMs: 2000 } }],
  ["--host-timeout 30 h", { targets: ["h"], scan: { hostTimeoutMs: 30_000 } }],
  ["--host-timeout=1500ms h", { targets: ["h"], scan: { hostTimeoutMs: 1500 } }],
  ["-host-timeout 9999 h", { targets: ["h"], scan: { hostTimeoutMs: 9_999_000 } }],
  ["--host-timeout 0 h", { targets: ["h"] }],
  ["--deadline 1.5m h", { targets: ["h"], scan: { deadlineMs: 90_000 } }],
  ["--deadline 1h30m h", { targets: ["h"], scan: { deadlineMs: 5_400_000 } }],
  ["--timeout 60 h", { targets: ["h"], scan: { timeoutMs: 60_000 } }],
  ["--max-rtt-timeout 0.5s h", { targets: ["h"], scan: { maxRttTimeoutMs: 500 } }],
  ["-q --stats-every 1m5s h", { targets: ["h"], quiet: true, progress: false, statsEveryMs: 65_000 }],
  ["--deadline 1h h", { targets: ["h"], scan: { deadlineMs: 3_600_000 } }],
  ["-iL hosts", { targetFiles: ["hosts"] }],
  ["-iL -", { targetFiles: ["-"] }],
  ["--exclude 10.0.0.1,10.0.0.2 h", { targets: ["h"], exclude: ["10.0.0.1,10.0.0.2"] }],
  ["--excludefile no h", { targets: ["h"], excludeFiles: ["no"] }],
  ["--exclude-file no h", { targets: ["h"], excludeFiles: ["no"] }],
  ["--include-reserved h", { targets: ["h"], scan: { includeReserved: true } }],
  ["--all-addresses h", { targets: ["h"], scan: { allAddresses: true } }],
  ["--open --reason h", { targets: ["h"], openOnly: true, reason: true }],
  ["-open h", { targets: ["h"], openOnly: true }],
  ["--open=true h", { targets: ["h"], openOnly: true }],
  ["--open=false h", { targets: ["h"] }],
  ["-open=true h", { targets: ["h"], openOnly: true }],
  ["--dry-run=true h", { targets: ["h"], action: "dry-run" }],
  ["--dry-run=false h", { targets: ["h"] }],
  ["-iL a --exclude-file ./a", { targetFiles: ["a"], excludeFiles: ["./a"] }],
  ["--fields ip,port h", { targets: ["h"], fields: [fieldNamed("ip")!, fieldNamed("port")!] }],
  ["--fields IP,Port h", { targets: ["h"], fields: [fieldNamed("ip")!, fieldNamed("port")!] }],
  ["--packet-trace h", { targets: ["h"], packetTrace: true }],
  ["--dry-run h", { targets: ["h"], action: "dry-run" }],
  ["--no-progress h", { targets: ["h"], progress: false }],
  ["--transport sendto h", { targets: ["h"], scan: { transport: "sendto" } }],
  ["--workers 2 h", { targets: ["h"], scan: { workers: 2 } }],
  ["--shard 2/3 --seed 7 h", { targets: ["h"], scan: { shard: { index: 2, count: 3 }, seed: 7 } }],
  ["-q h", { targets: ["h"], quiet: true, progress: false }],
  ["--color never h", { targets: ["h"], color: "never" }],
  ["-phttp h", { targets: ["h"], scan: { ports: "http" } }],
  ["-pssh,http h", { targets: ["h"], scan: { ports: "ssh,http" } }],
  ["-h", { action: "help" }],
  ["--help all", { action: "help-all" }],
  ["--help=all", { action: "help-all" }],
  ["-V", { action: "version" }],
];

/** Lines with the target h, and their reports: format, path and flag of each. */
const OUTPUTS: readonly (readonly [line: string, outputs: string, changes?: Changes])[] = [
  ["-oX ./-T4 h", "xml ./-T4 -oX"],
  ["--xml-file=-T4 h", "xml -T4 --xml-file"],
  ["-oX a -oC b/a h", "xml a -oX; csv b/a -oC"],
  ["-oX /dev/null -oC /dev/null h", "xml /dev/null -oX; csv /dev/null -oC"],
  ["--json h", "json - --json"],
  ["-oJ - h", "json - -oJ"],
  ["-oJ out h", "json out -oJ"],
  ["-oX - h", "xml - -oX"],
  ["-oC c -oL l h", "csv c -oC; list l -oL"],
  [
    "-oA base h",
    "normal base.nmap -oA; xml base.xml -oA; grepable base.gnmap -oA; json base.json -oA; html base.html -oA",
  ],
  [
    "-oX scan-%T-%D.xml -oJ %Y%m%d-%H%M%S -oG %F.%R.%y h",
    "json 20261121-044106 -oJ; xml scan-044106-112126.xml -oX; grepable 2026-11-21.0441.26 -oG",
  ],
  ["-oX 100%%-%z% -oL %%Y h", "xml 100%-z -oX; list %Y -oL"],
  ["--ip-port -oI %S h", "ip-port - --ip-port; ip-port 06 -oI"],
  ["-oX - --fields ip h", "xml - -oX", { fields: [fieldNamed("ip")!] }],
  ["--json --json h", "json - --json"],
  ["--dry-run -oJ - h", "json - -oJ", { action: "dry-run" }],
  ["--dry-run -oN - h", "normal - -oN", { action: "dry-run" }],
];

const OUTPUT_LINES = OUTPUTS.map(([line, outputs, changes]) => {
  const listed = outputs.split("; ").map((output) => {
    const [format = "", path = "", flag = ""] = output.split(" ");
    return { format: format as FormatName, path, flag };
  });
  return [line, { targets: ["h"], outputs: listed, ...changes }] as const;
});

for (const [line, changes] of [...LINES, ...OUTPUT_LINES]) {
  Deno.test(`parse: ${line}`, () => {
    assertEquals({ ...read(line), effective: [] }, { ...emptyCommandLine(AT), ...changes });
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["--max-rat 5 h", "Unknown flag --max-rat. Did you mean --max-rate?"],
  ["--prots 5 h", "Unknown flag --prots. Did you mean --ports?"],
  [
    "-sF -sT h",
    "Cannot use -sF together with -sT: both probe TCP ports, and the kernel sends the packets of one. Scan once",
  ],
  ["-sST h", "Cannot use -sS together with -sT: both probe TCP ports"],
  ["-sS -sF --scanflags SYN h", "Cannot use --scanflags together with -sS and -sF: the flags are those of one probe"],
  ["-sU --scanflags SYN h", "Cannot use -sU together with --scanflags: datagrams have no TCP flags"],
  ["-sT --scanflags SYN h", "Cannot use -sT together with --scanflags: the kernel sets the flags"],
  ["-sF --syn-options linux h", "Cannot use -sF together with --syn-options: its probes are no SYN"],
  ["--syn-options solaris h", 'Cannot read --syn-options "solaris"'],
  ["--scanflags SYNFOO h", 'Cannot use --scanflags "SYNFOO": it is not made of FIN, SYN, '],
  ["--scanflags SYNACKSYN h", 'Cannot use --scanflags "SYNACKSYN": a name is given twice. Give each once'],
  ["--scanflags NONEACK h", 'Cannot use --scanflags "NONEACK": NONE goes with no other name'],
  ["--scanflags SYNRST h", 'Cannot use --scanflags "SYNRST": no host replies to a segment with RST'],
  ["--scanflags 0x100 h", 'Cannot use --scanflags "0x100": it is above 255'],
  ["-l hosts", "Cannot use -l: a list of targets has another flag. Use -iL FILE"],
  ["-o f h", "Cannot use -o: each format has a flag of its own"],
  ["-j h", "Cannot use -j: this flag has another name. Use --json"],
  ["-i eth0 h", "Cannot use -i: the interface has another flag. Use -e NAME"],
  ["-iface eth0 h", "Cannot use -iface: the interface has another flag. Use -e NAME"],
  ["--offline h", "Use --dry-run"],
  ["--pps 5 h", "Use --max-rate RATE, in probes a second"],
  ["-r", "Write -r TARGET. The order is random, common ports first; nmap's -r (ports in order) does not exist"],
  [
    "-r -p80 h",
    '"-p80" looks like a flag. Write -r TARGET. The order is random, common ports first; nmap\'s -r (ports in order) does not exist',
  ],
  [
    "-r 10k h",
    "Cannot use -r 10k: it takes a target, such as 192.0.2.7. For a rate, as with zmap, write --max-rate 10k",
  ],
  ["--range 1-1000 h", "For ports, as with RustScan, write -p 1-1000"],
  [
    "-r 1.1.1.1 h",
    "Cannot use -r 1.1.1.1 beside other targets: for DNS servers, as with naabu, write --dns-servers 1.1.1.1",
  ],
  ["-iL hosts -r 1.1.1.1", "for a target, leave out -r"],
  ["-- -sV", 'Cannot scan "-sV": behind --, everything is a target. Write flags before it'],
  ["h -- -A", "Write flags before it"],
  ["--exclude -T4 h", 'Cannot use --exclude without a value: "-T4" looks like a flag. Write --exclude TARGETS'],
  ["--dns-servers -T4 h", "looks like a flag. Write --dns-servers SERVERS"],
  ["-PShttp h", "Cannot use -PShttp: ports of pings are numbers. Write them as in -PS22,80-82"],
  ["-PA80, h", "Cannot use -PA80,: ports of pings are numbers"],
  ["-PUx h", "Write them as in -PU22,80-82"],
  ["-health-chec h", "Unknown flag -health-chec. Update the checkout. For a value of -e, write -e alth-chec"],
  ["-help-me h", "Unknown flag -help-me. Try --help. For a value of -e, write -e lp-me"],
  ["-exotic h", "Unknown flag -exotic. Try --help. For a value of -e, write -e xotic"],
  [
    "-b 4 h",
    "for a list of exclusions, as with zmap, --exclude-file FILE; for batches, as with RustScan, --max-rate RATE",
  ],
  ["-f saddr h", "for fields, as with zmap, use --fields NAMES"],
  ["-B10M h", "Cannot use -B: the rate is in probes, not in bits"],
  ["-nPX h", "Unknown flag -nPX. Try --help"],
  [
    "--open true h",
    'Cannot scan "true": not a target. Did you mean --open=true? For a host of that name, put -- before it',
  ],
  ["-nd h", "Cannot use -d: synscan has no debugging levels"],
  ["--max-rate 0 h", 'Cannot read --max-rate "0": a rate is above 0, and at most 1000m'],
  ["--max-rate 1001m h", "a rate is above 0, and at most 1000m"],
  ["--max-rate fast h", "not a number of probes a second"],
  ["--deadline 0 h", "a duration is from 1ms to 8784h, which is 366 days"],
  ["--deadline 8785h h", "a duration is from 1ms to 8784h"],
  ["--seed 9007199254740992 h", "not a whole number from 0 to 9007199254740991"],
  ["-p 22 80 h", 'Cannot scan "80": not a target. Did you mean -p 22,80?'],
  ["-p 22 80-90,443 h", "Did you mean -p 22,80-90,443?"],
  ["-p 22, 80 h", "Did you mean -p 22,80?"],
  ["8022", 'Cannot scan "8022": not a target. For a port, write -p 8022'],
  ["h 8022", "For a port, write -p 8022"],
  ["--db x diff 1 2", 'Cannot scan "diff": a subcommand comes first. Write synscan diff, then its flags'],
  ["--no-config help resume", 'Cannot scan "help": a subcommand comes first. Write synscan help, then its flags'],
  ["-v resume scan.json", 'Cannot scan "resume": a subcommand comes first'],
  ["-timeout 500 h", 'Cannot read -timeout "500": the unit is missing. Write 500ms or 500s'],
  ["--max-rtt-timeout 61 h", "Write 61ms or 61s"],
  ["--deadline 1h30 h", "not a duration. Write it as 500ms, 2s, 1m or 1h30m"],
  ["--rate 5 h", "Cannot use --rate: the rate has another flag. Use --max-rate RATE"],
  ["-rate 5 h", "Cannot use -rate: the rate has another flag. Use --max-rate RATE"],
  ["-rate=5 h", "Cannot use -rate: "],
  ["-retry 3 h", "Cannot use -retry: this flag has another name. Use --max-retries N"],
  [
    "-exclude-cdn h",
    "Cannot use -exclude-cdn: content delivery networks are not recognised. Name their addresses with --exclude TARGETS",
  ],
  ["-ec h", "Cannot use -ec: content delivery networks are not recognised"],
  ["-verify h", "Cannot use -verify: open ports are not verified by a second technique. Use -sT"],
  ["-tp 100 h", "Use --top-ports N"],
  ["-exclde 192.0.2.1 h", "Unknown flag -exclde. Did you mean --exclude? For a value of -e, write -e xclde"],
  ["-prots 80 h", "Unknown flag -prots. Did you mean --ports? For a value of -p, write -p rots"],
  ["-silentt h", "Unknown flag -silentt"],
  ["-scan-al-ips h", "Unknown flag -scan-al-ips"],
  ["-greppable h", "Cannot use -greppable: output for programs has other flags. Use --ip-port, -oG - or --json"],
  ["-status-code h", "Cannot use -status-code: synscan does not request pages"],
  ["--target-ports 80 h", "Cannot use --target-ports: this flag has another name. Use -p PORTS"],
  ["-q -v h", "Cannot use -q together with -v"],
  ["--color blue h", 'Cannot read --color "blue": unknown. Use auto, always, never'],
  ["-max-rat 5 h", "Unknown flag -max-rat. Did you mean --max-rate?"],
  ["--qqqqqq h", "Unknown flag --qqqqqq. Try --help"],
  ["-sU -sn h", "Cannot use -sU together with -sn: no port is probed"],
  ["-PY53 h", "Cannot use -PY: synscan pings by ICMP, TCP and UDP only. Use -PE, -PS22,443, -PA80 or -PU53"],
  ["-PS70000 h", "70000"],
  ["-PS1-65 h", "Cannot use -PS1-65: 65 pings of each host are too many. Name 64 ports"],
  ["-sn -p 22 h", "Cannot use -p together with -sn: no port is probed. Scan the ports, or leave them out"],
  ["-sn -sS h", "Cannot use -sS together with -sn: no port is probed"],
  ["-sn --open h", "Cannot use --open together with -sn: no port is probed. Scan the ports, or leave one of them out"],
  ["-sn --filter state=open h", "Cannot use --filter together with -sn: no port is probed"],
  ["-sn -oC x h", "Cannot use -sn with -oC: no port is probed. Use --json, -oN, -oX or -oG, or leave one of them out"],
  ["-sn --ip-port h", "Cannot use -sn with --ip-port: no port is probed"],
  ["-sn -Pn h", "Cannot use -sn together with -Pn: no host is probed at all then"],
  ["-Pn -PE h", "Cannot use -PE together with -Pn: one finds hosts, the other probes all of them"],
  ["-PR --disable-arp-ping h", "Cannot use -PR together with --disable-arp-ping: they contradict each other"],
  ["--host-timeout 10000 h", 'Cannot read --host-timeout "10000": the unit is missing. Write 10000ms or 10000s'],
  ["--host-timeout soon h", "not a duration. Write it as 500ms, 2s, 1m or 1h30m"],
  ["--scan-delay 1s h", "Use --max-rate"],
  ["-D1.2.3.4 h", "Cannot use -D: "],
  ["-p", "Cannot use -p without a value. Write -p PORTS"],
  ["-p --open h", "Cannot use -p without a value. Write -p PORTS"],
  ["--ports= h", "Cannot use --ports without a value. Write --ports PORTS"],
  ["-p 22 -p 80 h", 'Cannot take -p twice, as "22" and "80"'],
  [
    "-oX -T4 h",
    'Cannot use -oX without a value: "-T4" looks like a flag. For a file of that name, write -oX ./-T4',
  ],
  ["-oA -T4 h", "write -oA ./-T4"],
  ["-iL -T4 h", "write -iL ./-T4"],
  ["--db -p22 h", "write --db ./-p22"],
  ["--config -p22 h", "write --config ./-p22"],
  ["-e -T4 h", 'Cannot use -e without a value: "-T4" looks like a flag. Write -e NAME'],
  ["--open=yes h", 'Cannot give --open the value "yes": it takes only true or false'],
  ["--verbose=loud h", 'Cannot give --verbose the value "loud": it takes none'],
  ["-sS -sT h", "Cannot use -sS together with -sT"],
  ["-sST h", "Cannot use -sS together with -sT"],
  ["-F -p 22 h", "Cannot use -p together with -F"],
  ["--top-ports 5 -F h", "Cannot use --top-ports together with -F"],
  ["-sT --transport ethernet h", "Cannot use -sT together with --transport"],
  ["--min-rate 10 --max-rate 5 h", "Cannot use --min-rate 10 with --max-rate 5"],
  ["--timeout 3s --max-rtt-timeout 1s h", "longer than 1000 ms"],
  ["--shard 1/2 h", "Cannot use --shard without --seed"],
  ["--json -oJ - h", "Cannot write two reports to standard output"],
  ["-oJ a -oJ a h", 'Cannot write two reports to "a"'],
  ["-oJ out.j -oC ./out.j h", 'Cannot write two reports to "out.j" and "./out.j", which are one file'],
  ["-oJ a//b -oC a/c/../b h", 'Cannot write two reports to "a//b" and "a/c/../b"'],
  ["--db h.db -oJ h.db h", 'Cannot write a report and the history to "h.db". Give each a different file name'],
  ["--db h.db -oJ ./h.db h", 'Cannot write a report and the history to "./h.db" and "h.db", which are one file'],
  ["show 1 --db h.db -oJ h.db", 'Cannot write a report and the history to "h.db"'],
  ["--checkpoint c -oJ c h", 'Cannot write a report and a checkpoint to "c". Give each a different file name'],
  ["--checkpoint c --db ./c h", 'Cannot write a checkpoint and the history to "c" and "./c"'],
  [
    "-iL hosts -oN hosts",
    'Cannot write a report to "hosts": targets are read from there. Give each a different file name',
  ],
  ["-iL base.xml -oA ./base", 'Cannot write a report to "./base.xml" and "base.xml", which are one file: targets are'],
  ["--exclude-file no --db no h", 'Cannot write the history to "no": exclusions are read from there'],
  ["-oA scans/ h", 'Cannot write to "scans/" with -oA: it names no file. Give the base name'],
  ["\u2013p22 h", "its dash is not the one that flags begin with. Write -p22"],
  ["\u2014open h", "its dash is not the one that flags begin with. Write --open"],
  ["\u2013\u2013max-rate=5 h", "its dash is not the one that flags begin with. Write --max-rate=5"],
  ["--fields port, h", 'Cannot read --fields "port,": an item is empty. Remove the extra comma'],
  ["--wait 5 h", "Cannot use --wait: the last wait follows"],
  ["--adapter-ip 192.0.2.1 h", "Use -S IP"],
  ["--open-only h", "Use --open"],
  ["-c conf h", "Use --config FILE"],
  ["-oB out h", "Cannot use -oB: synscan has no binary format"],
  ["-oA - h", "Cannot write five reports to standard output with -oA. Give the base name"],
  ["--db - h", "Cannot write a history to standard output. Name a file"],
  ["--dry-run -oJ a h", "Cannot write a report of --dry-run to a file"],
  ["--dry-run -oX - h", "Cannot use --dry-run with -oX: nothing is scanned. Use --json, or leave one of them out"],
  ["--dry-run -oC - h", "Cannot use --dry-run with -oC"],
  ["--dry-run -oG - h", "Cannot use --dry-run with -oG"],
  ["-sL -oC x h", "Cannot use -sL with -oC: no port is probed. Use --json, -oN, -oX or -oG, or leave one of them out"],
  ["-oX x -oX x h", "Cannot take -oX twice"],
  ["-oX x -oX y h", 'Cannot take -oX twice, as "x" and "y"'],
  ["-oN base.nmap -oA base h", 'Cannot write two reports to "base.nmap"'],
  ["-oJ base.json -oA base h", 'Cannot write two reports to "base.json"'],
  ["-oH 04.html -oA %H h", 'Cannot write two reports to "04.html"'],
  ["-oI - --json h", "Cannot write two reports to standard output"],
  ["--json -oX - h", "Cannot write two reports to standard output"],
  ["--fields ip,prot h", 'there is no field "prot". Did you mean port?'],
  ["--fields qqqqqq h", "Use ip, port, proto"],
  ["--fields ip,late h", "Cannot make a table of --fields ip,late: it has columns for port, state, service, reason"],
  ["-oN f -oX - --fields late h", "Cannot make a table of --fields late"],
  ["-oN f -oX g --fields late h", "Cannot make a table of --fields late"],
  [
    "--fields ip,port --reason h",
    "Cannot use --reason together with these --fields: reason is none of them. Add it, or leave",
  ],
  ["-oN f --json --fields port --reason h", "reason is none of them"],
  ["--fields ip,port,ip h", 'Cannot read --fields "ip,port,ip": ip is given twice. Name each field once'],
  ["--workers 65 h", 'Cannot read --workers "65": not a whole number from 1 to 64'],
  ["--filter state=opne h", "Write a state: open, closed, filtered, unfiltered, "],
  ["-iL - --exclude-file - h", "Cannot read standard input twice"],
  ["-iL /dev/stdin --exclude-file /proc/self/fd/0 h", "Cannot read standard input twice"],
  ["--json -oX /dev/stdout h", "Cannot write two reports to standard output"],
  ["-oJ /dev/fd/1 -oX /proc/self/fd/1 h", "Cannot write two reports to standard output"],
];

for (const [line, message] of REFUSED) {
  Deno.test(`parse: refuses ${line}`, () => {
    assertThrows(() => read(line), UsageError, message);
  });
}

for (
  const [line, message] of [["-oJ out -oC /w/out h", '"out" and "/w/out"'], ["-iL ../w/out -oC out", '"../w/out"']]
) {
  Deno.test(`parse: refuses ${line}, typed in /w`, () => {
    const args = line!.split(" ");
    parseCommandLine(args, [], { folder: "/elsewhere" });
    assertThrows(() => parseCommandLine(args, [], { folder: "/w" }), UsageError, message);
  });
}

Deno.test("parse: refuses to write over the configuration", () => {
  assertThrows(
    () => parseCommandLine(["-oJ", "c.json", "h"], [], { folder: "/w", configPath: "/w/c.json" }),
    UsageError,
    "the configuration is read from there",
  );
});

Deno.test("parse: takes as many workers as the library does", async () => {
  const running = scan({ targets: "127.0.0.1", workers: MAX_WORKERS + 1 });
  await assertRejects(async () => void await running.plan, UsageError, `from 1 to ${MAX_WORKERS}`);
  running.summary.catch(() => {});
});

Deno.test("parse: a flag of another tool is refused by name, with one dash as with two", () => {
  for (const spelling of Object.keys(foreignFlags())) {
    const named = spelling.startsWith("--") ? spelling.slice(1) : spelling;
    for (const typed of [spelling, named, `${named}=1`]) {
      if (spelling.length < 4 && typed.includes("=")) continue;
      assertThrows(() => read(`${typed} h`), UsageError, "Cannot use -");
    }
  }
});

Deno.test("parse: no two flags share a spelling", () => {
  assertEquals(SPELLINGS.size, FLAGS.flatMap((flag) => [flag.name, ...flag.also]).length);
});

Deno.test("parse: no flag of synscan's is refused as nmap's", () => {
  assertEquals(Object.keys(foreignFlags()).filter((flag) => SPELLINGS.has(flag)), []);
});

Deno.test("parse: whatever is named as nearest to a flag of nmap's exists", () => {
  for (const [flag, { instead = "" }] of Object.entries(foreignFlags())) {
    for (const named of instead.match(/(?<=^|[ ,])--?[A-Za-z][A-Za-z-]*/g) ?? []) {
      assertEquals(
        read(`${named} ${SPELLINGS.get(named)?.takes === undefined ? "" : sample(named)}`) !== null,
        true,
        flag,
      );
    }
  }
});

function sample(flag: string): string {
  const samples: Readonly<Record<string, string>> = {
    "--deadline": "1s",
    "--timeout": "1s",
    "--max-rtt-timeout": "1s",
    "--transport": "sendto",
    "--color": "never",
    "--fields": "port",
    "--filter": "port=1",
    "--shard": "1/1",
    "--syn-options": "mss",
  };
  return samples[flag] ?? "1";
}

Deno.test("parse: every flag of nmap's is known, or refused with a reason", () => {
  for (const flag of NMAP_HELP) {
    if (SPELLINGS.has(flag)) continue;
    assertThrows(() => parseCommandLine([flag, "1", "h"]), UsageError, `Cannot use ${flag}: `);
  }
});

// As `nmap --help` of nmap 7.93 lists them.
const NMAP_HELP =
  `-iL -iR --exclude --excludefile -sL -sn -Pn -PS -PA -PU -PY -PE -PP -PM -PO -n -R --dns-servers --system-dns
--traceroute -sS -sT -sA -sW -sM -sU -sN -sF -sX --scanflags -sI -sY -sZ -sO -b -p --exclude-ports -F -r --top-ports
--port-ratio -sV --version-intensity --version-light --version-all --version-trace -sC --script --script-args
--script-args-file --script-trace --script-updatedb --script-help -O --osscan-limit --osscan-guess -T --min-hostgroup
--max-hostgroup --min-parallelism --max-parallelism --min-rtt-timeout --max-rtt-timeout --initial-rtt-timeout --max-retries
--host-timeout --scan-delay --max-scan-delay --min-rate --max-rate -f --mtu -D -S -e -g --source-port --proxies --data
--data-string --data-length --ip-options --ttl --spoof-mac --badsum -oN -oX -oS -oG -oA -v -d --reason --open --packet-trace
--iflist --append-output --resume --noninteractive --stylesheet --webxml --no-stylesheet -6 -A --datadir --send-eth --send-ip
--privileged --unprivileged -V -h`.split(/\s+/);

Deno.test("nearest: a word of similar length within a third of its letters, or one that contains the typed word", () => {
  const rows: [typed: string, word: string, isNear: boolean][] = [
    ["abc", "abc", true],
    ["abc", "abcd", true],
    ["abc", "ab", true],
    ["abc", "axc", true],
    ["abc", "acb", true],
    ["abc", "xyc", false],
    ["kittens", "sitting", false],
    ["kittenish", "sittingish", true],
    ["--retires", "--max-retries", false],
    ["--max-rtt", "--max-rtt-timeout", true],
    ["--rate", "--max-rate", true],
  ];
  for (const [typed, word, isNear] of rows) {
    assertEquals(nearest(typed, ["unrelated", word]), isNear ? word : undefined, `${typed} ${word}`);
  }
  assertEquals(nearest("--max-rtt", ["--max-rate", "--max-rtt-timeout"]), "--max-rtt-timeout");
  assertEquals(nearest("--target", ["--target-file", "--targets"]), "--targets");
});

Deno.test("parse: --scanflags takes nmap's names in any order, and numbers", () => {
  for (const [text, flags] of [["SYNFIN", 3], ["urgackpsh", 56], ["NONE", 0], ["0x12", 18], ["9", 9]] as const) {
    assertEquals(read(`-sF --scanflags ${text} h`).scan.scanFlags, flags, text);
  }
});

/** A value for each flag that takes one. */
function exampleOf({ name, takes, words }: Flag): string[] {
  if (takes === undefined) return [];
  const values: Record<string, string> = {
    ...{ "--scanflags": "FIN", "--timing": "4", "--stats-every": "1s", "--filter": "state=open", "--fields": "port" },
    ...{ "--max-rate": "5", "--min-rate": "5", "--deadline": "5s", "--host-timeout": "5s", "--timeout": "1s" },
    ...{ "--max-rtt-timeout": "1s", "--shard": "1/1" },
  };
  return [values[name] ?? words?.[0] ?? "7"];
}

/** Returns the flags that are accepted beside others. */
function accepted(others: readonly string[]): string[] {
  return FLAGS.filter((flag) => {
    const { name } = flag;
    if (others.includes(name)) return false;
    try {
      parseCommandLine([...others, name, ...exampleOf(flag), "h"]);
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      assertMatch(error.message, /^Cannot use /, name);
      return false;
    }
  }).map(({ name }) => name);
}

Deno.test("parse: a list of hosts has the flags of targets, and refuses those of a scan", () => {
  const others = new Set(["Targets", "Output", "Other"]);
  const OUTPUT = ["--open", "--reason", "--fields", "--filter", "--changed", "--db", "--checkpoint", "--packet-trace"];
  const refused = [...OUTPUT, "--stats-every", "--dry-run", "--csv-file", "--list-file", "--ip-port"];
  const left = [...refused, "--ip-port-file", "--html-file"];
  assertEquals(
    accepted(["--list-scan"]),
    FLAGS.filter(({ group, name }) => others.has(group) && !left.includes(name)).map(({ name }) => name).concat(
      ["--interface", "--max-rate", "--deadline"],
    ).sort((one, other) => placeOfFlag(one) - placeOfFlag(other)),
  );
});

Deno.test("parse: a scan of hosts alone refuses every flag of ports, and a connect scan those of packets", () => {
  const ofHosts = accepted(["--ping-scan"]);
  for (const { group, name } of FLAGS) if (group === "Ports") assert(!ofHosts.includes(name), name);
  for (const name of ["--where-filtered", "--defeat-icmp-ratelimit", "--fields"]) assert(!ofHosts.includes(name), name);
  for (const name of ["--traceroute", "--reason", "--host-timeout", "--db"]) assert(ofHosts.includes(name), name);
  const finds = ["--disable-arp-ping", "--discovery-ignore-rst"];
  const [alone, withPing] = [accepted(["--connect"]), accepted(["--connect", "--ping-echo"])];
  assertEquals(finds.filter((name) => alone.includes(name)), []);
  assertEquals(finds.filter((name) => withPing.includes(name)), finds);
});

function placeOfFlag(name: string): number {
  return FLAGS.findIndex((flag) => flag.name === name);
}
