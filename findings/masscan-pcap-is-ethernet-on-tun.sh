#!/bin/bash
# masscan 1.3.2 (Debian 2:1.3.2+ds1-1), --pcap on a tun device (a VPN): the file says Ethernet, and holds packets that begin with the IP header.
#
# Expected: the link type of the device that it listens on, which masscan knows (it sends without Ethernet headers there, and finds the
# ports), as tcpdump -w has it: LINKTYPE_RAW (101).
# Seen: link type 1. A reader takes bytes 0 to 13 of the IP header for an Ethernet header: tcpdump and Wireshark show "MAC addresses" that
# begin with 45:00, an EtherType that is the first half of the sender's address, and no TCP; a filter such as "tcp" matches nothing.
# The file is readable after its link type was set to 101, in one byte of its header.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2:1.3.2+ds1-1 other=4.99.3-1 library=1.10.3-1
folder=$(mktemp -d)
space=mt$$
processes=
cleanup() {
  for process in $processes; do { kill "$process" 2> /dev/null && wait "$process" 2> /dev/null; } || true; done
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "masscan=$version" "tcpdump=$other" "libpcap0.8=$library" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
ln -sf libpcap.so.0.8 "$libraries/libpcap.so"
ip netns add "$space"
ip -n "$space" link set lo up
cat > tun.py <<'END'
"""Makes the device tun0, and replies to each SYN with SYN-ACK, as the far end of a tunnel."""
import fcntl, os, struct, subprocess
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
subprocess.check_call("ip link set tun0 up && ip address add 10.9.0.1/24 dev tun0", shell=True)
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
while True:
    packet = os.read(tun, 2000)
    if packet[0] >> 4 != 4 or packet[9] != 6 or packet[33] & 0x3f != 2: continue
    addresses, tcp = packet[16:20] + packet[12:16], packet[20:]
    number = struct.unpack("!I", tcp[4:8])[0]
    head = tcp[2:4] + tcp[0:2] + struct.pack("!IIBBHHH", 7, (number + 1) & 0xffffffff, 0x50, 0x12, 1000, 0, 0)
    head = head[:16] + struct.pack("!H", checksum(addresses + struct.pack("!HH", 6, 20) + head)) + head[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 1, 0, 64, 6, 0) + addresses
    os.write(tun, ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:] + head)
END
ip netns exec "$space" python3 tun.py > tun.log 2>&1 &
processes=$!
for _ in $(seq 50); do ip -n "$space" address show tun0 2> /dev/null | grep -q 10.9.0.1 && break; sleep 0.1; done
export LD_LIBRARY_PATH="$libraries"
tcpdump=$(find root -name tcpdump -type f -perm -100 | head -n 1)
ip netns exec "$space" "$tcpdump" -Z root -U -i tun0 -w other.pcap 'tcp[13] = 18' > /dev/null 2> tcpdump.log &
processes="$processes $!"
for _ in $(seq 50); do grep -q listening tcpdump.log && break; sleep 0.1; done
ip netns exec "$space" timeout 60 root/usr/bin/masscan 10.9.0.5 -p80,81 -e tun0 --rate 100 --wait 2 --pcap masscan.pcap -oL found.txt \
  > masscan.log 2>&1 || { cat masscan.log; exit 2; }
describe() {
  echo "$1: link type $(od -An -tu4 -j20 -N4 "$2" | tr -d ' '), matching the filter tcp: $("$tcpdump" -nr "$2" tcp 2> /dev/null | wc -l)"
}
{
  echo "open: $(awk '/^open/ { print $3 }' found.txt | sort | xargs)"
  describe tcpdump other.pcap
  describe masscan masscan.pcap
  "$tcpdump" -enr masscan.pcap 2> /dev/null | sed -nE 's/^[0-9:.]+ (.*)/\1/p' | sed -E 's/^([0-9a-f:]+) > ([0-9a-f:]+),/MAC addresses \1 > \2,/' | head -n 1
  printf '\145' | dd of=masscan.pcap bs=1 seek=20 conv=notrunc status=none # 101, LINKTYPE_RAW
  describe "masscan, corrected" masscan.pcap
} > seen.txt
echo "masscan $version, tcpdump $other, Linux $(uname -r):"
cat seen.txt
sed -E 's/(> 45:00:00:28:00:01), .*ethertype (Unknown \(0x0a09\)).*/\1, \2/; s/addresses [0-9a-f:]+ >/addresses * >/' seen.txt > reduced.txt
cat > expected.txt <<'END'
open: 80 81
tcpdump: link type 101, matching the filter tcp: 2
masscan: link type 1, matching the filter tcp: 0
MAC addresses * > 45:00:00:28:00:01, Unknown (0x0a09)
masscan, corrected: link type 101, matching the filter tcp: 2
END
cmp -s reduced.txt expected.txt || { diff reduced.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: packets of IP in a file of Ethernet"
