/** Recipes of the withheld servers: started by the acceptance run only. */

import { type Recipe, recipe } from "../recipe.ts";

const TORNADO = `import tornado.ioloop, tornado.web
class Page(tornado.web.RequestHandler):
    def get(self):
        self.write("ok")
tornado.web.Application([("/", Page)]).listen(12404)
tornado.ioloop.IOLoop.current().start()
`;
const IRCD = `M%irc2.lab.test%192.0.2.1%lab%12407%000A
A%lab%a@lab.test%a@lab.test%%lab
P%%%%12407%%
Y%1%90%%100%512000%5.5%100.100
I%*@*%%%0%1
`;

export const WITHHELD_RECIPES: readonly Recipe[] = [
  recipe(
    "hitch",
    "hitch",
    "exec hitch --config=/lab/hitch.conf",
    ["12401 http | nginx | {nginx-light}"],
    {
      files: {
        "/lab/hitch.conf":
          'frontend = "[*]:12401"\nbackend = "[127.0.0.1]:80"\npem-file = "/lab/both.pem"\nuser = "nobody"\ndaemon = off\n',
      },
      needs: ["nginx"],
    },
  ),
  recipe("caddy", "caddy", "exec caddy file-server --listen :12402 --root /lab/www", ["12402 http | Caddy | -"]),
  recipe(
    "tightvnc",
    "unpack:tightvncserver xfonts-base",
    "exec /unpacked/tightvncserver/usr/bin/Xtightvnc :20 -geometry 64x64 -rfbport 5920 -rfbauth /lab/none",
    ["5920 vnc | TightVNC/VNC | -"],
  ),
  // In a network of its own: it relays the requests of strangers to the port 80 of the host that they came to, which is another
  // server of the stage.
  recipe(
    "e2guardian",
    "e2guardian socat iproute2",
    "sed -i 's/^transparenthttpsport.*//; s/^filterports.*/filterports = 12408/' /etc/e2guardian/e2guardian.conf; " +
      "unshare --net sh -c 'ip link set lo up; e2guardian -N & exec socat UNIX-LISTEN:/tmp/e2guardian.socket,fork TCP:127.0.0.1:12408' & " +
      "exec socat TCP-LISTEN:12408,fork,reuseaddr UNIX-CONNECT:/tmp/e2guardian.socket",
    ["12408 http-proxy/http | e2guardian | -"],
  ),
  recipe("snmpd-agentx", "snmpd", "exec snmpd -f -Lo -C -c /lab/snmpd.conf udp:127.0.0.1:12161", [
    "705 agentx | Net-SNMP | -",
  ], {
    files: { "/lab/snmpd.conf": "master agentx\nagentXSocket tcp:0.0.0.0:705\n" },
  }),
  recipe("trojan", "trojan", "exec trojan /lab/trojan.json", ["12403 trojan/ssl/http | trojan/nginx | -"], {
    files: {
      "/lab/trojan.json":
        '{"run_type":"server","local_addr":"0.0.0.0","local_port":12403,"remote_addr":"127.0.0.1","remote_port":80,' +
        '"password":["lab"],"log_level":1,"ssl":{"cert":"/lab/cert.pem","key":"/lab/key.pem","alpn":["http/1.1"]}}',
    },
    needs: ["nginx"],
  }),
  recipe("opentracker", "opentracker", "exec opentracker -p 6969 -P 6969 -u nobody -d /lab", [
    "6969 http/bittorrent-tracker | opentracker | -",
  ]),
  recipe("feersum", "feersum starman", "exec feersum --listen 0.0.0.0:12405 page.psgi", ["12405 http | Feersum | -"], {
    files: { "/lab/page.psgi": 'sub { [200, ["Content-Type", "text/plain"], ["ok"]] };\n' },
  }),
  recipe("pgpool2", "pgpool2", "mkdir -p /run/postgresql; exec pgpool -n -f /lab/pgpool.conf", [
    "12406 postgresql | Pgpool-II/PostgreSQL | -",
  ], {
    files: {
      "/lab/pgpool.conf":
        "listen_addresses = '*'\nport = 12406\npcp_port = 12499\nsocket_dir = '/tmp'\npcp_socket_dir = '/tmp'\nwd_ipc_socket_dir = '/tmp'\n" +
        "backend_hostname0 = '127.0.0.1'\nbackend_port0 = 5432\nbackend_weight0 = 1\nlogdir = '/tmp'\npid_file_name = '/tmp/pgpool.pid'\n",
    },
    needs: ["postgresql"],
  }),
  recipe("tornado", "python3-tornado", "exec python3 tornado_page.py", [
    "12404 http | TornadoServer/Tornado | {python3-tornado}",
  ], {
    files: { "/lab/tornado_page.py": TORNADO },
  }),
  recipe("corosync-qnetd", "corosync-qnetd", "exec corosync-qnetd -f -s off -p 5403", [
    "5403 corosync-qnetd | corosync-qnetd/Corosync | -",
  ]),
  recipe(
    "ircd-irc2",
    "unpack:ircd-irc2 m4",
    "mkdir -p /etc/ircd /var/run/ircd /var/log/ircd /var/lib/ircd; cp ircd2.conf /etc/ircd/ircd.conf; cp /unpacked/ircd-irc2/usr/sbin/iauth /usr/sbin/iauth; chmod 777 /var/run/ircd /var/log/ircd /var/lib/ircd; " +
      "exec su irc -s /bin/sh -c 'exec /unpacked/ircd-irc2/usr/sbin/ircd -t'",
    ["12407 irc | IRCnet ircd/irc2 | -"],
    { files: { "/lab/ircd2.conf": IRCD } },
  ),
  recipe(
    "apt-cacher-ng",
    "apt-cacher-ng",
    "exec apt-cacher-ng ForeGround=1 Port=3142 CacheDir=/tmp/acng LogDir=/tmp SocketPath=/tmp/acng.socket",
    ["3142 http | Apt-Cacher NG/apt-cacher | -"],
  ),
  recipe("quassel-core", "quassel-core", "mkdir -p quassel; exec quasselcore --configdir=/lab/quassel --port=4242", [
    "4242 quassel | Quassel | -",
  ]),
  recipe("gmetad", "gmetad", "mkdir -p rrds; exec gmetad -c /lab/gmetad.conf -d 1", [
    "gmetad-xml:8651 ganglia/gmetad | Ganglia gmetad/Ganglia | -",
  ], {
    files: {
      "/lab/gmetad.conf":
        'data_source "lab" 127.0.0.1:8649\nsetuid off\nrrd_rootdir "/lab/rrds"\nxml_port 8651\ninteractive_port 8652\n',
    },
  }),
  recipe(
    "speech-dispatcher",
    "speech-dispatcher",
    "exec speech-dispatcher -s -t 0 -c inet_socket -p 6560 || exec speech-dispatcher -s -c inet_socket -p 6560",
    ["6560 ssip | Speech Dispatcher | -"],
  ),
  recipe(
    "boinc",
    "boinc-client",
    "mkdir -p boinc; exec boinc --dir /lab/boinc --allow_remote_gui_rpc --gui_rpc_port 31416",
    ["31416 boinc | BOINC | -"],
  ),
  recipe("nsca", "nsca", "exec nsca -c /lab/nsca.cfg -s", ["5667 nsca | NSCA/Nagios | -"], {
    files: { "/lab/nsca.cfg": "server_port=5667\ncommand_file=/tmp/nagios.cmd\npassword=lab\ndecryption_method=1\n" },
  }),
];
