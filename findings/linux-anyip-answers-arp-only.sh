#!/bin/bash
# Linux with a local route to a network ("AnyIP": ip route add local 10.51.9.0/24 dev lo): it answers ARP for each address of the network on every
# link, and neighbour solicitations for none of the same in IPv6.
#
# Expected: the two families alike: a stranger on the link either resolves the addresses of both, or needs a route by way of the host for both. The
# host itself accepts packets to all of them either way.
# Seen: with a route "dev eth0" to either network the neighbour connects to 10.51.9.77, and for fd51:9::77 gets "no route to host"; with
# "via" it connects to both. nmap -sn finds 256 hosts in the IPv4 network, and of the IPv6 one none at all.
# ARP asks the routing table what is local, and neighbour discovery the addresses of the link, which a local route is not. So a service on
# a whole network that its neighbours reach by IPv4 is absent by IPv6, and a scan of the link has the wrong count in the one family.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1
folder=$(mktemp -d)
one=la$$a two=la$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.51.0.1/24 dev eth0
ip -n $two address add 10.51.0.2/24 dev eth0
ip -n $one address add fd51::1/64 dev eth0 nodad
ip -n $two address add fd51::2/64 dev eth0 nodad
for space in $one $two; do ip -n $space link set eth0 up; done
ip -n $two route add local 10.51.9.0/24 dev lo
ip -n $two -6 route add local fd51:9::/64 dev lo
cat > server.py <<'END'
import socket, time
listener = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
print("listening", flush=True)
time.sleep(600)
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
connect() { ip netns exec $one python3 -c '
import errno, socket, sys
try: socket.create_connection((sys.argv[1], 80), 20); print(sys.argv[2], sys.argv[1], "connected")
except OSError as error: print(sys.argv[2], sys.argv[1], errno.errorcode.get(error.errno, "time-out"))' "$1" "$2"; }
up() { LD_LIBRARY_PATH=$libraries ip netns exec $one root/usr/bin/nmap -n -sn "$@" | sed -nE 's/.*\(([0-9]+ hosts?) up\).*/\1 up/p'; }
{
  ip -n $one route add 10.51.9.0/24 dev eth0
  ip -n $one -6 route add fd51:9::/64 dev eth0
  for host in 10.51.9.77 fd51:9::77; do connect $host "on the link,"; done
  echo "nmap: 10.51.9.0/24 $(up 10.51.9.0/24), fd51:9::/120 $(up -6 fd51:9::/120)"
  ip -n $one route replace 10.51.9.0/24 via 10.51.0.2
  ip -n $one -6 route replace fd51:9::/64 via fd51::2
  for host in 10.51.9.77 fd51:9::77; do connect $host "by way of the host,"; done
} > seen.txt
echo "Linux $(uname -r), nmap $version:"
cat seen.txt
cat > expected.txt <<'END'
on the link, 10.51.9.77 connected
on the link, fd51:9::77 EHOSTUNREACH
nmap: 10.51.9.0/24 256 hosts up, fd51:9::/120 0 hosts up
by way of the host, 10.51.9.77 connected
by way of the host, fd51:9::77 connected
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: a local route is resolved by ARP, and not by neighbour discovery"
