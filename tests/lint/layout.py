#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Width, length, and where comments stand: a comment is on the line of what it explains where both
fit, else above it, and none breaks a declaration apart."""
import re

import tree

WIDTH = 100
LENGTH = 500
bad = []


def look(path):
    code = tree.text(path)
    lines, plain = code.split("\n"), tree.bare(code).split("\n")
    if path.startswith("core/") and len(lines) - 1 > LENGTH:
        bad.append(f"{path}: {len(lines) - 1} lines; split it by idea ({LENGTH} at most)")
    before = ";"  # how the code before this line ended
    for number, (line, bare) in enumerate(zip(lines, plain), 1):
        at = f"{path}:{number}"
        if len(line) > WIDTH:
            bad.append(f"{at}: {len(line)} columns, {WIDTH} at most")
        if "\t" in line or line != line.rstrip():
            bad.append(f"{at}: a tab, or blanks at the end")
        comment = line[len(bare.rstrip()):].strip()
        if bare.strip() and comment.startswith("/*") and not comment.endswith("*/"):
            bad.append(f"{at}: the comment goes on below; it belongs above what it explains")
        if not bare.strip() and line.strip().startswith(("/*", "//")) and before in "(=+-|&":
            bad.append(f"{at}: a comment inside a declaration or expression")
        if comment.startswith(("/*", "//")) and bare.strip() and lines[number - 2].endswith("(") \
                and path.endswith(".h"):
            bad.append(f"{at}: the declaration is broken for its comment; put that above")
        if bare.strip():
            before = bare.rstrip()[-1]


everything = tree.files("core/*.[ch]", "core/*/*.[ch]", "plugins/*/*.[ch]", "plugin-sdk/*/*.h",
                        "plugin-sdk/*/*.[ch]", "tests/*/*.[ch]")
for one in everything:
    look(one)
if not re.search(r"core/\w+/\w+\.h", " ".join(everything)):
    bad.append("no source was found")
tree.end(bad, f"{len(everything)} files")
