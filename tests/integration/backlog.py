#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A backlog several times as large takes no more memory, and other flows keep their cadence while it is worked
off. KOPPEL_BACKLOG=100000 runs it at full size, against a tenth of that."""
import os
import re
import time

from koppeltest import KOPPEL, Shop, main
from metrics import free_port, is_there, of, scrape
from serve import stop, until

MANY = int(os.environ.get("KOPPEL_BACKLOG", "20000"))
# stock levels are no such flow: they wait for the sales of the backlog, or the till would sell twice
OTHERS = ("customers", "products")


def peak(run):
    """The most memory that the program ever held, in KiB."""
    return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{run.pid}/status").read())[1])


def work_off(n):
    """(KiB at the most, runs of the others meanwhile, seconds) of a backlog of n orders, from a new store."""
    shop, port = Shop("--orders", str(n), "--relations", "60", "--articles", "40", "--catalogue", "35"), free_port()
    shop.enable(*OTHERS)
    for flow in OTHERS:
        path = f"{shop.conf}/flows.d/{flow}.conf"
        text = open(path).read()
        shop.write(f"flows.d/{flow}.conf", re.sub(r'every = "\w+";', 'every = "1s";', text))
    shop.write("koppel.conf", f'metrics = {{ listen = "127.0.0.1:{port}"; }};\n')
    began = time.monotonic()
    run = shop.start("serve")
    until(lambda: is_there(port))
    asked = 0

    def is_done():
        nonlocal asked
        asked += 1
        found, _ = scrape(port)
        return (of(found, "koppel_records_read_total", flow="orders") == n
                and of(found, "koppel_backlog_records", flow="orders") == 0
                and of(found, "koppel_flow_runs_total", flow="orders") > 0)

    until(is_done, 60 + n // 50)
    took = time.monotonic() - began
    found, _ = scrape(port)
    most = peak(run)
    runs = {flow: of(found, "koppel_flow_runs_total", flow=flow, outcome="complete") for flow in OTHERS}
    parked = of(found, "koppel_records_parked", flow="orders")
    settled = of(found, "koppel_records_settled_total", flow="orders")
    assert settled + parked + of(found, "koppel_records_waiting", flow="orders") == n, "each has an end"
    stop(run)
    report = shop.reconcile()
    assert report["agree"], report
    print(f"  {n} orders in {took:.1f} s ({n / took:.0f} a second), {most / 1024:.1f} MiB at the most, "
          f"runs meanwhile: {runs}, asked {asked} times", flush=True)
    shop.close()
    return most, runs, took


def x14_a_larger_backlog_takes_the_same_memory():
    few, _, _ = work_off(max(MANY // 10, 5000))
    most, runs, took = work_off(MANY)
    print(f"  memory: {most / few:.2f} times as much", flush=True)
    # a sanitizer keeps what was freed for a while
    with open(KOPPEL, "rb") as program:
        sanitized = re.search(rb"__[at]san_init", program.read())
    assert sanitized or most < 1.5 * few, (most, few)
    # an interval of a second: a run whose turn had to wait for the backlog would come once, in the end
    for flow in OTHERS:
        assert runs[flow] >= max(3, took / 10), (flow, runs, took)


if __name__ == "__main__":
    main([x14_a_larger_backlog_takes_the_same_memory])
