#!/bin/bash
# Installs what is missing, builds, and starts the service with demo accounts:  packaging/run.sh [--lan] [--port N]
#
#   --lan       serve HTTPS to the local network with a certificate made for this machine, and show the driver's
#               address as a QR code, so that a phone can call
#   --port N    listen on N (8080, with --lan 8443)
#   --data DIR  keep the data in DIR (default ./data-demo; a second start goes on with it)
set -euo pipefail
cd "$(dirname "$0")/.."

lan='' port='' data=${KUAICHU_DATA:-$PWD/data-demo}
while [ $# -gt 0 ]; do
    case $1 in
    --lan) lan=1 ;;
    --port) port=$2; shift ;;
    --data) data=$2; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown option $1 (see --help)" >&2; exit 2 ;;
    esac
    shift
done

build=${KUAICHU_BUILD:-$PWD/build}
packaging/install.sh build
[ -f "$build/build.ninja" ] || meson setup "$build" --buildtype=release -Dtests=false >"$build.log" 2>&1 ||
    { cat "$build.log" >&2; exit 1; }
echo "Building …"
ninja -C "$build" --quiet || exit 1

# The first address that other machines on this network reach.
lan_address() { ip -4 -o route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p'; }

# A certificate of this machine's own, made once for each address.
make_certificate() {
    local address=$1 dir=$data/tls
    mkdir -p "$dir" && chmod 700 "$dir"
    [ -s "$dir/$address.crt" ] && return
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -sha256 \
        -subj "/CN=kuaichu on $(hostname)" -addext "subjectAltName=IP:$address,IP:127.0.0.1,DNS:localhost" \
        -addext 'extendedKeyUsage=serverAuth' -keyout "$dir/$address.key" -out "$dir/$address.crt" 2>/dev/null
    chmod 600 "$dir/$address.key"
}

args=(--data "$data" --demo)
if [ -n "$lan" ]; then
    address=$(lan_address)
    [ -n "$address" ] || { echo "run.sh: this machine has no network address that a phone could reach" >&2; exit 1; }
    make_certificate "$address"
    base=https://$address:${port:-8443}
    args+=(--listen "0.0.0.0:${port:-8443}" --media-address "$address" --public-url "$base"
        --tls-certificate "$data/tls/$address.crt" --tls-key "$data/tls/$address.key")
else
    base=http://127.0.0.1:${port:-8080}
    args+=(--listen "127.0.0.1:${port:-8080}")
fi

announce() {
    cat <<END

  快处 kuaichu is ready.

    driver    $base/
    desk      $base/desk      officer / kuaichu-demo
    audit     $base/audit     auditor / kuaichu-demo
    admin     $base/admin     admin / kuaichu-demo

  More accounts: intake, supervisor, admin (same password). Ctrl-C stops.
END
    [ -z "$lan" ] || { echo; qrencode -t ANSIUTF8 -m 2 "$base/"
        echo "  Scan with a phone on this network; accept the certificate once (it was made by this machine)."; }
    echo
}

# The daemon runs as a child, so that Ctrl-C reaches it and we wait for its clean end.
mkdir -p "$data" && chmod 700 "$data"
exec 3< <(exec "$build/src/daemon/kuaichud" "${args[@]}")
daemon=$!
trap 'kill -TERM "$daemon" 2>/dev/null || true' INT TERM
while read -r line <&3; do
    case $line in
    "kuaichud ready "*) announce ;;
    *) echo "$line" ;;
    esac
done
status=0
wait "$daemon" || status=$?
exit "$status"
