#!/bin/bash
# zmap 2.1.1 (Debian 12): with --probes=n the rate of --rate is one of addresses, not of packets.
#
# Expected, by its help ("-r, --rate=pps: Set send rate in packets/sec"): 2,048 addresses with 5 probes each at --rate=2000 are 10,240
# packets in 5.1 s. Seen: all of them leave in about 1 s, at five times the rate that was asked for. Fails if that changes. Needs root;
# packets stay in two network namespaces that this script makes.
set -eu
folder=$(mktemp -d)
one=zf$$a two=zf$$b
cleanup() {
  ip netns del "$one" 2> /dev/null || true
  ip netns del "$two" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -qq zmap=2.1.1-2+b6 2> apt.log || apt-get download -qq zmap 2> apt.log || { cat apt.log; exit 2; }
dpkg-deb -x zmap_*.deb . && zmap=./usr/sbin/zmap
ldd "$zmap" | grep -q 'not found' && { echo "install the libraries of zmap: $(ldd "$zmap" | grep 'not found')"; exit 2; }
"$zmap" -C /dev/null --version

ip netns add "$one"
ip netns add "$two"
ip -n "$one" link add link0 type veth peer name link0 netns "$two"
ip -n "$one" address add 10.0.0.1/16 dev link0
ip -n "$one" link set link0 up
ip -n "$two" link set link0 up
mac=$(ip -n "$two" -o link show link0 | grep -oE 'ether [0-9a-f:]+' | cut -d' ' -f2)
received() { ip netns exec "$two" cat /sys/class/net/link0/statistics/rx_packets; }

# usage: run PROBES; prints packets, and milliseconds without the cool-down of 1 s
run() {
  local before began
  before=$(received)
  began=$(date +%s%3N)
  ip netns exec "$one" "$zmap" -q -C /dev/null -b /dev/null -M icmp_echoscan -r 2000 -P "$1" -c 1 \
    -i link0 -G "$mac" -S 10.0.0.1 -o /dev/null 10.0.8.0/21 2> zmap.log
  echo $(($(received) - before)) $(($(date +%s%3N) - began - 1000))
}
read -r packets ms <<< "$(run 1)"
echo "one probe for each address: $packets packets in $ms ms"
read -r packets ms <<< "$(run 5)"
echo "five probes for each address: $packets packets in $ms ms; by its manual they take 5,120 ms"
[ "$packets" -ge 10000 ] && [ "$ms" -lt 4000 ]
