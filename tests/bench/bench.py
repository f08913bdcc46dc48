#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the order flow end to end against the sandbox; prints, asserts nothing.

Orders per second, requests per order, CPU time and peak memory of the engine, at several sizes and
latencies. The share of the engine is its CPU time over the time the run took, on all cores together."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "integration"))
from koppeltest import KOPPEL, Shop  # noqa: E402


def measure(orders, latency, concurrency):
    shop = Shop("--orders", str(orders), "--latency-ms", str(latency), concurrency=concurrency)
    began = time.time()
    run = subprocess.Popen(["/usr/bin/env", KOPPEL, "sync", "orders", "--json"], env=shop.env,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(run.pid, 0)
    took = time.time() - began
    cpu = usage.ru_utime + usage.ru_stime
    requests = sum(shop.stats(shop.books).values()) + sum(shop.stats(shop.till).values())
    agree = shop.reconcile()["agree"]
    print(f"{orders:7d} orders {latency:3d} ms latency, {concurrency} at a time: {orders / took:8.0f} orders/s, "
          f"{requests / orders:5.2f} requests per order, engine CPU {cpu * 10000 / orders:6.2f} s per 10,000 orders, "
          f"share {cpu / took:4.2f} cores, peak {usage.ru_maxrss / 1024:5.0f} MiB, reconciled: {agree}", flush=True)
    shop.close()


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [1000, 10000]
    for size in sizes:
        measure(size, 0, 8)
    measure(sizes[0], 50, 8)
