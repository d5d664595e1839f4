#!/bin/bash
# Installs what is missing, and nothing else:  packaging/install.sh build [test] [tlog] [bench]
# Asks for root only when something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/packages.sh

wanted=()
for purpose in "$@"; do
    case $purpose in
    build) wanted+=("${build_packages[@]}") ;;
    test) wanted+=("${test_packages[@]}") ;;
    tlog) wanted+=("${tlog_packages[@]}") ;;
    bench) wanted+=("${bench_packages[@]}") ;;
    *) echo "install.sh: unknown purpose '$purpose' (build, test, tlog or bench)" >&2; exit 2 ;;
    esac
done

# Node.js and npm build the web apps; a machine that has them from elsewhere keeps its own.
command -v node >/dev/null && command -v npm >/dev/null || wanted+=(nodejs npm)

missing=()
for package in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install as root: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
