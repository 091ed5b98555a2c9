#!/bin/bash
# Linux, IPv6 options: a packet whose options header has more than seven bytes of padding in a row is dropped without a word, by hosts and routers.
#
# Expected: padding has no meaning: RFC 8200 section 4.2 has Pad1 and PadN of any length up to 257 bytes, skipped over; what a host does not like
# about options it reports by Parameter Problem.
# Seen: a SYN behind a Destination Options or Hop-by-Hop header of 8 bytes (PadN of 6) gets SYN-ACK or RST. With the same header of 16 bytes it gets
# nothing, neither as one PadN of 14 bytes, nor as two of 7, nor as 14 of Pad1; with 7 bytes around another option it gets through. So an
# open port is silent, which a firewall is blamed for; a router passes the Destination Options on, and drops the Hop-by-Hop ones itself. Both count
# the packets in Ip6InHdrErrors. RFC 8504 section 5.3 lets a host set this limit; other headers of 16 bytes are no worse than those of 8.
# Needs root and Linux; packets stay in three network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
folder=$(mktemp -d)
one=lp$$a router=lp$$r two=lp$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $router $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
for space in $one $router $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $router
ip -n $router link add eth1 type veth peer name eth0 netns $two
ip -n $one address add fd48::1/64 dev eth0 nodad
ip -n $router address add fd48::2/64 dev eth0 nodad
ip -n $router address add fd49::2/64 dev eth1 nodad
ip -n $two address add fd49::1/64 dev eth0 nodad
for space in $one $router $two; do ip -n $space link set eth0 up; done
ip -n $router link set eth1 up
ip -n $one -6 route add default via fd48::2
ip -n $two -6 route add default via fd49::2
ip netns exec $router sysctl -qw net.ipv6.conf.all.forwarding=1
cat > server.py <<'END'
import socket, time
listener = socket.create_server(("::", 80), family=socket.AF_INET6)
print("listening", flush=True)
time.sleep(600)
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
cat > ask.py <<'END'
"""Sends SYNs to an open port and to a closed one behind headers of options, and prints what comes back."""
import select, socket, struct, sys, time
def pad(size): return bytes([1, size - 2]) + bytes(size - 2)
def unknown(size): return bytes([0x1e, size - 2]) + bytes(size - 2)  # to be skipped by who has no such option (00 in its top bits)
headers = {
  "no options": b"", "PadN of 6": pad(6), "6 of Pad1": bytes(6), "PadN of 14": pad(14), "two PadN of 7": pad(7) * 2, "14 of Pad1": bytes(14),
  "PadN of 7, option, PadN of 3": pad(7) + unknown(4) + pad(3), "option of 14": unknown(14),
}
DESTINATION, HOP_BY_HOP = 60, 0
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86dd))
packets.bind(("eth0", 0))
source, target = (socket.inet_pton(socket.AF_INET6, text) for text in ("fd48::1", "fd49::1"))
mac = bytes.fromhex(sys.argv[1].replace(":", ""))
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def ask(kind, options, port, own):
    tcp = struct.pack("!HHIIBBHHH", own, port, 1, 0, 0x50, 2, 1024, 0, 0)
    tcp = tcp[:16] + struct.pack("!H", checksum(source + target + struct.pack("!II", 20, 6) + tcp)) + tcp[18:]
    header = bytes([6, (len(options) + 2) // 8 - 1]) + options if options else b""
    packet = struct.pack("!IHBB", 6 << 28, len(header) + 20, kind if options else 6, 64) + source + target + header + tcp
    for _ in range(2):
        packets.sendto(packet, ("eth0", 0x86dd, 0, 0, mac))
        end = time.monotonic() + 0.7
        while time.monotonic() < end:
            if not select.select([packets], [], [], 0.1)[0]: continue
            reply, address = packets.recvfrom(2000)
            if address[2] == 4 or reply[8:24] != target and reply[6] != 58: continue
            if reply[6] == 6 and reply[42:44] == struct.pack("!H", own): return {0x12: "SYN-ACK", 0x14: "RST"}[reply[53]]
            if reply[6] == 58 and reply[40] < 128: return f"ICMPv6 {reply[40]} {reply[41]}"
    return "silence"
own = 30000
for kind, name in ((DESTINATION, "Destination"), (HOP_BY_HOP, "Hop-by-Hop")):
    for text, options in headers.items():
        own += 2
        print(f"{name}, {text}: {ask(kind, options, 80, own)}, {ask(kind, options, 81, own + 1)}")
END
mac=$(ip netns exec $router cat /sys/class/net/eth0/address)
counter() { ip netns exec "$1" sed -nE 's/^Ip6InHdrErrors\s+([0-9]+).*/\1/p' /proc/net/snmp6; }
ip netns exec $one python3 ask.py "$mac" > seen.txt
echo "header errors counted by the router: $(counter $router), by the host: $(counter $two)" >> seen.txt
echo "Linux $(uname -r), an open port and a closed one:"
cat seen.txt
for name in Destination Hop-by-Hop; do
  cat <<END
$name, no options: SYN-ACK, RST
$name, PadN of 6: SYN-ACK, RST
$name, 6 of Pad1: SYN-ACK, RST
$name, PadN of 14: silence, silence
$name, two PadN of 7: silence, silence
$name, 14 of Pad1: silence, silence
$name, PadN of 7, option, PadN of 3: SYN-ACK, RST
$name, option of 14: SYN-ACK, RST
END
done > expected.txt
echo "header errors counted by the router: 12, by the host: 12" >> expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: an eighth byte of padding silences a port"
