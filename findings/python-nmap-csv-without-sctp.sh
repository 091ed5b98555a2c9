#!/bin/bash
# python-nmap 0.6.1 (Debian python3-nmap 0.6.1-1.1): its CSV holds the TCP and UDP ports of a scan, and neither SCTP ports nor IP protocols,
# although the same object has them.
#
# Expected: one line for each port of the XML. PortScanner reads all four protocols of nmap's DTD, and has all_sctp(), has_sctp() and sctp().
# Seen: of a scan by nmap 7.93 of a TCP, a UDP and an SCTP port csv() has two lines, without a word of the third; a protocol scan (-sO) is
# a CSV of its heading alone, which reads as "nothing found". Hosts are right otherwise.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.6.1-1.1 nmap=7.93+dfsg1-1
folder=$(mktemp -d)
space=pn$$
cleanup() {
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "python3-nmap=$version" "nmap=$nmap" "nmap-common=$nmap" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export NMAPDIR="$folder/root/usr/share/nmap"
ip netns add "$space"
ip -n "$space" link set lo up
scan() { LD_LIBRARY_PATH="$libraries:$libraries/blas" ip netns exec "$space" root/usr/bin/nmap -n -Pn "$@" 127.0.0.1 > nmap.log 2>&1 ||
  { cat nmap.log; exit 2; }; }
scan -sS -sU -sY -p T:80,U:53,S:36412 -oX ports.xml
scan -sO -p 1,6,17 -oX protocols.xml
cat > read.py <<'END'
import nmap, sys
for file in ("ports.xml", "protocols.xml"):
    scanner = nmap.PortScanner()
    scanner.analyse_nmap_xml_scan(open(file).read())
    host = scanner["127.0.0.1"]
    print(f"{file}:", ", ".join(f"{protocol} {sorted(host[protocol])}" for protocol in sorted(host.all_protocols())))
    rows = [line.split(";") for line in scanner.csv().strip().splitlines()]
    head = rows.pop(0)
    print("its CSV:", ", ".join(sorted(f"{row[head.index('protocol')]} {row[head.index('port')]}" for row in rows)) or "no line")
END
PYTHONPATH=$folder/root/usr/lib/python3/dist-packages python3 read.py > seen.txt || { cat seen.txt; exit 2; }
echo "python3-nmap $version, nmap $nmap:"
cat seen.txt
cat > expected.txt <<'END'
ports.xml: sctp [36412], tcp [80], udp [53]
its CSV: tcp 80, udp 53
protocols.xml: ip [1, 6, 17]
its CSV: no line
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: what is not TCP or UDP is left out"
