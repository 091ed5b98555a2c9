#!/bin/bash
# nmap 7.93 (Debian 7.93+dfsg1-1), --traceroute of several targets: behind two gateways that lead to one router, the second target's path
# is reported with the first target's gateway, also in XML, although nmap has the reply of the right one.
#
# Expected: hops that its probes to this target found. A reply from 10.1.0.12 to a probe to 10.9.0.20 with TTL 1 makes that hop 1 of 10.9.0.20.
# Seen: alone, 10.9.0.20 has the hops 10.1.0.12, 10.3.0.1, as with traceroute. Beside 10.9.0.10, whose hops are 10.1.0.11, 10.3.0.1, it gets
# "Hops 1-2 are the same as for 10.9.0.10", and in XML a hop 10.1.0.11 of its own: from the common hop 10.3.0.1 at one TTL nmap concludes
# that all before it is common. Equal metrics, two uplinks and policy routes have such paths; so a list of targets shows one gateway where
# half of the packets use the other.
# Needs root and Linux; packets stay in network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1
folder=$(mktemp -d)
spaces=
for name in s a b r t x; do spaces="$spaces nt$$$name"; done
cleanup() {
  for space in $spaces; do ip netns del "$space" 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
in_space() { local name=$1; shift; ip netns exec "nt$$$name" "$@"; }
for space in $spaces; do
  ip netns add "$space"
  ip -n "$space" link set lo up
  ip netns exec "$space" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
    net.ipv4.conf.default.send_redirects=0
done
for name in a b r; do in_space $name sysctl -qw net.ipv4.ip_forward=1; done
for bridge in near far; do
  in_space x ip link add $bridge type bridge
  in_space x ip link set $bridge up
done
join() { # join SPACE DEVICE BRIDGE ADDRESS
  in_space x ip link add "$1$2" type veth peer name "$2" netns "nt$$$1"
  in_space x ip link set "$1$2" master "$3" up
  in_space "$1" ip address add "$4" dev "$2"
  in_space "$1" ip link set "$2" up
}
join s eth0 near 10.1.0.1/24
join a eth0 near 10.1.0.11/24
join b eth0 near 10.1.0.12/24
join a eth1 far 10.3.0.11/24
join b eth1 far 10.3.0.12/24
join r eth0 far 10.3.0.1/24
in_space r ip link add eth1 type veth peer name eth0 netns "nt$$t"
in_space r ip address add 10.9.0.1/24 dev eth1
in_space r ip link set eth1 up
for address in 10.9.0.10/24 10.9.0.20/24; do in_space t ip address add $address dev eth0; done
in_space t ip link set eth0 up
in_space s ip route add 10.9.0.10/32 via 10.1.0.11
in_space s ip route add 10.9.0.20/32 via 10.1.0.12
for name in a b; do in_space $name ip route add 10.9.0.0/24 via 10.3.0.1; done
in_space r ip route add default via 10.3.0.11
in_space t ip route add default via 10.9.0.1
sleep 1
cat > hops.py <<'END'
import sys, xml.etree.ElementTree as tree
for host in tree.parse(sys.argv[1]).findall("host"):
    print(host.find("address").get("addr") + ":", *(hop.get("ipaddr") for hop in host.findall("trace/hop")))
END
for targets in 10.9.0.10 10.9.0.20 "10.9.0.10 10.9.0.20"; do
  echo "-- $targets"
  # One target, or both.
  # shellcheck disable=SC2086
  LD_LIBRARY_PATH=$libraries in_space s root/usr/bin/nmap -n -Pn -p 80 --traceroute --packet-trace -oX scan.xml $targets > scan.txt
  python3 hops.py scan.xml
  echo "replies from $(sed -nE 's/^RCVD .*ICMP \[(10\.1\.0\.1[12]) > .* TTL=0 during transit.*/\1/p' scan.txt | sort -u | tr '\n' ' ')"
  grep "are the same as" scan.txt || true
done > seen.txt
echo "nmap $version:"
cat seen.txt
# Which of the two lends its hops to the other may differ.
cat > expected.txt <<'END'
-- 10.9.0.10
10.9.0.10: 10.1.0.11 10.3.0.1 10.9.0.10
replies from 10.1.0.11 
-- 10.9.0.20
10.9.0.20: 10.1.0.12 10.3.0.1 10.9.0.20
replies from 10.1.0.12 
-- 10.9.0.10 10.9.0.20
10.9.0.10: GATEWAY 10.3.0.1 10.9.0.10
10.9.0.20: GATEWAY 10.3.0.1 10.9.0.20
replies from 10.1.0.11 10.1.0.12 
-   Hops 1-2 are the same as for ONE
END
one=$(sed -nE 's/.* are the same as for //p' seen.txt)
case $one in 10.9.0.10) gateway=10.1.0.11 ;; *) gateway=10.1.0.12 ;; esac
sed "s/GATEWAY/$gateway/; s/ONE/$one/" expected.txt > wanted.txt
cmp -s seen.txt wanted.txt || { diff seen.txt wanted.txt; echo "This has changed"; exit 1; }
echo "As found: both paths have the gateway of one"
