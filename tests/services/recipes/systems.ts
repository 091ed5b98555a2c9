/** Recipes of proxies, tunnels, monitoring, clusters, games and development. */

import { type Recipe, recipe } from "../recipe.ts";

const DANTE = `internal: 0.0.0.0 port = 1080
external: 127.0.0.1
socksmethod: none
clientmethod: none
client pass { from: 0/0 to: 0/0 }
`;
const YRMCDS =
  'sed \'s/^port = .*/port = 11215/; s/^user = .*/user = nobody/; s/^group = .*/group = nogroup/; s#^temp_dir.*#temp_dir = "/tmp"#; ' +
  "s/^virtual_ip.*/virtual_ip = 127.0.0.1/; s#^log.file.*##' /etc/yrmcds.conf > yrmcds.conf";

export const SYSTEMS: readonly Recipe[] = [
  recipe("tor", "tor", "exec tor -f /lab/torrc", [
    "tor-control:9051 tor-control | Tor | -",
  ], {
    files: {
      "/lab/torrc": "SocksPort 9050\nControlPort 9051\nDataDirectory /lab/tor\nDisableNetwork 1\nLog notice stdout\n",
    },
  }),
  recipe("dante", "dante-server", "exec danted -f /lab/dante.conf", ["1080 socks5/socks | Dante | -"], {
    files: { "/lab/dante.conf": DANTE },
  }),
  recipe("microsocks", "microsocks", "exec microsocks -p 1081", ["1081 socks5/socks | - | -"]),
  recipe("shadowsocks", "shadowsocks-libev", "exec ss-server -s 0.0.0.0 -p 8388 -k lab -m chacha20-ietf-poly1305", [
    "8388 shadowsocks | Shadowsocks | -",
  ]),
  recipe(
    "sslh",
    "sslh",
    "exec sslh -f -u nobody -p 0.0.0.0:8444 --ssh 127.0.0.1:22 --tls 127.0.0.1:443 --http 127.0.0.1:80",
    [
      "8444 ssh/http | OpenSSH/nginx | 9.2p1/1.22.1",
    ],
    { needs: ["openssh", "nginx"] },
  ),
  recipe("stunnel", "stunnel4", "exec stunnel4 /lab/stunnel.conf", ["6390 redis | Redis | {redis-server}"], {
    files: {
      "/lab/stunnel.conf": "foreground=yes\npid=\n[r]\naccept=6390\nconnect=127.0.0.1:6379\ncert=/lab/both.pem\n",
    },
    needs: ["redis"],
  }),
  recipe("zabbix-agent", "zabbix-agent", "exec zabbix_agentd -f -c /lab/zabbix.conf", [
    "10050 zabbix-agent/zabbix | Zabbix | -",
  ], {
    files: {
      "/lab/zabbix.conf":
        "Server=127.0.0.1\nLogType=console\nStartAgents=1\nServerActive=\nHostname=z\nPidFile=/lab/zabbix.pid\nAllowRoot=1\n",
    },
  }),
  recipe("nrpe", "nagios-nrpe-server", "mkdir -p /run/nagios; exec nrpe -c /etc/nagios/nrpe.cfg -f", [
    "5666 nrpe | Nagios NRPE/Nagios/NRPE | -",
  ]),
  recipe("munin-node", "munin-node", "mkdir -p /run/munin /var/log/munin; exec munin-node --foreground", [
    "4949 munin | Munin | {munin-node}",
  ], {
    files: {
      "/etc/munin/munin-node.conf":
        "log_level 4\nsetsid 0\nhost_name lab.test\nallow ^.*$\nhost *\nport 4949\nuser root\ngroup root\n",
    },
  }),
  recipe("monit", "monit", "chmod 600 monitrc; exec monit -I -c /lab/monitrc", ["2812 http | Monit | {monit}"], {
    files: { "/lab/monitrc": "set daemon 60\nset httpd port 2812\n allow 127.0.0.1\n" },
  }),
  recipe("node-exporter", "prometheus-node-exporter", "exec prometheus-node-exporter --web.listen-address=:9105", [
    "9105 http | Prometheus Node Exporter/Prometheus/node_exporter/Golang | -",
  ]),
  recipe("rpcbind", "rpcbind", "mkdir -p /run/rpcbind; exec rpcbind -f", ["111 rpcbind | - | -"]),
  recipe("epmd", "erlang-base", "exec epmd", ["4369 epmd | Erlang Port Mapper Daemon/Erlang | -"]),
  recipe(
    "omninames",
    "omniorb-nameserver",
    "mkdir -p omni; exec omniNames -start 2809 -logdir /lab/omni -ORBendPoint giop:tcp::2809",
    [
      "2809 giop/corbaloc | omniORB/omniNames/omni | -",
    ],
  ),
  recipe("iperf3", "iperf3", "exec iperf3 -s", ["5201 iperf3 | iperf3/iPerf | -"]),
  recipe("iperf2", "iperf", "exec iperf -s", ["5001 iperf | iperf/iPerf | {iperf}"]),
  recipe("yrmcds", "yrmcds", `${YRMCDS}; exec yrmcdsd -f /lab/yrmcds.conf`, [
    "11215 memcached/memcache | yrmcds | {yrmcds}",
  ]),
  recipe("bzfs", "bzflag-server", "exec bzfs -p 5154", ["5154 bzflag/bzfs | BZFlag/bzfs | -"]),
  recipe(
    "freeciv",
    "freeciv-server",
    "chmod 777 .; exec su nobody -s /bin/sh -c 'cd /tmp; exec freeciv-server -p 5556'",
    [
      "5556 freeciv | Freeciv | -",
    ],
  ),
  recipe("dopewars", "dopewars", "exec dopewars -s -p 7902", ["7902 dopewars | dopewars | -"]),
  recipe("tetrinetx", "tetrinetx", "cd /usr/games; exec tetrinetx", [
    "tetrinetx-query:31456 tetrinet | tetrinetx | -",
    "tetrinetx-game:31457 tetrinet | tetrinetx | -",
    "tetrinetx-spectator:31458 tetrinet | tetrinetx | -",
  ]),
  recipe("gdbserver", "gdbserver", "exec gdbserver --multi :12391", ["12391 gdbserver/gdbremote | gdbserver/GDB | -"], {
    isSingle: true,
  }),
  recipe(
    "node-http",
    "npm:ws",
    'exec node --inspect=0.0.0.0:9229 -e \'require("http").createServer((q,s)=>s.end("hi")).listen(8096);' +
      'require("http2").createServer((q,s)=>s.end("hi")).listen(8097)\'',
    [
      "node-http:8096 http | Node.js/node | -",
      "node-http2:8097 http/http2 | Node.js/node | -",
      "node-inspector:9229 http/node-inspector | Node.js/node | -",
    ],
  ),
  recipe(
    "jabberd2",
    "jabberd2",
    "mkdir -p /run/jabberd2; jabberd2-router & sleep 1; jabberd2-s2s & exec jabberd2-c2s",
    [
      "jabberd2-c2s:5222 xmpp-client | jabberd2 | -",
      "jabberd2-s2s:5269 xmpp-server | jabberd2 | -",
      "jabberd2-router:5347 xmpp-client | jabberd2 | -",
    ],
    { masks: [/ id='[a-z0-9]{40}'/] },
  ),
  recipe(
    "crossfire",
    "crossfire-server",
    "mkdir -p /var/log/crossfire; chown -R nobody /var/log/crossfire /var/games/crossfire; exec setpriv --reuid nobody --clear-groups crossfire-server",
    ["13327 crossfire | Crossfire | -"],
  ),
  recipe("kea-ctrl-agent", "kea-ctrl-agent", "mkdir -p /run/kea; exec kea-ctrl-agent -c /lab/kea.json", [
    "8000 http | Kea Control Agent/ISC Kea/Kea | {kea-ctrl-agent}",
  ], {
    files: { "/lab/kea.json": '{"Control-agent":{"http-host":"0.0.0.0","http-port":8000}}\n' },
  }),
  recipe(
    "rtpengine",
    "rtpengine-daemon",
    "exec rtpengine -f -E --interface=127.0.0.1 --listen-ng=127.0.0.1:2223 --listen-cli=127.0.0.1:9900 --table=-1",
    ["rtpengine-cli:9900 rtpengine-cli | rtpengine | -"],
  ),
  recipe("open-isns", "open-isns-server", "exec isnsd -f -c /etc/isns/isnsd.conf", ["3205 isns | - | -"], {
    files: { "/etc/iscsi/initiatorname.iscsi": "InitiatorName=iqn.2000-01.lab:one\n" },
  }),
  recipe(
    "glusterd",
    "glusterfs-server",
    "mkdir -p /var/lib/glusterd /var/log/glusterfs /run/gluster; exec glusterd -N --log-file=-",
    ["24007 glusterd | - | -"],
  ),
  recipe(
    "ovsdb-server",
    "openvswitch-switch",
    "mkdir -p /run/openvswitch; ovsdb-tool create /tmp/ovs.db /usr/share/openvswitch/vswitch.ovsschema; exec ovsdb-server /tmp/ovs.db --remote=ptcp:6640",
    ["6640 ovsdb | Open vSwitch | -"],
  ),
  recipe(
    "minecraft",
    "npm:minecraft-protocol",
    `exec node -e 'require("minecraft-protocol").createServer({ "online-mode": false, host: "0.0.0.0", version: "1.20.1" })'`,
    ["25565 minecraft | Minecraft | 1.20.1"],
  ),
];
