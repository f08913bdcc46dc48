#!/bin/sh
# SPDX-License-Identifier: MIT
# limit.sh TEST [ARG...]: runs one test with a limit, so that one that hangs is told by its name and by where
# it stood, and does not take the others with it. KOPPEL_TEST_SECONDS changes the limit.
set -u
limit=${KOPPEL_TEST_SECONDS:-900}
case $1 in
*/sanitize/*) limit=$((limit * 2)) ;; # a build of its own
*/integration/* | */browser/*)
    [ -x "$KOPPEL_BUILD_DIR/tests/sandbox/koppel-sandbox" ] || { echo "built without the sandbox"; exit 77; } ;;
esac
case $1 in
*.py)
    command -v python3 >/dev/null || { echo "python3 is missing"; exit 77; }
    set -- python3 -X faulthandler "$@" ;; # which tells at ABRT where each of its threads is
*.sh) set -- "${SHELL:-/bin/sh}" "$@" ;;
esac
# timeout has a process group of its own: what a test that failed has left running goes with it.
group=$(mktemp) || exit 99
began=$(date +%s)
sh -c 'echo $$ >"$0" && exec timeout "$@"' "$group" --signal=ABRT --kill-after=20 "$limit" "$@"
code=$?
kill -s KILL -- "-$(cat "$group")" 2>/dev/null
rm -f "$group"
case $code in
124 | 137) echo "limit.sh: ended after $limit s, the limit of one test" ;;
esac
echo "limit.sh: took $(($(date +%s) - began)) s"
exit $code
