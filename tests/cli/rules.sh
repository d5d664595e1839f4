#!/bin/bash
# kuaichu rules: what is wrong is named with file, line and reason; what is right becomes the next version.
set -euo pipefail
kuaichu=$1 schema=$2
. "$(dirname "$0")/expect.sh"
given=()

cp -r "$schema/rules" "$schema/templates" "$dir"
data=(--data "$dir/data")
expect 0 'sound' rules check "$dir/rules"
expect 0 'sound' rules check "$dir/templates/determination.json"
expect 0 'sound' "${data[@]}" rules check "$dir/rules" "$dir/templates"
expect 1 'nothing is changed' "${data[@]}" rules install "$dir/rules" --reason x

sed -i 's/"answer": 60/"answer": 45/' "$dir/rules/desk.json"
expect 0 '^~ desk.json › targets_s › answer: 60 → 45$' "${data[@]}" rules diff "$dir/rules/desk.json"
expect 0 '^Open cases that keep their rules: 0$' "${data[@]}" rules diff "$dir/rules"
expect 1 'reason is missing' "${data[@]}" rules install "$dir/rules/desk.json"
expect 1 'past' "${data[@]}" rules install "$dir/rules/desk.json" --reason 试行 --from 2020-01-01
expect 0 'Version 2 of the rules is made' "${data[@]}" rules install "$dir/rules/desk.json" --reason 试行
expect 0 '^Open cases' "${data[@]}" rules diff "$dir/rules/desk.json"

sed -i 's/"2026-02-28"/"2026-02-27"/' "$dir/rules/calendars/2026.json"
expect 1 'calendars/2026.json:8:[0-9]*: at "/festivals/1/make_up/1": 2026-02-27 is a weekday' rules check "$dir/rules"
expect 1 'calendars/2026.json:8:' "${data[@]}" rules diff "$dir/rules/calendars/2026.json"
expect 1 'calendars/2026.json:8:' "${data[@]}" rules install "$dir/rules" --reason x
sed -i 's/"fonts"/"faces"/' "$dir/templates/agreement.json"
expect 1 'templates/agreement.json:[0-9]*:[0-9]*: at "": the key "faces" is not known' rules check "$dir/templates"
echo '{}' >"$dir/other.json"
expect 1 'other.json: there is no such file of rules' rules check "$dir/other.json"
expect 1 'absent' rules check "$dir/absent/desk.json"
expect 2 'rules check' rules check
expect 2 'needs --data DIR' rules diff "$dir/rules"
echo "$passed passed, 0 failed"
