#!/bin/sh
# SPDX-License-Identifier: MIT
# Three unit programs under valgrind, which sees what the sanitizers do not: values that were never set.
# All of them: make check-valgrind.
set -u
build=${KOPPEL_BUILD_DIR:?}
command -v valgrind >/dev/null || { echo "valgrind is missing"; exit 77; }
grep -q '^SAN_CFLAGS = *-fsanitize' "$build/Makefile" && { echo "a sanitizer build"; exit 77; }
cd "$build" || exit 99
bad=0 ran=0
for unit in tests/unit/test_host tests/unit/test_soap tests/unit/test_store; do
    [ -x "$unit" ] || continue
    CK_FORK=no ./libtool --mode=execute valgrind -q --leak-check=full --error-exitcode=9 "$unit" || bad=1
    ran=$((ran + 1))
done
[ "$ran" -gt 0 ] || { echo "built without Check: no unit programs"; exit 77; }
exit $bad
