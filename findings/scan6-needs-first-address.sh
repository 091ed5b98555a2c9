#!/bin/bash
# scan6 of the SI6 toolkit (Debian ipv6toolkit 2.0+ds.1-2+b1), -d with a range of its own link: it finds the hosts of the range only if there is a
# host at the range's first address, and that is another one.
#
# Expected: each address of the range is probed, and those that reply are listed; an address that nothing has is the usual case in a scan.
# Seen: of hosts at ::2 and ::9, "fd61::2-10" lists both. "fd61::3-10" and "fd61::/120" end with "Error while performing Neighbor Discovery for
# the Destination Address", status 1: a source address and a next hop are looked for with the first address alone, by
# neighbour discovery. "fd61::1-10", where ::1 is the scanner itself, ends with status 0 after ::1, as a scan does that finds nothing else.
# So a prefix, which begins with an address that no host has, is never scanned on its link.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.0+ds.1-2+b1
folder=$(mktemp -d)
one=sc$$a two=sc$$b
cleanup() {
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "ipv6toolkit=$version" libpcap0.8 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export LD_LIBRARY_PATH
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add fd61::1/64 dev eth0 nodad
for host in 2 9; do ip -n $two address add fd61::$host/64 dev eth0 nodad; done
for space in $one $two; do ip -n $space link set eth0 up; done
for _ in $(seq 50); do ip -n $one -6 address show dev eth0 tentative | grep -q inet6 || break; sleep 0.1; done
for range in fd61::2-10 fd61::9-10 fd61::3-10 fd61::/120 fd61::1-10; do
  status=0
  ip netns exec $one timeout 30 root/usr/sbin/scan6 -i eth0 -d "$range" > scan.txt 2>&1 || status=$?
  echo "$range: $(xargs < scan.txt), status $status"
done > seen.txt
echo "scan6 $version, hosts at fd61::2 and fd61::9:"
cat seen.txt
error="Error while performing Neighbor Discovery for the Destination Address Error while learning Souce Address and Next Hop, status 1"
cat > expected.txt <<END
fd61::2-10: fd61::2 fd61::9, status 0
fd61::9-10: fd61::9, status 0
fd61::3-10: $error
fd61::/120: $error
fd61::1-10: fd61::1, status 0
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the first address decides for all"
