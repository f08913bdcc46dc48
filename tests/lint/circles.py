#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No circles in core: no header includes itself by way of others."""
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(__file__), "..", "..", "core"))
needs = {path: re.findall(r'^#include "([^"]+\.h)"', open(path).read(), re.M)
         for path in glob.glob("*/*.h")}
bad = set()


def follow(way):
    for name in needs.get(way[-1], ()):
        if name in way:
            bad.add(" -> ".join(way[way.index(name):] + [name]))
        elif name not in done:
            follow(way + [name])
    done.add(way[-1])


done = set()
for start in sorted(needs):
    follow([start])
for way in sorted(bad):
    print("a circle: " + way)
if not needs:
    print("no source was found")
sys.exit(1 if bad or not needs else 0)
