#!/bin/bash
# ndppd (Debian 0.2.5-6, proxy of IPv6 neighbour discovery): it answers for its addresses when the solicitation is multicast, and never when it is
# unicast; the router that it runs on sends an ICMPv6 error about the solicitation instead.
#
# Expected: who answers for an address answers both ways: RFC 4861 section 7.3.3 has every neighbour asked again by unicast when its entry
# ages, and Linux's own proxy (`ip neigh add proxy`) replies to that from the router.
# Seen: an advertisement within milliseconds to multicast. To unicast, to the MAC that ndppd itself advertised, none: for the kernel the
# solicitation is a packet to be forwarded, and as its source is link-local (as Linux chooses it) it replies "destination unreachable, beyond
# scope". So an entry is lost at each check and resolved anew by multicast, and a scan that asks by unicast finds no such address.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.2.5-6
folder=$(mktemp -d)
one=fd$$a two=fd$$b
server=
cleanup() {
  [ -z "$server" ] || { kill -9 "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "ndppd=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x ndppd_*.deb root
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $two link add eth1 type veth peer name eth2
ip netns exec $two sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv6.conf.all.proxy_ndp=1 net.ipv6.neigh.eth0.proxy_delay=0
ip -n $one address add fd50::1/64 dev eth0 nodad
ip -n $two address add fd50::2/64 dev eth0 nodad
for each in "$one eth0" "$two eth0" "$two eth1" "$two eth2"; do read -r space device <<< "$each"; ip -n $space link set "$device" up; done
ip -n $two route add fd50::a:0/112 dev eth1
ip -n $two route add fd50::b:0/112 dev eth1
ip -n $two neigh add proxy fd50::b:5 dev eth0
printf 'proxy eth0 {\n  rule fd50::a:0/112 { static }\n}\n' > ndppd.conf
sleep 2
ip netns exec $two root/usr/sbin/ndppd -c ndppd.conf -vv > ndppd.log 2>&1 &
server=$!
sleep 2
cat > ask.py <<'END'
import fcntl, socket, struct, sys, time
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
address = lambda text: socket.inet_pton(socket.AF_INET6, text)
mac, router = (bytes.fromhex(text.replace(":", "")) for text in sys.argv[1:3])
link_local = address(sys.argv[3])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
wire.bind(("eth0", 0x86dd))
def solicitation(target, unicast):
    to = target if unicast else address("ff02::1:ff00:0")[:13] + target[13:]
    body = struct.pack("!BBHI", 135, 0, 0, 0) + target + b"\x01\x01" + mac
    sum_ = checksum(link_local + to + struct.pack("!II", len(body), 58) + body)
    body = body[:2] + struct.pack("!H", sum_) + body[4:]
    ethernet = (router if unicast else b"\x33\x33" + to[12:]) + mac + b"\x86\xdd"
    return ethernet + struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + link_local + to + body
for name, text in (("ndppd", "fd50::a:5"), ("Linux", "fd50::b:5")):
    target = address(text)
    for unicast in (False, True):
        wire.send(solicitation(target, unicast))
        reply, end = "none", time.time() + 2
        while time.time() < end and reply == "none":
            wire.settimeout(max(end - time.time(), 0.001))
            try: packet, origin = wire.recvfrom(2000)
            except OSError: break
            if origin[2] == 4 or packet[20] != 58: continue  # 4: sent by this machine
            if packet[54] == 136 and packet[62:78] == target: reply = "advertisement"
            if packet[54] == 1 and packet[62:][24:40] == target:
                reply = f"unreachable, code {packet[55]}, quoted type {packet[102]}, hop limit {packet[69]}"
        print(f"{name}, {'unicast' if unicast else 'multicast'}: {reply}")
END
macs() { ip netns exec "$1" cat /sys/class/net/eth0/address; }
own=$(ip -n $one -6 -o address show dev eth0 scope link | sed -E 's|.* inet6 ([^/]+)/.*|\1|')
ip netns exec $one python3 ask.py "$(macs $one)" "$(macs $two)" "$own" > seen.txt
echo "ndppd $version, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
ndppd, multicast: advertisement
ndppd, unicast: unreachable, code 2, quoted type 135, hop limit 255
Linux, multicast: advertisement
Linux, unicast: advertisement
END
cmp -s seen.txt expected.txt || { tail -n 20 ndppd.log; echo "This has changed"; exit 1; }
echo "As found: only multicast solicitations are answered"
