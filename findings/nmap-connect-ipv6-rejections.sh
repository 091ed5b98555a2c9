#!/bin/bash
# nmap 7.93 (Debian 7.93+dfsg1-1) on Linux, -sT: of a firewall that rejects by ICMP errors, a connect scan of IPv4 shows the reasons, and the
# same scan of IPv6 only silence; a port that is rejected by port-unreachable is closed by the one and filtered by the other.
#
# Expected: the same states and reasons for both address families, as -sS has them, and as both kernels' connect(2) reports them.
# Seen: host-unreach, net-unreach and conn-refused over IPv4, no-response for each over IPv6. An ICMP error may arrive while connect(2)
# still runs, as it does over a veth pair. For IPv4 Linux 6.18 ends the connection with it; for IPv6 it ends it at the second error,
# that about the SYN that is sent again a second later, when nmap has given up. Needs root and Linux; packets stay in two network
# namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1
folder=$(mktemp -d)
one=nf$$a two=nf$$b
cleanup() {
  ip netns del "$one" 2> /dev/null || true
  ip netns del "$two" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export NMAPDIR="$folder/root/usr/share/nmap" LD_LIBRARY_PATH="$folder/$libraries:$folder/$libraries/blas"
ip netns add "$one"
ip netns add "$two"
ip -n "$one" link add to_two type veth peer name to_one netns "$two"
for each in "$one to_two 1" "$two to_one 2"; do
  read -r space device number <<< "$each"
  ip -n "$space" address add "10.9.1.$number/24" dev "$device"
  ip -n "$space" address add "fd09::$number/64" dev "$device" nodad
  ip -n "$space" link set "$device" up
done
ip netns exec "$two" nft 'table inet filter {
  chain input {
    type filter hook input priority filter
    tcp dport 81 reject with icmpx type admin-prohibited
    tcp dport 82 reject with icmpx type host-unreachable
    tcp dport 83 reject with icmpx type no-route
    tcp dport 84 reject with icmpx type port-unreachable
  }
}'
sleep 1
scan() {
  ip netns exec "$one" root/usr/bin/nmap -n -Pn --reason -p 80-84 "$@" |
    sed -nE "s|^([0-9]+)/tcp +([a-z]+) +[^ ]+ +([a-z-]+).*|$1 \1 \2 \3|p"
}
{ scan -sT 10.9.1.2; scan -6 -sT fd09::2; } > seen.txt
echo "nmap $version, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
-sT 80 closed conn-refused
-sT 81 filtered host-unreach
-sT 82 filtered host-unreach
-sT 83 filtered net-unreach
-sT 84 closed conn-refused
-6 80 closed conn-refused
-6 81 filtered no-response
-6 82 filtered no-response
-6 83 filtered no-response
-6 84 filtered no-response
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: over IPv6 a connect scan sees no rejection"
