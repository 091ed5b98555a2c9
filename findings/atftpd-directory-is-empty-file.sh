#!/bin/bash
# atftpd (Debian 0.8.0-3): a read request for a directory gets an empty file instead of an error.
#
# Expected: an ERROR packet, as for a file that is not there (RFC 1350 section 5: code 1, or 0 with a text); tftpd-hpa 5.2 sends
# "Is a directory".
# Seen: DATA, block 1, without a byte of data, which is a whole empty file (RFC 1350 section 6), so that a client ends with success. A name
# that is not there gets code 1. So a program that asks for "/" or "." to see an error text of the server finds none, and one that
# takes DATA for proof that a file can be read is wrong about it. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.8.0-3
other=5.2+20150808-1.4
folder=$(mktemp -d)
server= second=
cleanup() {
  for each in $server $second; do kill "$each" 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "atftpd=$version" "tftpd-hpa=$other" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
mkdir -p files/images
echo hello > files/hello.txt
chmod -R a+rX "$folder"
free() { python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free)
root/usr/sbin/atftpd --daemon --no-fork --bind-address 127.0.0.1 --port "$port" --user "$(id -un).$(id -gn)" files > a.log 2>&1 &
server=$!
hpa=$(free)
root/usr/sbin/in.tftpd -L -u "$(id -un)" -a "127.0.0.1:$hpa" -s "$folder/files" > b.log 2>&1 &
second=$!
cat > ask.py <<'END'
import socket, sys
def ask(port, name):
    for _ in range(20):
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(0.5)
            client.bind(("127.0.0.1", 0))
            client.sendto(b"\0\1" + name.encode() + b"\0octet\0", ("127.0.0.1", port))
            try: reply, sender = client.recvfrom(1024)
            except OSError: continue
            # The end of the transfer is acknowledged.
            if reply[1] == 3: client.sendto(b"\0\4" + reply[2:4], sender)
            return f"DATA {reply[3]}: {reply[4:]}" if reply[1] == 3 else f"ERROR {reply[3]}: {reply[4:-1].decode()}"
    return "silence"
for server, port in (("atftpd", sys.argv[1]), ("tftpd-hpa", sys.argv[2])):
    for name in ("hello.txt", "missing.txt", "images"): print(server, name, "->", ask(int(port), name))
END
python3 ask.py "$port" "$hpa" > seen.txt
echo "atftpd $version, tftpd-hpa $other:"
cat seen.txt
cat > expected.txt <<'END'
atftpd hello.txt -> DATA 1: b'hello\n'
atftpd missing.txt -> ERROR 1: File not found
atftpd images -> DATA 1: b''
tftpd-hpa hello.txt -> DATA 1: b'hello\n'
tftpd-hpa missing.txt -> ERROR 1: File not found
tftpd-hpa images -> ERROR 0: Is a directory
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: a directory is an empty file"
