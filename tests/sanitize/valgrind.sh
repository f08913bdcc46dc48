#!/bin/sh
# SPDX-License-Identifier: MIT
# Three unit programs under valgrind, which sees what the sanitizers do not: values that were never set.
# All of them: make check-valgrind. Only what nothing points at any more is an error: a thread that is
# detached (the one that gives up on a plugin) still sleeps when the program ends, and valgrind calls
# what the C library holds for it "possibly lost".
set -u
build=${KOPPEL_BUILD_DIR:?}
command -v valgrind >/dev/null || { echo "valgrind is missing"; exit 77; }
grep -q '^SAN_CFLAGS = *-fsanitize' "$build/Makefile" && { echo "a sanitizer build"; exit 77; }
cd "$build" || exit 99
bad=0 ran=0
for unit in tests/unit/test_host tests/unit/test_soap tests/unit/test_store_journal; do
    [ -x "$unit" ] || continue
    CK_FORK=no ./libtool --mode=execute valgrind -q --leak-check=full \
        --errors-for-leak-kinds=definite --error-exitcode=9 "$unit" || bad=1
    ran=$((ran + 1))
done
[ "$ran" -gt 0 ] || { echo "built without Check: no unit programs"; exit 77; }
exit $bad
