#!/bin/sh
# SPDX-License-Identifier: MIT
# Every manual page is clean, and every command and connector setting stands in its page.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v mandoc >/dev/null || { echo "mandoc is missing"; exit 77; }
bad=0
for page in $(git ls-files '*.[157]' 2>/dev/null || find . -name '*.[157]' -not -path './.build*'); do
    mandoc -T lint -W warning "$page" || bad=1
done
for name in mpluskassa asperion tryton; do
    settings=$(python3 -c 'import json,sys
for s in json.load(open(sys.argv[1]))["settings"]: print(s["name"])' "plugins/$name/$name.json") || bad=1
    for setting in $settings; do
        grep -q "$setting" "plugins/$name/"*.7 || { echo "the manual of $name lacks $setting"; bad=1; }
    done
done
# Every member of a catalogue that the parser knows stands in the manual for plugin authors.
for member in $(sed -n '/known\[\] = {/,/};/p' core/catalogue/catalogue.c core/catalogue/catalogue_*.c |
                grep -o '"[a-z_0-9]*"' | tr -d '"' | sort -u); do
    grep -qw "$member" plugin-sdk/koppel-plugin.7 || { echo "koppel-plugin.7 lacks $member"; bad=1; }
done
# Every member of a description, and every name in its texts, stands in koppel-rest.7.
for member in $(grep -o '{"[a-z_]*", SCHEMA' plugins/rest/schema.c | grep -o '[a-z_]*' | sort -u | grep -v SCHEMA; \
                sed -n '/template_names\[\] = {/,/};/p' plugins/rest/template.c | grep -o '"[a-z_]*"' | tr -d '"'); do
    grep -qw "$member" plugins/rest/koppel-rest.7 || { echo "koppel-rest.7 lacks $member"; bad=1; }
done
# Every setting and field of a core model stands in the section of that model.
python3 - <<'PYTHON' || bad=1
import glob, json, re, sys
page = open("conf/koppel.conf.5").read()
missing = []
for path in sorted(glob.glob("core/model/*.json")):
    model = json.load(open(path))
    name = path.split("/")[-1][:-5]
    section = page.partition(f".Ss Model {name}\n")[2]
    section = re.split(r"^\.S[sh] ", section, maxsplit=1, flags=re.M)[0]
    words = set(re.findall(r"[a-z_]+", section))
    fields = model["entities"][0].get("fields", [])
    for one in fields + [f for g in fields if isinstance(g.get("fields"), list) for f in g["fields"]]:
        if one["name"] not in words:
            missing.append(f"field {one['name']} of {name}")
    settings = {one["name"] for one in model.get("settings") or []}
    told = set(re.findall(r"^\.It Ic (\S+)$", section, flags=re.M))
    missing += [f"setting {one} of {name}" for one in sorted(settings - told)]
    missing += [f"model {name}: there is no setting {one} any more, so less" for one in sorted(told - settings)]
for one in missing:
    print("koppel.conf.5 lacks", one)
sys.exit(bool(missing))
PYTHON
exit $bad
