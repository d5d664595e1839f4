#!/bin/bash
# kuaichu witness beside a real service: it cosigns what grows, answers what is no request, and is missed when it is away.
set -euo pipefail
kuaichu=$1 kuaichud=$2
. "$(dirname "$0")/expect.sh"
given=()
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done; rm -rf "$dir"; }
trap finish EXIT

die() { echo "$*" >&2; cat "$dir"/*.log >&2; exit 1; }
# until_says COUNT COMMAND…: tries again for some seconds
until_true() { for _ in $(seq 150); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done; die "never: $*"; }
start_witness() { # PORT
    "$kuaichu" witness serve --state "$dir/witness" --name witness.test --log "$log_key" --listen "127.0.0.1:$1" \
        >"$dir/witness.log" 2>&1 &
    witness=$!
    pids+=("$witness")
    until_true grep -q '^kuaichu witness ready' "$dir/witness.log"
}
start_service() {
    "$kuaichud" --data "$dir/data" --demo --listen 127.0.0.1:0 --media-address 127.0.0.1 --media-ports 43400-43499 \
        --log-origin kuaichu.test/log "$@" >"$dir/service.log" 2>&1 &
    service=$!
    pids+=("$service")
    until_true grep -q '^kuaichud ready' "$dir/service.log"
    base=$(sed -n 's/^kuaichud ready //p' "$dir/service.log")
}
stop() { kill "$1"; wait "$1" || true; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
status_of() { curl -s -o "$dir/said" -w '%{http_code}' "$@" || true; }

# The log has its key once the service has run.
start_service
log_key=$(curl -sS "$base/api/v1/log/keys" | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][-1]["public"])')
stop "$service"

expect 2 'needs --log KEY' witness serve --state "$dir/witness" --name witness.test
expect 1 'needs --state DIR and --name NAME' witness key --state "$dir/witness"
expect 0 '^witness.test+' witness key --state "$dir/witness" --name witness.test
expect 1 'is not ADDRESS:PORT' witness serve --state "$dir/witness" --name witness.test --log "$log_key" --listen nowhere
key=$("$kuaichu" witness key --state "$dir/witness" --name witness.test)
port=$(free_port)
start_witness "$port"
grep -qxF "$key" "$dir/witness.log" || die "another key"
[ "$(status_of "http://127.0.0.1:$port/")" = 200 ] && grep -qF 'kuaichu.test/log 0' "$dir/said" || die 'does not say what it knows'
[ "$(status_of "http://127.0.0.1:$port/add-checkpoint")" = 405 ] || die 'GET was taken'
[ "$(status_of -d 'no request' "http://127.0.0.1:$port/add-checkpoint")" = 400 ] || die 'what is no request was taken'
head -c 100000 /dev/zero | tr '\0' a >"$dir/long"
[ "$(status_of --data-binary @"$dir/long" "http://127.0.0.1:$port/add-checkpoint")" = 413 ] || die 'what is too long was taken'
passed=$((passed + 5))

# With a quorum of one, what is published is what the witness has cosigned.
start_service --witness "$key http://127.0.0.1:$port" --witness-quorum 1
cosigned() { curl -sS "$base/log/checkpoint" | grep -q '^— witness.test '; }
until_true cosigned
size() { curl -sS "$base/log/checkpoint" | sed -n 2p; }
before=$(size)
sign_in() { curl -sS -o /dev/null -H 'Content-Type: application/json' "$base/api/v1/sessions" \
    -d '{"username":"officer","password":"kuaichu-demo"}'; }
sign_in
grown() { [ "$(size)" -gt "$before" ]; }
until_true grown
cosigned || die 'published before it was cosigned'
passed=$((passed + 2))

# It is killed, and the service says so; back again, it goes on from where it was.
kill -9 "$witness"
before=$(size)
sign_in
missed() { curl -sS "$base/readyz" | grep -q "witness.test: it can't be reached"; }
until_true missed
[ "$(size)" = "$before" ] || die 'published without its quorum'
stop "$service"
start_witness "$port"
start_service --witness "$key http://127.0.0.1:$port" --witness-quorum 1
until_true grown
stop "$service"
passed=$((passed + 2))
given=(--data "$dir/data")
expect 0 '^right: ' log verify
echo "$passed passed, 0 failed"
