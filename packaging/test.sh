#!/bin/bash
# Installs what is missing, builds and runs every suite:  packaging/test.sh [SUITE ...]
#
# Suites: lint, unit (all C suites), builds (clang and release, without a warning), web, e2e, ways, fault. The C suites
# and the service under the browsers run with ASan and UBSan. By name only, as they take their time: tsan (the C suites
# with ThreadSanitizer, in a build of their own), fuzz (10 million inputs a target), browsers (Chromium and Firefox in
# both roles, in a network namespace), network (calls on nine networks), growth (ten calls whose worker dies; 500 calls
# made and ended, some by those who vanish or whose worker dies; KC_GROWTH_CALLS=…), soak (five calls for two hours;
# KC_SOAK_MINUTES=…), scenarios (whole cases of each outcome, and the desk as a team), audit (the auditor's page:
# search, purposes, findings, second looks, replay, bundle, reports, retention), tlog (the log checked by an implementation that is
# not ours), faults (every call to the disk fails in turn, the power goes at every moment, the service is killed twenty
# times), tamper (everything that is stored is changed in every way, and the check must name it: a table of figures).
# Each suite prints its runner's own closing lines; the last line counts the suites and names those that failed.
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/install.sh build test
sanitized=${KUAICHU_TEST_BUILD:-$PWD/build-test}
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1:detect_stack_use_after_return=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
export G_SLICE=always-malloc GST_REGISTRY_FORK=no

configure() {
    local dir=$1; shift
    [ -f "$dir/build.ninja" ] || meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; return 1; }
}
sanitized_build() {
    configure "$sanitized" --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false && ninja -C "$sanitized" --quiet
}
# Without sanitizers, which keep what was freed.
plain_build() {
    configure "$PWD/build-plain" --buildtype=release -Dweb=disabled && ninja -C "$PWD/build-plain" --quiet
}
of_plain_build() {
    local dir=$PWD/build-plain
    KC_DAEMON=$dir/src/daemon/kuaichud KC_MEDIA_WORKER=$dir/media/worker/kuaichu-media "$dir/tests/service/$1"
}
in_browsers() {
    sanitized_build && (cd tests/e2e && npm ci --silent --no-audit --no-fund &&
        KUAICHU_BUILD=$sanitized node --test --test-concurrency=1 "$@")
}

suite_lint() { tests/lint/layers.sh && tests/lint/words.sh; }
# A limit of time only says that something hangs: the machine may be slow, and others on it.
suite_unit() {
    sanitized_build &&
        CK_TIMEOUT_MULTIPLIER=6 meson test -C "$sanitized" --no-rebuild --print-errorlogs --timeout-multiplier 8
}
suite_builds() {
    CC=clang configure "$PWD/build-clang" --buildtype=debugoptimized -Dweb=disabled &&
        ninja -C "$PWD/build-clang" --quiet && echo "clang: no warnings" &&
        configure "$PWD/build" --buildtype=release -Dtests=false &&
        ninja -C "$PWD/build" --quiet && echo "gcc, release: no warnings"
}
suite_web() { (cd web && npm ci --silent --no-audit --no-fund && npm test); }
suite_e2e() { in_browsers main-job.test.mjs trouble.test.mjs seen.test.mjs guests.test.mjs four.test.mjs lowband.test.mjs; }
suite_scenarios() {
    in_browsers desk.test.mjs keys.test.mjs map.test.mjs seats.test.mjs draws.test.mjs listen.test.mjs posts.test.mjs scene.test.mjs \
        agreement.test.mjs review.test.mjs party.test.mjs hurt.test.mjs three.test.mjs chat.test.mjs admin.test.mjs verify.test.mjs
}
suite_audit() {
    in_browsers audit.test.mjs blind.test.mjs replay.test.mjs compose.test.mjs bundle.test.mjs reports.test.mjs retention.test.mjs
}
suite_network() { in_browsers network.test.mjs; }
suite_fuzz() { tests/fuzz/run.sh; }
suite_growth() { plain_build && of_plain_build test_death && CK_RUN_CASE=growth of_plain_build test_growth; }
# Not in a process of its own: Check can't carry a duration of more than 71 minutes from there.
suite_tlog() { packaging/install.sh tlog && plain_build && tests/tlog/run.sh "$PWD/build-plain"; }
suite_soak() { plain_build && CK_FORK=no CK_RUN_CASE=soak of_plain_build test_growth; }
suite_browsers() { in_browsers browsers.test.mjs; }
# Every call that fails, every moment at which the power goes; without sanitizers, which only make it slow.
suite_faults() {
    plain_build || return 1
    local dir=$PWD/build-plain name
    for name in store vault clock steps power; do
        KC_FAULT_EVERY=1 "$dir/tests/fault/test_fault_$name" || return 1
    done
    KC_FAULT_KILLS=20 KC_DAEMON=$dir/src/daemon/kuaichud KC_MEDIA_WORKER=$dir/media/worker/kuaichu-media \
        KC_CLI=$dir/src/cli/kuaichu KC_FAULT_MODULE=$dir/tests/fault/libkc_fault.so "$dir/tests/fault/test_fault_daemon"
}
# Every way and every place, in four programs of which two run at a time.
suite_tamper() {
    plain_build || return 1
    local name
    export KC_TAMPER_EVERY=1
    for name in rows vault database rollback; do echo "$name"; done |
        xargs -P 2 -I{} sh -c "build-plain/tests/tamper/test_tamper_{} >build-plain/tamper-{}.log 2>&1" || { cat build-plain/tamper-*.log; return 1; }
    cat build-plain/tamper-*.log
}
suite_ways() { in_browsers ways.test.mjs; }
suite_fault() { in_browsers kill.test.mjs; }
suite_tsan() {
    local fixed=''
    setarch -R true 2>/dev/null && fixed='setarch -R' # an address space that older ThreadSanitizers understand
    configure "$PWD/build-tsan" --buildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false -Dweb=disabled &&
        ninja -C "$PWD/build-tsan" --quiet &&
        $fixed meson test -C "$PWD/build-tsan" --setup tsan --no-rebuild --print-errorlogs --suite unit --suite store \
            --suite app --suite http --suite daemon --suite media
}

# What a suite prints is kept too, so that the last lines can say which failed and what it said of that.
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=()
for name in ${*:-lint unit builds web e2e ways fault}; do
    echo "== $name"
    if ("suite_$name") 2>&1 | tee "$logs/$name"; then passed=$((passed + 1)); else failed+=("$name"); fi
done
for name in "${failed[@]}"; do
    echo "== $name FAILED:"
    grep -m 20 -A 12 -E '^ *not ok|: (FAIL|TIMEOUT|ERROR)|:[EF]:|Sanitizer:|error:' "$logs/$name" || tail -30 "$logs/$name"
done
echo "suites: $passed passed, ${#failed[@]} failed${failed[*]:+: ${failed[*]}}"
[ ${#failed[@]} = 0 ]
