#!/bin/bash
# H2 (Debian libh2-java 2.1.214-1, database server in Java): the "server version" in its refusal of a client depends on the client: 17 for one
# that is too old, 20 for one that is too new.
#
# Expected: the text 'Version mismatch, driver version is "X" but server version is "Y"' has in Y the version of this server, whatever the
# client has sent; the range of versions that are spoken would be named as a range.
# Seen: the server has none to tell: Y is the end of its range (17 to 20) that the client has missed. A driver of version 5 is told that the
# server has 17, a driver of version 99 that it has 20, by the same server. So whoever reads the error to find out how old the server is, by
# hand or by a scanner, gets the answer that its own question has chosen. Neither number is of the release, 2.1.214.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.1.214-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "libh2-java=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x libh2-java_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
java -cp root/usr/share/java/h2.jar org.h2.tools.Server -tcp -tcpPort "$port" -baseDir "$folder" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import re, socket, struct, sys, time
port = int(sys.argv[1])
def ask(low, high):
    for _ in range(300):
        try: connection = socket.create_connection(("127.0.0.1", port), 20); break
        except OSError: time.sleep(0.1)
    else: sys.exit("no server")
    # The lowest and the highest version that a driver has.
    connection.sendall(struct.pack(">ii", low, high))
    reply = b""
    while b"server version is" not in (text := reply[1::2]) or text.count(b'"') < 4: reply += connection.recv(4096)
    connection.close()
    return re.search(r'Version mismatch, driver version is "\d+" but server version is "\d+"', text.decode("latin1")).group()
seen = [ask(5, 5), ask(99, 99)]
for text in seen: print(text)
sys.exit(0 if [re.findall(r"\d+", text) for text in seen] == [["5", "17"], ["99", "20"]] else 1)
END
echo "h2 $version:"
python3 ask.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: one server, two versions"
