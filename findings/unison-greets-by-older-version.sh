#!/bin/bash
# Unison (Debian unison-2.52 2.52.1-1, file synchronizer), its server (-socket): it introduces itself as "Unison 2.51".
#
# Expected: the greeting has the version that `unison -version` prints. For twenty years a client refused a server with another one than its
# own, so that the number in the greeting was always that of the program.
# Seen: 2.52.1 greets with "Unison 2.51 with OCaml >= 4.01.2", whose words are neither its version nor that of its compiler. Since 2.52 the
# protocol is negotiated (by the lines behind the greeting), and the greeting is one that clients of 2.51 accept: who lists versions by it
# finds servers of a release that is not installed.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.52.1-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "unison-2.52=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x unison-2.52_*.deb root
export HOME=$folder
root/usr/bin/unison-2.52 -version > version.txt
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/bin/unison-2.52 -host 127.0.0.1 -socket "$port" > server.log 2>&1 &
server=$!
cat > greet.py <<'END'
import socket, sys, time
for _ in range(200):
    try: connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20); break
    except OSError: time.sleep(0.1)
else: sys.exit("no server")
print(connection.makefile("rb").readline().decode("latin1").strip())
END
python3 greet.py "$port" > greeting.txt || { cat server.log; exit 2; }
echo "-version: $(cat version.txt)"
echo "greeting: $(cat greeting.txt)"
grep -q '^unison-2.52 version 2\.52\.1\|^unison version 2\.52\.1' version.txt || { echo "This has changed"; exit 1; }
[ "$(cat greeting.txt)" = "Unison 2.51 with OCaml >= 4.01.2" ] || { echo "This has changed"; exit 1; }
echo "As found: it greets by the version before its own"
