#!/bin/bash
# netsniff-ng 0.6.8 (Debian 0.6.8-3) on Linux: a recording of frames with a VLAN tag holds them without the tag.
#
# Expected: a file of what was on the wire, as tcpdump writes it. Linux takes the outermost tag off each received frame and hands it over
# beside the frame (TP_STATUS_VLAN_VALID, tp_vlan_tci); libpcap puts it back, and netsniff-ng's ring has the same fields.
# Seen: a frame of VLAN 7 is recorded as an untagged frame of 60 bytes, so that hosts, replies and duplicates of all VLANs of a trunk appear
# in one network; of a frame with two tags (802.1ad) the inner is left, and VLAN 7 of customer 9 looks like VLAN 7.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.6.8-3 other=4.99.3-1 library=1.10.3-1
folder=$(mktemp -d)
one=ns$$a two=ns$$b
processes=
cleanup() {
  for process in $processes; do { kill "$process" 2> /dev/null && wait "$process" 2> /dev/null; } || true; done
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "netsniff-ng=$version" "tcpdump=$other" "libpcap0.8=$library" libgeoip1 libnl-3-200 libnl-genl-3-200 libnl-route-3-200 \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)"):$folder/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
tcpdump=$(find root -name tcpdump -type f -perm -100 | head -n 1)
for space in $one $two; do ip netns add $space; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
for space in $one $two; do ip -n $space link set eth0 up; done
ip netns exec $two "$tcpdump" -Z root -U -i eth0 -w tcpdump.pcap > /dev/null 2> tcpdump.log &
processes=$!
ip netns exec $two root/usr/sbin/netsniff-ng --in eth0 --out netsniff-ng.pcap --silent --no-sock-mem > netsniff-ng.log 2>&1 &
recorder=$!
processes="$processes $recorder"
for _ in $(seq 100); do grep -q listening tcpdump.log && grep -q Running netsniff-ng.log && break; sleep 0.1; done
sleep 1
ip netns exec $one python3 - <<'END'
import socket, struct
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
wire.bind(("eth0", 0))
own = bytes.fromhex("020000000009")
for tags in ("", "81000007", "88a8000981000007"):
    arp = struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + own + bytes([10, 8, 0, 1]) + bytes(6) + bytes([10, 8, 0, 2]) + bytes(18)
    wire.send(b"\xff" * 6 + own + bytes.fromhex(tags) + arp)
END
sleep 2
for process in $processes; do kill -INT "$process"; done
for process in $processes; do wait "$process" || true; done
processes=
cat > list.py <<'END'
import struct, sys
for tool in ("tcpdump", "netsniff-ng"):
    data = open(f"{tool}.pcap", "rb").read()
    at = 24
    while at + 16 <= len(data):
        kept, length = struct.unpack("<II", data[at + 8:at + 16])
        frame = data[at + 16:at + 16 + kept]
        at += 16 + kept
        if frame[6:12].hex() != "020000000009": continue
        tags = ""
        while frame[12:14].hex() in ("8100", "88a8"):
            tags += f" {frame[12:14].hex()} {struct.unpack('!H', frame[14:16])[0]},"
            frame = frame[:12] + frame[16:]
        print(f"{tool}: {length} bytes,{tags} {frame[12:14].hex()}")
END
python3 list.py > seen.txt
echo "netsniff-ng $version, tcpdump $other, Linux $(uname -r): length, tags (EtherType and VLAN), EtherType"
cat seen.txt
cat > expected.txt <<'END'
tcpdump: 60 bytes, 0806
tcpdump: 64 bytes, 8100 7, 0806
tcpdump: 68 bytes, 88a8 9, 8100 7, 0806
netsniff-ng: 60 bytes, 0806
netsniff-ng: 60 bytes, 0806
netsniff-ng: 64 bytes, 8100 7, 0806
END
cmp -s seen.txt expected.txt || { cat netsniff-ng.log; echo "This has changed"; exit 1; }
echo "As found: the recording has no outer tags"
