#!/bin/bash
# Node.js 20.19.0, its HTTP server: it refuses HTTP/1.2 with 400, but answers requests of HTTP/2.0, RTSP/1.0 and ICE/1.0 with
# "HTTP/1.1 200 OK".
#
# Expected: RFC 9110 section 2.5 has a server treat a higher minor version of its major version as the highest minor version
# that it knows, so HTTP/1.2 is HTTP/1.1; another major version in a text request line, or another protocol, gets 400 or
# 505 (RFC 9110 section 15.6.6), or a closed connection.
# Seen: the other way round. The parser knows a list of versions (0.9, 1.0, 1.1, 2.0) and, by the request methods, the names RTSP
# and ICE (of Icecast); the request handler sees OPTIONS, DESCRIBE or SOURCE with the version 1.0. So a server that replies
# to a question of RTSP need not know RTSP, and a program in Node does not notice that it was not asked by HTTP.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=20.19.0
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "node@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
require("http").createServer((request, response) => response.end("as " + request.httpVersion)).listen(process.argv[2], "127.0.0.1");
END
node_modules/node/bin/node server.js "$port" &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def connect(port):
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
for line in sys.stdin.read().splitlines():
    connection = connect(int(sys.argv[1]))
    connection.sendall((line + "\r\nHost: localhost\r\nCSeq: 1\r\nConnection: close\r\n\r\n").encode())
    head, _, body = b"".join(iter(lambda: connection.recv(4096), b"")).decode().partition("\r\n\r\n")
    print(line, "->", " ".join([head.split("\r\n")[0], *[word for word in body.splitlines() if word.startswith("as")]]))
END
python3 ask.py "$port" > seen.txt <<'END'
GET / HTTP/1.1
GET / HTTP/1.2
GET / HTTP/2.0
OPTIONS * RTSP/1.0
DESCRIBE rtsp://localhost/a RTSP/1.0
SOURCE /a ICE/1.0
END
echo "node $version:"
cat seen.txt
cat > expected.txt <<'END'
GET / HTTP/1.1 -> HTTP/1.1 200 OK as 1.1
GET / HTTP/1.2 -> HTTP/1.1 400 Bad Request
GET / HTTP/2.0 -> HTTP/1.1 200 OK as 2.0
OPTIONS * RTSP/1.0 -> HTTP/1.1 200 OK as 1.0
DESCRIBE rtsp://localhost/a RTSP/1.0 -> HTTP/1.1 200 OK as 1.0
SOURCE /a ICE/1.0 -> HTTP/1.1 200 OK as 1.0
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: a minor version up is refused, other protocols are served"
