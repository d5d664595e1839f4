#!/bin/bash
# The times that were promised to people, held on a release build, where the suites of the browsers grant nothing more: a
# case is at the desk within a second, what one does is on the other's screen within three, a call is back 3 s after its
# worker died, stopped, aborted or hung and 5 s after the daemon died, the voice and then the picture come back by
# themselves:
#
#   tests/bench/promises.sh [SUITE …]      (main-job trouble kill lowband)
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/install.sh build test
build=${KUAICHU_BENCH_BUILD:-$PWD/build-bench}
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release >/dev/null
ninja -C "$build" --quiet
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
suites=("${@:-main-job trouble kill lowband}")
(cd tests/e2e && npm ci --silent --no-audit --no-fund && for suite in ${suites[*]}; do
    KUAICHU_BUILD=$build node --test --test-concurrency=1 --test-reporter=tap "$suite.test.mjs" || exit 1
done) >"$out" || status=$?
grep -E '^# (call back|a worker|lost with|the live|seek)|^ *(not )?ok |error:' "$out"
exit $status
