#!/bin/bash
# net-snmp 3.29.2 (npm, SNMP for Node.js), its agent: to a request of SNMPv1 for an absent object it replies in an SNMPv1 message with a value
# that SNMPv1 does not have, and without an error.
#
# Expected: error-status noSuchName (2) and error-index 1, the variable as it was in the request (RFC 1157 section 4.1.2; RFC 3584
# section 4 has an agent that thinks in SNMPv2 map its exceptions to this), as Net-SNMP's snmpd (Debian 5.9.3+dfsg-2+deb12u1) replies.
# Seen: error-status 0 and the exceptions of SNMPv2 as values: noSuchObject (0x80) to GetRequest, endOfMibView (0x82) to GetNextRequest
# after the last object. A manager of SNMPv1 that ends a walk at noSuchName meets a success with an unknown type, and a scanner that counts
# error-status 0 as "the object is there" finds every object there.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=3.29.2 other=5.9.3+dfsg-2+deb12u1
folder=$(mktemp -d)
servers=
cleanup() {
  for server in $servers; do { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "net-snmp@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
apt-get download -q "snmpd=$other" "libsnmp40=$other" "libsnmp-base=$other" libpci3 libsensors5 libwrap0 libmariadb3 > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > agent.js <<'END'
const snmp = require("net-snmp");
const agent = snmp.createAgent({ port: Number(process.argv[2]), address: "127.0.0.1" }, (error) => error && console.log(error.message));
agent.getAuthorizer().addCommunity("public");
agent.registerProvider({ name: "sysName", type: snmp.MibProviderType.Scalar, oid: "1.3.6.1.2.1.1.5",
  scalarType: snmp.ObjectType.OctetString, maxAccess: snmp.MaxAccess["read-only"] });
agent.getMib().setScalarValue("sysName", "name");
END
node agent.js "$port" > agent.log 2>&1 &
servers=$!
mkdir state
printf 'rocommunity public 127.0.0.0/8 .1.3.6.1.2.1.1.5\nsysname name\n' > snmpd.conf
LD_LIBRARY_PATH=$folder/root/usr/lib/x86_64-linux-gnu SNMP_PERSISTENT_DIR=$folder/state MIBS="" \
  root/usr/sbin/snmpd -f -Lf snmpd.log -C -c snmpd.conf "udp:127.0.0.2:$port" > snmpd.out 2>&1 &
servers="$servers $!"
cat > ask.py <<'END'
import socket, sys
TYPES = {0x04: "a string", 0x05: "NULL", 0x80: "noSuchObject", 0x81: "noSuchInstance", 0x82: "endOfMibView"}
def wrap(tag, *parts):
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body
def request(version, kind, oid):
    binding = wrap(0x30, wrap(0x30, wrap(0x06, bytes.fromhex(oid)), b"\x05\x00"))
    return wrap(0x30, bytes([2, 1, version]), wrap(4, b"public"), wrap(kind, b"\x02\x01\x01\x02\x01\x00\x02\x01\x00", binding))
def ask(address, message, wait):
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.settimeout(wait)
    asker.connect((address, int(sys.argv[1])))
    try:
        asker.send(message)
        return asker.recv(2000)
    except OSError: return None
def describe(data):
    pdu = data[2 + 3 + 2 + data[6]:]  # all lengths are below 128
    body = pdu[2:]
    status, index = body[2 + body[1]:][2], body[2 + body[1]:][5]
    binding = body[2 + body[1] + 6 + 4:]
    value = binding[2 + binding[1]:]
    return f"version {data[4]}, error-status {status}, error-index {index}, value {TYPES.get(value[0], hex(value[0]))}"
NAME, ABSENT = "2b06010201010500", "2b06010201010900"
for name, address in (("net-snmp", "127.0.0.1"), ("snmpd", "127.0.0.2")):
    for _ in range(50):
        if ask(address, request(1, 0xa0, NAME), 0.3): break
    else: sys.exit(f"no {name}")
    for what, kind, oid in (("Get of sysName", 0xa0, NAME), ("Get of an absent object", 0xa0, ABSENT), ("GetNext of sysName, the last", 0xa1, NAME)):
        print(f"{name}, {what}:", describe(ask(address, request(0, kind, oid), 3)))
END
python3 ask.py "$port" > seen.txt || { cat seen.txt agent.log snmpd.log; exit 2; }
echo "net-snmp $version, Node.js $(node --version), snmpd $other: requests of SNMPv1 (version 0)"
cat seen.txt
cat > expected.txt <<'END'
net-snmp, Get of sysName: version 0, error-status 0, error-index 0, value a string
net-snmp, Get of an absent object: version 0, error-status 0, error-index 0, value noSuchObject
net-snmp, GetNext of sysName, the last: version 0, error-status 0, error-index 0, value endOfMibView
snmpd, Get of sysName: version 0, error-status 0, error-index 0, value a string
snmpd, Get of an absent object: version 0, error-status 2, error-index 1, value NULL
snmpd, GetNext of sysName, the last: version 0, error-status 2, error-index 1, value NULL
END
cmp -s seen.txt expected.txt || { cat agent.log; echo "This has changed"; exit 1; }
echo "As found: exceptions of SNMPv2 in messages of SNMPv1"
