#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Arrows point down: no folder of core knows one above it, by include or by call, and no two files
need each other. Read off the sources and the built objects."""
import collections
import re

import tree

bad = []
includes = collections.defaultdict(set)
for path in tree.files("core/*.[ch]", "core/*/*.[ch]"):
    if tree.folder(path) and tree.folder(path) not in tree.FOLDERS:
        bad.append(f"{path}: the folder has no place in the order of tests/lint/tree.py")
        continue
    for name in re.findall(r'^#include "([^"]+\.h)"', tree.text(path), re.M):
        if tree.folder("core/" + name) not in tree.FOLDERS:
            continue  # the contract, or a catalogue made by the build
        includes[path].add("core/" + name)
        if tree.height("core/" + name) < tree.height(path):
            bad.append(f"{path} includes {name}, which is above it")

headers = {path: names for path, names in includes.items() if path.endswith(".h")}
for part in tree.circles(headers):
    bad.append("headers in a circle: " + ", ".join(part))

exports, needs = tree.symbols()
owner = {name: source for source, names in exports.items() for name in names}
calls = collections.defaultdict(set)
for source, names in needs.items():
    for name in sorted(names):
        to = owner.get(name)
        if not to or to == source:
            continue
        calls[source].add(to)
        if tree.height(to) < tree.height(source):
            bad.append(f"{source} needs {name} of {to}, which is above it")
for part in tree.circles(calls):
    inside = set(part)
    bad.append("files that need each other: " + ", ".join(part))
    for source in part:
        for name in sorted(n for n in needs[source] if owner.get(n) in inside - {source}):
            bad.append(f"    {source} needs {name} of {owner[name]}")

# What a plugin is linked with a copy of, as the makefile lists it, needs nothing else of core.
makefile = "".join(tree.text(path) for path in tree.files("core/local.mk"))
listed = re.search(r"core_libkoppeltext_la_SOURCES =((?:.*\\\n)*.*)", makefile)
leaves = set(re.findall(r"core/(\w+/\w+\.h)", listed.group(1))) if listed else set()
for path in tree.files("plugins/*/*.[ch]"):
    for name in re.findall(r'^#include "(\w+/\w+\.h)"', tree.text(path), re.M):
        if name.split("/")[0] in tree.FOLDERS and name not in leaves:
            bad.append(f"{path} includes {name}, a folder of core")
for header in sorted(leaves):
    for path in (f"core/{header}", f"core/{header[:-1]}c"):
        for name in re.findall(r'^#include "(\w+/\w+\.h)"', tree.text(path), re.M):
            if name not in leaves and not name.endswith("_table.h"):
                bad.append(f"{path} includes {name}, which plugins are not linked with")

count = sum(len(names) for names in calls.values())
if not count:
    bad.append("no call was found")
tree.end(bad, f"{len(exports)} files, {count} arrows, all down")
