#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person reads: a line per flow, the terminal's width, colours only where they are seen."""
import fcntl
import os
import pty
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
    assert " of 40" not in shop.run("sync", "orders", "--wait", "5", ok=(0, 1)).stderr
    shop.close()


if __name__ == "__main__":
    main([status_is_a_line_per_flow_and_the_worst_comes_first, status_of_a_flow_that_fails_is_a_failure,
          lines_are_as_long_as_the_terminal_is_wide, colours_are_for_a_terminal_that_shows_them,
          sync_draws_a_bar_on_a_terminal_only])
