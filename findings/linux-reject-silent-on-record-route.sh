#!/bin/bash
# Linux, nftables: "reject" of a packet that carries Record Route or Timestamp (options of the IPv4 header) is a silent drop: no RST and no ICMP error.
#
# Expected: what the rule has, as for the same packet without options, or with options that change nothing: RFC 1122 section 3.2.1.8 has such
# packets treated as others, and a firewall that rejects is chosen to be told apart from one that drops.
# Seen: for SYNs and UDP datagrams, in the chains forward and input, with "reject" and "reject with tcp reset". The kernel writes its address into
# the option on arrival, and makes the header's checksum anew only when the packet leaves; in between, before it replies, the rule sums up the packet
# including its header, takes the TCP checksum for wrong, and lets it be. So SYNs with nping --ip-options R, which are to show the way,
# meet silence at a firewall that rejects, while an accepted port replies and has the whole way in its SYN-ACK.
# Needs root and Linux; packets stay in three network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1 other=1.0.6-2+deb12u2
folder=$(mktemp -d)
one=rr$$a router=rr$$r two=rr$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $router $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nftables=$other" "libnftables1=$other" libnftnl11 libmnl0 libjansson4 libxtables12 libedit2 libbsd0 libmd0 libgmp10 \
  liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu:$folder/root/lib/$(uname -m)-linux-gnu
for space in $one $router $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $router
ip -n $router link add eth1 type veth peer name eth0 netns $two
ip -n $one address add 10.53.1.1/24 dev eth0
ip -n $router address add 10.53.1.2/24 dev eth0
ip -n $router address add 10.53.2.2/24 dev eth1
ip -n $two address add 10.53.2.1/24 dev eth0
for space in $one $router $two; do ip -n $space link set eth0 up; done
ip -n $router link set eth1 up
ip -n $one route add default via 10.53.1.2
ip -n $two route add default via 10.53.2.2
ip netns exec $router sysctl -qw net.ipv4.ip_forward=1
cat > rules <<'END'
table inet filter {
  chain forward { type filter hook forward priority 0; jump rules; }
  chain input { type filter hook input priority 0; jump rules; }
  chain rules {
    tcp dport 81 counter reject with tcp reset
    tcp dport 82 counter reject with icmpx admin-prohibited
    udp dport 82 counter reject with icmpx admin-prohibited
  }
}
END
LD_LIBRARY_PATH=$libraries ip netns exec $router root/usr/sbin/nft -f rules
cat > server.py <<'END'
import socket, time
listener = socket.create_server(("", 80))
print("listening", flush=True)
time.sleep(600)
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
# usage: ask TARGET OPTIONS; "" is no options, NOPs are two of them and the end of the list.
ask() {
  for probe in "tcp 80" "tcp 81" "tcp 82" "udp 82"; do
    # Two words, and one or two.
    # shellcheck disable=SC2086
    set -- "$1" "$2" $probe
    [ "$3" = udp ] && flags=(-g 40000) || flags=(--flags syn)
    LD_LIBRARY_PATH=$libraries ip netns exec $one root/usr/bin/nping "--$3" -p "$4" "${flags[@]}" -c 2 --delay 400ms ${2:+--ip-options "$2"} "$1" \
      > reply.txt 2>&1
    reply=$(sed -nE 's/^RCVD .* (SA|RA) ttl.*/\1/p; s/^RCVD .*type=3\/code=([0-9]+).*/ICMP 3 \1/p' reply.txt | head -n 1)
    printf ' %s: %s;' "$probe" "${reply:-silence}"
  done
}
for target in 10.53.2.1 10.53.1.2; do
  for options in "" '\x01\x01\x00\x00' R T; do echo "$target, options ${options:-none}:$(ask $target "$options")"; done
done > seen.txt
LD_LIBRARY_PATH=$libraries ip netns exec $router root/usr/sbin/nft list ruleset > rules.txt
echo "packets that the rules have matched: $(grep -oE 'packets [0-9]+' rules.txt | xargs)" >> seen.txt
echo "Linux $(uname -r), nftables $other, nping $version:"
cat seen.txt
silent="tcp 81: silence; tcp 82: silence; udp 82: silence;" rejected="tcp 81: RA; tcp 82: ICMP 3 13; udp 82: ICMP 3 13;"
for target in "10.53.2.1 SA" "10.53.1.2 RA"; do
  cat <<END
${target% *}, options none: tcp 80: ${target#* }; $rejected
${target% *}, options \x01\x01\x00\x00: tcp 80: ${target#* }; $rejected
${target% *}, options R: tcp 80: ${target#* }; $silent
${target% *}, options T: tcp 80: ${target#* }; $silent
END
done > expected.txt
echo "packets that the rules have matched: packets 16 packets 16 packets 16" >> expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: Record Route makes of a reject a drop"
