#!/bin/bash
# tcprewrite 4.4.3 (Debian tcpreplay 4.4.3-1): whatever it is asked to change, it also makes both MAC addresses of each unicast IPv6 packet
# multicast ones (33:33:...), and leaves the destination as it is only where the packet is multicast.
#
# Expected: MAC addresses change only by the options for them (--enet-smac, --enet-dmac, --enet-subsmac), and then to the given ones. RFC 2464 section 7
# has 33:33 for destinations in ff00::/8 alone, and a source is never a group.
# Seen: with --ttl, --portmap, --enet-vlan=add, a --pnat that matches no address, and with --enet-smac itself, 02:00:00:00:00:01 > 02:00:00:00:00:02
# becomes 33:33:00:00:00:01 > 33:33:00:00:00:02; IPv4 packets beside them are as asked. So hosts of one station before are
# two after, a replay is flooded to every port, and Linux bridges, which drop frames with a group as their source, pass none of it on.
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
ethernet = bytes.fromhex("020000000002020000000001")
udp = struct.pack("!HHHH", 4000, 53, 8, 0)
def packet6(source, target):
    to = lambda text: socket.inet_pton(socket.AF_INET6, text)
    return ethernet + b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, 8, 17, 64) + to(source) + to(target) + udp
def packet4(source, target):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0) + socket.inet_aton(source) + socket.inet_aton(target)
    return ethernet + b"\x08\x00" + header + udp
packets = [packet6("2001:db8::1", "2001:db8::2"), packet6("fe80::1", "fe80::2"), packet6("2001:db8::1", "ff02::fb"), packet4("10.0.0.1", "10.0.0.2")]
with open("before.pcap", "wb") as file:
    file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for at, packet in enumerate(packets): file.write(struct.pack("<IIII", at, 0, len(packet), len(packet)) + packet)
END
show() { tcpdump -ntttter "$1" 2> /dev/null | sed -E 's/^.*(([0-9a-f]{2}:){5}[0-9a-f]{2} > ([0-9a-f]{2}:){5}[0-9a-f]{2}), .* ([0-9a-f:.]+)\.4000 > ([0-9a-f:.]+)\.[0-9]+: .*$/\4 > \5: \1/'; }
show before.pcap > seen.txt
for option in --ttl=9 --portmap=53:5353 "--enet-vlan=add --enet-vlan-tag=5 --enet-vlan-cfi=0 --enet-vlan-pri=0" --pnat=192.0.2.0/24:198.51.100.0/24 \
  --enet-smac=02:aa:00:00:00:01; do
  # One option, or several.
  # shellcheck disable=SC2086
  tcprewrite $option -i before.pcap -o after.pcap
  echo "${option%% *}" >> seen.txt
  show after.pcap >> seen.txt
done
echo "tcprewrite $version:"
cat seen.txt
cat > expected.txt <<'END'
2001:db8::1 > 2001:db8::2: 02:00:00:00:00:01 > 02:00:00:00:00:02
fe80::1 > fe80::2: 02:00:00:00:00:01 > 02:00:00:00:00:02
2001:db8::1 > ff02::fb: 02:00:00:00:00:01 > 02:00:00:00:00:02
10.0.0.1 > 10.0.0.2: 02:00:00:00:00:01 > 02:00:00:00:00:02
END
for option in --ttl=9 --portmap=53:5353 --enet-vlan=add --pnat=192.0.2.0/24:198.51.100.0/24 --enet-smac=02:aa:00:00:00:01; do
  own=02:00:00:00:00:01
  case $option in --enet-smac=*) own=${option#*=} ;; esac
  cat <<END
$option
2001:db8::1 > 2001:db8::2: 33:33:00:00:00:01 > 33:33:00:00:00:02
fe80::1 > fe80::2: 33:33:00:00:00:01 > 33:33:00:00:00:02
2001:db8::1 > ff02::fb: 33:33:00:00:00:01 > 02:00:00:00:00:02
10.0.0.1 > 10.0.0.2: $own > 02:00:00:00:00:02
END
done >> expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: both MAC addresses of unicast IPv6 packets are those of groups"
