#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No circles in core: no two parts need each other. A part is NAME.h, NAME.c and every NAME_*."""
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(__file__), "..", ".."))
files = glob.glob("core/**/*.[ch]", recursive=True)
names = {path[len("core/"):-2] for path in files}
needs = {}


def part_of(name):
    """http/http_trace is a part of http/http, as there is one."""
    shorter = name.rpartition("_")[0]
    while shorter and shorter not in names:
        shorter = shorter.rpartition("_")[0]
    return part_of(shorter) if shorter else name


for path in files:
    part = part_of(path[len("core/"):-2])
    for name in re.findall(r'^#include "([^"]+)\.h"', open(path).read(), re.M):
        if name in names and part_of(name) != part:
            needs.setdefault(part, set()).add(part_of(name))


def circle(part, way):
    """A way from part back to part, or None."""
    for name in sorted(needs.get(way[-1], ())):
        if name == part:
            return way + [name]
        if name not in seen:
            seen.add(name)
            found = circle(part, way + [name])
            if found:
                return found
    return None


bad = set()
for start in sorted(needs):
    seen = set()
    found = circle(start, [start])
    if found and frozenset(found) not in bad:
        bad.add(frozenset(found))
        print("a circle: " + " -> ".join(found))
if not needs:
    print("no source was found")
sys.exit(1 if bad or not needs else 0)
