#!/bin/bash
# jabberd2 (Debian 2.7.0-4+b2, XMPP server): its ports for clients and for servers both repeat the namespace that the other side has sent,
# even one that is not of XMPP.
#
# Expected: the header of a reply has the content namespace of the port, jabber:client on 5222 and jabber:server on 5269, and a stream with
# another one is closed with the error invalid-namespace (RFC 6120 sections 4.8.2 and 4.9.3.10): it shows which of both a port is for.
# Seen: the namespace of a reply is that of the request, be it jabber:client on the port of servers or urn:example:none on both, and the
# stream goes on: to the features, or to what is wrong with the domain. So a client that was sent to the port of servers waits for
# mechanisms that never come instead of an error that names its fault, and a scanner that reads the namespace is told what it asked for;
# the namespace of dialback (xmlns:db), which only the port of servers declares, is what tells them apart.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.7.0-4+b2
folder=$(mktemp -d)
space=jb$$
servers=
cleanup() {
  for server in $servers; do { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true; done
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial run
# With the libraries that this machine lacks.
apt-get install -q -y --download-only --no-install-recommends --reinstall -o Dir::Cache::archives="$folder/debs" "jabberd2=$version" \
  > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu
sed -i "s#/etc/jabberd2#$folder/root/etc/jabberd2#; s#/usr/lib/x86_64-linux-gnu/jabberd2#$LD_LIBRARY_PATH#; s#:.*</path>#/jabberd2</path>#
  s#/var/[a-z]*/jabberd2#$folder/run#; s#<module>sqlite#<module>anon#" root/etc/jabberd2/*.xml
ip netns add "$space"
ip -n "$space" link set lo up
for part in "router 5347" "c2s 5222" "s2s 5269"; do
  read -r name port <<< "$part"
  ip netns exec "$space" "root/usr/sbin/jabberd2-$name" -c "root/etc/jabberd2/$name.xml" > "$name.log" 2>&1 &
  servers="$servers $!"
  for _ in $(seq 100); do ip netns exec "$space" ss -Hltn | grep -q ":$port" && break; sleep 0.1; done
done
cat > ask.py <<'END'
import re, socket
for port in (5222, 5269):
    for namespace in ("jabber:client", "jabber:server", "urn:example:none"):
        connection = socket.create_connection(("127.0.0.1", port), 5)
        connection.settimeout(2)
        connection.sendall(f"<?xml version='1.0'?><stream:stream to='example.test' xmlns='{namespace}' "
                           "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>".encode())
        reply = b""
        try:
            while data := connection.recv(4096): reply += data
        except OSError: pass
        header, rest = re.match(r"(?:<\?xml[^>]*>)?(<stream:stream[^>]*>)(.*)", reply.decode(), re.S).groups()
        dialback = ", dialback" if "xmlns:db='jabber:server:dialback'" in header else ""
        condition = re.match(r"<stream:(\w+)[^>]*>(?:<([\w-]+))?", rest).groups()
        print(f"{port}, {namespace}: xmlns {re.search(' xmlns=.([^ >]*).[ >]', header)[1]}{dialback}; {condition[0]} {condition[1]}", flush=True)
END
ip netns exec "$space" python3 ask.py > seen.txt || true
echo "jabberd2 $version:"
cat seen.txt
cat > expected.txt <<'END'
5222, jabber:client: xmlns jabber:client; error host-unknown
5222, jabber:server: xmlns jabber:server; error host-unknown
5222, urn:example:none: xmlns urn:example:none; error host-unknown
5269, jabber:client: xmlns jabber:client, dialback; features dialback
5269, jabber:server: xmlns jabber:server, dialback; features dialback
5269, urn:example:none: xmlns urn:example:none, dialback; features dialback
END
cmp -s seen.txt expected.txt || { cat ./*.log; echo "This has changed"; exit 1; }
echo "As found: a reply has the namespace of its request"
