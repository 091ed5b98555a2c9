#!/bin/bash
# ovsdb-server (Debian openvswitch-switch 3.1.0-2+deb12u1, database of Open vSwitch): a request with the member "jsonrpc" of JSON-RPC 2.0 gets no
# reply, only the end of the connection.
#
# Expected: RFC 7047 has JSON-RPC 1.0, whose requests have the members method, params and id. One more member is passed over, as readers of
# JSON do with what they do not know, or there is an error with the id of the request, as there is one for an unknown method.
# Seen: with "jsonrpc": "2.0" the connection ends without a byte, for any method, and so it does for params of 2.0's form, an object; the
# requests before it on the connection were replied to. The error of an unknown method has no member result, which 1.0 requires to be null.
# So libraries of JSON-RPC 2.0, which is nearly all that there are, see a network that breaks at their first request, and probes for
# JSON-RPC that follow 2.0 find an open port of nothing.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.1.0-2+deb12u1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill -KILL "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial run
# With the libraries that this machine lacks.
apt-get install -q -y --download-only --no-install-recommends --reinstall -o Dir::Cache::archives="$folder/debs" \
  "openvswitch-switch=$version" "openvswitch-common=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu OVS_RUNDIR=$folder/run
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
root/usr/bin/ovsdb-tool create db root/usr/share/openvswitch/vswitch.ovsschema
root/usr/sbin/ovsdb-server "$folder/db" --remote="ptcp:$port:127.0.0.1" > ovsdb.log 2>&1 &
server=$!
for _ in $(seq 100); do ss -Hltn | grep -q "127.0.0.1:$port " && break; sleep 0.1; done
cat > ask.py <<'END'
import json, socket, sys
PLAIN = {"method": "list_dbs", "params": [], "id": 1}
for name, *requests in (("1.0", PLAIN), ("unknown method", PLAIN | {"method": "none"}), ("2.0", {"jsonrpc": "2.0"} | PLAIN),
                        ("params as an object", PLAIN | {"params": {}}), ("1.0, and then 2.0", PLAIN, {"jsonrpc": "2.0"} | PLAIN)):
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    connection.settimeout(2)
    seen = []
    for request in requests:
        connection.sendall(json.dumps(request).encode())
        try: reply = connection.recv(4096)
        except ConnectionResetError: reply = b""
        except TimeoutError: reply = b"no reply"
        seen.append(reply.decode() or "closed without a byte")
    print(f"{name}: {', '.join(seen)}", flush=True)
END
python3 ask.py "$port" > seen.txt
echo "ovsdb-server $version:"
cat seen.txt
cat > expected.txt <<'END'
1.0: {"id":1,"result":["Open_vSwitch","_Server"],"error":null}
unknown method: {"id":1,"error":"unknown method"}
2.0: closed without a byte
params as an object: closed without a byte
1.0, and then 2.0: {"id":1,"result":["Open_vSwitch","_Server"],"error":null}, closed without a byte
END
cmp -s seen.txt expected.txt || { cat ovsdb.log; echo "This has changed"; exit 1; }
echo "As found: JSON-RPC 2.0 gets no error, but the end"
