#!/bin/sh
# SPDX-License-Identifier: MIT
# koppel/plugin.h compiles alone as C90, C11 and C++20; koppel/sdk.h as C11 and later.
set -eu
sdk=${srcdir:-.}/plugin-sdk
[ -f "$sdk/koppel/plugin.h" ] || sdk=$(dirname "$0")/../../plugin-sdk
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT INT TERM
cc=${CC:-cc}
cxx=${CXX:-g++}

printf '#include "koppel/plugin.h"\ntypedef int not_empty;\n' > "$dir/plugin.c"
cp "$dir/plugin.c" "$dir/plugin.cc"
printf '#include "koppel/sdk.h"\ntypedef int not_empty;\n' > "$dir/sdk.c"
printf '%s\n' '#include "koppel/sdk.h"' 'int main(void)' '{' \
    '    char text[KOPPEL_DECIMAL_TEXT];' '    int64_t units = 0;' \
    '    struct koppel_http_request request = KOPPEL_INIT(request);' \
    '    return koppel_decimal_text(-5, 2, text) == 5 && !strcmp(text, "-0.05")' \
    '           && koppel_decimal_units("0.530", 3, &units) == 0 && units == 530' \
    '           && koppel_decimal_units("-1.5000", 2, &units) == 0 && units == -150' \
    '           && koppel_decimal_units("1.005", 2, &units) < 0' \
    '           && koppel_decimal_units("99999999999999999999", 0, &units) < 0' \
    '           && koppel_decimal_units(".", 2, &units) < 0' \
    '           && koppel_parse_int("-17", &units) == 0 && units == -17' \
    '           && request.struct_size == sizeof(request) ? 0 : 1;' '}' > "$dir/use.c"

# The example of koppel-plugin(7), as it stands there.
page=$(dirname "$sdk")/plugin-sdk/koppel-plugin.7
{
    printf '%s\n' '#include "koppel/sdk.h"' 'static const char catalogue_text[] = "{}";'
    sed -n '/^static int apply/,/^KOPPEL_REGISTER_TRANSFORM/p' "$page"
} > "$dir/transform.c"
grep -q KOPPEL_REGISTER_TRANSFORM "$dir/transform.c" || { echo "no example in $page"; exit 1; }

strict="-Wall -Wextra -Wshadow -pedantic-errors -Werror -I$sdk"
try() {
    echo "$@"
    "$@"
}
try $cc -std=c90 $strict -Wno-long-long -fsyntax-only "$dir/plugin.c"
try $cc -std=c11 $strict -fsyntax-only "$dir/plugin.c"
jansson=$(pkg-config --cflags --libs jansson 2>/dev/null) || jansson=-ljansson
try $cc -std=c11 $strict -fsyntax-only "$dir/sdk.c"
try $cc -std=c11 $strict -fsyntax-only "$dir/transform.c"
try $cc -std=c11 $strict "$dir/use.c" -o "$dir/use" $jansson
"$dir/use"
if ! command -v "${cxx%% *}" >/dev/null 2>&1; then
    echo "skipped: no $cxx, so C++20 was not tried (C90 and C11 are right)"
    exit 77
fi
try $cxx -std=c++20 $strict -fsyntax-only "$dir/plugin.cc"
