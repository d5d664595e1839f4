#!/bin/bash
# How long a still takes, from the request to its sealed row, while CALLS calls run and are recorded; fails above 300 ms
# at the 99th percentile:
#
#   tests/bench/stills.sh [CALLS=10] [SECONDS=20]      RTCLOAD=folder of the load generator (shared/tools/rtcload)
set -euo pipefail
cd "$(dirname "$0")/../.."
calls=${1:-10} seconds=${2:-20}
rtcload=${RTCLOAD:-$PWD/../shared/tools/rtcload}
build=${KUAICHU_BUILD:-$PWD/build}
[ -f "$rtcload/main.c" ] || { echo "stills.sh: no rtcload in $rtcload (set RTCLOAD)" >&2; exit 1; }
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release -Dtests=false >/dev/null
ninja -C "$build" --quiet

work=$(mktemp -d)
daemon=''
finish() { [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
cp -r "$rtcload" "$work/rtcload"
(cd "$work/rtcload" && mkdir -p results && sh media/make.sh >/dev/null 2>&1 && make -s)
base=http://127.0.0.1:18485
"$build/src/daemon/kuaichud" --data "$work/data" --demo --listen "${base#http://}" --media-address 127.0.0.1 \
    --media-ports 41200-41399 >"$work/ready" 2>"$work/daemon.log" &
daemon=$!
for _ in $(seq 100); do grep -q 'kuaichud ready' "$work/ready" && break; sleep 0.1; done
python3 tests/bench/make_calls.py "$base" "$calls" >"$work/targets"
(cd "$work/rtcload" && ./rtcload -m post -n "$calls" -d $((seconds + 8)) -s 3 -P "$daemon" --targets "$work/targets" \
    -l stills -o results/stills.json >"$work/out" 2>&1) &
load=$!
until [ "$(curl -s "$base/metrics" | awk '$1 == "kuaichu_recordings_live" {print $2}')" = $((2 * calls)) ]; do
    kill -0 $load || { cat "$work/out" >&2; exit 1; }
    sleep 0.2
done
status=0
python3 tests/bench/stills.py "$base" "$work/targets" "$seconds" || status=$?
wait $load || true
exit $status
