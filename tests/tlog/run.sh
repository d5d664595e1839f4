#!/bin/bash
# The log of a running service, checked by a client that is not ours (client.go):  tests/tlog/run.sh BUILD [CASES=300]
set -euo pipefail
cd "$(dirname "$0")"
build=$1 cases=${2:-300}
work=$(mktemp -d)
daemon=''
finish() { [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT

GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/cache" go build -o "$work/client" client.go
base=http://127.0.0.1:18795
"$build/src/daemon/kuaichud" --data "$work/data" --demo --listen "${base#http://}" --media-address 127.0.0.1 \
    --media-ports 43200-43399 --log-origin kuaichu.test/log >"$work/ready" 2>"$work/daemon.log" &
daemon=$!
for _ in $(seq 100); do grep -q 'kuaichud ready' "$work/ready" && break; sleep 0.1; done
ask() { curl -sS --fail-with-body -H 'Content-Type: application/json' "$@"; }
token=$(ask "$base/api/v1/sessions" -d '{"username":"officer","password":"kuaichu-demo"}' |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
key=$(ask "$base/api/v1/log/keys" | python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][-1]["public"])')
cat >"$work/case.json" <<'JSON'
{"channel": "desk", "place": {"text": "商州区北新街"}, "consents": ["recording"],
 "triage": {"death": false, "injury": "none", "licence_problem": false, "alcohol_or_drugs": false,
  "overloaded_or_speeding_passenger_vehicle": false, "plate_problem": false, "cannot_move": false, "party_left": false,
  "intent": false, "no_inspection_or_insurance_mark": false, "facility_damage": false, "hazardous_goods": false},
 "party": {"name": "张三", "phone": "13800000000", "plate_number": "陕H12345", "plate_type": "02"}}
JSON
open_cases() {
    for _ in $(seq "$1"); do
        ask -o /dev/null -H "Authorization: Bearer $token" "$base/api/v1/cases" -d @"$work/case.json"
    done
}
# A checkpoint over more than `1` leaves: they come some seconds apart.
wait_for_size() {
    for _ in $(seq 200); do
        local size; size=$(curl -s "$base/log/checkpoint" | sed -n 2p)
        [[ "$size" =~ ^[0-9]+$ ]] && [ "$size" -gt "$1" ] && return 0
        sleep 0.1
    done
    echo "no checkpoint over $1 leaves" >&2; return 1
}

open_cases $((cases / 2))
wait_for_size $((cases / 2 - 1))
"$work/client" "$base" "$key" >"$work/older"
open_cases $((cases - cases / 2))
wait_for_size $((cases - 1))
"$work/client" "$base" "$key" "$work/older" >"$work/newer"
sed -i '2s/.*/1/' "$work/older"
if "$work/client" "$base" "$key" "$work/older" >/dev/null 2>"$work/refused"; then
    echo "a forged checkpoint was taken" >&2; exit 1
fi
grep -q "the checkpoint's signature" "$work/refused"
echo "3 passed, 0 failed"
