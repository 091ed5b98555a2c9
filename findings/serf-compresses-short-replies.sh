#!/bin/bash
# Serf (Debian 0.9.4~ds1-1+b13; its members speak the protocol of memberlist, as those of Consul and Docker Swarm): the reply to a ping over TCP, 18
# bytes, is sent compressed, as 36 bytes.
#
# Expected: the message of an acknowledgement (type 2, and a map with the number of the ping), in the form of the ping, which was not compressed;
# a message is compressed if that makes it shorter.
# Seen: type 9, an algorithm (0: LZW) and a buffer that holds the 18 bytes: on streams the lengths are not compared, so that each small message
# grows. A client that reads an acknowledgement has to have LZW, whatever it sent itself, and one that waits for type 2 sees none.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.9.4~ds1-1+b13
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "serf=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x serf_*.deb root
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
root/usr/bin/serf agent -node=lab -bind="127.0.0.1:$port" -rpc-addr="127.0.0.1:$(free_port)" > server.log 2>&1 &
server=$!
cat > ping.py <<'END'
"""Sends a ping; prints the reply, and what is in it."""
import socket, sys, time
address = ("127.0.0.1", int(sys.argv[1]))
for _ in range(200):
    try: connection = socket.create_connection(address, 20); break
    except OSError: time.sleep(0.1)
else: sys.exit("no server")
ping = b"\x00\x82\xa5SeqNo\x2a\xa4Node\xa0"
ack = b"\x02\x82\xa7Payload\xc0\xa5SeqNo\x2a"
def unpack_lzw(data):
    """LZW of Go's compress/lzw: lowest bits first, literals of 8 bits."""
    bits = int.from_bytes(data, "little")
    width, table, previous, out = 9, [bytes([i]) for i in range(256)] + [b"", b""], None, b""
    while True:
        code, bits = bits & (1 << width) - 1, bits >> width
        if code == 257: return out
        if code == 256:
            table, previous, width = table[:258], None, 9
            continue
        entry = table[code] if code < len(table) else previous + previous[:1]
        if previous is not None: table.append(previous + entry[:1])
        previous, out = entry, out + entry
        if len(table) + 1 > 1 << width and width < 12: width += 1
connection.sendall(ping)
reply = b""
while part := connection.recv(4096): reply += part
head = b"\x09\x82\xa4Algo\x00\xa3Buf"
is_compressed = reply.startswith(head)
inner = unpack_lzw(reply[len(head) + 1:]) if is_compressed else b""
print(f"reply: {len(reply)} bytes, type {reply[0]}: {reply.hex()}")
print(f"in it: {len(inner)} bytes, type {inner[0] if inner else '-'}: {inner.hex()}")
sys.exit(0 if inner == ack and len(reply) == 2 * len(ack) else 1)
END
echo "serf $version, a ping of 15 bytes, not compressed:"
python3 ping.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: a reply is made twice as long by its compression"
