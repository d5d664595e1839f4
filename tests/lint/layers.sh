#!/bin/bash
# Folders are layers: a file includes only its own layer and those below it. Names each include that goes upward.
set -euo pipefail
cd "$(dirname "$0")/../.."

# layer: what it may include (besides itself and src/base)
declare -A may=(
    [src/base]=''
    [src/domain]=''
    [src/evidence]='src/domain'
    [src/witness]='src/evidence'
    [src/store]='src/domain src/evidence'
    [src/rules]='src/domain src/evidence src/store'
    [src/print]='src/domain src/rules'
    [src/app]='src/domain src/evidence src/store src/rules src/print media/webm'
    [src/http]='src/domain src/evidence src/store src/rules src/print src/app'
    [src/daemon]='src/domain src/evidence src/store src/rules src/print src/app src/http media/protocol'
    [src/cli]='src/witness src/domain src/evidence src/store src/rules src/print src/app'
    [media/rtp]=''
    [media/webm]=''
    [media/protocol]=''
    [media/sandbox]='media/protocol'
    [media/transport]='media/rtp'
    [media/gst]='media/rtp media/webm media/transport src/evidence'
    [media/worker]='media/rtp media/webm media/transport media/gst media/protocol media/sandbox src/evidence'
    [media/compose]='media/webm media/protocol media/sandbox src/evidence'
)
# library headers that only these layers or files may use
declare -A only=(
    ['microhttpd\.h']='src/http src/witness'
    ['curl/curl\.h']='src/daemon/witness_client.c'
    ['sqlite3\.h']='src/store'
    ['sodium\.h']='src/evidence'
    ['(cairo|pango/|qrencode|lcms2)[a-z/-]*\.h']='src/print'
    ['gst/[a-z/]*\.h']='media/'
    ['(vpx/|opus/)[a-z0-9_]*\.h']='media/compose'
    ['openssl/.*\.h']='media/transport src/evidence/digest.c src/evidence/xchacha.c'
)

may_include() {
    local file=$1 layer; shift
    for layer; do [[ $file != $layer* ]] || return 0; done
    return 1
}

checked=0 bad=0
for file in $(git ls-files 'src/*.[ch]' 'media/*.[ch]'); do
    layer=$(cut -d/ -f1,2 <<<"$file")
    checked=$((checked + 1))
    allowed=" src/base $layer ${may[$layer]-} "
    while read -r target; do
        target_layer=$(cut -d/ -f1,2 <<<"$target")
        case $allowed in
        *" $target_layer "*) ;;
        *) echo "$file includes $target: $layer may not use $target_layer"; bad=$((bad + 1)) ;;
        esac
    done < <(sed -nE 's/^#include "((src|media)\/[^"]+)".*/\1/p' "$file")
    for header in "${!only[@]}"; do
        if ! may_include "$file" ${only[$header]} && grep -qE "^#include <$header>" "$file"; then
            echo "$file includes <$header>: only ${only[$header]} may"; bad=$((bad + 1))
        fi
    done
done
echo "layers: $checked files"
echo "$((checked > bad ? checked - bad : 0)) passed, $bad failed"
[ "$bad" = 0 ] && [ "$checked" -gt 0 ]
