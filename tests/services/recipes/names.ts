/** Recipes of name servers and the small services of inetd. */

import { type Recipe, recipe } from "../recipe.ts";

const XINETD = "defaults\n{\n instances = 60\n}\n" +
  ["daytime", "time", "echo", "chargen", "discard"].map((name) =>
    `service ${name}\n{\n type = INTERNAL\n id = ${name}-stream\n socket_type = stream\n protocol = tcp\n user = root\n wait = no\n}\n`
  ).join("");

export const NAMES: readonly Recipe[] = [
  recipe("bind", "bind9", "mkdir -p /run/named; exec named -g -c /lab/named.conf", [
    "bind-dns:53 domain | ISC BIND/BIND | {bind9}",
    "bind-rndc:953 rndc | ISC BIND/BIND | -",
  ], {
    files: {
      "/lab/named.conf": 'options { directory "/var/cache/bind"; listen-on { any; }; listen-on-v6 { none; }; ' +
        'pid-file "/lab/named.pid"; recursion no; dnssec-validation no; };\n',
    },
  }),
  recipe("unbound", "unbound", "exec unbound -d -c /lab/unbound.conf", ["5353 domain/mdns | Unbound | {unbound}"], {
    files: {
      "/lab/unbound.conf":
        'server:\n interface: 0.0.0.0@5353\n do-daemonize: no\n chroot: ""\n username: ""\n pidfile: ""\n use-syslog: no\n',
    },
  }),
  recipe("knot", "knot", "mkdir -p knot; exec knotd -c /lab/knot.conf", ["5354 domain | Knot DNS/Knot | -"], {
    files: {
      "/lab/knot.conf":
        "server:\n  listen: 0.0.0.0@5354\n  rundir: /lab/knot\n  version: \ndatabase:\n  storage: /lab/knot\n",
    },
  }),
  recipe("nsd", "nsd", "exec nsd -d -c /lab/nsd.conf", ["5355 domain/llmnr | NSD | {nsd}"], {
    files: {
      "/lab/nsd.conf":
        'server:\n ip-address: 0.0.0.0@5355\n username: ""\n pidfile: ""\n database: ""\n xfrdfile: ""\n' +
        ' zonelistfile: "/lab/nsd.list"\nremote-control:\n control-enable: no\n',
    },
  }),
  recipe(
    "pdns-recursor",
    "pdns-recursor",
    "exec pdns_recursor --local-address=0.0.0.0 --local-port=5356 --daemon=no --config-dir=/lab --socket-dir=/lab --disable-syslog",
    ["5356 domain | PowerDNS Recursor/PowerDNS | {pdns-recursor}"],
  ),
  recipe("dnsmasq", "dnsmasq", "exec dnsmasq -k -u root -p 5357 --no-resolv --conf-file=/dev/null --pid-file", [
    "5357 domain | dnsmasq | {dnsmasq}",
  ]),
  recipe("xinetd", "xinetd", "exec xinetd -dontfork -f /lab/xinetd.conf", [
    "xinetd-echo:7 echo | - | -",
    "xinetd-discard:9 discard | - | -",
    "xinetd-daytime:13 daytime | - | -",
    "xinetd-chargen:19 chargen | - | -",
    "xinetd-time:37 time | - | -",
  ], { files: { "/lab/xinetd.conf": XINETD } }),
  recipe("efingerd", "efingerd socat", 'exec socat TCP-LISTEN:79,fork,reuseaddr EXEC:"efingerd -n"', [
    "79 finger | efingerd | -",
  ]),
  recipe("oidentd", "oidentd", "exec oidentd -i -p 113", ["113 ident | oidentd | -"]),
  recipe("dictd", "dictd", "exec dictd -d nodetach --locale C.UTF-8", ["2628 dict | dictd | {dictd}"]),
  recipe("leafnode", "leafnode socat", 'exec socat TCP-LISTEN:119,fork,reuseaddr EXEC:"leafnode"', [
    "119 nntp | Leafnode | -",
  ]),
  recipe(
    "gophernicus",
    "gophernicus socat",
    'exec socat TCP-LISTEN:70,fork,reuseaddr EXEC:"gophernicus -h lab.test -r /lab/www"',
    ["70 gopher | Gophernicus | -"],
  ),
];
