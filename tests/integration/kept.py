#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Comparisons that are kept, the audit with its filters, and what a maintainer is given."""
import csv
import io
import json
import os
import re

from koppeltest import Shop, http, main, until
from reconciling import YEAR, change, compare, good_days, in_period, remove, shop_of
from rowstest import Engine

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")


def x10_a_comparison_is_kept_and_found_again():
    shop = shop_of()
    period = good_days(shop)
    remove(shop, in_period(shop, period)[0])
    first = compare(shop, *period, ok=(1,))
    second = compare(shop, *YEAR, ok=(1,))
    assert second["number"] == first["number"] + 1, (first["number"], second["number"])
    rows = [json.loads(one) for one in shop.run("reconcile", "orders", "--json").stdout.splitlines()]
    assert [row["number"] for row in rows] == [second["number"], first["number"]], rows
    assert rows[1]["counts"] == first["counts"] and rows[1]["source"] == first["source"] and rows[1]["how"] == "cli"
    again = json.loads(shop.run("reconcile", "orders", "--id", str(first["number"]), "--json", ok=(1,)).stdout)
    assert {name: again[name] for name in first} == first, "the report is as it was"
    table = shop.run("reconcile", "orders").stdout
    assert "DIFFERENCES" in table and period[1] in table, table
    shop.run("reconcile", "orders", "--id", "99", ok=(64,))
    shop.run("reconcile", "orders", "--id", "x", ok=(64,))
    shop.run("reconcile", "orders", "--queue", ok=(64,))
    shop.close()


def s14_a_kept_table_holds_no_formula():
    shop = shop_of()
    some = shop.invoices()
    for n, text in enumerate(("=1+1", "+1", "@SUM(A1)", "\tx")):
        change(shop, some[n], twice=True, description=text)
    engine = Engine(shop.conf, shop.env)
    report = engine.ask("reconcile", flow="orders", **{"from": YEAR[1], "to": YEAR[3]})
    assert engine.told, "progress is told"
    sheet = engine.ask("reconcile.csv", number=report["number"])
    assert sheet["name"] == "reconcile-orders-2026-01-01-2026-12-31.csv"
    rows = list(csv.DictReader(io.StringIO(sheet["text"])))
    found = [row["reference"] for row in rows if row["what"] == "other"]
    assert sorted(found) == sorted(["'=1+1", "'+1", "'@SUM(A1)", "'\tx"]), found
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@\t\r" and cell]
    engine.refuses("ask.unknown", "reconcile.csv", number=report["number"] + 1)
    engine.refuses("ask.unknown", "reconcile.list", flow="nosuch")
    path = os.path.join(shop.conf, "flows.d/orders.conf")
    text = open(path).read()
    shop.write("flows.d/orders.conf", text.replace('name = "orders"', 'name = "sales"'))
    engine.ask("reload")
    assert len(engine.ask("reconcile.list", flow="orders")["results"]) == 1, "it is kept though its flow has another name now"
    shop.write("flows.d/orders.conf", text)
    engine.ask("reload")
    assert engine.ask("reconcile.list", flow="stock")["results"] == []
    engine.stop()
    shop.close()


def x10_what_is_missing_is_queued_from_a_kept_one():
    shop = shop_of()
    period = good_days(shop)
    lost = in_period(shop, period)[:2]
    for invoice in lost:
        remove(shop, invoice)
    engine = Engine(shop.conf, shop.env)
    number = engine.ask("reconcile", flow="orders", **{"from": period[1], "to": period[3]})["number"]
    keys = [row["key"] for row in engine.ask("reconcile.show", number=number)["missing"]]
    assert len(keys) == 2
    engine.ask("reconcile.queue", flow="orders", keys=keys, wait_ms=20000)
    after = engine.ask("reconcile", flow="orders", **{"from": period[1], "to": period[3]})
    assert after["differences"] == 0, after["counts"]
    engine.stop()
    shop.close()


def the_audit_is_found_by_who_and_what():
    shop = Shop("--orders", "3", login=False)
    engine = Engine(shop.conf, shop.env)
    engine.ask("flows.pause", flow="orders", why="=cmd()")
    engine.ask("flows.resume", flow="orders")
    engine.ask("flows.pause", flow="orders", why="stock count")
    rows = engine.ask("audit.list", order="flows.pause")["entries"]
    assert [row["why"] for row in rows] == ["stock count", "=cmd()"], rows
    assert engine.ask("audit.list", who=rows[0]["who"], about="orders", limit=1)["entries"][0]["order"] == "flows.pause"
    assert engine.ask("audit.list", who="nobody")["entries"] == []
    sheet = engine.ask("audit.csv", order="flows.pause")
    found = list(csv.DictReader(io.StringIO(sheet["text"])))
    assert sheet["count"] == 2 and [row["why"] for row in found] == ["stock count", "'=cmd()"], sheet
    engine.stop()
    shop.close()


def ages_are_changed_as_one():
    shop = Shop("--orders", "20", login=True)
    shop.sync(wait=60)
    engine = Engine(shop.conf, shop.env)
    before = open(shop.conf + "/koppel.conf").read()
    planned = engine.ask("retention.change", ages={"payloads": "1s", "skipped": "1s", "rows": "ever"}, plan=True)
    assert planned["saved"] and planned["old"]["contents"] >= 0 and open(shop.conf + "/koppel.conf").read() == before
    wrong = engine.ask("retention.change", ages={"rows": "1d", "payloads": "3d"})
    assert not wrong["saved"] and "longer" in wrong["mistakes"][0]["text"], wrong
    assert not engine.ask("retention.change", ages={"rows": "soon"})["saved"]
    engine.refuses("ask.unknown", "retention.change", ages={"row": "1d"})
    engine.refuses("ask.wrong", "retention.change", ages={"rows": 7})
    assert engine.ask("retention.change", ages={"payloads": "10d", "rows": "ever"}, why="law")["active"]
    ages = engine.ask("retention.plan")["ages"]
    assert ages["payloads"] == 10 * 86400000 and ages["rows"] is None, ages
    engine.stop()
    shop.close()


def a_person_is_exported_and_the_report_of_erasing_is_kept():
    shop = Shop("--orders", "40", "--relations", "30", "--articles", "30")
    shop.sync(wait=60)
    job = next(job for job in shop.jobs("done") if ADDRESS.search(json.dumps(shop.activity(job["job"])["source"])))
    email = ADDRESS.search(json.dumps(shop.activity(job["job"])["source"])).group()
    engine = Engine(shop.conf, shop.env)
    found = engine.ask("persons.find", email=email)
    whole = engine.ask("persons.export", email=email, whole=True)
    assert len(whole["exported"]) == whole["jobs"] == found["jobs"] > 0 and email in json.dumps(whole["exported"])
    assert not engine.told or "job" not in json.dumps(engine.told)
    report = engine.ask("persons.erase", email=email, why="asked")
    [kept] = engine.ask("persons.reports")["reports"]
    assert kept["number"] == report["report"] and kept["why"] == "asked" and email not in json.dumps(kept), kept
    engine.stop()
    shop.close()


def the_bundle_names_nobody():
    shop = Shop("--orders", "40", "--relations", "30", "--articles", "30")
    shop.sync(wait=60)
    shown = json.loads(shop.run("system", "--json").stdout)
    assert shown["serves"] is False and shown["started"] is None and shown["store"]["file"] > 0, shown
    assert "engine: none runs" in shop.run("system").stdout
    engine = Engine(shop.conf, shop.env)
    shown = engine.ask("system.show")
    assert shown["serves"] and not shown["safe"] and shown["started"] and shown["threads"] > 1, shown
    assert {"mpluskassa", "asperion"} <= {row["name"] for row in shown["plugins"]}
    text = engine.ask("system.bundle")["text"]
    bundle = json.loads(text)
    assert bundle["flows"] and bundle["causes"] and bundle["connections"] and bundle["files"], bundle
    people = [debtor for debtor in json.loads(http(shop.books + "/_sandbox/debtors"))["debtors"]]
    words = {str(one[name]) for one in people for name in one if "mail" in name.lower() or name in ("name", "companyName")}
    words = {one for one in words if len(one) > 3 and one != "None"}
    assert words, people[:1]
    assert not [word for word in words if word in text]
    for secret in (shop.info["mpluskassa"]["secret"], shop.info["asperion"]["client_secret"], "@"):
        assert secret not in text, secret
    assert shop.run("system", "bundle").stdout.startswith("{")
    engine.stop()
    shop.close()


def x10_both_are_compared_by_schedule():
    """A restart forgets no comparison and makes none twice; what differs opens an alert, what agrees ends it."""
    shop = shop_of()
    today = good_days(shop)[3]
    gone = [i for i in shop.invoices() if i["date"][:10] <= today][0]
    shop.replace("flows.d/orders.conf", 'name = "orders";', 'name = "orders";\nreconcile = { every = "2s"; days = 366; };')
    engine = Engine(shop.conf, shop.env)
    assert engine.ask("reconcile.list")["results"] == [], "the first one comes after its time"
    until(lambda: engine.ask("reconcile.list")["results"])
    [row] = engine.ask("reconcile.list", limit=1)["results"]
    assert row["who"] == "koppel" and row["how"] == "schedule" and row["flow"] == "orders", row
    remove(shop, gone)
    until(lambda: engine.ask("reconcile.list", limit=1)["results"][0]["differences"] > row["differences"])
    until(lambda: any(a["rule"] == "reconcile.difference" for a in engine.ask("alerts.list")["alerts"]))
    engine.stop()
    last = json.loads(shop.run("reconcile", "orders", "--limit", "1", "--json").stdout)["number"]
    shop.replace("flows.d/orders.conf", 'every = "2s"; days', 'every = "1d"; days')
    engine = Engine(shop.conf, shop.env)
    shop.trouble({"do": "status", "status": 500, "on": "GET /v1/salesinvoices", "times": "all"})
    assert engine.ask("reconcile.list", limit=1)["results"][0]["number"] == last
    shop.replace("flows.d/orders.conf", 'every = "1d"; days', 'every = "1s"; days')
    engine.ask("reload")
    until(lambda: "could not be compared" in engine.said())
    assert engine.ask("reconcile.list", limit=1)["results"][0]["number"] == last, "a side that fails is no result"
    engine.stop()
    shop.close()


if __name__ == "__main__":
    main([x10_a_comparison_is_kept_and_found_again, s14_a_kept_table_holds_no_formula,
          x10_what_is_missing_is_queued_from_a_kept_one, x10_both_are_compared_by_schedule, the_audit_is_found_by_who_and_what, ages_are_changed_as_one,
          a_person_is_exported_and_the_report_of_erasing_is_kept,
          the_bundle_names_nobody])
