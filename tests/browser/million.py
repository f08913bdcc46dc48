#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""B27: lists of very many jobs. First, middle, last page and filters show what plain SQL finds, and a page costs the same
however many jobs there are: requests, bytes, rows of the store and steps of its machine are counted, times are not.
KOPPEL_JOBS=N (20,000; `make check-browser` has 1,000,000)."""
import glob
import json
import mmap
import os
import sqlite3
import struct
import subprocess

from browsertest import Pages, main, until
from koppeltest import BUILD, SRC

JOBS = int(os.environ.get("KOPPEL_JOBS", "20000"))
FILL = os.path.join(BUILD, "tests/bench/fill_tool")
SIZE = 50
# What a page may cost, whatever the number of jobs. Steps are of SQLite's machine. GET /flows, which most pages ask, counts
# what stands aside: that is not bounded, as a tenth of these jobs does (SIDE steps for each, in all).
STEPS, SIDE, ROWS, BYTES, REQUESTS, SCANNED = 40_000, 30, 4_000, 250_000, 12, 6_000


class Many(Pages):
    """A shop whose store holds so many jobs, none of them of today's work: no flow runs."""

    def __init__(self, jobs):
        super().__init__("--orders", "6", "--relations", "20", "--articles", "20", serve=False, login=False)
        for name in glob.glob(self.conf + "/flows.d/*.conf"):
            if not name.endswith("/orders.conf"):
                os.unlink(name)
        self.replace("flows.d/orders.conf", "every =", "enabled = false;\npartitions = 16;\nevery =")
        self.store = os.path.join(self.conf, "koppel.db")
        subprocess.run([FILL, self.store, self.conf, str(jobs)], check=True, timeout=3000)
        steps, library = os.path.join(self.dir, "steps"), os.path.join(self.dir, "counter.so")
        with open(steps, "wb") as file:
            file.write(bytes(4096))
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, os.path.join(SRC, "tests/browser/step_counter.c"), "-ldl",
                        "-lsqlite3"], check=True)
        self.env.update(LD_PRELOAD=library, KOPPEL_STEPS=steps)
        self.serve()
        self.first_user()
        self.aside, = self.sql("SELECT count(*) FROM aside")[0]
        with open(steps, "r+b") as file:
            self.counts = mmap.mmap(file.fileno(), 4096)

    def counted(self):
        """(statements, rows, steps, steps of whole scans) so far."""
        return struct.unpack("4q", self.counts[:32])

    def sql(self, text, *values):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as base:
            return base.execute(text, values).fetchall()


def address(names, job):
    return f"{names[job >> 48]}/{job >> 38 & 1023}/{job & (1 << 38) - 1}"


def shown(page):
    return page.js("return [...document.querySelectorAll('tr[data-row]')].map((one) => one.dataset.row)")


def cost(shop, page, where, boxed=False):
    """Goes there and gives what it took: of the store, of the wire, of the page. boxed: a time ends the search, not a count."""
    page.driver.get_log("performance")
    before = shop.counted()
    page.go(where)
    spent = [b - a for a, b in zip(before, shop.counted())]
    asked, size = 0, 0
    api, looks = set(), 0
    for row in page.driver.get_log("performance"):
        told = json.loads(row["message"])["message"]
        about = told["params"]
        if told["method"] == "Network.requestWillBeSent" and "/api/" in about["request"]["url"]:
            asked += 1
            looks += "/flows" in about["request"]["url"]
            api.add(about["requestId"])
        if told["method"] == "Network.loadingFinished" and about["requestId"] in api:
            size += about["encodedDataLength"]
    nodes = page.js("return document.querySelectorAll('*').length")
    print(f"  {where[:52]:52} {spent[0]:5} statements {spent[1]:6} rows {spent[2]:8} steps {spent[3]:6} scanned; "
          f"{asked} requests {size:7.0f} bytes {nodes:5} elements", flush=True)
    most = STEPS + SIDE * shop.aside * max(looks, 1)  # one that the page before asked may be under way
    assert boxed or spent[1] <= ROWS and spent[3] <= SCANNED and spent[2] <= most, (where, spent)
    assert asked <= REQUESTS and size <= BYTES and nodes <= 1500, (where, asked, size, nodes)
    return shown(page)


def test_b27_lists_of_very_many_jobs():
    with Many(JOBS) as shop:
        names = dict(shop.sql("SELECT id, name FROM flow"))
        ids = {name: number for number, name in names.items()}
        total, first, last = shop.sql("SELECT count(*), min(at), max(at) FROM log")[0]
        assert total >= JOBS * 0.99, total
        page = shop.browser()
        newest = "SELECT l.job FROM log l LEFT JOIN delivery d USING(job) LEFT JOIN aside a USING(job) WHERE {} ORDER BY l.at DESC, l.job DESC LIMIT ?"

        def plain(where="1", *values, limit=SIZE):
            return [address(names, job) for (job,) in shop.sql(newest.format(where), *values, limit)]

        assert cost(shop, page, "activity") == plain()
        # the page behind it, and the middle of all
        page.click("button", "Older")
        assert shown(page) == plain(limit=2 * SIZE)[SIZE:]
        middle = (first + last) // 2
        day = page.js("return new Date(arguments[0]).toISOString()", middle)
        at = page.js("return Date.parse(arguments[0])", day)
        assert cost(shop, page, f"activity?until={day}") == plain("l.at < ?", at)
        # the last one: jobs of the first moment
        early = page.js("return new Date(arguments[0]).toISOString()", first + 1)
        assert cost(shop, page, f"activity?until={early}") == plain("l.at < ?", first + 1)
        assert cost(shop, page, "activity?flow=orders") == plain("l.job >> 48 = ?", ids["orders"])
        parked = cost(shop, page, "activity?state=parked")
        assert parked == plain("a.cause <> 0") and len(parked) == SIZE
        named = page.js("return fetch('/api/v1/causes').then((one) => one.json())")["causes"][0]
        flow, part, off = named["job"].split("/")
        cause, = shop.sql("SELECT cause FROM aside WHERE job = ?", ids[flow] << 48 | int(part) << 38 | int(off))[0]
        assert cost(shop, page, f"activity?cause={named['cause']}") == plain("a.cause = ?", cause)
        key, = shop.sql("SELECT key FROM log WHERE job >> 48 = ? ORDER BY at LIMIT 1", ids["orders"])[0]
        # the index of words is written behind; who is there already goes nowhere, and pays for what is late
        until(lambda: page.go("audit") or cost(shop, page, f"activity?q={key}") != [])
        assert shown(page) == plain("l.key = ?", key)
        # a filter that is rarely met says how far it looked, and goes on
        assert cost(shop, page, "activity?reason=map.value&state=done", boxed=True) == []
        answer = page.js("return fetch('/api/v1/jobs?reason=map.value&state=done').then((one) => one.json())")
        assert not answer["jobs"] and (not answer["next"] or answer["looked_to"]), answer
        for where in ("errors", "overview", "flow/orders", "record/" + parked[0], "mapper/orders", "alerts", "audit",
                      "settings", "connections"):
            cost(shop, page, where)
        page.go("errors")
        shown_first = len(page.js("return document.querySelectorAll('ul.causes > li')"))
        page.click("button", "Show more")
        assert len(page.js("return document.querySelectorAll('ul.causes > li')")) > shown_first
        assert not page.complaints(), page.complaints()


if __name__ == "__main__":
    main([test_b27_lists_of_very_many_jobs])
