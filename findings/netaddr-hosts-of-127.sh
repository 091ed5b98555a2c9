#!/bin/bash
# netaddr 0.8.0 (Debian python3-netaddr 0.8.0-2): an IPv6 /127 has one host and a /128 has none, where an IPv4 /31 has two and a /32 has one.
#
# Expected: iter_hosts() of the two prefixes for point-to-point links has both ends: RFC 3021 makes both addresses of a /31 hosts, and RFC 6164
# (section 5) those of a /127, on which subnet-router anycast is to be disabled; and a prefix of one address has that.
# Seen: of each IPv6 prefix the first address is left out for anycast, of these too: an inventory made of it lacks one end of each link, and all
# single addresses.
# Needs python3; sends nothing. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.8.0-2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "python3-netaddr=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x python3-netaddr_*.deb root
PYTHONPATH=root/usr/lib/python3/dist-packages python3 > seen.txt <<'END'
from netaddr import IPNetwork
for prefix in ("192.0.2.0/30", "192.0.2.0/31", "192.0.2.0/32", "2001:db8::/126", "2001:db8::/127", "2001:db8::/128"):
    print(prefix, "has", *IPNetwork(prefix).iter_hosts())
END
echo "netaddr $version:"
cat seen.txt
cat > expected.txt <<'END'
192.0.2.0/30 has 192.0.2.1 192.0.2.2
192.0.2.0/31 has 192.0.2.0 192.0.2.1
192.0.2.0/32 has 192.0.2.0
2001:db8::/126 has 2001:db8::1 2001:db8::2 2001:db8::3
2001:db8::/127 has 2001:db8::1
2001:db8::/128 has
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: single IPv6 addresses and one end of each link are no hosts"
