#!/bin/bash
# grepcidr 2.0 (Debian 2.0-2): an IPv4 pattern also selects lines whose only address is one of IPv6 that is written with its last 32 bits as
# IPv4 (RFC 4291 section 2.2): 64:ff9b::10.0.0.5 is "in 10.0.0.0/8", and in 64:ff9b::/96 as well.
#
# Expected: an address is matched by patterns of its own family: grepcidr reads this one as a whole, as its IPv6 pattern shows, and takes
# "10.0.0.5.6" for no address at all.
# Seen: the tail of the IPv6 address counts as an address of its own; of the same address in hexadecimal it does not.
# Needs Linux; sends nothing. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.0-2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "grepcidr=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x grepcidr_*.deb root
grepcidr=root/usr/bin/grepcidr
printf '%s\n' 10.0.0.5 64:ff9b::10.0.0.5 64:ff9b::a00:5 2001:db8::1 10.0.0.5.6 > lines
for pattern in 10.0.0.0/8 64:ff9b::/96; do echo "$pattern: $("$grepcidr" "$pattern" lines | tr '\n' ' ')"; done > seen.txt
echo "grepcidr $version:"
cat seen.txt
cat > expected.txt <<'END'
10.0.0.0/8: 10.0.0.5 64:ff9b::10.0.0.5 
64:ff9b::/96: 64:ff9b::10.0.0.5 64:ff9b::a00:5 
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: an IPv6 address in mixed notation matches both families"
