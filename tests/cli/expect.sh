# Sourced by the tests of this folder, after $kuaichu is set: $dir, a folder that goes when the test ends, and `expect`.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
given=(--data "$dir/data") # to every command; a test may set others, or none

# expect CODE PATTERN ARGUMENTS…: the exit code, and what is said on either stream
expect() {
    local code=$1 pattern=$2 got=0 said; shift 2
    said=$(echo a-long-password | "$kuaichu" "${given[@]}" "$@" 2>&1) || got=$?
    if [ "$got" != "$code" ] || ! grep -q -- "$pattern" <<<"$said"; then
        echo "kuaichu $*: exit code $got, not $code, or not \"$pattern\":"; echo "$said"; exit 1
    fi
    passed=$((passed + 1))
}
