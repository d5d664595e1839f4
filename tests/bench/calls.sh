#!/bin/bash
# What a call costs, beside the like-for-like peer and the floor, in one sitting:
#
#   tests/bench/calls.sh [CALLS ...]      CALLS: 10 20 40 unless given; above PEER_MOST=20 ours alone
#
#   RUNS=3          of each, in turn; the table has the medians
#   WINDOW=20       seconds that are measured
#   PROFILES        SRTP_AES128_CM_SHA1_80 SRTP_AEAD_AES_128_GCM unless given
#   RTCLOAD         folder of the load generator (shared/tools/rtcload)
#
# Starts the service in demo mode on an empty folder, makes CALLS officers by the admin API and as many claimed cases,
# and lets rtcload hold both sides of every call while both are recorded; then runs Janus VideoCall with recording
# under the same load. The floor is rtcload's: the same packets through one thread that does nothing but receive, open,
# seal, send and write. Server and generator run under chrt -r 1 (PRIO=… overrides), so that other work on the same cores
# disturbs little. All traffic stays on 127.0.0.1. Read latencies beside `generator late p99`: a run whose generator was
# late says nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- 10 20 40
seconds=${WINDOW:-20} runs=${RUNS:-3} peer_most=${PEER_MOST:-20}
export PRIO=${PRIO-chrt -r 1}
rtcload=${RTCLOAD:-$PWD/../shared/tools/rtcload}
build=${KUAICHU_BUILD:-$PWD/build}
profiles=${PROFILES:-SRTP_AES128_CM_SHA1_80 SRTP_AEAD_AES_128_GCM}

[ -x "$rtcload/run_janus.sh" ] || { echo "calls.sh: no rtcload in $rtcload (set RTCLOAD)" >&2; exit 1; }
packaging/install.sh build bench
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release -Dtests=false >/dev/null
ninja -C "$build" --quiet

work=$(mktemp -d)
daemon=''
finish() { [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
cp -r "$rtcload" "$work/rtcload"
(cd "$work/rtcload" && sh media/make.sh >/dev/null 2>&1 && make -s)

port=18480 base=http://127.0.0.1:18480
start_service() {
    $PRIO "$build/src/daemon/kuaichud" --data "$work/data-$1" --demo --listen 127.0.0.1:$port \
        --media-address 127.0.0.1 --media-ports 41000-41199 >"$work/ready" 2>"$work/daemon.log" &
    daemon=$!
    for _ in $(seq 100); do grep -q 'kuaichud ready' "$work/ready" && return; sleep 0.1; done
    cat "$work/daemon.log" >&2; return 1
}
stop_service() { kill "$daemon"; wait "$daemon" || true; daemon=''; }

ours() {
    local calls=$1 profile=$2 label=$3
    start_service "$label"
    python3 tests/bench/make_calls.py "$base" "$calls" >"$work/targets"
    (cd "$work/rtcload" && mkdir -p results && $PRIO ./rtcload -m post -n "$calls" -d "$seconds" -s 3 -P "$daemon" \
        --srtp "$profile" --targets "$work/targets" -l kuaichu -o "results/$label.json" >"$work/$label.out" 2>&1) ||
        { tail -5 "$work/$label.out" "$work/daemon.log" >&2; stop_service; return 1; }
    stop_service
    rm -rf "$work/data-$label"
}
peer() {
    local calls=$1 profile=$2 run=$3
    (cd "$work/rtcload" && ./run_janus.sh videocall "$calls" 1 "$seconds" '' "$profile" "${profile#SRTP_}-$run" \
        >"$work/janus.out" 2>&1) || { tail -5 "$work/janus.out" >&2; return 1; }
}

for run in $(seq "$runs"); do
    for calls; do
        for profile in $profiles; do
            ours "$calls" "$profile" "kuaichu-n$calls-${profile#SRTP_}-$run"
            [ "$calls" -gt "$peer_most" ] || peer "$calls" "$profile" "$run"
        done
    done
done
python3 tests/bench/table.py "$work"/rtcload/results/*.json
echo
(cd "$work/rtcload" && $PRIO ./floor -b -n "$1" -d 8)
