#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs every test of a build folder and ends with one line that counts them.
set -u
build=$1
cd "$build" || exit 2
find tests \( -name '*.trs' -o -name '*.first' \) -exec rm -f {} + 2>/dev/null # of an earlier run, which would count where this one does not build
# Far beyond what all of it takes: a run that stands still must end and say so.
seconds=${KOPPEL_CHECK_SECONDS:-5400}
timeout --kill-after=60 "$seconds" make check -k -j2 >check.log 2>&1
code=$?
# Servers, browsers and engines share two cores with another test and whatever else the machine does. What failed so
# is run once more, alone, and both are told; but for the campaigns, where one failure in many runs is what they are
# for, and for all that needs no time of its own.
again=
for log in $(grep -l '^:test-result: FAIL' $(find tests/integration tests/browser -name '*.trs') /dev/null); do
    name=${log%.trs}
    case $name in */chaos | */hosts | */patroni | */year | */publish) continue ;; esac
    mv "$name.log" "$name.first"
    rm -f "$log"
    again="$again $name.py"
done
if [ -n "$again" ]; then
    make -k check TESTS="$again" >>check.log 2>&1
    make -k check TESTS= >>check.log 2>&1 # does all of it build?
    built=$?
    case $code in
    124 | 137) ;; # it was cut off: what it did not come to has no result that could be counted
    *) code=$built ;;
    esac
fi
# What passed comes first and what did not last: a long output is read from its end, or only its end is kept.
results() { # results LOG...: each with what it says of itself
    for log; do
        result=$(sed -n 's/^:test-result: //p' "$log" | head -n 1)
        first=${log%.trs}.first
        [ ! -f "$first" ] || { echo "beside others ${log%.trs} failed; alone:" && tail -n 25 "$first" | sed 's/^/    /'; }
        echo "$result ${log%.trs}"
        case $result in
        PASS*) sed -n 's/^skipped /    skipped /p' "${log%.trs}.log" 2>/dev/null ;; # one test of many
        *) tail -n 25 "${log%.trs}.log" 2>/dev/null | sed 's/^/    /' ;;
        esac
    done
}
all=$(find tests -name '*.trs' 2>/dev/null | sort)
good=$(grep -l '^:test-result: PASS' $all /dev/null)
results $good
results $(echo "$all" | grep -vxF "$good")
echo "the longest, in seconds:$(find tests -name '*.log' -exec grep -H '^limit.sh: took' {} + |
    sed 's/^tests.//; s/\.log:limit.sh: took / /; s/ s$//' | sort -k 2 -rn | head -n 8 | sed 's/^/ /; s/$/,/' | tr -d '\n')"
count() { find tests -name '*.trs' -exec sed -n 's/^:test-result: //p' {} + | grep -c "^$1"; }
passed=$(count PASS) failed=$(($(count FAIL) + $(count ERROR))) skipped=$(count SKIP)
case $code in
124 | 137) echo "run.sh: cut off after $seconds s, the limit of all tests together" ;;
esac
if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
    tail -n 40 check.log
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
