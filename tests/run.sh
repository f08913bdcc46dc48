#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every test of a build folder and ends with one line that counts them.
set -u
build=$1
cd "$build" || exit 2
find tests -name '*.trs' -exec rm -f {} + 2>/dev/null # of an earlier run, which would count where this one does not build
# Far beyond what all of it takes: a run that stands still must end and say so.
timeout --kill-after=60 "${KOPPEL_CHECK_SECONDS:-3600}" make check -k -j2 >check.log 2>&1
code=$?
for log in $(find tests -name '*.trs' 2>/dev/null | sort); do
    result=$(sed -n 's/^:test-result: //p' "$log" | head -n 1)
    echo "$result ${log%.trs}"
    case $result in
    PASS*) sed -n 's/^skipped /    skipped /p' "${log%.trs}.log" 2>/dev/null ;; # one test of many
    *) tail -n 25 "${log%.trs}.log" 2>/dev/null | sed 's/^/    /' ;;
    esac
done
count() { find tests -name '*.trs' -exec sed -n 's/^:test-result: //p' {} + | grep -c "^$1"; }
passed=$(count PASS) failed=$(($(count FAIL) + $(count ERROR))) skipped=$(count SKIP)
if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
    tail -n 40 check.log
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
