#!/bin/bash
# nmap 7.93 (Debian 7.93+dfsg1-1) on Linux, -6 -sT: every TCP port of an address that has no TCP at all is reported "open", reason
# "syn-ack". The address here is that of TAYGA (Debian 0.9.2-8), a translator from IPv6 to IPv4 that has an address of its own to send
# ICMP errors from.
#
# Expected: TAYGA's address answers a SYN with RST or not at all, and nmap calls its ports closed or filtered, as it does with -sS.
# Seen: TAYGA replies to TCP with ICMPv6 Parameter Problem, code 1 (unrecognized Next Header type), as RFC 8200 section 4 has it, and with
# ICMP protocol-unreachable on IPv4. connect(2) fails with EPROTO ("Protocol error") for the first, ENOPROTOOPT for the second. nmap knows
# the second, prints "Strange read error" about the first, and goes on as if the connection had been made. -sS has filtered for both.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1 translator=0.9.2-8
folder=$(mktemp -d)
space=nt$$
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" "tayga=$translator" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 \
  lua-lpeg > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export NMAPDIR="$folder/root/usr/share/nmap"
ip netns add "$space"
ip -n "$space" link set lo up
cat > tayga.conf <<'END'
tun-device nat64
ipv4-addr 10.64.0.1
ipv6-addr fd64::1
prefix fd65::/96
dynamic-pool 10.64.0.0/24
END
ip netns exec "$space" root/usr/sbin/tayga -c tayga.conf --mktun > tayga.log 2>&1
ip -n "$space" link set nat64 up
ip -n "$space" address add 10.63.0.1/32 dev nat64
ip -n "$space" address add fd63::1/128 dev nat64 nodad
ip -n "$space" route add 10.64.0.0/24 dev nat64 src 10.63.0.1
ip -n "$space" route add fd64::/64 dev nat64 src fd63::1
ip netns exec "$space" root/usr/sbin/tayga -d -c tayga.conf >> tayga.log 2>&1 &
server=$!
for _ in $(seq 50); do ip -n "$space" link show nat64 | grep -q LOWER_UP && break; sleep 0.1; done
sleep 2
scan() {
  LD_LIBRARY_PATH="$folder/$libraries:$folder/$libraries/blas" ip netns exec "$space" \
    root/usr/bin/nmap -n -Pn --reason -p 80,9999 "$@" 2>&1 |
    sed -nE "s|^([0-9]+)/tcp +([a-z]+) +[^ ]+ +([a-z-]+).*|$* : \1 \2 \3|p; s|^Strange read error|$* : &|p"
}
{ scan -sS 10.64.0.1; scan -6 -sS fd64::1; scan -sT 10.64.0.1; scan -6 -sT fd64::1; } | sort -u > seen.txt
ip netns exec "$space" python3 - >> seen.txt <<'END'
import errno, socket
for family, address in ((socket.AF_INET, "10.64.0.1"), (socket.AF_INET6, "fd64::1")):
    print(f"connect(2), {address}:", errno.errorcode[socket.socket(family).connect_ex((address, 80))])
END
echo "nmap $version, TAYGA $translator, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
-6 -sS fd64::1 : 80 filtered param-problem
-6 -sS fd64::1 : 9999 filtered param-problem
-6 -sT fd64::1 : 80 open syn-ack
-6 -sT fd64::1 : 9999 open syn-ack
-6 -sT fd64::1 : Strange read error from fd64::1 (71 - 'Protocol error')
-sS 10.64.0.1 : 80 filtered proto-unreach
-sS 10.64.0.1 : 9999 filtered proto-unreach
-sT 10.64.0.1 : 80 filtered proto-unreach
-sT 10.64.0.1 : 9999 filtered proto-unreach
connect(2), 10.64.0.1: ENOPROTOOPT
connect(2), fd64::1: EPROTO
END
LC_ALL=C sort seen.txt > seen.sorted
cmp -s seen.sorted expected.txt || { diff seen.sorted expected.txt; cat tayga.log; echo "This has changed"; exit 1; }
echo "As found: a connect scan of IPv6 calls ports open of a host without TCP"
