/** Recipes of servers between programs: databases of Java, brokers, grids, media. */

import { type Recipe, recipe } from "../recipe.ts";

const JAVA = "default-jre-headless";
const ACTIVEMQ =
  '<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd ' +
  'http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">' +
  '<broker xmlns="http://activemq.apache.org/schema/core" brokerName="lab" persistent="false" useJmx="false" dataDirectory="/tmp/amq">' +
  '<transportConnectors><transportConnector uri="tcp://0.0.0.0:61616"/><transportConnector uri="stomp://0.0.0.0:61613"/>' +
  "</transportConnectors></broker></beans>";

export const MIDDLEWARE_RECIPES: readonly Recipe[] = [
  recipe(
    "derby",
    `libderby-java ${JAVA}`,
    "cd /usr/share/java; exec java -cp derby.jar:derbynet.jar:derbyshared.jar:derbytools.jar " +
      "org.apache.derby.drda.NetworkServerControl start -h 0.0.0.0 -p 1527 -noSecurityManager",
    ["1527 drda | Apache Derby | {libderby-java}"],
  ),
  recipe(
    "h2database",
    `libh2-java ${JAVA}`,
    "exec java -cp /usr/share/java/h2.jar org.h2.tools.Server -tcp -tcpAllowOthers -tcpPort 9092 " +
      "-web -webAllowOthers -webPort 8082 -pg -pgAllowOthers -pgPort 5435",
    ["h2-tcp:9092 h2 | H2 | -", "h2-web:8082 http | H2 | -", "h2-pg:5435 postgresql | - | -"],
  ),
  recipe(
    "hsqldb",
    `libhsqldb-java ${JAVA}`,
    "exec java -cp /usr/share/java/hsqldb.jar org.hsqldb.server.Server --database.0 mem:lab --dbname.0 lab --port 9001",
    ["9001 hsqldb | HSQLDB | -"],
  ),
  recipe(
    "activemq",
    `activemq ${JAVA}`,
    "mkdir -p /tmp/amq; exec activemq console xbean:file:/lab/activemq.xml",
    [
      "activemq-openwire:61616 openwire | ActiveMQ | {activemq}",
      "activemq-stomp:61613 stomp | ActiveMQ | {activemq}",
    ],
    { files: { "/lab/activemq.xml": ACTIVEMQ } },
  ),
  recipe(
    "jdwp",
    JAVA,
    "exec java -agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=0.0.0.0:5005 -version",
    [
      "5005 jdwp | - | -",
    ],
  ),
  recipe("rmiregistry", JAVA, "exec rmiregistry 1099", ["1099 java-rmi | - | -"]),
  recipe(
    "hylafax",
    "hylafax-server",
    "cd /var/spool/hylafax; cp -n /etc/hylafax/* etc/; exec hfaxd -d -i 4559 -q /var/spool/hylafax",
    ["4559 hylafax | HylaFAX | {hylafax-server}"],
  ),
  recipe(
    "xrootd",
    "xrootd-server",
    "mkdir -p /tmp/xrd; chmod 777 /tmp/xrd; exec su nobody -s /bin/sh -c 'exec xrootd -p 1094 -n lab -l /tmp/xrd/log -s /tmp/xrd/pid /tmp/xrd'",
    ["1094 xrootd | XRootD | -"],
  ),
  recipe(
    "heimdal",
    "heimdal-kdc",
    "mkdir -p /var/lib/heimdal-kdc; kadmin.heimdal -l init --realm-max-ticket-life=unlimited --realm-max-renewable-life=unlimited LAB.TEST; " +
      "exec /usr/lib/heimdal-servers/kdc --ports=88",
    ["88 kerberos-sec | Heimdal | -"],
    { files: { "/etc/krb5.conf": "[libdefaults]\ndefault_realm=LAB.TEST\n" } },
  ),
  recipe(
    "liquidsoap",
    "liquidsoap",
    `exec su nobody -s /bin/sh -c "exec liquidsoap 'settings.server.telnet.set(true) settings.server.telnet.bind_addr.set(\\"0.0.0.0\\") output.dummy(blank())'"`,
    ["1234 liquidsoap | Liquidsoap | {liquidsoap}"],
  ),
  recipe(
    "barrier",
    "barrier xvfb",
    "Xvfb :7 -screen 0 320x240x24 & sleep 2; DISPLAY=:7 exec barriers -f --no-tray --disable-crypto -n lab -c /lab/barrier.conf -a 0.0.0.0:24800",
    ["24800 synergy | Barrier | -"],
    { files: { "/lab/barrier.conf": "section: screens\n lab:\nend\n" } },
  ),
  recipe(
    "rtorrent",
    "rtorrent",
    "mkdir -p /tmp/rt; TERM=xterm exec rtorrent -n -o 'network.scgi.open_port=0.0.0.0:5002,session.path.set=/tmp/rt,system.daemon.set=true'",
    ["5002 scgi | rTorrent | {rtorrent}"],
  ),
  recipe(
    "ircd-hybrid",
    "ircd-hybrid",
    "mkdir -p /run/ircd /var/log/ircd; chmod 777 /run/ircd /var/log/ircd; exec su irc -s /bin/sh -c 'exec ircd-hybrid -foreground'",
    ["6667 irc | ircd-hybrid | -"],
  ),
];
