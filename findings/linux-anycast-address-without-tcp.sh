#!/bin/bash
# Linux as an IPv6 router: the subnet-router anycast address that it has on each of its links (fd57::, with fd57::/64) replies to neighbour solicitations,
# pings and UDP, and is silent to all of TCP.
#
# Expected: the address behaves as the router's own: RFC 4291 section 2.6 has such addresses indistinguishable from unicast ones, and section 2.6.1
# has every router support it. So a SYN gets SYN-ACK or RST, as at fd57::1.
# Seen: `ip -6 address` has no such address. A closed UDP port is refused by port-unreachable; a UDP server and ping reply, from fd57::1. No SYN gets
# a reply, at an open port or a closed one, nor an ICMPv6 error. So nmap reports a host that is up with all TCP ports filtered, by a firewall
# of which the router's rules have nothing, and a scan of the first addresses of a network meets one per router.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1 other=3:20221126-1+deb12u1
folder=$(mktemp -d)
one=fa$$a two=fa$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "iputils-ping=$other" "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip netns exec $two sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add fd57::9/64 dev eth0 nodad
ip -n $two address add fd57::1/64 dev eth0 nodad
for space in $one $two; do ip -n $space link set eth0 up; done
cat > server.py <<'END'
import socket
listener = socket.create_server(("::", 80), family=socket.AF_INET6)
datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
datagrams.bind(("::", 53))
print("ready", flush=True)
while True: datagrams.sendto(b"answer", datagrams.recvfrom(2000)[1])
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q ready server.log && break; sleep 0.1; done
sleep 2
cat > ask.py <<'END'
import errno, socket, sys
client = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
client.settimeout(3)
client.sendto(b"question", (sys.argv[1], 53))
print("UDP server: answer from", client.recvfrom(100)[1][0])
for port in (80, 81):
    client = socket.socket(socket.AF_INET6)
    client.settimeout(3)
    try: client.connect((sys.argv[1], port)); print("connect to port", port, "connected")
    except OSError as error: print("connect to port", port, "time-out" if error.errno is None else errno.errorcode[error.errno])
END
for target in fd57:: fd57::1; do
  echo "-- $target"
  echo "addresses of the router: $(ip -n $two -6 -o address show dev eth0 | grep -c " $target/" || true)"
  ip netns exec $one root/bin/ping -n -c 1 -W 3 $target | sed -nE 's/^64 bytes (from [0-9a-f:]+): .*/ping: \1/p'
  ip netns exec $one python3 ask.py $target
  for technique in -sS -sU; do
    LD_LIBRARY_PATH=$libraries ip netns exec $one root/usr/bin/nmap -6 -n -p 80,81 $technique --reason $target > scan.txt
    echo "nmap $technique: $(grep -oE '^Host is up, received [a-z-]+' scan.txt), $(sed -nE 's/^(8[01]\/...) +([a-z|]+) +[^ ]+ +([a-z-]+).*/\1 \2 \3/p' scan.txt | tr '\n' ' ')"
  done
done > seen.txt
echo "Linux $(uname -r), nmap $version:"
cat seen.txt
cat > expected.txt <<'END'
-- fd57::
addresses of the router: 0
ping: from fd57::1
UDP server: answer from fd57::1
connect to port 80 time-out
connect to port 81 time-out
nmap -sS: Host is up, received nd-response, 80/tcp filtered no-response 81/tcp filtered no-response 
nmap -sU: Host is up, received nd-response, 80/udp closed port-unreach 81/udp closed port-unreach 
-- fd57::1
addresses of the router: 1
ping: from fd57::1
UDP server: answer from fd57::1
connect to port 80 connected
connect to port 81 ECONNREFUSED
nmap -sS: Host is up, received nd-response, 80/tcp open syn-ack 81/tcp closed reset 
nmap -sU: Host is up, received nd-response, 80/udp closed port-unreach 81/udp closed port-unreach 
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: everything but TCP is answered"
