#!/bin/bash
# nmap 7.93 (Debian 7.93+dfsg1-1) and tinc (Debian 1.0.36-2+b2, a VPN): where tinc refuses an address, nmap -sS and -sU see silence over
# IPv4, and the refusal over IPv6.
#
# Expected: "filtered, net-unreach" from -sS and -sU, as -sT has it: the error comes within a millisecond, and connect(2) returns ENETUNREACH.
# Seen: for an address of its network that no node has, tinc sends ICMP type 3 with code 6, "destination network unknown" (RFC 1122 section
# 3.2.2.1), which Linux takes for code 0. nmap knows codes 0 to 3, 9, 10 and 13, prints "Unexpected ICMP type/code 3/6 unreachable packet" and
# goes on waiting, sends every probe again, and reports "no-response". Over IPv6 tinc sends code 3, which nmap has as host-unreach. So the
# same hole in a network is a firewall that drops by one family, and takes as long to scan.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1 other=1.0.36-2+b2
folder=$(mktemp -d)
space=nu$$
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "tinc=$other" liblzo2-2 libssl3 zlib1g "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 \
  libblas3 lua-lpeg > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu:$folder/root/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
ip netns add "$space"
ip -n "$space" link set lo up
mkdir -p tinc/hosts
printf 'Name = one\nInterface = vpn0\nAddressFamily = ipv4\n' > tinc/tinc.conf
printf 'Subnet = 10.81.0.1/32\nSubnet = fd81::1/128\n' > tinc/hosts/one
cat > tinc/tinc-up <<'END'
#!/bin/sh
ip link set vpn0 up
ip address add 10.81.0.1/16 dev vpn0
ip address add fd81::1/64 dev vpn0 nodad
END
chmod +x tinc/tinc-up
LD_LIBRARY_PATH=$libraries root/usr/sbin/tincd -c tinc -K2048 < /dev/null > keys.log 2>&1
LD_LIBRARY_PATH=$libraries ip netns exec "$space" root/usr/sbin/tincd -c tinc -D --pidfile="$folder/tinc.pid" > tinc.log 2>&1 &
server=$!
for _ in $(seq 100); do ip -n "$space" -o address show dev vpn0 2> /dev/null | grep -q fd81 && break; sleep 0.1; done
scan() { LD_LIBRARY_PATH=$libraries ip netns exec "$space" root/usr/bin/nmap -n --reason "$@" 2>&1; }
state() { echo "$(sed -nE 's/^[0-9]+\/(tcp|udp) +([a-z|]+) +[^ ]+ +([a-z-]+).*/\2 \3/p' scan.txt)$(grep -q '^Unexpected ICMP type/code 3/6' scan.txt && echo ", an error was received")"; }
{
  for address in 10.81.5.5 fd81::5:5; do
    family=
    case $address in *:*) family=-6 ;; esac
    for technique in -sS -sU -sT; do
      scan $family -Pn $technique -p 53 $address > scan.txt
      echo "$address $technique: $(state)"
    done
  done
  scan -sn -PE 10.81.5.5 > scan.txt
  echo "10.81.5.5 -sn -PE: $(grep -o 'Host seems down' scan.txt)"
  ip netns exec "$space" python3 -c '
import errno, socket
for address, family in (("10.81.5.5", socket.AF_INET), ("fd81::5:5", socket.AF_INET6)):
    connection = socket.socket(family)
    connection.settimeout(5)
    print(address, "connect:", errno.errorcode[connection.connect_ex((address, 53))])'
} > seen.txt
echo "nmap $version, tinc $other:"
cat seen.txt
cat > expected.txt <<'END'
10.81.5.5 -sS: filtered no-response, an error was received
10.81.5.5 -sU: open|filtered no-response, an error was received
10.81.5.5 -sT: filtered net-unreach
fd81::5:5 -sS: filtered host-unreach
fd81::5:5 -sU: filtered host-unreach
fd81::5:5 -sT: filtered host-unreach
10.81.5.5 -sn -PE: Host seems down
10.81.5.5 connect: ENETUNREACH
fd81::5:5 connect: EHOSTUNREACH
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: no-response, although the network's error was received"
