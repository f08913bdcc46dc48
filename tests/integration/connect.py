#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel connect: logging in with a browser on this machine, and with one that is elsewhere (--paste)."""
import json
import os
import pty
import re
import select
import subprocess
import time
import urllib.parse
import urllib.request

from koppeltest import KOPPEL, Shop, log_lines, main
from logs import Served, orders_each_second
from tradetest import SMALL


class Elsewhere(urllib.request.HTTPRedirectHandler):
    """A browser on another computer: the page that it comes to in the end fails to load."""

    def redirect_request(self, *args):
        return None


def visit(url, auto="1"):
    """The address that stands in its address bar then."""
    try:
        urllib.request.build_opener(Elsewhere).open(f"{url}&auto={auto}", timeout=20)
    except urllib.error.HTTPError as answer:
        assert answer.code == 302, answer.code
        return answer.headers["Location"]
    raise AssertionError("it is not sent back")


def began(run):
    """The address that the command shows."""
    lines = []
    for line in run.stdout:
        lines.append(line)
        if line.startswith("http") and "response_type" in line:
            return line.strip()
    raise AssertionError((lines, run.stderr.read()))


def paste(shop):
    return subprocess.Popen([KOPPEL, "connect", "books", "--paste", "--wait", "20"], env=shop.env, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ends(run, code, given=""):
    out, err = run.communicate(given, timeout=30)
    assert run.returncode == code, (run.returncode, out, err)
    return out + err


def shop_without_login():
    return Shop(*SMALL, "--orders", "3", login=False)


def x5_a_login_is_pasted_through_a_pipe():
    shop = shop_without_login()
    run = paste(shop)
    url = began(run)
    redirect = urllib.parse.parse_qs(urllib.parse.urlparse(url).query)["redirect_uri"][0]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", redirect), redirect
    bar = visit(url)
    assert bar.startswith(redirect), bar
    said = ends(run, 0, f"\nhttps://example.org/\n{url}\n{bar}\n")
    assert "books is connected" in said, said
    assert "it has no state" in said and "that the login begins with" in said, said  # the two wrong ones
    assert shop.sync("orders")["done"] > 0
    shop.close()


def x5_a_login_is_pasted_at_a_terminal_however_long():
    shop = shop_without_login()
    pid, master = pty.fork()
    if pid == 0:
        os.execve(KOPPEL, ["koppel", "connect", "books", "--paste", "--wait", "20"], shop.env)
    seen = ""

    def until(what):
        nonlocal seen
        end = time.time() + 20
        while not re.search(what, seen):
            assert time.time() < end, seen
            if select.select([master], [], [], 0.2)[0]:
                seen += os.read(master, 65536).decode()

    until(r"> $")
    bar = visit(re.search(r"^(http\S+response_type\S+)\r$", seen, re.M).group(1))
    text = (bar + "&more=" + "x" * 6000).encode() + b"y\x7f\n"  # beyond a terminal's own line, and one taken back
    for at in range(0, len(text), 1000):
        os.write(master, text[at:at + 1000])
        if at + 1000 < len(text):
            until(r"x{%d}" % max(1, at - 200))  # it echoes what it has read
    until("books is connected")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, seen
    os.close(master)
    shop.close()


def x5_a_login_that_is_refused_says_why():
    shop = shop_without_login()
    run = paste(shop)
    said = ends(run, 2, visit(began(run), auto="0") + "\n")
    assert "the login was refused: access_denied: The user said no" in said, said
    run = shop.start("connect", "books", "--wait", "20")  # by the browser of this machine
    urllib.request.urlopen(began(run) + "&auto=0", timeout=20).read()
    said = ends(run, 2, None)
    assert "access_denied: The user said no" in said, said
    # a code that the identity server does not know
    run = paste(shop)
    bar = visit(began(run))
    said = ends(run, 2, re.sub(r"code=[^&]*", "code=wrong", bar) + "\n")
    assert "invalid_grant" in said and "wrong" not in said, said
    # nothing was pasted
    run = paste(shop)
    began(run)
    assert "the input ended without an address" in ends(run, 2, "")
    run = subprocess.run([KOPPEL, "connect", "books", "--paste", "--wait", "0"], env=shop.env, text=True,
                         stdin=subprocess.PIPE, capture_output=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 2 and "no address came in time" in run.stderr, run
    done = shop.run("connect", "till", ok=(64,))
    assert "its credentials are settings" in done.stderr, done.stderr
    assert shop.run("sync", "orders", ok=None).returncode == 2
    shop.close()


def x5_an_older_login_that_was_begun_may_be_pasted():
    """The page took its time, and the command was started again meanwhile."""
    shop = shop_without_login()
    first = paste(shop)
    bar = visit(began(first))
    first.kill()
    first.communicate()
    second = paste(shop)
    began(second)
    assert "books is connected" in ends(second, 0, bar + "\n")
    third = paste(shop)
    began(third)
    assert "of no login that was begun here" in ends(third, 2, bar + "\n")
    shop.close()


def x5_a_login_while_it_serves_lets_its_flows_go_on():
    shop = shop_without_login()
    orders_each_second(shop)
    served = Served(shop.env)
    served.wait(event="paused")
    run = paste(shop)
    bar = visit(began(run))
    ends(run, 0, bar + "\n")
    served.wait(event="resumed")
    run = served.wait(event="run")
    rows = served.stop()
    logins = [row for row in rows if row["event"] == "login"]
    assert len(logins) == 1 and logins[0]["connection"] == "books", rows
    code = re.search(r"code=([^&]+)", bar).group(1)
    assert not any(code in row["msg"] for row in rows)
    assert code.encode() not in open(os.path.join(shop.conf, "koppel.db"), "rb").read()
    shop.close()


if __name__ == "__main__":
    main([x5_a_login_is_pasted_through_a_pipe, x5_a_login_is_pasted_at_a_terminal_however_long,
          x5_a_login_that_is_refused_says_why, x5_an_older_login_that_was_begun_may_be_pasted,
          x5_a_login_while_it_serves_lets_its_flows_go_on])
