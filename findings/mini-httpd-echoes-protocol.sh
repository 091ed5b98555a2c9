#!/bin/bash
# mini_httpd (Debian 1.30-3): the protocol and version in its status line are those that the client named, whatever they are.
#
# Expected: a server states its own version (RFC 9112 section 2.3 and RFC 9110 section 2.5: HTTP/1.1 also in replies to
# HTTP/1.0), and a request of another protocol, valid as RTSP, is refused or ignored by a web server.
# Seen: "RTSP/1.0 200 Ok" with the web page to `GET / RTSP/1.0`, "RTSP/1.0 501 Not Implemented" to `OPTIONS * RTSP/1.0`, and
# "HTTP/1.0 200 Ok" or "HTTP/1.1 200 Ok" as the client wrote. A program that takes what replies with "RTSP/1.0" for an RTSP
# server is wrong with it. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.30-3
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "mini-httpd=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x mini-httpd_*.deb root
mkdir www
echo "<title>page</title>" > www/index.html
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/sbin/mini_httpd -D -h 127.0.0.1 -p "$port" -d www -u "$(id -un)" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def connect(port):
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
for line in ("GET / HTTP/1.0", "GET / HTTP/1.1", "GET / RTSP/1.0", "OPTIONS * RTSP/1.0"):
    connection = connect(int(sys.argv[1]))
    connection.sendall((line + "\r\nHost: localhost\r\nCSeq: 1\r\nConnection: close\r\n\r\n").encode())
    reply = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    print(line, "->", reply.split("\r\n")[0] + (", the page" if "<title>page" in reply else ""))
END
python3 ask.py "$port" > seen.txt
echo "mini_httpd $version:"
cat seen.txt
cat > expected.txt <<'END'
GET / HTTP/1.0 -> HTTP/1.0 200 Ok, the page
GET / HTTP/1.1 -> HTTP/1.1 200 Ok, the page
GET / RTSP/1.0 -> RTSP/1.0 200 Ok, the page
OPTIONS * RTSP/1.0 -> RTSP/1.0 501 Not Implemented
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: the name and the version of the client's protocol come back"
