#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inputs that real systems give and that once went wrong: behaviours F, and what came out against other doubles of
both vendors (rNN). What belongs to one connector alone is tested beside it."""
import json
import os
import re
import socket
import time
from decimal import Decimal

from chaostest import connections
from koppeltest import Shop, http, log_lines, main
from goodstest import Goods
from sandbox_books import Books, invoice_body
from tradetest import (DUTCH, SMALL, by_account, line, money, of_till, posted, sell, shop_with, total)
import to_till

OTHER = 11  # another Dutch relation than DUTCH


# ---- Kit ---------------------------------------------------------------------------------------------------

def state_of(shop, key, flow="orders"):
    """What became of a key: of its newest job, or of the one before where that one brought nothing new."""
    found = [dict(j, state=s) for s in ("done", "skipped", "parked", "waiting") for j in shop.jobs(s, flow)
             if j["key"] == str(key)]
    assert found, f"nothing is known of {key}"
    news = [j for j in found if (j["state"], j["reason"]) != ("skipped", "unchanged")]
    return max(news or found, key=lambda j: int(j["job"].split("/")[-1]))


def settle(shop, flow="orders", times=20):
    for _ in range(times):
        counts = shop.sync(flow, wait=10)
        if not counts["pending"] and not counts["waiting"]:
            return counts
    raise AssertionError((counts, shop.jobs("waiting", flow)))


def relation(shop, number, **what):
    http(f"{shop.till}/_sandbox/relations/{number}", json.dumps(what))


def email_of(shop, number):
    rows = json.loads(http(shop.till + "/_sandbox/relations"))["relations"]
    return next(r["email"] for r in rows if r["relationNumber"] == number)


def debtor(shop, number, method=None, **what):
    return http(f"{shop.books}/_sandbox/debtors/{number}", json.dumps(what) if what else None, method)


def again_from_nothing(shop):
    """The store is gone, as after a new installation."""
    for name in os.listdir(shop.conf):
        if name.startswith("koppel.db"):
            os.unlink(os.path.join(shop.conf, name))
    shop.login()


def totals_agree(shop, order):
    found = posted(shop, order["reference"])
    assert total(found, "amountInclVat") == money(order["incl"]), (order["incl"], found)


# ---- Away, and refused -------------------------------------------------------------------------------------

def r01_y4_books_that_refuse_connections_end_a_run_in_time():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 2, "12.10"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens there
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        shop.replace("connections.d/books.conf", f'settings = {{ url = "{shop.books}"', f'settings = {{ url = "{address}"')
        run = shop.start("sync", "orders", "--wait", "3", "--json")
        run.communicate(timeout=60)  # fails where it goes on and on
        assert run.returncode != 0, "an order that waits is no success"
    assert not shop.jobs("parked"), shop.jobs("parked")
    shop.replace("connections.d/books.conf", f'url = "{address}"', f'url = "{shop.books}"')
    settle(shop)
    job = state_of(shop, order["id"])
    assert job["state"] == "done", job
    totals_agree(shop, order)
    shop.close()


def f11_a_destination_that_is_away_parks_nothing():
    for rule in ({"do": "status", "status": 503}, {"do": "status", "status": 502, "text": ""},
                 {"do": "status", "status": 200, "text": "<!doctype html><title>Onderhoud</title>"},
                 {"do": "drop-answer", "apply": False}):
        shop = shop_with("sales-invoice")
        orders = [sell(shop, line(1, n, "12.10"), relation=n + 9) for n in range(1, 7)]
        shop.trouble({**rule, "on": "/v1/", "times": "all"})
        for _ in range(3):
            shop.run("sync", "orders", "--json", "--wait", "1", ok=None, timeout=40)
        assert not shop.jobs("parked"), (rule, shop.jobs("parked")[0])
        shop.trouble()
        shop.run("resume", "orders", ok=None)
        settle(shop)
        assert not shop.jobs("parked"), (rule, shop.jobs("parked")[0])
        for order in orders:
            totals_agree(shop, order)
            assert len(posted(shop, order["reference"])) == 1
        shop.close()


def f11_a_lone_record_waits_as_long():
    """Each run is a process of its own, whose circuit has seen nothing yet, and one failure does not open it."""
    for rule in ({"do": "status", "status": 503}, None):
        shop = shop_with("sales-invoice")
        shop.replace("flows.d/orders.conf", "from = {", "attempts = 2;\nfrom = {")
        order = sell(shop, line(1, 1, "12.10"), relation=10)
        address = shop.books
        if rule:
            shop.trouble({**rule, "on": "/v1/", "times": "all"})
        else:
            shop.replace("connections.d/books.conf", f'url = "{address}"', 'url = "http://127.0.0.1:1"')
        for _ in range(3):
            shop.run("sync", "orders", "--json", "--wait", "4", ok=None, timeout=40)
            assert not shop.jobs("parked"), (rule, shop.jobs("parked")[0])
        shop.trouble()
        if not rule:
            shop.replace("connections.d/books.conf", 'url = "http://127.0.0.1:1"', f'url = "{address}"')
        shop.run("resume", "orders", ok=None)
        settle(shop)
        totals_agree(shop, order)
        shop.close()


def f11_one_record_that_is_refused_parks_alone():
    for status in (403, 405, 500):
        shop = shop_with("sales-invoice")
        orders = [sell(shop, line(1, n, "12.10"), relation=n + 9) for n in range(1, 6)]
        bad = orders[2]
        shop.trouble({"do": "status", "status": status, "on": f'"{bad["reference"]}"', "writes": True, "times": "all"})
        shop.run("sync", "orders", "--json", "--wait", "20", ok=None)
        for order in orders:
            job = state_of(shop, order["id"])
            wanted = "parked" if order == bad and status != 500 else "done"
            if order == bad and status == 500:
                assert job["state"] in ("parked", "waiting"), (status, job)
            else:
                assert job["state"] == wanted, (status, job)
        shop.trouble()
        shop.run("retry", "--all", "--flow", "orders", ok=None)
        settle(shop)
        totals_agree(shop, bad)
        shop.close()


def r09_a_change_that_is_not_allowed_parks_alone():
    shop = shop_with("sales-invoice", on_change="update")
    first, second = (sell(shop, line(1, 2, "12.10"), relation=n) for n in (DUTCH, OTHER))
    shop.sync()
    ident = posted(shop, first["reference"])[0]["id"]
    shop.trouble({"do": "status", "status": 405, "on": f"PUT /v1/salesinvoiceswithlines/{ident}", "times": "all"})
    for order in (first, second):
        shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "3", "price": "12.10", "vat": 1}])
    shop.run("sync", "orders", "--json", "--wait", "10", ok=None)
    assert state_of(shop, first["id"])["state"] == "parked", state_of(shop, first["id"])
    assert state_of(shop, second["id"])["state"] == "done", state_of(shop, second["id"])
    totals_agree(shop, of_till(shop, second["id"]))
    assert shop.sync()["pending"] == 0, "the flow goes on"
    shop.close()


def r24_the_peers_words_once_and_no_raw_json():
    words = "De sleutel is verlopen."
    for status in (400, 429):
        shop = shop_with("sales-invoice")
        order = sell(shop, line(1, 2, "12.10"))
        shop.trouble({"do": "status", "status": status, "on": "POST /v1/salesinvoices", "times": "all",
                      "type": "application/json", "retry_after": 1,
                      "text": json.dumps({"title": words, "detail": words, "status": status, "traceId": "00-1"})})
        done = shop.run("sync", "orders", "--json", "--wait", "2", ok=None)
        said = done.stderr + " ".join(str(j["detail"]) for s in ("parked", "waiting") for j in shop.jobs(s))
        assert words in said and "traceId" not in said and '{"' not in done.stderr, said
        told = [text for text in done.stderr.splitlines() if words in text]
        told += [j["detail"] for s in ("parked", "waiting") for j in shop.jobs(s) if j["key"] == order["id"]]
        assert told and all(text.count(words) == 1 for text in told), told
        shop.close()


# ---- Whose document is it ----------------------------------------------------------------------------------

def r02_orders_after_a_lost_store_meet_no_strangers():
    """A second installation on the same till whose orders have the same numbers."""
    first = to_till.shop_with("--sales-orders", "20", "--seed", "1")
    to_till.sync(first)
    second = to_till.shop_with("--sales-orders", "20", "--seed", "2")
    second.replace("connections.d/till.conf", second.till, first.till)
    to_till.sync(second)
    there = {o["id"]: o for o in to_till.made(first)}
    books = {str(o["id"]): o for o in to_till.sales_orders(second)}
    for job in second.jobs("done", to_till.FLOW):
        own, linked = books[job["key"]], there.get(job["remote_id"])
        assert linked, f"{job['key']} is done as {job['remote_id']}, which is not there"
        assert money(linked["incl"]) == money(own["amountInclVat"]), (job, linked["incl"], own["amountInclVat"])
    second.close()
    first.close()


def r03_a_second_till_with_the_same_numbers_parks():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    other = shop_with("sales-invoice", login=False)
    same = sell(other, line(2, 1, "99.00"), relation=OTHER)
    assert same["reference"] == order["reference"] and same["incl"] != order["incl"]
    shop.replace("connections.d/till.conf", shop.till, other.till)
    again_from_nothing(shop)
    shop.sync()
    job = state_of(shop, same["id"])
    assert job["state"] == "parked" and job["reason"] == "reference.taken", job
    assert "99.00" in job["detail"] and "24.20" in job["detail"] and job["remedy"], job
    assert len(posted(shop)) == 1
    other.close()
    shop.close()


def f1_a_persons_invoice_of_that_number_is_not_ours():
    for total_of, state, reason in (("12.10", "parked", "reference.taken"), ("24.20", "skipped", "exists")):
        shop = shop_with("sales-invoice")
        order = sell(shop, line(1, 2, "12.10"))
        # The customer is in the books already, and somebody made the invoice by hand.
        debtor(shop, 88001, create=True, name="Klant", address="Dorpsstraat 1", emailAddress=email_of(shop, DUTCH))
        excl = (Decimal(total_of) / Decimal("1.21")).quantize(Decimal("0.01"))
        vat = Decimal(total_of) - excl
        Books(url=shop.books).post("salesinvoiceswithlines", invoice_body(
            debtorCustomerNumber="88001", description=order["reference"], amountExclVat=excl, vatAmount=vat,
            amountInclVat=Decimal(total_of), lines={"_data": [{"ledgerAccountId": 8000, "vatCode": "1", "amount": excl,
                                                               "vatAmount": vat}]}))
        shop.sync()
        job = state_of(shop, order["id"])
        assert (job["state"], job["reason"]) == (state, reason), job
        assert len(posted(shop)) == 1
        shop.close()


def f2_a_newer_version_meets_what_the_unseen_write_made():
    """The program dies behind a create that was applied; before it comes back the order changes, or is cancelled."""
    for dest, policy in (("sales-invoice", "update"), ("sales-order", "update"), ("financial-mutation", "difference")):
        for cancelled in (False, True):
            shop = shop_with(dest, on_change=policy, on_cancel="credit")
            connections(shop)
            order = sell(shop, line(1, 2, "12.10"))
            shop.trouble({"do": "wait", "on": f'"{order["reference"]}"', "writes": True, "after_ms": 30000, "times": "all"})
            run = shop.start("sync", "orders", "--json")
            until = time.monotonic() + 30
            while not posted(shop):
                assert run.poll() is None and time.monotonic() < until, "nothing was posted"
                time.sleep(0.01)
            run.kill()
            run.communicate()
            shop.trouble()
            if cancelled:
                shop.change(order["id"], cancelled=True)
            else:
                shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "5", "price": "12.10", "vat": 1}])
            settle(shop)
            found, now = posted(shop, order["reference"]), of_till(shop, order["id"])
            want = Decimal(0) if cancelled else money(now["incl"])
            have = -by_account(found).get(8000, Decimal(0)) * Decimal("1.21") if dest == "financial-mutation" \
                else total(found, "amountInclVat")
            assert have == want, (dest, cancelled, have, want, state_of(shop, order["id"]), found)
            shop.close()


def f2_a_newer_version_takes_the_place_of_a_lost_write():
    """The create's answer is lost and the books are away afterwards; meanwhile the order changes, or is cancelled."""
    for dest, policy, path in (("sales-invoice", "update", "/v1/salesinvoiceswithlines"),
                               ("sales-order", "update", "/v1/SalesOrderWithLines/"),
                               ("financial-mutation", "difference", "/v1/journalentrieswithlines")):
        for cancelled in (False, True):
            shop = shop_with(dest, on_change=policy, on_cancel="credit")
            connections(shop)
            order = sell(shop, line(1, 2, "12.10"))
            shop.faults(f"drop-answer@POST {path},503x500@{path}")
            shop.run("sync", "orders", "--json", "--wait", "1", ok=None, timeout=40)
            assert len(posted(shop)) == 1, "the write was applied"
            if cancelled:
                shop.change(order["id"], cancelled=True)
            else:
                shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "5", "price": "12.10", "vat": 1}])
            shop.run("sync", "orders", "--json", "--wait", "1", ok=None, timeout=40)
            shop.trouble()
            settle(shop)
            found, now = posted(shop, order["reference"]), of_till(shop, order["id"])
            want = Decimal(0) if cancelled else money(now["incl"])
            have = -by_account(found).get(8000, Decimal(0)) * Decimal("1.21") if dest == "financial-mutation" \
                else total(found, "amountInclVat")
            assert have == want, (dest, cancelled, have, want, state_of(shop, order["id"]), found)
            shop.close()


def f5_a_restored_store_takes_no_strangers_answer():
    """A backup of the store comes back: what was done since is found, not made again."""
    shop = to_till.shop_with("--sales-orders", "10")
    to_till.sync(shop)
    names = [n for n in os.listdir(shop.conf) if n.startswith("koppel.db")]
    kept = {n: open(os.path.join(shop.conf, n), "rb").read() for n in names}
    for n in range(5):
        to_till.add(shop, to_till.line(1, n + 1, "10.00"))
    to_till.sync(shop)
    for n in os.listdir(shop.conf):
        if n.startswith("koppel.db"):
            os.unlink(os.path.join(shop.conf, n))
    for n, data in kept.items():
        open(os.path.join(shop.conf, n), "wb").write(data)
    counts = settle(shop, to_till.FLOW)
    to_till.none_lost_none_double(shop, counts)
    shop.close()


def f9_a_debtor_that_is_gone_merged_or_renumbered():
    for what in ("removed", "merged", "renumbered"):
        shop = shop_with("sales-invoice")
        first = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        number = posted(shop, first["reference"])[0]["debtorCustomerNumber"]
        if what == "removed":
            debtor(shop, number, "DELETE")
        elif what == "renumbered":
            debtor(shop, number, customerNumber="77002")
        else:
            debtor(shop, 77001, create=True, name="Samen", address="Dorpsstraat 1",
                   emailAddress="samen@voorbeeld.example")
            debtor(shop, number, mergedInto="77001")
            debtor(shop, 77001, emailAddress=email_of(shop, DUTCH))
        second = sell(shop, line(1, 3, "12.10"))
        settle(shop)
        job = state_of(shop, second["id"])
        assert job["state"] == "done", (what, job)
        used = posted(shop, second["reference"])[0]["debtorCustomerNumber"]
        wanted = {"renumbered": "77002", "merged": "77001"}.get(what, used)
        assert used == wanted, (what, used)
        shop.close()


def r14_a_changed_order_whose_document_is_gone_says_so():
    shop = to_till.shop_with()
    order = to_till.add(shop, to_till.line(1, 2, "10.00"))
    to_till.sync(shop)
    there = to_till.of(shop, order)
    to_till.change(shop, order, lines=[to_till.line(1, 3, "10.00")])
    shop.trouble({"do": "problem", "on": there["id"], "times": "all", "text": "Order not found"}, url=shop.till)
    to_till.sync(shop, ok=(0, 1, 2))
    job = to_till.job_of(shop, order, "parked")
    assert "locked" not in job["detail"] and job["remedy"], job
    shop.close()


# ---- Unknown is not zero, gone or done ---------------------------------------------------------------------

def f6_a_problem_inside_200_is_no_success():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 2, "12.10"))
    shop.trouble({"do": "problem", "on": "POST /v1/salesinvoices", "times": "all", "text": "Het boekjaar is gesloten."})
    shop.run("sync", "orders", "--json", "--wait", "2", ok=None)
    job = state_of(shop, order["id"])
    assert job["state"] in ("parked", "waiting") and "Het boekjaar is gesloten." in job["detail"], job
    assert not posted(shop)
    shop.trouble()
    shop.run("retry", "--all", "--flow", "orders", ok=None)
    settle(shop)
    totals_agree(shop, order)

    into = to_till.shop_with()
    order = to_till.add(into, to_till.line(1, 2, "10.00"))
    into.trouble({"do": "problem", "on": "createOrder", "times": "all", "text": "The shift is closed."}, url=into.till)
    to_till.sync(into, ok=(0, 1, 2), wait=2)
    assert not into.jobs("done", to_till.FLOW) and not to_till.made(into), into.jobs("done", to_till.FLOW)
    into.close()
    shop.close()


def stock_goods():
    shop = Goods()
    shop.enable("stock")
    shop.sync("orders", ok=(0, 1))  # else sales that are not in the books hold their articles
    return shop


def levels(shop):
    return {r["article"]: money(r["free"]) for r in json.loads(http(shop.till + "/_sandbox/stock"))["stock"]
            if r["branch"] == 1}


def f7_an_unknown_stock_level_is_not_zero():
    for bend in ({"remove": True}, {"null": True}, {"rename": "stockCurrent"}):
        shop = stock_goods()
        before = levels(shop)
        shop.trouble({"do": "bend", "on": "/v1/articles", "member": "currentStock", "times": "all", **bend})
        shop.run("sync", "stock", "--json", "--wait", "2", ok=None)
        after = levels(shop)
        changed = {n: (before[n], after[n]) for n in before if before[n] != after[n]}
        assert not changed, (bend, changed)
        assert not shop.jobs("done", "stock"), shop.jobs("done", "stock")[:2]
        # an article that the till lacks parks for that, whatever its level
        parked = [j for j in shop.jobs("parked", "stock") if j["reason"] != "article.missing"]
        assert all("levels[].available" in j["detail"] and j["remedy"] for j in parked), parked
        shop.trouble()
        shop.run("resume", "stock", ok=None)
        shop.run("retry", "--all", "--flow", "stock", ok=None)
        shop.sync("stock", ok=(0, 1))
        assert shop.jobs("done", "stock"), "and then it goes"
        shop.close()


def active(shop):
    return {n for n, a in shop.till_articles().items() if str(a["active"]).lower() == "true"}


def f8_an_empty_or_shrunken_list_takes_nothing_away():
    for bend in ({"keep": 0, "total": 0}, {"keep": 5}, {"keep": 5, "total": 5}, {"total": 4000}):
        shop = Goods()
        shop.to_till()
        shop.goods()
        before = active(shop)
        shop.trouble({"do": "bend", "on": "/v1/articles", "times": "all", **bend})
        shop.run("sync", "products", "--json", "--wait", "1", ok=None)
        assert active(shop) == before, (bend, sorted(before - active(shop))[:5])
        shop.trouble()
        shop.run("resume", "products", ok=None)
        shop.sync("products", ok=(0, 1))
        assert active(shop) == before, bend
        shop.close()


def f10_what_was_mended_at_the_source_counts():
    shop = shop_with("sales-invoice")
    email = email_of(shop, DUTCH)
    relation(shop, DUTCH, email="")
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    assert state_of(shop, order["id"])["reason"] == "customer.key", state_of(shop, order["id"])
    relation(shop, DUTCH, email=email)
    shop.run("retry", "--all", "--flow", "orders")
    settle(shop)
    assert state_of(shop, order["id"])["state"] == "done", state_of(shop, order["id"])
    totals_agree(shop, order)
    shop.close()


# ---- One bad thing stays one bad thing ---------------------------------------------------------------------

def f12_one_record_of_the_till_that_cannot_be_read_parks_alone():
    for bend in ({"member": "year", "value": "20261"}, {"member": "totalInclAmount", "value": "twelve"},
                 {"member": "totalInclAmount", "value": "92233720368547758080"}, {"member": "text", "raw": "a\x01b"},
                 {"member": "hour", "value": "24"}):
        shop = shop_with("sales-invoice")
        orders = [sell(shop, line(1, n, "12.10", text="tekst"), relation=n + 9) for n in range(1, 6)]
        bad = orders[2]
        shop.trouble({"do": "bend", "on": "getOrders", "of": "order", "where": {"orderId": bad["id"]}, "times": "all",
                      **bend}, url=shop.till)
        shop.run("sync", "orders", "--json", "--wait", "10", ok=None)
        for order in orders:
            if order != bad:
                totals_agree(shop, order)
        parked = shop.jobs("parked")
        assert len(parked) == 1, (bend, parked)
        assert not posted(shop, bad["reference"]), bend
        shop.trouble(url=shop.till)
        shop.run("retry", "--all", "--flow", "orders", ok=None)
        shop.change(bad["id"])
        settle(shop)
        totals_agree(shop, bad)
        shop.close()


def f12_one_row_of_the_books_that_cannot_be_read_parks_alone():
    for raw in ('"half \\ud83d"', "92233720368547758080123", '"nul \\u0000"', "[1, 2]"):
        shop = Goods()
        shop.to_till()
        shop.trouble({"do": "bend", "on": "/v1/articles", "where": {"articleNumber": "7"}, "member": "description",
                      "raw": raw, "times": "all"})
        shop.run("sync", "products", "--json", "--wait", "5", ok=None)
        assert len(shop.jobs("done", "products")) > 20, (raw, len(shop.jobs("done", "products")))
        shop.close()


def r12_an_order_without_lines_is_skipped_and_makes_no_debtor():
    for dest in ("sales-invoice", "financial-mutation"):
        shop = shop_with(dest)
        before = len(shop.debtors())
        order = sell(shop, line(1, 1, "12.10"), paid=False)
        shop.change(order["id"], lines=[], fullyPaid=True)
        shop.sync()
        job = state_of(shop, order["id"])
        assert job["state"] == "skipped" and job["reason"], job
        assert not posted(shop) and len(shop.debtors()) == before
        shop.close()


# ---- Keys --------------------------------------------------------------------------------------------------

def f14_keys_that_look_alike_are_alike():
    for there, here in (("jos\u00e9@voorbeeld.example", "jose\u0301@voorbeeld.example"),
                        ("kaat@voorbeeld.example", "kaat@voorbeeld.example\u00a0"),
                        ("anna@voorbeeld.example", "\u200banna@voorbeeld.example"),
                        ("\u00d6ZIL@voorbeeld.example", "\u00f6zil@voorbeeld.example")):
        shop = shop_with("sales-invoice")
        debtor(shop, 88002, create=True, name="Bestaand", address="Dorpsstraat 1", emailAddress=there)
        relation(shop, DUTCH, email=here)
        order = sell(shop, line(1, 1, "12.10"))
        shop.sync()
        job = state_of(shop, order["id"])
        assert job["state"] == "done", (there, here, job)
        assert posted(shop)[0]["debtorCustomerNumber"] == "88002", (there, here, posted(shop)[0])
        shop.close()


def f22_the_number_of_a_removed_article_is_free_again():
    shop = Goods()
    shop.to_till()
    shop.set_books("810001", create=True, description="Eerste", salesTypeId=1, salesPrice="20.00", eanCode1="8719999000013")
    shop.goods()
    assert "810001" in shop.till_articles(), shop.job(shop.key_of("810001"))
    http(f"{shop.books}/_sandbox/articles/810001", method="DELETE")
    shop.goods()
    shop.set_books("810001", create=True, description="Tweede", salesTypeId=1, salesPrice="30.00", eanCode1="8719999000013")
    shop.goods()
    job = shop.job(shop.key_of("810001"))
    assert job["reason"] not in ("duplicate.key", "product.taken"), job
    assert shop.till_articles()["810001"]["description"] == "Tweede", (job, shop.till_articles()["810001"])
    shop.close()


def r05_an_order_without_a_key_goes_to_the_default():
    for dest in ("sales-invoice", "sales-order", "financial-mutation"):
        shop = shop_with(dest)
        shop.replace("flows.d/orders.conf", 'existing = "update";', 'existing = "update"; default = "10003";')
        relation(shop, DUTCH, email="", vatNumber="")
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        job = state_of(shop, order["id"])
        assert job["state"] == "done", (dest, job)
        made = posted(shop, order["reference"])[0]
        if dest == "financial-mutation":
            ident = json.loads(debtor(shop, "10003"))["id"]
            assert any(row["debtorId"] == ident for row in made["lines"]), made
        else:
            assert made["debtorCustomerNumber"] == "10003", made
        shop.close()


def r07_articles_need_not_be_there_where_nothing_refers_to_them():
    shop = shop_with("sales-invoice", "--orders", "0", "--invoices", "12", source="invoice")
    shop.replace("flows.d/orders.conf", "references = {", 'references = { article = { missing = "ignore"; };')
    for number in range(1, 41):
        http(f"{shop.books}/_sandbox/articles/{number}", method="DELETE") if number < 40 else None
    counts = shop.sync()
    assert counts["parked"] == 0 and counts["done"] > 8, (counts, shop.jobs("parked")[:1])
    shop.close()


# ---- Bytes, markers, lags ----------------------------------------------------------------------------------

def f16_json_is_valid_for_every_row():
    shop = shop_with("sales-invoice")
    for n, name in enumerate(("\U0001f600" * 30, "\u00e9" * 61, "a" * 59 + "\u20ac\u20ac", "\u202eomgekeerd\u009b")):
        relation(shop, 10 + n, companyName=name)
        sell(shop, line(1, 1, "12.10", text=name[:40]), relation=10 + n)
    shop.sync()
    rows = 0
    for state in ("done", "parked", "skipped"):
        rows += len(shop.jobs(state))  # each line is read as JSON
    assert rows == 4, rows
    for words in (("jobs",), ("preview", "orders", "--limit", "4")):
        out = shop.run(*words, ok=(0, 1)).stdout
        found = re.search("[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f\u202a-\u202e]", out)
        assert not found, (words, ascii(found.group()), out[max(0, found.start() - 60):found.end()])
    shop.close()


def f19_a_record_that_is_committed_late_is_read_all_the_same():
    shop = shop_with("sales-invoice")
    late, early = sell(shop, line(1, 2, "12.10")), sell(shop, line(1, 3, "12.10"), relation=OTHER)
    shop.change(late["id"], hidden=True)
    shop.sync()
    assert posted(shop, early["reference"]) and not posted(shop, late["reference"])
    shop.change(late["id"], hidden=False)
    counts = shop.sync()
    assert posted(shop, late["reference"]), counts
    writes = len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"])
    assert shop.sync()["read"] == counts["read"], "what is known makes no job"
    assert len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"]) == writes
    shop.close()


def f20_a_look_up_that_lags_makes_no_second_document():
    shop = shop_with("sales-invoice")
    shop.replace("connections.d/books.conf", 'quiet = "200ms";', 'quiet = "300ms"; lag = "2s";')
    orders = [sell(shop, line(1, n, "12.10"), relation=9 + n) for n in range(1, 4)]
    shop.sync()  # their debtors are there
    more = [sell(shop, line(1, n, "13.10"), relation=9 + n) for n in range(1, 4)]
    http(shop.books + "/_sandbox/lag", '{"ms": 1500}')
    shop.trouble({"do": "drop-answer", "on": "POST /v1/salesinvoices", "times": 3})
    settle(shop)
    http(shop.books + "/_sandbox/lag", '{"ms": 0}')
    for order in orders + more:
        assert len(posted(shop, order["reference"])) == 1, posted(shop, order["reference"])
        totals_agree(shop, order)
    shop.close()


# ---- Words and commands ------------------------------------------------------------------------------------

def r10_no_description_is_a_note():
    shop = shop_with("sales-invoice")
    shop.trouble({"do": "status", "status": 404, "on": "swagger", "times": "all", "text": "{}"})
    done = shop.run("check", "--online", ok=(0,))
    said = [text for text in (done.stdout + done.stderr).splitlines() if "swagger" in text or "description" in text]
    assert len(said) == 1, said
    shop.close()


def r13_a_correction_says_what_it_corrects():
    shop = shop_with("financial-mutation", on_change="difference")
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "3", "price": "12.10", "vat": 1}])
    shop.sync()
    found = posted(shop, order["reference"])
    assert len(found) == 2 and order["reference"] in (found[1]["description"] or ""), found
    shop.close()


def r22_a_default_row_is_told_once_with_its_value():
    shop = shop_with("sales-invoice", source="order")
    rows = open(f"{shop.conf}/tables/payment.csv").read()
    shop.write("tables/payment.csv", "".join(x for x in rows.splitlines(True) if not x.startswith("PIN,")) + "*,2\n")
    for n in range(3):
        sell(shop, line(1, 1, "12.10"), relation=10 + n)
    done = shop.run("sync", "orders", "--json", "--wait", "10", ok=(0, 1))
    told = [row for row in log_lines(done.stderr) if '"PIN"' in row["msg"] and 'its row "*" gives "2"' in row["msg"]]
    assert len(told) == 1, done.stderr
    shop.close()


def r32_an_unknown_flow_gets_its_nearest_name():
    shop = Shop(*SMALL, "--orders", "0", login=False)
    for words in (("retry", "--all", "--flow", "order"), ("sync", "order"), ("pause", "order")):
        done = shop.run(*words, ok=None)
        assert done.returncode not in (0, 1) and "orders" in done.stderr and "koppel.db" not in done.stderr, (
            words, done.returncode, done.stderr)
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if re.match(r"[fr]\d+_", name)])
