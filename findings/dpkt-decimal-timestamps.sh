#!/bin/bash
# dpkt 1.9.8 (Debian python3-dpkt 1.9.8-1), its reader of captures: a timestamp is a float, but a Decimal if the file is a pcap file with
# nanoseconds; of a pcapng file with nanoseconds it is a float again.
#
# Expected: one type for all that UniversalReader reads: with it a program does not see which format a file has.
# Seen: a program that subtracts two timestamps works with all three files, and one that subtracts a float, such as time.time() or 0.5, ends with a
# TypeError for the one kind. The float of the pcapng file has lost the nanoseconds (53 bits: steps of 238 ns).
# Needs python3; sends nothing. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.9.8-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "python3-dpkt=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x python3-dpkt_*.deb root
PYTHONPATH=root/usr/lib/python3/dist-packages python3 > seen.txt <<'END'
import dpkt, struct
FRAME, SECONDS, NANOSECONDS = bytes(60), 1600000000, 123456789
def pcap(magic, fraction):
    return struct.pack("<IHHiIII", magic, 2, 4, 0, 0, 65535, 1) + struct.pack("<IIII", SECONDS, fraction, 60, 60) + FRAME
def block(kind, body):
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
time = SECONDS * 10**9 + NANOSECONDS
options = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)  # if_tsresol: nanoseconds
pcapng = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 65535) + options) + \
    block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xffffffff, 60, 60) + FRAME)
files = {"pcap, microseconds": pcap(0xa1b2c3d4, NANOSECONDS // 1000), "pcap, nanoseconds": pcap(0xa1b23c4d, NANOSECONDS), "pcapng, nanoseconds": pcapng}
for name, data in files.items():
    open("file", "wb").write(data)
    with open("file", "rb") as file:
        [(stamp, _)] = list(dpkt.pcap.UniversalReader(file))
    try:
        later = stamp - 0.5 > 0
    except TypeError:
        later = "TypeError"
    print(f"{name}: {type(stamp).__name__} {stamp:.9f}, minus 0.5: {later}")
END
echo "dpkt $version:"
cat seen.txt
cat > expected.txt <<'END'
pcap, microseconds: float 1600000000.123456001, minus 0.5: True
pcap, nanoseconds: Decimal 1600000000.123456789, minus 0.5: TypeError
pcapng, nanoseconds: float 1600000000.123456717, minus 0.5: True
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: one of three kinds of files has timestamps of another type"
