#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every command of the guide (conf/guide/*.md) is run as it stands there, against the sandbox, and what it prints is
what the page says: each line below a command stands in its output, in that order; an ellipsis is whatever.

The pages of owner, bookkeeper and integrator are one sitting: each goes on where the one before ends."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

SRC = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
sys.path.insert(0, f"{SRC}/tests/abi")
sys.path.insert(0, f"{SRC}/tests/integration")
GUIDE = f"{SRC}/conf/guide"


def steps(page):
    """(command, [lines that it prints]) of every block of a page."""
    text = open(f"{GUIDE}/{page}.md", encoding="utf-8").read()
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        for one in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *lines = one.rstrip("\n").split("\n")
            yield command, [line for line in lines if line.strip()]


def fits(wanted, line):
    return re.fullmatch(".*".join(map(re.escape, wanted.split("…"))), line)


def missing(wanted, said):
    """The first line that is not said where it should be."""
    at = 0
    for line in wanted:
        while at < len(said) and not fits(line, said[at]):
            at += 1
        if at == len(said):
            return line
        at += 1
    return None


def sit(pages, env, folder):
    """Runs the pages in one shell. What is wrong, as texts."""
    listed = [(page, *step) for page in pages for step in steps(page)]
    script = "trap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + "".join(
        f"echo '@@ {i}'\n{command}\necho \"@@ end $?\"\n" for i, (_, command, _) in enumerate(listed))
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, timeout=280, check=False)
    parts = dict(re.findall(r"^@@ (\d+)\n(.*?^@@ end \d+)$", done.stdout, re.M | re.S))
    for i, (page, command, wanted) in enumerate(listed):
        said = parts.get(str(i), "@@ end 999").split("\n")
        code, said = int(said[-1].split()[-1]), said[:-1]
        lost = missing(wanted, said)
        if code != 0 or lost is not None:
            yield (f"{page}.md: $ {command}\n    exit {code}" + (f", and nowhere: {lost}" if lost else "") +
                   "".join(f"\n    | {line}" for line in said[-12:]))


def words(pages):
    """Pictures and pages that are named are there."""
    for page in pages:
        for name in re.findall(r"\]\(([^)]+)\)", open(f"{GUIDE}/{page}.md", encoding="utf-8").read()):
            if "://" not in name and not os.path.exists(f"{GUIDE}/{name}"):
                yield f"{page}.md names {name}, which is not there"


def main():
    for tool in ("bash", "jq", "curl", "pkg-config"):
        if not shutil.which(tool):
            print(f"{tool} is missing")
            sys.exit(77)
    from new import Installed  # needs the build folder
    folder = tempfile.mkdtemp(prefix="koppel-guide-")
    env = dict(os.environ, PATH=f"{BUILD}:{BUILD}/tests/sandbox:{os.environ['PATH']}", HOME=folder, LC_ALL="C.UTF-8",
               KOPPEL_PLUGINS=f"{BUILD}/plugins", KOPPEL_DATADIR=f"{SRC}/conf")
    bad = list(words(("owner", "bookkeeper", "integrator", "author")))
    try:
        bad += sit(("owner", "bookkeeper", "integrator"), env, folder)
        with Installed() as here:
            bad += sit(("author",), here.env, here.work)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    count = sum(len(list(steps(page))) for page in ("owner", "bookkeeper", "integrator", "author"))
    print("\n".join(bad) if bad else f"{count} commands, all as the guide says")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
