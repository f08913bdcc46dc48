#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What serve tells its owner (behaviour Y6): a line for each thing worth knowing, with its fields, and none per
record."""
import json
import os
import re
import signal
import subprocess
import tempfile
import time

from commands import Place
from koppeltest import KOPPEL, Shop, http, log_lines, main
from tradetest import SMALL, line, sell, shop_with


def told(text):
    """The lines of a log, but for where the dashboard is and the link of its first user (dashboard_api.py)."""
    return [row for row in log_lines(text) if row["event"] != "dashboard"]


class Served:
    """koppel serve, whose log is a file."""

    def __init__(self, env, *options, journal=False):
        self.file = tempfile.NamedTemporaryFile("w+", prefix="koppel-log-")
        if journal:
            st = os.fstat(self.file.fileno())
            env = dict(env, JOURNAL_STREAM=f"{st.st_dev}:{st.st_ino}")
        self.run = subprocess.Popen([KOPPEL, *options, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=self.file)

    def text(self):
        with open(self.file.name) as log:
            return log.read()

    def lines(self, **about):
        """Those whose fields are these; True: has it."""
        text = self.text()
        rows = told(text[:text.rfind("\n") + 1])
        return [r for r in rows if all(name in r if want is True else r.get(name) == want
                                       for name, want in about.items())]

    def wait(self, times=1, seconds=30, **about):
        end = time.time() + seconds
        while len(self.lines(**about)) < times:
            assert time.time() < end and self.run.poll() is None, (about, self.run.poll(), self.text())
            time.sleep(0.05)
        return self.lines(**about)

    def stop(self, code=0):
        if self.run.poll() is None:
            self.run.send_signal(signal.SIGTERM)
        assert self.run.wait(20) == code, (self.run.returncode, self.text())
        rows = told(self.text())
        self.file.close()
        return rows


def often(place, *flows):
    for flow in flows:
        path = f"flows.d/{flow}.conf"
        place.write(path, open(os.path.join(place.env["KOPPEL_CONFIG"], path)).read() + 'every = "1s";\n')


def orders_each_second(shop, more=""):
    text = open(f"{shop.conf}/flows.d/orders.conf").read()
    shop.write("flows.d/orders.conf", re.sub(r'every = "[^"]*";', "", text) + f'every = "1s";{more}\n')


def y6_start_runs_pauses_and_stop_are_a_line_each():
    place = Place("a", "b", "c", "d")
    often(place, "a", "c", "d")
    place.write("flows.d/b.conf", open(place.path("flows.d/b.conf")).read() + "enabled = false;\n")
    place.run(0, "pause", "d")
    served = Served(place.env)
    served.wait(times=2, event="run")
    place.run(0, "pause", "a")
    served.wait(event="paused")
    place.run(0, "resume", "a")
    served.wait(event="resumed")
    place.write("a.in", '{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n')
    served.wait(event="run", times=3)
    rows = served.stop()
    assert all({"time", "level", "event", "msg"} <= set(row) for row in rows), rows
    assert all(row["time"].endswith("Z") and row["time"] > "2026" for row in rows), rows
    said = {event: [row for row in rows if row["event"] == event] for event in {row["event"] for row in rows}}
    start = said["start"][0]["msg"]
    assert rows[0]["event"] == "start" and len(said["start"]) == 1
    for part in ("serving a every 1s, c every 1s", "paused: d (by hand)", "off: b", place.dir, "koppel.db", "koppel 0."):
        assert part in start, (part, start)
    assert [(row["flow"], row["level"]) for row in said["paused"]] == [("a", "info")] and "by hand" in said["paused"][0]["msg"]
    assert [row["flow"] for row in said["resumed"]] == ["a"]
    runs = [(row["flow"], row["msg"][:30]) for row in said["run"]]
    assert sorted(runs) == [("a", "1 read, 1 done, 0 skipped, 0 p"), ("a", "2 read, 2 done, 0 skipped, 0 p"),
                            ("c", "2 read, 2 done, 0 skipped, 0 p")], runs
    assert [row["event"] for row in rows[-2:]] == ["stop", "stop"] and rows[-1]["msg"] == "stopped"
    assert set(said) == {"start", "run", "paused", "resumed", "stop"}, said
    place.close()


def y6_a_run_with_nothing_is_no_line():
    place = Place("a")
    often(place, "a")
    served = Served(place.env, "-v")
    served.wait(event="run", level="debug", times=2)
    assert len(served.lines(event="run", level="info")) == 1
    served.stop()
    place.close()


def y6_a_storm_of_parked_records_is_one_line():
    shop = shop_with("sales-invoice", source="order")
    rows = open(f"{shop.conf}/tables/payment.csv").read()
    shop.write("tables/payment.csv", "".join(x for x in rows.splitlines(True) if not x.startswith("PIN,")))
    for n in range(25):
        sell(shop, line(1, 1, "12.10"), relation=10 + n)
    orders_each_second(shop)
    served = Served(shop.env)
    parked = served.wait(event="parked", count="25")  # where the run took long, its first one had a line before
    counts = served.lines(event="run")[0]["msg"]
    rows = served.stop()
    assert len(parked) == 1 and parked[0]["level"] == "warning" and parked[0]["flow"] == "orders", parked
    assert parked[0]["reason"] == "map.unmapped" and int(parked[0]["count"]) == 25, parked
    found = {job["job"] for job in shop.jobs("parked")}
    assert len(found) == 25 and parked[0]["job"] in found and parked[0]["job"] in parked[0]["msg"], parked
    assert "25 parked" in counts and "25 read" in counts, counts
    # what of the configuration is of no use, and the first of a run that took long
    told = [row for row in rows if row["event"] != "config" and row.get("count") != "1"]
    assert len(told) <= 5, told  # start, run, parked, and two of the stop
    shop.close()


def y6_a_long_run_tells_what_it_parks_while_it_goes_on():
    shop = Shop(*SMALL, "--orders", "60", concurrency=4)
    orders_each_second(shop)
    shop.trouble({"do": "wait", "on": "POST /v1/salesinvoices", "after_ms": 400, "times": "all"})
    served = Served(shop.env)
    served.wait(event="run")
    rows = [row for row in served.stop() if row["event"] in ("run", "parked")]
    early = rows[:[row["event"] for row in rows].index("run")]
    assert early and all(row["count"] == "1" and row["job"] in row["msg"] for row in early), rows
    parked = {job["job"]: job["cause"] for job in shop.jobs("parked")}
    told = [parked[row["job"]] for row in early]
    assert len(set(told)) == len(told), "one of each cause"
    shop.close()


def y6_a_peer_that_goes_down_and_comes_back_is_two_lines():
    shop = Shop(*SMALL, "--orders", "12")
    orders_each_second(shop)
    shop.trouble({"do": "status", "status": 503, "times": 2, "retry_after": 1})
    served = Served(shop.env)
    up = served.wait(event="up")
    served.wait(event="run")
    down = served.lines(event="down")
    rows = served.stop()
    assert len(down) == 1 and down[0]["connection"] == "books" and down[0]["level"] == "warning", down
    assert down[0]["reason"] == "http.503" and len(up) == 1 and up[0]["connection"] == "books", (down, up)
    assert {row["event"] for row in rows} == {"start", "down", "up", "run", "parked", "stop"}, rows
    shop.close()


def y6_a_login_that_ends_and_comes_back_is_told():
    shop = Shop(*SMALL, "--orders", "3")
    orders_each_second(shop)
    served = Served(shop.env)
    served.wait(event="run")
    http(shop.books + "/_sandbox/revoke-tokens?all=1", "", "POST")
    http(shop.till + "/_sandbox/add-orders?n=1", "", "POST")
    paused = served.wait(event="paused")
    token = served.lines(event="token")
    assert len(token) == 1 and token[0]["connection"] == "books" and token[0]["level"] == "warning", token
    assert len(paused) == 1 and paused[0]["level"] == "error" and "koppel connect books" in paused[0]["msg"], paused
    shop.login()
    served.wait(event="login", connection="books")
    assert [row["flow"] for row in served.wait(event="resumed")] == ["orders"]
    rows = served.stop()
    assert len([row for row in rows if row["event"] == "login"]) == 1, rows
    assert not any("Bearer" in row["msg"] or "refresh_token" in row["msg"] for row in rows)
    shop.close()


def y6_a_run_that_fails_alike_is_told_once_and_its_end_too():
    shop = Shop(*SMALL, "--orders", "3")
    orders_each_second(shop, "attempts = 1;")
    shop.trouble({"do": "status", "status": 500, "times": 2, "on": "getOrders"}, url=shop.till)
    served = Served(shop.env, "-v")
    back = served.wait(event="recovered")
    failed = served.lines(event="failed")
    served.stop()
    assert [row["level"] for row in failed] == ["error", "debug"], failed
    assert all(row["flow"] == "orders" for row in failed) and len(back) == 1 and back[0]["count"] == "2", back
    shop.close()


def y6_json_and_the_journal_on_request():
    place = Place("a")
    served = Served(place.env, "--log", "json")
    end = time.time() + 20
    while '"event":"run"' not in served.text() and time.time() < end:
        time.sleep(0.05)
    rows = [json.loads(text) for text in served.text().splitlines()]
    rows = [row for row in rows if row["event"] != "dashboard"]
    assert [row["event"] for row in rows] == ["start", "run"] and all("time" in row for row in rows), rows
    assert rows[1]["flow"] == "a" and "2 read" in rows[1]["msg"], rows
    served.run.send_signal(signal.SIGTERM)
    assert served.run.wait(20) == 0
    served.file.close()
    for options, begin in (((), "<6>level=info event=start msg="), (("--log", "json"), '<6>{"level":"info","event":"start"')):
        served = Served(place.env, *options, journal=True)
        end = time.time() + 20
        while not served.text().endswith("\n") and time.time() < end:
            time.sleep(0.05)
        assert served.text().startswith(begin) and "time" not in served.text().split("msg")[0], served.text()
        served.run.send_signal(signal.SIGTERM)
        assert served.run.wait(20) == 0
        served.file.close()
    place.run(64, "--log", "xml", "status", said='no log "xml"')
    place.close()


def y6_a_configuration_that_is_rejected_is_told():
    place = Place("a")
    place.write("flows.d/a.conf", "nonsense = 1;\n")
    served = Served(place.env)
    rejected = served.wait(2, event="config.rejected")
    assert f"{place.dir}/flows.d/a.conf:1: " in rejected[0]["msg"] and rejected[0]["level"] == "error", rejected
    assert "safe mode" in rejected[-1]["msg"], rejected
    served.stop()
    place.write("koppel.conf", 'key = "file:nowhere";\n')  # without a key there is no store to answer from
    last = log_lines(place.run(78, "serve").stderr.splitlines()[-1])[0]
    assert last["event"] == "stop" and place.dir in last["msg"], last
    place.close()


if __name__ == "__main__":
    main([y6_start_runs_pauses_and_stop_are_a_line_each, y6_a_run_with_nothing_is_no_line,
          y6_a_storm_of_parked_records_is_one_line, y6_a_long_run_tells_what_it_parks_while_it_goes_on,
          y6_a_peer_that_goes_down_and_comes_back_is_two_lines,
          y6_a_login_that_ends_and_comes_back_is_told, y6_a_run_that_fails_alike_is_told_once_and_its_end_too,
          y6_json_and_the_journal_on_request, y6_a_configuration_that_is_rejected_is_told])
