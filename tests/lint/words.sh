#!/bin/bash
# The tree promises nothing it does not do, and names no machine's own paths.
set -euo pipefail
cd "$(dirname "$0")/../.."
files=$(git ls-files | grep -vE '(package-lock\.json|^tests/lint/|\.(png|webm|bin)$)')
bad=0
check() {
    local what=$1 pattern=$2
    # shellcheck disable=SC2086
    if grep -nEI "$pattern" $files; then echo "words: $what"; bad=1; fi
}
check 'left to be done' '\b(TODO|FIXME|XXX|HACK)\b'
check "a machine's own path" '(/work/|/root/|/home/[a-z])'
if grep -l '"resolved"' $(git ls-files '*package-lock.json') /dev/null; then echo 'words: a lock file names download addresses'; bad=1; fi
[ "$bad" = 0 ] && echo "1 passed, 0 failed"
