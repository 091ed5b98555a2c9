#!/bin/bash
# rhea 3.0.5 (npm, AMQP 1.0), its listener: a client of another version of AMQP gets no protocol header back, only the end of the connection.
#
# Expected: AMQP 1.0 part 2 section 2.2: to a header that is not supported the peer writes the header of the version that it does support,
# and then closes the socket, so that a client of AMQP 0-9-1 learns whom it met. RabbitMQ does so.
# Seen: to AMQP 0-9-1, to 1.1 and to bytes that are no header the connection ends without a byte. So the most used clients, which speak 0-9-1,
# report a network that is broken ("Socket closed abruptly during opening handshake" by amqplib 2.3.1) where the version is wrong, and a
# scanner has to ask for 1.0 to find AMQP at all.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.0.5
client=2.3.1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "rhea@$version" "amqplib@$client" > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > server.js <<'END'
const rhea = require("rhea");
rhea.on("disconnected", () => {});
const server = rhea.listen({ port: 0, host: "127.0.0.1" });
server.on("listening", () => console.log(server.address().port));
END
node server.js > server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q '^[0-9]' server.log && break; sleep 0.1; done
port=$(head -n 1 server.log)
cat > ask.py <<'END'
import socket, sys
for name, request in (("1.0", b"AMQP\0\1\0\0"), ("SASL of 1.0", b"AMQP\3\1\0\0"), ("0-9-1", b"AMQP\0\0\x09\x01"), ("1.1", b"AMQP\0\1\1\0"), ("HTTP", b"GET / HTTP/1.0\r\n\r\n")):
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    connection.sendall(request)
    try: reply = connection.recv(8)
    except ConnectionResetError: reply = b""
    print(f"{name}: {reply if reply else 'closed without a byte'}")
END
cat > client.js <<'END'
require("amqplib").connect(`amqp://127.0.0.1:${process.argv[2]}`).then(() => "connected", (error) => error.message)
  .then((text) => console.log(`amqplib: ${text}`));
END
python3 ask.py "$port" > seen.txt
node client.js "$port" >> seen.txt
echo "rhea $version:"
cat seen.txt
cat > expected.txt <<'END'
1.0: b'AMQP\x00\x01\x00\x00'
SASL of 1.0: b'AMQP\x03\x01\x00\x00'
0-9-1: closed without a byte
1.1: closed without a byte
HTTP: closed without a byte
amqplib: Socket closed abruptly during opening handshake
END
cmp -s seen.txt expected.txt || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: no header goes back"
