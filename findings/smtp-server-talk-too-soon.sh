#!/bin/bash
# Nodemailer's smtp-server 3.21.1 (npm): it greets 100 ms after the connection, and a command that arrives before gets 421.
#
# Expected: 220 as soon as the connection is accepted (RFC 5321 section 3.1), so on loopback within a few milliseconds; a client
# that sends EHLO without waiting is served late rather than refused, unless the operator configured a trap (such as postscreen).
# Seen: "220" after 101 to 160 ms without any setting for it, also with the reverse lookup of the client's name turned off.
# EHLO sent at once gets "421 ... You talk too soon" within milliseconds, before any 220. A program that listens for less than
# 100 ms and then sends its question finds no greeting but an error. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.21.1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "smtp-server@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
const { SMTPServer } = require("smtp-server");
new SMTPServer({ name: "mail.test", disableReverseLookup: true }).listen(process.argv[2], "127.0.0.1");
END
node server.js "$port" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def ask(port, early):
    for _ in range(100):
        try: connection = socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError: time.sleep(0.1)
        else: break
    else: sys.exit("no server")
    start = time.monotonic()
    connection.sendall(early)
    line = connection.recv(4096).decode().strip()
    duration = time.monotonic() - start
    connection.close()
    return duration, line
# The shortest of ten: the machine may be busy.
port = int(sys.argv[1])
ask(port, b"")
seen = [min(ask(port, early) for _ in range(10)) for early in (b"", b"EHLO localhost\r\n")]
for name, (duration, line) in zip(("client waits", "EHLO at once"), seen): print(f"{name}: {line} after {duration * 1000:.0f} ms")
(waited, greeting), (early, refusal) = seen
is_same = greeting == "220 mail.test ESMTP" and refusal == "421 mail.test You talk too soon"
sys.exit(0 if is_same and 0.095 < waited < 2 and early < waited - 0.03 else 1)
END
echo "smtp-server $version:"
python3 ask.py "$port" || { echo "This has changed"; exit 1; }
echo "As found: a greeting after 100 ms, and a refusal before"
