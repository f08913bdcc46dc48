#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file of core has a header of its own; what it exports begins with its name and stands in
that header; no two files have one name."""
import collections
import os
import re

import tree

bad = []
exports, _ = tree.symbols()
places = collections.defaultdict(list)
for path in tree.files("core/*.[ch]", "core/*/*.[ch]"):
    places[os.path.basename(path)].append(path)
for name, paths in sorted(places.items()):
    if len(paths) > 1:
        bad.append(f"{name} is the name of {', '.join(paths)}")

for source in tree.sources():
    name = os.path.basename(source)[:-2]
    if name == "main":
        continue
    header = source[:-1] + "h"
    known = tree.bare(tree.text(header)) if os.path.exists(f"{tree.SOURCE}/{header}") else None
    if known is None:
        bad.append(f"{source} has no header {name}.h")
    for symbol in sorted(exports[source]):
        if symbol != name and not symbol.startswith(name + "_"):
            bad.append(f"{source} exports {symbol}, which does not begin with {name}")
        elif known is not None and not re.search(rf"\b{symbol}\b", known):
            bad.append(f"{source} exports {symbol}, which {name}.h does not tell")

owner = {symbol: source for source, symbols in exports.items() for symbol in symbols}
for header in tree.files("core/*/*.h"):
    for symbol in re.findall(r"^[a-z][\w *]*?\b(\w+)\((?!\*)", tree.bare(tree.text(header)), re.M):
        if symbol in owner and owner[symbol][:-1] != header[:-1]:
            bad.append(f"{header} tells {symbol}, which is {owner[symbol]}'s")
tree.end(bad, f"{len(owner)} exported names of {len(exports)} files")
