#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The configuration changed by order: every other byte stays, mistakes change nothing, each configuration that was
active can be told and restored, and a kill at any step of a save leaves the old one or the new one."""
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from commands import Place
from koppeltest import KOPPEL, SRC, main

TABLE = "# code of the till, of the books\nhigh;\"21\"\r\nlow;9"


def place_with_table():
    """A flow with a table and with comments of every kind."""
    place = Place("a")
    os.makedirs(place.path("tables"), exist_ok=True)
    with open(place.path("tables/vat.csv"), "w", newline="") as out:
        out.write(TABLE)
    place.write("flows.d/a.conf", '''# The one flow.
name = "a";  // its name
from = { connection = "a-in"; entity = "record"; };
to = { connection = "a-out";
       entity = "record"; };
/* how often */ every = "5" "m";
tables = { vat = "tables/vat.csv"; };
''')
    return place


def text(place, name):
    with open(place.path(name), newline="") as source:
        return source.read()


def revisions(place):
    return json.loads(place.run(0, "config", "log", "--json").stdout)["revisions"]


def set_changes_one_value_and_no_other_byte():
    place = place_with_table()
    before = text(place, "flows.d/a.conf")
    place.run(0, "set", "flows/a/every", "10m")
    want = before.replace('"5" "m"', '"10m"')
    assert text(place, "flows.d/a.conf") == want
    place.run(0, "set", "flows/a/to/entity", "record")
    place.run(0, "set", "flows/a/batch", "50")
    want += "batch = 50;\n"
    assert text(place, "flows.d/a.conf") == want
    place.run(0, "set", "flows/a/filter", '( { field = "id"; is = "1"; } )')
    place.run(0, "set", "flows/a/filter/+", '{ field = "id"; not = "3"; }')
    assert text(place, "flows.d/a.conf") == want + 'filter = ( { field = "id"; is = "1"; }, { field = "id"; not = "3"; } );\n'
    place.run(0, "set", "flows/a/filter", "--unset")
    place.run(0, "set", "flows.d/a.conf:batch", "--unset")
    assert text(place, "flows.d/a.conf") == before.replace('"5" "m"', '"10m"')
    place.run(0, "set", "connections/a-out/concurrency", "2")
    assert text(place, "connections.d/a-out.conf").endswith("concurrency = 2;\n")
    place.run(0, "set", "home/language", "de")
    # digits are a number or a text, as the setting wants it
    place.run(0, "set", "connections/a-out/settings/key", "10")
    assert 'key = "10"' in text(place, "connections.d/a-out.conf")
    place.run(0, "set", "connections/a-out/settings/key", "id")
    place.run(0, "set", "connections/a-out/settings/key", "--unset")
    place.run(0, "set", "connections/a-out/settings/key", "10")
    assert 'key = "10"' in text(place, "connections.d/a-out.conf")
    place.run(0, "set", "connections/a-out/settings/key", "id")
    assert 'home = { language = "de"; };' in text(place, "koppel.conf")
    place.run(0, "sync", "a")
    place.close()


def a_wrong_change_is_refused_and_says_why():
    place = place_with_table()
    before = {name: text(place, name) for name in ("flows.d/a.conf", "tables/vat.csv", "koppel.conf")}
    for code, words, said in (
            (78, ("set", "flows/a/every", "soon"), 'flows.d/a.conf:6: "every" must be a time'),
            (78, ("set", "flows/a/evry", "5m"), 'did you mean "every"?'),
            (78, ("set", "flows/a/tables/vat", "tables/vta.csv"), "vta.csv"),
            (64, ("set", "flows/b/every", "5m"), 'no flow "b"'),
            (64, ("set", "flows/a/every/x", "5m"), '"every" holds one value'),
            (64, ("set", "flows/a/batsch", "--unset"), '"batsch" is not there'),
            (64, ("set", "flows/a/filter", "( 1"), "not one value"),
            (64, ("set", "flows/a/every"), "usage"),
            (64, ("set", "flows/a/every", "5m", "--unset"), "usage"),
            (64, ("set", "nowhere.conf:x", "5m"), "nowhere.conf: cannot be read"),
            (64, ("table", "vta"), 'no flow has a table "vta", perhaps "vat"'),
            (64, ("table", "vat", "add", "high", "1"), "there already (line 2); set changes it"),
            (64, ("table", "vat", "remove", "hihg"), 'did you mean "high"?'),
            (64, ("table", "vat", "drop", "high", "1"), "koppel table"),
            (64, ("table", "vat", "add", "x"), "usage"),
            (64, ("config", "lgo"), 'perhaps "log"'),
            (64, ("config", "show", "7"), "there is no revision 7"),
            (64, ("config", "rollback", "1"), "usage"),
    ):
        place.run(code, *words, said=said)
    assert before == {name: text(place, name) for name in before}
    place.close()


def mistakes_that_were_there_do_not_stand_in_the_way_of_mending():
    place = place_with_table()
    good = text(place, "flows.d/a.conf")
    place.write("flows.d/a.conf", good.replace('"5" "m"', '"often"') + 'batch = "many";\n')
    place.run(78, "set", "flows/a/every", "5m", said="not active")
    place.run(78, "set", "flows/a/every", "never", said="nothing was saved")
    assert [r["active"] for r in revisions(place)] == [False]
    place.run(0, "set", "flows/a/batch", "10", "--why", "mended")
    assert revisions(place)[0]["active"] and revisions(place)[0]["why"] == "mended"
    place.close()


def table_rows_keep_the_form_of_their_sheet():
    place = place_with_table()
    rows = json.loads(place.run(0, "table", "vat", "--json").stdout)["rows"]
    assert rows == [{"key": ["high"], "line": 2, "value": "21"}, {"key": ["low"], "line": 3, "value": "9"}]
    place.run(0, "table", "a/vat", "add", "BE|21.00", "x;y")
    assert text(place, "tables/vat.csv") == TABLE + '\nBE|21.00;"x;y"'
    place.run(0, "table", "vat", "set", "high", "22")
    place.run(0, "table", "vat", "remove", "BE|21.00")
    assert text(place, "tables/vat.csv") == TABLE.replace('"21"', '"22"')
    assert place.run(0, "table", "vat").stdout.split() == ["high", "22", "low", "9"]
    place.run(0, "table", "vat", "set", "none", "")
    assert text(place, "tables/vat.csv").endswith("\nnone;")
    place.close()


def y8_the_configuration_of_a_job_is_told_and_restored():
    place = place_with_table()
    place.run(0, "sync", "a")
    first = {name: text(place, name) for name in ("flows.d/a.conf", "tables/vat.csv")}
    job = json.loads(place.run(0, "jobs", "--json").stdout.splitlines()[0])["job"]
    activity = json.loads(place.run(0, "activity", job, "--json").stdout)
    version = activity["attempts"][0]["activity"]["config_version"]
    place.run(0, "set", "flows/a/every", "10m", "--why", "less load")
    place.run(0, "table", "vat", "set", "high", "22")
    place.write("flows.d/b.conf", text(place, "flows.d/a.conf").replace('name = "a"', 'name = "b"'))
    place.run(0, "sync", "a")
    log = revisions(place)
    assert [(r["revision"], r["how"], r.get("why")) for r in log] == \
        [(4, "hand", None), (3, "cli", None), (2, "cli", "less load"), (1, "hand", None)], log
    assert [r["changes"] for r in log] == [[{"change": "added", "path": "flows.d/b.conf"}],
                                           [{"change": "changed", "path": "tables/vat.csv"}],
                                           [{"change": "changed", "path": "flows.d/a.conf"}], []]
    assert all(r["who"] == pwd.getpwuid(os.geteuid()).pw_name for r in log)
    shown = json.loads(place.run(0, "config", "show", version, "--json").stdout)
    assert shown["revision"] == 1, "what the job ran with"
    assert place.run(0, "config", "show", "1", "tables/vat.csv").stdout == TABLE.replace("\r", "\\u000d")
    diff = place.run(0, "config", "diff", "1", "2").stdout
    assert '-/* how often */ every = "5" "m";\n+/* how often */ every = "10m";\n' in diff and '"22"' not in diff
    assert place.run(0, "config", "diff", "2", "3", "flows.d/a.conf").stdout == ""
    place.run(0, "config", "rollback", "1", "--why", "the first was right")
    assert first == {name: text(place, name) for name in first}
    assert not os.path.exists(place.path("flows.d/b.conf")), "it was not there then"
    last = revisions(place)[0]
    assert (last["revision"], last["how"], last["why"]) == (5, "rollback", "the first was right")
    assert place.run(0, "config", "diff", "1", "5").stdout == ""
    place.run(0, "config", "rollback", "4", "--why", "or not")
    assert 'name = "b"' in text(place, "flows.d/b.conf"), "a rollback can be rolled back"
    place.close()


def what_was_never_active_is_kept_before_a_rollback():
    place = place_with_table()
    place.run(0, "sync", "a")
    good = text(place, "flows.d/a.conf")
    place.write("flows.d/a.conf", good + "half a thought = {")
    place.run(78, "config", "status", said="flows.d/a.conf:8")
    place.run(0, "config", "rollback", "1", "--why", "later")
    assert text(place, "flows.d/a.conf") == good
    log = revisions(place)
    kept = next(r for r in log if not r["active"])
    assert "half a thought" in place.run(0, "config", "show", str(kept["revision"]), "flows.d/a.conf").stdout
    assert place.run(0, "config", "status").stdout.endswith("the files are as they were then\n")
    place.close()


def secrets_are_hidden_where_a_revision_is_shown():
    place = Place("a")
    hidden = "s3cr3t-of-the-till"
    place.write("connections.d/till.conf", 'name = "till"; connector = "mpluskassa";\n'
                f'settings = {{ url = "http://127.0.0.1:1"; ident = "me"; secret = "{hidden}"; }};\n')
    place.run(0, "sync", "a")
    place.run(0, "set", "connections/till/settings/ident", "you")
    place.run(0, "set", "connections/till/settings/secret", hidden + "2")
    for words in (("show", "1", "connections.d/till.conf"), ("diff", "1", "2"), ("diff", "2", "3"), ("status",),
                  ("log",), ("show", "1", "connections.d/till.conf", "--json"), ("diff", "2", "3", "--json")):
        done = place.run(0, "config", *words)
        assert hidden not in done.stdout + done.stderr, done.stdout
    assert "(hidden" in place.run(0, "config", "diff", "2", "3").stdout, "but that it changed is told"
    for name in os.listdir(place.dir):
        if name.startswith("koppel.db"):
            with open(place.path(name), "rb") as source:
                assert hidden.encode() not in source.read()
    place.run(0, "config", "rollback", "1", "--why", "test")
    assert f'secret = "{hidden}"' in text(place, "connections.d/till.conf")
    place.close()


def mode_and_owner_stay_and_links_lead_nowhere_else():
    place = place_with_table()
    os.chmod(place.path("flows.d/a.conf"), 0o640)
    if os.geteuid() == 0:
        os.chown(place.path("flows.d/a.conf"), 65534, 12345)
    before = os.stat(place.path("flows.d/a.conf"))
    place.run(0, "set", "flows/a/every", "7m")
    after = os.stat(place.path("flows.d/a.conf"))
    assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)
    # a link inside the directory is followed, and stays one
    os.rename(place.path("tables/vat.csv"), place.path("tables/real.csv"))
    os.symlink("real.csv", place.path("tables/vat.csv"))
    place.run(0, "table", "vat", "set", "high", "23")
    assert os.path.islink(place.path("tables/vat.csv")) and '"23"' in text(place, "tables/real.csv")
    # one that leads out of it is not: the change is told as a patch
    outside = tempfile.mkdtemp(prefix="koppel-outside-")
    shutil.move(place.path("tables/real.csv"), outside + "/vat.csv")
    os.unlink(place.path("tables/vat.csv"))
    os.symlink(outside + "/vat.csv", place.path("tables/vat.csv"))
    done = place.run(2, "table", "vat", "set", "high", "24", said="is outside of")
    with open(outside + "/vat.csv", newline="") as source:
        assert '"23"' in source.read(), "nothing was written"
    assert '+high;"24"' in done.stdout and "--- a/tables/vat.csv" in done.stdout
    shutil.rmtree(outside)
    place.close()


def a_file_that_may_not_be_written_is_told_as_a_patch():
    if os.geteuid() != 0:
        return  # only root can act as two users
    place = place_with_table()
    for base, folders, names in os.walk(place.dir):
        for name in folders + names:
            os.chown(os.path.join(base, name), 65534, 65534)
    os.chown(place.dir, 65534, 65534)
    for name in ("flows.d", "flows.d/a.conf"):
        os.chown(place.path(name), 0, 0)
        os.chmod(place.path(name), 0o755 if name == "flows.d" else 0o644)
    before = text(place, "flows.d/a.conf")

    def as_nobody(*words):
        return subprocess.run([KOPPEL, *words], env=place.env, capture_output=True, text=True, timeout=60,
                              user=65534, group=65534, extra_groups=[])
    probe = as_nobody("config", "log")
    if probe.returncode == 2 and "denied" in probe.stderr:
        place.close()
        return  # the build folder is closed to others
    done = as_nobody("set", "flows/a/every", "9m")
    assert done.returncode == 2 and "Permission denied" in done.stderr, (done.stdout, done.stderr)
    assert text(place, "flows.d/a.conf") == before
    subprocess.run(["patch", "-p1", "-d", place.dir, "-s"], input=done.stdout, text=True, check=True)
    assert text(place, "flows.d/a.conf") == before.replace('"5" "m"', '"9m"')
    done = as_nobody("table", "vat", "set", "low", "6")
    assert done.returncode == 0, done.stderr
    place.close()


def killer():
    folder = tempfile.mkdtemp(prefix="koppel-killer-")
    subprocess.run([os.environ.get("CC", "cc").split()[-1], "-shared", "-fPIC", "-o", folder + "/killer.so",
                    os.path.join(SRC, "tests/integration/step_killer.c"), "-ldl"], check=True)
    return folder


def leftovers(place):
    found = [name for _, _, names in os.walk(place.dir) for name in names if name.startswith(".koppel-new")]
    return found + [name for name in os.listdir(place.dir) if name.endswith(".saving")]


def killed_at_each_step(place, folder, states, words):
    """Runs the order, killed before one step after the other, until it gets through. After each kill the files are
    as they were or as they are to be, at the latest once the next order came."""
    after_kill, step = set(), 0
    while True:
        step += 1
        env = dict(place.env, LD_PRELOAD=folder + "/killer.so", KILL_AT=str(step))
        done = subprocess.run([KOPPEL, *words(step)], env=env, capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return step, after_kill
        assert done.returncode == -signal.SIGKILL, (step, done.returncode, done.stderr)
        for name in states(step)[0]:
            assert text(place, name) in (states(step)[0][name], states(step)[1][name]), f"step {step}: a mix in {name}"
        place.run(0, "set", "workers", str(step % 200 + 1))  # finishes or undoes what was cut short
        now = {name: text(place, name) for name in states(step)[0]}
        assert now in states(step), f"step {step}: neither the old nor the new"
        after_kill.add(states(step).index(now))
        assert not leftovers(place), (step, leftovers(place))
        if now == states(step)[1]:
            place.run(0, "config", "rollback", "1", "--why", "again")


def s16_a_kill_at_any_step_of_a_save_leaves_old_or_new():
    place, folder = place_with_table(), killer()
    place.run(0, "sync", "a")
    old = text(place, "flows.d/a.conf")
    new = old.replace('"5" "m"', '"10m"')
    states = [{"flows.d/a.conf": old}, {"flows.d/a.conf": new}]
    steps, seen = killed_at_each_step(place, folder, lambda step: states, lambda step: ("set", "flows/a/every", "10m"))
    assert seen == {0, 1} and steps > 10, (steps, seen)
    assert revisions(place)[0]["how"] == "cli"
    shutil.rmtree(folder)
    place.close()


def s16_a_kill_at_any_step_of_a_rollback_mixes_no_files():
    place, folder = place_with_table(), killer()
    place.run(0, "sync", "a")
    names = ("flows.d/a.conf", "tables/vat.csv")
    first = {name: text(place, name) for name in names}
    place.run(0, "set", "flows/a/every", "10m")
    place.run(0, "table", "vat", "set", "high", "22")
    second = {name: text(place, name) for name in names}
    after, step = set(), 0
    while True:
        step += 1
        env = dict(place.env, LD_PRELOAD=folder + "/killer.so", KILL_AT=str(step))
        done = subprocess.run([KOPPEL, "config", "rollback", "1", "--why", "killed"], env=env, capture_output=True, text=True,
                              timeout=60)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, (step, done.stderr)
        # a start finishes what was cut short before it goes on; where files changed by that, the second does
        if subprocess.run([KOPPEL, "sync", "a"], env=place.env, capture_output=True, timeout=60).returncode:
            place.run(0, "sync", "a")
        now = {name: text(place, name) for name in names}
        assert now in (first, second), f"step {step}: a mix"
        after.add(now == first)
        assert not leftovers(place), (step, leftovers(place))
        if now == first:
            place.run(0, "config", "rollback", "3", "--why", "again")
    assert after == {False, True} and step > 15, (after, step)
    shutil.rmtree(folder)
    place.close()


def two_at_once_do_not_lose_a_change():
    place = place_with_table()
    runs = [subprocess.Popen([KOPPEL, "table", "vat", "add", f"k{i}", str(i)], env=place.env, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for i in range(6)]
    done = []
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert run.returncode == 0 or "another program is changing" in err or "another engine runs" in err, err
        done.append(run.returncode == 0)
    rows = {row["key"][0] for row in json.loads(place.run(0, "table", "vat", "--json").stdout)["rows"]}
    assert any(done) and {f"k{i}" for i, saved in enumerate(done) if saved} == rows - {"high", "low"}, (rows, done)
    place.close()


main([set_changes_one_value_and_no_other_byte, a_wrong_change_is_refused_and_says_why,
      mistakes_that_were_there_do_not_stand_in_the_way_of_mending, table_rows_keep_the_form_of_their_sheet,
      y8_the_configuration_of_a_job_is_told_and_restored, what_was_never_active_is_kept_before_a_rollback,
      secrets_are_hidden_where_a_revision_is_shown, mode_and_owner_stay_and_links_lead_nowhere_else,
      a_file_that_may_not_be_written_is_told_as_a_patch, s16_a_kill_at_any_step_of_a_save_leaves_old_or_new,
      s16_a_kill_at_any_step_of_a_rollback_mixes_no_files, two_at_once_do_not_lose_a_change])
