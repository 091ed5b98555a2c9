#!/bin/bash
# pnscan 1.14.1 (Debian 1.14.1-2): of a range of ports it connects to the first once and to each other one twice, and prints those twice.
#
# Expected: one connection to each port, as for a single port, and as other connect scanners make them; its manual has nothing of a repetition.
# Seen: of four open ports on one address the first gets one connection and one line, the others two each, also with one worker (-n1)
# and for closed ports. Of two addresses the ports of the first alone are doubled, and of a range of addresses with
# one port none. So the count of its lines is no count of ports, a scan of a thousand ports takes 1,999 connections, and limits such as
# xinetd's cps or sshd's MaxStartups count double.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.14.1-2
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "pnscan=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x pnscan_*.deb root
cat > server.py <<'END'
"""Four ports in a row on two addresses of loopback; greets, and at the end prints the connections of each."""
import collections, select, signal, socket, sys
def listeners(first):
    return {(address, at): socket.create_server((address, first + at)) for address in ("127.0.0.1", "127.0.0.2") for at in range(4)}
for first in range(20000, 30000, 7):
    try: open_ = listeners(first)
    except OSError: continue
    break
names = {listener: name for name, listener in open_.items()}
counts = collections.Counter()
def report(*_):
    for address in ("127.0.0.1", "127.0.0.2"): print(address + ":", *(counts[address, at] for at in range(4)))
    sys.exit()
signal.signal(signal.SIGTERM, report)
print(first, flush=True)
while True:
    for listener in select.select(list(names), [], [])[0]:
        connection, _ = listener.accept()
        counts[names[listener]] += 1
        connection.sendall(b"hello\r\n")
        connection.close()
END
scan() { # scan OPTIONS TARGETS PORTS, where FIRST and LAST stand for numbers of ports
  python3 server.py > server.log 2>&1 &
  server=$!
  for _ in $(seq 100); do [ -s server.log ] && break; sleep 0.1; done
  local first
  first=$(head -n 1 server.log)
  echo "-- pnscan $*"
  # shellcheck disable=SC2046
  root/usr/bin/pnscan $(sed "s/FIRST/$first/; s/LAST/$((first + 3))/" <<< "$*") > scan.txt 2> scan.log || { cat scan.log; exit 2; }
  kill "$server"
  wait "$server" || true
  server=
  tail -n 2 server.log
  echo "lines: $(grep -c hello scan.txt || true)"
}
{
  scan 127.0.0.1 FIRST
  scan 127.0.0.1 FIRST:LAST
  scan -n1 127.0.0.1 FIRST:LAST
  scan 127.0.0.1:127.0.0.2 FIRST
  scan 127.0.0.1:127.0.0.2 FIRST:LAST
} > seen.txt
echo "pnscan $version:"
cat seen.txt
cat > expected.txt <<'END'
-- pnscan 127.0.0.1 FIRST
127.0.0.1: 1 0 0 0
127.0.0.2: 0 0 0 0
lines: 1
-- pnscan 127.0.0.1 FIRST:LAST
127.0.0.1: 1 2 2 2
127.0.0.2: 0 0 0 0
lines: 7
-- pnscan -n1 127.0.0.1 FIRST:LAST
127.0.0.1: 1 2 2 2
127.0.0.2: 0 0 0 0
lines: 7
-- pnscan 127.0.0.1:127.0.0.2 FIRST
127.0.0.1: 1 0 0 0
127.0.0.2: 1 0 0 0
lines: 2
-- pnscan 127.0.0.1:127.0.0.2 FIRST:LAST
127.0.0.1: 1 2 2 2
127.0.0.2: 1 1 1 1
lines: 11
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: two connections to each port of a range but the first"
