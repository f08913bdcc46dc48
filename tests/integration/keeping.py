#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Retention: what was read and sent goes when it is old, the outcome stays, and nothing is booked again."""
import json
import time

from koppeltest import Shop, main, until
from serve import counts, stop


def keep(shop, ages):
    shop.write("koppel.conf", f"keep = {{ {ages} }};\n")


def asked(shop, *args):
    return json.loads(shop.run("keep", "--json", *args).stdout)


def settled(shop, flow="orders"):
    return shop.jobs("done", flow) + shop.jobs("skipped", flow)


def erased(shop, job):
    found = shop.activity(job)
    return found["source"] is None and not any(a.get("steps") for a in found["attempts"])


def y7_x9_old_contents_go_and_outcomes_stay():
    shop = Shop("--orders", "30")
    report = shop.sync()
    assert report["done"] > 20, report
    jobs = settled(shop)
    parked = shop.jobs("parked")
    assert asked(shop)["old"]["contents"] == 0
    assert not erased(shop, jobs[0]["job"])
    keep(shop, 'payloads = "1s"; skipped = "1s"; rows = "400d";')
    time.sleep(1.1)
    plan = asked(shop, "--plan")
    assert plan["old"]["contents"] == len(jobs) and plan["old"]["rows"] == 0, plan
    assert plan["ages"]["payloads"] == 1000 and plan["ages"]["rows"] == 400 * 86400000, plan
    assert not erased(shop, jobs[0]["job"]), "a plan erases nothing"
    text = shop.run("keep").stdout
    assert f"the contents of {len(jobs)} jobs" in text and "payloads 1s" in text, text
    done = asked(shop, "--now")
    assert done["erased"]["contents"] == len(jobs), (done, plan)
    assert done["erased"]["bytes"] == plan["old"]["bytes"] > 0
    assert done["store"]["log"] == 0
    for job in jobs:
        assert erased(shop, job["job"]), job
    assert [j["job"] for j in settled(shop)] == [j["job"] for j in jobs]
    assert {j["job"]: j["remote_id"] for j in settled(shop)} == {j["job"]: j["remote_id"] for j in jobs}
    for job in parked:
        assert not erased(shop, job["job"]), "what waits for a person is kept"
    assert shop.run("keep", "--plan", "--now", ok=None).returncode == 64
    # what is known of each record stands: nothing is made twice, and a change is one
    books = len(shop.invoices())
    again = shop.sync()
    assert (again["read"], again["done"]) == (report["read"], report["done"]), again
    assert len(shop.invoices()) == books
    assert shop.reconcile()["agree"]


def y7_serve_erases_by_itself():
    shop = Shop("--orders", "20")
    shop.replace("flows.d/orders.conf", 'every = "', 'every = "1s"; # "')
    keep(shop, 'payloads = "2s"; skipped = "2s"; rows = "4s";')
    run = shop.start("serve")
    until(lambda: counts(shop, "orders")["done"] > 10 and counts(shop, "orders")["pending"] == 0)
    before = counts(shop, "orders")
    until(lambda: not settled(shop))
    after = counts(shop, "orders")
    assert before["done"] == after["done"] and before["read"] == after["read"], (before, after)
    log = stop(run)
    lines = [line for line in log.splitlines() if "event=erased" in line]
    assert lines and len(lines) < 10, log
    assert "older than its age" in lines[0], lines
    assert shop.reconcile()["agree"]
    shop.close()


if __name__ == "__main__":
    main([y7_x9_old_contents_go_and_outcomes_stay, y7_serve_erases_by_itself])
