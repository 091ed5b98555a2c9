/** Rows of databases, name servers, desktops, devices and the other protocols. */

import { readRows } from "./row.ts";

/** Servers of databases and queues. */
export const DATA_ROWS = readRows(
  "data",
  String.raw`
mysql-mariadb-5.5.5 | mysql.version | ^5\.5\.5-(\d[\d.]*)-MariaDB(?:-(\S+))?$ | MariaDB | $1 | a:mariadb:mariadb:$1 | info:$2 | mariadb
mysql-sphinx | mysql.version | ^(\d[\d.]*)-(?:id64-)?(?:release|beta) \(([\w-]+)\)$ | Sphinx | $1 | - | - | sphinx-sql
postgresql-15 | postgresql.source | ^postmaster\.c:2220:ProcessStartupPacket$ | PostgreSQL | 15 | a:postgresql:postgresql:15 | - | postgresql
postgresql | postgresql.source | ^postmaster\.c:\d+:ProcessStartupPacket$ | PostgreSQL | - | a:postgresql:postgresql | - | postgresql
pgbouncer-partial | postgresql.error | ^08P01 client sent partial pkt in startup phase$ | PgBouncer | - | a:pgbouncer:pgbouncer | - | pgbouncer
pgbouncer-header | postgresql.error | ^08P01 bad packet header: '[0-9a-f]{16}'$ | PgBouncer | - | a:pgbouncer:pgbouncer | - | pgbouncer
redis-info | redis.info | ^# Server\r\nredis_version:(\d[\d.]*)\r\n(?!server_name:) | Redis | $1 | a:redis:redis:$1 | - | redis stunnel
redis-get | redis.error | ^ERR wrong number of arguments for 'get' command$ | Redis | - | a:redis:redis | - | redis redis-password
redis-noauth | redis.reply | ^ Authentication required\.$ | Redis | - | a:redis:redis | info:password required | redis-password
memcached-version | memcached.version | ^(\d+\.\d+\.\d+)$ | Memcached | $1 | a:memcached:memcached:$1 | - | memcached
memcached-yrmcds | memcached.version | ^yrmcds (?:version )?(\d[\d.]*) | yrmcds | $1 | - | - | yrmcds
firebird-error | firebird.error | ^\d+$ | Firebird | - | a:firebirdsql:firebird | - | firebird
tarantool-binary | tarantool.greeting | ^Tarantool (\d[\d.]*) \(Binary\) | Tarantool | $1 | a:tarantool:tarantool:$1 | info:binary protocol | tarantool-binary
tarantool-console | tarantool.greeting | ^Tarantool (\d[\d.]*) \(Lua console\) | Tarantool | $1 | a:tarantool:tarantool:$1 | info:Lua console | tarantool-console
nats-info | nats.info | ^\{"server_id":"N[A-Z0-9]{55}",.*?"version":"(\d[\d.]*)" | NATS | $1 | a:nats:nats_server:$1 | - | nats-client
nats-name | nats.info | ^\{"server_id":"[^"]*","server_name":"([^"]*)" | - | - | - | info:server $1 | nats-client
beanstalkd-stats | beanstalkd.stats | ^.*?\nversion: "?(\d[\d.]*)"?\n | beanstalkd | $1 | - | - | beanstalkd
gearman-version | gearman.version | ^(\d[\d.]*)(?:\+\w+)?$ | Gearman | $1 | - | - | gearmand
mqtt-aedes | mqtt.subscription | ^\{"clientId":"synscan","subs":\[\{"topic": | Aedes | - | - | - | aedes
rabbitmq | amqp.product | ^RabbitMQ (\d[\d.]*)$ | RabbitMQ | $1 | a:vmware:rabbitmq:$1 | - | rabbitmq-amqp
groonga-gqtp | gqtp.version | ^(\d[\d.]*)$ | Groonga | $1 | - | - | groonga-gqtp
rrdcached-help | rrdcached.help | ^Command overview\nUPDATE | rrdcached | - | - | info:RRDtool | rrdcached
`,
);

/** Name servers, directories, time and other infrastructure. */
export const NETWORK_ROWS = readRows(
  "network",
  String.raw`
dns-bind | dns.version | ^(9\.\d+\.\d+)(?:-(\S.*))?$ | ISC BIND | $1 | a:isc:bind:$1 | info:$2 | bind-dns
dns-unbound | dns.version | ^unbound (\d[\d.]*)$ | Unbound | $1 | a:nlnetlabs:unbound:$1 | - | unbound
dns-nsd | dns.version | ^NSD (\d[\d.]*)$ | NSD | $1 | a:nlnetlabs:name_server_daemon:$1 | - | nsd
dns-pdns-recursor | dns.version | ^PowerDNS Recursor (\d[\d.]*)$ | PowerDNS Recursor | $1 | a:powerdns:recursor:$1 | - | pdns-recursor
dns-dnsmasq | dns.version | ^dnsmasq-(\d[\d.]*)$ | dnsmasq | $1 | a:thekelleys:dnsmasq:$1 | - | dnsmasq
ldap-openldap-rootdse | ldap.objectclass | ^(?:top )?OpenLDAProotDSE$ | OpenLDAP | - | a:openldap:openldap | - | slapd
kerberos-mit | kerberos.error | ^61 0,1,4,5,6,9,10 (?!<unspecified realm>$) | MIT Kerberos | - | a:mit:kerberos_5 | - | krb5-kdc
kerberos-heimdal | kerberos.error | ^(?:6 0,1,4,5,6,7,8,9,10 SYNSCAN\.INVALID|61 0,1,4,5,6,9,10 <unspecified realm>)$ | Heimdal | - | a:heimdal_project:heimdal | - | heimdal
samba-ntlm | smb.ntlm-version | ^6\.1\.0$ | Samba smbd | - | a:samba:samba | - | samba-139 samba-445
stun-coturn | stun.software | ^Coturn-(\d[\d.]*)(?: '([^']*)')?$ | Coturn | $1 | a:coturn_project:coturn:$1 | info:$2 | coturn
sip-kamailio | sip.headers | ^(?:.*?\n)?Server: kamailio \((\d[\d.]*) \(([^)]*)\)\)\r\n | Kamailio | $1 | a:kamailio:kamailio:$1 | info:$2 | kamailio
dict-dictd | dict.greeting | ^(\S+) dictd (\d[\d.]*)/rf on (\w+) (\S+) | dictd | $2 | - | info:$3 $4; os:$3 | dictd
epmd | epmd.port | ^\d+$ | Erlang Port Mapper Daemon | - | a:erlang:erlang/otp | - | epmd
omniorb | giop.body | ^.{0,40}IDL:omg\.org/CORBA/OBJECT_NOT_EXIST:1\.0\0{1,4}\x01\0MO\x01\0\0\0$ | omniORB | - | - | - | omninames
xmpp-prosody-c2s | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}\bid='')(?=[^>]{0,400}xml:lang='en')(?=[^>]{0,400}xmlns='jabber:client')[^>]{1,400}><stream:error><not-well-formed xmlns= | Prosody | - | a:prosody:prosody | - | prosody-c2s
xmpp-prosody-s2s | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}\bid='')(?=[^>]{0,400}xml:lang='en')(?=[^>]{0,400}xmlns='jabber:server')(?=[^>]{0,400}xmlns:db='jabber:server:dialback') | Prosody | - | a:prosody:prosody | - | prosody-s2s
svn-subversion | svn.versions | ^2 2$ | Subversion | - | a:apache:subversion | - | svnserve
git-daemon | git.error | ^access denied or repository not exported: / | Git | - | a:git-scm:git | - | git-daemon
spamd | spamd.reply | ^\d+ Bad header line: | SpamAssassin | - | a:apache:spamassassin | - | spamd
varnish-cli | varnish.cli | ^107 59 {6}\n[a-z]{32}\n\nAuthentication required\. | Varnish | - | a:varnish-software:varnish_cache | info:authentication required | varnish-cli
tor-protocolinfo | tor.version | ^(\d[\w.]*) | Tor | $1 | a:torproject:tor:$1 | - | tor-control
tor-control-http | tor.http | ^Tor ControlPort is not an HTTP proxy$ | Tor | - | a:torproject:tor | - | tor-control
tor-control-error | tor.error | ^Authentication required$ | Tor | - | a:torproject:tor | - | tor-control
rsync | rsync.version | ^(\d+\.\d+) | - | - | - | info:protocol $1 | rsync
`,
);

/** Desktops, devices, media, monitoring and games. */
export const DEVICE_ROWS = readRows(
  "devices",
  String.raw`
vnc | rfb.version | ^003\.\d{3}$ | VNC | - | - | framework | tigervnc tigervnc-password x11vnc qemu-vnc
rdp-xrdp | rdp.disconnect | ^02f0802180$ | xrdp | - | a:neutrinolabs:xrdp | - | xrdp
nut-upsd | nut.version | ^Network UPS Tools upsd (\d[\d.]*) | Network UPS Tools | $1 | a:networkupstools:nut:$1 | - | nut-upsd
lirc | lirc.version | ^(\d[\d.]*)$ | LIRC | $1 | - | - | lircd
lcdproc | lcdproc.hello | ^LCDproc (\d[\d.]*) protocol (\S+) | LCDproc | $1 | - | info:protocol $2 | lcdproc
lcdproc-error | lcdproc.error | ^(?:Invalid command|Could not parse command)$ | LCDproc | - | - | - | lcdproc
mpd | mpd.version | ^(\d+\.\d+)(?:\.\d+)?$ | Music Player Daemon | $1 | - | info:protocol $1 | mpd
uhub | adc.info | ^.*?\bVEuhub/(\d[\d.]*) ?(?:-release)? | uhub | $1 | - | - | uhub
adb | adb.version | ^0029$ | Android Debug Bridge | - | - | - | adb
sane | sane.version | ^0101 | SANE | - | - | - | saned
zabbix-agent | zabbix.reply | ^(\d[\d.]*)$ | Zabbix | $1 | a:zabbix:zabbix:$1 | info:agent | zabbix-agent
munin-node | munin.version | ^(\d[\d.]*)$ | Munin | $1 | a:munin-monitoring:munin:$1 | - | munin-node
munin-host | munin.host | ^(\S+)$ | Munin | - | a:munin-monitoring:munin | hostname:$1 | munin-node
gpsd | gpsd.release | ^(\d[\d.]*) | gpsd | $1 | a:gpsd_project:gpsd:$1 | - | gpsd
fluidsynth | fluidsynth.text | ^unknown command: \S+ \(try help\)\n | FluidSynth | - | a:fluidsynth:fluidsynth | - | fluidsynth
owserver | owserver.result | ^-?\d+$ | owserver | - | - | - | owserver
icecc | icecc.protocol | ^\d+$ | Icecream | - | - | - | icecc-scheduler
nbd-newstyle | nbd.style | ^newstyle$ | - | - | - | info:newstyle | nbd-server qemu-nbd
nbd-server | nbd.refusal | ^The given option is unknown to this server implementation$ | nbd-server | - | - | - | nbd-server
nbd-qemu | nbd.refusal | ^Unsupported option 65535 \(<unknown>\)$ | QEMU NBD | - | a:qemu:qemu | - | qemu-nbd
openocd-tcl | openocd.version | ^(\d[\w.+-]*) | Open On-Chip Debugger | $1 | a:openocd:open_on-chip_debugger:$1 | - | openocd-tcl
swank | swank.version | ^(\d[\d.]*)$ | SLIME swank | $1 | - | - | swank
moosefs | moosefs.version | ^(\d+\.\d+\.\d+)-\d+$ | MooseFS | $1 | - | - | moosefs-client
snapcast-time | snapcast.reply | ^seen$ | Snapcast | - | - | - | snapserver-stream
ola-rpc | ola-rpc.reply | ^seen$ | OLA | - | - | info:Open Lighting Architecture | olad-rpc
bacula-fd | bacula.source | ^hello\.c:\d+$ | Bacula | - | a:bacula:bacula | - | bacula-fd
carbon-cache-query | carbon.pickle | ^80027d7100580a0000006461 | carbon-cache | - | - | info:Graphite | carbon-cache-query
sphinx-status | sphinx.status | ^uptime connections maxed_out command_search command_excerpt command_update | Sphinx | - | a:sphinxsearch:sphinx | - | sphinx-api
gdb-gdbserver | gdb.features | ^PacketSize=[0-9a-f]+;QPassSignals\+;QProgramSignals\+;QStartupWithShell\+;QEnvironmentHexEncoded\+ | gdbserver | - | a:gnu:gdb | - | gdbserver
gdb-qemu | gdb.features | ^PacketSize=1000;qXfer:features:read\+;vContSupported\+;multiprocess\+$ | QEMU | - | a:qemu:qemu | info:gdbstub | qemu-gdb
mumble | mumble.release | ^(\d[\d.]*) | Murmur | $1 | a:mumble:mumble:$1 | - | murmurd
freeciv | freeciv.capability | ^\+Freeciv[.-](\d[\d.]*) | Freeciv | $1 | - | - | freeciv
knxd | knxd.reply | ^invalid request$ | knxd | - | - | - | knxd
bzflag | bzflag.protocol | ^(\d{4})$ | BZFlag | - | - | info:protocol $1 | bzfs
tetrinetx | tetrinet.version | ^(\d+\.\d+\.\d+)\+qirc | tetrinetx | $1 | - | - | tetrinetx-game
php-fpm-unknown-script | fastcgi.text | ^\W*Primary script unknown | PHP-FPM | - | a:php:php | - | php-fpm
postgrey | policy.action | ^(?:DEFER_IF_PERMIT|defer_if_permit) Greylisted, see http://postgrey\.schweikert\.ch/ | Postgrey | - | - | - | postgrey
nrpe-anonymous | tls.anonymous | ^0303,00a7,65281$ | Nagios NRPE | - | a:nagios:remote_plug_in_executor | service:nrpe | nrpe
distcc | distccd.text | ^DONE00000001STAT | distcc | - | - | - | distccd
frr-vty | vty.hello | ^FRRouting \(version (\d[\d.]*) | FRRouting | $1 | a:frrouting:frrouting:$1 | - | frr-zebra frr-bgpd
vty-refusal | vty.refusal | ^Vty password is not set$ | - | - | - | info:VTY of a routing daemon | frr-zebra frr-bgpd
icecc-telnet | icecc.version | ^(\d[\w.]*)$ | Icecream | $1 | - | - | icecc-telnet
pulseaudio-cli | pulseaudio.version | ^(\d[\d.]*) | PulseAudio | $1 | a:pulseaudio:pulseaudio:$1 | - | pulseaudio-cli
pulseaudio-native | pulseaudio.server | ^pulseaudio (\d[\d.]*) | PulseAudio | $1 | a:pulseaudio:pulseaudio:$1 | - | pulseaudio-native
gopher-gophernicus | gopher.footer | ^Gophernicus/(\d[\d.]*) on | Gophernicus | $1 | - | - | gophernicus
snapcast-status | snapcast.server | ^(?=.*"name":"Snapserver").*?"version":"(\d[\d.]*)" | Snapcast | $1 | - | - | snapserver-rpc
iperf2 | iperf.version | ^(\d+\.\d+\.\d+)$ | iperf | $1 | - | - | iperf2
iperf3 | iperf3.state | ^parameters$ | iperf3 | - | a:es:iperf3 | - | iperf3
uwsgi | uwsgi.status | ^\d{3}$ | uWSGI | - | a:unbit:uwsgi | - | uwsgi
ident-oidentd | ident.text | ^\d+,\d+:ERROR:NO-USER\r\n$ | oidentd | - | - | - | oidentd
clamd | clamd.version | ^ClamAV (\d[\d.]*) | ClamAV | $1 | a:clamav:clamav:$1 | - | clamd
zookeeper | zookeeper.version | ^(\d+\.\d+\.\d+) | ZooKeeper | $1 | a:apache:zookeeper:$1 | - | zookeeper
postsrsd | tcpmap.rewritten | ^SRS0[=+-] | PostSRSd | - | a:postsrsd_project:postsrsd | - | postsrsd-forward
csync2 | csync2.text | ^Expecting SSL \(optional\) and CONFIG as first commands\.\n | Csync2 | - | a:linbit:csync2 | - | csync2
festival | festival.text | ^(?:ER|LP|OK)\n | Festival | - | - | - | festival
brlapi | brlapi.version | ^(\d+)$ | BrlAPI | - | - | info:protocol $1 | brltty
xmpp-jabberd2 | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream xmlns:stream='http://etherx\.jabber\.org/streams' xmlns='[^']{1,40}' (?:from='[^']{1,100}' )?version='1\.0' id='[a-z0-9]{40}' | jabberd2 | - | - | - | jabberd2-c2s jabberd2-s2s jabberd2-router
xmpp-ejabberd | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream id='\d{15,20}' version='1\.0' xml:lang='en' xmlns:stream='http://etherx\.jabber\.org/streams' | ejabberd | - | a:process-one:ejabberd | - | ejabberd-c2s
dns-gdnsd | dns.version | ^gdnsd/(\d+)$ | gdnsd | - | a:gdnsd:gdnsd | info:version $1 | gdnsd
dns-knot-resolver | dns.explanation | ^Blocking is mandated by standards, see references on https://www\.iana\.org/assignments/special-use-domain-names/ | Knot Resolver | - | a:nic:knot_resolver | - | knot-resolver
dns-yadifa | dns.version | ^(2\.\d+\.\d+)-\d{5}$ | YADIFA | $1 | - | - | yadifa
mysql-mysql2 | mysql.version | ^node\.js rocks$ | MySQL2 for Node.js | - | - | - | mysql2
telnet-openocd | telnet.text | ^Open On-Chip Debugger | Open On-Chip Debugger | - | a:openocd:open_on-chip_debugger | - | openocd-telnet
qemu-monitor | qemu-monitor.version | ^(\d[\d.]*)$ | QEMU | $1 | a:qemu:qemu:$1 | - | qemu-monitor
qemu-qmp | qmp.version | ^"micro": (\d+), "minor": (\d+), "major": (\d+) | QEMU | $3.$2.$1 | a:qemu:qemu:$3.$2.$1 | - | qemu-qmp
liquidwar | liquidwar.reply | ^OK$ | Liquid War | - | - | - | liquidwar
gobgp | grpc.gobgp | ^0a[0-9a-f]{2}08 | GoBGP | - | - | service:grpc | gobgpd-api
wesnothd | wesnoth.reply | ^\[version\]\n | Wesnoth | - | a:wesnoth:the_battle_for_wesnoth | - | wesnothd
dask | dask.reply | ^compression$ | Dask | - | a:anaconda:dask | - | dask-scheduler
monopd | monopd.version | ^(\d[\d.]*)$ | monopd | $1 | - | - | monopd
pioneers | pioneers.text | ^version report\n | Pioneers | - | - | - | pioneers
debugpy | debugpy.version | ^(\d[\w.+]*)$ | debugpy | $1 | - | - | debugpy
conserver | conserver.text | ^(?:ok\r\n)?exit {3}disconnect\r\nhelp {3}this help message\r\n | Conserver | - | - | - | conserver
hamlib-rigctld | rigctld.text | ^ | Hamlib | - | - | - | rigctld
hamlib-rotctld | rotctld.text | ^RPRT | Hamlib | - | - | - | rotctld
gmond | ganglia.version | ^VERSION="(\d[\d.]*)" SOURCE="gmond"$ | Ganglia gmond | $1 | a:ganglia:ganglia:$1 | - | gmond
ident2 | ident.text | ^0 , 0 : ERROR : INVALID-PORT\r\n | ident2 | - | - | - | ident2
xpra-http | xpra.text | ^disconnect: | Xpra | - | - | - | xpra
apcupsd | apcupsd.version | ^(\d[\d.]*) | apcupsd | $1 | a:apcupsd:apcupsd:$1 | - | apcupsd
isc-dhcpd-omapi | omapi.version | ^100$ | ISC dhcpd | - | a:isc:dhcp | info:OMAPI | dhcpd-omapi
rserve | rserve.version | ^(\d\d)(\d\d)$ | Rserve | - | - | info:protocol $1.$2 | rserve
openvpn | openvpn.opcode | ^8$ | OpenVPN | - | a:openvpn:openvpn | - | openvpn
pptpd | pptp.vendor | ^linux$ | pptpd | - | a:poptop:pptp_server | - | pptpd
dns-pdns-auth | dns.version | ^PowerDNS Authoritative Server (\d[\d.]*) | PowerDNS Authoritative Server | $1 | a:powerdns:authoritative:$1 | - | pdns-server
rdp-freerdp | rdp.confirm | ^0ed00000000000020308000100 | FreeRDP | - | a:freerdp:freerdp | - | freerdp-shadow
direwolf-kiss | kiss.text | ^\r\ncmd: | Dire Wolf | - | - | - | direwolf-kiss
osmo-hlr-version | vty.version | ^OsmoHLR (\d[\d.]*) ?$ | OsmoHLR | $1 | - | - | osmo-hlr-vty
osmo-hlr | vty.program | ^OsmoHLR$ | OsmoHLR | - | - | - | osmo-hlr-vty
osmo-mgw-version | vty.version | ^OsmoMGW (\d[\d.]*) ?$ | OsmoMGW | $1 | - | - | osmo-mgw-vty
osmo-mgw | vty.program | ^OsmoMGW$ | OsmoMGW | - | - | - | osmo-mgw-vty
osmo-stp-version | vty.version | ^OsmoSTP (\d[\d.]*) ?$ | OsmoSTP | $1 | - | - | osmo-stp-vty
osmo-stp | vty.program | ^OsmoSTP$ | OsmoSTP | - | - | - | osmo-stp-vty
vtun | vtun.version | ^(\S+) (\S+)$ | vtund | - | - | info:$1 $2 | vtund
guile | guile.version | ^(\d[\d.]*)$ | GNU Guile | $1 | a:gnu:guile:$1 | - | guile
ser2net-version | ser2net.version | ^(\d[\d.]*)$ | ser2net | $1 | - | - | ser2net-admin
ser2net-port | telnet.text | ^ser2net port  | ser2net | - | - | - | ser2net-port
statsd | statsd.commands | ^delcounters, deltimers | StatsD | - | - | info:management interface | statsd-admin
lsp-pylsp | lsp.server | ^pylsp (\d[\w.]*)$ | pylsp | $1 | - | - | pylsp
lsp-gopls | lsp.server | ^gopls\b | gopls | - | - | - | gopls
neovim-rpc | msgpack.error | ^Message is not an array$ | Neovim | - | a:neovim:neovim | - | neovim
rpyc | rpyc.version | ^(\d[\d.]*)$ | RPyC | $1 | - | - | rpyc
diod | 9p.code | ^5$ | diod | - | - | - | diod
hylafax | hylafax.version | ^HylaFAX \(tm\) Version (\d[\d.]*)$ | HylaFAX | $1 | - | - | hylafax
liquidsoap | liquidsoap.version | ^(\d[\d.]*) | Liquidsoap | $1 | - | - | liquidsoap
hsqldb-odbc | postgresql.error | ^08006 Bad length for .{1,4} packet\. {2}\d+ extra bytes$ | HSQLDB | - | a:hsqldb:hsqldb | service:hsqldb | hsqldb
hsqldb | hsqldb.compatibility | ^(\d[\d.]*)$ | HSQLDB | - | a:hsqldb:hsqldb | info:compatibility version $1 | hsqldb
stomp-activemq | stomp.headers | ^(?:.*\n)?server:ActiveMQ/(\d[\d.]*)\n | ActiveMQ | $1 | a:apache:activemq:$1 | - | activemq-stomp
openwire-activemq | openwire.provider | ^ActiveMQ(?: (\d[\d.]*))?$ | ActiveMQ | $1 | a:apache:activemq:$1 | - | activemq-openwire
drda-derby | drda.server | ^Apache Derby CSS\d+/(\d[\d.]*) | Apache Derby | $1 | a:apache:derby:$1 | - | derby
h2 | h2.error | ^Version mismatch, driver version is  | H2 | - | a:h2database:h2 | - | h2-tcp
scgi-rtorrent | scgi.client-version | ^(0\.\d[\d.]*)$ | rTorrent | $1 | - | - | rtorrent
xrootd | xrootd.protocol | ^ | XRootD | - | - | - | xrootd
barrier | synergy.name | ^Barrier$ | Barrier | - | a:barrier_project:barrier | - | barrier
murmur-certificate | tls.subject | ^CN=Murmur Autogenerated Certificate v2$ | Murmur | - | a:mumble:mumble | service:mumble | murmurd
samba-guid | smb.guid | ^(?:[2-7][0-9a-f]){1,15}(?:00){1,15}$ | Samba smbd | - | a:samba:samba | - | samba-139 samba-445
apcupsd-error | apcupsd.reply | ^seen$ | apcupsd | - | a:apcupsd:apcupsd | - | apcupsd
yrmcds-stats | memcached.stats | ^yrmcds version (\d[\d.]*)$ | yrmcds | $1 | - | - | yrmcds
spamd-pong | spamd.version | ^1\.5$ | SpamAssassin | - | a:apache:spamassassin | - | spamd
rfb-security-types | rfb.security | ^(\d[\d ]*)$ | - | - | - | info:security types $1 | tigervnc tigervnc-password x11vnc qemu-vnc
pulse-protocol | pulseaudio.reply | ^2 (\d+)$ | - | - | - | info:protocol $1 | pulseaudio-native
socks-method | socks.method | ^0$ | - | - | - | info:no authentication | dante microsocks socksv5
svn-capabilities | svn.capabilities | ^edit-pipeline .{1,300} inherited-props | - | - | - | info:1.8 or later | svnserve
lirc-error | lirc.text | ^BEGIN\n.{0,200}?\nERROR\nDATA\n1\n(?:unknown directive: |bad send packet) | LIRC | - | - | - | lircd
crossfire | crossfire.server | ^Crossfire Server$ | Crossfire | - | - | - | crossfire
rtpengine-cli | rtpengine.cli | ^ | rtpengine | - | - | - | rtpengine-cli
ovsdb | ovsdb.databases | ^(?=.*"_Server").* | Open vSwitch | - | a:openvswitch:openvswitch | info:ovsdb-server | ovsdb-server
minecraft | minecraft.version | ^(\d[\w.]*)$ | Minecraft | $1 | a:mojang:minecraft:$1 | - | minecraft
dicom-dcmtk | dicom.version | ^OFFIS_DCMTK_(\d)(\d)(\d)$ | DCMTK | $1.$2.$3 | a:offis:dcmtk:$1.$2.$3 | framework | dcmtk orthanc-dicom
dicom-dcmjs | dicom.version | ^DCMJS-DIMSE-V\d | dcmjs-dimse | - | - | framework | dcmjs-dimse
ceph | ceph.messenger | ^(v\d+)$ | Ceph | - | - | info:messenger $1 | ceph-mon-v1 ceph-mon-v2
zabbix-trapper | zabbix.response | ^\{"response":"failed","info":"Permission denied\."\}$ | Zabbix | - | a:zabbix:zabbix | info:server or proxy | zabbix-proxy
relp-librelp | relp.software | ^librelp,(\d[\d.]*), | librelp | $1 | - | - | rsyslog-relp
icap-c-icap | icap.headers | ^(?:.*?\n)?Server: C-ICAP/(\d[\d.]*)\r\n | c-icap | $1 | a:c-icap_project:c-icap:$1 | - | c-icap
twemproxy | twemproxy.version | ^(\d[\d.]*)$ | twemproxy | $1 | a:twitter:twemproxy:$1 | info:statistics | nutcracker-stats
tpm-swtpm | tpm.vendor | ^SW +TPM$ | swtpm | - | a:swtpm_project:swtpm | - | swtpm
vlc-telnet | telnet.text | ^VLC media player (\d[\d.]*) (\w+)\n | VLC | $1 | a:videolan:vlc_media_player:$1 | info:$2 | vlc-telnet
rtsp-airtunes | rtsp.headers | ^(?:.*?\n)?Server: AirTunes/(\d[\d.]*)\r\n | AirTunes | $1 | - | - | shairport-sync
babeld | babel.version | ^babeld-(\d[\d.]*) | babeld | $1 | - | - | babeld
babel-host | babel.host | ^(\S+)$ | - | - | - | hostname:$1 | babeld
powerman | powerman.version | ^(\d[\d.]*)$ | PowerMan | $1 | - | - | powerman
conman | conman.error | ^2 MESSAGE='Invalid greeting: no user specified$ | ConMan | - | - | - | conmand
ice-zeroc | ice.protocol | ^1\.\d$ | ZeroC Ice | - | a:zeroc:ice | framework | icegridregistry
xapian | xapian.protocol | ^\d+\.\d+$ | Xapian | - | a:xapian:xapian | - | xapian-tcpsrv
# Unison 2.52 names the version of its protocol with older ones.
unison | unison.version | ^(\d[\d.]*)$ | Unison | - | - | info:compatible with $1 | unison
serf | serf.error | ^(?:Handshake required)?$ | Serf | - | a:hashicorp:serf | - | serf-rpc
pcp | pcp.version | ^(\d)$ | Performance Co-Pilot | - | a:pcp:performance_co-pilot | info:protocol $1 | pmcd
freediameter | diameter.avps | ^268 281 264 296 278 DIAMETER_[A-Z_]+$ | freeDiameter | - | - | framework | freediameter
s7-snap7 | s7.system | ^SNAP7-SERVER$ | Snap7 | - | - | - | snap7
modbus-exception | modbus.exception | ^(\d+)$ | - | - | - | info:exception $1 | modbus-serial
deluge-certificate | tls.subject | ^CN=Deluge Daemon$ | Deluge | - | a:deluge-torrent:deluge | service:deluge | deluged
burp-certificate | tls.issuer | ^CN=burpCA$ | Burp | - | - | service:burp | burp
kadmind-mit | kadmin.status | ^denied 1 5$ | MIT Kerberos | - | a:mit:kerberos_5 | - | kadmind
kpasswd-mit | kerberos.server | ^kadmin/changepw$ | MIT Kerberos | - | a:mit:kerberos_5 | service:kpasswd | kpasswd
x11-xorg-21-minor | x11.vendor | ^The X\.Org Foundation 1210100(\d)$ | X.Org | 21.1.$1 | a:x.org:x_server:21.1.$1 | - | xvfb
nats-go | nats.info | ^\{.{1,400}?"go":"go(\d[\d.]*)" | - | - | - | info:Go $1 | nats-client
redis-os | redis.info | ^# Server\r\n.{1,600}?\r\nos:(Linux|Darwin|FreeBSD|OpenBSD|NetBSD) | - | - | - | os:$1 | redis
redis-mode | redis.info | ^# Server\r\n.{1,400}?\r\nredis_mode:(cluster|sentinel) | - | - | - | info:$1 | redis-sentinel
beanstalkd-host | beanstalkd.stats | ^.{1,2500}?\nhostname: "?([\w.-]+)"?\n | - | - | - | hostname:$1 | beanstalkd
dict-hostname | dict.greeting | ^(\S+) dictd | - | - | - | hostname:$1 | dictd
giop-nameservice | giop.reply | ^0 4 0100000001000000$ | - | - | - | info:NameService | omninames
ldap-openldap-structural | ldap.structuralobjectclass | ^OpenLDAProotDSE$ | OpenLDAP | - | a:openldap:openldap | - | slapd
ldap-context | ldap.namingcontexts | ^(\S.*)$ | - | - | - | info:$1 | slapd
xmpp-prosody-c2s-host | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}xmlns='jabber:client').{1,900}<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This server does not serve | Prosody | - | a:prosody:prosody | - | prosody-c2s
xmpp-prosody-s2s-host | xmpp.stream | ^<\?xml version='1\.0'\?><stream:stream (?=[^>]{0,400}xmlns='jabber:server').{1,900}<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>This host does not serve | Prosody | - | a:prosody:prosody | - | prosody-s2s
imap-starttls | imap.line | ^\[CAPABILITY [^\]]{0,300}\bSTARTTLS\b | - | - | - | info:STARTTLS | dovecot-imap
gmond-text | ganglia.text | ^<\?xml version="1\.0" encoding="ISO-8859-1" standalone="yes"\?>\n<!DOCTYPE GANGLIA_XML | - | - | - | info:Ganglia XML | gmond
indi | indi.text | ^<(?:def[A-Z]|message\b) | INDI | - | - | - | indiserver
direwolf-agw | agw.version | ^2005\.127$ | Dire Wolf | - | - | - | direwolf-agw
nullidentd | ident.user | ^foobar$ | nullidentd | - | - | - | nullidentd
tls-syncthing | tls.subject | ^O=Syncthing,OU=Automatically Generated,CN=syncthing$ | Syncthing | - | a:syncthing:syncthing | service:syncthing; info:block exchange | syncthing-bep
`,
);
