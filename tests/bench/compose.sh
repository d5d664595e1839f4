#!/bin/bash
# Minutes of one processor that a composed video takes for each minute of call:  tests/bench/compose.sh [BUILD]
# Of a release build. KUAICHU_CLIP: what the phones film; else a moving test picture.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build-plain}
ninja -C "$build" --quiet tests/bench/compose_bench media/compose/kuaichu-compose
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -f "${KUAICHU_CLIP:-}" ]; then film=(-stream_loop -1 -i "$KUAICHU_CLIP"); else film=(-f lavfi -i testsrc2=size=1280x720:rate=25); fi
for size in 640x480 1280x720; do
    ffmpeg -loglevel error -y "${film[@]}" -f lavfi -i sine=frequency=440:sample_rate=48000 -map 0:v -map 1:a -t 30 -vf "scale=${size/x/:},fps=25" \
        -c:v libvpx -b:v 1200k -g 75 -deadline realtime -cpu-used 8 -c:a libopus -b:a 32k -ac 2 "$work/$size.webm"
    for n in ${PARTICIPANTS:-1 2 4}; do
        echo -n "$size, "
        "$build/tests/bench/compose_bench" "$build/media/compose/kuaichu-compose" "$n" 2 "$work/$size.webm" 2>/dev/null
    done
done
