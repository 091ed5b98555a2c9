#!/bin/bash
# Orthanc (Debian 1.10.1+dfsg-2+deb12u1, DICOM server): each four associations that are open and idle make every request of the others a
# second slower.
#
# Expected: a C-ECHO, DICOM's ping, is replied to within milliseconds however many associations are idle, or an association too many is
# rejected with the reason that there is for it (PS3.8 section 9.3.4: transient, "local limit exceeded"). Modalities and viewers keep
# associations open between images, and PS3.8 has no limit on how long.
# Seen: all associations are accepted, and four threads look at each in turn, for up to one second where nothing comes. So beside 3 idle
# associations the echo takes milliseconds, beside 4 it takes 1 s, beside 8 it takes 2 s, beside 20 it takes 5 s, and it is fast again as
# soon as they are closed. A monitor whose limit is some seconds reports a server as down that has nothing to do.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.10.1+dfsg-2+deb12u1
folder=$(mktemp -d)
space=or$$
server=
cleanup() {
  [ -z "$server" ] || { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial store
# With the libraries that this machine lacks.
apt-get install -q -y --download-only --no-install-recommends --reinstall -o Dir::Cache::archives="$folder/debs" "orthanc=$version" \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
export DCMDICTPATH=$folder/root/usr/share/libdcmtk17/dicom.dic
ip netns add "$space"
ip -n "$space" link set lo up
cat > orthanc.json <<END
{ "HttpServerEnabled": false, "DicomPort": 4242, "StorageDirectory": "$folder/store", "IndexDirectory": "$folder/store" }
END
ip netns exec "$space" root/usr/sbin/Orthanc orthanc.json > orthanc.log 2>&1 &
server=$!
for _ in $(seq 200); do ip netns exec "$space" ss -Hltn | grep -q :4242 && break; sleep 0.1; done
cat > ask.py <<'END'
import socket, struct, time
def item(kind, body): return struct.pack(">BBH", kind, 0, len(body)) + body
def pdu(kind, body): return struct.pack(">BBI", kind, 0, len(body)) + body
def element(number, value): return struct.pack("<HHI", 0, number, len(value)) + value
CONTEXT = item(0x20, b"\1\0\0\0" + item(0x30, b"1.2.840.10008.1.1") + item(0x40, b"1.2.840.10008.1.2"))
USER = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"2.25.1") + item(0x55, b"ASKER"))
REQUEST = pdu(1, b"\0\1\0\0" + b"ORTHANC".ljust(16) + b"ASKER".ljust(16) + bytes(32) + item(0x10, b"1.2.840.10008.3.1.1.1") + CONTEXT + USER)
def echo(number):
    """Returns a C-ECHO-RQ (PS3.7 section 9.3.5) in a P-DATA-TF."""
    fields = (element(2, b"1.2.840.10008.1.1\0") + element(0x100, struct.pack("<H", 0x30)) + element(0x110, struct.pack("<H", number))
              + element(0x800, struct.pack("<H", 0x101)))
    command = element(0, struct.pack("<I", len(fields))) + fields
    return pdu(4, struct.pack(">IBB", len(command) + 2, 1, 3) + command)
def receive(connection):
    """Returns the type of the next PDU."""
    def take(count):
        data = b""
        while len(data) < count: data += connection.recv(count - len(data)) or exit("closed")
        return data
    kind, _, length = struct.unpack(">BBI", take(6))
    take(length)
    return kind
def associate():
    connection = socket.create_connection(("127.0.0.1", 4242), 30)
    connection.sendall(REQUEST)
    kind = receive(connection)
    return connection if kind == 2 else exit(f"PDU of type {kind} instead of an acceptance")
def seconds(connection, number):
    began = time.monotonic()
    connection.sendall(echo(number))
    if receive(connection) != 4: exit("no reply to the echo")
    # A busy machine adds a part of a second.
    return int(time.monotonic() - began + 0.2)
for idle in (0, 3, 4, 8, 20):
    others = [associate() for _ in range(idle)]
    connection = associate()
    taken = seconds(connection, 1)
    for other in others: other.close()
    time.sleep(2)
    print(f"beside {idle} idle associations: {taken} s; after their end: {seconds(connection, 2)} s", flush=True)
    connection.close()
    time.sleep(2)
END
ip netns exec "$space" python3 ask.py > seen.txt 2>&1 || true
echo "orthanc $version:"
cat seen.txt
cat > expected.txt <<'END'
beside 0 idle associations: 0 s; after their end: 0 s
beside 3 idle associations: 0 s; after their end: 0 s
beside 4 idle associations: 1 s; after their end: 0 s
beside 8 idle associations: 2 s; after their end: 0 s
beside 20 idle associations: 5 s; after their end: 0 s
END
cmp -s seen.txt expected.txt || { tail -n 20 orthanc.log; echo "This has changed"; exit 1; }
echo "As found: idle associations slow the others, a second for four"
