/** Recipes of servers of UDP. Those of labs listen at the ports that are known for their services. */

import { type Recipe, recipe as anyRecipe, type RecipeOptions } from "../recipe.ts";

/** The address of the stage at which servers of UDP are reached: some do not serve loopback. */
export const DATAGRAM_ADDRESS = "10.99.0.1";

function recipe(name: string, packages: string, start: string, ports: readonly string[], options: RecipeOptions = {}) {
  return anyRecipe(name, packages, start, ports, { ...options, isUdp: true });
}

const NAMED = 'options { directory "/var/cache/bind"; listen-on { any; }; listen-on-v6 { none; }; pid-file none; ' +
  "recursion no; dnssec-validation no; session-keyfile none; };\ncontrols { };\n";

const NAMES: readonly Recipe[] = [
  recipe("udp-bind", "bind9", "mkdir -p /run/named; exec named -g -c /lab/named-udp.conf", [
    "53 domain | ISC BIND | {bind9}",
  ], { files: { "/lab/named-udp.conf": NAMED } }),
  recipe("udp-unbound", "unbound", "exec unbound -d -c /lab/unbound-udp.conf", ["1053 domain | Unbound | {unbound}"], {
    files: {
      "/lab/unbound-udp.conf":
        'server:\n interface: 0.0.0.0@1053\n access-control: 10.0.0.0/8 allow\n do-daemonize: no\n chroot: ""\n username: ""\n ' +
        'pidfile: ""\n use-syslog: no\nremote-control:\n control-enable: no\n',
    },
  }),
  recipe(
    "udp-dnsmasq",
    "dnsmasq",
    "exec dnsmasq -k -u root -p 1153 --no-resolv --conf-file=/dev/null --pid-file",
    ["udp-dnsmasq:1153 domain | dnsmasq | {dnsmasq}"],
  ),
  recipe("udp-nsd", "nsd", "exec nsd -d -c /lab/nsd-udp.conf", ["1253 domain | NSD | {nsd}"], {
    files: {
      "/lab/nsd-udp.conf":
        'server:\n ip-address: 0.0.0.0@1253\n username: ""\n pidfile: ""\n database: ""\n xfrdfile: ""\n' +
        ' zonelistfile: "/lab/nsd-udp.list"\nremote-control:\n control-enable: no\n',
    },
  }),
  recipe(
    "udp-knot",
    "knot",
    "mkdir -p knot-udp; exec knotd -c /lab/knot-udp.conf",
    ["1353 domain | Knot DNS | {knot}"],
    {
      files: {
        "/lab/knot-udp.conf":
          "server:\n  listen: 0.0.0.0@1353\n  rundir: /lab/knot-udp\ndatabase:\n  storage: /lab/knot-udp\n",
      },
    },
  ),
  recipe(
    "udp-pdns-recursor",
    "pdns-recursor",
    "exec pdns_recursor --local-address=0.0.0.0 --local-port=1453 --daemon=no " +
      "--allow-from=10.0.0.0/8 --config-dir=/lab --socket-dir=/lab --disable-syslog",
    [
      "1453 domain | PowerDNS Recursor | {pdns-recursor}",
    ],
  ),
  recipe("udp-yadifa", "yadifa", "mkdir -p yadifa; exec yadifad -c /lab/yadifad-udp.conf", [
    "1653 domain | YADIFA | {yadifa}",
  ], {
    files: {
      "/lab/yadifad-udp.conf":
        "<main>\n listen 0.0.0.0 port 1653\n daemonize off\n datapath /lab/yadifa\n logpath /lab/yadifa\n keyspath /lab/yadifa\n " +
        "xfrpath /lab/yadifa\n pidfile /lab/yadifa/pid\n</main>\n",
    },
  }),
  recipe("udp-gdnsd", "gdnsd", "mkdir -p /etc/gdnsd/zones /run/gdnsd; exec gdnsd -c /lab/gdnsd-udp -D start", [
    "1753 domain | gdnsd | -",
  ], { files: { "/lab/gdnsd-udp/config": "options => { listen => 0.0.0.0:1753 }\n" } }),
  recipe("udp-rbldnsd", "rbldnsd", "exec rbldnsd -n -b 0.0.0.0/1853 -r /lab bl.test:ip4set:rbl-udp.txt", [
    "1853 domain | rbldnsd | -",
  ], { files: { "/lab/rbl-udp.txt": "127.0.0.2\n" } }),
  recipe(
    "udp-kresd",
    "knot-resolver",
    "mkdir -p kresd; cd kresd; exec kresd -n -a 0.0.0.0@2253 -c /lab/kresd-udp.conf",
    ["2253 domain | - | -"],
    {
      files: { "/lab/kresd-udp.conf": "log_target('stderr')\n" },
    },
  ),
  recipe(
    "udp-avahi",
    "avahi-daemon",
    "mkdir -p /run/avahi-daemon; exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f /lab/avahi-udp.conf",
    [
      "5353 mdns | - | -",
    ],
    {
      files: {
        "/lab/avahi-udp.conf":
          "[server]\nhost-name=lab\nenable-dbus=no\nuse-ipv6=no\n[publish]\npublish-workstation=yes\npublish-hinfo=yes\n",
      },
    },
  ),
  recipe(
    "udp-krb5-kdc",
    "krb5-kdc krb5-admin-server",
    "mkdir -p /lab/krb-udp; export KRB5_CONFIG=/lab/krb-udp.conf KRB5_KDC_PROFILE=/lab/kdc-udp.conf; " +
      "[ -e /lab/krb-udp/principal ] || kdb5_util create -s -P lab; exec krb5kdc -n",
    ["88 kerberos-sec | MIT Kerberos | -"],
    {
      files: {
        "/lab/krb-udp.conf": "[libdefaults]\n default_realm = LAB.TEST\n",
        "/lab/kdc-udp.conf":
          '[realms]\n LAB.TEST = {\n  database_name = /lab/krb-udp/principal\n  key_stash_file = /lab/krb-udp/stash\n  kdc_ports = 88\n kdc_tcp_listen = ""\n }\n',
      },
    },
  ),
];

const MACHINES: readonly Recipe[] = [
  recipe(
    "udp-snmptrapd",
    "snmptrapd",
    "exec snmptrapd -f -Lo -C -c /lab/snmptrapd.conf udp:0.0.0.0:162",
    ["162 snmp | net-snmp | -"],
    { files: { "/lab/snmptrapd.conf": "disableAuthorization yes\n" } },
  ),
  recipe("udp-snmpd", "snmpd", "exec snmpd -f -Lo -C -c /lab/snmpd-udp.conf udp:0.0.0.0:161", [
    "161 snmp | net-snmp | -",
  ], {
    files: { "/lab/snmpd-udp.conf": "rocommunity public\n" },
  }),
  recipe("udp-chrony", "chrony", "exec chronyd -d -x -f /lab/chrony-udp.conf", ["123 ntp | - | -"], {
    files: { "/lab/chrony-udp.conf": "local stratum 8\nallow all\nport 123\ncmdport 0\npidfile /lab/chrony.pid\n" },
  }),
  recipe("udp-chrony-lost", "chrony", "exec chronyd -d -x -f /lab/chrony-lost.conf", ["1123 ntp | - | -"], {
    files: { "/lab/chrony-lost.conf": "allow all\nport 1123\ncmdport 0\npidfile /lab/chrony-lost.pid\n" },
  }),
  recipe(
    "udp-ntpsec",
    "unpack:ntpsec",
    "mkdir -p /usr/lib/x86_64-linux-gnu; exec /unpacked/ntpsec/usr/sbin/ntpd -n -c /lab/ntpsec.conf",
    ["123 ntp | - | -"],
    {
      files: { "/lab/ntpsec.conf": "restrict default nomodify noquery\n" },
    },
  ),
  recipe("udp-tftpd-hpa", "tftpd-hpa", "exec in.tftpd -L -a 0.0.0.0:69 -u root --secure /lab/www", [
    "69 tftp | - | -",
  ]),
  recipe(
    "udp-atftpd",
    "unpack:atftpd",
    "exec /unpacked/atftpd/usr/sbin/atftpd --daemon --no-fork --port 1069 --bind-address 10.99.0.1 --user root --group root --logfile - /lab/www",
    [
      "1069 tftp | - | -",
    ],
  ),
  recipe(
    "udp-dnsmasq-tftp",
    "dnsmasq",
    "exec dnsmasq -k -u root -p 0 --no-resolv --conf-file=/dev/null --pid-file --enable-tftp " +
      "--tftp-root=/lab/www",
    ["69 tftp | dnsmasq | -"],
  ),
  recipe("udp-rpcbind", "rpcbind", "exec rpcbind -f -w", ["111 rpcbind | - | -"]),
  recipe("udp-memcached", "memcached", "exec memcached -u root -U 11211 -l 0.0.0.0", [
    "11211 memcache | Memcached | {memcached}",
  ]),
  recipe("udp-xdm", "xdm", "exec xdm -nodaemon -config /lab/xdm-udp.conf", ["177 xdmcp | - | -"], {
    files: {
      "/lab/xdm-udp.conf":
        "DisplayManager.requestPort: 177\nDisplayManager.servers: /dev/null\nDisplayManager.accessFile: /lab/xdm-access\n" +
        "DisplayManager.authDir: /tmp\nDisplayManager.pidFile: /tmp/xdm.pid\n",
      "/lab/xdm-access": "*\n",
    },
  }),
  recipe(
    "udp-ipmi-sim",
    "openipmi",
    "mkdir -p /lab/ipmi; exec ipmi_sim -n -c /lab/ipmi-udp.conf -s /lab/ipmi -f /lab/ipmi-udp.emu",
    ["623 asf-rmcp | - | -"],
    {
      files: {
        "/lab/ipmi-udp.conf":
          'name "lab"\nset_working_mc 0x20\n startlan 1\n  addr 0.0.0.0 623\n  priv_limit admin\n  allowed_auths_admin none md5\n  guid a123456789abcdefa123456789abcdef\n endlan\n' +
          ' user 1 true "" "test" user 10 none md5\n',
        "/lab/ipmi-udp.emu":
          "mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n",
      },
    },
  ),
  recipe("udp-xinetd", "xinetd", "exec xinetd -dontfork -f /lab/xinetd-udp.conf", [
    "udp-xinetd-echo:7 echo | - | -",
    "udp-xinetd-chargen:19 chargen | - | -",
  ], {
    files: {
      "/lab/xinetd-udp.conf": "defaults\n{\n instances = 60\n}\n" +
        ["echo", "chargen"].map((name) =>
          `service ${name}\n{\n type = INTERNAL\n id = ${name}-dgram\n socket_type = dgram\n protocol = udp\n user = root\n wait = yes\n}\n`
        ).join(""),
    },
  }),
];

const SESSIONS: readonly Recipe[] = [
  recipe(
    "udp-coturn",
    "coturn",
    "exec turnserver -n -L 0.0.0.0 -p 3478 --no-tls --no-dtls --no-cli --log-file stdout --pidfile /tmp/turn.pid",
    [
      "3478 stun | Coturn | {coturn}",
    ],
  ),
  recipe(
    "udp-stun-server",
    "stun-server",
    "ip addr add 10.99.0.3/24 dev lab0 2>/dev/null; exec stund -h 10.99.0.1 -a 10.99.0.3 -p 4478 -o 4479 || exec stun-server",
    [
      "4478 stun | Vovida stund | 0.97",
    ],
  ),
  recipe("udp-osmo-mgw", "osmo-mgw", "exec osmo-mgw -c /lab/osmo-mgw-udp.cfg", ["2427 mgcp | - | -"], {
    files: { "/lab/osmo-mgw-udp.cfg": "mgcp\n bind ip 0.0.0.0\n bind port 2427\n" },
  }),
  recipe(
    "udp-kamailio",
    "kamailio",
    "mkdir -p /run/kamailio; exec kamailio -DD -E -m 64 -M 8 -f /lab/kamailio-udp.cfg",
    [
      "5060 sip | Kamailio | {kamailio}",
    ],
    {
      files: {
        "/lab/kamailio-udp.cfg":
          "listen=udp:0.0.0.0:5060\nchildren=1\ndebug=0\nlog_stderror=yes\ndisable_tcp=yes\nserver_signature=yes\n" +
          'loadmodule "sl.so"\nrequest_route { sl_send_reply("200", "OK"); exit; }\n',
      },
    },
  ),
  recipe(
    "udp-baresip",
    "baresip",
    "mkdir -p /lab/baresip; cp -n /lab/baresip-udp.conf /lab/baresip/config; touch /lab/baresip/accounts /lab/baresip/contacts; exec baresip -f /lab/baresip -v",
    [
      "6060 sip | baresip | {baresip}",
    ],
    {
      files: {
        "/lab/baresip-udp.conf":
          "sip_listen 0.0.0.0:6060\nmodule_path /usr/lib/baresip/modules\nmodule stdio.so\nmodule g711.so\nmodule_app account.so\nmodule_app contact.so\nmodule_app menu.so\n",
      },
    },
  ),
  recipe(
    "udp-coap-server",
    "libcoap3-bin",
    "exec coap-server-notls -A 0.0.0.0 -p 5683 || exec coap-server -A 0.0.0.0",
    ["5683 coap | libcoap | -"],
  ),
  recipe(
    "udp-openvpn",
    "openvpn",
    "mkdir -p /dev/net; [ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200; [ -e dh.pem ] || openssl dhparam -dsaparam -out dh.pem 1024; " +
      "exec openvpn --mode server --tls-server --dev tun --port 1194 --ca cert.pem --cert cert.pem --key key.pem --dh none --server 10.97.0.0 255.255.255.0",
    [
      "1194 openvpn | - | -",
    ],
  ),
  recipe("udp-strongswan", "strongswan-starter strongswan-charon", "mkdir -p /run; exec /usr/lib/ipsec/charon", [
    "udp-strongswan-500:500 isakmp | - | -",
    "udp-strongswan-4500:4500 nat-t-ike | - | -",
  ]),
  recipe("udp-xl2tpd", "xl2tpd", "mkdir -p /run/xl2tpd; exec xl2tpd -D -c /lab/xl2tpd.conf", [
    "1701 L2TP | xl2tpd | -",
  ], {
    files: {
      "/lab/xl2tpd.conf": "[global]\n[lns default]\nip range = 10.98.0.2-10.98.0.9\nlocal ip = 10.98.0.1\n",
    },
  }),
  recipe(
    "udp-teeworlds",
    "teeworlds-server",
    "exec teeworlds-server 'sv_port 8303' 'sv_register 0' 'sv_map dm1'",
    ["8303 teeworlds | Teeworlds | -"],
  ),
  recipe(
    "udp-openssl-dtls",
    "openssl",
    "exec openssl s_server -dtls -listen -accept 0.0.0.0:4433 -cert cert.pem -key key.pem -quiet",
    ["4433 dtls | - | -"],
  ),
];

const DEVICES: readonly Recipe[] = [
  recipe("udp-knxd", "knxd", "exec knxd -n LabKNX -e 0.0.1 -E 0.0.2:8 -D -T -R -S -b dummy:", [
    "3671 knxnet-ip | - | -",
  ]),
  recipe(
    "udp-transmission",
    "transmission-daemon",
    "exec transmission-daemon -f -g /lab/transmission -o -P 6881 -p 9092 --no-portmap",
    ["6881 bittorrent-dht | - | -"],
  ),
  recipe(
    "udp-aria2",
    "aria2",
    "exec aria2c --enable-rpc --rpc-listen-port=6801 --enable-dht=true --dht-listen-port=6882 --dht-file-path=/lab/dht.dat --listen-port=6882 --no-conf 'magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567' --dht-entry-point=127.0.0.1:9",
    [
      "6882 bittorrent-dht | aria2 | -",
    ],
  ),
  recipe("udp-murmurd", "mumble-server", "exec murmurd -fg -ini /lab/murmur-udp.ini", [
    "64738 murmur | Murmur | {mumble-server}",
  ], {
    files: {
      "/lab/murmur-udp.ini":
        "database=/lab/murmur-udp.sqlite\nlogfile=\npidfile=\nuname=root\nport=64738\nbonjour=false\n",
    },
  }),
];

/** All of them. */
export const DATAGRAM_RECIPES: readonly Recipe[] = [...NAMES, ...MACHINES, ...SESSIONS, ...DEVICES].filter((
  { ports },
) => ports.length > 0);
