#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plugins that were built long ago load and work: a flow reads from one through the other, and the kit has nothing to
say against them."""
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from koppeltest import BUILD, KOPPEL, SRC, main  # noqa: E402

KEPT = f"{SRC}/tests/abi/kept/1.1"
FLOW = '''name = "f";
from = { connection = "shelf"; entity = "thing"; };
to = { connection = "out"; entity = "record"; };
record = ( ( "loud.only-dear", "10" ) );
map = (
  { to = "id"; from = "id"; },
  { to = "said"; from = "name"; via = ( ( "loud.shout", 3 ) ); },
  { to = "price"; from = "price"; }
);
'''


class Kept:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-kept-")
        self.plugins, self.conf = f"{self.dir}/plugins", f"{self.dir}/conf"
        os.mkdir(self.plugins)
        for name in ("file", "text"):
            for path in (f"plugins/{name}.so", f"plugins/{name}/.libs/{name}.so"):
                if os.path.exists(f"{BUILD}/{path}"):
                    shutil.copy(f"{BUILD}/{path}", self.plugins)
        for path in glob.glob(f"{KEPT}/*.so"):
            shutil.copy(path, self.plugins)
        self.env = dict(os.environ, KOPPEL_CONFIG=self.conf, KOPPEL_PLUGINS=self.plugins)

    def run(self, *args):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"koppel {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def write(self, name, text):
        with open(f"{self.dir}/{name}", "w") as out:
            out.write(text)
        return f"{self.dir}/{name}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)


def b1_a_flow_goes_through_both():
    with Kept() as kept:
        kept.run("init")
        kept.write("conf/connections.d/shelf.conf",
                   'name = "shelf"; connector = "shelf"; settings = { prefix = "nr "; shift = 1; };\n')
        kept.write("conf/connections.d/out.conf", f'''name = "out"; connector = "file";
settings = {{ path = "{kept.dir}/out.json"; }};
''')
        kept.write("conf/flows.d/f.conf", FLOW)
        kept.run("check")
        kept.run("sync", "f")
        with open(f"{kept.dir}/out.json") as lines:
            have = sorted((json.loads(line) for line in lines), key=lambda record: record["id"])
        assert have == [{"id": "2", "said": "nr 2!!!", "price": "21.00"},
                        {"id": "3", "said": "nr 3!!!", "price": "301.00"}], have
        told = kept.run("connection", "test", "shelf")
        assert "look" in told and "things" in told, told


def b2_the_kit_has_nothing_to_say_against_them():
    with Kept() as kept:
        for name in ("shelf", "loud"):
            kept.write(f"plugins/{name}.7", "prefix shift thing shout only-dear\n")
        config = kept.write("shelf.conf", 'name = "shelf"; connector = "shelf";\n')
        print("    " + kept.run("plugin-test", f"{kept.plugins}/shelf.so", "--config", config).splitlines()[-1])
        print("    " + kept.run("plugin-test", f"{kept.plugins}/loud.so").splitlines()[-1])


def b3_they_are_small_and_have_their_source():
    found = glob.glob(f"{KEPT}/*.so")
    assert len(found) == 2, found
    for path in found:
        assert os.path.getsize(path) <= 20 * 1024, f"{path}: {os.path.getsize(path)} bytes"
        assert os.path.exists(path[:-2] + "c"), path


if __name__ == "__main__":
    with open(KOPPEL, "rb") as program:
        if re.search(rb"__(a|t)san_init", program.read()):
            print("the kit looks at malloc and bounds memory, which a sanitizer has in its own hands")
            sys.exit(77)
    if platform.machine() != "x86_64":
        print(f"they were built for amd64, this is {platform.machine()}")
        sys.exit(77)
    main([b1_a_flow_goes_through_both, b2_the_kit_has_nothing_to_say_against_them,
          b3_they_are_small_and_have_their_source])
