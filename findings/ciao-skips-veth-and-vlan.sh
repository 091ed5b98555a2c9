#!/bin/bash
# ciao 1.3.12 (npm @homebridge/ciao, multicast DNS of Homebridge): on Linux it announces nothing on veth, VLAN and macvlan devices, which is every
# network of a container, and reports the service as advertised.
#
# Expected: without the option "interface" it uses all networks of the machine, as os.networkInterfaces() has them: eth0 of a container as
# eth0 of a machine.
# Seen: the names come from `ip -o link show`, which prints a device that has a peer or a parent as eth0@if7 or mac0@br0. What stands after
# the @ is kept, no network has such a name, and only loopback is left, where nothing outside asks. The same address on a bridge is
# announced. No error, no warning: advertise() resolves. In 1.3.4 the names came from the ARP table, which has no @.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.3.12
folder=$(mktemp -d)
one=ci$$a two=ci$$b
server=
stop() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  server=
}
cleanup() {
  stop
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "@homebridge/ciao@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $two link add br0 type bridge
ip -n $two link add link br0 name mac0 type macvlan mode bridge
ip -n $one address add 10.43.0.1/24 dev eth0
ip -n $one link set eth0 up
for device in eth0 br0 mac0; do ip -n $two link set $device up; done
cat > server.js <<'END_OF_SERVER'
const service = require("@homebridge/ciao").getResponder().createService({ name: "Example", type: "http", port: 8080, txt: { path: "/" } });
service.advertise().then(() => console.log("advertised"));
END_OF_SERVER
cat > ask.py <<'END_OF_ASK'
"""Prints whether one of three multicast queries for _http._tcp.local, from a port of its own, gets a reply."""
import socket
query = bytes.fromhex("123400000001000000000000055f68747470045f746370056c6f63616c00000c0001")
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("10.43.0.1", 0))
client.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.43.0.1"))
client.settimeout(1)
for _ in range(3):
    client.sendto(query, ("224.0.0.251", 5353))
    try:
        reply, peer = client.recvfrom(2000)
        print(f"reply from {peer[0]}, {int.from_bytes(reply[6:8], 'big')} record")
        break
    except TimeoutError: pass
else: print("no reply")
END_OF_ASK
# usage: try_device DEVICE
try_device() {
  ip -n $two address add 10.43.0.2/24 dev "$1"
  ip netns exec $two node server.js > server.log 2>&1 &
  server=$!
  for _ in $(seq 300); do grep -q advertised server.log && break; sleep 0.1; done
  shown=$(ip -n $two -o link show dev "$1" | awk '{ print $2 }' | sed -E 's/@if[0-9]+:/@ifN:/')
  echo "$1 ($shown): $(cat server.log), $(ip netns exec $one python3 ask.py)"
  stop
  ip -n $two address del 10.43.0.2/24 dev "$1"
}
{
  try_device eth0
  ip -n $two link set eth0 master br0
  try_device br0
  try_device mac0
} > seen.txt
echo "ciao $version, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END_OF_EXPECTED'
eth0 (eth0@ifN:): advertised, no reply
br0 (br0:): advertised, reply from 10.43.0.2, 1 record
mac0 (mac0@br0:): advertised, no reply
END_OF_EXPECTED
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: advertised where no one can ask"
