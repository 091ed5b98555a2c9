#!/bin/bash
# slirp4netns (Debian 1.2.0-1, libslirp0 4.7.0-1), the user-mode network of rootless containers: a closed UDP port of the gateway, 10.0.2.2, is
# refused by an ICMP error whose sender is 127.0.0.1, and which therefore no program in the namespace hears of.
#
# Expected: a datagram to a closed port of 10.0.2.2 gets port-unreachable from 10.0.2.2, as its TCP ports answer SYNs with RST from
# 10.0.2.2, as "time exceeded" comes from there, and as port-unreachable for other addresses of the machine comes from those addresses.
# Seen: 10.0.2.2 stands for the machine's loopback address, and the error has that other name of it as its sender. Linux drops packets
# from 127.0.0.0/8 that come in by a device, so send() and recv() of a connected UDP socket see a timeout where other addresses give
# "Connection refused". nmap 7.93 -sU reads the packet itself, and calls the port filtered, "port-unreach from 127.0.0.1", not closed.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.2.0-1 library=4.7.0-1 nmap=7.93+dfsg1-1
folder=$(mktemp -d)
outer=fso$$ inner=fsi$$
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $outer $inner; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "slirp4netns=$version" "libslirp0=$library" libglib2.0-0 libpcre2-8-0 libseccomp2 libcap2 "nmap=$nmap" "nmap-common=$nmap" \
  liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export NMAPDIR="$folder/root/usr/share/nmap" LD_LIBRARY_PATH="$libraries:$libraries/blas:$folder/root/lib/${libraries##*/}"
for space in $outer $inner; do ip netns add $space; ip -n $space link set lo up; done
ip -n $outer link add one type veth peer name two
ip -n $outer address add 10.9.9.1/24 dev one
ip -n $outer link set one up
ip -n $outer link set two up
ip netns exec $outer root/usr/bin/slirp4netns --configure --netns-type=path /run/netns/$inner tap0 > slirp.log 2>&1 &
server=$!
for _ in $(seq 100); do ip -n $inner route | grep -q ^default && break; sleep 0.1; done
ip -n $inner route | grep -q ^default || { cat slirp.log; exit 2; }
cat > ask.py <<'END'
import socket, sys
for kind, name in ((socket.SOCK_STREAM, "TCP"), (socket.SOCK_DGRAM, "UDP")):
    asker = socket.socket(socket.AF_INET, kind)
    asker.settimeout(3)
    try:
        asker.connect((sys.argv[1], 9))
        asker.send(b"x")
        print(f"{sys.argv[1]} {name}: {asker.recv(100)!r}")
    except OSError as error: print(f"{sys.argv[1]} {name}: {type(error).__name__}")
END
for address in 10.0.2.2 10.9.9.1; do
  ip netns exec $inner python3 ask.py $address
  ip netns exec $inner root/usr/bin/nmap -n -Pn -sU --reason -p 9 $address | sed -nE "s|^9/udp +([a-z]+) +[^ ]+ +(.*)|$address nmap -sU: \1, \2|p"
done > seen.txt
echo "slirp4netns $version, libslirp $library, nmap $nmap, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
10.0.2.2 TCP: ConnectionRefusedError
10.0.2.2 UDP: TimeoutError
10.0.2.2 nmap -sU: filtered, port-unreach from 127.0.0.1 ttl 255
10.9.9.1 TCP: ConnectionRefusedError
10.9.9.1 UDP: ConnectionRefusedError
10.9.9.1 nmap -sU: closed, port-unreach ttl 255
END
cmp -s seen.txt expected.txt || { cat slirp.log; echo "This has changed"; exit 1; }
echo "As found: the gateway's refusal of UDP comes from 127.0.0.1, and no socket sees it"
