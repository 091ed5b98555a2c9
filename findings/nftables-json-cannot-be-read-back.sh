#!/bin/bash
# nftables 1.0.6 (Debian 1.0.6-2+deb12u2), nft -j: two usual rulesets cannot be loaded from the JSON that nft itself has listed, and of others a part
# is gone.
#
# Expected: "nft -j list ruleset", "nft flush ruleset" and "nft -j -f" is a way to save and restore a firewall, as it is without -j:
# libnftables-json(5) has one schema for both directions.
# Seen: a verdict map that jumps to a chain is listed before the chain, and refused when it is read ("No such file or directory"; an anonymous
# map in a rule is fine, and without -j the order does not matter). A chain at the ingress of a device is listed without its device, and refused
# for the lack of it. Comments of tables, chains and sets, and "auto-merge" of a set, are not in the list at all, so that they are lost in silence.
# Needs root (a network namespace of its own). Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.0.6-2+deb12u2
if [ "${1:-}" != inside ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  (cd "$folder" && apt-get download -q "nftables=$version" "libnftables1=$version") > "$folder/apt.log" 2>&1 || { cat "$folder/apt.log"; exit 2; }
  for package in "$folder"/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
  unshare --net bash "$0" inside "$folder"
  exit
fi
folder=$2
cd "$folder"
LD_LIBRARY_PATH=$folder/$(dirname "$(find root -name 'libnftables.so.*' | head -n 1)")
export LD_LIBRARY_PATH
nft() { root/usr/sbin/nft "$@"; }
ip link set lo up
# Loads standard input, saves and restores it both ways; prints what has become of it.
round_trip() {
  cat > first.nft
  for json in "" -j; do
    nft flush ruleset
    nft -f first.nft
    nft list ruleset > before.txt
    # No option, or one.
    # shellcheck disable=SC2086
    nft $json list ruleset > saved
    nft flush ruleset
    # shellcheck disable=SC2086
    if ! nft $json -f saved 2> error.txt; then result="refused: $(head -n 1 error.txt | sed 's/.*Error: //')"
    elif nft list ruleset > after.txt && cmp -s before.txt after.txt; then result=same
    else result="lost: $(diff before.txt after.txt | sed -n 's/^< *\t*//p' | paste -sd ';' | sed 's/;/; /g')"; fi
    echo "$1, ${json:-text}: $result"
  done
}
{
  round_trip "named map with a jump" <<'END'
table inet lab {
  map ports {
    type inet_service : verdict
    elements = { 22 : accept, 80 : jump web }
  }
  chain web {
    tcp dport 80 limit rate 10/second accept
  }
  chain input {
    type filter hook input priority filter; policy drop;
    tcp dport vmap @ports
  }
}
END
  round_trip "anonymous map with a jump" <<'END'
table inet lab {
  chain web {
    tcp dport 80 limit rate 10/second accept
  }
  chain input {
    type filter hook input priority filter; policy drop;
    tcp dport vmap { 22 : accept, 80 : jump web }
  }
}
END
  round_trip "ingress of a device" <<'END'
table netdev lab {
  chain ingress {
    type filter hook ingress device lo priority 0; policy accept;
    ip saddr 10.0.0.0/8 drop
  }
}
END
  round_trip "comments and auto-merge" <<'END'
table inet lab {
  comment "of the lab"
  set nets {
    type ipv4_addr
    flags interval
    auto-merge
    comment "of scanners"
    elements = { 10.0.0.0/8 }
  }
}
END
} > seen.txt
echo "nftables $version:"
cat seen.txt
cat > expected.txt <<'END'
named map with a jump, text: same
named map with a jump, -j: refused: Could not process rule: No such file or directory
anonymous map with a jump, text: same
anonymous map with a jump, -j: same
ingress of a device, text: same
ingress of a device, -j: refused: Missing `device' in this chain definition
comments and auto-merge, text: same
comments and auto-merge, -j: lost: comment "of the lab"; auto-merge; comment "of scanners"
END
sed -i 's/\.$//' seen.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: nft does not read back all of its own JSON"
