#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the flows end to end against the sandbox; prints, asserts nothing.

bench.py [SIZE...]          the order flow at these sizes, and the other flows at theirs
bench.py FLOW [SIZE]        one flow

Per flow: records per second, requests, CPU time and peak memory of the engine. The share of the engine is its
CPU time over the time the run took, on all cores together. The sandbox runs on the same machine."""
import glob
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "integration"))
from koppeltest import KOPPEL, SRC, Shop, http  # noqa: E402

# Runs a command in a process of its own: a peak of memory is inherited, so whoever starts it must be small.
RUN = """
import json, os, subprocess, sys, time
began = time.time()
run = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(run.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), time.time() - began, usage.ru_utime + usage.ru_stime,
                  usage.ru_maxrss]))
"""


class Absent(Exception):
    """The flow is not in this checkout."""


class Bench(Shop):
    """A shop whose configuration holds one flow only."""

    def __init__(self, flow, *args, latency=0):
        self.flow = flow
        super().__init__(*args, "--latency-ms", str(latency), login=False)
        example = os.path.join(SRC, "conf", "example", "flows.d", flow + ".conf")
        if not os.path.exists(example):
            raise Absent("no conf/example/flows.d/" + flow + ".conf")
        for name in glob.glob(os.path.join(self.conf, "flows.d", "*.conf")):
            os.unlink(name)
        self.write("flows.d/" + flow + ".conf", open(example).read().replace("enabled = false;", ""))
        check = self.run("check", ok=None)
        if check.returncode != 0:
            raise Absent((check.stderr.splitlines() or ["koppel check fails"])[0])
        self.login()

    def measured(self):
        """One run: its counts, seconds, requests per service, CPU seconds, and peak memory in MiB."""
        before = self.stats(self.till), self.stats(self.books)
        run = subprocess.run([sys.executable, "-c", RUN, KOPPEL, "sync", self.flow, "--json"], env=self.env,
                             capture_output=True, text=True, check=True)
        lines = run.stdout.splitlines()
        code, took, cpu, peak = json.loads(lines[-1])
        counts = json.loads(lines[-2]) if len(lines) > 1 else {}
        after = self.stats(self.till), self.stats(self.books)
        made = [{name: n - was.get(name, 0) for name, n in now.items() if n > was.get(name, 0)}
                for was, now in zip(before, after)]
        return {"counts": counts, "took": took, "till": made[0], "books": made[1], "cpu": cpu,
                "peak": peak / 1024, "code": code}


def requests(made):
    return sum(made.values())


def describe(made):
    return ", ".join(f"{n} {name}" for name, n in sorted(made.items(), key=lambda pair: -pair[1])[:4]) or "none"


def say(what, records, m):
    all_requests = requests(m["till"]) + requests(m["books"])
    print(f"{what}: {m['took']:6.2f} s, {records / m['took']:8.0f} records/s, {all_requests} requests "
          f"(till: {describe(m['till'])}; books: {describe(m['books'])}), done {m['counts'].get('done', 0)}, "
          f"parked {m['counts'].get('parked', 0)}, engine CPU {m['cpu']:5.2f} s "
          f"({m['cpu'] / m['took']:4.2f} cores), peak {m['peak']:4.0f} MiB, exit {m['code']}", flush=True)
    for reason in [r for r in m["counts"].get("reasons", []) if r["state"] == "parked"][:3]:
        print(f"    {reason['count']} parked: {reason['reason']}", flush=True)


def orders(size=10000, latency=0):
    shop = Bench("orders", "--orders", str(size), latency=latency)
    m = shop.measured()
    agree = shop.reconcile()["agree"]
    made = requests(m["till"]) + requests(m["books"])
    print(f"{size:7d} orders {latency:3d} ms latency, 8 at a time: {size / m['took']:8.0f} orders/s, "
          f"{made / size:5.2f} requests per order, engine CPU {m['cpu'] * 10000 / size:6.2f} s per 10,000 orders, "
          f"share {m['cpu'] / m['took']:4.2f} cores, peak {m['peak']:5.0f} MiB, reconciled: {agree}", flush=True)
    shop.close()


def stock(size=50000, latency=0, changed=500):
    """Everything once, then what changed, then nothing."""
    shop = Bench("stock", "--orders", "0", "--articles", str(size), latency=latency)  # both sides have them
    say(f"stock {latency:2d} ms, {size} levels for the first time", size, shop.measured())
    articles = json.loads(http(shop.books + "/_sandbox/articles"))["articles"]
    plain = [a for a in articles if a.get("articleNumber", "").isdigit()][-changed:]
    for i, article in enumerate(plain):
        http(f"{shop.books}/_sandbox/articles/{article['articleNumber']}", json.dumps({"currentStock": str(1000 + i)}))
    say(f"stock {latency:2d} ms, {size} levels of which {changed} changed", size, shop.measured())
    say(f"stock {latency:2d} ms, {size} levels, nothing changed", size, shop.measured())
    shop.close()


def products(size=20000, latency=0):
    shop = Bench("products", "--orders", "0", "--articles", "100", "--catalogue", str(size), latency=latency)
    say(f"products {latency:2d} ms, {size} articles for the first time", size, shop.measured())
    say(f"products {latency:2d} ms, {size} articles, nothing changed", size, shop.measured())
    shop.close()


def customers(size=10000, latency=0):
    shop = Bench("customers", "--orders", "0", "--relations", str(size), latency=latency)
    say(f"customers {latency:2d} ms, {size} relations for the first time", size, shop.measured())
    say(f"customers {latency:2d} ms, nothing changed", size, shop.measured())
    shop.close()


FLOWS = {flow.__name__: flow for flow in (orders, stock, products, customers)}


def attempt(flow, *args, **more):
    try:
        flow(*args, **more)
    except Absent as why:
        print(f"{flow.__name__}: absent in this checkout ({why})", flush=True)
    for shop in list(Shop.running):
        shop.close()


if __name__ == "__main__":
    words = sys.argv[1:]
    if words and words[0] in FLOWS:
        sizes = [int(word) for word in words[1:]] or [None]
        for size in sizes:
            attempt(FLOWS[words[0]], *([size] if size else []))
    elif not all(word.isdigit() for word in words):
        sys.exit(__doc__)
    else:
        sizes = [int(word) for word in words] or [1000, 10000]
        for size in sizes:
            attempt(orders, size)
        attempt(orders, sizes[0], latency=50)
        for flow in (stock, products, customers):
            attempt(flow)
        attempt(stock, latency=50)
