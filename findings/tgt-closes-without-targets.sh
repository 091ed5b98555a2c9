#!/bin/bash
# tgt (Debian 1:1.0.85-1+deb12u1, iSCSI target of Linux): while it has no target it closes every connection, before it has read anything.
#
# Expected: the port speaks iSCSI from the start: a login for a discovery session (RFC 7143 section 4.3) succeeds, and SendTargets lists
# nothing, as RFC 7143 section 6.2 has it where an initiator may use no target; or the login is refused with a status class (section
# 11.13.5), such as 3, "service unavailable".
# Seen: the connection is accepted and closed at once, without a byte, to a login as to silence. One target, which may have no disk and
# allow no initiator, is enough for the login to succeed, also for a stranger; when the last target is deleted the port closes again. So
# a server that has booted without its disks is an open port of an unknown service for a scanner, and for an initiator a broken network.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:1.0.85-1+deb12u1
folder=$(mktemp -d)
space=tg$$
server=
cleanup() {
  [ -z "$server" ] || { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "tgt=$version" libaio1 libibverbs1 librdmacm1 libnl-3-200 libnl-route-3-200 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu TGT_IPC_SOCKET=$folder/control
ip netns add "$space"
ip -n "$space" link set lo up
ip netns exec "$space" root/usr/sbin/tgtd -f --iscsi portal=127.0.0.1:3260 > tgtd.log 2>&1 &
server=$!
for _ in $(seq 100); do [ -S control.0 ] && ip netns exec "$space" ss -Hltn | grep -q :3260 && break; sleep 0.1; done
cat > ask.py <<'END'
import socket, struct, sys
TEXT = b"InitiatorName=iqn.2000-01.invalid:one\0SessionType=Discovery\0AuthMethod=None\0"
TEXT += bytes(-len(TEXT) % 4)
LOGIN = bytes.fromhex("43870000 00") + len(TEXT).to_bytes(3, "big") + bytes.fromhex("400000000001 0000 00000001 0001 0000 00000001 00000000")
def received(connection):
    """Returns what comes: bytes, empty at an end, or nothing within 2 seconds."""
    try: return connection.recv(4096)
    except ConnectionResetError: return b""
    except TimeoutError: return None
for name, request in (("silence", b""), ("login", LOGIN + bytes(16) + TEXT)):
    connection = socket.create_connection(("127.0.0.1", 3260), 2)
    try: connection.sendall(request)
    except OSError: pass
    reply = received(connection)
    if reply is None: seen = "waits"
    elif not reply: seen = "closed without a byte"
    else: seen = f"{'login response' if reply[0] == 0x23 else hex(reply[0])}, status {reply[36]} {reply[37]}"
    print(f"{sys.argv[1]}, {name}: {seen}", flush=True)
END
administer() { root/usr/sbin/tgtadm --lld iscsi --mode target "$@"; }
ask() { ip netns exec "$space" python3 ask.py "$1" >> seen.txt; }
ask "no target"
administer --op new --tid 1 -T iqn.2000-01.invalid:empty
ask "a target without disks and initiators"
administer --op delete --tid 1
ask "no target any more"
echo "tgt $version:"
cat seen.txt
cat > expected.txt <<'END'
no target, silence: closed without a byte
no target, login: closed without a byte
a target without disks and initiators, silence: waits
a target without disks and initiators, login: login response, status 0 0
no target any more, silence: closed without a byte
no target any more, login: closed without a byte
END
cmp -s seen.txt expected.txt || { cat tgtd.log; echo "This has changed"; exit 1; }
echo "As found: without targets it speaks no iSCSI"
