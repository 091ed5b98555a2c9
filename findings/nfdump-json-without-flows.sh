#!/bin/bash
# nfdump 1.7.1 (Debian 1.7.1-2+deb12u1), -o json: where the filter matches no flow, the array holds a sentence instead of nothing.
#
# Expected: [] on standard output, as it is an array of flows otherwise, with notes for people on standard error.
# Seen: "[", "No matching flows", "]" on standard output, and status 0: a reader of JSON fails just where there is nothing to report. Of statistics
# (-s) in JSON, which it has not, the refusal and the end of an array are printed as well, with status 0.
# Needs python3 and Linux; sends nothing. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.7.1-2+deb12u1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "nfdump=$version" libpcap0.8 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
# Two datagrams of IPv4 in Ethernet frames.
python3 - <<'END'
import socket, struct
with open("two.pcap", "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for at, (source, target) in enumerate((("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.1"))):
        udp = struct.pack("!HHHH", 4000, 53, 12, 0) + b"data"
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, *map(socket.inet_aton, (source, target)))
        frame = bytes(12) + b"\x08\x00" + ip + udp
        file.write(struct.pack("<IIII", 1600000000 + at, 0, len(frame), len(frame)) + frame)
END
mkdir flows
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
LD_LIBRARY_PATH=$libraries root/usr/bin/nfpcapd -r two.pcap -w flows > nfpcapd.log 2>&1 || { cat nfpcapd.log; exit 2; }
show() {
  local status=0
  LD_LIBRARY_PATH=$libraries root/usr/bin/nfdump -R flows -o json "$@" > out.json 2> err.txt || status=$?
  echo "$*: status $status, $(python3 -c 'import json, sys
try: print(len(json.load(open("out.json"))), "flows")
except ValueError: print("no JSON:", open("out.json").read().split("\n"))')"
}
{
  show "host 192.0.2.1"
  show "host 198.51.100.1"
  show -s ip/bytes
} > seen.txt
echo "nfdump $version:"
cat seen.txt
cat > expected.txt <<'END'
host 192.0.2.1: status 0, 2 flows
host 198.51.100.1: status 0, no JSON: ['[', 'No matching flows', ']', '']
-s ip/bytes: status 0, no JSON: ['Not yet implemented output format', 'Not yet implemented output format', '', ']', '']
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; cat err.txt nfpcapd.log; echo "This has changed"; exit 1; }
echo "As found: no flow is no JSON"
