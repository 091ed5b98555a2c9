#!/bin/bash
# ndisc6 1.0.5 (Debian 1.0.5-1+b2): it finds a router's own addresses, and none of those that the router replies for from another address of its own:
# proxied ones (`ip neigh add proxy`) and the subnet-router anycast address. Linux and nmap find all of them.
#
# Expected: a solicited advertisement with the right target, hop limit 255 and a link-layer address ends the search: RFC 4861 section 7.1.2 has no
# condition on its source address, and sections 7.2.7 and 7.2.8 are about just these addresses.
# Seen: "Timed out", "No response", exit status 2, while the capture has an advertisement for each solicitation: ndisc6 takes those alone whose source
# is the target. A router's for an address that is not its own comes from its link-local address, or with -s from a global one. So a list of
# neighbours by ndisc6 lacks what a router proxies, such as VPN clients and phones behind a mobile router.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.0.5-1+b2 other=7.93+dfsg1-1
folder=$(mktemp -d)
one=nl$$a two=nl$$b
capture=
cleanup() {
  [ -z "$capture" ] || { kill "$capture" 2> /dev/null && wait "$capture" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "ndisc6=$version" "nmap=$other" "nmap-common=$other" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $two link add eth1 type veth peer name eth2
ip netns exec $two sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.proxy_ndp=1 net.ipv6.neigh.eth0.proxy_delay=0
ip -n $one address add fd58::9/64 dev eth0 nodad
ip -n $two address add fd58::1/64 dev eth0 nodad
for each in "$one eth0" "$two eth0" "$two eth1" "$two eth2"; do read -r space device <<< "$each"; ip -n $space link set "$device" up; done
ip -n $two route add fd58::77/128 dev eth1
ip -n $two neigh add proxy fd58::77 dev eth0
sleep 2
cat > capture.py <<'END'
"""Prints the target and the source of each neighbour advertisement."""
import socket
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
wire.bind(("eth0", 0x86dd))
print("ready", flush=True)
while True:
    packet = wire.recv(2000)
    if packet[20] == 58 and packet[54] == 136:
        source = "that" if packet[22:38] == packet[62:78] else "a link-local" if packet[22:24] == b"\xfe\x80" else "a global"
        print(socket.inet_ntop(socket.AF_INET6, packet[62:78]), source, "hop limit", packet[21], flush=True)
END
ip netns exec $one python3 capture.py > capture.log 2>&1 &
capture=$!
for _ in $(seq 100); do grep -q ready capture.log && break; sleep 0.1; done
for target in fd58::1 fd58::77 fd58::; do
  for source in "" "-s fd58::9"; do
    status=0
    lines=$(wc -l < capture.log)
    # No option, or one with its value.
    # shellcheck disable=SC2086
    ip netns exec $one root/usr/bin/ndisc6 -q -r 1 -w 3000 $source $target eth0 > out.txt 2>&1 || status=$?
    sleep 0.2
    seen=$(tail -n +$((lines + 1)) capture.log | sed -nE "s/^$target (that|a link-local|a global) .*/\1/p" | sort -u | tr '\n' ' ')
    found=$(grep -qE '^([0-9A-F]{2}:){5}' out.txt && echo found || echo nothing)
    echo "$target, ndisc6${source:+ $source}: advertisement from ${seen}address; $found, exit status $status"
  done
  echo "$target nmap: $(LD_LIBRARY_PATH=$libraries ip netns exec $one root/usr/bin/nmap -6 -n -sn --reason $target | grep -oE 'Host is up, received [a-z-]+|Host seems down')"
  ip netns exec $one python3 -c 'import socket, sys; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b"x", (sys.argv[1], 9))' $target
  sleep 1.5
  echo "$target Linux: $(ip -n $one -6 neigh show $target dev eth0 | grep -oE 'lladdr|FAILED|INCOMPLETE')"
done > seen.txt
echo "ndisc6 $version, nmap $other, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
fd58::1, ndisc6: advertisement from that address; found, exit status 0
fd58::1, ndisc6 -s fd58::9: advertisement from that address; found, exit status 0
fd58::1 nmap: Host is up, received nd-response
fd58::1 Linux: lladdr
fd58::77, ndisc6: advertisement from a link-local address; nothing, exit status 2
fd58::77, ndisc6 -s fd58::9: advertisement from a global address; nothing, exit status 2
fd58::77 nmap: Host is up, received nd-response
fd58::77 Linux: lladdr
fd58::, ndisc6: advertisement from a link-local address; nothing, exit status 2
fd58::, ndisc6 -s fd58::9: advertisement from a global address; nothing, exit status 2
fd58:: nmap: Host is up, received nd-response
fd58:: Linux: lladdr
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: advertisements whose source is not the target are dropped"
