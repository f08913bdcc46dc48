#!/bin/sh
# SPDX-License-Identifier: MIT
# A transform that somebody wrote elsewhere: built with the installed headers and pkg-config alone, put beside the
# installed plugins, and found by its name in a mapping.
set -eu
cd "$(dirname "$0")/../.."
: "${KOPPEL_BUILD_DIR:?}"
build=$(cd "$KOPPEL_BUILD_DIR" && pwd)
src=$PWD
command -v pkg-config >/dev/null || { echo "pkg-config is missing"; exit 77; }
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT INT TERM
fail() {
    echo "$@"
    exit 1
}

# What an installation has, below a folder of its own.
prefix=$top/usr
mkdir -p "$prefix/include/koppel" "$prefix/lib/pkgconfig" "$prefix/lib/koppel/plugins"
cp plugin-sdk/koppel/*.h "$prefix/include/koppel/"
for name in file text; do
    built=$build/plugins/$name/.libs/$name.so
    [ -f "$built" ] || built=$build/plugins/$name.so
    cp "$built" "$prefix/lib/koppel/plugins/"
done
if [ -f "$build/plugin-sdk/koppel-plugin.pc" ]; then
    cp "$build/plugin-sdk/koppel-plugin.pc" "$prefix/lib/pkgconfig/"
else # a build folder that configure did not make
    abi=$(sed -n 's/.*KOPPEL_ABI_M[AJIN]*OR \([0-9]*\)u.*/\1/p' plugin-sdk/koppel/plugin.h | paste -s -d.)
    sed -e 's|@exec_prefix@|${prefix}|; s|@libdir@|${exec_prefix}/lib|; s|@includedir@|${prefix}/include|' \
        -e 's|@datarootdir@|${prefix}/share|; s|@datadir@|${datarootdir}|' \
        -e 's|@plugindir@|${libdir}/koppel/plugins|; s|@PACKAGE_VERSION@|0|' -e "s|@KOPPEL_ABI@|$abi|" \
        -e "s|@prefix@|$prefix|" plugin-sdk/koppel-plugin.pc.in >"$prefix/lib/pkgconfig/koppel-plugin.pc"
fi
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
sdk() {
    pkg-config --define-variable=prefix="$prefix" "$@" koppel-plugin
}
plugins=$(sdk --variable=plugindir)
[ -d "$plugins" ] || fail "pkg-config names $plugins as the folder of plugins"

# Elsewhere, where nothing of Koppel's tree is in reach.
mkdir "$top/loud"
cd "$top/loud"
cat >loud.c <<'PLUGIN'
#include "koppel/sdk.h"
#include <stdlib.h>

static const char catalogue_text[] =
    "{\"title\": \"Loud words\", \"functions\": ["
    "{\"name\": \"shout\", \"takes\": [\"text\"], \"gives\": \"text\", \"help\": \"The text with marks behind it.\","
    " \"args\": [{\"name\": \"marks\", \"type\": \"integer\", \"min\": 1, \"max\": 9, \"default\": 1,"
    " \"help\": \"how many\"}],"
    " \"examples\": [{\"in\": \"hi\", \"args\": [2], \"out\": \"hi!!\"}]},"
    "{\"name\": \"only-loud\", \"of\": \"record\", \"help\": \"Records that shout.\"}]}";

/* Functions by their number in the catalogue. */
static int apply(const struct koppel_call *c, json_t **out)
{
    if (c->function == 1) {
        const char *words = koppel_get_text(c->value, "words", "");
        if (!strchr(words, '!'))
            return c->host->skip(c->ctx, "\"%s\" is not loud", words);
        return koppel_call_give(c, json_incref(c->value), out);
    }
    if (!c->text)
        return koppel_call_give(c, json_null(), out);
    return koppel_call_give(c, json_sprintf("%s%.*s", c->text, (int)koppel_call_int(c, 0), "!!!!!!!!!"), out);
}

KOPPEL_REGISTER_TRANSFORM("loud", "1.0", catalogue_text, 2, apply);
PLUGIN
# shellcheck disable=SC2046 # flags are words
${CC:-cc} -std=c11 -Wall -Wextra -Werror -O2 -fPIC -fvisibility=hidden -shared -Wl,-z,defs \
    $(sdk --cflags) -o loud.so loud.c $(sdk --libs)
exported=$(nm -D --defined-only loud.so | awk '$2 == "T" {print $3}')
[ "$exported" = koppel_plugin_entry ] || fail "loud.so exports $exported"
cp loud.so "$plugins/"

# A flow that calls it by its name.
conf=$top/conf
mkdir -p "$conf/connections.d" "$conf/flows.d"
echo 'store = { path = "koppel.db"; };' >"$conf/koppel.conf"
printf '%064d\n' 0 >"$conf/secret.key"
chmod 600 "$conf/secret.key"
for side in in out; do
    printf 'name = "%s";\nconnector = "file";\nsettings = { path = "%s"; key = "id"; };\n' \
        $side "$conf/$side.json" >"$conf/connections.d/$side.conf"
done
cat >"$conf/flows.d/f.conf" <<'FLOW'
name = "f";
from = { connection = "in"; entity = "record"; };
to = { connection = "out"; entity = "record"; };
record = [ "loud.only-loud" ];
map = (
  { to = "id"; from = "id"; },
  { to = "said"; from = "words"; via = ( "trim", ( "shout", 3 ) ); },
  { to = "long"; value = true; when = ( { field = "words"; via = "shout"; is = "hello!!"; } ); }
);
FLOW
printf '%s\n' '{"id": "1", "words": " hello! "}' '{"id": "2", "words": "quiet"}' '{"id": "3", "words": "hello!"}' \
    >"$conf/in.json"
export KOPPEL_CONFIG="$conf" KOPPEL_PLUGINS="$plugins" KOPPEL_DATADIR="$src/conf"
"$build/koppel" check >"$top/said" 2>&1 || fail "check: $(cat "$top/said")"
"$build/koppel" plugins show loud >"$top/said" 2>&1 || fail "plugins show: $(cat "$top/said")"
grep -q 'is "hi!!"' "$top/said" || fail "plugins show does not tell the example: $(cat "$top/said")"
"$build/koppel" sync f >"$top/said" 2>&1 || fail "sync: $(cat "$top/said")"
python3 - "$conf/out.json" <<'PYTHON'
import json, sys
have = sorted((json.loads(line) for line in open(sys.argv[1])), key=lambda record: record["id"])
want = [{"id": "1", "said": "hello!!!!"}, {"id": "3", "said": "hello!!!!", "long": True}]
sys.exit(0 if have == want else f"it gave {have}, not {want}")
PYTHON
# A mistake in its arguments has a place, as those of shipped ones have.
sed -i 's/"shout", 3/"shout", 30/' "$conf/flows.d/f.conf"
"$build/koppel" check >"$top/said" 2>&1 && fail "30 marks are taken"
grep -q 'f.conf:7: .*marks.*1 to 9' "$top/said" || fail "check: $(cat "$top/said")"
echo "loud.shout was built, found, checked and run"
