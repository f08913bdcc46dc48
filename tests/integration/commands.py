#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the commands do around the engine: exit codes, nearest names, and looks that need no faultless
configuration. From a file to a file, without any network."""
import json
import os
import re
import shutil
import subprocess
import tempfile

from koppeltest import BUILD, KOPPEL, SRC, Shop, main


class Place:
    """Flows a, b … that each bring one file's lines to another file."""

    def __init__(self, *flows):
        self.dir = tempfile.mkdtemp(prefix="koppel-commands-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.run(0, "init")
        for flow in flows:
            for side in ("in", "out"):
                self.write(f"connections.d/{flow}-{side}.conf", f'name = "{flow}-{side}";\nconnector = "file";\n'
                           f'settings = {{ path = "{self.dir}/{flow}.{side}"; key = "id"; }};\n')
            self.write(f"flows.d/{flow}.conf", f'name = "{flow}";\n'
                       f'from = {{ connection = "{flow}-in"; entity = "record"; }};\n'
                       f'to = {{ connection = "{flow}-out"; entity = "record"; }};\n')
            self.write(f"{flow}.in", '{"id":"1"}\n{"id":"2"}\n')

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)

    def lines(self, name):
        return open(self.path(name)).read().splitlines() if os.path.exists(self.path(name)) else []

    def run(self, code, *args, said="", out=subprocess.PIPE):
        """The command ends with the code (None: any), and says this on standard error."""
        done = subprocess.run([KOPPEL, *args], env=self.env, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60)
        if code is not None:
            assert done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
        assert said in done.stderr, (args, done.stderr)
        return done

    def status(self, code=0):
        rows = map(json.loads, self.run(code, "status", "--json").stdout.splitlines())
        return {row["flow"]: row for row in rows if "flow" in row}

    def close(self):
        shutil.rmtree(self.dir)


def y4_sync_runs_both_though_the_first_fails():
    place = Place("a", "b")
    os.remove(place.path("a.in"))
    place.run(78, "sync", "a", "b", "--wait", "1", said="a.in")
    assert len(place.lines("b.out")) == 2, "the second ran all the same"
    assert place.status(1)["b"]["done"] == 2
    place.close()


def y4_a_paused_flow_never_gives_0():
    place = Place("a", "b")
    place.run(0, "pause", "a")
    place.run(1, "sync", "a", said="koppel resume a")
    place.run(1, "sync", "a", "b")
    assert len(place.lines("b.out")) == 2 and not place.lines("a.out")
    place.run(1, "status")
    place.run(0, "resume", "a")
    place.run(0, "sync", "a")
    assert len(place.lines("a.out")) == 2
    place.run(0, "status")
    place.close()


def names_that_are_not_there_are_told_with_the_nearest():
    place = Place("orders")
    for args in (("sync", "oders"), ("pause", "oders"), ("resume", "oders"), ("preview", "oders"),
                 ("retry", "--all", "--flow", "oders"), ("jobs", "--flow", "oders")):
        place.run(64, *args, said=f'no flow "oders" in {place.dir}/flows.d, perhaps "orders"')
    assert not place.lines("orders.out"), "nothing ran"
    place.run(0, "sync", "orders")
    for args, said in ((("jobs", "--reason", "superceded"), 'no reason "superceded" in any job'),
                       (("jobs", "--reason", "map.unmaped"), 'perhaps "map.unmapped"'),
                       (("jobs", "--state", "prked"), 'perhaps "parked"'),
                       (("jobs", "--cause", "0123456789ab"), 'no cause "0123456789ab"'),
                       (("jobs", "--cause", "x"), "12 hex digits"), (("jobs", "--since", "soon"), "2026-11-26"),
                       (("retry", "oders/0/1"), 'perhaps "orders"'), (("status", "oders"), 'perhaps "orders"'),
                       (("causes", "oders"), 'perhaps "orders"'), (("skip", "orders/0/1", "--wy", "x"), "--why"),
                       (("set", "flow/orders/every", "5m"), 'perhaps "flows"'),
                       (("set", "flows/oders/every", "5m"), 'perhaps "orders"'),
                       (("plugins", "show", "fle"), 'perhaps "file"'),
                       (("connection", "test", "order-in"), 'perhaps "orders-in"'),
                       (("connection", "tst", "orders-in"), 'perhaps "test"'),
                       (("config", "shw", "1"), 'perhaps "show"'), (("person", "fnd", "--email", "a@b.nl"), 'perhaps "find"'),
                       (("config", "show", "1", "flows.d/oders.conf"), 'perhaps "flows.d/orders.conf"'),
                       (("config", "show", "7"), "koppel config log"), (("runs", "oders"), 'perhaps "orders"')):
        place.run(64, *args, said=said)
    place.run(0, "jobs", "--reason", "unchanged")
    for args in (("connect", "order-in"), ("choices", "order-in")):
        place.run(64, *args, said=f'no connection "order-in" in {place.dir}/connections.d, perhaps "orders-in"')
    place.close()


def y4_a_look_and_a_pause_need_no_faultless_configuration():
    place = Place("a", "b")
    place.run(0, "sync", "a", "b")
    flow = open(place.path("flows.d/a.conf")).read()
    for broken in (flow + "nonsense = 1;\n", flow + "here { is no syntax", flow.replace("a-in", "nowhere")):
        place.write("flows.d/a.conf", broken)
        place.run(78, "sync", "a")
        assert place.status(78)["a"]["done"] == 2
        job = json.loads(place.run(0, "jobs", "--flow", "a", "--json").stdout.splitlines()[0])["job"]
        place.run(0, "activity", job)
        place.run(2, "retry", job, said="has ended as done")
        place.run(0, "pause", "a")
        assert place.status(78)["a"]["paused"] == "by hand"
        place.run(0, "resume", "a")
        assert place.status(78)["a"]["paused"] is None
    place.write("flows.d/a.conf", flow)
    shutil.rmtree(place.path("connections.d"))
    assert place.status(78)["b"]["done"] == 2
    place.write("koppel.conf", 'key = "file:nokey";\n')
    place.run(78, "status", said="key")
    place.close()


def f16_output_that_does_not_arrive_is_a_failure():
    place = Place("a")
    place.run(0, "sync", "a")
    for args in (("jobs", "--json"), ("jobs",), ("status", "--json"), ("plugins",), ("--help",), ("check",)):
        with open("/dev/full", "w") as full:
            place.run(2, *args, out=full, said="the output cannot be written")
    place.close()


def connect_resumes_only_what_nobody_was_logged_in_for():
    shop = Shop("--orders", "3", login=False)
    shop.enable("customers")
    done = shop.run("sync", "orders", ok=(2,))
    assert "koppel connect books" in done.stderr, done.stderr
    shop.run("pause", "customers")
    shop.login()
    rows = {row["flow"]: row for row in map(json.loads, shop.run("status", "--json", ok=(2,)).stdout.splitlines())}
    assert rows["orders"]["paused"] is None and rows["customers"]["paused"] == "by hand", rows
    shop.close()


def init_brings_the_example_and_keeps_what_is_there():
    place = Place()
    place.write("flows.d/orders.conf", "mine")
    done = place.run(0, "init", "--example")
    files = [name for _, _, names in os.walk(place.dir) for name in names]
    assert re.search(r"^(\d\d) files of the example", done.stdout, re.M), done.stdout
    assert open(place.path("flows.d/orders.conf")).read() == "mine" and "vat.csv" in files
    assert "\n0 files of the example" in place.run(0, "init", "--example").stdout
    os.remove(place.path("flows.d/orders.conf"))
    place.run(0, "init", "--example")
    place.env.update(MPLUS_IDENT="i", MPLUS_SECRET="s", ASPERION_CLIENT_SECRET="s")
    place.run(0, "check")
    place.close()


if __name__ == "__main__":
    main([init_brings_the_example_and_keeps_what_is_there, y4_sync_runs_both_though_the_first_fails, y4_a_paused_flow_never_gives_0,
          names_that_are_not_there_are_told_with_the_nearest, y4_a_look_and_a_pause_need_no_faultless_configuration,
          f16_output_that_does_not_arrive_is_a_failure, connect_resumes_only_what_nobody_was_logged_in_for])
