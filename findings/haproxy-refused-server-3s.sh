#!/bin/bash
# HAProxy (Debian 2.6.12-1+deb12u4): while its only server refuses connections at once, a client waits 3 s for the 503.
#
# Expected: a refusal (RST) is known within a millisecond, and no other server is left to try, so that the error is sent at
# once, as nginx does with its 502. All timeouts below are 10 s: no 3 s were configured.
# Seen: 503 after 3,003 to 3,010 ms: by default it retries three times (retries 3) and waits a second before each; with
# "retries 0" 503 comes within milliseconds. A program that waits 2 s for the reply of a web server takes this one for mute.
# Exits 0 if it is still so, 1 if that has changed.
set -eu
version=2.6.12-1+deb12u4
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial
# The package and those of its libraries that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "haproxy=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
cat > ports.py <<'END'
import socket
sockets = [socket.socket() for _ in range(3)]
for each in sockets: each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])
END
read -r port quick closed < <(python3 ports.py)
cat > haproxy.cfg <<END
defaults
  mode http
  timeout connect 10s
  timeout client 10s
  timeout server 10s
listen usual
  bind 127.0.0.1:$port
  server only 127.0.0.1:$closed
listen impatient
  bind 127.0.0.1:$quick
  retries 0
  server only 127.0.0.1:$closed
END
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
LD_LIBRARY_PATH=$libraries root/usr/sbin/haproxy -db -f haproxy.cfg > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
def ask(port):
    for _ in range(100):
        try: connection = socket.create_connection(("127.0.0.1", port), 20)
        except ConnectionRefusedError: time.sleep(0.1)
        else: break
    else: sys.exit("no server")
    start = time.monotonic()
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    line = connection.recv(4096).split(b"\r\n")[0].decode()
    return line, time.monotonic() - start
seen = [ask(int(port)) for port in sys.argv[1:]]
for name, (line, duration) in zip(("by default", "retries 0"), seen): print(f"{name}: {line} after {duration * 1000:.0f} ms")
(first, slow), (second, fast) = seen
sys.exit(0 if first == second == "HTTP/1.1 503 Service Unavailable" and 2.5 < slow and fast < slow - 1 else 1)
END
echo "haproxy $version, the server refuses:"
python3 ask.py "$port" "$quick" || { echo "This has changed"; exit 1; }
echo "As found: three seconds until an error that was known at once"
