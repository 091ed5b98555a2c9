#!/bin/bash
# NFS-Ganesha (Debian nfs-ganesha 4.3-2): with NFSv4 alone it still serves UDP, where its replies to pings list version 4 and no file can be
# reached.
#
# Expected: RFC 7530 section 3.1 and RFC 8881 section 2.9.1 want a transport with congestion control, so NFSv4 is not offered over UDP: a
# server of "Protocols = 4" opens no UDP port, or replies there, as Linux's own server does, that the program or the version is not there.
# Seen: UDP port 2049 is open, the NULL procedure of version 4 succeeds, and the range of versions is 4-4, as over TCP. But each COMPOUND
# that begins at the root, as every client's does, gets NFS4ERR_ACCESS (13), the code of a permission that is lacking, where the same
# bytes over TCP succeed. So rpcinfo -u, monitors that ping NFS over UDP and scanners report a service that serves no client, and the
# error leads to the exports' permissions.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=4.3-2
folder=$(mktemp -d)
space=nf$$
processes=
cleanup() {
  for process in $processes; do { kill -KILL "$process" 2> /dev/null && wait "$process" 2> /dev/null; } || true; done
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nfs-ganesha=$version" "nfs-ganesha-vfs=$version" rpcbind libwrap0 libntirpc4.3 liburcu8 libwbclient0 libnfsidmap1 \
  libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1 libdbus-1-3 libtirpc3 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH=$libraries:$folder/root/lib/x86_64-linux-gnu:$libraries/samba:$folder/root/usr/lib/ganesha
ip netns add "$space"
ip -n "$space" link set lo up
mkdir state
cat > ganesha.conf <<END
NFS_CORE_PARAM { Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; Plugins_Dir = $libraries/ganesha; }
NFSv4 { RecoveryRoot = $folder/state; Graceless = true; }
EXPORT { Export_Id = 1; Path = $folder/state; Pseudo = /files; Access_Type = RO; FSAL { Name = VFS; } }
END
# In a mount namespace of their own, where /run is theirs, and the plugins of a library are in their one place.
run() {
  ip netns exec "$space" unshare --mount sh -ec 'system=/usr/lib/x86_64-linux-gnu; mount -t tmpfs run /run; mkdir -p /run/ganesha /run/rpcbind
    mount -t overlay plugins -o "lowerdir=$1:$system" "$system"; shift; exec "$@"' - "$libraries" "$@"
}
run sh -c "$folder/root/sbin/rpcbind -w -f & exec $folder/root/usr/bin/ganesha.nfsd -F -L STDOUT -p $folder/pid -f ganesha.conf" > ganesha.log 2>&1 &
processes=$!
for _ in $(seq 150); do ip netns exec "$space" ss -Hltn | grep -q :2049 && break; sleep 0.1; done
processes="$processes $(ip netns pids "$space")"
cat > ask.py <<'END'
import socket, struct
def call(version, procedure, body=b""):
    return struct.pack(">6I", 7, 0, 2, 100003, version, procedure) + bytes(16) + body
# No tag, minor version 0: PUTROOTFH, and GETATTR of the attributes that are supported.
COMPOUND = struct.pack(">7I", 0, 0, 2, 24, 9, 1, 1)
def over_udp(message):
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.settimeout(5)
    asker.sendto(message, ("127.0.0.1", 2049))
    return asker.recv(9000)
def over_tcp(message):
    asker = socket.create_connection(("127.0.0.1", 2049), 5)
    asker.sendall(struct.pack(">I", 0x80000000 | len(message)) + message)
    return asker.recv(9000)[4:]
for name, send in (("UDP", over_udp), ("TCP", over_tcp)):
    for title, message in (("NULL of version 3", call(3, 0)), ("NULL of version 4", call(4, 0)), ("COMPOUND at the root", call(4, 1, COMPOUND))):
        try: reply = send(message)
        except OSError as error: print(f"{name}, {title}: {error}", flush=True); continue
        words = struct.unpack(f">{len(reply) // 4}I", reply[:len(reply) // 4 * 4])[5:]
        if words[0] == 2: text = f"versions {words[1]}-{words[2]}"
        elif len(words) == 1: text = "accepted"
        else: text = f"accepted, status {words[1]}"
        print(f"{name}, {title}: {text}", flush=True)
END
ip netns exec "$space" python3 ask.py > seen.txt || true
echo "nfs-ganesha $version:"
cat seen.txt
cat > expected.txt <<'END'
UDP, NULL of version 3: versions 4-4
UDP, NULL of version 4: accepted
UDP, COMPOUND at the root: accepted, status 13
TCP, NULL of version 3: versions 4-4
TCP, NULL of version 4: accepted
TCP, COMPOUND at the root: accepted, status 0
END
cmp -s seen.txt expected.txt || { tail -n 30 ganesha.log; echo "This has changed"; exit 1; }
echo "As found: version 4 is there for a ping over UDP, and for nothing else"
