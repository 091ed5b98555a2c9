#!/bin/bash
# Python 3.11.2 (Debian 3.11.2-6+deb12u9), http.server: refuses a request of another protocol with an HTML page that has
# neither status line nor headers.
#
# Expected: "HTTP/1.0 400 Bad Request" with the headers that the same server sends with its 404, among them
# "Server: SimpleHTTP/0.6 Python/3.11.2".
# Seen: to `OPTIONS * RTSP/1.0` (a valid request of RTSP) the reply begins with "<!DOCTYPE HTML>": until the version of a
# request is known, the server takes it for one of HTTP/0.9, which had no status line; the code 400 is in the text of the page
# only. A program that recognizes web servers by "HTTP/" does not recognize it by this reply. What builds on the module
# (websockify, Mercurial's hg serve) replies alike. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.11.2-6+deb12u9
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "python3.11-minimal=$version" "libpython3.11-minimal=$version" "libpython3.11-stdlib=$version" > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
mkdir www
python=$folder/root/usr/bin/python3.11
export PYTHONHOME=$folder/root/usr
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$python" -m http.server -b 127.0.0.1 -d www "$port" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def connect(port):
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
for line in ("GET /none HTTP/1.0", "OPTIONS * HTTP/1.0", "OPTIONS * RTSP/1.0"):
    connection = connect(int(sys.argv[1]))
    connection.sendall((line + "\r\nCSeq: 1\r\n\r\n").encode())
    reply = b"".join(iter(lambda: connection.recv(4096), b"")).decode()
    code = next(text.strip() for text in reply.split("\n") if "Error code:" in text)
    named = "names itself" if "Server: SimpleHTTP" in reply else "no name"
    print(f"{line} -> {reply.splitlines()[0]} | {named} | {code}")
END
"$python" ask.py "$port" > seen.txt
echo "python3.11 $version:"
cat seen.txt
cat > expected.txt <<'END'
GET /none HTTP/1.0 -> HTTP/1.0 404 File not found | names itself | <p>Error code: 404</p>
OPTIONS * HTTP/1.0 -> HTTP/1.0 501 Unsupported method ('OPTIONS') | names itself | <p>Error code: 501</p>
OPTIONS * RTSP/1.0 -> <!DOCTYPE HTML> | no name | <p>Error code: 400</p>
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: an error page without a status line"
