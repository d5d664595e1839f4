#!/bin/bash
# kuaichu verify: the published bundle is right, by any key that is rightly given; what was done to it is named; what can't be
# checked is told from what is wrong.
set -euo pipefail
kuaichu=$1
vectors=$2/../tests/vectors
. "$(dirname "$0")/expect.sh"
given=()

expect 0 '^right, by the key that came with it' verify "$vectors/bundle.zip"
expect 0 '^right  entries ' verify "$vectors/bundle.zip"
unzip -q "$vectors/bundle.zip" -d "$dir/files"
cp "$dir/files/service.pub" "$dir/service.pub"
expect 0 '^right, by the key that was given$' verify "$dir/files" --key "$dir/service.pub"
python3 - "$dir" <<'PYTHON'
import json, sys
log = json.load(open(sys.argv[1] + "/files/manifest.json"))["log"]
open(sys.argv[1] + "/held", "w").write(log["checkpoint"])
open(sys.argv[1] + "/log.pub", "w").write(log["keys"][0]["public"] + "\n")
PYTHON
expect 0 '^right  held ' verify "$vectors/bundle.zip" --key "$dir/log.pub" --checkpoint "$dir/held"
expect 0 '"right": true' verify "$vectors/bundle.zip" --json
(cd "$dir/files" && sha256sum --quiet -c SHA256SUMS && minisign -Vqm manifest.json -p service.pub)

recording=$(cd "$dir/files" && ls recordings/* | head -1)
printf 'x' | dd of="$dir/files/$recording" bs=1 seek=1000 conv=notrunc status=none
expect 1 "^WRONG  files " verify "$dir/files"
expect 1 "- $recording: its SHA-256 is " verify "$dir/files"
expect 1 '"right": false' verify "$dir/files" --json
rm "$dir/files/$recording"
expect 1 "- $recording: it is not there" verify "$dir/files"
head -c 20000 "$vectors/bundle.zip" >"$dir/cut.zip"
expect 2 'cut.zip' verify "$dir/cut.zip"

echo 'untrusted comment: minisign public key 4CA07976EB785EC
RWTshbdulwfKBOm+Y9b+6lFRGXHgvdl+tXmFOP+Z+Z+U5xX/T82Z5P42' >"$dir/other.pub"
expect 1 'service.pub is not the key that was given' verify "$vectors/bundle.zip" --key "$dir/other.pub"
expect 2 'neither a service.pub nor a key of the log' verify "$vectors/bundle.zip" --key "$dir/held"
expect 2 'absent' verify "$dir/absent.zip"
expect 2 'say: kuaichu' verify
echo "$passed passed, 0 failed"
