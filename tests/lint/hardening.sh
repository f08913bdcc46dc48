#!/bin/sh
# SPDX-License-Identifier: MIT
# Reads the hardening off the built files: PIE, RELRO, BIND_NOW, no executable stack, fortified calls,
# and one exported symbol per plugin.
set -u
build=${1:-.}
command -v readelf >/dev/null || { echo "readelf is missing"; exit 77; }
grep -q 'fsanitize' "$build/Makefile" && grep -q '^SAN_CFLAGS = *-fsanitize' "$build/Makefile" && { echo "a sanitizer build"; exit 77; }
bad=0
say() { echo "$*"; bad=1; }
program=$build/.libs/koppel
[ -f "$program" ] || program=$build/koppel
readelf -h "$program" | grep -q 'Type:.*DYN' || say "$program is not position independent"
readelf -s --wide "$program" | grep -q '_chk' || say "$program calls nothing fortified"
# What configure probes must not be lost by a probe that fails for another reason.
for flag in -Wformat=2 -Werror=format-security -Werror=implicit -Werror=incompatible-pointer-types \
    -Werror=int-conversion -fno-strict-aliasing -fstack-protector-strong -D_FORTIFY_SOURCE=3; do
    grep -q "^HARDEN_CFLAGS = .*$flag" "$build/Makefile" || say "the build lacks $flag"
done
plugins=$(find "$build/plugins" -name '*.so' | sort)
[ -n "$plugins" ] || say "no plugin was built"
for file in $program $plugins; do
    readelf -l --wide "$file" | grep -q GNU_RELRO || say "$file has no RELRO"
    readelf -d "$file" | grep -Eq 'BIND_NOW|FLAGS.*NOW' || say "$file binds late"
    readelf -l --wide "$file" | grep GNU_STACK | grep -q 'RWE' && say "$file has an executable stack"
done
for file in $plugins; do
    symbols=$(nm -D --defined-only "$file" | awk '{print $NF}')
    [ "$symbols" = koppel_plugin_entry ] || say "$file exports: $symbols"
done
exit $bad
