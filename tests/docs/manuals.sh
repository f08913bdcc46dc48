#!/bin/sh
# SPDX-License-Identifier: MIT
# Every manual page is clean, and every command and connector setting stands in its page.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v mandoc >/dev/null || { echo "mandoc is missing"; exit 77; }
bad=0
for page in $(git ls-files '*.[157]' 2>/dev/null || find . -name '*.[157]' -not -path './.build*'); do
    mandoc -T lint -W warning "$page" || bad=1
done
for command in $(sed -n 's/^    {"\([a-z]*\)", ".*/\1/p' core/main.c); do
    grep -q "^\.It Cm $command" core/koppel.1 || { echo "koppel.1 lacks $command"; bad=1; }
done
for name in mpluskassa asperion; do
    settings=$(python3 -c 'import json,sys
for s in json.load(open(sys.argv[1]))["settings"]: print(s["name"])' "plugins/$name/$name.json") || bad=1
    for setting in $settings; do
        grep -q "$setting" "plugins/$name/$name.7" || { echo "$name.7 lacks $setting"; bad=1; }
    done
done
exit $bad
