#!/bin/bash
# jc (Debian 1.22.5-1) and ping (iputils, Debian 3:20221126-1+deb12u1): where a router answers pings with errors, "packet_loss_percent" in the JSON is
# the number of errors, and not a word is left of them.
#
# Expected: the 100 that ping printed: "3 packets transmitted, 0 received, +3 errors, 100% packet loss", and the router's errors among the
# responses, with who sent them.
# Seen: 3.0, so that a monitor with a threshold of 10 % has a host for well of which each ping is refused; with 10 errors it is 10.0.
# "responses" is empty. Of a host that is merely silent it is 100.0. The line has one field more where there were errors, and the fields are
# counted from the left.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.22.5-1 other=3:20221126-1+deb12u1
folder=$(mktemp -d)
one=jp$$a two=jp$$b
cleanup() {
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "jc=$version" "iputils-ping=$other" python3-ruamel.yaml python3-ruamel.yaml.clib python3-xmltodict python3-pygments libcap2 libidn2-0 \
  libunistring2 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
machine=$(uname -m)-linux-gnu
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.45.0.1/24 dev eth0
ip -n $two address add 10.45.0.2/24 dev eth0
ip -n $one address add fd45::1/64 dev eth0 nodad
ip -n $two address add fd45::2/64 dev eth0 nodad
for space in $one $two; do ip -n $space link set eth0 up; done
ip -n $one route add 10.46.0.0/16 via 10.45.0.2
ip -n $one -6 route add fd46::/16 via fd45::2
ip netns exec $two sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip -n $two route add prohibit 10.46.1.0/24
ip -n $two route add blackhole 10.46.2.0/24
ip -n $two -6 route add prohibit fd46:1::/64
for target in 10.45.0.2 10.46.2.1 10.46.1.1 fd46:1::1; do
  LD_LIBRARY_PATH=$folder/root/usr/lib/$machine:$folder/root/lib/$machine ip netns exec $one root/bin/ping -n -c 3 -i 1.2 -W 1 $target > ping.txt || true
  PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 root/usr/bin/jc --ping < ping.txt > ping.json
  echo "$target: ping: $(sed -nE 's/.*received, (.*) packet loss.*/\1/p' ping.txt); jc: $(/usr/bin/python3 -c '
import json
result = json.load(open("ping.json"))
print("loss", result["packet_loss_percent"], "responses", len(result["responses"]))')"
done > seen.txt
echo "jc $version, iputils-ping $other:"
cat seen.txt
cat > expected.txt <<'END'
10.45.0.2: ping: 0%; jc: loss 0.0 responses 3
10.46.2.1: ping: 100%; jc: loss 100.0 responses 0
10.46.1.1: ping: +3 errors, 100%; jc: loss 3.0 responses 0
fd46:1::1: ping: +3 errors, 100%; jc: loss 3.0 responses 0
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the loss is the number of errors"
