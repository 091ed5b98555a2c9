#!/bin/bash
# Deno 2.9.6, SIGUSR1: what it does to a script depends on when it arrives, and neither an ignored signal that the process
# inherited nor a listener of the script's own keeps the debugger closed.
#
# Expected, by the rules of execve(2) and by what listeners do for other signals: a process begun with SIGUSR1 ignored
# (trap '' USR1, as nohup does with SIGHUP) goes on ignoring it; a script that listens for SIGUSR1 gets it alone.
# Seen: some 100 ms after the start Deno installs a handler of its own. Before that the signal is ignored as inherited, or
# kills; after it, it opens the inspector on 127.0.0.1:9229, also for a script without any permission, and beside the
# script's own listener. Fails if one of these changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . deno@2.9.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
deno=./node_modules/.bin/deno
"$deno" --version | head -1
echo 'setTimeout(() => {}, 4000);' > waits.js
echo 'Deno.addSignalListener("SIGUSR1", () => console.log("heard")); setTimeout(() => {}, 4000);' > listens.js

# usage: run NAME EXPECTED-LINES SCRIPT; sends SIGUSR1 after 2 s
failed=0
run() {
  local name=$1 expected=$2 script=$3 seen
  "$deno" run "$script" > out.txt 2>&1 &
  local pid=$!
  sleep 2
  # npm's wrapper may start the program as its child.
  local target=$pid
  [ -e "/proc/$pid/task/$pid/children" ] && read -r child _ < "/proc/$pid/task/$pid/children" && target=${child:-$pid} || true
  grep -E '^Sig(Ign|Cgt)' "/proc/$target/status"
  kill -USR1 "$target"
  wait "$pid" || true
  seen=$(grep -oE 'Debugger listening|heard' out.txt | sort | paste -sd+ || true)
  echo "$name: ${seen:-nothing}"
  [ "$seen" = "$expected" ] || { echo "expected: $expected"; failed=1; }
}
run "a script without permissions" "Debugger listening" waits.js
run "a script that listens itself" "Debugger listening+heard" listens.js
trap '' USR1
run "a process begun with SIGUSR1 ignored" "Debugger listening" waits.js
exit $failed
