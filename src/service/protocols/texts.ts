/**
 * Protocols whose replies are lines of text with a form of their own: one pattern each.
 *
 * @module
 */

import { bytesOf, latin1 } from "../bytes.ts";
import type { End } from "../exchange.ts";
import type { Protocol, Reading } from "./protocol.ts";

/** The form of a reply. The groups of the pattern are the fields, in the order of their names. */
interface TextForm {
  readonly service: string;
  /** A pattern that begins at the start of the reply. */
  readonly pattern: RegExp;
  readonly fields?: readonly string[];
  /** The probes of which this must be the reply; replies to any probe without it. */
  readonly probes?: readonly string[];
  readonly isVague?: boolean;
  /** The name and text of a request on the same connection that would say more. */
  readonly follow?: readonly [name: string, text: string];
  /** The same on a new connection. */
  readonly newFollow?: readonly [name: string, text: string];
  /** Names of probes that would say more, each on a new connection. */
  readonly next?: readonly string[];
  readonly quit?: string;
}

const MAX_TEXT = 4096;

/** Replies to the exact probe of their protocol, and errors that only one protocol has. */
const FORMS: readonly TextForm[] = [
  { service: "rsync", pattern: /^@RSYNCD: ([^\r\n]{1,200})\n/, fields: ["rsync.version"] },
  {
    service: "svnserve",
    pattern: /^\( success \( (\d+ \d+) \( ?[^)]{0,200}\) \( ([^)]{0,500})\) \) \) /,
    fields: ["svn.versions", "svn.capabilities"],
  },
  { service: "nut", pattern: /^(Network UPS Tools upsd [^\r\n]{1,100})/, fields: ["nut.version"], quit: "LOGOUT\n" },
  {
    service: "nut",
    pattern: /^ERR (UNKNOWN-COMMAND|INVALID-ARGUMENT|ACCESS-DENIED)\n/,
    fields: ["nut.error"],
    follow: ["nut", "VER\n"],
    quit: "LOGOUT\n",
  },
  { service: "nut", pattern: /^Commands: HELP VER GET LIST/, follow: ["nut", "VER\n"], quit: "LOGOUT\n" },
  { service: "lirc", pattern: /^BEGIN\n(?:VERSION)\nSUCCESS\nDATA\n1\n([^\n]{1,40})\nEND\n/, fields: ["lirc.version"] },
  { service: "lirc", pattern: /^BEGIN\n[^\n]{0,200}\nERROR\n/, follow: ["lirc", "VERSION\n"] },
  { service: "lcdproc", pattern: /^connect (LCDproc [^\n]{1,100})\n/, fields: ["lcdproc.hello"], quit: "bye\n" },
  {
    service: "lcdproc",
    pattern: /^huh\? (Invalid command|Could not parse command)/,
    fields: ["lcdproc.error"],
    follow: ["lcdproc", "hello\n"],
  },
  { service: "mpd", pattern: /^OK MPD ([\d.]{1,20})\n/, fields: ["mpd.version"], quit: "close\n" },
  { service: "adc", pattern: /^ISUP [^\n]{0,200}\n(?:[^\n]{0,200}\n){0,3}?IINF ([^\n]{0,400})/, fields: ["adc.info"] },
  // A message has 997 bytes before its line end.
  { service: "liquidwar", pattern: /^(OK)\0{995}\r\n/, fields: ["liquidwar.reply"], probes: ["liquidwar", "nats"] },
  { service: "adb", pattern: /^OKAY0004([0-9a-f]{4})/, fields: ["adb.version"], probes: ["adb"] },
  { service: "git", pattern: /^[0-9a-f]{4}ERR ([^\r\n]{1,200})/, fields: ["git.error"] },
  {
    service: "ident",
    pattern: /^\s*\d{1,5}\s*,\s*\d{1,5}\s*: ?(ERROR|USERID) ?: ?([^\r\n]{0,100})/i,
    fields: ["ident.type", "ident.reply"],
  },
  {
    service: "tor-control",
    pattern: /^250-PROTOCOLINFO 1\r\n[^]{0,500}?250-VERSION Tor="([^"]{1,60})"/,
    fields: ["tor.version"],
    quit: "QUIT\r\n",
  },
  { service: "tor-control", pattern: /^HTTP\/1\.0 501 (Tor ControlPort is not an HTTP proxy)/, fields: ["tor.http"] },
  { service: "tor-control", pattern: /^514 (Authentication required)\.\r\n/, fields: ["tor.error"] },
  { service: "redis", pattern: /^\$\d+\r\n(# Server\r\n[^]{0,2000})/, fields: ["redis.info"] },
  {
    service: "redis",
    pattern:
      /^-(ERR wrong number of arguments for 'get' command|ERR unknown command [^\r\n]{1,100}|DENIED Redis [^\r\n]{1,100})/i,
    fields: ["redis.error"],
    follow: ["redis-info", "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"],
    quit: "QUIT\r\n",
  },
  { service: "redis", pattern: /^(?:-NOAUTH|\+PONG|-ERR Protocol error)([^\r\n]{0,100})/, fields: ["redis.reply"] },
  {
    service: "memcached",
    pattern: /^VERSION ((?:yrmcds version )?\d[^\r\n]{0,60})\r\n/,
    fields: ["memcached.version"],
    quit: "quit\r\n",
  },
  {
    service: "memcached",
    pattern: /^(?:ERROR\r\n){1,20}$/,
    follow: ["memcached-version", "version\r\n"],
    isVague: true,
    quit: "quit\r\n",
  },
  {
    service: "memcached",
    pattern: /^STAT pid \d{1,10}\r\n(?:STAT [^\r\n]{1,80}\r\n){1,4}?STAT version ([^\r\n]{1,40})\r\n/,
    fields: ["memcached.stats"],
    quit: "quit\r\n",
  },
  { service: "beanstalkd", pattern: /^OK \d+\r\n---\n([^]{0,3000})/, fields: ["beanstalkd.stats"], quit: "quit\r\n" },
  {
    service: "beanstalkd",
    pattern: /^(?:UNKNOWN_COMMAND|BAD_FORMAT)\r\n/,
    follow: ["beanstalkd", "stats\r\n"],
    quit: "quit\r\n",
  },
  {
    service: "gearman",
    pattern: /^OK (\d+\.\d+[^\r\n]{0,40})\n/,
    fields: ["gearman.version"],
    probes: ["gearman", "memcached-version", "version"],
  },
  { service: "gearman", pattern: /^ERR UNKNOWN_COMMAND Unknown\+server\+command/, follow: ["gearman", "version\r\n"] },
  {
    service: "munin",
    pattern: /^(?:# [^\n]{0,200}\n){0,3}munins node on (\S{1,128}) version: (\S{1,60})/,
    fields: ["munin.host", "munin.version"],
    quit: "quit\n",
  },
  {
    service: "munin",
    pattern: /^# munin node at (\S{1,128})\n/,
    fields: ["munin.host"],
    follow: ["munin", "version\n"],
    quit: "quit\n",
  },
  { service: "rrdcached", pattern: /^\d+ (Command overview\n[^]{0,600})/, fields: ["rrdcached.help"], quit: "QUIT\n" },
  { service: "rrdcached", pattern: /^-1 Unknown command: /, follow: ["rrdcached", "HELP\n"], quit: "QUIT\n" },
  { service: "nats", pattern: /^INFO (\{[^\r\n]{1,3000}\}) ?\r\n/, fields: ["nats.info"] },
  { service: "dict", pattern: /^220 (\S{1,128} dictd [^\r\n]{1,200})/, fields: ["dict.greeting"], quit: "quit\r\n" },
  {
    service: "dict",
    pattern: /^220 ([^\r\n]{0,200}<[\w.]{0,60}> <[^>]{1,100}>)\r\n/,
    fields: ["dict.greeting"],
    quit: "quit\r\n",
  },
  {
    service: "varnish-cli",
    pattern: /^(107 59 {6}\n[a-z]{32}\n\nAuthentication required\.)/,
    fields: ["varnish.cli"],
    quit: "quit\n",
  },
  {
    service: "varnish-cli",
    pattern: /^200 \d+ +\n-{5,40}\nVarnish Cache CLI 1\.0\n-{5,40}\n([^]{0,300})/,
    fields: ["varnish.banner"],
    quit: "quit\n",
  },
  { service: "tarantool", pattern: /^(Tarantool [\d.]{1,20}[^\n]{0,60})\n/, fields: ["tarantool.greeting"] },
  {
    service: "spamd",
    pattern: /^SPAMD\/([\d.]{1,8}) (\d{1,3} [^\r\n]{0,100})/,
    fields: ["spamd.version", "spamd.reply"],
  },
  // Some servers of servers repeat the namespace of a client that asks them; the one for their dialback is their own.
  {
    service: "xmpp-server",
    pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns:db='jabber:server:dialback'[^]{0,1000})/,
    fields: ["xmpp.stream"],
  },
  {
    service: "xmpp-client",
    pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns='jabber:client'[^]{0,1000})/,
    fields: ["xmpp.stream"],
  },
  {
    service: "xmpp-server",
    pattern: /^(<\?xml version='1\.0'\?><stream:stream [^>]{0,500}xmlns='jabber:server'[^]{0,1000})/,
    fields: ["xmpp.stream"],
  },
  {
    service: "xmpp-client",
    pattern: /^((?:<\?xml[^>]{0,100}\?>\s{0,10})?<stream:(?:stream|error)[^]{0,1000})/,
    fields: ["xmpp.stream"],
    isVague: true,
    next: ["xmpp"],
  },
  {
    service: "ovsdb",
    pattern: /^\{(?=[^]{0,400}"id": ?"synscan")[^]{0,400}?"result": ?\[((?:"\w{1,60}",? ?){1,20})\]/,
    fields: ["ovsdb.databases"],
    probes: ["ovsdb"],
  },
  {
    service: "crossfire",
    pattern: /^\0.version (\d{1,6} \d{1,6}) ([^\n]{1,60})\n/,
    fields: ["crossfire.protocol", "crossfire.server"],
  },
  {
    service: "rtpengine-cli",
    pattern: /^(Unknown or incomplete command)::[^\n]{0,200}\n$/,
    fields: ["rtpengine.cli"],
  },
  { service: "fluidsynth", pattern: /^unknown command: \S{1,200} \(try help\)\n/ },
  // No quit here: the command "exit" would end the daemon, not the session.
  {
    service: "pulseaudio",
    pattern: /^Unknown command: (?:GET|HELP|OPTIONS|\r)/,
    isVague: true,
    follow: ["pulseaudio-hello", "hello\n"],
  },
  {
    service: "pulseaudio",
    pattern: /^Welcome to PulseAudio (\S{1,40})! Use "help" for usage information\./,
    fields: ["pulseaudio.version"],
  },
  { service: "icecc", pattern: /^200-ICECC (\d[\w.]{0,20}): /, fields: ["icecc.version"], quit: "quit\n" },
  {
    service: "gopher",
    pattern: /^(?:[^\r\n]{0,200}\r\n){0,20}?\s{0,80}Gophered by (Gophernicus[^\r\n]{0,60})/,
    fields: ["gopher.footer"],
  },
  {
    service: "snapcast",
    pattern: /^\{"id":"?1"?,"jsonrpc":"2\.0","result":\{"server":[^]{0,3000}?"snapserver":\{([^}]{1,300})\}/,
    fields: ["snapcast.server"],
  },
  {
    service: "json-rpc",
    pattern: /^(\{"error":\{"code":-32700,"data":"\[json\.exception\.parse_error)/,
    fields: ["json-rpc.error"],
    follow: ["snapcast-status", '{"id":1,"jsonrpc":"2.0","method":"Server.GetStatus"}\r\n'],
  },
  {
    service: "telnet",
    pattern: /^\r?\nHello, this is ((?:FRRouting|Quagga|Zebra) \(version [^)]{1,40}\))/i,
    fields: ["vty.hello"],
  },
  { service: "telnet", pattern: /^(Vty password is not set)\.\r\n/, fields: ["vty.refusal"] },
  // The text stands before the options of telnet.
  {
    service: "telnet",
    pattern: /^Welcome to the (Osmo\w{1,20}) VTY interface\r\n/,
    fields: ["vty.program"],
    follow: ["vty-version", "show version\r\n"],
    quit: "exit\r\n",
  },
  {
    service: "telnet",
    pattern: /^(?:show version\r\n)?(Osmo\w{1,20} \d[\w.+~-]{0,40}) \(/,
    fields: ["vty.version"],
    probes: ["vty-version"],
    quit: "exit\r\n",
  },
  {
    service: "hylafax",
    pattern: /^220 \S{1,128} server \((HylaFAX \(tm\) Version [^)\r\n]{1,40})\) ready/,
    fields: ["hylafax.version"],
    quit: "QUIT\r\n",
  },
  {
    service: "liquidsoap",
    pattern: /^ERROR: unknown command, type "help" to get a list of commands\.\r?\nEND\r?\n/,
    follow: ["liquidsoap-version", "version\r\n"],
    quit: "quit\r\n",
  },
  {
    service: "liquidsoap",
    pattern: /^Liquidsoap (\d[\w.+~-]{0,40})\r?\nEND\r?\n/,
    fields: ["liquidsoap.version"],
    quit: "quit\r\n",
  },
  {
    service: "hsqldb",
    pattern: /^HSQLDB JDBC Network Listener\.\nUse JDBC driver with Network Compatibility Version ?(\d[\d.]{0,20})/,
    fields: ["hsqldb.compatibility"],
  },
  {
    service: "stomp",
    pattern: /^(?:CONNECTED|ERROR)\n((?:[\w-]{1,40}:[^\n]{0,200}\n){1,20})\n/,
    fields: ["stomp.headers"],
    next: ["stomp"],
  },
  {
    service: "babel",
    pattern: /^BABEL \d\.\d\nversion (\S{1,40})\nhost (\S{1,128})\n/,
    fields: ["babel.version", "babel.host"],
    quit: "quit\n",
  },
  {
    service: "powerman",
    pattern: /^001 (\d[\w.+~-]{0,20})\r\npowerman> /,
    fields: ["powerman.version"],
    quit: "quit\r\n",
  },
  { service: "unison", pattern: /^Unison (\d\.\d{1,3}(?:\.\d{1,3})?) with OCaml /, fields: ["unison.version"] },
  { service: "conman", pattern: /^ERROR CODE=(\d{1,3} MESSAGE='[^'\r\n]{1,80})'\n/, fields: ["conman.error"] },
  {
    service: "bzr",
    pattern: /^error[^\w](Generic bzr smart protocol error: bad request )/,
    fields: ["bzr.error"],
    newFollow: ["bzr-hello", "hello\n"],
  },
  { service: "bzr", pattern: /^ok[^\w](\d)\n/, fields: ["bzr.version"], probes: ["bzr-hello"] },
  { service: "vtun", pattern: /^VTUN server ver (\S{1,20} [\d/]{8,10})\n/, fields: ["vtun.version"] },
  { service: "guile", pattern: /^GNU Guile (\d[\w.]{1,20})\n/, fields: ["guile.version"] },
  {
    service: "ser2net",
    pattern: /^-> $/,
    isVague: true,
    follow: ["ser2net-version", "version\r\n"],
    quit: "exit\r\n",
  },
  {
    service: "ser2net",
    pattern: /^(?:version\r\n)?version: (\d[\w.]{1,20})\r\n/,
    fields: ["ser2net.version"],
    probes: ["ser2net-version"],
    quit: "exit\r\n",
  },
  { service: "statsd", pattern: /^ERROR\n{1,2}$/, isVague: true, follow: ["statsd-help", "help\n"], quit: "quit\n" },
  {
    service: "statsd",
    pattern: /^Commands: stats, counters, timers, gauges, ([^\n]{1,100})\n/,
    fields: ["statsd.commands"],
    quit: "quit\n",
  },
  { service: "finger", pattern: /^\r\n$/, probes: ["http", "http11", "help", "tls", "rtsp"], isVague: true },
  { service: "qemu-monitor", pattern: /^QEMU (\d[\d.]{0,20}) monitor - type 'help'/, fields: ["qemu-monitor.version"] },
  {
    service: "qmp",
    pattern: /^\{"QMP": \{"version": \{"qemu": \{("micro": \d{1,4}, "minor": \d{1,4}, "major": \d{1,4})\}/,
    fields: ["qmp.version"],
  },
  {
    service: "monopd",
    pattern: /^<monopd><server (?:host="[^"]{0,100}" )?version="([^"]{1,40})"\/>/,
    fields: ["monopd.version"],
  },
  { service: "pioneers", pattern: /^version report\n/ },
  {
    service: "debugpy",
    pattern:
      /^Content-Length: \d{1,5}\r\n\r\n\{"seq": 1, "type": "event", "event": "output", "body": \{"category": "telemetry", [^]{0,600}?"output": "debugpy", "data": \{"packageVersion": "([^"]{1,60})"/,
    fields: ["debugpy.version"],
  },
  { service: "rigctld", pattern: /^(?:RPRT -\d{1,2}\n[^]{0,200}set_channel|power2mW: |VFOA\n0\n)/ },
  {
    service: "conserver",
    pattern: /^(?:ok\r\n)?exit {3}disconnect\r\nhelp {3}this help message\r\n/,
    quit: "exit\r\n",
  },
  { service: "rotctld", pattern: /^RPRT -\d{1,2}\n$/, probes: ["http"] },
  {
    service: "conserver",
    pattern: /^ok\r\n$/,
    isVague: true,
    follow: ["conserver-help", "help\r\n"],
    quit: "exit\r\n",
  },
  {
    service: "ganglia",
    pattern:
      /^<\?xml [^>]{1,100}>\n<!DOCTYPE GANGLIA_XML \[(?:[^]{1,3500}?<GANGLIA_XML (VERSION="[^"]{1,20}" SOURCE="[^"]{1,20}"))?/,
    fields: ["ganglia.version"],
  },
  {
    service: "xpra",
    pattern: /^disconnect: invalid packet (?:format|header)|^disconnect: [^\n]{0,200}not an xpra client/,
  },
  { service: "kiss", pattern: /^\r\ncmd:/ },
  { service: "rserve", pattern: /^Rsrv(\d{4})QAP1\r\n/, fields: ["rserve.version"] },
  { service: "i2p-sam", pattern: /^HELLO REPLY RESULT=(\w{1,20})/, fields: ["sam.result"] },
  { service: "gdbserver", pattern: /^\+?\$((?:PacketSize=|qXfer:)[^#]{1,3000})#[0-9a-f]{2}/, fields: ["gdb.features"] },
  // QEMU's keeps the part of a packet that an earlier connection has left, and refuses the next one.
  {
    service: "gdbserver",
    pattern: /^-$/,
    probes: ["gdb-remote"],
    isVague: true,
    follow: ["gdb-remote-again", "+$qSupported#37"],
  },
  { service: "indi", pattern: /^<(?:def(?:Text|Number|Switch|Light|BLOB)Vector|message)\b/, probes: ["indi"] },
  { service: "ident", pattern: /^[^\r\n]{0,100} : USERID : UNIX : ([^\r\n]{1,40})\r\n/, fields: ["ident.user"] },
  { service: "csync2", pattern: /^Expecting SSL \(optional\) and CONFIG as first commands\.\n/ },
  { service: "festival", pattern: /^(?:(?:ER|LP|OK)\n[^]{0,500}?ft_StUfF_key|(?:ER\n){2,20}$)/ },
  { service: "tcpmap", pattern: /^200 (SRS0[^\r\n]{1,200})\n/, fields: ["tcpmap.rewritten"] },
  {
    service: "tcpmap",
    pattern: /^500 Invalid request\n/,
    isVague: true,
    newFollow: ["tcpmap-get", "get synscan@synscan.invalid\n"],
  },
  { service: "postfix-policy", pattern: /^action=([^\n]{1,300})\n/, fields: ["policy.action"] },
  { service: "bzflag", pattern: /^BZFS(\d{4})/, fields: ["bzflag.protocol"] },
  {
    service: "cvspserver",
    pattern: /^((?:I HATE YOU|I LOVE YOU|error \d|E |cvs \[)[^\n]{0,200})\n/,
    fields: ["cvs.reply"],
    probes: ["cvs"],
  },
  { service: "cvspserver", pattern: /^(cvs \[pserver aborted\]: [^\n]{0,200})\n/, fields: ["cvs.reply"] },
  {
    service: "relp",
    pattern: /^1 rsp \d{1,5} 200 OK\n(?:\w{1,30}=[^\n]{0,200}\n){0,6}?relp_software=([^\n]{1,100})\n/,
    fields: ["relp.software"],
    quit: "2 close 0\n",
  },
  { service: "ceph", pattern: /^ceph (v2(?=\n)|v027(?=\0))/, fields: ["ceph.messenger"] },
  { service: "relp", pattern: /^0 serverclose 0\n/, next: ["relp"] },
  {
    service: "twemproxy",
    pattern: /^\{"service":"nutcracker", "source":"[^"]{0,100}", "version":"(\d[\d.]{0,20})"/,
    fields: ["twemproxy.version"],
  },
  // A server of HTTP repeats the protocol of a request, but makes no other of it.
  {
    service: "rtsp",
    pattern: /^RTSP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n([^]{0,2000})/,
    fields: ["rtsp.status", "rtsp.headers"],
    probes: ["http", "http11", "crlf2", "help"],
  },
  { service: "distccd", pattern: /^DONE00000001STAT[0-9a-f]{8}/, probes: ["distcc"] },
  { service: "gpsd", pattern: /^\{"class":"VERSION","release":"([^"]{1,40})"/, fields: ["gpsd.release"] },
  { service: "clamd", pattern: /^(ClamAV [^\0\n]{1,100})/, fields: ["clamd.version"] },
  { service: "zookeeper", pattern: /^Zookeeper version: ([^,\n]{1,80})/, fields: ["zookeeper.version"] },
  {
    service: "finger",
    pattern: /^(?:\r\n(?:Login|[^\r\n]{0,100}logged)|(?:\r\n)?No one logged on\b)/i,
    probes: ["finger", "crlf2", "help", "http"],
  },
  { service: "gopher", pattern: /^[0-9hgIi+][^\t\r\n]{0,200}\t[^\t\r\n]{0,200}\t[^\t\r\n]{0,200}\t\d{1,5}\r?\n/ },
  { service: "json-rpc", pattern: /^(\{[^]{0,300}"jsonrpc": ?"2\.0"[^]{0,1000})/, fields: ["json-rpc.reply"] },
  {
    service: "openocd-tcl",
    pattern: /^Open On-Chip Debugger (\d[\w.+~-]{0,60})(?=\W)/,
    fields: ["openocd.version"],
    probes: ["openocd"],
  },
  {
    service: "swank",
    pattern: /^[0-9a-f]{6}\(:return \(:ok \(:pid [^]{1,3000}?:package \([^)]{1,200}\) :version "([^"]{1,20})"\)\) 1\)/,
    fields: ["swank.version"],
    probes: ["swank"],
  },
  {
    service: "daytime",
    pattern:
      /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(?:\d{1,2} [A-Z][A-Za-z]{2} \d{4} \d\d:\d\d:\d\d \w{1,5}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:\w{3,5} )?\d{4})\r?\n$/,
    probes: ["null"],
  },
];

/** Replies with the head of an HTTP response: HTTP servers that repeat the protocol of the request are told before. */
const HEADED_FORMS: readonly TextForm[] = [
  {
    service: "sip",
    pattern: /^SIP\/2\.0 (\d{3} [^\r\n]{0,100})\r\n(?=[^]{0,2000}\bcseq ?:)([^]{0,2000})/i,
    fields: ["sip.status", "sip.headers"],
  },
  {
    service: "rtsp",
    pattern: /^RTSP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n(?=[^]{0,2000}\bcseq ?:)([^]{0,2000})/i,
    fields: ["rtsp.status", "rtsp.headers"],
  },
  // RFC 3507 section 4.3.3.
  {
    service: "icap",
    pattern: /^ICAP\/1\.0 (\d{3} [^\r\n]{0,100})\r\n([^]{0,2000})/,
    fields: ["icap.status", "icap.headers"],
  },
];

/** Returns a parser of the first form that a reply has. */
const parserOf = (name: string, forms: readonly TextForm[]): Protocol => ({
  name,
  parse: ({ probe, reply, end }) => {
    const text = latin1(reply, 0, MAX_TEXT);
    for (const form of forms) {
      const reading = readForm(form, probe, text, end);
      if (reading) return reading;
    }
    return undefined;
  },
});

function readForm(form: TextForm, probe: string, text: string, end: End): Reading | undefined {
  if (form.probes && !form.probes.includes(probe)) return undefined;
  const match = form.pattern.exec(text);
  if (!match) return undefined;
  const fields: Record<string, string> = {};
  for (const [i, name] of (form.fields ?? []).entries()) {
    const value = match[i + 1];
    if (value !== undefined) fields[name] = value;
  }
  fields[`${form.service}.text`] = text.slice(0, 1024);
  const isWhole = end !== "open" || text.endsWith("\n") || !text.includes("\n") || text.length === MAX_TEXT;
  return {
    service: form.service,
    isComplete: isWhole && (form.next === undefined || form.next.includes(probe)),
    fields,
    facts: {},
    ...(form.isVague ? { isVague: true } : {}),
    ...followOf(form),
    ...(form.next === undefined ? {} : { next: form.next }),
    ...(form.quit === undefined ? {} : { quit: bytesOf(form.quit) }),
  };
}

function followOf({ follow, newFollow }: TextForm): Pick<Reading, "follow"> {
  const [name, text] = follow ?? newFollow ?? [];
  if (name === undefined || text === undefined) return {};
  return { follow: { name, bytes: bytesOf(text), sameConnection: follow !== undefined } };
}

/** Protocols of text with forms of their own. */
export const TEXTS: Protocol = parserOf("texts", FORMS);
/** SIP and RTSP. */
export const HEADED: Protocol = parserOf("headed", HEADED_FORMS);
