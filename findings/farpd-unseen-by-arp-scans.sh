#!/bin/bash
# farpd (Debian 0.2-11.1, answers ARP for addresses without a station): Linux connects to its addresses, and nmap -sn, arp-scan and arping
# find none of them, although every one of their requests gets a reply in the end.
#
# Expected: what resolves for the kernel is found by an ARP scan of the same machine. farpd first asks twice itself, so that the first
# requests go unanswered for a second or two; a second scan finds the address.
# Seen: farpd's replies are broadcast, and hold ff:ff:ff:ff:ff:ff where the address of the station that asked belongs (the target hardware
# address of a reply, RFC 826). Linux takes such a reply; the filters of nmap (target hardware address) and arp-scan (destination of
# the frame) pass only those to their own address, and arping drops them too. So none is up at each of three runs, while `ip neigh` has
# the address with farpd's MAC.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.2-11.1 nmap=7.93+dfsg1-1 scan=1.10.0-2 ping=2.23-1
folder=$(mktemp -d)
one=ff$$a two=ff$$b
server=
# farpd waits for a packet before it heeds a lesser signal
cleanup() {
  [ -z "$server" ] || { kill -9 "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "farpd=$version" "arp-scan=$scan" "arping=$ping" libdumbnet1 libevent-2.1-7 libnet1 "nmap=$nmap" "nmap-common=$nmap" \
  liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export NMAPDIR="$folder/root/usr/share/nmap" LD_LIBRARY_PATH="$libraries:$libraries/blas"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.50.0.1/24 dev eth0
ip -n $two address add 10.50.0.2/24 dev eth0
ip -n $one link set eth0 up
ip -n $two link set eth0 up
ip netns exec $two root/usr/sbin/farpd -d -i eth0 10.50.0.128/25 > farpd.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening farpd.log && break; sleep 0.1; done
sleep 1
cat > connect.py <<'END'
import socket, struct, time
watcher = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
watcher.bind(("eth0", 0x0806))
watcher.settimeout(8)
asker = socket.socket()
asker.setblocking(False)
asker.connect_ex(("10.50.0.200", 80))
end = time.time() + 8
while time.time() < end:
    packet = watcher.recv(2000)
    if struct.unpack("!H", packet[20:22])[0] == 2:
        print(f"reply: to {packet[:6].hex()}, target {packet[32:38].hex()}")
        break
END
hear() {
  sed -nE 's/.*\(([0-9]+) hosts? up\).*/nmap: \1 up/p; s/.*\. ([0-9]+) responded.*/arp-scan: \1 up/p
    s/.* ([0-9]+) packets received.*/arping: \1 replies/p'
}
{
  ip netns exec $one python3 connect.py
  for _ in 1 2 3; do
    ip netns exec $one root/usr/bin/nmap -n -sn 10.50.0.200 | hear
    ip netns exec $one root/usr/sbin/arp-scan -q -I eth0 10.50.0.200 2>&1 | hear
    ip netns exec $one root/usr/sbin/arping -c 3 -i eth0 10.50.0.200 2>&1 | hear
  done
} > seen.txt
mac=$(ip netns exec $two cat /sys/class/net/eth0/address)
ip -n $one neigh show 10.50.0.200 | grep -q "lladdr $mac" && echo "kernel: farpd's MAC" >> seen.txt
replies=$(grep -c "arp reply 10.50.0.200" farpd.log)
echo "farpd $version, nmap $nmap, arp-scan $scan, arping $ping, Linux $(uname -r), $replies replies sent:"
cat seen.txt
{
  echo "reply: to ffffffffffff, target ffffffffffff"
  for _ in 1 2 3; do printf '%s\n' "nmap: 0 up" "arp-scan: 0 up" "arping: 0 replies"; done
  echo "kernel: farpd's MAC"
} > expected.txt
cmp -s seen.txt expected.txt && [ "$replies" -gt 5 ] || { cat farpd.log; echo "This has changed"; exit 1; }
echo "As found: the kernel takes the replies, the scanners do not"
