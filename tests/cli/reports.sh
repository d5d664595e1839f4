#!/bin/bash
# kuaichu report: what the service keeps, what its log says, what a copy of its database and what its exported entries say are
# the same to the letter; a figure that was bent is found.
set -euo pipefail
kuaichu=$1 make_cases=$2
. "$(dirname "$0")/expect.sh"
"$make_cases" "$dir/data" 60 2 >/dev/null
given=()
by=county,channel,form,scenario,officer,hour,day,week,month,outcome,closing_code,ground
period=(--from 2024-11-30 --to 2026-11-29 --by $by)

same() {
    cmp "$1" "$2" || { echo "$1 and $2 differ"; exit 1; }
    passed=$((passed + 1))
}

for form in json csv; do
    "$kuaichu" --data "$dir/data" report "${period[@]}" --$form >"$dir/kept.$form"
    "$kuaichu" --data "$dir/data" report --from-log "${period[@]}" --$form >"$dir/log.$form"
    same "$dir/kept.$form" "$dir/log.$form"
done
grep -q '"cases":108,' "$dir/kept.json"
"$kuaichu" --data "$dir/data" report --year 2026 --json >"$dir/year.json"
"$kuaichu" --data "$dir/data" report --from-log --year 2026 --json >"$dir/year-log.json"
same "$dir/year.json" "$dir/year-log.json"

# a copy of the file alone, without keys, in a folder that can't be written
mkdir "$dir/copy"
python3 - "$dir/data/kuaichu.db" "$dir/copy/a.db" "$dir/entries.jsonl" <<'PY'
import json, sqlite3, sys
source, copy = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
source.backup(copy)
for table, in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('audit_log', 'sqlite_sequence')").fetchall():
    copy.execute('PRAGMA foreign_keys = OFF')
    copy.execute(f'DROP TABLE "{table}"')
copy.commit()
with open(sys.argv[3], 'w') as out:
    for seq, at, case, kind, actor, who, data in source.execute('SELECT seq, at_us, case_id, kind, actor_kind, actor_id, data_json FROM audit_log ORDER BY seq'):
        print(json.dumps({'actor': {'id': who, 'kind': actor}, 'at_us': at, 'case_id': case, 'data': json.loads(data), 'kind': kind, 'seq': seq}), file=out)
PY
chmod 500 "$dir/copy"
"$kuaichu" report --db "$dir/copy/a.db" "${period[@]}" --json >"$dir/copy.json"
same "$dir/kept.json" "$dir/copy.json"
chmod 700 "$dir/copy"
"$kuaichu" report --log "$dir/entries.jsonl" "${period[@]}" --json >"$dir/lines.json"
same "$dir/kept.json" "$dir/lines.json"
sed -i 5d "$dir/entries.jsonl"
expect 2 'line 5: this is not the next entry' report --log "$dir/entries.jsonl" "${period[@]}"

expect 0 '^right: 108 cases' --data "$dir/data" report --check "${period[@]}"
python3 - "$dir/data/kuaichu.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE report_cases SET outcome = 'determined' WHERE case_id = (SELECT case_id FROM report_cases WHERE outcome = 'on_scene' LIMIT 1)")
db.commit()
PY
expect 1 '^WRONG: the figures that are kept are not those of the log' --data "$dir/data" report --check "${period[@]}"

expect 0 'the 12123 app' --data "$dir/data" report --year 2026
expect 0 '年度.*工作报告' --data "$dir/data" report --from-log --year 2026
expect 0 'bytes' --data "$dir/data" report --year 2026 --pdf "$dir/year.pdf"
head -c 5 "$dir/year.pdf" | grep -q '%PDF-'
expect 0 '611002 .*商州区' --data "$dir/data" report "${period[@]}"
expect 2 'such as 2026-11-29' report --db "$dir/copy/a.db" --from yesterday
expect 1 '2026-11-29' --data "$dir/data" report --from yesterday
expect 2 'divided by commas' report --db "$dir/copy/a.db" --by colour
expect 2 'not both' --data "$dir/data" report --json --csv
expect 2 'say --year' --data "$dir/data" report --pdf "$dir/x.pdf"
expect 2 'kuaichu: ' report --db "$dir/absent.db"
expect 2 'needs --data DIR' report
expect 2 'kuaichu .--data DIR. report' --data "$dir/data" report summary
echo "$passed passed, 0 failed"
