#!/bin/bash
# QEMU (Debian 1:7.2+dfsg-7+deb12u18+b3) with -gdb tcp:...: the stub's parser of packets goes on across TCP connections. The first
# packet of a new client is refused if an earlier client has left the beginning of one.
#
# Expected: a new connection begins with a parser in its first state, as in any protocol over TCP.
# Seen: the valid packet $qSupported#37 is answered by $PacketSize=... on a first connection. After a connection on which only "$m0"
# was sent, it is answered by "-" (bad checksum) on the next connection, and by $PacketSize=... when it is sent once more. So a
# client that takes "-" for a foreign protocol misses the stub whenever a half-closed one came before it.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:7.2+dfsg-7+deb12u18+b3
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# The packages and those that they need and that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "qemu-system-x86=$version" "seabios" "qemu-system-data" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
libraries=$libraries:$libraries/pulseaudio:$folder/root/lib/$(uname -m)-linux-gnu
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
LD_LIBRARY_PATH=$libraries root/usr/bin/qemu-system-x86_64 -L root/usr/share/seabios -L root/usr/share/qemu -M pc -m 16 \
  -nodefaults -S -display none -accel tcg -gdb "tcp:127.0.0.1:$port" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
port = int(sys.argv[1])
def talk(*packets):
    for _ in range(200):
        try: connection = socket.create_connection(("127.0.0.1", port), 20); break
        except OSError: time.sleep(0.1)
    else: sys.exit("no stub")
    replies = []
    for packet, waits in packets:
        connection.sendall(packet)
        connection.settimeout(20 if waits else 1)
        reply = ""
        try:
            # A reply is "-", or "+" and a packet that ends in "#" and two digits.
            while reply != "-" and "#" not in reply[:-2]: reply += connection.recv(4096).decode()
        except TimeoutError: pass
        replies.append(reply)
    connection.close()
    time.sleep(0.5)
    return replies
VALID = b"$qSupported#37"
first = talk((VALID, True))
talk((b"$m0", False))
second = talk((VALID, True), (b"+" + VALID, True))
print(f"on a first connection: {first}; after another's unfinished packet: {second}")
is_same = first[0].startswith("+$PacketSize=") and second[0] == "-" and "$PacketSize=" in second[1]
sys.exit(0 if is_same else 1)
END
echo "qemu $version:"
python3 ask.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: a new connection is answered in the state that the last one left"
