#!/bin/bash
# Linux with net.ipv4.tcp_abort_on_overflow=1: a port whose accept queue is full drops SYNs, as without the setting; it resets none.
#
# Expected, by tcp(7) ("Enable resetting connections if the listening service is too slow and unable to keep up and accept them") and
# Documentation/networking/ip-sysctl.rst ("If listening service is too slow to accept new connections, reset them"): a client that comes while
# the queue is full gets a RST: "connection refused", closed to a scanner.
# Seen: a SYN gets no reply with 0 and with 1: connect(2) times out, and nmap -sS and -sT have "filtered, no-response". ListenOverflows and ListenDrops
# are counted, and no EmbryonicRsts. A full queue is noticed at the SYN, which is dropped; the setting is read where a handshake is
# completed, by a client whose SYN came when there was room. So neither value makes a busy service look closed, and the silence of an
# overloaded server cannot be told from a firewall's.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=7.93+dfsg1-1
folder=$(mktemp -d)
one=fb$$a two=fb$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "nmap=$version" "nmap-common=$version" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
export NMAPDIR="$folder/root/usr/share/nmap"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.56.0.1/24 dev eth0
ip -n $two address add 10.56.0.2/24 dev eth0
for space in $one $two; do ip -n $space link set eth0 up; done
cat > server.py <<'END'
"""Listens on port 80 and accepts nothing, until its queue is full; says how many of eight clients were connected."""
import select, socket, time
listener = socket.create_server(("10.56.0.2", 80), backlog=2)
clients = [socket.socket() for _ in range(8)]
for client in clients:
    client.setblocking(False)
    client.connect_ex(("10.56.0.2", 80))
time.sleep(0.5)
print(len(select.select([], clients, [], 0)[1]), "of 8 clients in the queue", flush=True)
time.sleep(60)
END
counter() { ip netns exec $two python3 -c '
import sys
lines = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt:")]
print(dict(zip(*lines))[sys.argv[1]])' "$1"; }
for value in 0 1; do
  ip netns exec $two sysctl -qw net.ipv4.tcp_abort_on_overflow=$value
  ip netns exec $two python3 server.py > server.log 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q queue server.log && break; sleep 0.1; done
  before=$(counter ListenOverflows)
  echo "tcp_abort_on_overflow=$value: $(cat server.log)"
  for technique in -sS -sT; do
    LD_LIBRARY_PATH=$libraries ip netns exec $one root/usr/bin/nmap -n -Pn $technique -p 80 --reason 10.56.0.2 > scan.txt
    echo "nmap $technique: $(sed -nE 's/^80\/tcp +([a-z]+) +http +([a-z-]+).*/\1 \2/p' scan.txt)"
  done
  ip netns exec $one python3 -c '
import errno, socket
client = socket.socket()
client.settimeout(2)
try: client.connect(("10.56.0.2", 80)); print("connect: connected")
except OSError as error: print("connect:", "time-out" if error.errno is None else errno.errorcode[error.errno])'
  [ "$(counter ListenOverflows)" -gt "$before" ] && echo "ListenOverflows: counted"
  echo "EmbryonicRsts: $(counter EmbryonicRsts)"
  kill $server
  wait $server 2> /dev/null || true
  server=
done > seen.txt
echo "Linux $(uname -r), nmap $version:"
cat seen.txt
for value in 0 1; do
  cat <<END
tcp_abort_on_overflow=$value: 3 of 8 clients in the queue
nmap -sS: filtered no-response
nmap -sT: filtered no-response
connect: time-out
ListenOverflows: counted
EmbryonicRsts: 0
END
done > expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: a full queue is silent, with either setting"
