#!/bin/bash
# inetutils-ping (Debian 2:2.4-2+deb12u3): with -c N, whatever comes in about its requests counts as one of N: second copies of replies,
# redirects, errors. On a path with a redirect for each request, -c 4 sends two.
#
# Expected, by its help ("stop after sending NUMBER packets"): four requests each time. iputils (Debian 3:20221126-1+deb12u1), whose
# manual says the same, sends four for copies and redirects, and fewer for errors.
# Seen: two requests instead of four when each reply comes twice, or is preceded by a redirect or an error (a router's "host unreachable").
# The statistics say "2 packets transmitted, 2 packets received, 0% packet loss" and count no error; the exit status is 0. So a program
# that takes N for the number of requests, or N replies for no loss, reads half a measurement.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2:2.4-2+deb12u3 other=3:20221126-1+deb12u1
folder=$(mktemp -d)
one=pc$$a two=pc$$b
replier=
cleanup() {
  [ -z "$replier" ] || { kill "$replier" 2> /dev/null && wait "$replier" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "inetutils-ping=$version" "iputils-ping=$other" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x inetutils-ping*.deb inetutils
dpkg-deb -x iputils-ping*.deb iputils
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.53.0.1/24 dev eth0
ip -n $one link set eth0 up
ip -n $two link set eth0 up
cat > replier.py <<'END'
"""Replies to ARP and echo requests: 10.53.0.10 once, .11 twice, .12 after a redirect of the router, .13 after a "host unreachable"."""
import socket, struct
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind(("eth0", 3))
own = bytes.fromhex(open("/sys/class/net/eth0/address").read().strip().replace(":", ""))
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return struct.pack("!H", ~total & 0xffff)
def icmp(source, target, kind, code, body):
    body = bytes([kind, code]) + checksum(bytes([kind, code, 0, 0]) + body) + body
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, 1, 0) + source + target
    return ip[:10] + checksum(ip) + ip[12:] + body
print("ready", flush=True)
while True:
    frame = wire.recv(3000)
    if frame[6:12] == own: continue
    peer, kind, packet = frame[6:12], frame[12:14], frame[14:]
    if kind == b"\x08\x06" and packet[7] == 1 and 10 <= packet[27] <= 13:
        wire.send(peer + own + kind + packet[:6] + b"\0\2" + own + packet[24:28] + packet[8:18])
    if kind != b"\x08\x00" or packet[9] != 1 or packet[20] != 8: continue
    source, target = packet[12:16], packet[16:20]
    router, gateway = target[:3] + b"\x62", target[:3] + b"\x61"
    send = lambda *message: wire.send(peer + own + b"\x08\x00" + icmp(*message))
    if target[3] == 12: send(router, source, 5, 1, gateway + packet[:28])
    if target[3] == 13: send(router, source, 3, 1, bytes(4) + packet[:28])
    for _ in range(2 if target[3] == 11 else 1): send(target, source, 0, 0, packet[24:])
END
ip netns exec $two python3 replier.py > replier.log 2>&1 &
replier=$!
for _ in $(seq 50); do grep -q ready replier.log && break; sleep 0.1; done
sleep 0.5
for tool in inetutils iputils; do
  for what in 10:once 11:twice 12:redirect 13:error; do
    status=0
    ip netns exec $one $tool/bin/ping -n -c 4 -i 0.3 "10.53.0.${what%:*}" > ping.log 2>&1 || status=$?
    echo "$tool, ${what#*:}: exit status $status, $(grep transmitted ping.log | sed -E 's/, time.*//')"
  done
done > seen.txt
echo "inetutils-ping $version, iputils-ping $other, -c 4:"
cat seen.txt
grep -q "stop after sending NUMBER packets" <(inetutils/bin/ping --help) || { echo "The help has changed"; exit 1; }
cat > expected.txt <<'END'
inetutils, once: 4
inetutils, twice: 2
inetutils, redirect: 2
inetutils, error: 2
iputils, once: 4
iputils, twice: 4
iputils, redirect: 4
iputils, error: 2
END
sed -nE 's/^(.*): exit status 0, ([0-9]+) packets transmitted, .*/\1: \2/p' seen.txt > reduced.txt
cmp -s reduced.txt expected.txt || { diff reduced.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: fewer requests than were asked for"
