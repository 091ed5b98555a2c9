#!/bin/bash
# HSQLDB (Debian libhsqldb-java 2.7.1-1+deb12u1, database server in Java): it introduces itself to a client that sends nothing for a second,
# and to no other: a client of another protocol is closed on without a byte.
#
# Expected: a server whose clients speak first is silent until they do, and refuses what it does not understand with an error, or by closing;
# where it has a text for strangers, it is for those that have sent something strange.
# Seen: after one second of silence it sends "HSQLDB JDBC Network Listener. Use JDBC driver with Network Compatibility Version..." and
# closes. GET of HTTP is closed on within milliseconds, at once and after 0.3 s, and after two empty lines the second of silence ends without
# the text. So a person with telnet who waits sees what it is, and a scanner that asks within the first second has nothing; a pool of
# connections that are opened ahead of their use finds them closed.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.7.1-1+deb12u1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "libhsqldb-java=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x libhsqldb-java_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
java -cp root/usr/share/java/hsqldb.jar org.hsqldb.server.Server --database.0 mem:lab --dbname.0 lab --address 127.0.0.1 --port "$port" \
  > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
port = int(sys.argv[1])
def ask(wait, request):
    for _ in range(300):
        try: connection = socket.create_connection(("127.0.0.1", port), 20); break
        except OSError: time.sleep(0.1)
    else: sys.exit("no server")
    begin = time.monotonic()
    reply = b""
    time.sleep(wait)
    try:
        connection.sendall(request)
        while piece := connection.recv(4096): reply += piece
    except ConnectionResetError: pass
    connection.close()
    return time.monotonic() - begin, reply.decode().split("\n")[0]
seen = [ask(0, b""), ask(0, b"GET / HTTP/1.0\r\n\r\n"), ask(0.3, b"GET / HTTP/1.0\r\n\r\n"), ask(0.3, b"\r\n\r\n")]
for name, (duration, text) in zip(("silent", "GET at once", "GET after 0.3 s", "empty lines after 0.3 s"), seen):
    print(f"{name}: closed after {duration:.1f} s, {text or 'without a byte'!r}")
greeting = "HSQLDB JDBC Network Listener."
is_same = seen[0][0] > 0.9 and seen[0][1] == greeting and all(text == "" and duration < 20 for duration, text in seen[1:])
sys.exit(0 if is_same else 1)
END
echo "hsqldb $version:"
python3 ask.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: only who keeps silent is told"
