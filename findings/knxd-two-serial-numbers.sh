#!/bin/bash
# knxd (Debian 0.14.54.1+b1, KNXnet/IP server for building automation): every server tells the serial number 01:02:03:04:05:06 when it is
# searched, and 00:00:00:00:00:00 when it is asked for its description.
#
# Expected: both replies have the same device information (KNX standard 3/8/2: SEARCH_RESPONSE and DESCRIPTION_RESPONSE carry the same
# block), with a serial number of this device or, as a program has none, zero in both; the MAC address shows that it fills in what it can
# find out.
# Seen: the two numbers above, from servers on different machines with their own MAC addresses and names. The list of service families
# differs too: device management (3) is in the description only. So whoever keys an inventory by serial number merges all knxd servers that
# were searched into one device, and sees another device in their descriptions.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.14.54.1+b1
folder=$(mktemp -d)
one=kx$$a two=kx$$b
servers=
cleanup() {
  for server in $servers; do { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true; done
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "knxd=$version" libev4 libfmt9 libusb-1.0-0 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
for space in $one $two; do ip netns add $space; done
ip -n $one link add eth0 address 02:00:00:00:00:0a type veth peer name eth0 address 02:00:00:00:00:0b netns $two
for each in "$one 1" "$two 2"; do
  read -r space number <<< "$each"
  ip -n $space address add "10.32.0.$number/24" dev eth0
  ip -n $space link set lo up
  ip -n $space link set eth0 up
  ip -n $space route add 224.0.0.0/4 dev eth0
  cat > "$number.ini" <<END
[main]
addr = 1.0.$number
client-addrs = 1.1.$number:8
connections = server,bus
[server]
server = ets_router
name = house$number
interface = eth0
discover = true
tunnel = tunnel
router = router
[tunnel]
[router]
[bus]
driver = dummy
END
  LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu ip netns exec $space root/usr/bin/knxd "$number.ini" > "$number.log" 2>&1 &
  servers="$servers $!"
done
for space in $one $two; do
  for _ in $(seq 100); do ip netns exec $space ss -Hlun | grep -q :3671 && break; sleep 0.1; done
done
cat > ask.py <<'END'
import socket, sys
me, peer = sys.argv[1:]
for name, request in (("search", "06100201000e0801000000000000"), ("description", "06100203000e0801000000000000")):
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.settimeout(3)
    asker.sendto(bytes.fromhex(request), (peer, 3671))
    data = asker.recv(2000)
    at = 6
    if name == "search": at += data[at]  # the endpoint that the reply begins with
    device, families = data[at:at + data[at]], data[at + data[at]:]
    families = families[2:families[0]]
    text = lambda part: part.hex(":")
    print(f"{peer}, {name}: {device[24:].split(bytes(1))[0].decode()}, serial number {text(device[8:14])}, MAC {text(device[18:24])}, "
          f"families {' '.join(map(str, families[::2]))}")
END
ip netns exec $one python3 ask.py 10.32.0.1 10.32.0.2 > seen.txt || { cat ./*.log; exit 2; }
ip netns exec $two python3 ask.py 10.32.0.2 10.32.0.1 >> seen.txt || { cat ./*.log; exit 2; }
echo "knxd $version:"
cat seen.txt
cat > expected.txt <<'END'
10.32.0.2, search: house2, serial number 01:02:03:04:05:06, MAC 02:00:00:00:00:0b, families 2 4 5
10.32.0.2, description: house2, serial number 00:00:00:00:00:00, MAC 02:00:00:00:00:0b, families 2 3 4 5
10.32.0.1, search: house1, serial number 01:02:03:04:05:06, MAC 02:00:00:00:00:0a, families 2 4 5
10.32.0.1, description: house1, serial number 00:00:00:00:00:00, MAC 02:00:00:00:00:0a, families 2 3 4 5
END
cmp -s seen.txt expected.txt || { cat ./*.log; echo "This has changed"; exit 1; }
echo "As found: one serial number for all, and another in the description"
