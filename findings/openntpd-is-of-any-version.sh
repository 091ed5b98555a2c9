#!/bin/bash
# OpenNTPD (Debian openntpd 1:6.2p3-4.2+b1): it replies to requests of every version that NTP's three bits can hold, 0 to 7, each in its version.
#
# Expected: replies to versions 1 to 4 in the version of the request, and none to the others, which it does not have: RFC 5905 appendix A.5.1 drops
# packets of a version above its own.
# Seen: the three bits are copied. A request of version 7 gets a reply that calls itself version 7, in the format of version 4. So the versions that
# a scanner finds here are those of its own requests, and a client that begins with a later version to see whether a server has it is told so.
# Needs root (namespaces for the network, and for the daemon's user and folders). Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:6.2p3-4.2+b1
if [ "${1:-}" != inside ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  (cd "$folder" && apt-get download -q "openntpd=$version") > "$folder/apt.log" 2>&1 || { cat "$folder/apt.log"; exit 2; }
  dpkg-deb -x "$folder"/openntpd_*.deb "$folder/root"
  unshare --net --mount --pid --fork --kill-child bash "$0" inside "$folder"
  exit
fi
cd "$2"
ip link set lo up
# The user that the daemon wants, and its folders, for this namespace alone.
mount --make-rprivate /
{ grep -v '^ntpd:' /etc/passwd; echo 'ntpd:x:64999:64999::/run/openntpd:/usr/sbin/nologin'; } > passwd
{ grep -v '^ntpd:' /etc/group; echo 'ntpd:x:64999:'; } > group
for name in passwd group; do mount --bind $name /etc/$name; done
for path in /run /var/lib; do mount -t tmpfs tmpfs $path; done
mkdir -p /run/openntpd /var/lib/openntpd/db /var/lib/openntpd/run
echo 'listen on 127.0.0.1' > ntpd.conf
root/usr/sbin/openntpd -d -s -f ntpd.conf > server.log 2>&1 &
cat > ask.py <<'END'
import socket, sys, time
def ask(version):
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.settimeout(2)
    wire.connect(("127.0.0.1", 123))
    try:
        wire.send(bytes([version << 3 | 3]) + bytes(39) + b"12345678")
        reply = wire.recv(1024)
    except TimeoutError: return "nothing"
    return f"version {reply[0] >> 3 & 7}, mode {reply[0] & 7}, {len(reply)} bytes"
for _ in range(200):
    try: ask(4); break
    except ConnectionRefusedError: time.sleep(0.1)
else: sys.exit("no server")
for version in range(8): print(f"request of version {version}: {ask(version)}")
END
python3 ask.py > seen.txt || { cat server.log; exit 2; }
echo "openntpd $version:"
cat seen.txt
for each in 0 1 2 3 4 5 6 7; do echo "request of version $each: version $each, mode 4, 48 bytes"; done > expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; cat server.log; echo "This has changed"; exit 1; }
echo "As found: it is of whatever version it is asked for"
