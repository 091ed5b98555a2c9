#!/bin/bash
# sip 0.0.6 (npm), its server: over UDP a response goes to the port that the request came from, also where the client did not ask for that.
#
# Expected: without "rport" a response goes to the address that the request came from and the port of the Via's sent-by (RFC 3261 section
# 18.2.2); only a client that puts "rport" into its Via wants the port of its packet (RFC 3581 section 4).
# Seen: it goes to the port of the packet with rport and without. So a client that sends from one socket and listens at the port that its
# Via names, as RFC 3261 section 18.1.1 has it, and as phones behind no NAT and scanners with raw sockets do, retransmits until it times out:
# to it the server is down.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.0.6
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "sip@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
const sip = require("sip");
sip.start({ address: "127.0.0.1", port: Number(process.argv[2]), tcp: false }, (request) => sip.send(sip.makeResponse(request, 200, "OK")));
console.log("ready");
END
node server.js "$port" > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q ready server.log && break; sleep 0.1; done
cat > ask.py <<'END'
import select, socket, sys
def bound():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made
for number, parameter in enumerate(("", ";rport")):
    sender, listener = bound(), bound()
    via = f"127.0.0.1:{listener.getsockname()[1]};branch=z9hG4bK{number}{parameter}"
    sender.sendto((f"OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {via}\r\nFrom: <sip:b@127.0.0.1>;tag=1\r\nTo: <sip:a@127.0.0.1>\r\n"
                   f"Call-ID: {number}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode(), ("127.0.0.1", int(sys.argv[1])))
    ready = select.select([sender, listener], [], [], 5)[0]
    places = ["the port of the packet" if each is sender else "the port of the Via" for each in ready]
    first = ready[0].recv(2000).decode().split("\r\n")[0] if ready else "no response"
    print(f"Via {'with' if parameter else 'without'} rport: {first}, to {' and '.join(places)}", flush=True)
END
python3 ask.py "$port" > seen.txt
echo "sip $version:"
cat seen.txt
cat > expected.txt <<'END'
Via without rport: SIP/2.0 200 OK, to the port of the packet
Via with rport: SIP/2.0 200 OK, to the port of the packet
END
cmp -s seen.txt expected.txt || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: the port of the Via is not used"
