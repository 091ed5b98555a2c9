#!/bin/bash
# masscan 1.3.2 (Debian 2:1.3.2+ds1-1), --top-ports N: the N lowest numbers of a list of a thousand ports, not the N that are most often open.
#
# Expected: as with the options of that name of nmap and naabu, 3 are 80, 23 and 443 in some order, and 100 have MySQL (3306), RDP (3389) and 8080
# among them.
# Seen: 3 are 1, 3 and 4; the first 10 end below ssh (22), the first 50 below https (443), and the first 100 with 617. The list is in the order of the
# numbers, and the first N are taken. So a scan of "the top 100" finds no MySQL, no RDP and no web server on 8080, and has no word about it;
# two scanners with the same flag differ, and neither the network nor the rate is the cause.
# Sends nothing. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2:1.3.2+ds1-1 library=1.10.3-1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "masscan=$version" "libpcap0.8=$library" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
ln -sf libpcap.so.0.8 "$libraries/libpcap.so"
for count in 3 10 50 100; do
  LD_LIBRARY_PATH=$libraries root/usr/bin/masscan --top-ports $count --echo 2> /dev/null | sed -nE 's/^ports = (.*)/\1/p' | python3 -c '
import sys
ranges = [[int(end) for end in part.split("-")] for part in input().split(",")]
ports = [port for range_ in ranges for port in range(range_[0], range_[-1] + 1)]
useful = [port for port in (22, 80, 443, 445, 3306, 3389, 8080) if port in ports]
print(f"top {sys.argv[1]}: {len(ports)} ports, {ports[0]} to {ports[-1]}, of 22 80 443 445 3306 3389 8080:", *useful or ["none"])' $count
done > seen.txt
echo "masscan $version:"
cat seen.txt
cat > expected.txt <<'END'
top 3: 3 ports, 1 to 4, of 22 80 443 445 3306 3389 8080: none
top 10: 10 ports, 1 to 20, of 22 80 443 445 3306 3389 8080: none
top 50: 50 ports, 1 to 161, of 22 80 443 445 3306 3389 8080: 22 80
top 100: 100 ports, 1 to 617, of 22 80 443 445 3306 3389 8080: 22 80 443 445
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the top ports are the lowest"
