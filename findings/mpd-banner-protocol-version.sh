#!/bin/bash
# Music Player Daemon 0.23.12 (Debian mpd 0.23.12-1+b1): its greeting says 0.23.5, and there is no command `version`.
#
# Expected: "OK MPD 0.23.12". The number has the form of the program's versions and belongs to the same series, so who reads
# it looks up what was fixed between 0.23.5 and 0.23.12 for a server that has it.
# Seen: "OK MPD 0.23.5", while `mpd --version` says 0.23.12: the number is that of the protocol, which stays where it is while
# the program goes on; `version` gets an error ("ACK"). The greeting gives a lower bound of the version, never the
# version. Exits 0 if it is still so, 1 if that has changed. Downloads some 45 MB.
set -eu
version=0.23.12-1+b1
folder=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || { kill "$server" 2> /dev/null && wait "$server" 2> /dev/null; } || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
mkdir -p debs/partial music
# The package and those of its libraries that are missing here; nothing is installed.
apt-get install -y --reinstall --allow-downgrades --download-only --no-install-recommends -o Debug::NoLocking=1 \
  -o Dir::Cache::archives="$folder/debs" "mpd=$version" > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > mpd.conf <<END
music_directory "$folder/music"
bind_to_address "127.0.0.1"
port "$port"
audio_output {
  type "null"
  name "none"
}
END
libraries=$(find "$folder/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
told=$(LD_LIBRARY_PATH=$libraries root/usr/bin/mpd --version | head -n 1)
HOME=$folder LD_LIBRARY_PATH=$libraries root/usr/bin/mpd --no-daemon mpd.conf > server.log 2>&1 &
server=$!
cat > ask.py <<'END'
import socket, sys, time
for _ in range(100):
    try: connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
    except ConnectionRefusedError: time.sleep(0.1)
    else: break
else: sys.exit("no server")
lines = connection.makefile("rw")
print("greeting:", lines.readline().strip())
lines.write("version\n")
lines.flush()
print("version ->", lines.readline().strip())
END
{ echo "mpd --version: $told"; python3 ask.py "$port"; } > seen.txt
cat seen.txt
cat > expected.txt <<'END'
mpd --version: Music Player Daemon 0.23.12 (0.23.12)
greeting: OK MPD 0.23.5
version -> ACK [5@0] {} unknown command "version"
END
cmp -s seen.txt expected.txt || { echo "This has changed"; exit 1; }
echo "As found: the greeting names another version than the program's"
