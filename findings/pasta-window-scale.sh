#!/bin/bash
# pasta (Debian passt 0.0~git20230309.7c7625d-1, user-mode network for namespaces) sends a window scale option in its SYN-ACK although the
# SYN had none. RFC 7323 section 1.3 (and 2.2): the option may be sent in a SYN-ACK only if the SYN had it. It also ignores the MSS of
# the SYN, and offers 61,440 bytes. A program that infers the options of the SYN from the SYN-ACK, or scales windows as soon as a SYN-ACK has
# the option, is wrong with it.
#
# Seen: "options of the SYN-ACK to a SYN with an MSS of 536 only: 0204f00001030308" (the scale varies with the server's).
# Needs root and Linux. Exits 0 if it is still so, 1 if that has changed.
set -eu
export DEBIAN_FRONTEND=noninteractive
version=0.0~git20230309.7c7625d-1
folder=$(mktemp -d)
cd "$folder"
apt-get download -q "passt=$version" > /dev/null 2>&1
dpkg-deb -x passt_*.deb root
outer=findo$$ inner=findi$$ peer=findp$$
cleanup() {
  for space in $inner $outer $peer; do
    ip netns pids $space 2> /dev/null | xargs -r kill 2> /dev/null || true
    ip netns del $space 2> /dev/null || true
  done
  rm -rf "$folder"
}
trap cleanup EXIT
for space in $outer $inner $peer; do ip netns add $space; ip -n $space link set lo up; done
ip -n $outer link add eth0 type veth peer name eth0 netns $peer
ip -n $outer address add 10.77.0.1/24 dev eth0
ip -n $peer address add 10.77.0.2/24 dev eth0
ip -n $peer address add 10.77.0.3/24 dev eth0
ip -n $outer link set eth0 up
ip -n $peer link set eth0 up
ip -n $outer route add default via 10.77.0.2
ip netns exec $peer python3 -c "import socket,time; s=socket.socket(); s.bind(('',80)); s.listen(5); time.sleep(30)" &
ip netns exec $outer "$folder/root/usr/bin/pasta" -f --config-net --netns-only -I tap0 --runas 0 --netns /run/netns/$inner > pasta.log 2>&1 &
for _ in $(seq 100); do ip -n $inner route | grep -q ^default && break; sleep 0.1; done
cat > syn.py <<'END'
import socket, struct, sys, time
own, target = socket.inet_aton("10.77.0.1"), socket.inet_aton("10.77.0.3")
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def syn(port):
    options = bytes([2, 4, 2, 24])
    head = struct.pack("!HHIIBBHHH", port, 80, 1000, 0, 0x60, 2, 1024, 0, 0) + options
    pseudo = own + target + struct.pack("!BBH", 0, 6, len(head))
    return head[:16] + struct.pack("!H", checksum(pseudo + head)) + head[18:]
sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
sender.settimeout(1)
for port in range(40000, 40008):
    sender.sendto(syn(port), ("10.77.0.3", 0))
    end = time.time() + 1
    while time.time() < end:
        try: packet = sender.recv(2000)
        except socket.timeout: break
        tcp = packet[(packet[0] & 15) * 4:]
        if tcp[13] & 0x12 == 0x12 and struct.unpack("!HH", tcp[:4]) == (80, port):
            print(tcp[20:(tcp[12] >> 4) * 4].hex())
            sys.exit()
sys.exit("no SYN-ACK")
END
options=$(ip netns exec $inner python3 syn.py)
echo "pasta $version: options of the SYN-ACK to a SYN with an MSS of 536 only: $options"
case $options in
  0204f000010303*) echo "As found: a window scale that the SYN did not offer"; exit 0 ;;
  *) echo "This has changed"; exit 1 ;;
esac
