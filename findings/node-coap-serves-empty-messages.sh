#!/bin/bash
# coap 1.5.0 (npm, CoAP for Node.js), its server: an Empty message, the "ping" of CoAP, reaches the program as a request without a path, and
# is answered 2.05 (Content) with what the program has for "/"; so is a Reset.
#
# Expected: RFC 7252 section 4.3 has a ping (an Empty Confirmable message) answered by a Reset of four bytes, and section 4.2 a Reset
# never answered: that is how a client asks whether a peer lives, and how it ends replies. libcoap's server (Debian 4.3.1-1) does so.
# Seen: to 40 00 00 01 (ping) an Acknowledgement with the code 2.05 and the page; to 70 00 00 02 (Reset) a Non-confirmable message with
# 2.05, the Reset's own message ID and the page. The request handler is called with the code 0.00 and the URL "/". So a client that takes
# only Reset for the sign of life finds none, and logs count a request for each ping.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.5.0 other=4.3.1-1
folder=$(mktemp -d)
servers=
cleanup() {
  for server in $servers; do { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "coap@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
apt-get download -q "libcoap3=$other" "libcoap3-bin=$other" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
const coap = require("coap");
const server = coap.createServer((request, response) => {
  console.log(`${request.code} ${request.url}`);
  response.end("page");
});
server.listen(Number(process.argv[2]), "127.0.0.1");
END
node server.js "$port" > server.log 2>&1 &
servers=$!
LD_LIBRARY_PATH=$(dirname "$(find "$folder/root" -name 'libcoap-3-notls.so*' | head -n 1)") \
  root/usr/bin/coap-server-notls -A 127.0.0.2 -p "$port" > other.log 2>&1 &
servers="$servers $!"
cat > ask.py <<'END'
import socket, sys
def ask(address, message, wait):
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.settimeout(wait)
    asker.connect((address, int(sys.argv[1])))
    try:
        asker.send(bytes.fromhex(message))
        return asker.recv(2000)
    except OSError: return None
for name, address in (("coap", "127.0.0.1"), ("libcoap", "127.0.0.2")):
    for _ in range(50):
        if ask(address, "40010009", 0.3): break  # GET /
    else: sys.exit(f"no {name}")
    for question, message in (("ping", "40000001"), ("Reset", "70000002")):
        reply = ask(address, message, 2)
        print(f"{name}, {question}:", "no reply" if reply is None else f"{reply[:4].hex()} {reply[5:]}")
END
python3 ask.py "$port" > seen.txt || { cat seen.txt server.log other.log; exit 2; }
grep ^0.00 server.log | sed 's/^/request of the program: /' >> seen.txt || true
echo "coap $version, Node.js $(node --version), libcoap $other:"
cat seen.txt
cat > expected.txt <<'END'
coap, ping: 60450001 b'page'
coap, Reset: 50450002 b'page'
libcoap, ping: 70000001 b''
libcoap, Reset: no reply
request of the program: 0.00 /
request of the program: 0.00 /
END
cmp -s seen.txt expected.txt || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: pings and Resets are requests for /"
