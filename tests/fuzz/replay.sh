#!/bin/sh
# SPDX-License-Identifier: MIT
# Every saved input through its target: none may crash it.
set -u
: "${KOPPEL_BUILD_DIR:?}" "${srcdir:=.}"
bad=0
jq=
[ ! -e "$KOPPEL_BUILD_DIR/tests/fuzz/fuzz_jq" ] || jq=jq # built only with libjq
for target in address api asperion catalogue condition config expr functions $jq json_read path rest soap table text; do
    "$KOPPEL_BUILD_DIR/tests/fuzz/fuzz_$target" "$srcdir/tests/fuzz/corpus/$target" ||
        { echo "fuzz_$target failed"; bad=1; }
done
exit $bad
