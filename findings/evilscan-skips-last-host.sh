#!/bin/bash
# evilscan 1.9.1 (npm, port scanner): of a network it scans all hosts but the last: of a /24 .1 to .253, of a /30 one of two.
#
# Expected: the addresses between the network's and the broadcast address, .1 to .254, or all 256; a range written 127.0.0.1-6 is scanned with both
# of its ends, and so it is.
# Seen: .254, where many networks have their router, is neither open nor closed in the result, which ends without an error; with "status" set to
# report closed ports as well (TROU) a /29 has five results, a /28 thirteen, a /24 253. A test of the project's own has 127.0.0.253 as the
# last address of 127.0.0.0/24.
# Sends to 127.0.0.0/24 alone. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.9.1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . "evilscan@$version" > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > server.py <<'END'
"""Keeps a port closed: it is bound, and nothing listens."""
import socket, time
reserved = socket.socket()
reserved.bind(("", 0))
print(reserved.getsockname()[1], flush=True)
time.sleep(600)
END
python3 server.py > server.log 2>&1 &
server=$!
for _ in $(seq 300); do grep -q '^[0-9]' server.log && break; sleep 0.1; done
cat > scan.js <<'END'
const Evilscan = require("evilscan");
const [port, ...targets] = process.argv.slice(2);
const scan = (target) => new Promise((resolve, reject) => {
  const found = [];
  const scanner = new Evilscan({ target, port, status: "TROU", timeout: 20000, concurrency: 50 });
  scanner.on("result", (result) => found.push([Number(result.ip.split(".")[3]), result.status]));
  scanner.on("error", reject);
  scanner.on("done", () => resolve(found.sort((one, two) => one[0] - two[0])));
  scanner.run();
});
(async () => {
  for (const target of targets) {
    const found = await scan(target);
    const states = [...new Set(found.map((each) => each[1]))].join();
    console.log(`${target}: ${found.length} addresses, .${found[0][0]} to .${found.at(-1)[0]}, ${states}`);
  }
  process.exit();
})();
END
node scan.js "$(cat server.log)" 127.0.0.1-6 127.0.0.0/30 127.0.0.0/29 127.0.0.16/28 127.0.0.0/24 > seen.txt
echo "evilscan $version, one port that is closed at each address:"
cat seen.txt
cat > expected.txt <<'END'
127.0.0.1-6: 6 addresses, .1 to .6, closed (refused)
127.0.0.0/30: 1 addresses, .1 to .1, closed (refused)
127.0.0.0/29: 5 addresses, .1 to .5, closed (refused)
127.0.0.16/28: 13 addresses, .17 to .29, closed (refused)
127.0.0.0/24: 253 addresses, .1 to .253, closed (refused)
END
cmp -s seen.txt expected.txt || { diff seen.txt expected.txt; echo "This has changed"; exit 1; }
echo "As found: the last host is left out"
