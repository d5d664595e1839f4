#!/bin/bash
# kuaichu log: what is right is said so; a changed entry is named; what can't be read is told from what is wrong.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

# As an intruder would, past the service.
intrude() {
    python3 - "$dir/data/kuaichu.db" "$1" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("PRAGMA foreign_keys = OFF; " + sys.argv[2])
PYTHON
}

expect 0 '^right: 2 entries, 0 checkpoints$' log verify # the rules that the service came with
expect 0 'account is made' user add --username li --role officer --name 李
expect 0 'grade is set' user grade --username li --grade junior
expect 0 '^right: 4 entries, 0 checkpoints$' log verify
expect 0 '^$' log keys
expect 2 'absent' log verify "$dir/absent"
echo 'no checkpoint' >"$dir/held"
expect 1 '^WRONG: the held checkpoint is not signed by a key of this log$' log verify "$dir/held"
intrude "DROP TRIGGER audit_log_no_update; UPDATE audit_log SET at_us = at_us + 1 WHERE seq = 2"
expect 1 '^WRONG: entry 2 does not follow from the one before it' log verify
expect 1 '^right up to there: 1 entries$' log verify
echo "$passed passed, 0 failed"
