#!/bin/bash
# GlusterFS (Debian glusterfs-server 10.3-5), its daemon glusterd: a call of a version that it has not is told the range of versions 0 to 0,
# and there is no NULL procedure.
#
# Expected: RFC 5531 section 9: a PROG_MISMATCH has the lowest and the highest version of the program that the server supports, which is how
# a client without a common version, rpcinfo or a scanner learns what to call; and section 12 has procedure 0 of every program do nothing,
# for pings and to measure times.
# Seen: for the handshake of clients (14398633), which has version 2, for the peers' program (1238437) of version 2 and for the list of
# programs (123451501) of version 1 the range is 0-0. Procedure 0 of the versions that exist is PROC_UNAVAIL, and for the peers' program it
# gets no reply at all. So what finds the versions of a server of RPC by the range gets one that does not exist, and monitors that ping
# with the NULL procedure report a daemon as broken that is well.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=10.3-5
folder=$(mktemp -d)
space=gl$$
server=
cleanup() {
  [ -z "$server" ] || { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# With the libraries that this machine lacks.
apt-get install -q -y --download-only --no-install-recommends --reinstall -o Dir::Cache::archives="$folder/debs" \
  "glusterfs-server=$version" "glusterfs-common=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
ip netns add "$space"
ip -n "$space" link set lo up
# The daemon has its translators and its state in fixed places: in a mount namespace of its own these are the temporary folder.
ip netns exec "$space" unshare --mount sh -ec 'mount -t tmpfs run /run
  mkdir -p /run/gluster
  mount -t overlay libraries -o "lowerdir=$1/root/usr:/usr" /usr
  mount -t tmpfs state /var/lib; mount -t tmpfs log /var/log; mkdir -p /var/lib/glusterd /var/log/glusterfs
  exec /usr/sbin/glusterd -N --log-file=- --volfile="$1/root/etc/glusterfs/glusterd.vol"' - "$folder" > glusterd.log 2>&1 &
server=$!
for _ in $(seq 200); do ip netns exec "$space" ss -Hltn | grep -q :24007 && break; sleep 0.1; done
# It listens before it serves.
for _ in $(seq 200); do grep -q event_dispatch_epoll_worker glusterd.log && break; sleep 0.1; done
cat > ask.py <<'END'
import socket, struct
STATES = {0: "success", 1: "no such program", 2: "no such version", 3: "no such procedure"}
def ask(program, version, procedure):
    asker = socket.create_connection(("127.0.0.1", 24007), 5)
    message = struct.pack(">6I", 7, 0, 2, program, version, procedure) + bytes(16)
    asker.sendall(struct.pack(">I", 0x80000000 | len(message)) + message)
    try: reply = asker.recv(4096)
    except TimeoutError: return "no reply"
    words = struct.unpack(">9I", reply[:36].ljust(36, b"\0"))
    return STATES[words[6]] + (f", versions {words[7]}-{words[8]}" if words[6] == 2 else "")
for name, program, version in (("handshake", 14398633, 2), ("peers", 1238437, 2), ("list of programs", 123451501, 1), ("NFS", 100003, 3)):
    print(f"{name}: version 9: {ask(program, 9, 0)}; version {version}, procedure 0: {ask(program, version, 0)}", flush=True)
END
ip netns exec "$space" python3 ask.py > seen.txt || true
echo "glusterd $version:"
cat seen.txt
cat > expected.txt <<'END'
handshake: version 9: no such version, versions 0-0; version 2, procedure 0: no such procedure
peers: version 9: no such version, versions 0-0; version 2, procedure 0: no reply
list of programs: version 9: no such version, versions 0-0; version 1, procedure 0: no such procedure
NFS: version 9: no such program; version 3, procedure 0: no such program
END
cmp -s seen.txt expected.txt || { tail -n 30 glusterd.log; echo "This has changed"; exit 1; }
echo "As found: the range is 0-0, and no procedure is NULL's"
