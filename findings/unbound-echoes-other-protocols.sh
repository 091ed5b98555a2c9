#!/bin/bash
# Unbound (Debian 1.17.1-2+deb12u4): a request of another protocol on its UDP port comes back whole, with two bytes changed.
#
# Expected: what is no query of DNS is dropped, or gets a header of twelve bytes with FORMERR (RFC 1035 section 4.1.1), as other name
# servers send it: only the first twelve bytes can be taken for a header, and nothing behind them was understood.
# Seen: requests of NTP, STUN, TFTP, SIP and SNMP, each valid in its protocol, come back in their full length: the third and fourth byte
# have become the flags of a response with FORMERR or NOTIMP, all others are the client's, cookies and transaction ids included. So a
# program that takes a reply with its own transaction id for a reply of STUN, or that with its own timestamp for one of NTP, finds
# such a server on the port of a name server. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.17.1-2+deb12u4
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "unbound=$version" libevent-2.1-7 libhiredis0.14 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH="$folder/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2> /dev/null || gcc -print-multiarch)"
port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > unbound.conf <<END
server:
  interface: 127.0.0.1@$port
  username: ""
  chroot: ""
  directory: "$folder"
  pidfile: "$folder/pid"
  use-syslog: no
  do-daemonize: no
  do-tcp: no
  module-config: "iterator"
  local-zone: "lab." static
  local-data: "a.lab. A 192.0.2.1"
remote-control:
  control-enable: no
END
root/usr/sbin/unbound -d -c unbound.conf > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys
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
requests = {
    "DNS": bytes.fromhex("1234 0100 0001 0000 0000 0000 01 61 03 6c6162 00 0001 0001"),
    "NTP": bytes([0x23]) + bytes(39) + bytes(range(1, 9)),
    "STUN": bytes.fromhex("0001 0000 2112a442") + b"transaction1",
    "TFTP": b"\0\1hello.txt\0octet\0",
    "SIP": b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK776asdhds\r\nMax-Forwards: 70\r\n"
        b"To: <sip:127.0.0.1>\r\nFrom: <sip:a@127.0.0.1>;tag=1928301774\r\nCall-ID: a84b4c76e66710\r\nCSeq: 1 OPTIONS\r\n"
        b"Content-Length: 0\r\n\r\n",
    "SNMP": bytes.fromhex("302902010004067075626c6963a01c020412345678020100020100300e300c06082b060102010101000500"),
}
for name, request in requests.items():
    reply = ask(request)
    isEcho = len(reply) == len(request) and reply[:2] + reply[4:] == request[:2] + request[4:]
    rcode = {0: "NOERROR", 1: "FORMERR", 4: "NOTIMP"}.get(reply[3] & 15, reply[3] & 15) if len(reply) > 3 else "silence"
    print(name, "->", "the request" if isEcho else "an answer" if len(reply) > len(request) else f"{len(reply)} bytes", rcode)
END
python3 ask.py "$port" > seen.txt
echo "unbound $version:"
cat seen.txt
cat > expected.txt <<'END'
DNS -> an answer NOERROR
NTP -> the request FORMERR
STUN -> the request FORMERR
TFTP -> the request NOTIMP
SIP -> the request NOTIMP
SNMP -> the request FORMERR
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: what is no query comes back, with the flags of a response"
