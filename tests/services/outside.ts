/**
 * The servers outside the truth table that service detection is measured with, and those of them that are withheld.
 *
 * The withheld ones were drawn before any row was written. Until the acceptance run they are not recorded,
 * their replies are not read, and no row is written for them.
 *
 * @module
 */

/** One server: a name, and the package that has it. */
interface OutsideServer {
  readonly name: string;
  /** A package of Debian 12, or of npm with the prefix `npm:`. */
  readonly package: string;
}

/** The seed of the draw. */
export const SEED = 20_261_128;
/** The number of withheld servers. */
const WITHHELD_COUNT = 15;
/** The number of servers drawn after them, which take the place of withheld ones that cannot be started. */
const RESERVE_COUNT = 3;

const LIST = `
popa3d popa3d
solid-pop3d solid-pop3d
mailutils-imap4d mailutils-imap4d
mailutils-pop3d mailutils-pop3d
msmtpd msmtp-mta
opendkim opendkim
rspamd rspamd
clamd clamav-daemon
postsrsd postsrsd
clamsmtpd clamsmtp
caddy caddy
hitch hitch
nghttpx nghttp2-proxy
nghttpd nghttp2-server
yaws yaws
uvicorn uvicorn
puma puma
unicorn unicorn
thin thin
busybox-httpd busybox-static
cockpit-ws cockpit-ws
shellinabox shellinabox
twisted-web python3-twisted
tornado python3-tornado
aiohttp python3-aiohttp
cherrypy python3-cherrypy3
merecat merecat
mojolicious libmojolicious-perl
starman starman
twiggy twiggy
feersum feersum
plackup libplack-perl
apt-cacher-ng apt-cacher-ng
ziproxy ziproxy
e2guardian e2guardian
mitmproxy mitmproxy
webdis webdis
civetweb civetweb
websockify websockify
influxdb influxdb
clickhouse clickhouse-server
pgpool2 pgpool2
redis-sentinel redis-sentinel
zookeeper zookeeper
carbon-cache graphite-carbon
victoria-metrics victoria-metrics
rabbitmq rabbitmq-server
inetutils-ftpd inetutils-ftpd
minidlna minidlna
tgtd tgt
csync2 csync2
syncthing syncthing
mercurial mercurial
fossil fossil
aria2 aria2
transmission transmission-daemon
deluged deluged
opentracker opentracker
moosefs-master moosefs-master
bacula-fd bacula-fd
bacula-sd bacula-sd
burp burp
rclone rclone
ircd-hybrid ircd-hybrid
ircd-irc2 ircd-irc2
ircd-ircu ircd-ircu
ejabberd ejabberd
bip bip
weechat-relay weechat-headless
quassel-core quassel-core
eggdrop eggdrop
liquidsoap liquidsoap
janus janus
festival festival
speech-dispatcher speech-dispatcher
brltty brltty
mopidy mopidy
motion motion
gerbera gerbera
ustreamer ustreamer
apcupsd apcupsd
conserver conserver-server
rigctld libhamlib-utils
rotctld libhamlib-utils
direwolf direwolf
indiserver indi-bin
olad ola
openocd openocd
boinc boinc-client
dask-scheduler python3-distributed
corosync-qnetd corosync-qnetd
qemu-vnc qemu-system-x86
qemu-qmp qemu-system-x86
qemu-gdb qemu-system-x86
qemu-nbd qemu-utils
docker-registry docker-registry
libvirtd libvirt-daemon
lsh-server lsh-server
asyncssh python3-asyncssh
paramiko python3-paramiko
sshesame sshesame
endlessh endlessh
inetutils-telnetd inetutils-telnetd
telnetd-ssl telnetd-ssl
rlogind rsh-redone-server
tightvnc tightvncserver
freerdp-shadow freerdp2-shadow-x11
xpra xpra
lprng lprng
pdns-server pdns-server
yadifa yadifa
dnsdist dnsdist
gdnsd gdnsd
knot-resolver knot-resolver
dhcpd-omapi isc-dhcp-server
kea-ctrl-agent kea-ctrl-agent
snmpd-agentx snmpd
nsca nsca
icinga2 icinga2-bin
gmond ganglia-monitor
gmetad gmetad
pmcd pcp
netdata netdata-core
prometheus prometheus
alertmanager prometheus-alertmanager
pushgateway prometheus-pushgateway
glances glances
darkstat darkstat
wesnothd wesnoth-1.16-server
openttd openttd
pioneers pioneers-console
liquidwar liquidwar-server
monopd monopd
cfingerd cfingerd
fingerd fingerd
ident2 ident2
nullidentd nullidentd
pygopherd pygopherd
sks sks
i2pd i2pd
trojan trojan
httptunnel httptunnel
ocserv ocserv
openvpn openvpn
pptpd pptpd
tinc tinc
lldb-server lldb
jupyter jupyter-notebook
rserve r-cran-rserve
swank cl-swank
debugpy python3-debugpy
nuttcp nuttcp
chromedriver chromium-driver
bird2 bird2
gobgpd gobgpd
babeld babeld
express npm:express
fastify npm:fastify
koa npm:koa
http-server npm:http-server
serve npm:serve
json-server npm:json-server
ssh2 npm:ssh2
mysql2 npm:mysql2
rhea npm:rhea
node-media-server npm:node-media-server
webdav-server npm:webdav-server
node-opcua npm:node-opcua
maildev npm:maildev
hapi npm:@hapi/hapi
`;

const MORE = `
znc znc
gpsd gpsd
sphinxsearch sphinxsearch
snapserver snapserver
timidity timidity
crossfire crossfire-server
iperf2 iperf
squid squid
nbd-server nbd-server
tinymux tinymux
kadmind krb5-admin-server
uwsgi uwsgi-core
webrick ruby-webrick
icebox zeroc-icebox
yrmcds yrmcds
stunnel stunnel4
ser2net ser2net
pymodbus python3-pymodbus
gdbserver gdbserver
ftp-srv npm:ftp-srv
smtp-server npm:smtp-server
ldapjs npm:ldapjs
ws npm:ws
modbus-serial npm:modbus-serial
socksv5 npm:socksv5
rfb2 npm:rfb2
aedes npm:aedes
peer npm:peer
bittorrent-tracker npm:bittorrent-tracker
`;

/** The servers of which no reply had been seen when the draw was made. */
export const UNSEEN: readonly OutsideServer[] = parse(LIST);

/** Servers outside the truth table of which something was known already; none of them is withheld. */
export const SEEN: readonly OutsideServer[] = parse(MORE);

/** The withheld servers. */
export const WITHHELD: readonly string[] = draw().slice(0, WITHHELD_COUNT);
/** The withheld servers that replace those of {@linkcode WITHHELD} that cannot be started, in this order. */
export const RESERVE: readonly string[] = draw().slice(WITHHELD_COUNT, WITHHELD_COUNT + RESERVE_COUNT);

/** Returns true for a server that must not be recorded before the acceptance run. */
export function isWithheld(name: string): boolean {
  return WITHHELD.includes(name) || RESERVE.includes(name);
}

/** Returns the names of the unseen servers in an order that the seed decides (Fisher and Yates, mulberry32). */
function draw(): string[] {
  const names = UNSEEN.map((server) => server.name);
  let state = SEED;
  for (let last = names.length - 1; last > 0; last--) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const pick = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1);
    const other = names[pick]!;
    names[pick] = names[last]!;
    names[last] = other;
  }
  return names;
}

function parse(text: string): OutsideServer[] {
  return text.trim().split("\n").map((line) => {
    const [name, packageName] = line.split(" ");
    return { name: name!, package: packageName! };
  });
}
