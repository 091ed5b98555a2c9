#!/bin/bash
# ldapjs 3.0.7 (npm), its server: the text of an error that a handler returns never reaches the client.
#
# Expected: a handler that ends with next(new ldap.InvalidCredentialsError("the text")) has the text sent as the
# diagnosticMessage of the LDAPResult (RFC 4511 section 4.1.9), where clients print it.
# Seen: the result code arrives, and diagnosticMessage is empty, for errors of all kinds. So nothing of a program on ldapjs
# shows in its refusals, and an administrator sees "Invalid credentials (49)" without the reason that the program gave.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.0.7
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "ldapjs@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
const ldap = require("ldapjs");
const server = ldap.createServer();
server.bind("o=x", (request, response, next) => next(new ldap.InvalidCredentialsError("the text of bind")));
server.search("", (request, response, next) => next(new ldap.BusyError("the text of search")));
server.listen(Number(process.argv[2]), "127.0.0.1");
END
node server.js "$port" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def connect():
    for _ in range(100):
        try: return socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
        except ConnectionRefusedError: time.sleep(0.1)
    sys.exit("no server")
def results(data):
    """Reads the LDAPResult of a reply: code, matched DN, text (all lengths are below 128)."""
    at = 2 + 2 + data[3] + 2
    code = data[at + 2]
    at += 3
    dn = data[at + 2:at + 2 + data[at + 1]]
    at += 2 + data[at + 1]
    return code, dn.decode(), data[at + 2:at + 2 + data[at + 1]].decode()
BIND = bytes.fromhex("300f020101600a02010304036f3d788000")
SEARCH = bytes.fromhex("3025020102632004000a01000a0100020100020100010100870b6f626a656374436c6173733000")
for name, request in (("bind", BIND), ("search", SEARCH)):
    connection = connect()
    connection.sendall(request)
    code, dn, text = results(connection.recv(4096))
    print(f"{name}: code {code}, text {text!r}")
END
echo "ldapjs $version:"
python3 ask.py "$port" | tee seen.txt
cat > expected.txt <<'END'
bind: code 49, text ''
search: code 51, text ''
END
cmp -s seen.txt expected.txt || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: the code arrives, the text does not"
