#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every reason with which a record can park has a remedy, every remedy's reason is given by some code,
and every fact that a remedy names is one that some code gives: read off core/flow/remedy.c and the
calls that name a reason or a fact."""
import glob
import json
import os
import re

import tree

TABLE = "core/flow/remedy.c"
REASON = r"[a-z][a-z_]*(?:\.[a-z0-9_]+)?"
# What stops a flow, or asks for a person, has its remedy in its own words; the others park.
STOPS = r"KOPPEL_E_(?:AUTH|CONFIG|BUG|CANCELLED)\b"

# Built by itself, as a plugin of others: it tells its remedies with its failures.
ELSEWHERE = "plugins/tryton/"

bad = []
rows = re.findall(rf'^\s*\{{"({REASON})",', tree.text(TABLE), re.M)
for one in sorted({row for row in rows if rows.count(row) > 1}):
    bad.append(f"{TABLE} has two rows for {one}; the second is never seen")

# The references of the catalogues, and those that a core model has by itself: a reason is made of them.
references = set()
for path in glob.glob(os.path.join(tree.SOURCE, "plugins/*/*.json")):
    with open(path, encoding="utf-8") as source:
        for entity in json.load(source).get("entities") or []:
            references.update(one["name"] for one in entity.get("references") or [])


def arguments(text, start):
    """The arguments of the call that begins at its opening bracket."""
    depth, parts = 0, [""]
    for letter in text[start:]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            break
        if letter == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def give(reasons, path):
    for one in reasons:
        given.setdefault(one, path)


anywhere, given = set(), {}
code = {path: re.sub(r'/\*.*?\*/|^#include.*?$', " ", tree.text(path), flags=re.S | re.M)
        for path in tree.files("core/*/*.[ch]", "plugins/*/*.[ch]", "plugin-sdk/koppel/*.h")
        if path != TABLE and not path.startswith(ELSEWHERE)}

# Functions that fail or park with a reason, with its place: those whose parameter is called so, and
# whose name tells it (a job that is done or skipped has its reasons from others).
# One that is static is its file's alone, where others may have a function of that name.
own = {path: set(re.findall(r"^static\b[^;={(]*?\b(\w+)\(", text, re.M)) for path, text in code.items()}
shared, takes = {}, {path: {} for path in code}
for path, text in code.items():
    for name, words in re.findall(r"\b(\w+)\)?\(((?:[\w\s*]|,)*\bchar \*(?:reason|code)\b[^;{]*?)\)", text):
        for place, word in enumerate(words.split(",")):
            if re.search(r"\*(reason|code)$", word.strip()) and \
                    re.search("reason|refuse|park|work_end", name):
                (takes[path] if name in own[path] else shared)[name] = place
for path, known in takes.items():
    known.update((name, place) for name, place in shared.items() if name not in own[path])

for path, text in code.items():
    anywhere.update(re.findall(rf'"({REASON})"', text))
    for suffix in re.findall(r'printf\(\w*reason, [^"]*"%(?:\.\d+)?s\.([a-z]+)"', text):
        give([f"{name}.{suffix}" for name in sorted(references)], path)
    # A store that fails parks nothing: the record stays where it is. What base says no to has the
    # reason of who asked it: a rule, a formula.
    if tree.folder(path) in ("store", "base", "service", "dashboard"):
        continue
    for match in re.finditer(r"\b(" + "|".join(sorted(takes[path])) + r")\(", text):
        parts = arguments(text, match.end() - 1)
        place = takes[path][match.group(1)]
        if len(parts) <= place or re.search(STOPS, " ".join(parts)) or \
                (match.group(1) == "work_end" and "JOB_PARKED" not in parts[1]):
            continue
        give(re.findall(rf'"({REASON})"', parts[place]), path)
anywhere.update(given)

for one in sorted(set(rows) - anywhere):
    bad.append(f"{TABLE}: nothing gives the reason {one}")
for one in sorted(set(given) - set(rows)):
    bad.append(f"{given[one]}: the reason {one} has no remedy in {TABLE}")

# Facts: of a failure, of the record (core/flow/cause.c), of the reference that failed.
facts = set(references) | {"connection"}
for path, text in code.items():
    facts.update(re.findall(r'\b(?:fact_add|fact|result_fact)\([^;"]*"([a-z]+)"', text))
facts.update(re.findall(r'^\s*\{"([a-z]+)",', code.get("core/flow/cause.c", ""), re.M))
table = tree.text(TABLE)
for one, named, rest in re.findall(r'^\s*\{"([^"]+)", REMEDY_\w+, REMEDY_\w+, \{([^}]*)\},(.*?)\},$', table,
                                   re.M | re.S):
    wanted = re.findall(r'"([a-z]+)"', named)
    for fact in sorted(set(wanted) - facts):
        bad.append(f"{TABLE}: nothing gives the fact {fact} of {one}")
    for fact in sorted(set(re.findall(r"\{([a-z]+)\}", rest)) - set(wanted) - {"flow", "job", "cause"}):
        bad.append(f"{TABLE}: the command of {one} needs {fact}, which is none of its facts")
if not rows or not given:
    bad.append("no reason was found")
tree.end(bad, f"{len(rows)} remedies, {len(given)} reasons")
