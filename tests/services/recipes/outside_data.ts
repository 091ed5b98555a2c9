/** Recipes of databases, files, chat and media outside the truth table. */

import { inetd, type Recipe, recipe } from "../recipe.ts";

const BACULA_FD =
  'FileDaemon { Name = lab-fd\n FDport = 9102\n WorkingDirectory = /tmp\n Pid Directory = /tmp }\nDirector { Name = lab-dir\n Password = "lab" }\nMessages { Name = Standard\n stdout = all }\n';
const BACULA_SD =
  'Storage { Name = lab-sd\n SDPort = 9103\n WorkingDirectory = /tmp\n Pid Directory = /tmp }\nDirector { Name = lab-dir\n Password = "lab" }\n' +
  "Device { Name = File\n Media Type = File\n Archive Device = /tmp\n LabelMedia = yes }\nMessages { Name = Standard\n stdout = all }\n";

export const OUTSIDE_DATA: readonly Recipe[] = [
  recipe("influxdb", "influxdb", "exec influxd -config /lab/influx.conf", ["8186 http | InfluxDB | {influxdb}"], {
    files: {
      "/lab/influx.conf":
        'reporting-disabled = true\nbind-address = "127.0.0.1:8188"\n[meta]\ndir = "/lab/influx/meta"\n[data]\ndir = "/lab/influx/data"\n' +
        'wal-dir = "/lab/influx/wal"\n[http]\nbind-address = ":8186"\n',
    },
  }),
  recipe("redis-sentinel", "redis-sentinel", "exec redis-sentinel /lab/sentinel.conf", [
    "26379 redis | Redis | {redis-sentinel}",
  ], {
    files: { "/lab/sentinel.conf": "port 26379\nprotected-mode no\nsentinel monitor lab 127.0.0.1 6379 1\n" },
  }),
  recipe(
    "clickhouse",
    "clickhouse-server",
    "mkdir -p clickhouse; exec clickhouse-server --config-file=/etc/clickhouse-server/config.xml -- --path=/lab/clickhouse/",
    [
      "clickhouse-http:8123 http/clickhouse | ClickHouse | -",
    ],
  ),
  recipe(
    "zookeeper",
    "zookeeper",
    "mkdir -p zk; exec /usr/share/zookeeper/bin/zkServer.sh start-foreground /lab/zoo.cfg",
    [
      "2181 zookeeper | ZooKeeper | {zookeeper}",
    ],
    {
      files: {
        "/lab/zoo.cfg":
          "tickTime=2000\ndataDir=/lab/zk\nclientPort=2181\n4lw.commands.whitelist=*\nadmin.enableServer=false\n",
      },
    },
  ),
  recipe("carbon-cache", "graphite-carbon", "exec carbon-cache --nodaemon --config=/lab/carbon-cache.conf start", [
    "carbon-cache-line:12203 graphite/carbon | carbon-cache/carbon | -",
    "carbon-cache-query:12204 carbon-query/graphite/carbon | carbon-cache/carbon | -",
  ], {
    files: {
      "/lab/carbon-cache.conf":
        "[cache]\nSTORAGE_DIR=/tmp\nCONF_DIR=/etc/carbon\nLOG_DIR=/tmp\nPID_DIR=/tmp\nLOCAL_DATA_DIR=/tmp\nLINE_RECEIVER_PORT=12203\n" +
        "PICKLE_RECEIVER_PORT=0\nCACHE_QUERY_PORT=12204\nUSER=\n",
    },
  }),
  recipe(
    "victoria-metrics",
    "victoria-metrics",
    "exec victoria-metrics -httpListenAddr=:8428 -storageDataPath=/lab/vm",
    ["8428 http | VictoriaMetrics | -"],
  ),
  recipe("rabbitmq", "rabbitmq-server", "chown -R rabbitmq /var/lib/rabbitmq /var/log/rabbitmq; exec rabbitmq-server", [
    "rabbitmq-amqp:5672 amqp | RabbitMQ | {rabbitmq-server}",
    "rabbitmq-dist:25672 erlang-dist/erlang | - | -",
  ], { needs: ["epmd"] }),
  recipe(
    "inetutils-ftpd",
    "unpack:inetutils-ftpd",
    inetd(12205, "/unpacked/inetutils-ftpd/usr/sbin/ftpd"),
    [
      "12205 ftp | GNU inetutils ftpd/inetutils | {unpack:inetutils-ftpd}",
    ],
  ),
  recipe(
    "minidlna",
    "minidlna",
    "mkdir -p dlna; exec minidlnad -S -f /lab/minidlna.conf -P /tmp/minidlna.pid -u root",
    ["8200 http/upnp | MiniDLNA | {minidlna}"],
    {
      files: {
        "/lab/minidlna.conf":
          "port=8200\nmedia_dir=/lab/www\ndb_dir=/lab/dlna\nlog_dir=/tmp\nfriendly_name=lab\ninotify=no\n",
      },
    },
  ),
  recipe("csync2", "csync2", "touch /etc/csync2.cfg; exec csync2 -ii -N lab", ["30865 csync2 | Csync2 | -"]),
  recipe(
    "syncthing",
    "syncthing",
    "exec syncthing serve --home=/lab/syncthing --no-browser --no-upgrade --gui-address=0.0.0.0:8384",
    [
      "syncthing-gui:8384 http | Syncthing | {syncthing}",
      "syncthing-bep:22000 syncthing/ssl | Syncthing | -",
    ],
  ),
  recipe("mercurial", "mercurial", "hg init hgrepo; exec hg serve -R hgrepo -p 12206", [
    "12206 http | Mercurial hg serve/Mercurial/Python | -",
  ]),
  recipe("fossil", "fossil", "export USER=root; fossil init lab.fossil; exec fossil server --port 12207 lab.fossil", [
    "12207 http | Fossil | -",
  ]),
  recipe("aria2", "aria2", "exec aria2c --enable-rpc --rpc-listen-all --rpc-listen-port=6800", [
    "6800 http | aria2 | {aria2}",
  ]),
  recipe(
    "transmission",
    "transmission-daemon",
    "exec transmission-daemon -f -g /lab/transmission -a '*' -p 9091 --no-portmap -P 51413",
    [
      "transmission-rpc:9091 http | Transmission | -",
      "transmission-peer:51413 bittorrent | - | -",
    ],
  ),
  recipe("deluged", "deluged", "mkdir -p deluge; exec deluged -d -c /lab/deluge -u 0.0.0.0 -p 58846", [
    "58846 deluge/ssl | Deluge | -",
  ]),
  recipe(
    "moosefs-master",
    "moosefs-master",
    "mkdir -p mfs; chmod 777 mfs; cp /usr/share/mfsmaster/metadata.mfs.empty mfs/metadata.mfs || cp /var/lib/mfs/metadata.mfs.empty mfs/metadata.mfs; exec mfsmaster -f -u -c /lab/mfs.cfg start",
    [
      "moosefs-client:9421 moosefs | MooseFS | {moosefs-master}",
    ],
    {
      files: {
        "/lab/mfs.cfg":
          "DATA_PATH = /lab/mfs\nWORKING_USER = root\nWORKING_GROUP = root\nEXPORTS_FILENAME = /lab/mfsexports.cfg\nTOPOLOGY_FILENAME = /lab/mfstopology.cfg\n",
        "/lab/mfsexports.cfg": "* / rw\n",
        "/lab/mfstopology.cfg": "\n",
      },
    },
  ),
  recipe("bacula-fd", "bacula-fd", "exec bacula-fd -f -c /lab/bacula-fd.conf", ["9102 bacula-fd/bacula | Bacula | -"], {
    files: { "/lab/bacula-fd.conf": BACULA_FD },
  }),
  recipe("bacula-sd", "bacula-sd", "exec bacula-sd -f -c /lab/bacula-sd.conf", ["9103 bacula-sd/bacula | Bacula | -"], {
    files: { "/lab/bacula-sd.conf": BACULA_SD },
  }),
  recipe("burp", "burp", "exec burp -F -c /etc/burp/burp-server.conf", ["4971 burp/ssl | Burp | -"]),
  recipe(
    "rclone",
    "rclone",
    "exec rclone serve http /lab/www --addr :12208",
    [
      "rclone-http:12208 http | Rclone | {rclone}",
    ],
  ),
  recipe(
    "ejabberd",
    "ejabberd",
    "chown -R ejabberd /var/lib/ejabberd /var/log/ejabberd; mkdir -p /run/ejabberd; chown ejabberd /run/ejabberd; exec su ejabberd -s /bin/sh -c 'exec ejabberdctl foreground'",
    [
      "ejabberd-c2s:5322 xmpp-client/xmpp/jabber | ejabberd | -",
    ],
    {
      files: {
        "/etc/ejabberd/ejabberd.yml":
          'hosts:\n  - localhost\nloglevel: 3\nlisten:\n  -\n    port: 5322\n    ip: "0.0.0.0"\n    module: ejabberd_c2s\n',
      },
    },
  ),
  recipe(
    "znc",
    "znc",
    "mkdir -p znc/configs; chown -R nobody znc; exec su nobody -s /bin/sh -c 'exec znc -f -d /lab/znc'",
    ["12225 http/irc/znc | ZNC | {znc}"],
    {
      files: {
        "/lab/znc/configs/znc.conf":
          "Version = 1.8.2\n<Listener l>\n Port = 12225\n IPv4 = true\n IPv6 = false\n SSL = false\n</Listener>\nLoadModule = webadmin\n" +
          "<User a>\n Pass = plain#lab#\n Admin = true\n Nick = a\n</User>\n",
      },
    },
  ),
  recipe("janus", "janus", "exec janus -C /etc/janus/janus.jcfg", ["8088 http | Janus | {janus}"]),
  recipe("festival", "festival", "exec festival --server", ["1314 festival | Festival | -"]),
  recipe("brltty", "brltty", "exec brltty -n -b no -x no -A auth=none,host=0.0.0.0:0", [
    "4101 brlapi | BrlAPI/BRLTTY | -",
  ]),
  recipe(
    "mopidy",
    "mopidy mopidy-mpd",
    "exec mopidy -o http/port=6680 -o http/hostname=0.0.0.0 -o mpd/enabled=false -o audio/output=fakesink",
    [
      "6680 http | Mopidy | {mopidy}",
    ],
  ),
  recipe("motion", "motion", "exec motion -n -c /lab/motion.conf", ["motion-control:12233 http | Motion | -"], {
    files: {
      "/lab/motion.conf":
        "daemon off\nsetup_mode off\nvideo_device /dev/null\nwebcontrol_port 12233\nwebcontrol_localhost off\nlog_file /tmp/motion.log\n",
    },
  }),
  recipe("ustreamer", "ustreamer", "exec ustreamer --host 0.0.0.0 --port 12234 --device /dev/null", [
    "12234 http | uStreamer | {ustreamer}",
  ]),
];
