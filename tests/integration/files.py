#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The file connector: whole lines or none, whatever happens to the disk, and no waiting at pipes."""
import json
import os
import resource
import signal
import subprocess

from commands import Place
from koppeltest import KOPPEL, main, until

LIMIT = 64 * 1024 * 1024  # of a file's size; the store stays far below
LONG = "x" * 200000       # a line of many buffers


def limited():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


def a_line_that_does_not_fit_leaves_nothing_and_comes_again():
    place = Place("a")
    place.write("a.in", "".join(json.dumps({"id": str(i), "text": LONG}) + "\n" for i in range(3)))
    with open(place.path("a.out"), "wb") as out:  # room for one line and a half
        out.truncate(LIMIT - 300001)
        out.seek(0, os.SEEK_END)
        out.write(b"\n")
    before = os.path.getsize(place.path("a.out"))
    run = subprocess.Popen([KOPPEL, "sync", "a"], env=place.env, preexec_fn=limited, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: place.status(None)["a"]["done"] == 1)
    run.send_signal(signal.SIGTERM)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 1, (run.returncode, said)
    with open(place.path("a.out"), "rb") as out:
        out.seek(before)
        whole = out.read()
    assert whole.endswith(b"\n") and len(whole.splitlines()) == 1, len(whole)
    assert place.status(None)["a"]["done"] == 1
    place.run(None, "sync", "a")
    with open(place.path("a.out"), "rb") as out:
        out.seek(before)
        ids = [json.loads(one)["id"] for one in out.read().splitlines()]
    counts = place.status(None)["a"]
    # Who was stopped while a line was under way cannot say whether it arrived: that one parks.
    assert len(ids) == len(set(ids)) == counts["done"] and counts["done"] + counts["parked"] == 3, (ids, counts)
    place.close()


def a_last_line_that_was_not_ended_is_not_added_to():
    place = Place("a")
    place.write("a.out", '{"id":"0"}\n{"id":"torn')
    place.run(0, "sync", "a")
    before, torn, *new = place.lines("a.out")
    assert (before, torn) == ('{"id":"0"}', '{"id":"torn'), place.lines("a.out")
    assert sorted(json.loads(line)["id"] for line in new) == ["1", "2"], new
    place.close()


def pipes_are_refused_on_either_side():
    for side in ("in", "out"):
        place = Place("a")
        path = place.path("a." + side)
        if os.path.exists(path):
            os.remove(path)
        os.mkfifo(path)
        place.run(78, "sync", "a", "--wait", "0", said=f"a.{side}: it is not a regular file")
        place.close()


if __name__ == "__main__":
    main([a_line_that_does_not_fit_leaves_nothing_and_comes_again, a_last_line_that_was_not_ended_is_not_added_to,
          pipes_are_refused_on_either_side])
