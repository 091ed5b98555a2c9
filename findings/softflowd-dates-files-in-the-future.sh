#!/bin/bash
# softflowd 1.1.0 (Debian 1.1.0-1+b1), -r FILE: as NetFlow 5 and 9 it exports the flows of a capture file with dates days or weeks after the export; one
# of 2020 may have its flows next week.
#
# Expected: the dates of the packets, as softflowd itself prints them with -D, and as nfpcapd has them.
# Seen: the exporter "started" now (unix_secs the present, sysUptime 0), and the file's flows began some 10^11 ms before that, in the 32 bits of
# FIRST_SWITCHED (RFC 3954 section 8): what is left modulo 2^32 ms is added by a collector, and gives a date within the next 49.7 days. The order
# and the distances of flows are right, so that nothing looks wrong but the date. A file of a minute ago lands 49.7 days ahead. With -a
# ("adjusting time for reading pcap file", off by default) the dates are those of the file.
# Needs no root. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.1.0-1+b1
folder=$(mktemp -d)
collector=
cleanup() {
  [ -z "$collector" ] || { kill "$collector" 2> /dev/null && wait "$collector" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "softflowd=$version" libpcap0.8 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export LD_LIBRARY_PATH
cat > write.py <<'END'
"""A file of two datagrams, ten seconds apart."""
import socket, struct
def frame(port):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0) + socket.inet_aton("10.0.0.1") + socket.inet_aton("10.0.0.2")
    return bytes.fromhex("0200000000020200000000010800") + header + struct.pack("!HHHH", 4000, port, 8, 0)
with open("file.pcap", "wb") as file:
    file.write(struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for at, port in ((1600000000, 53), (1600000010, 54)):
        file.write(struct.pack("<IIII", at, 0, 42, 42) + frame(port))
END
cat > collect.py <<'END'
"""Prints the port and the first date of each flow, by NetFlow 5 and 9."""
import socket, struct, time
socket_ = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
socket_.bind(("127.0.0.1", 0))
socket_.settimeout(20)
print(socket_.getsockname()[1], flush=True)
templates, seen = {}, {}
def add(port, ms): seen[port] = ms
while len(seen) < 2:
    data = socket_.recv(65535)
    version, count, uptime, seconds = struct.unpack("!HHII", data[:12])
    started = seconds * 1000 - uptime
    if version == 5:
        started += struct.unpack("!I", data[12:16])[0] // 1000000
        for at in range(24, 24 + 48 * count, 48):
            add(struct.unpack("!H", data[at + 34:at + 36])[0], started + struct.unpack("!I", data[at + 24:at + 28])[0])
        continue
    at = 20
    while at + 4 <= len(data):
        number, length = struct.unpack("!HH", data[at:at + 4])
        body, at = data[at + 4:at + length], at + max(length, 4)
        while number == 0 and len(body) >= 4:
            own, fields = struct.unpack("!HH", body[:4])
            templates[own] = [struct.unpack("!HH", body[4 + 4 * each:8 + 4 * each]) for each in range(fields)]
            body = body[4 + 4 * fields:]
        layout = templates.get(number, [])
        size = sum(width for _, width in layout)
        while size and len(body) >= size:
            values, offset = {}, 0
            for kind, width in layout:
                values[kind] = int.from_bytes(body[offset:offset + width], "big")
                offset += width
            body = body[size:]
            if {11, 22} <= values.keys(): add(values[11], started + values[22])
now = time.time()
for port in sorted(seen):
    after = seen[port] / 1000 - 1600000000 - (port - 53) * 10
    ahead = (seen[port] / 1000 - now) / 86400
    where = "as in the file" if abs(after) < 1.5 else "0 to 50 days ahead" if 0 < ahead < 50 else "elsewhere"
    print(f"port {port}: {where}")
    print(f"port {port}: {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(seen[port] / 1000))}", file=open("dates.txt", "a"))
print(f"between them: {round((seen[54] - seen[53]) / 1000)} s")
END
python3 write.py
for options in "-v 5" "-v 9" "-v 9 -a"; do
  echo "-- $options" | tee -a dates.txt
  python3 collect.py > collected.txt 2>&1 &
  collector=$!
  for _ in $(seq 100); do [ -s collected.txt ] && break; sleep 0.1; done
  # Several options.
  # shellcheck disable=SC2086
  root/usr/sbin/softflowd -r file.pcap -n "127.0.0.1:$(head -n 1 collected.txt)" -d -p "$folder/pid" -c none $options > softflowd.log 2>&1 || { cat softflowd.log >&2; exit 2; }
  wait $collector || true
  collector=
  tail -n +2 collected.txt
done > seen.txt
echo "softflowd $version, now $(date -u '+%Y-%m-%d %H:%M:%S'):"
cat dates.txt
cat seen.txt
cat > expected.txt <<'END'
-- -v 5
port 53: 0 to 50 days ahead
port 54: 0 to 50 days ahead
between them: 10 s
-- -v 9
port 53: 0 to 50 days ahead
port 54: 0 to 50 days ahead
between them: 10 s
-- -v 9 -a
port 53: as in the file
port 54: as in the file
between them: 10 s
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: flows of an old file are dated in the future"
