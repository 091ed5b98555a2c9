#!/bin/bash
# OsmoGGSN (Debian osmo-ggsn 1.9.0-3+b1, GTP for mobile networks): a message of a later GTP version gets "Version Not Supported" on port 3386,
# where only version 0 is spoken, and nothing on port 2123, where today's versions 1 and 2 meet.
#
# Expected: "Version Not Supported" (type 3) on both: 3GPP TS 29.060 section 11.1.1 has it sent for each message of an unsupported version,
# so that a peer that speaks GTPv2 (or a scanner) learns within a millisecond to use version 1.
# Seen: on 3386 a message of type 3 to whatever has a version above 0 in its first byte, such as the letters of a SIP request, so
# that a probe of any protocol finds this port. On 2123, and 2152, silence to versions 2 and 7, which OsmoGGSN logs as "Unsupported GTP
# version". So probes of GTPv2 find the retired port and not the working one, which only an echo of version 1 shows.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.9.0-3+b1
folder=$(mktemp -d)
space=og$$
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "osmo-ggsn=$version" "libgtp6=$version" libosmocore19 libosmoctrl0 libosmogsm18 libosmovty9 libsctp1 libtalloc2 \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
ip netns add "$space"
ip -n "$space" link set lo up
cat > osmo-ggsn.cfg <<END
line vty
 no login
 bind 127.0.0.1
ggsn ggsn0
 gtp state-dir $folder
 gtp bind-ip 127.0.0.6
 apn internet
  gtpu-mode tun
  tun-device tun4
  type-support v4
  ip prefix dynamic 10.45.0.0/24
  ip dns 0 10.45.0.1
  ip ifconfig 10.45.0.1/24
  no shutdown
 default-apn internet
 no shutdown ggsn
END
LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu ip netns exec "$space" root/usr/bin/osmo-ggsn -c osmo-ggsn.cfg > osmo-ggsn.log 2>&1 &
server=$!
for _ in $(seq 100); do ip netns exec "$space" ss -Hlun | grep -q :2152 && break; sleep 0.1; done
cat > ask.py <<'END'
import socket
NAMES = {2: "Echo Response", 3: "Version Not Supported"}
ECHOES = (("GTPv0 echo", "1e01000000000000000000000000000000000000"), ("GTPv1 echo", "320100040000000000010000"),
          ("GTPv2 echo", "400100090000010003000100 00"), ("version 7", "f20100040000000000010000"), ("SIP", b"OPTIONS sip:a SIP/2.0\r\n\r\n".hex()))
for port in (3386, 2123, 2152):
    for name, message in ECHOES:
        asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asker.settimeout(2)
        asker.sendto(bytes.fromhex(message), ("127.0.0.6", port))
        try: data = asker.recv(2000)
        except OSError: reply = "no reply"
        else: reply = f"version {data[0] >> 5}, {NAMES.get(data[1], data[1])}"
        print(f"{port}, {name}: {reply}", flush=True)
END
ip netns exec "$space" python3 ask.py > seen.txt
echo "osmo-ggsn $version:"
cat seen.txt
cat > expected.txt <<'END'
3386, GTPv0 echo: version 0, Echo Response
3386, GTPv1 echo: version 1, Version Not Supported
3386, GTPv2 echo: version 1, Version Not Supported
3386, version 7: version 1, Version Not Supported
3386, SIP: version 1, Version Not Supported
2123, GTPv0 echo: no reply
2123, GTPv1 echo: version 1, Echo Response
2123, GTPv2 echo: no reply
2123, version 7: no reply
2123, SIP: no reply
2152, GTPv0 echo: no reply
2152, GTPv1 echo: version 1, Echo Response
2152, GTPv2 echo: no reply
2152, version 7: no reply
2152, SIP: no reply
END
cmp -s seen.txt expected.txt || { tail -n 40 osmo-ggsn.log; echo "This has changed"; exit 1; }
echo "As found: the reply about versions exists on the old port only"
