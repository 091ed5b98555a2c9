#!/bin/bash
# gopls (Debian 1:0.5.0+ds-1, language server of Go): the version by which it introduces itself is a JSON document inside a JSON string,
# and the only version of gopls in it is "master".
#
# Expected: serverInfo of the reply to "initialize" has a version of the server (LSP 3.17, ServerInfo), as "0.5.0", or "v0.5.0" as
# `go version -m` has modules; editors show it beside the name and put it into reports of faults.
# Seen: the string holds an object with GoVersion, Path, Main, Deps and all settings of the build; the version of the module in Main is
# empty, and "Version" is "master". So programs that show or compare the string get 355 characters without the number of the package, and
# one that reads the first number takes the compiler's for it.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:0.5.0+ds-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
apt-get download -q "gopls=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg-deb -x gopls_*.deb root
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
HOME=$folder root/usr/bin/gopls -listen="127.0.0.1:$port" serve > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import json, socket, sys, time
for _ in range(200):
    try: connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20); break
    except OSError: time.sleep(0.1)
else: sys.exit("no server")
request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize",
                      "params": {"processId": None, "rootUri": None, "capabilities": {}}})
connection.sendall(f"Content-Length: {len(request)}\r\n\r\n{request}".encode())
stream = connection.makefile("rb")
while True:
    length = 0
    while (line := stream.readline().strip()) != b"":
        name, value = line.split(b":")
        if name == b"Content-Length": length = int(value)
    message = json.loads(stream.read(length))
    if message.get("id") == 1: break
server = message["result"]["serverInfo"]
inner = json.loads(server["version"])
print(f"name {server['name']}, a version of {len(server['version'])} characters: an object with {', '.join(sorted(inner))}")
print(f"in it: Version {inner['Version']!r}, Main.Version {inner['Main']['Version']!r}, GoVersion {inner['GoVersion']!r}")
sys.exit(0 if inner["Version"] == "master" and inner["Main"]["Version"] == "" and "0.5.0" not in server["version"] else 1)
END
echo "gopls $version:"
python3 ask.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: the version is a description of the build, and not of the release"
