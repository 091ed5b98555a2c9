#!/bin/bash
# nmap 7.93 (Debian 7.93+dfsg1-1), --resume of an XML file: the hosts of both runs are in the file, and its totals count those of the last run.
#
# Expected: runstats of the file (hosts up, down, total; the elapsed time) sum up what is in it, as after a scan that was not interrupted; a scan
# that is complete cannot be resumed, and its file stays as it is.
# Seen: of four hosts, one or two of them scanned before Ctrl-C, the resumed file has four elements "host", valid by nmap.dtd, and total="2" or "3".
# Readers differ by which they take: python-libnmap's hosts_total and len(hosts) contradict each other. --resume with a complete file says
# "No targets were specified", exits 0, and appends a second end to the file, which no XML parser reads any more.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1 library=0.7.2-1
folder=$(mktemp -d)
space=nr$$
scanner=
cleanup() {
  [ -z "$scanner" ] || { kill "$scanner" 2> /dev/null && wait "$scanner" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "python3-libnmap=$library" "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 \
  lua-lpeg > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
ip netns add "$space"
ip -n "$space" link set lo up
scan() { LD_LIBRARY_PATH=$libraries exec ip netns exec "$space" root/usr/bin/nmap "$@"; }
(scan -n -Pn -p 1-3 --max-hostgroup 1 --scan-delay 1s -oX scan.xml 127.0.0.1-4 > first.log 2>&1) &
scanner=$!
for _ in $(seq 200); do grep -q '</host>' scan.xml 2> /dev/null && break; sleep 0.1; done
kill -INT "$scanner"
wait "$scanner" || true
scanner=
before=$(grep -c '</host>' scan.xml)
(scan --resume scan.xml > second.log 2>&1)
cp scan.xml resumed.xml
cat > read.py <<'END'
import sys, xml.etree.ElementTree as tree
from libnmap.parser import NmapParser
root = tree.parse(sys.argv[1])
addresses = [host.find("address").get("addr") for host in root.findall("host")]
print(len(set(addresses)), "hosts")
report = NmapParser.parse_fromfile(sys.argv[1])
print("python-libnmap: hosts_total", report.hosts_total, "of", len(report.hosts), "hosts")
END
status=0
(scan --resume scan.xml > third.log 2>&1) || status=$?
{
  PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 read.py resumed.xml
  echo "total: $(sed -nE 's/.*<hosts up="[0-9]+" down="[0-9]+" total="([0-9]+)".*/\1/p' resumed.xml), before the interruption: $before"
  echo "resumed once more: exit status $status, ends of the document: $(grep -c '^</nmaprun>' scan.xml)"
  /usr/bin/python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' scan.xml 2>&1 | grep -o 'ParseError: [a-z ]*'
} > seen.txt
echo "nmap $version, python-libnmap $library:"
cat seen.txt
cat > expected.txt <<END
4 hosts
python-libnmap: hosts_total $((4 - before)) of 4 hosts
total: $((4 - before)), before the interruption: $before
resumed once more: exit status 0, ends of the document: 2
ParseError: junk after document element
END
[ "$before" -gt 0 ] || { cat first.log; exit 2; }
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the totals are those of the last run"
