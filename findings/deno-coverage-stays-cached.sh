#!/bin/bash
# Deno 2.9.6, deno run --coverage: it slows down every later run of the same file without the flag.
#
# Expected: coverage is a matter of one run, as it is with Node's NODE_V8_COVERAGE; V8's code cache refuses what was compiled with
# other settings, and Deno writes none in such a run, or one that others do not read.
# Seen: the first run with --coverage, if no earlier one has filled the cache, stores functions that are compiled with their module
# together with V8's block counters. Later runs without --coverage take that code, and count into counters that nothing reads:
# a loop over small branches takes four times as long, until the file or Deno's version changes. --no-code-cache in the run with
# --coverage avoids it. Benchmarks after tests in the same folder are wrong by that. Fails if one of these changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . deno@2.9.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
deno=$folder/node_modules/.bin/deno
"$deno" --version | head -1
# The parentheses have V8 compile the function with its module.
cat > loop.js <<'EOF'
const step = (function (x, i) {
  let y = x;
  if (i % 3 === 0) y += i;
  else if (i % 5 === 0) y ^= i;
  else y -= 1;
  for (let k = 0; k < 4; k++) if ((y & k) === 0) y = (y * 31 + k) | 0;
  return y;
});
let x = 1;
const began = performance.now();
for (let round = 0; round < 300; round++) for (let i = 0; i < 20000; i++) x = step(x, i);
console.log(Math.round(performance.now() - began));
EOF

# usage: later CACHE [FLAGS...]: a first run with the flags, then the least of five without, in ms
later() {
  local cache=$1
  shift
  DENO_DIR=$folder/$cache "$deno" run --quiet --no-config "$@" loop.js > first.txt
  for _ in 1 2 3 4 5; do DENO_DIR=$folder/$cache "$deno" run --quiet --no-config loop.js; done | sort -n | head -1
}
plain=$(later plain)
covered=$(later covered --coverage="$folder/cov1")
spared=$(later spared --no-code-cache --coverage="$folder/cov2")
echo "ms without --coverage, after a first run without it: $plain, with it: $covered, with it and --no-code-cache: $spared"
failed=0
[ "$covered" -ge $((2 * plain)) ] || { echo "expected: at least twice $plain after --coverage"; failed=1; }
[ "$spared" -lt $((2 * plain)) ] || { echo "expected: less than twice $plain after --no-code-cache --coverage"; failed=1; }
exit $failed
