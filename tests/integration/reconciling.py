#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""koppel reconcile: what both systems have of a period, held against what the sandbox itself says."""
import csv
import io
import json
import os
import signal
import time
from collections import Counter, defaultdict
from decimal import Decimal

import quotes
import to_till
from koppeltest import Shop, http, main
from reconcile import money, shop_for, shown

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")
NONE = {"missing": 0, "double": 0, "different": 0, "outside": 0, "unreadable": 0, "under_way": 0, "others": 0}


def shop_of(orders=40, sync=True):
    shop = Shop("--orders", str(orders), "--relations", "20", "--articles", "20")
    if sync:
        shop.sync(wait=60)
    return shop


def compare(shop, *args, flow="orders", ok=(0,)):
    done = shop.run("reconcile", flow, "--json", *args, ok=ok)
    return json.loads(done.stdout.splitlines()[0])


def good_days(shop):
    """A period without the orders that a person has to see to: some days behind the last of them."""
    parked = {job["key"] for job in shop.jobs("parked")}
    last = max(o["date"] for o in shop.orders() if o["id"] in parked)
    days = sorted(o["date"] for o in shop.orders() if o["date"] > last)
    assert len(days) > 10, days
    return "--from", days[0], "--to", days[-1]


def only(report, **counts):
    """These differences, and no others."""
    found = {name: report["counts"][name] for name in NONE}
    assert found == dict(NONE, **counts), found
    assert report["differences"] == sum(n for name, n in counts.items() if name not in ("others", "under_way"))


def in_period(shop, period):
    return [i for i in shop.invoices() if period[1] <= i["date"][:10] <= period[3]]


def change(shop, invoice, **what):
    http(f"{shop.books}/_sandbox/invoices/{invoice['id']}", json.dumps(what))


def remove(shop, invoice):
    http(f"{shop.books}/_sandbox/invoices/{invoice['id']}", method="DELETE")


def x10_nothing_differs():
    shop = shop_of()
    period = good_days(shop)
    report = compare(shop, *period)
    only(report)
    assert report["source"]["count"] == report["destination"]["count"] == len(in_period(shop, period)) > 10
    assert all(row["same"] for rows in ("days", "vat", "payments") for row in report[rows])
    assert "equal to the cent" in shop.run("reconcile", "orders", *period).stdout
    shop.close()


def x10_what_is_missing_is_brought_back_once():
    shop = shop_of()
    period = good_days(shop)
    lost = in_period(shop, period)[:2]
    before = Counter(i["description"] for i in shop.invoices())
    for invoice in lost:
        remove(shop, invoice)
    report = compare(shop, *period, ok=(1,))
    only(report, missing=2)
    assert {row["reference"] for row in report["missing"]} == {i["description"] for i in lost}
    assert all(row["state"] == "done" and row["job"] for row in report["missing"]), report["missing"]
    done = shop.run("reconcile", "orders", *period, "--queue", "--json", ok=(1,))
    row = json.loads(done.stdout.splitlines()[1])
    assert row["again"]["taken"] == 2 and row["again"]["over"], row
    assert Counter(i["description"] for i in shop.invoices()) == before
    only(compare(shop, *period))
    writes = len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"])
    shop.run("reconcile", "orders", *period, "--queue")
    shop.sync()
    assert len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"]) == writes, "nothing is left to bring"
    shop.close()


def x10_a_lost_answer_while_it_is_brought_back_makes_no_second_one():
    """Nor does a program that is killed in the middle of it."""
    shop = shop_of(80)
    period = good_days(shop)
    before = Counter(i["description"] for i in shop.invoices())
    for invoice in in_period(shop, period):
        remove(shop, invoice)
    shop.trouble({"do": "drop-answer", "on": "POST /v1/salesinvoices", "times": 3},
                 {"do": "wait", "on": "POST /v1/salesinvoices", "after_ms": 100, "times": "all"})
    run = shop.start("reconcile", "orders", *period, "--queue", "--wait", "20")
    end = time.time() + 20
    while len(in_period(shop, period)) < 5 and time.time() < end:
        time.sleep(0.05)
    run.kill()
    run.communicate()
    assert 5 <= len(in_period(shop, period)) < sum(before.values())
    shop.trouble({"do": "drop-answer", "on": "POST /v1/salesinvoices", "times": 2})
    shop.run("reconcile", "orders", *period, "--queue", "--wait", "30", ok=(0, 1))
    shop.trouble()
    shop.sync(wait=30)
    assert Counter(i["description"] for i in shop.invoices()) == before
    only(compare(shop, *period))
    shop.close()


def x10_a_double_a_cent_and_another_day():
    shop = shop_of()
    period = good_days(shop)
    twice, cent, day, beyond = in_period(shop, period)[2:6]
    change(shop, twice, twice=True)
    change(shop, cent, cents=1)
    report = compare(shop, *period, ok=(1,))
    only(report, double=1, different=1)
    assert report["double"][0]["reference"] == twice["description"] and len(report["double"][0]["ids"]) == 2
    row = report["different"][0]
    assert row["reference"] == cent["description"] and row["ids"] == [str(cent["id"])], row
    fields = {f["field"]: (f["source"], f["destination"]) for f in row["fields"]}
    incl = money(cent["amountInclVat"])
    assert fields["total incl."] == (str(incl.quantize(Decimal("0.01"))), str((incl + Decimal("0.01")).quantize(Decimal("0.01"))))
    change(shop, cent, cents=-1)
    change(shop, day, date=period[1])
    change(shop, beyond, date="2027-01-31")
    report = compare(shop, *period, ok=(1,))
    only(report, double=1, different=1, outside=1)
    assert [f["field"] for f in report["different"][0]["fields"]] == ["date"], report["different"]
    assert report["outside"][0]["destination_day"] == "2027-01-31", report["outside"]
    report = compare(shop, "--from", "2027-01-01", "--to", "2027-12-31", ok=(1,))
    only(report, outside=1)
    assert report["outside"][0]["source_day"] == beyond["date"][:10] and report["source"]["count"] == 0
    shop.close()


def x10_gaps_and_what_is_none_of_the_source():
    """An order that no list shows any more leaves a gap, and a document that nobody answers for."""
    shop = shop_of()
    period = good_days(shop)
    some = sorted(in_period(shop, period), key=lambda i: int(i["description"].rpartition("-")[2]))
    gone = some[len(some) // 2]
    order = next(o for o in shop.orders() if o["reference"] == gone["description"])
    shop.change(order["id"], hidden=True)
    change(shop, some[0], twice=True, description="Advies")
    report = compare(shop, *period)
    only(report, others=2)
    assert {o["reference"] for o in report["others"]} == {"Advies", gone["description"]}
    prefix, _, number = gone["description"].rpartition("-")
    assert report["gaps"]["numbers"] == [{"prefix": prefix + "-", "first": int(number), "last": int(number),
                                          "count": 1}], report["gaps"]
    assert report["gaps"]["markers"]["unseen"] >= 1
    shop.close()


def x10_totals_are_those_of_the_systems():
    """Per day, VAT code and payment method, against what the sandbox adds up by itself."""
    shop = shop_of(150)
    report = compare(shop, *YEAR, ok=(1,))
    books = shown(shop.books, "totals")["sales_invoices"]
    there = report["destination"]
    assert (there["count"], there["incl"], there["excl"]) == (books["count"], books["incl"], books["excl"])
    for row in report["vat"]:
        code = books["by_vat_code"].get(row["code"], {"excl": 0, "vat": 0})
        assert money(row["destination"]["excl"]) == money(code["excl"]), row
        assert money(row["destination"]["vat"]) == money(code["vat"]), row
    days, paid = defaultdict(lambda: [0, Decimal(0), Decimal(0)]), defaultdict(lambda: [0, Decimal(0)])
    for invoice in shown(shop.books, "invoices")["invoices"]:
        day = days[invoice["date"][:10]]
        day[0] += 1
        day[1] += money(invoice["amountInclVat"])
        day[2] += money(invoice["amountExclVat"])
        method = paid[str(invoice["paymentConditionId"])]
        method[0] += 1
        method[1] += money(invoice["amountInclVat"])
    for row in report["days"]:
        there = row["destination"]
        assert [there["count"], money(there["incl"]), money(there["excl"])] == days.pop(row["day"], [0, 0, 0]), row
    assert not days, days
    for row in report["payments"]:
        assert [row["destination"]["count"], money(row["destination"]["incl"])] == paid.pop(row["code"]), row
    assert not paid, paid
    # the till: what it says itself of every order that is neither cancelled nor open
    wanted = [o for o in shown(shop.till, "orders?full=1")["orders"] if o["state"] in ("paid", "delivered")]
    source = report["source"]
    assert source["count"] == len(wanted), (source, len(wanted))
    for name in ("incl", "excl"):
        assert money(source[name]) == sum(money(o[name]) for o in wanted), name
    days = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    for order in wanted:
        day = days[order["date"][:10]]
        day[0] += 1
        day[1] += money(order["incl"])
        day[2] += money(order["excl"])
    for row in report["days"]:
        source = row["source"]
        assert [source["count"], money(source["incl"]), money(source["excl"])] == days.pop(row["day"], [0, 0, 0]), row
    assert not days, days
    parked = {job["key"] for job in shop.jobs("parked")}
    assert {row["key"] for row in report["missing"]} == parked, "what is parked is missing, and says so"
    assert all(row["state"] == "parked" and row["reason"] for row in report["missing"])
    shop.close()


def x10_what_is_under_way_is_no_difference():
    shop = shop_of(60)
    period = good_days(shop)
    shop.close()
    shop = shop_of(60, sync=False)
    shop.trouble({"do": "wait", "on": "POST /v1/salesinvoices", "after_ms": 400, "times": "all"})
    run = shop.start("serve")
    seen, end = 0, time.time() + 60
    while time.time() < end:
        report = compare(shop, *period, ok=(0, 1))
        seen = max(seen, report["counts"]["under_way"])
        assert not report["counts"]["double"] and not report["counts"]["different"], report["counts"]
        if seen and not report["counts"]["under_way"] and not report["counts"]["missing"]:
            break
    assert seen, "nothing was under way"
    only(compare(shop, *period))
    run.send_signal(signal.SIGTERM)
    run.communicate(timeout=20)
    shop.close()


def x10_what_a_paused_flow_holds_is_missing():
    shop = shop_of(60)
    period = good_days(shop)
    shop.close()
    shop = shop_of(60, sync=False)
    shop.trouble({"do": "status", "status": 503, "writes": True, "on": "/v1/", "times": "all"})
    shop.run("sync", "orders", "--wait", "1", ok=(1, 2))
    shop.trouble()
    report = compare(shop, *period)
    count = report["counts"]["under_way"]
    only(report, under_way=count)
    assert count == report["source"]["count"] - report["destination"]["count"] > 5, report["counts"]
    shop.run("pause", "orders")
    report = compare(shop, *period, ok=(1,))
    only(report, missing=count)
    shop.run("resume", "orders")
    shop.sync(wait=60)
    only(compare(shop, *period))
    shop.close()


def x10_a_side_that_fails_half_way_is_an_error():
    shop = shop_of(450)
    for url, rule in ((shop.till, {"on": "getOrders", "do": "status", "status": 500, "skip": 1}),
                      (shop.till, {"on": "getOrders", "do": "truncate", "skip": 1}),
                      (shop.books, {"on": "GET /v1/salesinvoices", "do": "status", "status": 500, "skip": 2}),
                      (shop.books, {"on": "GET /v1/salesinvoices", "do": "garbage", "skip": 2}),
                      (shop.books, {"on": "GET /v1/salesinvoices", "do": "bend", "keep": 40, "skip": 1})):
        shop.trouble(dict(rule, times="all"), url=url)
        done = shop.run("reconcile", "orders", *YEAR, ok=(2,))
        assert not done.stdout and "koppel: " in done.stderr, done.stdout
        shop.trouble(url=url)
        time.sleep(1)
    shop.trouble({"on": "getOrders", "do": "status", "status": 503, "skip": 1, "times": 1}, url=shop.till)
    assert compare(shop, *YEAR, ok=(1,))["counts"]["missing"] == len(shop.jobs("parked")), "asked for again"
    shop.close()


def x10_formulas_in_csv_are_harmless():
    shop = shop_of()
    some = shop.invoices()
    for n, text in enumerate(("=1+1", "+1", "-1", "@SUM(A1)", 'a "b", c')):
        change(shop, some[n], twice=True, description=text)
    out = shop.run("reconcile", "orders", *YEAR, "--csv", ok=(1,)).stdout
    rows = list(csv.DictReader(io.StringIO(out)))
    others = [row["reference"] for row in rows if row["what"] == "other"]
    assert sorted(others) == sorted(["'=1+1", "'+1", "'-1", "'@SUM(A1)", 'a "b", c']), others
    amounts = [row for row in rows if row["what"] == "day" and row["field"] == "incl"]
    assert any(row["source"].startswith("-") for row in amounts), "an amount stays a number"
    report = compare(shop, *YEAR, ok=(1,))
    total = {row["field"]: (row["source"], row["destination"]) for row in rows if row["what"] == "total"}
    assert total["incl"] == (report["source"]["incl"], report["destination"]["incl"]), total
    assert len([r for r in rows if r["what"] == "missing"]) == report["counts"]["missing"] > 0
    shop.close()


def x10_other_documents_and_a_destination_without_a_list():
    for dest in ("sales-order", "financial-mutation"):
        shop = shop_for("order", dest, "--orders", "80")
        shop.replace("connections.d/books.conf", "settings = {", "settings = { price_places = 4;")
        shop.sync(wait=60)
        report = compare(shop, *YEAR, ok=(1,))
        parked = len(shop.jobs("parked"))
        only(report, missing=parked)
        kind = dest.replace("-", "_") + "s" if dest == "sales-order" else "journal_entries"
        books = shown(shop.books, "totals")[kind]
        assert report["destination"]["count"] == books["count"], (report["destination"], books)
        if dest == "sales-order":
            assert (report["destination"]["incl"], report["listed"]) == (books["incl"], True)
        else:
            assert not report["listed"]
            found = {row["code"]: money(row["destination"]["amount"]) for row in report["accounts"]}
            for account, amount in books["by_ledger_account"].items():
                assert found.get(account, 0) == money(amount), (account, found, amount)
        shop.close()


def x10_days_of_the_till_and_corrections():
    """A day that was opened again has two entries: their sum is what the till says."""
    shop = Shop("--orders", "0", "--receipts", "60", "--articles", "20")
    shop.enable("day-totals")
    shop.sync("day-totals")
    only(compare(shop, *YEAR, flow="day-totals"))
    day = shown(shop.till, "totals")["days"]["closed"][0]
    where = f"{shop.till}/_sandbox/days/{day['branch']}/{day['date']}"
    http(where, json.dumps({"closed": False, "add_receipt": {"type": "receipt", "lines": [
        {"article": 1, "quantity": "1", "price": "12.10"}]}}))
    http(where, json.dumps({"closed": True}))
    report = compare(shop, *YEAR, flow="day-totals", ok=(1,))
    only(report, different=1)
    shop.sync("day-totals")
    report = compare(shop, *YEAR, flow="day-totals")
    only(report)
    assert report["source"]["incl"] == report["destination"]["incl"]
    shop.close()


def x10_what_was_cancelled_comes_to_nothing():
    shop = shop_for("order", "financial-mutation", "--orders", "30")
    shop.replace("flows.d/orders.conf", "settings = {", 'settings = { on_change = "difference"; on_cancel = "credit";')
    shop.sync(wait=60)
    order = next(o for o in shop.orders() if o["id"] in {j["key"] for j in shop.jobs("done")})
    shop.change(order["id"], cancelled=True)
    parked = len(shop.jobs("parked"))
    report = compare(shop, *YEAR, ok=(1,))
    only(report, missing=parked, different=1)
    assert report["different"][0]["key"] == order["id"]
    shop.sync(wait=60)
    only(compare(shop, *YEAR, ok=(1,)), missing=parked)
    shop.close()


def x10_the_other_way():
    """Orders of the books in the till, and quotes from till to till: whatever has a reference of both."""
    shop = to_till.shop_with("--sales-orders", "40")
    to_till.sync(shop)
    report = compare(shop, *YEAR, flow=to_till.FLOW, ok=(1,))
    parked = {job["key"] for job in shop.jobs("parked")}
    only(report, unreadable=len(parked))
    assert {row["key"] for row in report["unreadable"]} == parked and report["listed"]
    made = to_till.made(shop)
    assert report["source"]["count"] == report["destination"]["count"] == len(made) > 30
    assert report["source"]["incl"] == report["destination"]["incl"]
    assert money(report["destination"]["incl"]) == sum(money(o["incl"]) for o in made)
    shop.close()
    shop, second = quotes.two_tills()
    shop.sync("quotes")
    report = compare(shop, *YEAR, flow="quotes")
    assert report["differences"] == 0 and report["source"]["count"] == len(quotes.copies(second)) > 5
    assert report["others"] == [] and report["source"]["excl"] == report["destination"]["excl"]
    quotes.finish(shop, second)


def wrong_words_are_refused():
    shop = shop_of(1, sync=False)
    for words in (["--from", "yesterday"], ["--from", "2026-02-01", "--to", "2026-01-01"],
                  ["--from", "1990-01-01"], ["--from", "2026-01-01", "--json", "--csv"]):
        shop.run("reconcile", "orders", *words, ok=(64,))
    assert "nothing was compared" in shop.run("reconcile", "orders").stdout  # it lists what was found before
    shop.run("reconcile", "nothing", *YEAR, ok=(64,))
    shop.run("reconcile", "customers", *YEAR, ok=(64,))
    shop.run("sync", "orders", "--to", "2026-01-01", ok=(64,))
    shop.close()


if __name__ == "__main__":
    main([x10_nothing_differs, x10_what_is_missing_is_brought_back_once,
          x10_a_lost_answer_while_it_is_brought_back_makes_no_second_one, x10_a_double_a_cent_and_another_day,
          x10_gaps_and_what_is_none_of_the_source, x10_totals_are_those_of_the_systems,
          x10_what_is_under_way_is_no_difference, x10_what_a_paused_flow_holds_is_missing, x10_a_side_that_fails_half_way_is_an_error,
          x10_formulas_in_csv_are_harmless, x10_other_documents_and_a_destination_without_a_list,
          x10_days_of_the_till_and_corrections, x10_what_was_cancelled_comes_to_nothing, x10_the_other_way,
          wrong_words_are_refused])
