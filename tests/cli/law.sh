#!/bin/bash
# kuaichu law: a whole text is kept, once; a damaged one is named with file and line, and keeps the others out.
set -euo pipefail
kuaichu=$1
. "$(dirname "$0")/expect.sh"

printf '# 滑板车法\n2011年4月22日\n第一条 靠右。\n第二条 即日施行。\n' >"$dir/good.md"
printf '# 手推车条例\n2011年4月22日\n第一条 靠右。\n第三条 即日施行。\n' >"$dir/bad.md"

expect 0 '^$' law list
expect 1 'bad.md: line 4: ' law import "$dir/good.md" "$dir/bad.md"
expect 0 '^$' law list
expect 1 'absent.md' law import "$dir/absent.md"
expect 0 '^2011-04-22 2 .* 滑板车法  imported$' law import "$dir/good.md"
expect 0 '滑板车法  was there already$' law import "$dir/good.md"
expect 0 '^2011-04-22 2 .* 滑板车法$' law list
expect 2 'law import FILE' law import
expect 2 'law import FILE' law list "$dir/good.md"
expect 2 'law import FILE' law burn
echo "$passed passed, 0 failed"
