#!/bin/bash
# monit (Debian 1:5.33.0-1), its web interface: a connection on which nothing was sent within 500 ms is closed.
#
# Expected: a web server waits many seconds for a request (nginx and lighttpd 60 s): RFC 9112 section 9.5 leaves the time open,
# and browsers connect in advance. A program that connects, listens for a banner for a second and then asks on the same
# connection gets its answer.
# Seen: a valid request sent at once, or after 200 ms, is answered; one sent after 1.5 s meets a closed connection, which was
# closed after 505 to 515 ms. A client that only listens takes the port for one behind a wrapper (it connects, and is closed
# without a byte). Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:5.33.0-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "monit=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x monit_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > monitrc <<END
set daemon 60
set httpd port $port use address 127.0.0.1
  allow 127.0.0.1
set idfile $folder/id
set statefile $folder/state
set pidfile $folder/pid
END
chmod 600 monitrc
root/usr/bin/monit -I -c "$folder/monitrc" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
port = int(sys.argv[1])
def connect():
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
def receive(connection):
    try: return connection.recv(15)
    except ConnectionResetError: return b""
def ask(delay):
    connection = connect()
    time.sleep(delay)
    try: connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
    except (ConnectionResetError, BrokenPipeError): return b""
    return receive(connection)
def is_quick(delay):
    # More than once: the machine may be busy.
    return any(ask(delay) == b"HTTP/1.0 200 OK" for _ in range(5))
connect().close()
quick, later, late = is_quick(0), is_quick(0.2), ask(1.5)
connection = connect()
start = time.monotonic()
silent = receive(connection)
duration = time.monotonic() - start
print(f"request at once answered: {quick}; after 200 ms: {later}; after 1.5 s: {late != b''}")
print(f"silent: {silent or 'closed'} after {duration * 1000:.0f} ms")
sys.exit(0 if quick and later and not late and not silent and 0.4 < duration < 5 else 1)
END
echo "monit $version:"
python3 ask.py "$port" || { echo "This has changed"; exit 1; }
echo "As found: who says nothing for half a second is closed"
