#!/bin/bash
# kuaichu draws verify: every draw comes to the same again; the first one that was bent is named.
set -euo pipefail
kuaichu=$1 make_draws=$2
. "$(dirname "$0")/expect.sh"
given=()

# bent SQL PATTERN: a copy of the folder, changed by who may write the file
bent() {
    rm -rf "$dir/bent"; cp -a "$dir/data" "$dir/bent"
    python3 - "$dir/bent/kuaichu.db" "$1" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for trigger in ('draws_committed', 'draws_no_delete', 'audit_log_no_update', 'audit_log_no_delete'):
    db.execute('DROP TRIGGER ' + trigger)
db.executescript(sys.argv[2])
db.commit()
PY
    expect 1 "$2" --data "$dir/bent" draws verify
}

expect 0 '^0 draws are right' --data "$dir/empty" draws verify
KC_DRAWS_DIR="$dir/data" "$make_draws" >"$dir/made" || { cat "$dir/made"; exit 1; }
expect 0 '^2 draws are right' --data "$dir/data" draws verify
bent "UPDATE draws SET chosen = (SELECT id FROM users WHERE username = 'auditor') WHERE number = 2" '^kuaichu: draw 2 was another one'
bent "UPDATE draws SET commitment = printf('%064d', 0) WHERE number = 1" '^kuaichu: draw 1 was committed to in other words'
bent "DELETE FROM draws WHERE number > 1" '^kuaichu: draw 2 stands in the log, but not in the table'
bent "DELETE FROM audit_log WHERE kind = 'draw.made'" '^kuaichu: the audit log does not hold: '
expect 2 'draws verify' --data "$dir/data" draws
expect 2 'draws verify' --data "$dir/data" draws burn
echo "$passed passed, 0 failed"
