#!/bin/bash
# kuaichu fsck: what is right is said so; what is damaged is named, one a line or as JSON; what can't be checked is told from
# what is damaged; nothing in the folder is changed by looking.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

intrude() {
    python3 - "$dir/data/kuaichu.db" "$1" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("PRAGMA foreign_keys = OFF; " + sys.argv[2])
PYTHON
}

expect 2 'could not be checked' fsck
expect 0 'account is made' user add --username li --role officer --name 李
expect 0 '^nothing is damaged$' fsck
expect 0 '"findings": \[\]' fsck --json
before=$(sha256sum "$dir"/data/kuaichu.db "$dir"/data/keys/*)
cp -r "$dir/data" "$dir/copy" && chmod -R a-w "$dir/copy"
given=(--data "$dir/copy"); expect 0 '^nothing is damaged$' fsck; given=(--data "$dir/data")
[ "$before" = "$(sha256sum "$dir"/data/kuaichu.db "$dir"/data/keys/*)" ]
chmod -R u+w "$dir/copy"
echo 'no checkpoint' >"$dir/held"
expect 1 '^DAMAGED: the held checkpoint is not signed by a key of this log$' fsck --checkpoint "$dir/held"
expect 2 'No such file' fsck --checkpoint "$dir/absent"
intrude "UPDATE users SET role = 'admin'"
expect 1 '^DAMAGED: row .* of users, of the installation, was changed past the service$' fsck
expect 1 '^damaged: findings 1$' fsck
expect 1 '"table": "users"' fsck --json
intrude "DROP TRIGGER audit_log_no_delete"
expect 1 '^DAMAGED: the trigger audit_log_no_delete of the database is missing$' fsck
echo x >"$dir/data/vault/stray"
expect 1 '\[vault/stray\]$' fsck
head -c 100 "$dir/data/kuaichu.db" >"$dir/copy/kuaichu.db"
given=(--data "$dir/copy"); expect 1 'DAMAGED' fsck
rm "$dir/copy/keys/master.key"
expect 2 'could not be checked' fsck
echo "$passed passed, 0 failed"
