#!/bin/bash
# nping 0.7.93 (Debian nmap 7.93+dfsg1-1), --udp: it sends from port 53, and counts each datagram that any host sends to port 53 of this
# machine as a reply: on a name server the queries of its clients are the "replies" of a target that is silent.
#
# Expected: a random source port, as with --tcp (and as nmap -sU has it), and replies only from the address and the port that were probed; the
# manual names no default.
# Seen: the filter is "(udp and dst port 53)" with any sender. Two probes to port 161 of an address that answers nothing, while another
# station sends queries to port 53 of this machine: "Rcvd: 2 or more | Lost: 0 (0.00%)", with round-trip times. -g with a free port shows the
# loss. Firewalls that pass what comes from port 53 also make it differ from a scan of the same port.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1
folder=$(mktemp -d)
one=nu$$a two=nu$$b
processes=
cleanup() {
  for process in $processes; do { kill "$process" 2> /dev/null && wait "$process" 2> /dev/null; } || true; done
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.54.0.1/24 dev eth0
ip -n $two address add 10.54.0.2/24 dev eth0
ip -n $one link set eth0 up
ip -n $two link set eth0 up
ip -n $one neigh replace 10.54.0.5 lladdr 02:00:00:00:00:05 dev eth0 nud permanent # the silent target
cat > server.py <<'END'
import socket
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("10.54.0.1", 53))
print("ready", flush=True)
while True: server.recv(500)
END
cat > client.py <<'END'
import socket, time
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("10.54.0.2", 0))
query = bytes.fromhex("000101000001000000000000") + b"\7example\0\0\1\0\1"
while True:
    client.sendto(query, ("10.54.0.1", 53))
    print("ready", flush=True)
    time.sleep(0.1)
END
ip netns exec $one python3 server.py > server.log 2>&1 &
processes=$!
for _ in $(seq 50); do grep -q ready server.log && break; sleep 0.1; done
ping_udp() { LD_LIBRARY_PATH="$libraries:$libraries/blas" ip netns exec $one root/usr/bin/nping --udp -p 161 -c 2 "$@" 10.54.0.5 > nping.log 2>&1 ||
  { cat nping.log; exit 2; }; }
describe() {
  echo "$1: $(sed -nE 's/^SENT .* (10\.54\.0\.1:[0-9]+) > .*/sent from \1/p' nping.log | sort -u | xargs), received" \
    "$(sed -nE 's/^RCVD .* (10\.54\.0\.[0-9]+):[0-9]+ > 10\.54\.0\.1:([0-9]+) .*/from \1 to port \2/p' nping.log | sort -u | xargs)," \
    "$(sed -nE 's/.*(Lost: .*)/\1/p' nping.log)"
}
{
  ping_udp
  describe "no clients"
  ip netns exec $two python3 client.py > client.log 2>&1 &
  processes="$processes $!"
  for _ in $(seq 50); do [ "$(grep -c ready client.log)" -gt 15 ] && break; sleep 0.1; done
  ping_udp
  describe "clients"
  grep RCVD nping.log | head -n 1 >&2
  ping_udp -g 40000
  describe "clients, -g 40000"
} > seen.txt
echo "nping of nmap $version, to port 161 of 10.54.0.5:"
cat seen.txt
cat > expected.txt <<'END'
no clients: sent from 10.54.0.1:53, received , Lost: 2 (100.00%)
clients: sent from 10.54.0.1:53, received from 10.54.0.2 to port 53, Lost: 0 (0.00%)
clients, -g 40000: sent from 10.54.0.1:40000, received , Lost: 2 (100.00%)
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: queries to this machine are counted as replies"
