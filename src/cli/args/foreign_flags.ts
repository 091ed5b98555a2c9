/**
 * Flags of nmap, masscan, naabu, zmap, RustScan and httpx that synscan does not have: the reason, and the nearest that
 * synscan can do.
 *
 * @module
 */

/** The reason why a flag is refused, and the advice if there is any. */
interface Refusal {
  readonly why: string;
  readonly instead?: string;
}

/** Flags of one reason, as typed there (long names with two dashes); the reason; the advice. */
const refusals = (): readonly (readonly [flags: string, why: string, instead?: string])[] => [
  // nmap.
  ["-iR", "synscan does not choose random targets", "Name targets, or read them with -iL FILE"],
  ["-sI", "synscan has no idle scan", "Use -sS"],
  ["-sY -sZ --adler32", "synscan does not scan SCTP", "Scan TCP ports with -sS or -sT"],
  ["-sO", "synscan does not scan IP protocols", "Scan TCP ports with -sS or -sT"],
  [
    "-b",
    "synscan does not scan through FTP servers",
    "Use -sS or -sT; for a list of exclusions, as with zmap, --exclude-file FILE; for batches, as with RustScan, --max-rate RATE",
  ],
  ["-sR --banners --service-version --service-discovery", "services are identified by one flag", "Use -sV"],
  ["--version-trace --script-trace", "synscan traces packets only", "Use --packet-trace"],
  ["--connection-timeout", "waits for banners follow the round trip of the host", "For probes, use --timeout TIME"],
  ["--http-user-agent", "synscan sends no HTTP requests"],
  [
    "-sC --script --script-args --script-args-file --script-updatedb --script-help --script-timeout --scripts",
    "synscan has no scripts",
    "Run nmap's scripts on the open ports that -oX FILE lists",
  ],
  [
    "--osscan-limit --osscan-guess --fuzzy --max-os-tries",
    "synscan sends no probes for this",
    "Every SYN scan guesses the systems of hosts by their SYN-ACKs",
  ],
  [
    "-O",
    "synscan sends no probes for this",
    "Every SYN scan guesses the systems of hosts by their SYN-ACKs; for a format, as with zmap, use -oC FILE or -oJ FILE",
  ],
  [
    "-PY -PO",
    "synscan pings by ICMP, TCP and UDP only",
    "Use -PE, -PS22,443, -PA80 or -PU53",
  ],
  [
    "--ping --host-discovery --with-host-discovery -wn",
    "hosts beyond own links are pinged by a flag for each ping",
    "Use -PE -PS443 -PA80",
  ],
  ["--skip-host-discovery", "this flag has another name", "Use -Pn"],
  ["--resolver", "DNS servers have another flag", "Use --dns-servers SERVERS"],
  ["--system-dns", "the system looks up names if Deno may not read /etc/resolv.conf", "Leave the flag out"],
  ["--unique", "each address is always scanned once", "Leave the flag out"],
  ["--port-ratio", "synscan has no frequencies of open ports", "Use --top-ports N"],
  ["--versiondb --servicedb --datadir", "synscan does not read nmap's data files", "Name ports with -p PORTS"],
  ["--min-hostgroup --max-hostgroup", "hosts are not scanned in groups but all at once", "Use --max-rate RATE"],
  ["--min-parallelism", "the number of probes in flight follows the rate", "Use --min-rate RATE"],
  ["--max-parallelism --batch-size", "the number of probes in flight follows the rate", "Use --max-rate RATE"],
  [
    "-M",
    "the number of probes in flight follows the rate",
    "Use --max-rate RATE; for a probe module, as with zmap, use -sS, -sU, or -sn -PE",
  ],
  ["--min-rtt-timeout", "the shortest timeout is fixed by -T", "Use --timeout TIME or --max-rtt-timeout TIME"],
  ["--scan-delay --max-scan-delay", "the pause between probes follows the rate", "Use --max-rate RATE"],
  [
    "--defeat-rst-ratelimit",
    "hosts that limit their replies are probed at a lower rate",
    "Leave the flag out",
  ],
  ["--nsock-engine", "synscan has one event loop", "--transport NAME chooses how packets are sent"],
  ["-ff --mtu", "synscan does not fragment packets", "Leave the flag out"],
  ["-f", "synscan does not fragment packets", "Leave the flag out; for fields, as with zmap, use --fields NAMES"],
  ["-D --spoof-mac", "synscan does not hide the scanner", "Leave the flag out"],
  ["--proxies --proxy", "synscan does not scan through proxies", "Scan from a machine behind the proxy"],
  [
    "--data --data-string --data-length",
    "probes of TCP carry no data, and those of UDP requests of their own",
    "Leave the flag out",
  ],
  ["--nmap-payloads --pcap-payloads", "probes of UDP carry requests of their own", "Leave the flag out"],
  ["--ip-options", "probes have no IP options", "Leave the flag out"],
  ["--badsum", "synscan does not send wrong checksums", "Leave the flag out"],
  [
    "--randomize-hosts --scan-order",
    "hosts and ports are always in random order, common ports first",
    "--seed N repeats an order",
  ],
  ["-d -dd --debug", "synscan has no debugging levels", "Use -vv or --packet-trace"],
  [
    "--log-errors --log-file -L --log-directory --disable-syslog",
    "errors always go to standard error, and to no log",
    "Leave the flag out",
  ],
  ["--iflist -il --interface-list", "synscan does not list interfaces", "Use ip address"],
  ["--append-output", "every report is a whole file", "Name a new file"],
  ["--stylesheet --webxml", "XML reports name no style sheet", "-oH FILE writes a report for browsers"],
  ["--no-stylesheet", "XML reports never name a style sheet", "Leave the flag out"],
  ["-oM", "machine output is an old form of the grepable format", "Use -oG FILE or -oJ FILE"],
  ["-oS", "synscan has no script kiddie output", "Use -oN FILE"],
  ["-iv --ip-version", "the addresses of the targets tell the version", "Use -4 or -6 for names that have both"],
  ["--send-eth", "the transport has one flag", "Use --transport ethernet"],
  ["--send-ip", "the transport has one flag", "Use --transport sendmmsg"],
  ["--privileged", "privileges are detected", "Use -sS to require raw sockets"],
  ["--unprivileged", "privileges are detected", "Use -sT for a connect scan"],
  ["--release-memory", "memory is released when the program ends", "Leave the flag out"],
  ["--resume --resume-index --resume-count", "resuming is a subcommand", "Use synscan resume FILE"],
  // masscan.
  ["--adapter -i --iface", "the interface has another flag", "Use -e NAME"],
  ["--adapter-ip", "the source address has another flag", "Use -S IP"],
  ["--adapter-port --src-port", "the source port has another flag", "Use -g PORT"],
  ["--adapter-mac --source-mac", "frames always have the interface's hardware address", "Leave the flag out"],
  ["--router-mac --gateway-mac -G", "the next hop's hardware address is read from the kernel", "Leave the flag out"],
  ["--router-ip", "the next hop is chosen by the kernel's routes", "Choose the interface with -e NAME"],
  ["--wait --cooldown-time", "the last wait follows the measured round trips", "Use --max-rtt-timeout TIME"],
  [
    "-c",
    "the configuration has another flag, and is JSON",
    "Use --config FILE; for a number of threads, as with naabu, use --workers N",
  ],
  ["--conf -C", "the configuration has another flag, and is JSON", "Use --config FILE"],
  ["--echo", "the options in effect have another flag", "Use --print-config"],
  ["--open-only", "this flag has another name", "Use --open"],
  ["--offline --dryrun", "this flag has another name", "Use --dry-run"],
  ["--output-format --output-module", "each format has a flag of its own", "Use -oX FILE, -oJ FILE or -oC FILE"],
  ["--output-filename", "each format has a flag of its own", "Use -oX FILE, -oJ FILE or -oL FILE"],
  ["--readscan -oB", "synscan has no binary format", "Record scans with --db FILE; synscan show prints them"],
  [
    "--rotate --rotate-dir --rotate-offset --rotate-size",
    "a report is not split by time",
    "Name a new file for each scan; %F in it is the date",
  ],
  ["--infinite", "a scan ends", "Repeat it with cron(8) or a loop of the shell"],
  ["-oD", "JSON lines have another flag", "Use -oJ FILE"],
  [
    "--hello --hello-file --hello-string --hello-timeout --capture --nocapture",
    "requests to services are synscan's own",
    "Use -sV",
  ],
  [
    "--heartbleed --ticketbleed --poodle --vuln",
    "synscan looks for no vulnerabilities",
    "Run nmap's scripts on the open ports that -oX FILE lists",
  ],
  ["--pcap", "packets are not recorded in a file", "Use --packet-trace, or tcpdump(8) beside the scan"],
  ["--tcpmss --tcp-wscale --tcp-sackok --tcp-tsecho", "options of TCP are chosen together", "Use --syn-options LAYOUT"],
  ["--min-packet", "packets have the length that they need", "Leave the flag out"],
  ["-oU", "synscan does not write unicornscan's format", "Use -oL FILE"],
  // naabu; it writes long names with one dash, and has short ones of two letters.
  ["-tp --top", "this flag has another name", "Use --top-ports N"],
  ["-pf", "this flag has another name", "Use --ports-file FILE"],
  ["-ep", "this flag has another name", "Use --exclude-ports PORTS"],
  ["-eh -x --exclude-hosts --exclude-addresses", "this flag has another name", "Use --exclude TARGETS"],
  ["-ef --blocklist-file --blacklist-file", "this flag has another name", "Use --exclude-file FILE"],
  ["-ec --exclude-cdn", "content delivery networks are not recognised", "Name their addresses with --exclude TARGETS"],
  ["--display-cdn --cdn", "content delivery networks are not recognised", "Leave the flag out"],
  ["-sa --scan-all-ips", "this flag has another name", "Use --all-addresses"],
  [
    "-rl --rate --rate-limit --packet-rate --pps",
    "the rate has another flag",
    "Use --max-rate RATE, in probes a second",
  ],
  ["-nc --no-color", "this flag has another name", "Use --color never"],
  ["-si --stats --stats-interval", "this flag has another name", "Use --stats-every TIME"],
  ["--host -a --addresses", "targets are given without a flag", "Write the targets, or use -iL FILE"],
  [
    "-l --list -w --allowlist-file --whitelist-file -I --list-of-ips-file --input-file",
    "a list of targets has another flag",
    "Use -iL FILE",
  ],
  ["--port --target-port --target-ports", "this flag has another name", "Use -p PORTS"],
  ["--port-threshold", "hosts with many open ports are not skipped", "The summary marks them as suspect"],
  ["--threads --sender-threads", "this flag has another name", "Use --workers N"],
  ["-o --output --output-file", "each format has a flag of its own", "Use -oN FILE, -oJ FILE, -oX FILE or -oC FILE"],
  ["-j", "this flag has another name", "Use --json"],
  ["--csv", "CSV needs a file name, or - for standard output", "Use -oC - or -oC FILE"],
  ["--scan-type --probe-module", "techniques have flags of their own", "Use -sS or -sT"],
  ["-s", "techniques have flags of their own", "Use -sS or -sT; for a source port, as with zmap, use -g PORT"],
  [
    "-pe -pp -pm -ps -pa --probe-icmp-echo --probe-icmp-timestamp --probe-icmp-address-mask --probe-tcp-syn --probe-tcp-ack",
    "pings are written in capital letters",
    "Use -PE, -PP, -PM, -PS80 or -PA80",
  ],
  ["--rev-ptr", "this flag has another name", "Use -R"],
  ["-irt --input-read-timeout", "standard input is read to its end", "Leave the flag out"],
  ["--metrics-port", "synscan serves no metrics", "Use --stats-every TIME"],
  ["--nmap --nmap-cli", "synscan does not start nmap", "Run nmap on the open ports that -oX FILE lists"],
  ["--warm-up-time", "a scan has no phases to pause between", "Leave the flag out"],
  ["--verify", "open ports are not verified by a second technique", "Use -sT, which completes connections"],
  ["--stream", "targets are not scanned in their order but in random order", "Leave the flag out"],
  ["--passive", "synscan does not query search engines", "Leave the flag out"],
  ["--retries --retry --probes -P --tries", "this flag has another name", "Use --max-retries N"],
  ["--silent", "this flag has another name", "Use -q"],
  [
    "--update -up --disable-update-check -duc --health-check -hc",
    "synscan does not update itself",
    "Update the checkout",
  ],
  // zmap.
  ["--output-fields", "this flag has another name", "Use --fields NAMES"],
  ["--output-filter", "this flag has another name", "Use --filter EXPR"],
  ["--list-output-fields", "fields are listed by help", "See synscan help json"],
  ["-B --bandwidth", "the rate is in probes, not in bits", "Use --max-rate RATE, in probes a second"],
  ["--max-targets", "a scan has no number of targets to end after", "--shard I/N scans a part of the targets"],
  [
    "-N --max-results --min-hitrate",
    "a scan does not end by the number of its results",
    "End the program that reads standard output",
  ],
  ["--max-runtime", "this flag has another name", "Use --deadline TIME"],
  [
    "-t",
    "it is a time in zmap and RustScan, and a number of threads in httpx",
    "Use --deadline TIME for the scan, --timeout TIME for a probe, --workers N for threads",
  ],
  [
    "-u",
    "it is a target in httpx, a file of the status in zmap, and a limit in RustScan",
    "Write targets without a flag; the status is printed with --stats-every TIME",
  ],
  ["--dedup-method --dedup-window-size", "a port is decided once, by all its replies", "Leave the flag out"],
  ["--validate-source-port", "replies are matched by numbers that cannot be guessed", "Leave the flag out"],
  ["--max-sendto-failures", "probes that cannot be sent are retried, and counted in the summary", "Leave the flag out"],
  ["--ignore-blocklist-errors --ignore-blacklist-errors", "a list with an error is always refused", "Correct the list"],
  ["--notes --user-metadata", "reports have no notes", "Put them into the name of a report"],
  ["-X --iplayer", "the transport has one flag", "Use --transport sendmmsg"],
  ["--probe-args", "probes have no arguments", "Leave the flag out"],
  ["--cores", "synscan does not choose cores", "Use --workers N, under taskset(1)"],
  ["--shards", "number and count of shards have one flag", "Use --shard I/N"],
  ["-m --metadata-file", "the summary is the last line of JSON", "Use -oJ FILE"],
  ["--status-updates-file", "progress is in lines of JSON", "Use --stats-every TIME with -oJ FILE"],
  // RustScan.
  ["--ulimit", "the limit of open files is raised automatically", "Use ulimit -n before the scan"],
  ["--accessible", "output for screen readers is set by two flags", "Use --no-progress --color never"],
  ["--greppable", "output for programs has other flags", "Use --ip-port, -oG - or --json"],
  ["--no-banner", "synscan prints no banner", "Leave the flag out"],
  // httpx.
  [
    "--status-code -sc --title --tech-detect -td --follow-redirects -fr --probe --content-length -cl --content-type -ct " +
    "--web-server -server --favicon --jarm --path --match-code -mc --random-agent -H --header --http-header",
    "synscan does not request pages",
    "Services are identified with -sV",
  ],
  ["--tls-grab --tls-probe", "TLS is identified with services", "Use -sV"],
];

let refusalOf: Readonly<Record<string, Refusal>> | undefined;

/** Returns the refusal of each flag of another tool. Made by the first call: most command lines need none. */
export function foreignFlags(): Readonly<Record<string, Refusal>> {
  return refusalOf ??= Object.fromEntries(
    refusals().flatMap(([flags, why, instead]) =>
      flags.split(" ").map((flag) => [flag, instead === undefined ? { why } : { why, instead }])
    ),
  );
}
