#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The border to plugins, with one that breaks the contract (tests/abi/plugins/unruly.c): a record that
cannot be taken parks alone, a call that blocks is named and left behind, an end inside a plugin names
it."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

from koppeltest import BUILD, KOPPEL, SRC, main, until

PLUGINS = os.environ.get("KOPPEL_TEST_PLUGINS", os.path.join(BUILD, "tests", "abi", "plugins"))
FLOW = '''name = "{name}";
from = {{ connection = "{source}"; entity = "{entity}"; }};
to = {{ connection = "sink"; entity = "record"; }};
every = "1s";
partitions = 1;
'''


class Place:
    """A configuration with the unruly connector and a file, each with a flow into nothing."""

    def __init__(self, mode, timeout="60s"):
        self.dir = tempfile.mkdtemp(prefix="koppel-border-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.run("init")
        self.write("connections.d/sink.conf", 'name = "sink"; connector = "null";\n')
        self.write("connections.d/unruly.conf", f'name = "unruly"; connector = "{PLUGINS}/unruly.so";\n'
                   f'timeout = "{timeout}"; settings = {{ mode = "{mode}"; }};\n')
        self.write("connections.d/lines.conf", 'name = "lines"; connector = "file";\n'
                   f'settings = {{ path = "{self.dir}/lines.json"; }};\n')
        self.write("flows.d/bad.conf", FLOW.format(name="bad", source="unruly", entity="thing"))
        self.write("flows.d/good.conf", FLOW.format(name="good", source="lines", entity="record"))
        self.write("lines.json", '{"id":"1"}\n{"id":"2"}\n')

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write(text)

    def run(self, *args):
        return subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=60)

    def rows(self, *args):
        return [json.loads(line) for line in self.run(*args, "--json").stdout.splitlines()]

    def counts(self, flow):
        return next(row for row in self.rows("status") if row.get("flow") == flow)

    def close(self):
        shutil.rmtree(self.dir)


def f12_f23_bad_records_park_alone():
    place = Place("records")
    done = place.run("sync", "bad")
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    counts = place.counts("bad")
    assert (counts["read"], counts["done"], counts["parked"]) == (8, 2, 6), counts
    jobs = {job["key"]: job for job in place.rows("jobs", "--state", "parked")}
    reasons = {key: job["reason"] for key, job in jobs.items()}
    hashed = [key for key in jobs if key.startswith("hash:")]
    assert len(hashed) == 1 and len(hashed[0]) == 37, jobs
    assert reasons == {"2": "plugin.real", "3": "plugin.deep", "4": "plugin.unreadable", "6": "plugin.text",
                       "7": "plugin.key", hashed[0]: "plugin.long_key"}, reasons
    assert "plugin unruly" in jobs["2"]["detail"] and "price" in jobs["2"]["detail"], jobs["2"]
    assert "a control character" in jobs["4"]["detail"], jobs["4"]
    place.close()


def y5_a_record_behind_the_end_fails_the_page():
    place = Place("late")
    done = place.run("sync", "bad")
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "plugin unruly: emitted a record behind batch_end" in done.stderr, done.stderr
    assert place.counts("bad")["read"] == 0
    place.close()


def y5_a_call_that_blocks_is_left_behind():
    place = Place("block", timeout="1s")
    run = subprocess.Popen([KOPPEL, "serve"], env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until(lambda: place.counts("good")["done"] == 2)
    until(lambda: any("blocked" in row for row in place.rows("status")))
    row = next(row for row in place.rows("status") if "blocked" in row)
    assert row["connection"] == "unruly", row
    assert "plugin unruly, read of thing, connection unruly" in row["blocked"], row
    # the other flow goes on
    with open(os.path.join(place.dir, "lines.json"), "a") as f:
        f.write('{"id":"3"}\n')
    until(lambda: place.counts("good")["done"] == 3)
    began = time.monotonic()
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate(timeout=30)
    took = time.monotonic() - began
    assert took < 10, took
    assert run.returncode == 2, (run.returncode, err)
    assert "a call does not come back: plugin unruly, read of thing, connection unruly" in err, err
    assert "the program ends without a call that does not come back: plugin unruly, read of thing" in err, err
    # the next start goes on, and what was noted is forgotten once the connector answers
    place.write("connections.d/unruly.conf", f'name = "unruly"; connector = "{PLUGINS}/unruly.so";\n')
    done = place.run("sync", "bad", "good")
    assert place.counts("bad")["done"] == 2, done.stderr
    assert not any("blocked" in row for row in place.rows("status"))
    place.close()


def y5_an_exit_inside_a_plugin_names_it():
    place = Place("exit")
    done = place.run("sync", "bad")
    assert done.returncode == 70, (done.returncode, done.stderr)
    assert done.stderr.splitlines()[-1] == ("koppel: plugin unruly ended the program with exit() in read of thing, "
                                            "connection unruly"), done.stderr
    place.close()


def y5_a_crash_inside_a_plugin_names_it():
    place = Place("crash")
    done = place.run("sync", "bad")
    assert done.returncode not in (0, 1), (done.returncode, done.stderr)
    if "Sanitizer" not in done.stderr:
        assert done.returncode == -signal.SIGSEGV, done.returncode
        assert done.stderr.splitlines()[-1] == ("koppel: plugin unruly crashed (SIGSEGV) in read of thing, "
                                                "connection unruly"), done.stderr
    # the restart goes on
    place.write("connections.d/unruly.conf", f'name = "unruly"; connector = "{PLUGINS}/unruly.so";\n')
    assert place.run("sync", "bad").returncode == 1
    assert place.counts("bad")["done"] == 2
    place.close()


if __name__ == "__main__":
    main([f12_f23_bad_records_park_alone, y5_a_record_behind_the_end_fails_the_page,
          y5_a_call_that_blocks_is_left_behind, y5_an_exit_inside_a_plugin_names_it,
          y5_a_crash_inside_a_plugin_names_it])
