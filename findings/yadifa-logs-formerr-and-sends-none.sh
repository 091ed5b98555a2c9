#!/bin/bash
# YADIFA 2.6.4 (Debian 2.6.4-1, authoritative name server): a query with a flag or a count that it does not like gets no reply; FORMERR is what
# its log says of it.
#
# Expected: flags that have no meaning in a query are ignored (RFC 1035 section 4.1.1), and a query that cannot be interpreted gets a header with
# FORMERR, as NSD and Unbound reply to one with no question, or with two: RFC 8906 ("Failure to Communicate") has servers reply to each query that
# they can read 12 bytes of, since silence looks like packet loss.
# Seen: with AA, TC, RA or a response code in the query, or with no question, or with two, nothing comes over UDP, and TCP is closed without a
# byte. The reserved bit Z and AD, CD, RD are no obstacle. The log has "FORMERR" for each over UDP, with the reason "UNPROCESSABLE_MESSAGE".
# Needs no root. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.6.4-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "yadifa=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x yadifa_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > zone <<'END'
$ORIGIN lab.test.
@ 60 SOA ns host 1 60 60 60 60
@ 60 NS ns
ns 60 A 127.0.0.1
END
cat > yadifad.conf <<END
<main>
 listen 127.0.0.1 port $port
 daemonize off
 uid $(id -u)
 gid $(id -g)
 datapath $folder
 logpath $folder
 keyspath $folder
 xfrpath $folder
 pidfile $folder/pid
</main>
<zone>
 type master
 domain lab.test
 file zone
</zone>
END
root/usr/sbin/yadifad -c yadifad.conf > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, struct, sys, time
address = ("127.0.0.1", int(sys.argv[1]))
question = b"\x03lab\x04test\x00" + struct.pack("!HH", 6, 1)
def query(flags, count): return struct.pack("!6H", 0x1234, flags, count, 0, 0, 0) + question * count
def text(reply): return f"rcode {reply[3] & 15}" if reply else "nothing"
def over_udp(message):
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.settimeout(2)
    wire.connect(address)
    wire.send(message)
    try: return wire.recv(4096)
    except TimeoutError: return b""
def over_tcp(message):
    wire = socket.create_connection(address, 20)
    wire.sendall(struct.pack("!H", len(message)) + message)
    stream = wire.makefile("rb")
    length = stream.read(2)
    return stream.read(struct.unpack("!H", length)[0]) if length else b""
for _ in range(300):
    try:
        if over_tcp(query(0, 1))[3:4] == b"\x00": break
    except OSError: pass
    time.sleep(0.1)
else: sys.exit("no server")
for name, flags, count in (("no flag", 0, 1), ("RD", 0x100, 1), ("Z", 0x40, 1), ("AD", 0x20, 1), ("CD", 0x10, 1), ("AA", 0x400, 1), ("TC", 0x200, 1),
                           ("RA", 0x80, 1), ("rcode 3", 3, 1), ("no question", 0, 0), ("two questions", 0, 2)):
    message = query(flags, count)
    print(f"{name}: {text(over_udp(message))} over UDP, {text(over_tcp(message))} over TCP")
END
echo "yadifad $version:"
python3 ask.py "$port" | tee seen.txt
logged=$(cat server.log ./*.log | grep -c 'FORMERR (UNPROCESSABLE_MESSAGE)' || true)
cat > expected.txt <<'END'
no flag: rcode 0 over UDP, rcode 0 over TCP
RD: rcode 0 over UDP, rcode 0 over TCP
Z: rcode 0 over UDP, rcode 0 over TCP
AD: rcode 0 over UDP, rcode 0 over TCP
CD: rcode 0 over UDP, rcode 0 over TCP
AA: nothing over UDP, nothing over TCP
TC: nothing over UDP, nothing over TCP
RA: nothing over UDP, nothing over TCP
rcode 3: nothing over UDP, nothing over TCP
no question: nothing over UDP, nothing over TCP
two questions: nothing over UDP, nothing over TCP
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; tail -3 server.log; echo "This has changed"; exit 1; }
grep -m 1 -ho 'query (1234).*FORMERR (UNPROCESSABLE_MESSAGE)' server.log ./*.log | head -n 1
[ "$logged" -ge 6 ] || { echo "This has changed"; exit 1; }
echo "As found: the error is in the log, and not on the wire"
