#!/bin/sh
# SPDX-License-Identifier: MIT
# slice.sh FOLDER SANITIZERS UNITS FILE:TEST...: a second build with sanitizers in FOLDER of the build folder, the
# unit programs of UNITS (as test_log), and some of the tests against the sandbox. The whole suite is make
# check-asan and make check-tsan. 77 where the sanitizer cannot be had.
set -u
folder=$1 sanitizers=$2 units=$(printf 'tests/unit/%s ' $3)
shift 3
here=$(cd "$(dirname "$0")" && pwd)
src=$(cd "$here/../.." && pwd)
build=${KOPPEL_BUILD_DIR:?}
tree=$build/$folder
cc=$(sed -n 's/^CC = //p' "$build/Makefile")
grep -q '^SAN_CFLAGS = *-fsanitize' "$build/Makefile" && { echo "this is a sanitizer build already"; exit 77; }
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES KOPPEL_PLUGINS KOPPEL_TEST_PLUGINS

# What any program finds, the sandbox included, lands in files: some runs end by a signal, or may fail.
found=$tree/found
export ASAN_OPTIONS="log_path=$found exitcode=66" LSAN_OPTIONS="suppressions=$src/tests/lsan.supp print_suppressions=0 exitcode=66"
export UBSAN_OPTIONS="log_path=$found print_stacktrace=1"
export TSAN_OPTIONS="log_path=$found suppressions=$src/tests/tsan.supp exitcode=66"

# Does a program so built run here at all? The runtime may be missing, or the kernel's address layout
# beyond what it can deal with.
try=$(mktemp -d) || exit 99
trap 'rm -rf "$try"' EXIT
echo 'int main(void) { return 0; }' >"$try/t.c"
$cc "-fsanitize=$sanitizers" -o "$try/t" "$try/t.c" 2>"$try/why" ||
    { echo "the compiler has no -fsanitize=$sanitizers: $(tail -n 1 "$try/why")"; exit 77; }
layout=
if ! "$try/t" 2>"$try/why"; then
    layout="setarch $(uname -m) -R"
    $layout "$try/t" 2>>"$try/why" || { echo "a program so built does not run: $(head -n 1 "$try/why")"; exit 77; }
fi

mkdir -p "$tree" && cd "$tree" || exit 99
log=$tree/slice.log
# What the build around it found out of this machine holds here too, but for its own flags.
[ -f config.cache ] || grep -v '^ac_cv_env_' "$build/config.cache" >config.cache 2>/dev/null
{ [ -f Makefile ] && [ Makefile -nt "$src/configure" ] ||
      "$src/configure" -q -C "--enable-sanitizer=$sanitizers" CC="$cc" CFLAGS='-g1 -O1'
  [ -n "$(make -s print-unit-tests)" ] || units=
  make -j2 all && { [ -z "$units" ] || make -j2 $units; } && make tests/abi/plugins/pushed.so; } >"$log" 2>&1 ||
    { tail -n 30 "$log"; echo "the build in $tree failed; all of it is in $log"; exit 1; }

bad=0
rm -f "$found".*
[ -n "$units" ] || echo "built without Check: no unit programs"
for unit in $units; do rm -f "$unit.code"; done
[ -z "$units" ] || CK_FORK=no $layout make run-units PROGRAMS_RUN="$units" >"$log" 2>&1 || { tail -n 30 "$log"; bad=1; }
for unit in $units; do
    [ "$(cat "$unit.code" 2>/dev/null)" = 0 ] || { echo "-- $unit"; tail -n 40 "$unit.log"; bad=1; }
done
if [ -x tests/sandbox/koppel-sandbox ] && command -v python3 >/dev/null; then
    for test in "$@"; do
        KOPPEL_BUILD_DIR=$tree $layout sh "$src/tests/limit.sh" "$src/tests/integration/${test%%:*}" "${test#*:}" >"$log" 2>&1 ||
            { tail -n 60 "$log"; bad=1; }
    done
fi
# A thread that ends while the leak checker stops them all is told, and is no finding: what it still
# holds then would be told as a leak of its own.
for report in "$found".*; do
    [ -s "$report" ] && grep -v '==Running thread [0-9]* was not suspended' \
        "$report" >"$try/report" && { head -n 40 "$try/report"; bad=1; }
done
echo "$(echo "$units" | wc -w) unit programs and $*, with $sanitizers"
exit $bad
