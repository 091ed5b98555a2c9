/** Recipes of servers that others are built on: application servers, proxies, brokers of logs, machines. */

import { type Recipe, recipe } from "../recipe.ts";

const JAVA = "default-jre-headless";

export const INFRASTRUCTURE: readonly Recipe[] = [
  recipe(
    "tomcat",
    `tomcat10 ${JAVA}`,
    "mkdir -p tomcat/conf tomcat/webapps/ROOT tomcat/logs tomcat/temp tomcat/work; cp -r /etc/tomcat10/* tomcat/conf/; cp server.xml tomcat/conf/; echo lab > tomcat/webapps/ROOT/index.html; export CATALINA_BASE=/lab/tomcat CATALINA_HOME=/usr/share/tomcat10; exec /usr/share/tomcat10/bin/catalina.sh run",
    ["tomcat-http:12701 http | Apache Tomcat | {tomcat10}", "tomcat-ajp:8009 ajp13 | - | -"],
    {
      // Its pages are long, and each repeats its request.
      omit:
        "finger gopher zookeeper redis-info memcached-version adb relp ident tor-control sam spamd beanstalkd nut lirc lcdproc mpd uhub cvs gearman munin rrdcached nats liquidwar postgrey bzfs ovsdb indi xmpp gpsd clamd swank stomp dbus lsp"
          .split(" "),
      files: {
        "/lab/server.xml":
          '<Server port="-1"><Service name="Catalina"><Connector port="12701" protocol="HTTP/1.1" bindOnInit="false"/><Connector protocol="AJP/1.3" address="0.0.0.0" port="8009" secretRequired="false" bindOnInit="false"/><Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>\n',
      },
    },
  ),
  recipe(
    "trafficserver",
    "trafficserver",
    "sed -i 's/^CONFIG proxy.config.http.server_ports.*/CONFIG proxy.config.http.server_ports STRING 12703/' /etc/trafficserver/records.config; echo 'map / http://127.0.0.1:80' > /etc/trafficserver/remap.config; mkdir -p /run/trafficserver; chown trafficserver /run/trafficserver; exec traffic_manager",
    ["12703 http-proxy/http | Apache Traffic Server | 9.2.9"],
  ),
  recipe("c-icap", "c-icap", "exec c-icap -N -f /lab/c-icap.conf", ["1344 icap | c-icap | {c-icap}"], {
    files: {
      "/lab/c-icap.conf":
        "PidFile /tmp/c-icap.pid\nCommandsSocket /tmp/c-icap.ctl\nPort 1344\nServerLog /tmp/ci.log\nModulesDir /usr/lib/x86_64-linux-gnu/c_icap\nServicesDir /usr/lib/x86_64-linux-gnu/c_icap\nService echo srv_echo.so\n",
    },
  }),
  recipe("nutcracker", "nutcracker", "exec nutcracker -c /lab/nc.yml -s 22222 -a 0.0.0.0", [
    "nutcracker-stats:22222 twemproxy | twemproxy | {nutcracker}",
  ], {
    files: {
      "/lab/nc.yml":
        "r:\n  listen: 0.0.0.0:22121\n  redis: true\n  servers:\n   - 127.0.0.1:6379:1\nm:\n  listen: 0.0.0.0:22123\n  servers:\n   - 127.0.0.1:11211:1\n",
    },
    needs: ["redis", "memcached"],
  }),
  recipe(
    "zabbix-proxy",
    "zabbix-proxy-sqlite3 sqlite3",
    "mkdir -p /run/zabbix; chown zabbix /run/zabbix; exec su zabbix -s /bin/sh -c 'exec zabbix_proxy -f -c /lab/zp.conf'",
    ["10051 zabbix-trapper | Zabbix | -"],
    {
      files: {
        "/lab/zp.conf":
          "Server=127.0.0.1\nHostname=lab\nDBName=/tmp/zp.db\nLogType=console\nListenIP=0.0.0.0\nSocketDir=/tmp\nStartPollers=1\nPidFile=/tmp/zp.pid\n",
      },
    },
  ),
  recipe("rsyslog-relp", "rsyslog rsyslog-relp", "exec rsyslogd -n -f /lab/relp.conf -i /tmp/rsyslog.pid", [
    "2514 relp | librelp/rsyslog | 1.11.0",
  ], { files: { "/lab/relp.conf": 'module(load="imrelp")\ninput(type="imrelp" port="2514")\n*.* /tmp/relp.log\n' } }),
  recipe(
    "qemu-spice",
    "qemu-system-x86",
    "exec qemu-system-x86_64 -M none -display none -spice port=5930,addr=0.0.0.0,disable-ticketing=on",
    ["5930 spice | - | -"],
  ),
  recipe(
    "swtpm",
    "swtpm",
    "mkdir -p swtpm; exec swtpm socket --tpm2 --server type=tcp,port=2321,bindaddr=0.0.0.0 --tpmstate dir=/lab/swtpm --flags not-need-init,startup-clear",
    ["2321 tpm | swtpm | -"],
  ),
  recipe(
    "mongodb",
    "python3-mockupdb python3-pymongo",
    `exec python3 -c 'import mockupdb,time
s=mockupdb.MockupDB(port=27017,auto_ismaster={"maxWireVersion":13})
s.autoresponds("buildInfo",version="5.0.1")
s.run()
time.sleep(100000)'`,
    ["27017 mongodb | - | -"],
  ),
  recipe(
    "vlc",
    "vlc-bin vlc-plugin-base",
    'useradd -m lab; exec su lab -s /bin/sh -c "exec cvlc --intf telnet --telnet-host 0.0.0.0 --telnet-port 4212 --telnet-password lab --extraintf http --http-host 0.0.0.0 --http-port 12709 --http-password lab"',
    ["vlc-telnet:4212 telnet | VLC | {vlc-bin}", "vlc-http:12709 http | VLC | -"],
  ),
  recipe("supervisor", "supervisor", "exec supervisord -n -c /lab/supervisord.conf", ["9001 http | Supervisor | -"], {
    files: {
      "/lab/supervisord.conf":
        "[supervisord]\nlogfile=/tmp/sv.log\npidfile=/tmp/sv.pid\n[inet_http_server]\nport=0.0.0.0:9001\n",
    },
  }),
  recipe(
    "journal-gatewayd",
    "systemd systemd-journal-remote",
    "systemd-machine-id-setup; exec systemd-socket-activate -l 19531 /lib/systemd/systemd-journal-gatewayd",
    ["19531 http | systemd-journal-gatewayd | -"],
  ),
  recipe(
    "shairport-sync",
    "shairport-sync avahi-daemon dbus",
    "mkdir -p /run/dbus; dbus-daemon --system; avahi-daemon -D; sleep 2; exec shairport-sync -o dummy -p 5000",
    ["5000 rtsp | AirTunes/Shairport Sync | 105.1"],
  ),
  recipe(
    "ceph-mon",
    "ceph-mon",
    "mkdir -p ceph-mon /run/ceph; ceph-mon --mkfs -i a --fsid 5f1c9c4e-0000-4000-8000-0000000000aa --mon-data /lab/ceph-mon --auth-supported none -c ceph.conf; exec ceph-mon -f -i a --mon-data /lab/ceph-mon -c /lab/ceph.conf",
    ["ceph-mon-v2:3300 ceph | Ceph | -", "ceph-mon-v1:6789 ceph | Ceph | -"],
    {
      files: {
        "/lab/ceph.conf":
          "[global]\nfsid=5f1c9c4e-0000-4000-8000-0000000000aa\nauth cluster required=none\nauth service required=none\nauth client required=none\nmon host=127.0.0.1\n[mon.a]\nhost=lab\nmon addr=127.0.0.1\n",
      },
    },
  ),
  recipe(
    "radicale",
    "python3-radicale radicale",
    "exec radicale --server-hosts 0.0.0.0:5232 --auth-type none --storage-filesystem-folder /tmp/radicale",
    ["5232 http | Radicale | -"],
  ),
  recipe(
    "icinga2",
    "icinga2-bin icinga2-common",
    "mkdir -p /run/icinga2/cmd /var/lib/icinga2/certs; chown -R nagios /run/icinga2 /var/lib/icinga2; icinga2 api setup --cn lab; exec icinga2 daemon",
    ["5665 http | Icinga | {icinga2-bin}"],
  ),
  recipe(
    "virtuoso",
    "virtuoso-opensource-7",
    "cd /var/lib/virtuoso-opensource-7/db 2>/dev/null || mkdir -p /lab/virt; cp /etc/virtuoso-opensource-7/virtuoso.ini . ; exec virtuoso-t -f -c virtuoso.ini",
    ["virtuoso-http:8890 http | Virtuoso | 07.20.3229"],
  ),
];
