#!/bin/bash
# Linux 6.18.44: it sends one client ten "port unreachable" a second over IPv6, and one a second over IPv4; after a burst of six in both.
#
# Expected: the same for both families, 1,000 ms between two errors to one client, as Documentation/networking/ip-sysctl.rst had it for
# net.ipv4.icmp_ratelimit and net.ipv6.icmp.ratelimit for years, and as scanners assume ("a closed UDP port a second"); by the source of
# those years the IPv6 interval is shorter by the prefix length of the route to the client: 1,000 ms for /128, 250 ms for /64, 62 ms for ::/0.
# Seen: net.ipv6.icmp.ratelimit is 100 in a new network namespace, and the interval 100 ms for clients on a /64, on a /128 and behind the
# default route. So a UDP scan of closed ports of one machine takes a tenth of the time over IPv6, and a timer that was measured over one
# family is wrong by ten for the other. Older kernels differ: this script tells it as a change.
# Needs root and Linux; packets stay in two network namespaces that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
folder=$(mktemp -d)
one=li$$a two=li$$b
cleanup() {
  for space in $one $two; do ip netns del $space 2> /dev/null || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
for space in $one $two; do ip netns add $space; ip -n $space link set lo up; done
ip -n $one link add eth0 type veth peer name eth0 netns $two
ip -n $one link set eth0 up
ip -n $two link set eth0 up
ip -n $one address add 10.52.0.1/24 dev eth0
ip -n $two address add 10.52.0.2/24 dev eth0
for address in 2001:db8:52::1/64 2001:db8:53::1/128 2001:db8:54::1/128; do ip -n $one address add $address dev eth0 nodad; done
ip -n $two address add 2001:db8:52::2/64 dev eth0 nodad
ip -n $two -6 route add default via 2001:db8:52::1
ip -n $two -6 route add 2001:db8:54::1/128 via 2001:db8:52::1
cat > errors.py <<'END'
import socket, sys, time
name, own, far = sys.argv[1:]
sender = socket.socket(socket.AF_INET6 if ":" in far else socket.AF_INET, socket.SOCK_DGRAM)
sender.bind((own, 0))
sender.connect((far, 9))
begin, times = time.monotonic(), []
while time.monotonic() - begin < 5.5:
    try: sender.send(b"x")
    except ConnectionRefusedError: times.append(time.monotonic() - begin)
    time.sleep(0.004)
burst = sum(moment < 0.09 for moment in times)
later = [moment for moment in times if moment >= 0.09]
interval = 1000 * (later[-1] - later[0]) / (len(later) - 1)
print(f"{name}: {burst} errors at once, then one each {interval:.0f} ms", file=sys.stderr)
kind = next((text for low, high, text in ((90, 115, "100"), (950, 1100, "1000")) if low <= interval <= high), "other")
print(f"{name}: {5 if burst in (5, 6, 7) else burst} or more, {kind}")
END
echo "Linux $(uname -r), 250 datagrams a second to a closed UDP port:"
ask() { ip netns exec $one python3 errors.py "$@" >> seen.txt || exit 2; }
ask "IPv4, /24" 10.52.0.1 10.52.0.2
ask "IPv6, /64" 2001:db8:52::1 2001:db8:52::2
ask "IPv6, default route" 2001:db8:53::1 2001:db8:52::2
ask "IPv6, /128" 2001:db8:54::1 2001:db8:52::2
for name in net.ipv4.icmp_ratelimit net.ipv6.icmp.ratelimit; do ip netns exec $two sysctl $name; done | tee -a seen.txt
cat > expected.txt <<'END'
IPv4, /24: 5 or more, 1000
IPv6, /64: 5 or more, 100
IPv6, default route: 5 or more, 100
IPv6, /128: 5 or more, 100
net.ipv4.icmp_ratelimit = 1000
net.ipv6.icmp.ratelimit = 100
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: ten errors a second over IPv6, one over IPv4"
