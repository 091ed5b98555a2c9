#!/bin/bash
# debugpy (Debian python3-debugpy 1.6.6+ds-1): its greeting tells the version 1.6.3+git20221103.a2a3328.
#
# Expected: packageVersion in the greeting of a debug adapter, and debugpy.__version__, are those of the release that is installed.
# Seen: the package is upstream's 1.6.6, and both say 1.6.3+git20221103.a2a3328: the source has no version of its own (it comes from
# the tags of a git checkout), and the packaging gives an older one. So who compares the version on the wire with a list of fixed
# releases takes a machine for three releases behind. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1.6.6+ds-1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# The packages and those that they need and that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "python3-debugpy=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo 'import time; time.sleep(60)' > program.py
PYTHONPATH=$folder/root/usr/lib/python3/dist-packages /usr/bin/python3 -m debugpy --listen "127.0.0.1:$port" --wait-for-client program.py > server.log 2>&1 &
server=$!
cat > listen.py <<'END'
import re, socket, sys, time
for _ in range(200):
    try: connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20); break
    except OSError: time.sleep(0.1)
else: sys.exit("no server")
text = b""
while text.count(b"packageVersion") < 2: text += connection.recv(4096)
told = set(re.findall(rb'"packageVersion": ?"([^"]*)"', text))
print(f"told: {', '.join(sorted(one.decode() for one in told))}")
sys.exit(0 if told == {b"1.6.3+git20221103.a2a3328"} else 1)
END
echo "python3-debugpy $version:"
python3 listen.py "$port" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: the version on the wire is older than the release"
