#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The set-up: from an empty directory on."""
import json
import os
import signal
import subprocess
import tempfile

from koppeltest import BUILD, KOPPEL, SRC, main, until


class Empty:
    """A directory with nothing in it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-setup-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))

    def run(self, *args, code=0, **options):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=120, **options)
        assert code is None or done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
        return done

    def serve(self):
        run = subprocess.Popen([KOPPEL, "serve"], env=self.env, stderr=open(os.path.join(self.dir, ".log"), "w"))
        until(lambda: os.path.exists(os.path.join(self.dir, "koppel.db.sock")) or run.poll() is not None)
        assert run.poll() is None, open(os.path.join(self.dir, ".log")).read()
        return run


def an_engine_starts_in_an_empty_directory():
    place = Empty()
    run = place.serve()
    for name in ("koppel.conf", "secret.key", "koppel.db", "connections.d", "flows.d", "tables", "secrets"):
        assert os.path.exists(os.path.join(place.dir, name)), name
    assert os.stat(os.path.join(place.dir, "secret.key")).st_mode & 0o777 == 0o600
    assert json.loads(place.run("connection", "list", "--json").stdout or "null") in (None, []), "it answers"
    run.send_signal(signal.SIGTERM)
    assert run.wait(20) == 0
    key = open(os.path.join(place.dir, "secret.key")).read()
    run = place.serve()
    run.send_signal(signal.SIGTERM)
    assert run.wait(20) == 0
    assert open(os.path.join(place.dir, "secret.key")).read() == key, "it is made once"


def a_directory_that_holds_something_is_left_alone():
    place = Empty()
    with open(os.path.join(place.dir, "notes.txt"), "w") as out:
        out.write("mine")
    place.run("serve", code=78)
    assert os.listdir(place.dir) == ["notes.txt"]


if __name__ == "__main__":
    main([an_engine_starts_in_an_empty_directory, a_directory_that_holds_something_is_left_alone])
