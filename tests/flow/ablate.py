#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves that the flow tests notice: each mutant of tests/flow/mutants.py is compiled in place of
its file, and one of the tests must fail. Exit status 1 where a mutant lives.

  ablate.py [--all | NAME-PART...]   without: the few that check runs"""
import os
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
sys.dont_write_bytecode = True
from mutants import PLACES, RULES  # noqa: E402

source = os.path.dirname(os.path.dirname(here))
build = os.environ["KOPPEL_BUILD_DIR"]
TESTS = ("schedules", "cases", "table")
UNITS = {"compare.c": "compare", "knowledge.c": "knowledge", "links.c": "links", "keylock.c": "links",
         "snapshot.c": "snapshot", "read.c": "snapshot", "behaviour_customer.c": "behaviour",
         "behaviour_product.c": "behaviour", "behaviour_stock.c": "behaviour", "pause.c": "engine",
         "run.c": "engine", "schedule.c": "engine", "engine.c": "engine",
         "sqlite_lease.c": "store_fence", "sqlite_link.c": "store_link"}
FEW = ("1 nothing", "2 it is announced", "4 what is found", "5 there is no quiet", "7 only")
WORLD = ("tests/flow/test_%s.c", *(f"tests/flow/world{part}.c" for part in ("", "_end", "_gate", "_judge", "_site")),
         "tests/flow/peer.c")


def flags():
    with open(os.path.join(build, "tests/flow/flags")) as f:
        return dict(line.rstrip("\n").split("=", 1) for line in f)


def run(command, **more):
    return subprocess.run(command, shell=True, cwd=build, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", **more)


def text_of(file):
    with open(os.path.join(source, file)) as f:
        return f.read()


def check_texts(mutants):
    wrong = [(file, text_of(file).count(old), old) for _, file, old, _ in mutants
             if text_of(file).count(old) != 1]
    for one in wrong:
        print("%s: this stands there %d times, not once:\n%s" % one)
    if wrong:
        sys.exit("mend tests/flow/mutants.py")


class Mutants:
    def __init__(self, folder):
        self.folder = folder
        self.flags = flags()
        self.objects = {unit: [self.compile(os.path.join(source, "tests/unit/test_%s.c" % unit))]
                        for unit in sorted(set(UNITS.values()))}
        for test in TESTS:
            names = [WORLD[0] % test, *WORLD[1:]]
            self.objects[test] = [self.compile(os.path.join(source, name)) for name in names]

    def compile(self, path, name=None, include=None):
        out = os.path.join(self.folder, (name or os.path.basename(path)) + ".o")
        where = " -I%s" % include if include else ""
        done = run("{CC} {where} {CPPFLAGS} {CFLAGS} -O1 -w -fPIE -c -o {out} {path}".format(
            where=where, out=out, path=path, **self.flags))
        if done.returncode:
            sys.exit("%s does not compile:\n%s" % (path, done.stdout))
        return out

    def mutate(self, file, old, new):
        text = text_of(file)
        path = os.path.join(self.folder, "mutant_" + os.path.basename(file))
        with open(path, "w") as f:
            f.write(text.replace(old, new))
        return self.compile(path, include=os.path.join(source, os.path.dirname(file)))

    def test(self, test, mutant):
        """-> what it said where it failed, or None"""
        program = os.path.join(self.folder, test)
        done = run("./libtool --quiet --tag=CC --mode=link {CC} {CFLAGS} {LDFLAGS} -o {program}"
                   " {objects} {mutant} {LIBS}".format(
                       program=program, objects=" ".join(self.objects[test]), mutant=mutant,
                       **self.flags))
        if done.returncode:
            sys.exit("linking failed:\n" + done.stdout)
        try:
            done = run("exec %s -x" % program, timeout=300,
                       env=dict(os.environ, srcdir=source))
        except subprocess.TimeoutExpired:
            return "it hangs"
        if done.returncode == 0:
            return None
        said = [line for line in done.stdout.splitlines()
                if "WRONG" in line or ":F:" in line or ":E:" in line]
        return said[0].strip() if said else "ended with %d" % done.returncode


def main():
    chosen = sys.argv[1:]
    mutants = RULES + PLACES
    if not chosen:
        mutants = [m for m in mutants if m[0].startswith(FEW)]
    elif chosen != ["--all"]:
        mutants = [m for m in mutants if any(c in m[0] for c in chosen)]
    check_texts(mutants)
    living = []
    with tempfile.TemporaryDirectory() as folder:
        them = Mutants(folder)
        for name, file, old, new in mutants:
            begun = time.monotonic()
            mutant = them.mutate(file, old, new)
            caught = None
            unit = UNITS.get(os.path.basename(file))
            for test in ((unit,) if unit else ()) + TESTS:
                said = them.test(test, mutant)
                if said:
                    caught = (test, said)
                    break
            if not caught:
                living.append(name)
            took = time.monotonic() - begun
            told = "%s: %.150s" % caught if caught else file
            print("%-6s %-52s %4.0f s  %s" % ("caught" if caught else "lives", name, took, told),
                  flush=True)
    if not mutants:
        sys.exit("no such mutant")
    for name in living:
        print("no test notices:", name)
    sys.exit(1 if living else 0)


main()
