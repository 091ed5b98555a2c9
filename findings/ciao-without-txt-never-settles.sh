#!/bin/bash
# ciao 1.3.12 (npm @homebridge/ciao, multicast DNS of Homebridge): a service without a TXT record takes its own announcement for that of another
# host, over and over: it probes and announces itself about once a second for as long as it runs, and replies to no query.
#
# Expected: three probes, then announcements a second or more apart that end after a few (RFC 6762 sections 8.1 and 8.3), then silence until
# somebody asks; "txt" is an option, and what a host hears of itself by multicast is no conflict.
# Seen: with one key of TXT just that, and a reply to each query. Without, an empty TXT record is sent as one string of no bytes, as RFC 6763
# section 6.1 has it, and read back as a list of one string where the service has a list of none: a conflict, so that the probes begin
# again. A stranger on the link sees three probes and one announcement a second of a name that no query finds; advertise() resolves.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.3.12
folder=$(mktemp -d)
one=ct$$a two=ct$$b
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
ip -n $one address add 10.44.0.1/24 dev eth0
# A bridge, as ciao skips veth devices.
ip -n $two link add br0 type bridge
ip -n $two link set eth0 master br0
ip -n $two address add 10.44.0.2/24 dev br0
for space in $one $two; do ip -n $space link set eth0 up; done
ip -n $two link set br0 up
cat > server.js <<'END_OF_SERVER'
const txt = process.argv[2] === "with" ? { path: "/" } : undefined;
const service = require("@homebridge/ciao").getResponder().createService({ name: "Example", type: "http", port: 8080, txt });
service.advertise().then(() => console.log("advertised"));
END_OF_SERVER
cat > watch.py <<'END_OF_WATCH'
"""Counts probes and announcements for 20 s from the first probe on, and then asks for _http._tcp.local three times."""
import select, socket, struct, time
group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
group.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
group.bind(("224.0.0.251", 5353))
group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("224.0.0.251") + socket.inet_aton("10.44.0.1"))
print("watching", flush=True)
probes = announcements = 0
end = time.monotonic() + 30
while time.monotonic() < end:
    if not select.select([group], [], [], 0.2)[0]: continue
    _, flags, _, answers, authorities = struct.unpack("!5H", group.recv(9000)[:10])
    if not probes: end = time.monotonic() + 20
    if flags & 0x8000: announcements += answers > 0
    else: probes += authorities > 0
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("10.44.0.1", 0))
client.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.44.0.1"))
client.settimeout(1)
replied = "no reply to three queries"
for _ in range(3):
    client.sendto(bytes.fromhex("123400000001000000000000055f68747470045f746370056c6f63616c00000c0001"), ("224.0.0.251", 5353))
    try:
        client.recv(9000)
        replied = "reply"
        break
    except TimeoutError: pass
count = lambda number, usual: str(number) if number <= usual else f"more than {usual * 3}" if number > usual * 3 else f"{number}"
print(f"{count(probes, 3)} probes, {count(announcements, 4)} announcements in 20 s, {replied}")
END_OF_WATCH
for how in with without; do
  ip netns exec $one python3 watch.py > "$how.txt" &
  watcher=$!
  for _ in $(seq 100); do grep -q watching "$how.txt" && break; sleep 0.1; done
  ip netns exec $two node server.js $how > server.log 2>&1 &
  server=$!
  wait $watcher
  echo "$how TXT: $(cat server.log), $(tail -n 1 "$how.txt")"
  stop
done > seen.txt
echo "ciao $version:"
cat seen.txt
cat > expected.txt <<'END_OF_EXPECTED'
with TXT: advertised, 3 probes, 3 announcements in 20 s, reply
without TXT: advertised, more than 9 probes, more than 12 announcements in 20 s, no reply to three queries
END_OF_EXPECTED
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: without TXT it is never done"
