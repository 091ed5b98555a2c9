#!/bin/bash
# mtr 0.95 (Debian mtr-tiny 0.95-1), --csv: the header names 15 fields, of which one is called " " and the last has no name, and each row has 14.
#
# Expected: a header with a name for each field of a row, as the report for people and --json have them.
# Seen: the names are ended by commas, not separated, and the ninth field is the space that separates columns of the report, with the value 0
# in each row. Python's csv.DictReader finds a key " ", and a key "" whose value is None.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=0.95-1
folder=$(mktemp -d)
space=mtr$$
cleanup() {
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "mtr-tiny=$version" libjansson4 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libjansson.so*' | head -n 1)")
ip netns add "$space"
ip -n "$space" link set lo up
run() {
  MTR_PACKET=$folder/root/usr/bin/mtr-packet LD_LIBRARY_PATH=$libraries ip netns exec "$space" root/usr/bin/mtr -n -c 1 "$@" 127.0.0.1
}
run --csv > mtr.csv
{
  sed -n 1p mtr.csv
  awk -F, '{ print "fields of line " NR ": " NF }' mtr.csv
  python3 -c 'import csv; row = next(csv.DictReader(open("mtr.csv"))); print(repr(row[" "]), repr(row[""]), row["Ip"])'
  run --json | python3 -c 'import json, sys; print("json:", *json.load(sys.stdin)["report"]["hubs"][0])'
} > seen.txt
echo "mtr $version:"
cat seen.txt
cat > expected.txt <<'END'
Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,
fields of line 1: 15
fields of line 2: 14
'0' None 127.0.0.1
json: count host Loss% Snt Last Avg Best Wrst StDev
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; cat mtr.csv; echo "This has changed"; exit 1; }
echo "As found: one field has no name, and the header has one more than the rows"
