#!/bin/bash
# Linux, TCP MD5 signatures (RFC 2385, passwords of BGP sessions): a connection with a password to a host that has none for it times out at a closed
# port, as at an open one.
#
# Expected: a closed port resets, with the ACK that RFC 9293 section 3.10.7.1 has, whatever the options of the SYN: "connection refused" tells the
# router's operator that no BGP is running there. That an open port without the password drops the SYN is what the password is for.
# Seen: connect(2) with TCP_MD5SIG gets no reply from either port, over IPv4 and IPv6, where the same connect without it is refused or
# accepted. A RST would have to be signed, no key is there for it, and so none is sent, and no ICMP error either. The host counts
# TCPMD5Unexpected for the open port, and nothing for the closed one. So a daemon that is down, a wrong port, a wrong password and a firewall look alike
# to the side that has the password, while a scan, which signs nothing, shows the port closed.
# Needs root and Linux with CONFIG_TCP_MD5SIG; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if
# that has changed.
set -eu
folder=$(mktemp -d)
one=ls$$a two=ls$$b
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one address add 10.50.0.1/24 dev eth0
ip -n $two address add 10.50.0.2/24 dev eth0
ip -n $one address add fd50::1/64 dev eth0 nodad
ip -n $two address add fd50::2/64 dev eth0 nodad
for space in $one $two; do ip -n $space link set eth0 up; done
cat > server.py <<'END'
import socket, time
listener = socket.create_server(("::", 179), family=socket.AF_INET6, dualstack_ipv6=True)
print("listening", flush=True)
time.sleep(600)
END
ip netns exec $two python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q listening server.log && break; sleep 0.1; done
cat > connect.py <<'END'
import errno, socket, struct, sys
def address(host):
    if ":" in host: return struct.pack("=HHI16s104x", socket.AF_INET6, 0, 0, socket.inet_pton(socket.AF_INET6, host))
    return struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton(host))
host, port, password = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
client = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
if password: client.setsockopt(socket.IPPROTO_TCP, 14, address(host) + struct.pack("=BBHi80s", 0, 0, len(password), 0, password))  # TCP_MD5SIG
client.settimeout(4)  # for several SYNs
try:
    client.connect((host, port))
    print("connected")
except TimeoutError: print("time-out")
except OSError as error: print(errno.errorcode[error.errno])
END
counter() { ip netns exec $two cat /proc/net/netstat /proc/net/snmp | python3 -c '
import sys
lines = [line.split() for line in sys.stdin]
print(next(values[names.index(sys.argv[1])] for names, values in zip(lines[::2], lines[1::2]) if sys.argv[1] in names))' "$1"; }
for host in 10.50.0.2 fd50::2; do
  for port in 179 180; do
    before=$(counter TCPMD5Unexpected) resets=$(counter OutRsts)
    with=$(ip netns exec $one python3 connect.py $host $port secret)
    resets=$(($(counter OutRsts) - resets)) counted=$(($(counter TCPMD5Unexpected) - before))
    [ $counted = 0 ] && counted=no || counted=several
    echo "$host port $port: $(ip netns exec $one python3 connect.py $host $port ""), with a password $with, $resets resets, $counted TCPMD5Unexpected"
  done
done > seen.txt
echo "Linux $(uname -r), port 179 is open, port 180 closed:"
cat seen.txt
for host in 10.50.0.2 fd50::2; do
  cat <<END
$host port 179: connected, with a password time-out, 0 resets, several TCPMD5Unexpected
$host port 180: ECONNREFUSED, with a password time-out, 0 resets, no TCPMD5Unexpected
END
done > expected.txt
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: a signed SYN gets no reset"
