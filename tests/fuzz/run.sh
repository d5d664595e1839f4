#!/bin/bash
# Fuzzes every target (or those named) and prints what each has done:  tests/fuzz/run.sh [TARGET ...]
#
# RUNS inputs each (10 million unless set), SECONDS_MAX at most (0: no bound), JOBS targets at a time. The build folder
# is FUZZ_BUILD. Inputs that were found at fault stay in its folder `found`; mend the fault, then keep them in corpus/.
set -euo pipefail
cd "$(dirname "$0")/../.."
export RUNS=${RUNS:-10000000} SECONDS_MAX=${SECONDS_MAX:-0} FUZZ_BUILD=${FUZZ_BUILD:-$PWD/build-fuzz}
export ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
export G_SLICE=always-malloc CORPUS=$PWD/tests/fuzz/corpus
[ $# -gt 0 ] || set -- $(ls "$CORPUS")

[ -f "$FUZZ_BUILD/build.ninja" ] || CC=clang meson setup "$FUZZ_BUILD" --buildtype=debugoptimized \
    -Db_sanitize=address,undefined -Db_lundef=false -Dweb=disabled -Dfuzz=true >"$FUZZ_BUILD.log"
ninja -C "$FUZZ_BUILD" --quiet $(printf 'tests/fuzz/fuzz_%s_libfuzzer ' "$@")

fuzz() {
    local name=$1 inputs=$FUZZ_BUILD/inputs/$1 found=$FUZZ_BUILD/found/$1 code=0
    rm -rf "$inputs" && mkdir -p "$inputs" "$found" && cp "$CORPUS/$name"/* "$inputs"
    nice -n 19 "$FUZZ_BUILD/tests/fuzz/fuzz_${name}_libfuzzer" -runs="$RUNS" -max_total_time="$SECONDS_MAX" \
        -artifact_prefix="$found/" -print_final_stats=1 -timeout=20 "$inputs" >"$inputs.log" 2>&1 || code=$?
    awk -v name="$name" -v code=$code '
        match($0, /cov: [0-9]+/) { cov = substr($0, RSTART + 5, RLENGTH - 5) }
        /^Done / { runs = $2; seconds = $5 }
        /^SUMMARY/ { summary = " " $0 }
        END { printf "%-9s %9d runs %5d s %7d runs/s %5d edges %s%s\n", name, runs, seconds,
              seconds ? runs / seconds : runs, cov, code ? "FINDING" : "no finding", summary }' "$inputs.log"
    return $code
}
export -f fuzz
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I{} bash -c 'fuzz {}'
