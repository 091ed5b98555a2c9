/**
 * The 1,000 TCP ports that are most useful to probe, in an order of synscan's own.
 *
 * The order was written from public facts and measures nothing: the registrations in the IANA Service Name and Transport
 * Protocol Port Number Registry (RFC 6335), the default ports that makers document for their products, and the ranges
 * from which operating systems take dynamic ports. A group stands earlier the likelier it is that a service in it is
 * there and matters to the user; inside a group the same holds from left to right.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { COMMON_PORTS, portsIn } from "./port_tiers.ts";

/** The number of ranked ports. */
export const TOP_PORT_COUNT = 1000;

/** Ports in order, each once; `a-b` stands for all from a to b. */
const GROUPS: readonly string[] = [
  ...COMMON_PORTS.tcp,

  // Unix as it was, and much of it still is (IANA system ports; RFC 862 to 868, BSD's r-commands, X Window System).
  "79 113 512-514 37 7 9 13 19 17 11 15 1 20 43 49 70 119 199 540 543 544 749 6001-6009 6010",
  // Mail, news and chat (IANA sieve, nntps, xmpp, ircs-u; Exchange, Zimbra, IRC servers, Mattermost, Matrix, Lotus).
  "2525 4190 106 109 563 220 366 585 24 26 5222 5269 5223 5280 5281 5443 6667 6697 6660-6666 6668 6669 7000 194",
  "8448 8065 7025 7071-7073 7110 7143 7993 7995 2000 3310 783 10024 10025 5298 1352 2703",
  // Windows and its domains (Microsoft's port requirements; WSUS, SQL Server, Hyper-V, SharePoint, Exchange, SCCM,
  // SCOM).
  "593 3269 9389 5357 5358 47001 1801 2103 2105 2107 8530 8531 2179 5722 808 2869 10243 1027-1035 3388 3387 42 137",
  "138 5022 4022 2382 2383 1688 1755 8172 3343 5723 5724 6516 6600 7680 5040 691 10123 2701 2702 1270 49443 32843",
  "32844 50636 50389 1745 5504 5725 6602 1039 1048-1050",
  // The first dynamic ports, where RPC services sit: from 49152 (RFC 6335; Windows), from 32768 (Linux, Solaris).
  "49158-49175 32768-32783",
  // Remote desktops and shells (RFC 6143 displays; Citrix, Radmin, TeamViewer, AnyDesk, DameWare, PCoIP, NoMachine).
  "5800-5803 5902-5910 1494 2598 4899 5631 5632 5938 7070 6129 4172 4000 3283 5988 5989 9593-9595 6783 8040 8041",
  "3350 8200 5500 5650 22222 2022 2200 2223 222 8022 10022 992 9922 60022",
  // Databases further (PostgreSQL's poolers, MySQL X, Oracle, Firebird, Neo4j, ClickHouse, CockroachDB, ArangoDB,
  // Couchbase, SAP HANA, Ignite, Vertica, Cassandra's JMX, MongoDB shards, Redis, Solr, Milvus, Qdrant, Typesense,
  // YugabyteDB).
  "33060 3307 3308 5433 6432 1522-1526 2483 2484 3050 5001 9088 7474 7687 7473 8087 8098 8123 9440 9004 26257 28015",
  "29015 8529 2424 2480 8091-8096 11210 9160 7199 9180 10800 30015 30013 39015 5444 3351 27018 27019 28017 26379",
  "6380 6381 16379 7574 8983 9300 9201 19530 6333 6334 8108 1972 523 50001 9091",
  // Containers and clusters further (Swarm, kubelet, Calico, NodePort's first, Nomad, Vault, Consul, Mesos, MinIO,
  // Istio).
  "2377 2380 10255-10257 10249 10251 10252 10259 6444 8001 4194 9099 9443 9345 30000 30080 30443 32000 4646-4648",
  "8201 8300-8302 8501 8502 8600 5050 5051 9001 8472 6784 8088 50051 15000 15001 15010 15014 15021 15090 22623 8444",
  "2378 7946 4243 16443 8404 9901 1936 19999 8686",
  // Web ports beside 80 and 443 (IANA http-alt and its neighbours; habits of appliances, panels and frameworks).
  "82-87 89 90 8002-8007 8010-8021 8082-8085 8090 8097 8099 8100 8180 8182 8280 8281 8445 8880 8881 8889 8890 8899",
  "7080 7443 7777 7778 9080 9081 9444 9999 3001-3003 4443-4445 4433 4567 5080 6080 7002 7004 10080 10443 12443",
  "18080 18443 20000 20720 28080 60080 591 832 981 1010 1311 2086 2087 2095 2096 2077-2079 2052 2053 800 801 880",
  "888 8800 8222 8333 8400 8442 8484 8554 8765 8787 8808 8834 8843 8887 9002 9003 9009",
  // Proxies (IANA socks; Squid, Privoxy, Tor, Varnish).
  "1080 3129 8118 9050 9051 9150 9040 1081 6081 6082",
  // Queues, logs and measurement (IANA amqps, syslog-tls, secure-mqtt; ActiveMQ, NATS, Pulsar, IBM MQ, Erlang,
  // Graphite, Beats, Fluentd, Splunk, Zabbix, Nagios, Munin, Wazuh, Graylog, Loki, Prometheus exporters, Jaeger,
  // OpenTelemetry).
  "5671 61613 61614 61616 8161 1884 4222 6222 6650 1414 25672 4369 15674 15675 9093 9094 2003 2004 8125 5044 9600",
  "24224 9997 10050 10051 5666 5667 12489 4949 6556 6514 601 1514 1515 55000 12201 3100 9096 9097 9101-9105 9115",
  "9116 9121 9187 9216 9308 9411 14250 14268 16686 4317 4318 8428 4242",
  // Java servers and the ways into them (RMI, JMX, JDWP, Tomcat, WebLogic, WebSphere, GlassFish, JBoss and WildFly).
  "1098 1099 5005 9990 9993 4848 4712 4713 4447 3700 3820 3920 7676 7003 9043 9044 9060 9061 2809 8879 9402 9403",
  "5556 1044 45000 45001 47000 1090 1091 1100 1101 9010 9012",
  // Building and shipping software (Gerrit, distcc, Perforce, TeamCity, Puppet, Salt, GoCD, Selenium; debuggers of
  // Node.js, Chrome, Android and Delve; development servers, notebooks, git, cvspserver, local language models).
  "29418 3632 1666 8111 8140 4505 4506 9229 9222 2345 5037 5555 5173 4321 1337 4873 8153 8154 9418 2401 8265 8786",
  "35729 3333 9876 5678 10001 11434 1234 7860 19000",
  // Hadoop and its family (HDFS, YARN, HBase, Hive, Spark, Ambari, Storm).
  "50070 9870 9864 50075 50010 50020 8030-8033 8042 8485 16000 16010 16020 60010 10002 9083 7077 18081 4040 6627",
  "6123",
  // Storage, backup and copies (Ceph, Gluster, NDMP, Veeam, NetBackup, Backup Exec, Amanda, Syncthing, Synology; IANA
  // iscsi, nbd, ftps-data, iprop, csync2).
  "6789 3300 6800-6803 7480 24007 24008 9392 9393 9398 9401 9419 2500 6160 6162 13720 13724 13782 1556 6101 6106",
  "8401 5006 5566 3205 860 10809 22000 8384 989 115 2121 2811 10082 10083 30865 497 1581 20048 4045",
  // Virtual machines and management controllers (VMware, Proxmox, Xen, libvirt, IPMI, iDRAC, iLO, Intel AMT,
  // OpenStack).
  "902 903 5480 9084 9087 3121 16509 16514 623 664 16992-16995 17988 17990 5120 5123 2381 2301 8774 8776 9292 9696",
  "35357",
  // Routers, firewalls and VPNs (IANA bgp's kin, ldp, openvpn, radsec; Check Point, Fortinet, Cisco, MikroTik, UniFi,
  // FRR).
  "646 1194 500 1701 264 256 257 259 18264 18210 18231 541 703 830 2001 2002 4118 8728 8729 2601-2605 639 1812 1813",
  "5246 1985 4500 32764 5431 49000 30005 37215 52869 1900 5351",
  // Printers, scanners and cameras (JetDirect's further ports, SANE, Canon, Dahua, Hikvision, XMEye, RTSP's
  // alternatives).
  "9106 9107 9220 9290 9500 6566 8610-8612 3911 37777 34567 34599 5544 10554 1935 9527",
  // Telephones, video and music (IANA h323hostcall, sip-tls, mgcp, iax, stun, turns, daap; Asterisk, Plex, Sonos,
  // Roku).
  "5061 1720 1719 5038 2427 2727 5062 5070 5090 4569 3478 3479 5349 5350 2944 3689 32400 32469 8920 9777 1400 3400",
  "8324 7100 8060",
  // Industry, buildings, energy, medicine (IANA iec-104, dnp, ethernetip, opcua-tcp, bacnet, acr-nema, dicom, hl7;
  // Niagara, PCWorx, ProConOS, Red Lion, Codesys, GE-SRTP, Moxa, KNX).
  "2404 44818 4840 47808 1911 4911 1962 20547 789 11112 104 2575 2761 2762 18245 18246 5007 5094 34962-34964 41100",
  "2455 1200 1217 11740 48898 3671 10110 55555",
  // SAP, IBM and other large software (SAP's dispatcher, gateway and message server; IBM i hosts' servers; agents).
  "3200 3201 3299 3301 3600 50013 50014 1128 1129 446-449 8470-8471 8473-8476 9470-9476 3872 5501 381 383 1830 3938",
  "6767 3181",
  // Security's own (IANA nessus; OpenVAS, Metasploit, Cobalt Strike, Symantec, Kaspersky, Trend Micro).
  "1241 9390 9391 55553 50050 3790 2967 13000 14000 4119 4120",
  // Coins (defaults of the reference clients: Bitcoin, Ethereum, Monero, Lightning, Tendermint).
  "8332 18332 18333 9332 8545 8546 30303 18089 9735 10009 26656 26657",
  // Games and their voice (Minecraft, Source engine, TeamSpeak, Mumble, Blizzard).
  "25565 25575 27015 27016 10011 30033 64738 3724 6112",
  // Sharing between peers (BitTorrent, eDonkey, Gnutella, Direct Connect, IPFS, I2P).
  "6881-6889 51413 4662 6346 6347 411 412 4001 4002 7654 7656",
  // Back doors and worms that were common enough to be looked for.
  "31337 12345 27374 54321 5554 9898 65000",
  // Registered system ports whose services still turn up now and then (IANA, 1 to 1023).
  "66 118 123 161 162 163 175 177 311 387 399 425 427 434 444 487 510 518 520 524 546 547 556 607 655 674 700 706",
];

/** The ranked ports, read from the groups on first use. */
let ranked: readonly number[] | undefined;

/**
 * The `count` most useful TCP ports, the most useful first.
 *
 * @throws {UsageError} Where `count` is not an integer from 1 to {@linkcode TOP_PORT_COUNT}.
 */
export function topPorts(count: number): number[] {
  if (!Number.isInteger(count) || count < 1 || count > TOP_PORT_COUNT) {
    throw new UsageError(
      `Cannot take the ${count} most useful ports: ${TOP_PORT_COUNT} are ranked. ` +
        `Give a number from 1 to ${TOP_PORT_COUNT}, or name the ports, like 1-65535`,
    );
  }
  ranked ??= portsIn(GROUPS);
  return ranked.slice(0, count);
}
