#!/bin/bash
# What a call is like on bad networks: the suite of tests/e2e/network.test.mjs on a release build, and its table:
#
#   tests/bench/network.sh [CASE,CASE,...]      beginnings of the cases' names; all of them without
#
# Chromium encodes and decodes four pictures in software: on fewer than two idle cores the figures are the machine's, not
# the network's. NICE (default -10, where it may) puts the call before other work.
set -euo pipefail
cd "$(dirname "$0")/../.."
packaging/install.sh build test
build=${KUAICHU_BENCH_BUILD:-$PWD/build-bench}
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release >/dev/null
ninja -C "$build" --quiet src/daemon/kuaichud media/worker/kuaichu-media tests/netfault/netfault
first=(nice -n "${NICE:--10}")
"${first[@]}" true 2>/dev/null || first=()
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
(cd tests/e2e && npm ci --silent --no-audit --no-fund && KUAICHU_NETWORK=${1:-} KUAICHU_BUILD=$build \
    "${first[@]}" node --test --test-concurrency=1 --test-reporter=tap network.test.mjs) >"$out" || status=$?
grep -E '^ *(not )?ok |error:' "$out" >&2
sed -n 's/^# |/|/p' "$out"
exit $status
