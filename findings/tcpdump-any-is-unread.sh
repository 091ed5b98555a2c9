#!/bin/bash
# tcpdump 4.99.3 (Debian 4.99.3-1), -i any -w: softflowd, nfpcapd, argus, tcptrace, ngrep, tcpflow, darkstat and dnstop of the same Debian,
# all of them programs on the same libpcap, cannot read the file.
#
# Expected: what tcpdump writes by default is read by what was built on the libpcap of the same release.
# Seen: since 4.99 tcpdump asks for LINKTYPE_LINUX_SLL2 (276) on "any". libpcap 1.10 reads such a file and compiles filters for it, but
# each of these programs has its own table of link types, with LINUX_SLL (113) in it and without 276. Seven fail; argus prints an error, writes
# a file without flows and exits 0, as after a recording without packets. With -y LINUX_SLL all of them read the same packets. nfdump 1.7.1 and
# softflowd 1.1.0 are younger than this link type (2018).
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=4.99.3-1 library=1.10.3-1
folder=$(mktemp -d)
space=ta$$
processes=
cleanup() {
  for process in $processes; do { kill "$process" 2> /dev/null && wait "$process" 2> /dev/null; } || true; done
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "tcpdump=$version" "libpcap0.8=$library" softflowd=1.1.0-1+b1 nfdump=1.7.1-2+deb12u1 argus-server=2:3.0.8.2-2.2 \
  tcptrace=6.6.7-6+b1 ngrep=1.47+ds1-5+b1 tcpflow=1.6.1-2+b1 darkstat=3.0.719-1.1 dnstop=20120611-2+b4 libnet1 libhttp-parser2.9 libwrap0 \
  libcairo2 libboost-iostreams1.74.0 libbz2-1.0 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)"):$folder/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH PATH="$folder/root/usr/bin:$folder/root/usr/sbin:$PATH"
ip netns add "$space"
ip -n "$space" link set lo up
ip netns exec "$space" tcpdump -Z root -U -i any -w default.pcap > /dev/null 2> default.log &
processes=$!
ip netns exec "$space" tcpdump -Z root -U -i any -y LINUX_SLL -w sll.pcap > /dev/null 2> sll.log &
processes="$processes $!"
for _ in $(seq 100); do grep -q listening default.log && grep -q listening sll.log && break; sleep 0.1; done
ip netns exec "$space" python3 - <<'END'
import socket
listener = socket.create_server(("127.0.0.1", 8080))
client = socket.create_connection(("127.0.0.1", 8080))
server, _ = listener.accept()
client.sendall(b"GET / HTTP/1.0\r\n\r\n")
server.recv(100)
server.sendall(b"HTTP/1.0 204 No Content\r\n\r\n")
server.close()
client.recv(100)
client.close()
END
sleep 1
for process in $processes; do kill -INT "$process"; wait "$process" || true; done
processes=
run() { # run NAME COMMAND...: prints whether the program read packets, and its exit status
  local name=$1 status=0 read=nothing
  shift
  mkdir -p flows
  timeout 20 "$@" > out.log 2>&1 < /dev/null || status=$?
  case $name in
    softflowd) grep -qE 'Packets processed: [1-9]' out.log && read=packets ;;
    nfpcapd) grep -qE 'Processed: [1-9]' out.log && read=packets ;;
    argus) [ "$(cat flows/* 2> /dev/null | wc -c)" -gt 400 ] && read=packets ;;
    tcptrace) grep -qE '^[1-9][0-9]* packets seen' out.log && read=packets ;;
    ngrep) grep -q '^T ' out.log && read=packets ;;
    tcpflow) ls flows/*8080* > /dev/null 2>&1 && read=packets ;;
    *) grep -qE 'unknown linktype|unsupported data link' out.log || read=packets ;;
  esac
  echo "$name: $read, exit status $status, $(grep -E '276|nsupported' out.log | head -n 1)" >> "$seen"
  rm -rf flows
}
for file in default sll; do
  seen=$file.txt
  echo "tcpdump, $file: link type $(od -An -tu4 -j20 -N4 $file.pcap | tr -d ' '), matching the filter tcp: $(tcpdump -nr $file.pcap tcp 2> /dev/null |
    wc -l | sed 's/^[1-9].*/some/')" > "$seen"
  run softflowd softflowd -r $file.pcap -d -D
  run nfpcapd nfpcapd -r $file.pcap -w flows
  run argus argus -F /dev/null -r $file.pcap -w flows/argus
  run tcptrace tcptrace -n $file.pcap
  run ngrep ngrep -q -I $file.pcap GET
  run tcpflow tcpflow -q -o flows -r $file.pcap
  run darkstat darkstat -r $file.pcap --export all
  run dnstop dnstop -f unknown-tlds $file.pcap
done
echo "tcpdump $version, libpcap $library:"
cat default.txt sll.txt
cat > expected.txt <<'END'
tcpdump, default: link type 276, matching the filter tcp: some
softflowd: nothing, failed
nfpcapd: nothing, failed
argus: nothing, exit status 0
tcptrace: nothing, failed
ngrep: nothing, failed
tcpflow: nothing, failed
darkstat: nothing, failed
dnstop: nothing, failed
tcpdump, sll: link type 113, matching the filter tcp: some
softflowd: packets
nfpcapd: packets
argus: packets
tcptrace: packets
ngrep: packets
tcpflow: packets
darkstat: packets
dnstop: packets
END
sed -E 's/(packets), exit status.*/\1/; s/nothing, exit status [1-9][0-9]*.*/nothing, failed/; s/(exit status 0),.*/\1/' default.txt sll.txt > reduced.txt
cmp -s reduced.txt expected.txt || { diff reduced.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: read by none of the eight, and all of them read the older link type"
