#!/bin/bash
# StayRTR (Debian 0.5.1-2+b1, gives routers the data of RPKI): the Error Report that ends a session reaches the router sometimes, and
# sometimes the connection just closes.
#
# Expected: a serial query for a session that is not the cache's gets an Error Report (RFC 8210 sections 5.1 and 5.11), by which a router
# learns what is wrong; the sender of a report ends the session after it, so over TCP it comes before the end of the connection, each time.
# Seen: of 200 equal queries on loopback some get the report "Session ID mismatch", some the end of the connection without a byte, in an
# order that differs from run to run: what is to be sent waits in a queue for another goroutine when the connection is closed. A router
# that is to start over gets a broken connection instead, and what finds caches by their reply to such a query misses it now and then.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.5.1-2+b1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "stayrtr=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x stayrtr_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > data.json <<'END'
{ "metadata": { "buildtime": "2021-07-27T18:56:02Z" },
  "roas": [{ "prefix": "192.0.2.0/24", "maxLength": 24, "asn": 64512, "ta": "lab" }] }
END
root/usr/bin/stayrtr -bind "127.0.0.1:$port" -metrics.addr "" -cache data.json -checktime=false > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import collections, socket, struct, sys, time
port = int(sys.argv[1])
def ask(query):
    for _ in range(200):
        try: connection = socket.create_connection(("127.0.0.1", port), 20); break
        except OSError: time.sleep(0.1)
    else: sys.exit("no server")
    connection.sendall(query)
    reply = b""
    while piece := connection.recv(4096):
        reply += piece
        # The end of the data: a reset query leaves the connection open.
        if reply[-24:-22] == b"\x01\x07": break
    connection.close()
    return reply
# Version 1, reset query: the session has its number in the first reply.
for _ in range(50):
    reply = ask(struct.pack(">BBHI", 1, 2, 0, 8))
    if reply[1:2] == b"\x03": break
    time.sleep(0.2)
session = struct.unpack(">H", reply[2:4])[0]
query = struct.pack(">BBHII", 1, 1, session ^ 0x5555, 12, 1)
seen = collections.Counter()
for _ in range(200):
    reply = ask(query)
    seen["closed without a byte" if reply == b"" else f"type {reply[1]}: {reply[16:].split(b'.')[-1].strip(bytes(1)).decode()}"] += 1
for name, count in sorted(seen.items()): print(f"{count:4} of 200: {name}")
reports = sum(count for name, count in seen.items() if name.startswith("type 10: "))
sys.exit(0 if reports > 0 and seen["closed without a byte"] > 0 and sum(seen.values()) == reports + seen["closed without a byte"] else 1)
END
echo "stayrtr $version:"
python3 ask.py "$port" || { tail -n 5 server.log; echo "This has changed"; exit 1; }
echo "As found: the report is there or not, by chance"
