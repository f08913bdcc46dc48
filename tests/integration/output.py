#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person reads: a line per flow, the terminal's width, colours only where they are seen."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from commands import Place
from koppeltest import KOPPEL, Shop, main

ESCAPE = "\x1b["


def on_terminal(env, *args, columns=100, **more):
    """What the command writes on a terminal of so many columns, output and errors alike."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {name: value for name, value in env.items() if name not in ("NO_COLOR", "COLUMNS")}
    run = subprocess.Popen([KOPPEL, *args], env={**env, "TERM": "xterm", **more}, stdin=theirs, stdout=theirs,
                           stderr=theirs)
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    run.wait(60)
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def plain(text):
    out, rest = "", text
    while ESCAPE in rest:
        before, _, rest = rest.partition(ESCAPE)
        out += before
        rest = rest[next(i for i, c in enumerate(rest) if c.isalpha()) + 1:]
    return out + rest


def rows_of(text):
    """The lines of a table by their first word."""
    lines = text.splitlines()
    return {line.split()[0]: line for line in lines if line.strip()}


def status_is_a_line_per_flow_and_the_worst_comes_first():
    place = Place("a", "b", "c", "d")
    place.write("flows.d/d.conf", open(place.path("flows.d/d.conf")).read() + "enabled = false;\n")
    place.run(0, "sync", "a", "b")
    place.run(0, "pause", "b")
    shown = place.run(1, "status").stdout.splitlines()
    assert shown[0].split()[:2] == ["FLOW", "STATE"], shown
    assert [line.split()[0] for line in shown[1:]] == ["b", "a", "c", "d"], shown
    found = rows_of("\n".join(shown))
    assert "paused: by hand" in found["b"] and "never" in found["c"] and " off " in found["d"], found
    assert "stopped" in found["a"] and ("now" in found["a"] or " s ago" in found["a"]), found["a"]
    # the words of one flow are its counts
    one = place.run(0, "status", "a").stdout
    assert "flow a" in one and "done            2" in one and "\nb " not in one, one
    place.run(64, "status", "aa", said='no flow "aa"')
    place.close()


def status_of_a_flow_that_fails_is_a_failure():
    place = Place("a", "b")
    os.remove(place.path("a.in"))
    place.run(78, "sync", "a", "--wait", "1")
    shown = place.run(1, "status").stdout
    assert "a.in" in rows_of(shown)["a"], shown
    place.run(0, "resume", "a")
    shown = place.run(2, "status").stdout
    assert shown.splitlines()[1].split()[0] == "a" and "a.in" in rows_of(shown)["a"], shown
    assert place.status(2)["a"]["failing"] and not place.status(2)["b"]["failing"]
    place.close()


def lines_are_as_long_as_the_terminal_is_wide():
    place = Place("a")
    os.remove(place.path("a.in"))
    place.run(78, "sync", "a", "--wait", "1")
    long = place.run(1, "status").stdout
    assert max(map(len, long.splitlines())) > 90, "a pipe gets all of it"
    for columns in (70, 90):
        shown = plain(on_terminal(place.env, "status", columns=columns))
        assert max(map(len, shown.splitlines())) == columns and "\u2026" in shown, shown
    place.env["COLUMNS"] = "80"
    assert max(map(len, place.run(1, "status").stdout.splitlines())) == 80
    place.close()


def colours_are_for_a_terminal_that_shows_them():
    place = Place("a")
    place.run(0, "sync", "a")
    assert ESCAPE in on_terminal(place.env, "status")
    assert ESCAPE not in place.run(0, "status").stdout
    assert ESCAPE not in on_terminal(place.env, "status", "--no-color")
    assert ESCAPE not in on_terminal(place.env, "status", NO_COLOR="1")
    assert ESCAPE in on_terminal(place.env, "status", NO_COLOR="")
    assert ESCAPE not in on_terminal(place.env, "status", TERM="dumb")
    place.close()


def sync_draws_a_bar_on_a_terminal_only():
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "30")
    shop.trouble({"do": "wait", "on": "POST", "after_ms": 600, "times": "all"})
    shown = on_terminal(shop.env, "sync", "orders", "--wait", "5")
    assert "\r" in shown and " of 40" in shown and "/s, " in shown and " left" in shown, shown
    done = shop.run("sync", "orders", "--wait", "5", ok=(0, 1))
    assert " of 40" not in done.stderr and "\r" not in done.stderr, done
    assert re.match(r"flow orders  run \d+ took \d+\.\d s", done.stdout), done
    assert re.match(r"flow orders\n", shop.run("status", "orders", ok=(1,)).stdout.split("\n", 2)[2]), "no run, no time"
    shop.close()


def jobs_are_known_by_number_and_name_and_remedies_stand_once():
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "30")
    shop.sync()
    parked, done = shop.jobs("parked"), shop.jobs("done")
    shown = shop.run("jobs").stdout
    for job in parked + done:
        row = rows_of(shown)[job["job"]]
        assert all(job["brief"][name] in row for name in ("number", "title", "total")), (job, row)
    for job in parked:
        assert job["detail"] in rows_of(shown)[job["job"]] and job["do"]["command"] in shown, job
    # two that wait for one thing are mended by one command
    mapped = [job for job in parked if job["reason"] == "map.unmapped"]
    shop.run("retry", mapped[0]["job"])
    assert mapped and shown.count(mapped[0]["do"]["text"]) == len({job["cause"] for job in mapped}), shown
    few = shop.run("jobs", "--limit", "3").stdout
    assert sum(line.startswith("orders/") for line in few.splitlines()) == 3 and "older ones: --after" in few, few
    shop.close()


def x8_the_activity_reads_from_source_to_destination():
    shop = Shop("--orders", "30", "--relations", "40", "--articles", "30")
    shop.sync()
    job = shop.jobs("done")[0]
    invoice = next(i for i in shop.invoices() if str(i["id"]) == job["remote_id"])
    shown = shop.run("activity", job["job"]).stdout
    first = shown.splitlines()[0].split()
    assert first == [job["job"], "done"], first
    facts = {line.split()[0]: line for line in shown.splitlines() if line.startswith("  ")}
    assert job["brief"]["number"] in facts["number"] and job["brief"]["title"] in facts["name"], facts
    assert "create sales invoice: 201" in shown and "/v1/salesinvoiceswithlines" in shown, shown
    assert f"attempt 1" in shown and "run 1 (hand)" in shown and "koppel config show 1" in shown, shown
    # each field with its value, what it was made of, and its rule
    made = {line.split()[0]: line for line in shown.partition("core -> destination")[2].splitlines() if line.strip()}
    path = f"{shop.env['KOPPEL_DATADIR']}/mappings/asperion/sales-invoice.send.conf"
    rules = open(path).read().splitlines()
    row = made["description"].split()
    assert row[1] == invoice["description"] and "reference" in row, row
    name, _, number = row[-1].rpartition(":")
    assert name == "sales-invoice.send.conf" and '"description"' in rules[int(number) - 1], row
    assert "as it was read" in shown and '"extOrderId"' in shown
    # rules of another configuration than that of the attempt say so, and its revision is told
    shop.run("set", "flows/orders/every", "7m", "--why", "test")
    shown = shop.run("activity", job["job"]).stdout
    version = shop.activity(job["job"])["attempts"][0]["activity"]["config_version"]
    assert f"the last attempt ran under {version}" in shown, shown
    assert shop.activity(job["job"])["attempts"][0]["revision"] == 1
    assert "revision 1 " in shop.run("config", "show", version).stdout
    # without a faultless configuration there are no rules, but all the rest
    shop.write("flows.d/orders.conf", open(f"{shop.conf}/flows.d/orders.conf").read() + "nonsense = 1;\n")
    done = shop.run("activity", job["job"])
    assert "core record" in done.stdout and "what was sent" in done.stdout and "RULE" not in done.stdout, done
    shop.run("activity", "orders/99/1", ok=(64,))
    assert 'perhaps "orders"' in shop.run("activity", "ordesr/0/1", ok=(64,)).stderr
    shop.close()


def every_table_has_the_width_of_the_terminal():
    shop = Shop("--orders", "40", "--relations", "40", "--articles", "30")
    shop.sync()
    shop.run("pause", "orders")
    shop.run("resume", "orders")
    heads = {"status": "FLOW", "jobs": "JOB", "runs": "FLOW", "audit": "AT", "connection list": "CONNECTION",
             "plugins": "PLUGIN"}
    for command, head in heads.items():
        whole = [line.rstrip() for line in shop.run(*command.split(), ok=None).stdout.splitlines()]
        for columns in (80, 100, 120):
            shown = plain(on_terminal(shop.env, *command.split(), columns=columns)).splitlines()
            begin = next(i for i, line in enumerate(shown) if line.split()[:1] == [head])
            table = shown[begin:next((i for i, line in enumerate(shown) if i > begin and not line), len(shown))]
            table = [line for line in table if "koppel causes" not in line]
            assert len(table) > 1 and max(map(len, table)) <= columns, (command, columns, table)
            assert all("\u2026" not in line.split()[0] for line in table), "what is typed again is whole"
            if max(map(len, whole)) <= columns:
                assert all("\u2026" not in line for line in table), (command, columns, table)
    words = shop.run("causes", ok=(1,)).stdout
    for one in shop.jobs("parked"):
        assert one["do"]["command"] in words and one["detail"] in words and one["cause"] in words, (one, words)
    shop.close()


if __name__ == "__main__":
    main([status_is_a_line_per_flow_and_the_worst_comes_first, status_of_a_flow_that_fails_is_a_failure,
          lines_are_as_long_as_the_terminal_is_wide, colours_are_for_a_terminal_that_shows_them,
          sync_draws_a_bar_on_a_terminal_only, jobs_are_known_by_number_and_name_and_remedies_stand_once,
          x8_the_activity_reads_from_source_to_destination, every_table_has_the_width_of_the_terminal])
