#!/bin/bash
# QEMU (Debian 1:7.2+dfsg-7+deb12u18+b3) with -gdb tcp:...: a TCP connection to the port of the debugger's stub, on which nothing is
# sent, pauses the guest, and the guest stays paused when the connection is closed.
#
# Expected: a stub stops its target when a debugger asks for it ("?" or an interrupt), or at least lets it run on when a client
# that has said nothing is gone.
# Seen: "VM status: running" before, "paused" while connected, "paused" after the close. So a connect scan, a health check of a load
# balancer, or a browser that is led to the port stops the machine until somebody types "cont"; a SYN scan, which completes no
# handshake, does not. Exits 0 if it is still so, 1 if that has changed.
set -eu
version=1:7.2+dfsg-7+deb12u18+b3
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
  -o Dir::Cache::archives="$folder/debs" "qemu-system-x86=$version" "seabios" "qemu-system-data" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$folder/root/usr/lib/$(uname -m)-linux-gnu
libraries=$libraries:$libraries/pulseaudio:$folder/root/lib/$(uname -m)-linux-gnu
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
LD_LIBRARY_PATH=$libraries root/usr/bin/qemu-system-x86_64 -L root/usr/share/seabios -L root/usr/share/qemu -M pc -m 16 \
  -nodefaults -display none -accel tcg -monitor "unix:$folder/monitor,server,nowait" -gdb "tcp:127.0.0.1:$port" > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
port, path = int(sys.argv[1]), sys.argv[2]
def status():
    for _ in range(200):
        monitor = socket.socket(socket.AF_UNIX)
        monitor.settimeout(20)
        try: monitor.connect(path)
        except OSError: time.sleep(0.1); continue
        text = b""
        while b"(qemu) " not in text: text += monitor.recv(4096)
        monitor.sendall(b"info status\n")
        text = b""
        while b"VM status" not in text or not text.endswith(b"(qemu) "): text += monitor.recv(4096)
        monitor.close()
        return next(line for line in text.decode().splitlines() if line.startswith("VM status"))
    sys.exit("no monitor")
before = status()
connection = socket.create_connection(("127.0.0.1", port), 20)
time.sleep(1)
connected = status()
connection.close()
time.sleep(1)
after = status()
print(f"before: {before}; connected: {connected}; closed again: {after}")
sys.exit(0 if "running" in before and "paused" in connected and "paused" in after else 1)
END
echo "qemu $version:"
python3 ask.py "$port" "$folder/monitor" || { cat server.log; echo "This has changed"; exit 1; }
echo "As found: a connection without a byte pauses the guest for good"
