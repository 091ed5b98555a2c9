#!/bin/bash
# LibVNCServer (Debian libvncserver1 0.9.14+dfsg-1+deb12u2, used by x11vnc 0.9.16-9): the client that waits for the server's
# version, as the protocol wants, gets it 100 ms later than the client that talks first.
#
# Expected: "the server sends first" (RFC 6143 section 7.1.1: handshaking begins by the server sending its ProtocolVersion),
# within a millisecond of accept on loopback; what the client sent by then waits in the socket and changes nothing.
# Seen: "RFB 003.008" after 101 to 120 ms to a silent client, after 1 to 10 ms to one that sends its own version at once:
# every connection is first watched for 100 ms for a WebSocket request. A listening time under 100 ms never sees the banner,
# however near the server is. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.9.16-9
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# The packages and those of their libraries that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "x11vnc=$version" libvncserver1=0.9.14+dfsg-1+deb12u2 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
# A screen of 64 x 64 black pixels: no display is needed.
LD_LIBRARY_PATH=$libraries root/usr/bin/x11vnc -norc -rawfb map:/dev/null@64x64x32 -rfbport "$port" -localhost -forever -shared \
  -nopw -no6 > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def ask(port, early):
    for _ in range(100):
        try: connection = socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
        else: break
    else: sys.exit("no server")
    start = time.monotonic()
    connection.sendall(early)
    banner = connection.recv(12).decode().strip()
    duration = time.monotonic() - start
    connection.close()
    return banner, duration
# The shortest of ten: the machine may be busy.
port = int(sys.argv[1])
ask(port, b"")
silent = min(ask(port, b"")[1] for _ in range(10))
early = min(ask(port, b"RFB 003.008\n")[1] for _ in range(10))
banner = ask(port, b"")[0]
print(f"{banner} after {silent * 1000:.0f} ms to a silent client, after {early * 1000:.0f} ms to one that talks first")
sys.exit(0 if banner == "RFB 003.008" and 0.095 < silent < 1 and early < silent - 0.03 else 1)
END
echo "x11vnc $version with libvncserver1 0.9.14+dfsg-1+deb12u2:"
python3 ask.py "$port" || { echo "This has changed"; exit 1; }
echo "As found: who waits for the greeting gets it later"
