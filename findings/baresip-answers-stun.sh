#!/bin/bash
# baresip (Debian baresip-core 1.0.0-4+b3): without any account and without any setting for it, its SIP port answers STUN.
#
# Expected: a user agent of SIP reads SIP on its SIP port, and drops other datagrams; STUN beside SIP is for servers that announce
# keep-alives by it (RFC 5626 sections 3.5.1 and 4.4.2), which a telephone without an account is not.
# Seen: a Binding request gets a success response with the client's address and SOFTWARE "baresip v1.0.0 (x86_64/linux)" (RFC 8489 section
# 14.14), beside OPTIONS of SIP, which gets 404 and the same name. So one port is a server of both, and a program that names a port
# by the first protocol that replies gets another answer for another order of questions. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.0.0-4+b3
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "baresip-core=$version" libre0 librem0 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$(dirname "$(find root -name 'libre.so*' | head -n 1)")
port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir home
touch home/accounts home/contacts
cat > home/config <<END
sip_listen 127.0.0.1:$port
module_path $folder/root/usr/lib/baresip/modules
module_app account.so
END
LD_LIBRARY_PATH="$folder/$libraries" root/usr/bin/baresip -f "$folder/home" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import re, socket, struct, sys
def ask(request):
    for _ in range(20):
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(0.5)
            client.connect(("127.0.0.1", int(sys.argv[1])))
            try:
                client.send(request)
                return client.recv(4096)
            except OSError: pass
    return b""
reply = ask(b"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK776asdhds;rport\r\nMax-Forwards: 70\r\n"
    b"To: <sip:a@127.0.0.1>\r\nFrom: <sip:b@127.0.0.1>;tag=1928301774\r\nCall-ID: a84b4c76e66710\r\nCSeq: 1 OPTIONS\r\n"
    b"Content-Length: 0\r\n\r\n")
def name(reply):
    software = re.search(rb"baresip v[\d.]+", reply)
    return software[0].decode() if software else "no name"
print("SIP ->", reply.split(b"\r\n")[0].decode() + ",", name(reply))
transaction = b"transaction1"
reply = ask(struct.pack("!HHI", 1, 0, 0x2112a442) + transaction)
isResponse = reply[:2] == b"\x01\x01" and reply[8:20] == transaction
print("STUN ->", "success," if isResponse else reply, name(reply))
END
python3 ask.py "$port" > seen.txt
echo "baresip $version:"
cat seen.txt
cat > expected.txt <<'END'
SIP -> SIP/2.0 404 Not Found, baresip v1.0.0
STUN -> success, baresip v1.0.0
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: the SIP port is a STUN server too"
