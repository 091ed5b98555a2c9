#!/bin/bash
# Scapy 2.5.0 (Debian python3-scapy 2.5.0+dfsg-2), sr1() over IPv6: of a probe behind a Hop-by-Hop or Destination Options header only ICMPv6 errors count as
# the reply; a SYN-ACK, a RST or an echo reply, which arrives, is no answer to it.
#
# Expected: as without the header, and as with a Fragment header, where the SYN-ACK is matched to the SYN by addresses and ports; replies have no
# options of their own. With IP options over IPv4 it is so.
# Seen: sr1() ends with None, after its time-out, while the capture has the reply. The request's next header (60) is compared with the reply's
# (6), or the TCP header of the reply with the options header of the request. The port-unreachable to the same UDP probe is returned. So a script
# that measures which extension headers get through, sees closed UDP ports and no TCP at all: a network that lets options pass
# looks as if it dropped them.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.5.0+dfsg-2
folder=$(mktemp -d)
one=so$$a two=so$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "python3-scapy=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x python3-scapy_*.deb root
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add fd52::1/64 dev eth0 nodad
ip -n $two address add fd52::2/64 dev eth0 nodad
ip -n $one address add 10.52.0.1/24 dev eth0
ip -n $two address add 10.52.0.2/24 dev eth0
for space in $one $two; do ip -n $space link set eth0 up; done
cat > server.py <<'END'
import socket, time
listener = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)
print("listening", flush=True)
time.sleep(600)
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
cat > ask.py <<'END'
import logging, select, socket
logging.disable(logging.CRITICAL)
from scapy.all import *
conf.verb = 0
pad = [PadN(optdata=bytes(4))]
networks = {
  "IPv4": IP(dst="10.52.0.2"), "IPv4 with Record Route": IP(dst="10.52.0.2", options=[IPOption_RR(length=7, routers=["0.0.0.0"]), IPOption_EOL()]),
  "IPv6": IPv6(dst="fd52::2"), "Fragment header": IPv6(dst="fd52::2") / IPv6ExtHdrFragment(id=7),
  "Hop-by-Hop": IPv6(dst="fd52::2") / IPv6ExtHdrHopByHop(options=pad), "Destination Options": IPv6(dst="fd52::2") / IPv6ExtHdrDestOpt(options=pad),
}
captured = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
captured.bind(("eth0", 0))
port = 40000
for name, network in networks.items():
    results = []
    for probe in ("TCP 80", "TCP 81", "UDP 9", "ping"):
        port += 1
        echo = ICMPv6EchoRequest(id=port, data=b"x") if IPv6 in network else ICMP(id=port) / b"x"
        packet = network / (TCP(sport=port, dport=int(probe[4:]), flags="S") if probe[0] == "T" else UDP(sport=port, dport=9) if probe[0] == "U" else echo)
        while select.select([captured], [], [], 0)[0]: captured.recv(2000)
        reply = sr1(packet, timeout=2)
        arrived = False
        while select.select([captured], [], [], 0)[0]:
            data, address = captured.recvfrom(2000)
            if address[2] == 4 or data[0] >> 4 not in (4, 6): continue
            received = IP(data) if data[0] >> 4 == 4 else IPv6(data)
            arrived = arrived or (TCP in received and received[TCP].dport == port or bytes([port >> 8, port & 255]) in data)
        results.append(f"{probe} {'returned' if reply else 'None'}{'' if bool(reply) == arrived else ', arrived' if arrived else ', not captured'}")
    print(f"{name}: {'; '.join(results)}", flush=True)
END
PYTHONPATH=root/usr/lib/python3/dist-packages ip netns exec $one /usr/bin/python3 ask.py > seen.txt 2> errors.txt || { cat errors.txt; exit 2; }
echo "Scapy $version:"
cat seen.txt
all="TCP 80 returned; TCP 81 returned; UDP 9 returned; ping returned"
few="TCP 80 None, arrived; TCP 81 None, arrived; UDP 9 returned; ping None, arrived"
cat > expected.txt <<END
IPv4: $all
IPv4 with Record Route: $all
IPv6: $all
Fragment header: $all
Hop-by-Hop: $few
Destination Options: $few
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: replies to probes with options headers are not matched"
