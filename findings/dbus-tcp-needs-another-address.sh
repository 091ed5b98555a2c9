#!/bin/bash
# dbus-daemon (Debian 1.14.10-1~deb12u1): on a machine with loopback alone it cannot listen at tcp:host=127.0.0.1 ("Name or
# service not known"); with any IPv4 address on any other link it can.
#
# Expected: an address in numbers needs no name service, and 127.0.0.1 can be bound wherever loopback is up, as every other server does
# in a container or network namespace without a network.
# Seen: "Failed to lookup host/port: "127.0.0.1:PORT": Name or service not known". The daemon asks getaddrinfo(3) with AI_ADDRCONFIG, for
# which loopback is no address that is configured, and glibc keeps to it for numbers, too. The link whose address changes that has nothing
# to do with the port. So a bus over TCP that works beside a network fails in the sandbox, with a text that points to the name service.
# Needs root and Linux; nothing leaves a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.14.10-1~deb12u1
folder=$(mktemp -d)
space=db$$
server=
cleanup() {
  [ -z "$server" ] || { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "dbus-daemon=$version" "libdbus-1-3=$version" libapparmor1 libaudit1 libcap-ng0 libexpat1 libselinux1 libsystemd0 \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
cat > bus.conf <<'END'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>tcp:host=127.0.0.1,port=12704,family=ipv4</listen><auth>ANONYMOUS</auth><allow_anonymous/></busconfig>
END
ip netns add "$space"
ip -n "$space" link set lo up
try() {
  ip netns exec "$space" root/usr/bin/dbus-daemon --nofork --config-file=bus.conf > "$1" 2>&1 &
  server=$!
  state="not listening"
  for _ in $(seq 50); do
    ip netns exec "$space" ss -Hltn | grep -q 127.0.0.1:12704 && { state=listening; break; }
    kill -0 "$server" 2> /dev/null || break
    sleep 0.1
  done
  kill "$server" 2> /dev/null || true
  wait "$server" 2> /dev/null || true
  server=
}
try alone.log
alone=$state
ip -n "$space" link add name "${space}a" type veth peer name "${space}b"
ip -n "$space" address add 192.0.2.1/24 dev "${space}a"
ip -n "$space" link set "${space}a" up
try beside.log
beside=$state
echo "dbus-daemon $version, tcp:host=127.0.0.1,port=12704:"
echo "loopback alone: $alone; $(sed 's/^dbus-daemon[^:]*: //' alone.log)"
echo "with 192.0.2.1 on another link: $beside"
[ "$alone" = "not listening" ] && grep -q 'Name or service not known' alone.log && [ "$beside" = listening ] || { cat beside.log; echo "This has changed"; exit 1; }
echo "As found: the numbers of loopback are looked up, and only found beside another address"
