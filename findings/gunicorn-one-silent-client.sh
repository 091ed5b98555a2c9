#!/bin/bash
# Gunicorn (Debian 20.1.0-6+deb12u1) as it starts by default: one open connection on which nothing was sent holds up every
# other client.
#
# Expected: a worker is busy while it serves a request; a connection without any request costs a descriptor and waits in
# the background, and a second connection is answered in milliseconds beside it.
# Seen: GET is answered in milliseconds; with one silent connection open it is not answered within 3 s, and answered in
# milliseconds as soon as that is closed. The default is one worker that accepts a connection and reads from it until it gets a
# request. So a program that opens two connections to a port, one to listen for a banner and one to ask, keeps itself
# from being answered. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=20.1.0-6+deb12u1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# The packages and those that they need and that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "gunicorn=$version" "python3-gunicorn=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > page.py <<'END'
def app(environ, start):
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
END
PYTHONPATH=$folder/root/usr/lib/python3/dist-packages /usr/bin/python3 -m gunicorn -b "127.0.0.1:$port" page:app > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
port = int(sys.argv[1])
def connect(seconds):
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", port), seconds)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
def ask(seconds):
    connection = connect(seconds)
    start = time.monotonic()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    try: line = connection.recv(4096).split(b"\r\n")[0].decode()
    except TimeoutError: line = "no reply"
    connection.close()
    return line, f"{line} after {(time.monotonic() - start) * 1000:.0f} ms"
alone = ask(20)
silent = connect(20)
time.sleep(0.5)
beside = ask(3)
silent.close()
after = ask(20)
print(f"alone: {alone[1]}; beside a silent connection: {beside[1]}; after that was closed: {after[1]}")
sys.exit(0 if alone[0] == after[0] == "HTTP/1.1 200 OK" and beside[0] == "no reply" else 1)
END
echo "gunicorn $version:"
python3 ask.py "$port" || { echo "This has changed"; exit 1; }
echo "As found: one silent client holds up all others"
