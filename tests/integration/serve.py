#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel serve: every enabled flow at its own interval, side by side, until it is told to stop."""
import json
import re
import signal
import time

from koppeltest import Shop, http, main, until

FLOWS = ("orders", "customers", "products", "stock", "day-totals")


def served(*flows):
    shop = Shop("--orders", "40", "--relations", "30", "--articles", "30", "--receipts", "60", "--catalogue", "35")
    shop.enable(*[flow for flow in flows if flow != "orders"])
    for flow in flows:
        text = open(f"{shop.conf}/flows.d/{flow}.conf").read()
        shop.write(f"flows.d/{flow}.conf", re.sub(r'every = "\w+";', 'every = "1s";', text))
    return shop


def counts(shop, flow):
    lines = shop.run("status", "--json", ok=(0, 1)).stdout.splitlines()
    return next(row for row in map(json.loads, lines) if row.get("flow") == flow)


def stop(run):
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=20)
    assert run.returncode == 0, (run.returncode, out, err)
    return err


def all_flows_run_side_by_side_and_go_on():
    shop = served(*FLOWS)
    run = shop.start("serve")
    until(lambda: all(counts(shop, flow)["done"] > 0 and counts(shop, flow)["pending"] == 0 for flow in FLOWS))
    before = counts(shop, "orders")["done"]
    http(shop.till + "/_sandbox/add-orders?n=5", "", "POST")
    until(lambda: counts(shop, "orders")["read"] == 45 and counts(shop, "orders")["pending"] == 0)
    assert counts(shop, "orders")["done"] > before
    stop(run)
    assert shop.reconcile()["agree"], shop.reconcile()
    shop.close()


def a_pause_while_it_serves_takes_effect():
    shop = served("orders")
    run = shop.start("serve")
    until(lambda: counts(shop, "orders")["pending"] == 0 and counts(shop, "orders")["done"] > 30)
    shop.run("pause", "orders")
    until(lambda: counts(shop, "orders")["state"] == "paused")
    http(shop.till + "/_sandbox/add-orders?n=3", "", "POST")
    time.sleep(2.5)
    assert counts(shop, "orders")["read"] == 40, "nothing new starts"
    shop.run("resume", "orders")
    until(lambda: counts(shop, "orders")["read"] == 43 and counts(shop, "orders")["pending"] == 0)
    stop(run)
    shop.close()


if __name__ == "__main__":
    main([all_flows_run_side_by_side_and_go_on, a_pause_while_it_serves_takes_effect])
