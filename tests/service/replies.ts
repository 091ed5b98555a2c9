/**
 * Replies of real servers, one character per byte, and the service that they show: the start of unit tables and of fuzzing.
 *
 * @module
 */

/** A reply and its service. */
interface Reply {
  readonly probe: string;
  readonly reply: string;
  readonly service: string;
}

const of = (service: string, probe: string, reply: string): Reply => ({ service, probe, reply });

/** Replies by service. */
export const REPLIES: readonly Reply[] = [
  of("ssh", "null", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"),
  of("ssh", "null", "SSH-2.0-tinyssh_20230101-1 AnDOofom\r\n"),
  of(
    "http",
    "http",
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n\r\n<title>a &amp; b</title>",
  ),
  of("http", "null", "\0\0\0\x04\0\0\0\0\0"),
  of("ftp", "null", "220 (vsFTPd 3.0.3)\r\n"),
  of("ftp", "null", "220 ProFTPD Server (Debian) [::ffff:127.0.0.1]\r\n"),
  of("smtp", "null", "220 mail.lab.test ESMTP Postfix (Debian/GNU)\r\n"),
  of("pop3", "null", "+OK Dovecot (Debian) ready.\r\n"),
  of("imap", "null", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Dovecot (Debian) ready.\r\n"),
  of("nntp", "null", "503 Leafnode must have a unique fully-qualified domain name.\r\n"),
  of("irc", "http", 'ERROR :"Oops, HTTP request received? This is IRC!"\r\n'),
  of("irc", "null", ":insp.lab.test NOTICE * :*** Looking up your hostname...\r\n"),
  of("irc", "help", ":irc.lab.test 451 * :Connection not registered\r\n"),
  of("sieve", "null", '"IMPLEMENTATION" "Dovecot (Debian) Pigeonhole"\r\n"SIEVE" "fileinto reject"\r\nOK "ready"\r\n'),
  of(
    "mysql",
    "null",
    "d\0\0\0\n5.5.5-10.11.19-MariaDB-0+deb12u1\0\x03\0\0\0_9>j~X~2\0\xfe\xf7-\x02\0\xff\x81\x15\0\0\0\0\0\0\x1d\0\0\0",
  ),
  of("postgresql", "pgssl", "S"),
  of(
    "postgresql",
    "smb",
    "E\0\0\0\x8bSFATAL\0VFATAL\0C0A000\0Munsupported frontend protocol\0Fpostmaster.c\0L2220\0RProcessStartupPacket\0\0",
  ),
  of("postgresql", "dns", "E\0\0\0:SFATAL\0C08P01\0Mbad packet header: '001e735300000001'\0\0"),
  of(
    "domain",
    "dns",
    "\0\x34sS\x80\0\0\x01\0\x01\0\0\0\0\x07version\x04bind\0\0\x10\0\x03\xc0\x0c\0\x10\0\x03\0\0\0\0\0\n\tNSD 4.6.1",
  ),
  of("vnc", "null", "RFB 003.008\n"),
  of("vnc", "help", "RFB 003.003\n\0\0\0\0\0\0\0\x1aToo many security failures"),
  of("ms-wbt-server", "rdp", "\x03\0\0\x13\x0e\xd0\0\0\x124\0\x02\x01\x08\0\x01\0\0\0"),
  of("iso-tsap", "rdp", "\x03\0\0\x13\x0e\xd0\0\0\0\x01\0\x01\0\x08\0\x03\0\0\0"),
  of("iso-tsap", "s7", "\x03\0\0\x16\x11\xd0\0\x01\0\x01\0\xc0\x01\n\xc1\x02\x01\0\xc2\x02\x01\x02"),
  of(
    "s7comm",
    "s7-setup",
    "\x03\0\0\x1b\x02\xf0\x802\x03\0\0\0\x01\0\b\0\0\0\0\xf0\0\0\x01\0\x01\x01\xe0",
  ),
  of("ms-wbt-server", "dns", "\x03\0\0\t\x02\xf0\x80!\x80"),
  of("mqtt", "mqtt", "\x20\x02\0\x05"),
  of(
    "mqtt",
    "mqtt-version",
    '\x90\x04\0\x01\0\x000\x6b\x01\x008$SYS/e98da383-b865-4154-b936-5b7fc837e35b/new/subscribes{"clientId":"synscan","subs":[]}',
  ),
  of(
    "domain",
    "dns-invalid",
    "\0\x4bsS\x85\x83\0\x01\0\0\0\0\0\x01\x07synscan\x07invalid\0\0\x01\0\x01\x0bexplanation\xc0\x14\0\x10\0\x01\0\0*0\0\x12\x11" +
      "Blocking is manda",
  ),
  of("grpc", "grpc-gobgp", "\0\0\0\x04\x01\0\0\0\0\0\0\x09\0\0\0\0\0\x01\0\0\0\0\x04\x0a\x02\x08\x01"),
  of("liquidwar", "liquidwar", `OK${"\0".repeat(995)}\r\n`),
  of("socks5", "socks5", "\x05\0"),
  of("socks5", "http", "\x05\xff"),
  of("rpcbind", "rpc", "\x80\0\0\x20SYNS\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x02\0\0\0\x04"),
  of(
    "nfs",
    "rpc-programs",
    "\x80\x00\x00 SYNS\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x04\x80\x00\x00\x18SYNT\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNU\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNV\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNW\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNX\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01",
  ),
  of(
    "mountd",
    "rpc-programs",
    "\x80\x00\x00\x18SYNS\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00 SYNT\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x03\x80\x00\x00\x18SYNU\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNV\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNW\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x80\x00\x00\x18SYNX\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01",
  ),
  of(
    "opcua-tcp",
    "opcua",
    "ACKF\x1c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x01\x00\x01\x00\x00",
  ),
  of(
    "opcua-tcp",
    "opcua-channel",
    "OPNF\x87\x00\x00\x00\xa7\x00\x00\x00/\x00\x00\x00http://opcfoundation.org/UA/SecurityPolicy#None\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\xc1\x01\xd0\x8a\rj\x1d\x81\xdd\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xa7\x00\x00\x00\x01\x00\x00\x00\xd0\x8a\rj\x1d\x81\xdd\x01\x10'\x00\x00\xff\xff\xff\xff",
  ),
  of(
    "opcua-tcp",
    "opcua-servers",
    "ERRF]\x00\x00\x00\x00\x00\x05\x80M\x00\x00\x00BadCommunicationError (0x80050000):Invalid channelId specified = 167  <> 169 ",
  ),
  of(
    "dicom",
    "dicom",
    "\x02\x00\x00\x00\x00\xb8\x00\x01\x00\x00ANY-SCP         SYNSCAN         \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x151.2.840.10008.3.1.1.1!\x00\x00\x19\x01\x00\x00\x00@\x00\x00\x111.2.840.10008.1.2P\x00\x00:Q\x00\x00\x04\x00\x00@\x00R\x00\x00\x1b1.2.276.0.7230010.3.0.3.6.7U\x00\x00\x0fOFFIS_DCMTK_367",
  ),
  of("dicom", "rdp", "\x07\x00\x00\x00\x00\x04\x00\x00\x00\x00"),
  of(
    "isns",
    "isns",
    "\x00\x01\x80\x02\x000L\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00 \x00\x00\x00\x1ciqn.2000-01.invalid:synscan\x00\x00\x00\x00\x00\x00\x00\x00\x00",
  ),
  of("crossfire", "null", "\x00#version 1023 1029 Crossfire Server\n"),
  of(
    "xmpp-server",
    "xmpp",
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client' from='127.0.0.1' version='1.0' id='xors7ii7cta7c825hgckfyyxtz3wh7gev872qpa2' xmlns:db='jabber:server:dialback'><stream:features xmlns:stream='http://etherx.jabber.org/streams'><dialback xmlns='urn:xmpp:features:dialback'><required></required></dialback></stream:features>",
  ),
  of(
    "diameter",
    "diameter",
    "\x01\x00\x00h \x00\x01\x01\x00\x00\x00\x00synscan!\x00\x00\x01\x0c@\x00\x00\x0c\x00\x00\x0b\xc2\x00\x00\x01\x19\x00\x00\x00\x1dDIAMETER_UNKNOWN_PEER\x00\x00\x00\x00\x00\x01\x08@\x00\x00\x10lab.test\x00\x00\x01(@\x00\x00\x0ctest\x00\x00\x01\x16@\x00\x00\x0ck\x0e\x0a\x16",
  ),
  of("epmd", "epmd", "\0\0\x11\x11"),
  of("git", "git", "0037ERR access denied or repository not exported: /none"),
  of("sane-port", "sane", "\0\0\0\0\x01\x01\0\x03"),
  of("adb", "adb", "OKAY00040029"),
  of("zabbix-agent", "zabbix", "ZBXD\x01\x06\0\0\0\0\0\0\x006.0.14"),
  of("ident", "ident", "22,40000:ERROR:NO-USER\r\n"),
  of(
    "tor-control",
    "tor-control",
    '250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n',
  ),
  of("nut", "nut", "Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n"),
  of("lirc", "lirc", "BEGIN\nVERSION\nSUCCESS\nDATA\n1\n0.10.1\nEND\n"),
  of("lcdproc", "lcdproc", "connect LCDproc 0.5.9 protocol 0.3 lcd wid 20 hgt 4 cellwid 5 cellhgt 8\n"),
  of("adc", "uhub", "ISUP ADBASE ADTIGR ADPING ADUCMD\nISID AAAB\nIINF CT32 VEuhub/0.4.1-release NIlab\n"),
  of("giop", "giop", "GIOP\x01\0\x01\x04\x08\0\0\0\x01\0\0\0\0\0\0\0"),
  of("firebird", "firebird", "\0\0\0\x04"),
  of("stun", "stun", "\x01\x01\0\x18!\x12\xa4Bsynscan12345\x80\x22\0\x14Coturn-4.6.1 'Gorst'"),
  of("redis", "http", "-ERR wrong number of arguments for 'get' command\r\n"),
  of("redis", "redis-info", "$40\r\n# Server\r\nredis_version:7.0.15\r\nos:Linux\r\n"),
  of("memcached", "memcached-version", "VERSION 1.6.18\r\n"),
  of("memcached", "crlf2", "ERROR\r\nERROR\r\n"),
  of("beanstalkd", "crlf2", "UNKNOWN_COMMAND\r\n"),
  of("gearman", "gearman", "OK 1.1.20+ds\n"),
  of("munin", "null", "# munin node at vm\n"),
  of("rrdcached", "http", "-1 Unknown command: GET\n"),
  of("rsync", "null", "@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n"),
  of("dict", "null", "220 host dictd 1.13.0/rf on Linux 6.18.44 <auth.mime> <1.5235.1795864943@vm>\r\n"),
  of("tarantool", "null", "Tarantool 2.6.0 (Lua console)\ntype 'help' for interactive help\n"),
  of("varnish-cli", "null", "107 59      \njagjcbujwpxytannflmwzvbfamhgptkt\n\nAuthentication required.\n\n"),
  of("spamd", "http", "SPAMD/1.0 76 Bad header line: GET / HTTP/1.0\r\n"),
  of(
    "xmpp-client",
    "http",
    "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' id='' xml:lang='en' xmlns='jabber:client'><stream:error>",
  ),
  of(
    "sip",
    "sip",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 127.0.0.1\r\nCSeq: 1 OPTIONS\r\nServer: kamailio (5.6.3 (x86_64/linux))\r\n\r\n",
  ),
  of("fluidsynth", "http", "unknown command: GET (try help)\n"),
  of("owserver", "dns", "\0\0\0\0\0\0\0\0\xff\xff\xff\xd6\0\0\x07v\0\0\0\0\0\0\0\0"),
  of("knxd", "dns", "\0\x02\0\0"),
  of("icecc", "null", "+\0\0\0"),
  of("nbd", "null", "NBDMAGICIHAVEOPT\0\x03"),
  of("daytime", "null", "28 NOV 2026 11:21:28 UTC\r\n"),
  of("echo", "http", "GET / HTTP/1.0\r\n\r\n"),
  of("openocd-tcl", "openocd", "Open On-Chip Debugger 0.12.0\x1a"),
  of("finger", "crlf2", "No one logged on.\r\n"),
  of(
    "swank",
    "swank",
    '000075(:return (:ok (:pid 7 :style :spawn :package (:name "COMMON-LISP-USER" :prompt "CL-USER") :version "2.27")) 1)',
  ),
  of("moosefs", "moosefs", "\0\0\0\x0b\0\0\0\x0d\0\x03\0\xea3.0.117-1"),
  of("snapcast", "snapcast", `\x04\0\x01\0\x01\0${"5".repeat(16)}\x08\0\0\0${"5".repeat(8)}`),
  of("ola-rpc", "ola", "\x04\0\0\x10\x08\x05\x10\x01"),
  of("erlang-dist", "erlang", `\0\x03sok\0\x1dN${"\x07".repeat(16)}\0\x0arabbit@lab`),
  of("bacula-fd", "bacula", "\0\0\0Lhello.c:109 Connection from unknown Director synscan at 127.0.0.1 rejected.\n"),
  of("carbon-query", "carbon-query", "\0\0\0\x1b\x80\x02}q\0X\n\0\0\0datapointsq\x01]q\x02s."),
  of("dnsdist-control", "dnsdist", "\xae\x5a\x0f\x19\xf4Gl\xb2\xe0\x3a\x9f\x94\xbc(M~\x08\xf3\xb7\xd3\x47\xe4\x59\x80"),
  of("sphinx-search", "null", "\0\0\0\x01"),
  of(
    "sphinx-search",
    "sphinx-status",
    "\0\0\x01\x01\0\0\0\x2d\0\0\0\x02\0\0\0\x02\0\0\0\x06uptime\0\0\0\x0233\0\0\0\x0bconnections\0\0\0\x011",
  ),
  of(
    "nbd",
    "nbd-option",
    "\0\x03\xe8\x89\x04\x55e\xa9\0\0\xff\xff\x80\0\0\x01\0\0\0\x24Unsupported option 65535 (<unknown>)",
  ),
];
