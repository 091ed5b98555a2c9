#!/bin/bash
# jsmodbus 5.0.0 (npm, Modbus/TCP for Node.js), its server: a read of registers that it does not have succeeds, with fewer registers than were
# asked for, or none; and its refusal of the question that scanners ask (Read Device Identification) says exception 14.
#
# Expected, by the Modbus Application Protocol Specification 1.1b3: exception 2 (illegal data address) to a read that leaves the registers,
# exception 3 (illegal data value) to one of 0 or more than 125 registers (section 6.3), exception 1 (illegal function) in a PDU of two
# bytes to a function that is not there (section 7).
# Seen: to a read of 10 registers from the 46th of 50 a reply with 5 of them; beyond the last a reply with a byte count of 0; to 43/14 the
# three bytes ab 0e 01, of which the second, the place of the exception's code, repeats the kind of the request; to function 17 (Report
# Server ID) nothing. So a scan for the registers of a device by trial finds all 65,536, and one by function codes misses refusals.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=5.0.0
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "jsmodbus@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server.js <<'END'
const net = require("net"), modbus = require("jsmodbus");
const listener = new net.Server();
new modbus.server.TCP(listener, { holding: Buffer.alloc(100) });
listener.listen(Number(process.argv[2]), "127.0.0.1");
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
for name, pdu in (("registers 0 to 9", "030000000a"), ("registers 45 to 54", "03002d000a"), ("register 50", "0300320001"),
                  ("register 65535", "03ffff0001"), ("no register", "0300000000"), ("126 registers", "030000007e"),
                  ("device identification", "2b0e0100"), ("server ID", "11")):
    connection = connect()
    connection.settimeout(3)
    body = b"\x01" + bytes.fromhex(pdu)
    connection.sendall(b"\x00\x07\x00\x00" + len(body).to_bytes(2, "big") + body)
    try: data = connection.recv(2000)
    except socket.timeout: reply = "no reply"
    else:
        length, kind = int.from_bytes(data[4:6], "big"), data[7]
        reply = f"exception {data[8]}, PDU {data[7:].hex(' ')}" if kind & 0x80 else f"success, {data[8]} bytes of registers"
        if length != len(data) - 6: reply += ", wrong length"
    print(f"{name}: {reply}", flush=True)
END
python3 ask.py "$port" > seen.txt
echo "jsmodbus $version, Node.js $(node --version), 50 holding registers:"
cat seen.txt
cat > expected.txt <<'END'
registers 0 to 9: success, 20 bytes of registers
registers 45 to 54: success, 10 bytes of registers
register 50: success, 0 bytes of registers
register 65535: success, 0 bytes of registers
no register: success, 0 bytes of registers
126 registers: success, 100 bytes of registers
device identification: exception 14, PDU ab 0e 01
server ID: no reply
END
cmp -s seen.txt expected.txt || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: reads outside succeed, the exception has its code in another place"
