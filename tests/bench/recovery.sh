#!/bin/bash
# How soon a call is back after its worker died, stopped, aborted or hung, and after the daemon died: the suite
# tests/e2e/kill.test.mjs on a release build, where it holds the promised times (3 s for a worker, 5 s for the daemon):
#
#   tests/bench/recovery.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/install.sh build test
build=${KUAICHU_BENCH_BUILD:-$PWD/build-bench}
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release >/dev/null
ninja -C "$build" --quiet src/daemon/kuaichud media/worker/kuaichu-media tests/daemon/kuaichu-media-faulty
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
(cd tests/e2e && npm ci --silent --no-audit --no-fund &&
    KUAICHU_BUILD=$build node --test --test-concurrency=1 --test-reporter=tap kill.test.mjs) >"$out" || status=$?
grep -E '^# (call back|a worker|lost with)|^ *(not )?ok |error:' "$out"
exit $status
