# SPDX-License-Identifier: MIT
"""What the lint tests read off core: its units (NAME.c with NAME.h), their includes and symbols."""
import collections
import glob
import os
import re
import shutil
import subprocess
import sys

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))

# From the top down. A folder knows those below it, and none above.
FOLDERS = ("commands kit dashboard service metrics alert engine reconcile flow behaviour mapping connection config "
           "model plugin catalogue oauth http store base").split()


def files(*patterns):
    """Paths below the source folder, sorted."""
    found = {path for one in patterns for path in glob.glob(os.path.join(SOURCE, one))}
    return sorted(os.path.relpath(path, SOURCE) for path in found)


def text(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as source:
        return source.read()


def bare(code):
    """The same code with the inside of comments, strings and characters blanked; lines stay."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, code,
                  flags=re.S)


def folder(path):
    """core/flow/read.c -> flow; core/main.c -> "" (above all)."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""


def height(path):
    """The lower the folder, the larger."""
    name = folder(path)
    return FOLDERS.index(name) if name else -1


def sources():
    """Every .c of core, as core/FOLDER/NAME.c."""
    return files("core/*.c", "core/*/*.c")


def object_of(source):
    """The built object of a source, or None."""
    where, name = os.path.split(source)
    name = name[:-2] + ".o"
    for path in (f"{where}/libkoppelcore_a-{name}",
                 f"{where}/.libs/libkoppeltext_la-{name}", f"{where}/libkoppeltext_la-{name}",
                 f"{where}/koppel-{name}"):
        if os.path.exists(os.path.join(BUILD, path)):
            return os.path.join(BUILD, path)
    return None


def symbols():
    """({source: symbols it exports}, {source: symbols it needs}) of all of core."""
    if not shutil.which("nm"):
        print("nm is missing")
        sys.exit(77)
    exports, needs, of = collections.defaultdict(set), collections.defaultdict(set), {}
    for source in sources():
        built = object_of(source)
        if not built:
            print(f"{source} was not built in {BUILD}, so nothing is known of its calls")
            sys.exit(1)
        of[built] = source
    # one call for all of them: starting a program is what costs
    listed = subprocess.run(["nm", "-A", *of], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        built, _, rest = line.partition(":")
        *_, kind, name = rest.split()
        if kind == "U":
            needs[of[built]].add(name)
        elif kind.isupper():
            exports[of[built]].add(name)
    return exports, needs


def circles(needs):
    """The ways from a name back to itself, each once, as sorted tuples of all that take part."""
    index, low, stack, found = {}, {}, [], []

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(needs.get(name, ())):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            part = stack[stack.index(name):]
            del stack[stack.index(name):]
            if len(part) > 1:
                found.append(tuple(sorted(part)))

    for name in sorted(needs):
        if name not in index:
            visit(name)
    return found


def end(bad, done):
    """Prints what is wrong and ends the test."""
    print("\n".join(bad) if bad else done)
    sys.exit(1 if bad else 0)
