#!/bin/bash
# iproute2 6.1.0 (Debian 6.1.0-3), ip -j and tc -j on Linux: a list without entries is "[]", half of that, or nothing, depending on what is listed.
#
# Expected: JSON: "[]", as ip -j neigh and ip -j route of a table that was emptied print it.
# Seen: ip -j route show of a table that has not had a route yet prints "[" alone (the error on standard error is one of the kernel's strict
# checks, which the report for people has as well); ip -j xfrm state and tc -j class print nothing at all, with status 0. tc -j filter, beside it,
# prints "[]".
# Needs root and Linux; sends nothing, in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=6.1.0-3
folder=$(mktemp -d)
space=ipj$$
cleanup() {
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "iproute2=$version" libbpf1 libelf1 libmnl0 libbsd0 libmd0 libcap2 zlib1g > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
ip netns add "$space"
ip -n "$space" link set lo up
list() {
  local status=0
  LD_LIBRARY_PATH=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd :) \
    ip netns exec "$space" "$folder/root/$1" -j "${@:2}" > out.txt 2> /dev/null || status=$?
  echo "${1##*/} -j ${*:2}: '$(tr -d '\n ' < out.txt)', status $status"
}
{
  list bin/ip neigh show
  list bin/ip route show table 77
  ip -n "$space" route add 192.0.2.0/24 dev lo table 77
  ip -n "$space" route del 192.0.2.0/24 dev lo table 77
  list bin/ip route show table 77
  list bin/ip xfrm state
  list sbin/tc filter show dev lo
  list sbin/tc class show dev lo
} > seen.txt
echo "iproute2 $version, Linux $(uname -r):"
cat seen.txt
cat > expected.txt <<'END'
ip -j neigh show: '[]', status 0
ip -j route show table 77: '[', status 2
ip -j route show table 77: '[]', status 0
ip -j xfrm state: '', status 0
tc -j filter show dev lo: '[]', status 0
tc -j class show dev lo: '', status 0
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: an empty list is not always JSON"
