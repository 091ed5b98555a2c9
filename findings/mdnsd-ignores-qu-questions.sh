#!/bin/bash
# mdnsd (Debian 0.12-3, multicast DNS for small systems): a question that allows a unicast reply gets no reply at all, and neither does one that
# writes a name with another case.
#
# Expected: the top bit of a question's class is the QU bit (RFC 6762 section 5.4): the responder replies by unicast, or by multicast as if the bit
# were not there. Names are compared without regard to case (section 16).
# Seen: the question for _http._tcp.local with class IN gets its reply. The same bytes with class 0x8001 get none, neither to the sender
# nor to the group, and so it is for _HTTP._tcp.local. Section 5.4 has a client begin with the QU bit: one
# that does so finds such a device by its second question, a second or more later, or never if it asks once, as scanners do.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.12-3
folder=$(mktemp -d)
one=md$$a two=md$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "mdnsd=$version" "libmdnsd1=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libmdnsd.so*' | head -n 1)")
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.47.0.1/24 dev eth0
ip -n $two address add 10.47.0.2/24 dev eth0
for space in $one $two; do ip -n $space link set eth0 up; ip -n $space route add 224.0.0.0/4 dev eth0; done
mkdir services
printf 'type _http._tcp\nname Example\nport 8080\n' > services/http.service
LD_LIBRARY_PATH=$libraries ip netns exec $two root/usr/sbin/mdnsd -n -i eth0 -H example services > mdnsd.log 2>&1 &
server=$!
cat > ask.py <<'END'
"""Asks from port 5353, as clients of multicast DNS do, and prints where the first record of the type that was asked for came."""
import select, socket, struct, time
group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
group.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
group.bind(("", 5353))
group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("224.0.0.251") + socket.inet_aton("10.47.0.1"))
group.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.47.0.1"))
group.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
group.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
def wait_for_silence(seconds=3):
    """Waits until announcements and late replies are over."""
    while select.select([group], [], [], seconds)[0]: group.recv(9000)
def ask(name, kind, question_class, attempts):
    wait_for_silence()
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
    for _ in range(attempts):
        group.sendto(struct.pack("!6H", 0, 0, 1, 0, 0, 0) + labels + struct.pack("!HH", kind, question_class), ("224.0.0.251", 5353))
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            if not select.select([group], [], [], 0.1)[0]: continue
            packet, control, _, peer = group.recvmsg(9000, 200)
            if peer[0] == "10.47.0.2" and packet[2] & 0x80 and packet[6:8] != b"\0\0":
                return "a reply to " + ("the group" if control[0][2][8:12] == socket.inet_aton("224.0.0.251") else "the sender")
    return "no reply"
ask("_http._tcp.local", 12, 1, 10)  # until it has probed and announced, it replies to nothing
for name, kind in (("_http._tcp.local", 12), ("Example._http._tcp.local", 33)):
    print(f"{name}: {ask(name, kind, 1, 3)}")
    print(f"{name} with the QU bit: {ask(name, kind, 0x8001, 3)}")
    print(f"{name.replace('_http', '_HTTP')}: {ask(name.replace('_http', '_HTTP'), kind, 1, 3)}")
    print(f"{name} again: {ask(name, kind, 1, 3)}")
END
ip netns exec $one python3 ask.py > seen.txt
echo "mdnsd $version:"
cat seen.txt
for name in _http._tcp.local Example._http._tcp.local; do
  cat <<END
$name: a reply to the group
$name with the QU bit: no reply
${name/_http/_HTTP}: no reply
$name again: a reply to the group
END
done > expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; cat mdnsd.log; echo "This has changed"; exit 1; }
echo "As found: the QU bit makes a question unknown"
