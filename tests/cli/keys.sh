#!/bin/bash
# kuaichu keys, backup, retention: keys give way to new ones, a master key that others can read is refused, a backup holds no
# key, and what the rules would erase is told.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

expect 0 'account is made' user add --username li --role officer --name 李
[ "$(stat -c %a "$dir/data/keys/master.key" "$dir/data/keys/case-keys" | sort -u)" = 600 ] || { echo "keys are open to others"; exit 1; }
before=$(sha256sum <"$dir/data/keys/master.key")
expect 0 'is retired; .* is in use, and the keys of 0 cases' keys rotate-master
[ "$before" != "$(sha256sum <"$dir/data/keys/master.key")" ] || { echo "it is the old key"; exit 1; }
[ ! -e "$dir/data/keys/master.key.next" ] || { echo "the next key was left"; exit 1; }
expect 0 '^li ' user list
expect 0 'signs the log from now on' keys rotate-signing
expect 0 'signs the log from now on' keys rotate-signing
[ "$("$kuaichu" --data "$dir/data" log keys | wc -l)" = 3 ] || { echo "not three signing keys"; exit 1; }
expect 0 '^right: ' log verify
flock "$dir/data/lock" -c "'$kuaichu' --data '$dir/data' keys rotate-master" >"$dir/said" 2>&1 && { echo "rotated beside the service"; exit 1; }
grep -q 'stop it first' "$dir/said" || { cat "$dir/said"; exit 1; }

expect 0 'files of the vault that belong to it' backup make "$dir/copy"
expect 1 'which is not there yet' backup make "$dir/copy"
[ "$(ls "$dir/copy")" = "kuaichu.db
vault.list" ] || { ls "$dir/copy"; exit 1; }
expect 0 'at,case_number,what,state,rule' retention preview --days 3000
expect 2 '--days takes' retention preview --days soon
expect 0 '^0 cases were looked at' retention run

chmod 0640 "$dir/data/keys/master.key"
expect 1 'its owner alone can read (mode 0600, not 0640)' user list
cp "$dir/data/keys/master.key" "$dir/key"; chmod 0600 "$dir/key"
expect 0 '^li ' --master-key "$dir/key" user list
mkdir "$dir/credentials"; install -m 0440 "$dir/key" "$dir/credentials/kuaichu-master-key"; rm "$dir/data/keys/master.key"
CREDENTIALS_DIRECTORY="$dir/credentials" expect 0 '^li ' user list
rm "$dir/data/keys/case-keys"
CREDENTIALS_DIRECTORY="$dir/credentials" expect 1 'case-keys is missing' user list
echo "$passed passed, 0 failed"
