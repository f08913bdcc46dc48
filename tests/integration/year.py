#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A year of a shop in compressed time: orders come in, peers go down, answers are lost, log-ins end, files are edited
well and badly, the program is stopped and killed, the disk fills up. KOPPEL_DAYS (make year: 365), KOPPEL_SEED."""
import json
import os
import random
import re
import signal
import struct
import subprocess
import tempfile
import time

from alerts import phone
from alertsink import Web
from disk import Disk
from koppeltest import KOPPEL, SRC, Shop, http, log_lines, main, until

DAYS = int(os.environ.get("KOPPEL_DAYS", "40"))
SEED = int(os.environ.get("KOPPEL_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
HOUR = 3600
KEEP = "30d"  # contents of settled jobs


class MovedClock:
    """One clock for the program and for both vendors, which goes on by order (moved_clock.c)."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-clock-")
        library, self.path, self.ms = self.dir + "/clock.so", self.dir + "/clock", 0
        subprocess.run([os.environ.get("CC", "cc").split()[-1], "-shared", "-fPIC", "-O1", "-o", library,
                        os.path.join(SRC, "tests/integration/moved_clock.c"), "-ldl"], check=True)
        with open(self.path, "wb") as file:
            file.write(struct.pack("q", 0))
        os.environ.update(LD_PRELOAD=library, KOPPEL_TEST_CLOCK=self.path)

    def move(self, seconds):
        self.ms += int(seconds * 1000)
        with open(self.path, "r+b") as file:
            file.write(struct.pack("q", self.ms))

    def now(self):
        return time.time() + self.ms / 1000


class Year:
    def __init__(self, days, seed):
        self.clock, self.chance, self.days = MovedClock(), random.Random(seed), days
        self.shop = Shop("--orders", "10", "--relations", "30", "--articles", "20", "--seed", str(seed % 1000), login=False)
        self.disk = Disk(96)
        self.store = (self.disk.path if self.disk.mounted else self.shop.conf) + "/koppel.db"
        self.shop.write("koppel.conf", f'store = {{ path = "{self.store}"; }};\n'
                        f'keep = {{ payloads = "{KEEP}"; skipped = "{KEEP}"; rows = "90d"; free_mb = 8; }};\n')
        self.web = Web()
        self.shop.write("alerts.conf", phone(self.web))
        self.shop.login()
        self.shop.enable("customers", "stock")
        self.log = self.shop.dir + "/serve.log"
        self.run, self.met, self.sizes, self.memory, self.stopped = None, [], [], [], 0
        self.start()

    # ---- the program

    def start(self):
        with open(self.log, "a") as out:
            self.run = subprocess.Popen([KOPPEL, "serve"], env=self.shop.env, stderr=out, stdout=subprocess.DEVNULL)
        until(lambda: self.run.poll() is None and self.answers())

    def answers(self):
        return os.path.exists(self.store + ".sock") and self.rows()

    def rows(self):
        out = self.shop.run("status", "--json", ok=None).stdout
        return {row["flow"]: row for row in map(json.loads, out.splitlines()) if "flow" in row}

    def events(self, name):
        with open(self.log) as file:
            return [line for line in log_lines(file.read()) if line.get("event") == name]

    # ---- time

    def hours(self, n):
        """So many hours, in steps in which everything that is due gets its turn."""
        for _ in range(n // 6 or 1):
            self.clock.move(6 * HOUR if n >= 6 else n * HOUR)
            time.sleep(0.08)

    def while_it_lasts(self):
        """Two hours in steps in which a peer is called, and whoever looks for alerts looks."""
        for _ in range(24):
            self.clock.move(HOUR // 12)
            time.sleep(0.06)

    def sell(self):
        http(f"{self.shop.till}/_sandbox/add-orders?n={self.chance.randrange(1, 4)}", "", "POST")

    def log_in_again(self):
        """A refresh token works once: where the answer with the next one is lost, or dies with the program, only a
        person helps, as soon as the pause is seen."""
        if any((row["paused"] or "").startswith("login") for row in self.rows().values()):
            self.shop.login()
            self.met.append("login lost")

    # ---- what goes wrong, each until its end

    def books_are_down(self):
        self.shop.trouble({"do": "status", "status": 503, "times": "all"})
        self.sell()
        self.while_it_lasts()
        self.shop.trouble()
        self.while_it_lasts()
        self.met.append("books down")

    def till_is_down(self):
        self.shop.trouble({"do": "hang", "times": "all"}, url=self.shop.till)
        self.hours(6)
        self.shop.trouble(url=self.shop.till)
        self.met.append("till down")

    def answers_are_lost(self):
        self.shop.trouble({"do": "drop-answer", "writes": True, "percent": 40, "times": "all"},
                          seed=self.chance.randrange(1000))
        self.sell()
        self.hours(12)
        self.shop.trouble()
        self.met.append("answers lost")

    def the_login_ends(self):
        http(self.shop.books + "/_sandbox/revoke-tokens?all=1", "", "POST")
        self.sell()
        self.while_it_lasts()
        self.shop.login()
        self.while_it_lasts()
        self.met.append("login ended")

    def the_access_token_ends(self):
        http(self.shop.books + "/_sandbox/revoke-tokens", "", "POST")
        self.sell()
        self.hours(6)
        self.met.append("token ended")

    def a_file_is_edited(self):
        every = self.chance.choice(("5m", "7m", "10m"))
        path = os.path.join(self.shop.conf, "flows.d/orders.conf")
        with open(path) as file:
            text = file.read()
        self.shop.write("flows.d/orders.conf", re.sub(r'every = "\w+"', f'every = "{every}"', text, count=1))
        self.shop.run("reload")
        self.sell()
        self.hours(6)
        self.met.append("edited")

    def a_file_is_edited_badly(self):
        path = os.path.join(self.shop.conf, "flows.d/orders.conf")
        with open(path) as file:
            good = file.read()
        self.shop.write("flows.d/orders.conf", good.replace('"sales-invoice"', '"sales-invoyce"'))
        assert "sales-invoice" in self.shop.run("reload", ok=(78,)).stderr
        self.sell()
        self.hours(6)
        self.shop.write("flows.d/orders.conf", good)
        self.shop.run("reload")
        self.met.append("edited badly")

    def it_is_stopped_and_started(self):
        self.run.send_signal(signal.SIGTERM)
        assert self.run.wait(30) == 0
        self.sell()
        self.hours(6)
        self.start()
        self.met.append("restarted")

    def it_is_killed(self):
        self.sell()
        self.clock.move(HOUR)
        time.sleep(self.chance.uniform(0, 0.05))
        self.run.kill()
        self.run.wait(30)
        self.start()
        self.met.append("killed")

    def the_disk_fills(self):
        self.disk.fill(self.chance.choice((0, 4 << 20)))
        self.sell()
        self.hours(12)
        self.disk.empty()
        self.sell()
        self.hours(6)
        self.met.append("disk full")

    # ---- the year

    def measure(self):
        with open(f"/proc/{self.run.pid}/status") as file:
            self.memory.append(int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]))
        self.sizes.append(os.path.getsize(self.store))

    def go(self):
        wrong = [self.books_are_down, self.till_is_down, self.answers_are_lost, self.the_login_ends,
                 self.the_access_token_ends, self.a_file_is_edited, self.a_file_is_edited_badly,
                 self.it_is_stopped_and_started, self.it_is_killed]
        if self.disk.mounted:
            wrong.append(self.the_disk_fills)
        else:
            print("skipped the_disk_fills: a small file system cannot be mounted here", flush=True)
        order = []
        for day in range(self.days):
            self.sell()
            if day % 3 == 1:
                order = order or self.chance.sample(wrong, len(wrong))
                order.pop()()
            self.hours(24)
            self.log_in_again()
            assert self.run.poll() is None, open(self.log).read()[-2000:]
            if day % 10 == 9:
                self.settle()
                self.measure()

    def settle(self):
        sold = len(self.shop.orders())
        until(lambda: self.quiet(sold))

    def quiet(self, sold):
        """So many orders are read, and nothing is under way."""
        self.clock.move(HOUR)
        time.sleep(0.1)
        self.log_in_again()
        rows = self.rows()
        # a level of stock waits as long as an order of its article is parked
        return rows and rows["orders"]["read"] >= sold and all(not row["pending"] and (not row["waiting"] or name == "stock")
                            for name, row in rows.items() if row["enabled"])

    def close(self):
        for name in ("LD_PRELOAD", "KOPPEL_TEST_CLOCK"):
            os.environ.pop(name, None)
        if self.run.poll() is None:
            self.run.send_signal(signal.SIGTERM)
            self.run.wait(30)
        self.shop.close()
        self.disk.end()


def everything_is_booked_once(year):
    shop = year.shop
    sums = shop.reconcile()
    parked = shop.jobs("parked")
    assert not sums["double"] and not sums["different"] and not sums["unexpected"], sums
    # a job knows its order by the number that the till gives it, the books by the reference that is printed
    waits = {job["key"] for job in parked if job["flow"] == "orders"}
    known = {order["reference"] for order in shop.orders() if order["id"] in waits}
    assert len(known) == len(waits), (known, waits)
    missing = set(sums["missing"]) - known
    assert not missing, (missing, parked)
    print(f"  {sums['documents']} documents, {len(parked)} parked, {len(sums['missing'])} of them missing, "
          f"{', '.join(sorted(set(year.met)))}")


def the_store_has_the_size_that_retention_promises(year):
    report = {}

    def nothing_is_old():
        year.clock.move(HOUR // 12)  # the keeper looks once an hour
        report.update(json.loads(year.shop.run("keep", "--json", "--plan").stdout))
        return report["old"]["contents"] == 0
    try:
        until(nothing_is_old)
    except AssertionError:
        print(f"  {report}", flush=True)
        raise
    if year.days >= 120:
        third = len(year.sizes) // 3
        assert year.sizes[-1] < year.sizes[third] * 2, year.sizes
        assert year.memory[-1] < year.memory[third] * 1.5, year.memory
    print(f"  store {year.sizes[0] >> 10} to {year.sizes[-1] >> 10} KiB, memory {year.memory[0]} to {year.memory[-1]} KiB")


def told(year):
    """(rule's words, "opened", "still" or "over", text) of each message about a system or its login, in their order."""
    found, sent = [], set()
    for body in year.web.bodies():
        title, first = body["title"], body["message"].split("\n")[0]  # since when
        if (title, first) in sent:
            continue  # sent again, as the clock went on and nobody saw the answer of the first time
        sent.add((title, first))
        title = re.sub(r"^\[Koppel \w+\] ", "", title)
        title = re.sub(r" \((and \d+ more|came back, .*)\)$", "", title)
        what = "over" if title.startswith("Over: ") else "still" if title.startswith("Still open: ") else "opened"
        words = re.sub(r"^(Over|Still open): ", "", title)
        if re.match(r"(till|books) (does not answer|refuses the login)", words):
            found.append((words, what, body["message"]))
    return found


def all_are_over(year):
    """Something was told, and of each the last word is that it is over. A look comes a second behind the one before."""
    year.clock.move(HOUR // 12)
    time.sleep(0.1)
    last = {words: what for words, what, _ in told(year) if what != "still"}
    return last and set(last.values()) == {"over"}


def every_interruption_is_told_once_and_its_end_too(year):
    try:
        until(lambda: all_are_over(year))
    except AssertionError:
        print(f"  {[what['title'] for what in year.web.bodies()]}", flush=True)
        raise
    messages = told(year)
    for words in {words for words, _, _ in messages}:
        turns = [(what, text) for one, what, text in messages if one == words and what != "still"]
        assert turns[0][0] == "opened" and turns[-1][0] == "over", (words, turns)
        for one, following in zip(turns, turns[1:]):
            assert one[0] != following[0], (words, one, following)
    print(f"  told: {len(year.web.bodies())} messages, {sum(what == 'opened' for _, what, _ in messages)} of systems and log-ins")
    down, up = year.events("down"), year.events("up")
    assert down, "no peer went down"
    for connection in {line["connection"] for line in down}:
        turns = [line for line in sorted(down + up + year.events("start"), key=lambda line: line["time"])
                 if line.get("connection") in (connection, None)]
        for one, following in zip(turns, turns[1:]):
            assert not one["event"] == following["event"] == "down", (one, following)


def y_a_year_of_a_shop():
    print(f"  seed {SEED}, {DAYS} days", flush=True)
    year = Year(DAYS, SEED)
    try:
        year.go()
        year.settle()
        everything_is_booked_once(year)
        every_interruption_is_told_once_and_its_end_too(year)
        the_store_has_the_size_that_retention_promises(year)
    finally:
        year.close()


if __name__ == "__main__":
    main([y_a_year_of_a_shop])
