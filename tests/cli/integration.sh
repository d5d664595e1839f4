#!/bin/bash
# kuaichu integration: a key is made and shown once, listed and revoked; what is wrong is said.
set -euo pipefail
kuaichu=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0

# expect CODE PATTERN ARGUMENTS…: the exit code, and what is said on either stream
expect() {
    local code=$1 pattern=$2 got=0 said; shift 2
    said=$("$kuaichu" --data "$dir/data" "$@" 2>&1) || got=$?
    if [ "$got" != "$code" ] || ! grep -q -- "$pattern" <<<"$said"; then
        echo "kuaichu $*: exit code $got, not $code, or not \"$pattern\":"; echo "$said"; exit 1
    fi
    passed=$((passed + 1))
}

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
