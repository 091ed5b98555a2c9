#!/bin/bash
# tcprewrite 4.4.3 (Debian tcpreplay 4.4.3-1): whatever it is asked to change, the padding of short Ethernet frames becomes part of the packets: of a
# recorded scan each SYN, SYN-ACK and RST of 60 bytes has six bytes of data afterwards.
#
# Expected: what follows the end of the IP packet (its total length) is the frame's business (RFC 894, RFC 1042): it stays behind the packet, or is
# left out. Lengths change only by --fixlen and --mtu-trunc.
# Seen: the IP total length is set to the length of the frame less the Ethernet header, and the checksums are made to fit, so nothing looks
# broken: "Flags [S], seq 1000:1006, length 6". A SYN has data, a RST a diagnostic text (RFC 9293 section 3.5.3), and a UDP datagram 18 bytes
# behind its end. Frames of 60 bytes are what a capture on the receiving side has; those of the sender, not padded yet, stay as they are.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=4.4.3-1 other=4.99.3-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "tcpreplay=$version" "tcpdump=$other" libpcap0.8 libdumbnet1 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export LD_LIBRARY_PATH PATH="$folder/root/usr/bin:$folder/root/usr/sbin:$PATH"
python3 - <<'END'
import socket, struct
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def packet(protocol, body):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0) + bytes([10, 0, 0, 1, 10, 0, 0, 2])
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + body
def tcp(flags):
    header = struct.pack("!HHIIBBHHH", 40000, 80, 1000, 0, 0x50, flags, 1024, 0, 0)
    return header[:16] + struct.pack("!H", checksum(bytes([10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, 20]) + header)) + header[18:]
udp = struct.pack("!HHHH", 40000, 9, 8, 0)
ethernet = bytes.fromhex("0200000000020200000000010800")
packets = [packet(6, tcp(0x02)), packet(6, tcp(0x04)), packet(17, udp)]
frames = [(ethernet + each).ljust(60, b"\0") for each in packets] + [ethernet + packets[0]]
with open("before.pcap", "wb") as file:
    file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for at, frame in enumerate(frames): file.write(struct.pack("<IIII", at, 0, len(frame), len(frame)) + frame)
END
show() {
  tcpdump -tnvr "$1" 2> /dev/null | xargs | sed 's/ IP (/\nIP (/g' |
    sed -E 's/.* length ([0-9]+)\) [0-9.]+ > [0-9.]+: (.*)/total length \1: \2/; s/win 1024, //; s/: HTTP//; s/cksum 0x[0-9a-f]+ \((.*)\), /\1, /' |
    sed -E 's/ \[RST .*\]/ [RST ...]/; s/ +$//'
}
show before.pcap > seen.txt
for option in --ttl=63 --portmap=53:5353 --enet-smac=02:00:00:00:00:09 --pnat=192.0.2.0/24:198.51.100.0/24; do
  tcprewrite "$option" -i before.pcap -o after.pcap
  echo "$option"
  show after.pcap
done >> seen.txt
echo "tcprewrite $version:"
cat seen.txt
packets() {
  cat <<END
total length $1: Flags [S], correct, $2
total length $1: Flags [R], correct, $2$3
total length $4: UDP, length 0
total length 40: Flags [S], correct, seq 1000, length 0
END
}
{
  packets 40 "seq 1000, length 0" "" 28
  for option in --ttl=63 --portmap=53:5353 --enet-smac=02:00:00:00:00:09 --pnat=192.0.2.0/24:198.51.100.0/24; do
    echo "$option"
    packets 46 "seq 1000:1006, length 6" " [RST ...]" 46
  done
} > expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: padding has become data"
