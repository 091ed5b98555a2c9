#!/bin/bash
# diod (Debian 1.0.24-5, server of 9P): a client that offers the version 9P2000 is refused by a message that 9P2000 does not have.
#
# Expected: a server that does not have the version of a Tversion replies with an Rversion of "unknown" (version(5) of Plan 9), or with a
# version that it has; so both sides know where they are before anything else is said, in whichever dialect.
# Seen: "9P2000", "9P2000.u" and a version that does not exist get message 7 with the number 5, which is Rlerror with EIO in 9P2000.L, the
# dialect that the client has just not asked for. In 9P2000 there is no type below 100, and errors are texts (type 107). "9P2000.L" gets its
# Rversion. So clients of Plan 9 or of 9P2000.u meet garbage where they are to learn that they have to go, and a probe with the base
# version, which other servers answer, finds no 9P here. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.0.24-5
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "diod=$version" liblua5.1-0 libmunge2 libcap2 libncurses6 libtinfo6 libwrap0 libnsl2 libtirpc3 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
mkdir files
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/sbin/diod -f -l "127.0.0.1:$port" -e "$folder/files" -n -c /dev/null > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, struct, sys, time
port = int(sys.argv[1])
def ask(version):
    for _ in range(100):
        try: connection = socket.create_connection(("127.0.0.1", port), 20); break
        except OSError: time.sleep(0.1)
    else: sys.exit("no server")
    body = struct.pack("<BHIH", 100, 0xffff, 8192, len(version)) + version
    connection.sendall(struct.pack("<I", len(body) + 4) + body)
    reply = connection.recv(4)
    size, = struct.unpack("<I", reply)
    while len(reply) < size: reply += connection.recv(size - len(reply))
    connection.close()
    kind, tag = struct.unpack("<BH", reply[4:7])
    if kind == 101: return f"Rversion {reply[13:].decode()}"
    if kind == 107: return f"Rerror {reply[9:].decode()}"
    return f"message {kind} with the number {struct.unpack('<I', reply[7:11])[0]}"
versions = [b"9P2000.L", b"9P2000", b"9P2000.u", b"9P1999"]
seen = [ask(version) for version in versions]
for version, text in zip(versions, seen): print(f"Tversion {version.decode()}: {text}")
sys.exit(0 if seen == ["Rversion 9P2000.L"] + 3 * ["message 7 with the number 5"] else 1)
END
echo "diod $version:"
python3 ask.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: who cannot speak 9P2000.L is told so in 9P2000.L"
