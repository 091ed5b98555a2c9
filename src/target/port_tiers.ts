/**
 * The ports that are probed before the others, on all hosts: those that are open most often. A scan that ends early has found them, and so
 * has one of a host whose firewall blocks a scanner after some closed ports.
 *
 * There are several tiers of them, each in random order. The first alone has fewer ports than a detector of port scans lets pass: its usual
 * threshold is ten or more. The order is that of `top_ports.ts` and `top_udp_ports.ts`, which begin with these ports.
 *
 * @module
 */
import { type PortProtocol, PortSet } from "./ports.ts";

/** The first groups of the ranked ports of each protocol. Ports in order, each once; `a-b` stands for all from a to b. */
export const COMMON_PORTS: Readonly<Record<PortProtocol, readonly string[]>> = {
  tcp: [
    // The first 100: what nearly every network has. Web, shells and remote desktops, mail, names, file shares (IANA;
    // OpenSSH, Windows, RealVNC, MySQL, PostgreSQL).
    "80 443 22 8080 445 3389 21 23 25 53 8443 139 135 111 110 143 993 995 587 465 3306 5900 1433 5432",
    // Databases and caches (Redis, MongoDB, Oracle, Elasticsearch, Memcached, CouchDB, Cassandra, InfluxDB, Db2).
    "6379 27017 1521 9200 11211 5984 9042 8086 50000 1434",
    // Directories and Windows domains (IANA kerberos, ldap, wsman; Microsoft's port requirements for Windows).
    "88 389 636 464 3268 5985 5986 49152-49157 1025 1026",
    // Containers, clusters and their consoles (Docker, etcd, Kubernetes, Consul, ZooKeeper, Kafka, RabbitMQ,
    // Prometheus).
    "2375 2376 2379 6443 10250 8500 2181 9092 5672 15672 9090 3000 5601 10000",
    // Web servers and proxies beside port 80 (IANA http-alt; Tomcat, Jupyter, Squid, SonarQube, cPanel, WebLogic).
    "8000 8888 8081 8008 8009 8181 5000 9000 81 3128 2082 2083 8089 7001",
    // Files, printers and storage (IANA nfs, rsync, afpovertcp, iscsi-target, ipp, printer, pdl-datastream, svn, ftps).
    "2049 873 548 3260 631 515 9100 990 3690",
    // Things, telephones and gear (IANA mqtt, sip, rtsp, bgp, pptp, mbap, iso-tsap, x11; CWMP, WinBox, Smart Install).
    "1883 8883 5060 554 179 1723 7547 502 102 8291 4786 5901 6000 2222",
  ],
  udp: [
    // Names, clocks and management, which nearly every network has (IANA domain, ntp, snmp, netbios, ipp, syslog, mdns, ssdp).
    "53 123 161 137 138 67 68 69 111 514 1900 5353 500 4500 631 162 520 88 389 445 135 1434",
    // Tunnels, calls and encrypted sessions (IANA isakmp, openvpn, l2tp, stun, sip, quic; WireGuard's documentation).
    "443 1194 51820 1701 3478 5060 5061 80 853 1723 4789 3784 8472 5349 19302",
    // Accounts, files and databases (IANA radius, nfs, mountd, kpasswd, memcache, db2, asf-rmcp, xdmcp).
    "1812 1813 1645 1646 2049 20048 464 11211 623 177 523 4045 3702 427 5355 1433 7001 7000",
    // Things and machines (IANA coap, bacnet, EtherNet-IP, knx, nat-pmp; makers' discovery protocols).
    "5683 5684 47808 44818 5351 3671 5050 20000 34964 502 9600 10001 3283 1604 5632 5555 17185 30718 9999",
    // Services of old, and games (RFC 862 to 868, IANA talk, who, biff; makers' documentation).
    "7 9 13 17 19 37 49 79 113 512 513 517 518 19132 27015 27960 25565 6881 2123 2152 784 8853 8443 4433 664 49152 49153 32768",
  ],
};

/** The rank of the last port of each tier. The last tier, of all other ports, has none. */
const LAST_RANKS: readonly number[] = [8, 24, 100];

/** Returns the ports of each tier of a protocol but the last, which has all others. */
export function portTiers(protocol: PortProtocol): readonly PortSet[] {
  const ranked = portsIn(COMMON_PORTS[protocol]);
  return LAST_RANKS.map((last, tier) => PortSet.of(ranked.slice(LAST_RANKS[tier - 1] ?? 0, last)));
}

/** Reads groups: by few calls of what is compiled already, as it is done once in every small scan. */
export function portsIn(groups: readonly string[]): number[] {
  const singles = groups.join(" ").replaceAll(/(\d+)-(\d+)/g, (_, first, last) => {
    return Array.from({ length: last - first + 1 }, (_, index) => Number(first) + index).join(" ");
  });
  return JSON.parse(`[${singles.replaceAll(" ", ",")}]`);
}
