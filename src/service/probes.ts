/**
 * The probes of service detection: what is sent, to which ports first, and who may reply.
 *
 * @module
 */

import { bytesOf, hex, join, littleEndian } from "./bytes.ts";
import { clientHello } from "./client_hello.ts";
import { DBUS_AUTH, LSP_REQUEST, RPYC_REQUEST } from "./protocols/calls.ts";
import { IPA_GET, NINEP_VERSION, RTR_RESET_QUERY, RTR_SERIAL_QUERY, SMPP_ENQUIRE } from "./protocols/control.ts";
import { DRDA_ATTRIBUTES, SCGI_REQUEST, XROOTD_HANDSHAKE } from "./protocols/middleware.ts";
import { TPM_PROPERTIES } from "./protocols/daemons.ts";
import { MEMBERLIST_PING, SERF_HANDSHAKE } from "./protocols/clusters.ts";
import { MONGO_HELLO, PG_STARTUP } from "./protocols/databases.ts";
import { DICOM_ASSOCIATE, OPC_HELLO, S7_CONNECT } from "./protocols/devices.ts";
import {
  CARBON_QUERY,
  counted,
  diameter,
  erlang,
  FASTCGI,
  FIREBIRD,
  http11,
  iscsi,
  isns,
  KADMIN,
  KERBEROS,
  LDAP,
  ola,
  packetLine,
  pptp,
  type ProbeTarget,
  pulse,
  RPC,
  rtmp,
  sip,
  SMB2,
  snapcast,
  swank,
  uwsgi,
  xmpp,
} from "./probe_requests.ts";

/** A request that is sent to find out who replies. */
export interface ServiceProbe {
  readonly name: string;
  readonly bytes: Uint8Array | ((target: ProbeTarget) => Uint8Array);
  /** True if the bytes are lines of text: such probes may follow a reply of text. */
  readonly isText: boolean;
  /** The ports for which this probe is the first. */
  readonly ports: readonly number[];
  /** The ports for which this probe is the first, inside TLS. */
  readonly tlsPorts?: readonly number[];
  /** 1 to 9: the lowest `--version-intensity` that sends it to a port that is not among its own. */
  readonly intensity: number;
  /** Generic probes draw a reply from servers of many protocols, exact ones from those of one. */
  readonly kind: "generic" | "exact";
  /** The protocols that may reply. */
  readonly services: readonly string[];
}

/** Returns the bytes of a probe for a target. */
export function probeBytes(probe: ServiceProbe, target: ProbeTarget): Uint8Array {
  return typeof probe.bytes === "function" ? probe.bytes(target) : probe.bytes;
}

function zabbixMessage(text: string): Uint8Array {
  return join(bytesOf("ZBXD\x01"), littleEndian(text.length, 8), bytesOf(text));
}

/** The first frame of RELP: its number, the command, and what is offered behind its length. */
function relp(offers: string): string {
  return `1 open ${offers.length} ${offers}\n`;
}

const generic = (
  probe: Omit<ServiceProbe, "kind" | "intensity" | "ports"> & { ports?: readonly number[]; intensity?: number },
): ServiceProbe => ({ ports: [], intensity: 1, ...probe, kind: "generic" });
const exact = (
  name: string,
  bytes: Uint8Array | string,
  ports: readonly number[],
  services: readonly string[],
  more: Partial<ServiceProbe> = {},
): ServiceProbe => ({
  name,
  bytes: typeof bytes === "string" ? bytesOf(bytes) : bytes,
  isText: typeof bytes === "string",
  ports,
  intensity: 5,
  services,
  ...more,
  kind: "exact",
});

/** Probes in the order in which they are sent: generic ones first, then exact ones, the likeliest first. */
export const PROBES: readonly ServiceProbe[] = [
  generic({
    name: "http",
    bytes: bytesOf("GET / HTTP/1.0\r\n\r\n"),
    isText: true,
    // deno-fmt-ignore
    ports: [80, 81, 280, 591, 593, 2375, 2379, 2380, 2812, 3000, 3001, 3128, 3142, 4000, 4200, 4567, 5000, 5001, 5601,
      5800, 5984, 5985, 6080, 6081, 7000, 7001, 7070, 7474, 8000, 8001, 8008, 8009, 8010, 8042, 8080, 8081, 8082, 8083, 8084,
      8085, 8086, 8087, 8088, 8089, 8090, 8091, 8095, 8096, 8097, 8098, 8099, 8118, 8123, 8181, 8200, 8222, 8265, 8384, 8428, 8500,
      8545, 8834, 8880, 8888, 8983, 9000, 9001, 9090, 9091, 9092, 9093, 9200, 9229, 9999, 10041, 10080, 11371,
      15672, 16992, 19999, 50000, 50070, 51413],
    // deno-fmt-ignore
    tlsPorts: [443, 832, 981, 1311, 4443, 4848, 5986, 6443, 7443, 8006, 8443, 8444, 8834, 9090, 9443, 10000, 10443, 16993],
    services: ["http"],
  }),
  generic({
    name: "http11",
    bytes: http11,
    isText: true,
    ports: [631],
    tlsPorts: [631],
    intensity: 3,
    services: ["http", "ipp"],
  }),
  generic({
    name: "crlf2",
    bytes: bytesOf("\r\n\r\n"),
    isText: true,
    services: ["http", "sip", "finger"],
    intensity: 3,
  }),
  generic({
    name: "tls",
    bytes: ({ names }) => clientHello(names[0]),
    isText: false,
    // deno-fmt-ignore
    ports: [261, 271, 324, 443, 448, 465, 563, 614, 636, 684, 695, 832, 853, 989, 990, 992, 993, 994, 995, 2083, 2087, 2096,
      2376, 3269, 4443, 5061, 5223, 5671, 5986, 6443, 6514, 6679, 6697, 7443, 8443, 8883, 9443, 10443, 27443, 64738],
    services: ["ssl"],
  }),
  generic({
    name: "dns",
    bytes: hex("001e 7353 0000 0001 0000 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003"),
    isText: false,
    ports: [53, 5353, 5354, 5355, 5356, 5357],
    tlsPorts: [853],
    services: ["domain"],
  }),
  generic({ name: "smb", bytes: SMB2, isText: false, ports: [139, 445], intensity: 2, services: ["netbios-ssn"] }),
  generic({ name: "rpc", bytes: RPC, isText: false, ports: [111, 2049, 32768], intensity: 2, services: ["rpcbind"] }),
  generic({
    name: "ldap",
    bytes: LDAP,
    isText: false,
    ports: [389, 3268],
    tlsPorts: [636, 3269],
    intensity: 2,
    services: ["ldap"],
  }),
  generic({
    name: "x11",
    bytes: hex("6c 00 0b00 0000 0000 0000 0000"),
    isText: false,
    ports: [6000, 6001, 6002, 6003, 6004, 6005],
    intensity: 3,
    services: ["X11"],
  }),
  generic({
    name: "mqtt",
    bytes: join(hex("10 13 0004"), bytesOf("MQTT"), hex("04 02 001e 0007"), bytesOf("synscan")),
    isText: false,
    ports: [1883],
    tlsPorts: [8883],
    intensity: 2,
    services: ["mqtt"],
  }),
  generic({
    name: "socks5",
    bytes: hex("05 01 00"),
    isText: false,
    ports: [1080, 1081, 9050, 9150],
    intensity: 3,
    services: ["socks5"],
  }),
  generic({
    name: "pgssl",
    bytes: hex("00000008 04d2162f"),
    isText: false,
    ports: [5432, 5433, 6432],
    intensity: 2,
    services: ["postgresql"],
  }),
  generic({
    name: "rdp",
    bytes: hex("03 00 0013 0e e0 0000 0000 00 01 00 0800 03000000"),
    isText: false,
    ports: [3388, 3389],
    intensity: 3,
    services: ["ms-wbt-server"],
  }),
  generic({
    name: "help",
    bytes: bytesOf("HELP\r\n"),
    isText: true,
    intensity: 4,
    services: [],
  }),
  generic({
    name: "rtsp",
    bytes: bytesOf("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
    isText: true,
    ports: [554, 8554, 7236],
    intensity: 5,
    services: ["rtsp"],
  }),
  generic({ name: "sip", bytes: sip, isText: true, ports: [5060], tlsPorts: [5061], intensity: 5, services: ["sip"] }),
  generic({
    name: "amqp",
    bytes: hex("414d5150 00 00 09 01"),
    isText: false,
    ports: [5672],
    tlsPorts: [5671],
    intensity: 4,
    services: ["amqp"],
  }),
  // Exact probes.
  exact("redis-info", "*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n", [6379, 6380, 26379], ["redis"], { intensity: 3 }),
  exact("memcached-version", "version\r\n", [11211], ["memcached"], { intensity: 3 }),
  exact("epmd", hex("0001 6e"), [4369], ["epmd"]),
  exact("git", packetLine("git-upload-pack /synscan-none\0host=synscan.invalid\0"), [9418], ["git"]),
  exact("sane", hex("00000000 01000003 00000005 6e6f6e65 00"), [6566], ["sane-port"]),
  exact("adb", "000chost:version", [5037], ["adb"]),
  exact("zabbix", zabbixMessage("agent.version"), [10050], ["zabbix-agent"]),
  exact("zabbix-stats", zabbixMessage('{"request":"zabbix.stats"}'), [10051], ["zabbix-trapper"], { intensity: 8 }),
  exact("mongodb", MONGO_HELLO, [27017, 27018, 27019], ["mongodb"], { intensity: 8 }),
  exact("relp", relp("relp_version=0\nrelp_software=synscan\ncommands=syslog"), [2514, 20514], ["relp"], {
    intensity: 8,
  }),
  exact("tpm", TPM_PROPERTIES, [2321], ["tpm"], { intensity: 8 }),
  exact("ident", "22,40000\r\n", [113], ["ident"]),
  exact("tor-control", "PROTOCOLINFO 1\r\n", [9051, 9151], ["tor-control"]),
  exact("beanstalkd", "stats\r\n", [11300], ["beanstalkd"]),
  exact("nut", "VER\n", [3493], ["nut"]),
  exact("lirc", "VERSION\n", [8767], ["lirc"]),
  exact("lcdproc", "hello\n", [13666], ["lcdproc"]),
  exact("mpd", "status\n", [6600], ["mpd"]),
  exact("uhub", "HSUP ADBASE ADTIGR\n", [1511, 411, 412], ["adc"]),
  exact("giop", join(bytesOf("GIOP"), hex("0100 01 03 13000000 01000000 0b000000"), bytesOf("NameService")), [
    2809,
    683,
    1050,
  ], [
    "giop",
  ]),
  exact("firebird", FIREBIRD, [3050], ["firebird"]),
  exact("fastcgi", FASTCGI, [9000], ["fastcgi"]),
  exact("cvs", "BEGIN VERIFICATION REQUEST\n/synscan-none\nanonymous\nA\nEND VERIFICATION REQUEST\n", [2401], [
    "cvspserver",
  ]),
  exact(
    "distcc",
    "DIST00000001ARGC00000005ARGV00000003gccARGV00000002-cARGV00000003x.cARGV00000002-oARGV00000003x.oDOTI00000000",
    [
      3632,
    ],
    ["distccd"],
    { isText: false, intensity: 8 },
  ),
  exact("ajp", hex("1234 0001 0a"), [8009], ["ajp13"]),
  exact("modbus", hex("0001 0000 0005 01 2b 0e 01 00"), [502, 1502, 5020], ["modbus"], { intensity: 6 }),
  exact("opcua", OPC_HELLO, [4840, 4841, 48010, 48020, 53530, 62541], ["opcua-tcp"], { intensity: 7 }),
  exact("dicom", DICOM_ASSOCIATE, [104, 4242, 11112], ["dicom"], { intensity: 7 }),
  exact("s7", S7_CONNECT, [102], ["s7comm"], { intensity: 8 }),
  exact("gearman", "version\r\n", [4730], ["gearman"]),
  exact("munin", "version\n", [4949], ["munin"]),
  exact("rrdcached", "HELP\n", [42217], ["rrdcached"]),
  exact("nats", "PING\r\n", [4222], ["nats"]),
  exact("kerberos", KERBEROS, [88, 464, 750], ["kerberos-sec"]),
  exact("socks4", hex("04 01 0000 00000001 00"), [], ["socks4"], { intensity: 6 }),
  exact("stun", hex("0001 0000 2112a442 73796e7363616e3132333435"), [3478], ["stun"], { intensity: 6 }),
  exact("gqtp", hex("c7 00 0000 00 02 0000 00000006 00000000 0000000000000000 737461747573"), [10043], ["gqtp"], {
    intensity: 7,
  }),
  exact(
    "postgrey",
    "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=SMTP\nclient_address=192.0.2.1\nclient_name=unknown\nsender=synscan@synscan.invalid\nrecipient=synscan@synscan.invalid\ninstance=synscan\n\n",
    [
      10023,
      10031,
      10030,
    ],
    ["postfix-policy"],
    { intensity: 8 },
  ),
  exact("bzfs", "BZFLAG\r\n\r\n", [5154], ["bzflag"], { intensity: 7 }),
  exact(
    "freeciv",
    join(counted(join(hex("04"), bytesOf("synscan\0+Freeciv-0.0\0\0"), hex("00000000 00000000 00000000")), 2, 2)),
    [
      5556,
    ],
    ["freeciv"],
    { intensity: 7 },
  ),
  exact("tetrinetx", "version\xff", [31457], ["tetrinet"], { isText: false, intensity: 8 }),
  exact("owserver", hex("00000000 00000000 00000001 00000000 00000000 00000000"), [4304], ["owserver"], {
    intensity: 6,
  }),
  exact("wesnoth", hex("00000000"), [15000], ["wesnoth"], { intensity: 8 }),
  exact("amqp10", hex("414d5150 00 01 00 00"), [5672], ["amqp"], { intensity: 7 }),
  exact("apcupsd", join(hex("0006"), bytesOf("status")), [3551], ["apcupsd"], { intensity: 7 }),
  exact("openvpn", hex("000e 38 73796e7363616e31 00 00000000"), [1194], ["openvpn"], { intensity: 6 }),
  exact("pptp", pptp(), [1723], ["pptp"], { intensity: 6 }),
  exact("ovsdb", '{"method":"list_dbs","params":[],"id":"synscan"}', [6640], ["ovsdb"], { intensity: 7 }),
  exact("minecraft", hex("fe 01"), [25565], ["minecraft"], { intensity: 7 }),
  exact("diameter", diameter(), [3868], ["diameter"], { intensity: 7 }),
  exact("isns", isns(), [3205], ["isns"], { intensity: 7 }),
  exact("iscsi", iscsi(), [3260], ["iscsi"], { intensity: 7 }),
  exact("sam", "HELLO VERSION\n", [7656], ["i2p-sam"], { intensity: 8 }),
  exact("gdb-remote", "+$qSupported#37", [1234, 2159, 2331], ["gdbserver"], { isText: false, intensity: 7 }),
  exact("knxd", hex("0002 7353"), [6720], ["knxd"], { intensity: 7 }),
  exact("kadmin", KADMIN, [749], ["kadmin"], { intensity: 8 }),
  exact("indi", "<getProperties version='1.7'/>\n", [7624], ["indi"], { intensity: 8 }),
  exact("agw", join(hex("00000000 52"), new Uint8Array(31)), [8000, 8010], ["agwpe"], { intensity: 8 }),
  exact("milter", hex("0000000d 4f 00000006 000001ff 001fffff"), [8891, 8892, 8893], ["milter"], { intensity: 7 }),
  exact("iperf3", "synscan-cookie-of-thirty-six-bytes--\0", [5201], ["iperf3"], { isText: false, intensity: 6 }),
  exact("uwsgi", uwsgi(), [3031, 8093], ["uwsgi"], { intensity: 7 }),
  exact("bgp", join(hex("ffffffffffffffffffffffffffffffff 001d 01 04 fde8 00b4 c0000201 00")), [179], ["bgp"], {
    intensity: 6,
  }),
  exact("icecc", hex("2b000000"), [8765, 10245], ["icecc"], { intensity: 8 }),
  exact("pulse", pulse(), [4713], ["pulseaudio"], { intensity: 7 }),
  exact("xmpp", "", [5222, 5269, 5280], ["xmpp-client", "xmpp-server"], { bytes: xmpp, intensity: 6 }),
  exact("spamd", "PING SPAMC/1.2\r\n\r\n", [783], ["spamd"]),
  exact("finger", "\r\n", [79], ["finger"]),
  exact("gopher", "\r\n", [70], ["gopher"]),
  exact("pjl", "\x1b%-12345X@PJL INFO ID\r\n\x1b%-12345X\r\n", [9100, 9101], ["jetdirect"], {
    isText: false,
    intensity: 9,
  }),
  exact("gpsd", "?VERSION;\n", [2947], ["gpsd"]),
  exact("clamd", "zVERSION\0", [3310], ["clamd"]),
  exact("zookeeper", "srvr", [2181], ["zookeeper"]),
  exact("rtmp", rtmp(), [1935], ["rtmp"], { intensity: 7 }),
  exact("rmi", hex("4a524d49 0002 4b"), [1099], ["java-rmi"], { intensity: 7 }),
  exact("openocd", "version\x1a", [6666], ["openocd-tcl"], { isText: false, intensity: 8 }),
  exact("swank", swank('(:emacs-rex (swank:connection-info) "COMMON-LISP-USER" t 1)'), [4005], ["swank"], {
    intensity: 7,
  }),
  exact("moosefs", hex("0000000a 00000000"), [9419, 9420, 9421, 9422], ["moosefs"], { intensity: 8 }),
  exact("snapcast", snapcast(), [1704], ["snapcast"], { intensity: 8 }),
  exact("ola", ola(), [9010], ["ola-rpc"], { intensity: 8 }),
  exact("erlang", erlang(), [25672], ["erlang-dist"], { intensity: 7 }),
  exact("bacula", counted(bytesOf("Hello Director synscan calling\n"), 4), [9101, 9102], ["bacula-fd"], {
    intensity: 8,
  }),
  exact("carbon-query", counted(bytesOf(CARBON_QUERY), 4), [7002], ["carbon-query"], { intensity: 7 }),
  exact("dnsdist", new Uint8Array(24), [5199], ["dnsdist-control"], { intensity: 9 }),
  exact("bittorrent", bytesOf("synscan!".repeat(12)), [6881, 6882, 6883, 6884, 6889, 51413], ["bittorrent"], {
    isText: false,
    intensity: 9,
  }),
  exact("9p", NINEP_VERSION, [564, 5640], ["9pfs"], { intensity: 7 }),
  exact("rtr", RTR_SERIAL_QUERY, [323, 3323, 8282], ["rpki-rtr"], { intensity: 7 }),
  // The error that ends a session may be lost with it: then the port's own cache is asked for its records.
  exact("rtr-reset", RTR_RESET_QUERY, [323, 3323, 8282], ["rpki-rtr"], { intensity: 9 }),
  exact("osmocom", IPA_GET, [4236, 4238, 4249, 4251, 4255, 4257, 4259, 4263, 4267], ["osmocom-ctrl"], { intensity: 7 }),
  exact("drda", DRDA_ATTRIBUTES, [446, 1527, 50000], ["drda"], { intensity: 6 }),
  exact("stomp", "CONNECT\naccept-version:1.0,1.1,1.2\nhost:synscan\n\n\0", [61613], ["stomp"], { intensity: 6 }),
  exact("xrootd", XROOTD_HANDSHAKE, [1094, 1095], ["xrootd"], { intensity: 7 }),
  exact("scgi", SCGI_REQUEST, [5002], ["scgi"], { isText: false, intensity: 8 }),
  exact("smpp", SMPP_ENQUIRE, [2775], ["smpp"], { intensity: 7 }),
  exact("rpyc", RPYC_REQUEST, [18812], ["rpyc"], { intensity: 7 }),
  exact("dbus", DBUS_AUTH, [], ["dbus"], { intensity: 7 }),
  exact("lsp", LSP_REQUEST, [2089], ["lsp"], { intensity: 6 }),
  exact("pg-startup", PG_STARTUP, [5435], ["postgresql"], { intensity: 8 }),
  exact("serf", SERF_HANDSHAKE, [7373], ["serf"], { intensity: 8 }),
  exact("memberlist", MEMBERLIST_PING, [7946, 8301, 8302], ["memberlist"], { intensity: 8 }),
  // A server of this game that is sent anything else first replies to no client any more.
  exact("liquidwar", "PING\r\n", [8035], ["liquidwar"], { intensity: 9 }),
  // For a server of HTTP that names itself nowhere else: the page for what is not there is often its own.
  exact("http-missing", "GET /synscan-none HTTP/1.0\r\n\r\n", [], ["http"], { intensity: 9 }),
];

const BY_NAME: ReadonlyMap<string, ServiceProbe> = new Map(PROBES.map((probe) => [probe.name, probe]));

/** Returns the probe with a name. */
export function probeNamed(name: string): ServiceProbe | undefined {
  return BY_NAME.get(name);
}
