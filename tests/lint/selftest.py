#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lint test sees what it is for: small trees with one mistake each, and one without any."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COMPILER = shutil.which("cc") or shutil.which("gcc")
if not COMPILER or not shutil.which("nm"):
    print("cc or nm is missing")
    sys.exit(77)

# Twelve files: calls.py takes a nearly empty tree for a wrong folder.
GOOD = {f"core/base/leaf{i}.{kind}": text for i in range(5) for kind, text in (
    ("h", f"int leaf{i}_get(void);\n"),
    ("c", f'#include "base/leaf{i}.h"\n\nint leaf{i}_get(void)\n{{\n    return {i};\n}}\n'))}
GOOD["core/flow/way.h"] = "/* Gives it. */\nint way_go(void);\n"
GOOD["core/flow/way.c"] = '#include "base/leaf1.h"\n\n#include "flow/way.h"\n\n' \
    "int way_go(void)\n{\n    return leaf1_get();\n}\n"

WRONG = (
    ("arrows", "core/base/leaf0.c", 'int way_go(void);\nint leaf0_get(void)\n{\n    return way_go();\n}\n',
     "needs way_go"),
    ("arrows", "core/base/leaf0.h", '#include "flow/way.h"\nint leaf0_get(void);\n', "is above it"),
    ("arrows", "core/base/leaf1.c",
     "int leaf2_get(void);\nint leaf1_get(void)\n{\n    return leaf2_get();\n}\n", None),
    ("arrows", "core/base/leaf2.c core/base/leaf1.c",
     "int leaf2_get(void);\nint leaf1_get(void);\nint SELF_get(void)\n{\n    return OTHER_get();\n}\n",
     "files that need each other"),
    ("arrows", "core/nowhere/odd.h", "struct odd;\n", "no place in the order"),
    ("arrows", "plugins/p/p.c", '#include "base/leaf0.h"\n', "a folder of core"),
    ("arrows", "core/local.mk", "core_libkoppeltext_la_SOURCES = \\\n  core/flow/way.c core/flow/way.h\n",
     "which plugins are not linked with"),
    ("names", "core/flow/other.c", "int other_go(void);\nint other_go(void)\n{\n    return 0;\n}\n",
     "has no header"),
    ("names", "core/flow/way.c", "int stray(void);\nint stray(void)\n{\n    return 0;\n}\n",
     "does not begin with way"),
    ("names", "core/flow/leaf1.h", "struct leaf1;\n", "is the name of"),
    ("names", "core/flow/way.h", "int way_went(void);\n", "does not tell"),
    ("names", "core/base/leaf0.h", "int leaf0_get(void);\nint leaf1_get(void);\n",
     "which is core/base/leaf1.c's"),
    ("layout", "core/base/leaf0.h", "int a; /* one\n        * two */\n", "goes on below"),
    ("layout", "core/base/leaf0.h", "int leaf0_get(\n    int b); /* one */\n", "broken for its comment"),
    ("layout", "core/base/leaf0.h", "int a =\n    /* one */\n    4;\n", "inside a declaration"),
    ("layout", "core/base/leaf0.h", "int a;" + " " * 95 + "\n", "columns"),
    ("layout", "core/base/leaf0.h", "\tint a;\n", "a tab"),
    ("layout", "core/base/leaf0.h", "int a;\n" * 501, "split it"),
    ("calls", "core/base/leaf0.c", "void f(void)\n{\n    strcpy(a, b);\n}\n", "without a bound"),
    ("calls", "core/base/leaf0.c", '/* strcpy( */ const char *a = "strcpy(";\n', None),
    ("calls", "core/flow/way.c", "#include <curl/curl.h>\n", "only core/http/"),
    ("calls", "core/flow/way.c", 'void f(void)\n{\n    printf("a");\n}\n', "below the commands"),
    ("calls", "core/flow/way.c", "double f;\n", "floating"),
    ("calls", "core/flow/way.c", "void f(void)\n{\n    nanosleep(a, b);\n}\n", "monotonic"),
    ("calls", "core/flow/way.c", "int f = CLOCK_REALTIME;\n", "has the time"),
    ("calls", "core/flow/way.c", "pthread_cond_init(a, NULL);\npthread_cond_timedwait(a, b, c);\n",
     "of the wall clock"),
)


def put(top, path, text):
    os.makedirs(os.path.dirname(f"{top}/{path}"), exist_ok=True)
    with open(f"{top}/{path}", "w") as out:
        out.write(text)


REMEDIES = {"core/flow/remedy.c": 'const struct r rows[] = {\n    {"way.lost", "look"},\n};\n',
            "core/base/err.h": "int err_reason(struct e *err, int kind, const char *reason);\n",
            "core/flow/lost.c": 'int f(void)\n{\n    return err_reason(e, KOPPEL_E_REJECTED, "way.lost");\n}\n'}
WRONG_REMEDIES = (
    ("core/flow/remedy.c", 'const struct r rows[] = {\n    {"way.lost", "look"},\n    {"old", "b"},\n};\n',
     "nothing gives the reason old"),
    ("core/flow/remedy.c", 'const struct r rows[] = {\n    {"way.lost", "look"},\n    {"way.lost", "b"},\n};\n',
     "two rows for way.lost"),
    ("core/flow/more.c", 'int g(void)\n{\n    return err_reason(e, KOPPEL_E_REJECTED, "way.new");\n}\n',
     "way.new has no remedy"),
    ("core/flow/more.c", 'int g(void)\n{\n    return err_reason(e, KOPPEL_E_AUTH, "way.new");\n}\n', None),
    ("core/flow/more.c", 'static int refuse(const char *reason)\n{\n    return 0;\n}\n'
     'int g(void)\n{\n    return refuse("way.new");\n}\n', "way.new has no remedy"),
    # A static function takes no reason where only its namesake in another file does.
    ("core/flow/reason.c core/flow/lost.c", 'static int refuse(const char *SELF)\n{\n    return 0;\n}\n'
     'int SELF_h(void)\n{\n    return refuse("way.OTHER");\n}\n', None),
)


def run(test, files):
    """(exit code, what it said) of a lint test over the files, compiled where it reads objects."""
    with tempfile.TemporaryDirectory() as top:
        for name in (test + ".py", "tree.py"):
            put(top, f"tests/lint/{name}", open(f"{HERE}/{name}").read())
        for path, text in files.items():
            put(top, path, text)
        for path in files if test in ("arrows", "names") else ():
            if path.endswith(".c") and path.startswith("core/"):
                where, name = os.path.split(path)
                os.makedirs(f"{top}/{where}", exist_ok=True)
                built = f"{top}/{where}/libkoppelcore_a-{name[:-2]}.o"
                subprocess.run([COMPILER, "-c", f"-I{top}/core", "-o", built, f"{top}/{path}"],
                               check=True, capture_output=True)
        done = subprocess.run([sys.executable, f"{top}/tests/lint/{test}.py"], text=True,
                              capture_output=True, env=dict(os.environ, KOPPEL_BUILD_DIR=top))
        return done.returncode, done.stdout + done.stderr


bad = []
for test in ("arrows", "names", "layout", "calls", "reasons"):
    code, said = run(test, REMEDIES if test == "reasons" else GOOD)
    if code != 0:
        bad.append(f"{test} finds a mistake where there is none: {said}")
for test, paths, text, wanted in WRONG + tuple(("reasons", *one) for one in WRONG_REMEDIES):
    files = dict(REMEDIES if test == "reasons" else GOOD)
    for path, other in zip(paths.split(), reversed(paths.split())):
        files[path] = text.replace("SELF", os.path.basename(path)[:-2]) \
            .replace("OTHER", os.path.basename(other)[:-2])
    code, said = run(test, files)
    if (code, wanted is None or wanted in said) != (0 if wanted is None else 1, True):
        bad.append(f"{test} of {paths} with {text!r}: {code} {said}")
print("\n".join(bad) if bad else f"{len(WRONG) + len(WRONG_REMEDIES)} mistakes seen")
sys.exit(1 if bad else 0)
