#!/bin/bash
# OpenJDK (Debian openjdk-17-jre-headless 17.0.21.1+2-1~deb12u1), a program that waits for its debugger (jdwp with suspend=y): a client that
# shakes hands and leaves, without any command, starts it.
#
# Expected: suspend=y keeps the program from its first line until a debugger resumes it (VirtualMachine.Resume, or Dispose): a client that
# goes before it has sent a command leaves everything as it was, ready for the next debugger.
# Seen: a connection that is closed without a byte, or after an HTTP request, changes nothing. After the 14 bytes "JDWP-Handshake" in both
# directions, the end of the connection resumes all threads: main() runs, with no debugger there. So a check of the port that reads more
# than its state, as a scanner of services does, makes the program run off that someone is about to debug from its start.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=17.0.21.1+2-1~deb12u1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "openjdk-17-jre-headless=$version" libh2-java=2.1.214-1 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
# The configuration of the package, where its links lead.
cp -r root/etc/java-17-openjdk "$folder/conf"
home=$folder/root/usr/lib/jvm/java-17-openjdk-amd64
find "$home" -lname '/etc/java-17-openjdk/*' | while read -r link; do
  target=$(readlink "$link")
  ln -sfn "$folder/conf/${target#/etc/java-17-openjdk/}" "$link"
done
cat > ask.py <<'END'
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20)
connection.sendall({"nothing": b"", "GET": b"GET / HTTP/1.0\r\n\r\n", "handshake": b"JDWP-Handshake"}[sys.argv[2]])
if sys.argv[2] == "handshake":
    reply = b""
    while len(reply) < 14: reply += connection.recv(64)
    assert reply[:14] == b"JDWP-Handshake", reply
connection.close()
END
result=
for request in nothing GET handshake; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$home/bin/java" "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:$port" -cp root/usr/share/java/h2.jar \
    org.h2.tools.Shell -help > "$request.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do ss -Hltn | grep -q "127.0.0.1:$port " && break; sleep 0.1; done
  python3 ask.py "$port" "$request"
  for _ in $(seq 50); do kill -0 "$server" 2> /dev/null || break; sleep 0.1; done
  if kill -0 "$server" 2> /dev/null; then state="waits"; else state="has run"; fi
  grep -q '^Interactive command line tool' "$request.log" && state="$state, and printed its text"
  echo "after a client that sent $request: the program $state"
  result="$result$state; "
  kill "$server" 2> /dev/null || true
  wait "$server" 2> /dev/null || true
  server=
done
[ "$result" = "waits; waits; has run, and printed its text; " ] || { tail -n 5 ./*.log; echo "This has changed"; exit 1; }
echo "As found (openjdk $version): the handshake alone starts it"
