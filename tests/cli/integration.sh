#!/bin/bash
# kuaichu integration: a key is made and shown once, listed and revoked; what is wrong is said.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

expect 2 'needs --name' integration add
expect 1 'cases:open, cases:read or events:read' integration add --name 122 --scopes cases:all
key=$("$kuaichu" --data "$dir/data" integration add --name 122 2>/dev/null)
[ "${#key}" -ge 22 ] || { echo "no key: $key"; exit 1; }
! grep -rqF -- "$key" "$dir/data" || { echo "the key itself is kept"; exit 1; }
passed=$((passed + 2))
expect 1 'integration of that name' integration add --name 122
expect 0 '^122  *good  *cases:open,cases:read$' integration list
expect 0 'revoked' integration revoke --name 122
expect 0 '^122  *revoked' integration list
expect 1 'no such integration' integration revoke --name 110
echo "$passed passed, 0 failed"
