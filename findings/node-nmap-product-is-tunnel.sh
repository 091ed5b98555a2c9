#!/bin/bash
# node-nmap 4.0.0 (npm): "product" of an open port is nmap's tunnel, so that it says "ssl" for each service over TLS and nothing for all others;
# and the host of an IPv6 scan has no address.
#
# Expected: product is the attribute of that name, which nmap -sV fills in ("SimpleHTTPServer"), beside "service" and "method", which are as in
# the XML; ip is the host's address, of either family.
# Seen: of one program on two ports, with TLS and without, nmap 7.93 names the same product twice; node-nmap has "ssl" for the one and no
# product for the other. With -6 "ip" is null, as an address is taken only if its type is ipv4, and with -n no name is left either: the
# hosts of such a scan cannot be told apart.
# Needs root and Linux; packets stay in a network namespace that this script makes. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=4.0.0 nmap=7.93+dfsg1-1
folder=$(mktemp -d)
space=nn$$
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  ip netns del "$space" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . "node-nmap@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
apt-get download -q "nmap=$nmap" "nmap-common=$nmap" liblinear4 liblua5.3-0 libpcap0.8 libpcre3 libssh2-1 libblas3 lua-lpeg > apt.log 2>&1 ||
  { cat apt.log; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/$(dirname "$(find root -name 'libpcap.so*' | head -n 1)")
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=name -days 2 -keyout key.pem -out certificate.pem > openssl.log 2>&1
ip netns add "$space"
ip -n "$space" link set lo up
mkdir pages
cat > server.py <<'END'
import functools, http.server, socket, ssl, threading
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6  # both families
pages = functools.partial(http.server.SimpleHTTPRequestHandler, directory="pages")
plain, secure = Server(("::", 8080), pages), Server(("::", 8443), pages)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("certificate.pem", "key.pem")
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=plain.serve_forever, daemon=True).start()
print("ready", flush=True)
secure.serve_forever()
END
ip netns exec "$space" python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 50); do grep -q ready server.log && break; sleep 0.1; done
cat > nmap.sh <<END
#!/bin/sh
export NMAPDIR="$folder/root/usr/share/nmap" LD_LIBRARY_PATH="$libraries:$libraries/blas"
exec ip netns exec "$space" "$folder/root/usr/bin/nmap" "\$@"
END
chmod +x nmap.sh
cat > scan.js <<'END'
const nmap = require("node-nmap");
nmap.nmapLocation = "./nmap.sh";
const scan = new nmap.NmapScan(process.argv[2], process.argv[3]);
scan.on("error", (error) => console.log("error", error));
scan.on("complete", (hosts) => {
  for (const host of hosts) {
    console.log(`ip ${host.ip}`);
    for (const { port, service, method, product } of host.openPorts) console.log(`${port}: ${service}, ${method}, product ${product}`);
  }
});
END
{
  ./nmap.sh -n -Pn -sV -p 8080,8443 -oX - 127.0.0.1 > scan.xml 2> nmap.log
  sed -nE 's/.* portid="([0-9]+)".* name="([a-z]+)" product="([^"]*)".* method="([a-z]+)".*/nmap, \1: \2, \4, product \3/p' scan.xml
  node scan.js 127.0.0.1 "-n -Pn -sV -p 8080,8443"
  node scan.js ::1 "-6 -n -Pn -p 8080"
} > seen.txt
echo "node-nmap $version, nmap $nmap, Node.js $(node --version):"
cat seen.txt
cat > expected.txt <<'END'
nmap, 8080: http, probed, product SimpleHTTPServer
nmap, 8443: http, probed, product SimpleHTTPServer
ip 127.0.0.1
8080: http, probed, product undefined
8443: http, probed, product ssl
ip null
8080: http-proxy, table, product undefined
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; cat server.log nmap.log; echo "This has changed"; exit 1; }
echo "As found: the product is the tunnel, and an IPv6 host has no address"
