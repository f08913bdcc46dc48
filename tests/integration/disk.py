#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A disk that fills: reading stops before, what was read is delivered, and where it is full all the same nothing
is lost or made twice. The store is on a small file system of its own."""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from koppeltest import Shop, http, log_lines, main
from metrics import free_port, get, of, scrape
from serve import served, stop, until


ROUNDS = int(os.environ.get("KOPPEL_ROUNDS", "8"))


class Disk:
    """A file system of so many MiB."""

    def __init__(self, mib):
        self.path = tempfile.mkdtemp(prefix="koppel-disk-")
        self.filler = os.path.join(self.path, "filler")
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", self.path], capture_output=True)
        self.mounted = done.returncode == 0

    def free(self):
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave=0):
        """Takes all but so many bytes; 0: every block."""
        with open(self.filler, "ab", buffering=0) as f:
            try:
                while self.free() > leave:
                    f.write(b"\0" * min(65536, max(512, self.free() - leave)))
            except OSError:
                pass

    def empty(self):
        if os.path.exists(self.filler):
            os.unlink(self.filler)

    def end(self):
        subprocess.run(["umount", "-l", self.path], capture_output=True)
        os.rmdir(self.path)


def on_disk(disk, free_mb, *flows):
    """A shop whose store is there, and the port of its metrics."""
    shop, port = served(*flows), free_port()
    shop.write("koppel.conf", f'store = {{ path = "{disk.path}/koppel.db"; }};\nkeep = {{ free_mb = {free_mb}; }};\n'
               f'metrics = {{ listen = "127.0.0.1:{port}"; }};\n')
    shop.login()
    return shop, port


def status(shop, flow):
    return next(row for row in map(json.loads, shop.run("status", "--json", ok=None).stdout.splitlines())
                if row.get("flow") == flow)


def add(shop, n):
    http(f"{shop.till}/_sandbox/add-orders?n={n}", "", "POST")


def all_is_booked(shop, flow="orders"):
    row = status(shop, flow)
    return row["pending"] == 0 and row["waiting"] == 0 and row["read"] == len(shop.orders())


def reading_stops_before_the_disk_is_full(disk):
    shop, port = on_disk(disk, 40, "orders", "stock")
    run = shop.start("serve")
    until(lambda: all_is_booked(shop))
    # ten are read while the books are away
    shop.trouble({"do": "status", "status": 503, "times": "all"})
    add(shop, 10)
    until(lambda: status(shop, "orders")["read"] == 50)
    done = status(shop, "orders")["done"]
    disk.fill(30 << 20)
    until(lambda: get(port, "/ready")[1].startswith("disk.low: "))
    add(shop, 10)
    shop.trouble()
    # deliveries go on, reading does not
    until(lambda: status(shop, "orders")["pending"] == 0, 90)
    assert status(shop, "orders")["done"] > done
    until(lambda: (status(shop, "orders")["last_error"] or {}).get("reason") == "disk.low")
    assert status(shop, "orders")["read"] == 50, status(shop, "orders")
    assert status(shop, "orders")["paused"] is None, "nobody has to resume it"
    # stock levels would be wrong without the sales that are not read: they are held, and not read for them
    until(lambda: (status(shop, "stock")["last_error"] or {}).get("reason") == "disk.low")
    assert shop.run("status", ok=None).stdout.count("disk") > 0, "a person sees it"
    found, _ = scrape(port)
    assert found["koppel_reading_stopped"][()] == 1 and of(found, "koppel_flow_last_run_failed", flow="orders") == 1
    assert get(port, "/live")[0] == 200
    # a little more is not enough, so that it does not stop and go on with every record
    disk.empty()
    disk.fill(41 << 20)
    time.sleep(1.5)
    assert get(port, "/ready")[0] == 503 and status(shop, "orders")["read"] == 50
    disk.empty()
    until(lambda: all_is_booked(shop))
    until(lambda: get(port, "/ready")[0] == 200)
    until(lambda: not status(shop, "stock")["failing"])
    assert not [job for job in shop.jobs("parked", "stock") if job["reason"] != "article.missing"]
    assert scrape(port)[0]["koppel_reading_stopped"][()] == 0
    log = log_lines(stop(run))
    told = [(line["level"], line.get("reason", "")) for line in log if line["event"] == "disk"]
    assert told == [("error", "disk.low"), ("info", "")], told
    failed = [line["flow"] for line in log if line["event"] == "failed" and line["reason"] == "disk.low"]
    assert sorted(failed) == ["orders", "stock"], log
    assert shop.reconcile()["agree"]
    shop.close()


def a_run_by_hand_says_so(disk):
    shop, _ = on_disk(disk, 1000, "orders")
    done = shop.run("sync", "orders", "--json", "--wait", "5", ok=(2,))
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["read"] == 0 and report["error"]["reason"] == "disk.low", report
    assert "make room" in done.stderr, done.stderr
    shop.write("koppel.conf", f'store = {{ path = "{disk.path}/koppel.db"; }};\nkeep = {{ free_mb = 0; }};\n')
    assert shop.sync()["read"] == 40
    assert shop.reconcile()["agree"]
    shop.close()


def a_full_disk_loses_and_doubles_nothing(disk):
    seed = int(os.environ.get("KOPPEL_SEED", random.SystemRandom().randrange(1 << 30)))
    print(f"  seed {seed}", flush=True)
    dice = random.Random(seed)
    shop, port = on_disk(disk, 0, "orders")
    run = shop.start("serve")
    until(lambda: all_is_booked(shop))
    for _ in range(ROUNDS):
        if dice.random() < 0.3:
            disk.fill()
        add(shop, 25)
        time.sleep(dice.random() * 0.3)
        disk.fill()
        time.sleep(0.3 + dice.random())
        disk.empty()
        if dice.random() < 0.5:
            until(lambda: all_is_booked(shop), 60)
    disk.fill()
    add(shop, 5)
    until(lambda: get(port, "/ready")[1].startswith("store.full: "))
    assert run.poll() is None, "it goes on"
    disk.empty()
    until(lambda: all_is_booked(shop), 90)
    until(lambda: get(port, "/ready")[0] == 200)
    row = status(shop, "orders")
    assert row["paused"] is None, row
    assert not [j for j in shop.jobs("parked") if j["reason"] not in PARKED], shop.jobs("parked")
    log = log_lines(stop(run))
    assert [line for line in log if "the disk is full" in line["msg"]], log
    assert not [line for line in log if line["event"] == "paused"], log
    assert shop.reconcile()["agree"], shop.reconcile()
    shop.run("check")
    shop.close()


# what the sandbox's own orders park for, full disk or not
PARKED = {"article.missing", "customer.key", "map.unmapped", "customer.ambiguous"}


def on(mib, test):
    def run():
        disk = Disk(mib)
        try:
            test(disk)
        finally:
            for shop in list(Shop.running):
                shop.close()
            disk.end()
    run.__name__ = test.__name__
    return run


def a_flow_rests_while_the_disk_is_full(disk):
    """Its waiting jobs are as due as they were; it does not begin again and again for that."""
    shop, _ = on_disk(disk, 8, "orders", "stock")
    run = shop.start("serve")
    until(lambda: all_is_booked(shop) and status(shop, "stock")["waiting"])
    disk.fill()
    add(shop, 3)
    time.sleep(4)
    disk.empty()
    until(lambda: all_is_booked(shop))
    until(lambda: not status(shop, "stock")["failing"])
    lines = [line for line in log_lines(stop(run)) if line["event"] == "recovered" and line["flow"] == "stock"]
    assert not lines or int(lines[0]["count"]) < 40, lines
    shop.close()


if __name__ == "__main__":
    probe = Disk(1)
    probe.end()
    if not probe.mounted:
        print("skipped: a small file system cannot be mounted here (only root may)")
        sys.exit(77)
    main([on(96, reading_stops_before_the_disk_is_full), on(96, a_run_by_hand_says_so),
          on(60, a_flow_rests_while_the_disk_is_full),
          on(24 + 2 * ROUNDS, a_full_disk_loses_and_doubles_nothing)])
