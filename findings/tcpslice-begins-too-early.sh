#!/bin/bash
# tcpslice 1.5 (Debian 1.5-1), cuts a time range out of a capture file: of a file with nanoseconds the range begins at the first packet, whatever it was
# asked for, and what is written has microseconds.
#
# Expected: the packets of the range, as of the same packets in a file with microseconds, and of the same format; or a refusal. tcpdump and libpcap, on
# which tcpslice is built, read both alike.
# Seen: of ten packets a second apart, "from the sixth on" gives five of a file with microseconds and ten of one with nanoseconds; "from the fourth to
# before the sixth" gives two and five. Nothing is printed, the exit status is 0, and the end of the range is right. The times of the copies are cut
# to microseconds. The list of times (-R) shows the cause: the end of the file is given with nine digits, as if they were microseconds.
# Needs no root. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.5-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "tcpslice=$version" libpcap0.8 libnids1.21 libosip2-15 libnet1 libglib2.0-0 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
export LD_LIBRARY_PATH
tcpslice=$(find root -type f -name tcpslice | head -n 1)
cat > write.py <<'END'
"""Ten datagrams, a second apart, with microseconds and with nanoseconds."""
import socket, struct
header = struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0, 64, 17, 0) + socket.inet_aton("10.0.0.1") + socket.inet_aton("10.0.0.2")
frame = bytes.fromhex("0200000000020200000000010800") + header + struct.pack("!HHHH", 4000, 53, 8, 0)
for name, magic, fraction in (("micro.pcap", 0xa1b2c3d4, 123456), ("nano.pcap", 0xa1b23c4d, 123456789)):
    with open(name, "wb") as file:
        file.write(struct.pack("<IHHIIII", magic, 2, 4, 0, 0, 65535, 1))
        for second in range(10): file.write(struct.pack("<IIII", 1700000000 + second, fraction, len(frame), len(frame)) + frame)
END
python3 write.py
for file in micro.pcap nano.pcap; do
  "$tcpslice" -R $file
  for range in 1700000005 +5 "1700000003 1700000005"; do
    # One time, or two.
    # shellcheck disable=SC2086
    "$tcpslice" -w out.pcap $range $file
    echo "$file from ${range/ / to }: $((($(stat -c %s out.pcap) - 24) / 58)) packets, magic $(od -A n -t x4 -N 4 out.pcap | tr -d ' ')"
  done
done > seen.txt
echo "tcpslice $version:"
cat seen.txt
cat > expected.txt <<'END'
micro.pcap	1700000000.123456	1700000009.123456
micro.pcap from 1700000005: 5 packets, magic a1b2c3d4
micro.pcap from +5: 5 packets, magic a1b2c3d4
micro.pcap from 1700000003 to 1700000005: 2 packets, magic a1b2c3d4
nano.pcap	1700000000.123456	1700000009.123456789
nano.pcap from 1700000005: 10 packets, magic a1b2c3d4
nano.pcap from +5: 10 packets, magic a1b2c3d4
nano.pcap from 1700000003 to 1700000005: 5 packets, magic a1b2c3d4
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the range of a file with nanoseconds begins at its first packet"
