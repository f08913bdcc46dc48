#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Issue 11.5: orders of the till become posted invoices in Tryton, whose VAT Tryton computes, by a connector that is
built outside of the tree. One Tryton serves all of it, as it takes a while to be made. KOPPEL_KILLS: how many kills
the campaign has (make check: few)."""
import contextlib
import datetime
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from decimal import Decimal

import trytontest
from koppeltest import http, main, until
from tradetest import till

why = trytontest.missing()
if why:
    print(why)
    sys.exit(77)
KILLS = int(os.environ.get("KOPPEL_KILLS", "4"))
SEED = int(os.environ.get("KOPPEL_SEED", random.randrange(1 << 30)))
TOP, SHOP = trytontest.started()
BETWEEN, TRYTON = SHOP.between, SHOP.tryton
LIMIT = Decimal("0.05")


def in_peace():
    BETWEEN.trouble = BETWEEN.done = lambda method: None
    del BETWEEN.seen[:], BETWEEN.hits[:]


def settle():
    """Runs until nothing is left to do; the counts of the last one."""
    for _ in range(30):
        counts = SHOP.sync(wait=10)
        if not counts["pending"] and not counts["waiting"]:
            return counts
    raise AssertionError((counts, SHOP.jobs("waiting")[:3]))


def sell_one(price):
    """One paid order of one piece that costs so much, VAT included."""
    known, new = {order["id"] for order in till(SHOP)}, None
    while not new:  # one of which nothing was delivered yet
        SHOP.sell(1)
        new = next((order["id"] for order in till(SHOP) if order["id"] not in known and order["state"] != "cancelled"
                    and not any(Decimal(line["delivered"]) for line in order["lines"])), None)
    SHOP.change(new, lines=[{"article": 1, "quantity": "1", "price": price, "vat": 1}], fullyPaid=True)
    return [order for order in till(SHOP) if order["id"] == new][0]


def parks(order, reason, setting):
    """A run in which that order parks, with the setting named and no draft left."""
    SHOP.sync(wait=10)
    parked = [job for job in SHOP.jobs("parked") if job["key"] == order["id"]]
    assert parked and parked[0]["reason"] == reason and setting in parked[0]["remedy"], (reason, parked)
    assert not [invoice for invoice in TRYTON.invoices() if invoice["state"] == "draft"]


def again():
    """All that is parked, by another configuration."""
    for job in SHOP.jobs("parked"):
        SHOP.run("retry", job["job"])


def taxes_of(order):
    return Decimal(order["incl"]) - Decimal(order["excl"])


def judge_one(order, found):
    """One invoice that is posted, whose sums are the till's; the VAT is Tryton's own, and where that is another cent
    a line of rounding makes the total the till's."""
    assert len(found) == 1, (order["reference"], [(i["id"], i["state"], i["total_amount"]) for i in found])
    invoice = found[0]
    untaxed, tax, total = (Decimal(invoice[f"{name}_amount"]) for name in ("untaxed", "tax", "total"))
    rounding = sum((Decimal(line["amount"]) for line in invoice["lines."] if line["account."]["code"] == "2709"),
                   Decimal(0))
    assert invoice["state"] in ("posted", "paid") and invoice["number"] and invoice["move"], invoice
    assert total == Decimal(order["incl"]) == untaxed + tax, (order["reference"], order["incl"], invoice)
    assert abs(rounding) <= LIMIT and abs(tax - taxes_of(order)) <= LIMIT, (order, invoice)
    assert untaxed - rounding - Decimal(order["excl"]) == taxes_of(order) - tax - rounding, (order, invoice)
    return tax == taxes_of(order), bool(rounding)


def judge(wanted=("paid", "delivered")):
    """Every order of the till against Tryton: all of it, once, and to the cent. How many had the same VAT."""
    invoices = TRYTON.invoices()
    off = {job["key"]: (job["reason"], job["detail"]) for job in SHOP.jobs("parked")}
    by_reference = {}
    for invoice in invoices:
        by_reference.setdefault(invoice["reference"].partition("/")[0], []).append(invoice)
    same = rounded = count = 0
    for order in till(SHOP):
        found = by_reference.pop(order["reference"], [])
        if order["state"] not in wanted:
            assert sum(Decimal(i["total_amount"]) for i in found) == 0, (order["reference"], found)
            continue
        assert order["id"] not in off, (order, off[order["id"]])
        equal, more = judge_one(order, found)
        same, rounded, count = same + equal, rounded + more, count + 1
    by_reference.pop("by hand", None)
    assert not by_reference, f"invoices of nobody: {by_reference}"
    drafts = [i["reference"] for i in invoices if i["state"] == "draft"]
    assert not drafts, f"drafts that were left: {drafts}"
    print(f"  {count} orders, {len(invoices)} invoices, {same} with the till's VAT to the cent, {rounded} with rounding")
    return count


def test_built_outside_and_known():
    in_peace()
    SHOP.run("check")
    shown = SHOP.run("plugins", "show", "tryton").stdout
    assert "invoice" in shown and "rounding_account" in shown, shown
    tested = SHOP.run("connection", "test", "tryton").stdout
    assert "6.0" in tested and "Shop B.V." in tested and "EUR" in tested, tested
    taxes = SHOP.run("choices", "tryton", "taxes").stdout
    assert "BTW 21%" in taxes and "Vorsteuer" in taxes, taxes
    for name, part in (("accounts", "8400"), ("payment-terms", "At once"), ("product-categories", "Goods 9%"),
                       ("journals", "Revenue"), ("units", "Unit"), ("companies", "Shop B.V.")):
        assert part in SHOP.run("choices", "tryton", name).stdout, name
    SHOP.run("check", "--online")
    kit = SHOP.run("plugin-test", f"{TOP}/tryton/tryton.so").stdout
    assert " passed, 0 failed" in kit and "# 0 passed" not in kit, kit


def test_wrong_password():
    in_peace()
    SHOP.connect(password="not-that-one")
    said = SHOP.run("connection", "test", "tryton", ok=None)
    assert said.returncode != 0 and "refuses user" in said.stdout + said.stderr, said
    assert "not-that-one" not in said.stdout + said.stderr
    SHOP.connect()


def test_o1_orders_are_posted():
    in_peace()
    SHOP.sell(8)
    settle()
    assert not SHOP.jobs("parked"), [(j["reason"], j["detail"]) for j in SHOP.jobs("parked")]
    assert judge() >= 4
    writes = len(BETWEEN.writes())
    settle()
    assert len(BETWEEN.writes()) == writes, "a run with nothing to do wrote"
    parties = TRYTON.call("party.party.search_read", [["contact_mechanisms.type", "=", "email"]], 0, None, None,
                          ["name", "addresses.city", "contact_mechanisms.value", "identifiers.code"])
    mails = [w["value"].lower() for p in parties for w in p["contact_mechanisms."] if "@" in w["value"]]
    assert parties and len(set(mails)) == len(mails), mails
    products = TRYTON.call("product.product.search_read", [], 0, None, None, ["code", "template.account_category"])
    codes = [p["code"] for p in products]
    assert codes and len(set(codes)) == len(codes) and all(p["template."]["account_category"] for p in products)


def test_both_sides_reconcile():
    in_peace()
    said = SHOP.run("reconcile", "orders", "--from", "2020-01-01", "--to", "2030-01-01", "--json", ok=(0, 1))
    told = json.loads(said.stdout)
    assert not told["missing"] and not told["double"] and not told["others"] and told["source"]["count"] >= 4, told
    assert told["source"]["count"] == told["destination"]["count"], told
    assert told["source"]["incl"] == told["destination"]["incl"], told
    for one in told["different"]:  # where Tryton computes another cent of VAT, the line of rounding shows
        assert [field["field"] for field in one["fields"]] == ["total excl."], one
        assert abs(Decimal(one["fields"][0]["source"]) - Decimal(one["fields"][0]["destination"])) <= LIMIT, one


def test_o5_lost_answers_and_kills():
    """Answers are lost, requests refused or applied late, and the program is killed at each step of the sequence."""
    in_peace()
    print(f"  seed {SEED}, {KILLS} kills", flush=True)
    chance = random.Random(SEED)
    lock_step = ["create", "write", "post"]

    def trouble(method):
        last = method.rpartition(".")[2]
        if not method.startswith("model.account.invoice.") and last not in lock_step:
            return "refuse" if chance.random() < 0.02 else None
        one = chance.random()
        return "lose" if one < 0.12 else "late" if one < 0.15 else "refuse" if one < 0.18 else None
    BETWEEN.trouble = trouble
    at_work = 0
    SHOP.sell(KILLS * 3)
    for n in range(KILLS):
        step = f"model.account.invoice.{lock_step[n % 3]}"
        run = SHOP.start("sync", "orders", "--json", "--wait", "20")

        def kill(method, run=run, step=step):
            if method == step:
                run.send_signal(signal.SIGKILL)
        BETWEEN.done = kill
        run.communicate(timeout=120)
        at_work += run.returncode == -signal.SIGKILL
        BETWEEN.done = lambda method: None
        time.sleep(chance.choice((0, 0.7)))
    hits = list(BETWEEN.hits)
    BETWEEN.trouble = lambda method: None
    until(lambda: BETWEEN.held == 0)  # what is under way late arrives
    settle()
    print(f"  {at_work} of {KILLS} killed at work; "
          + ", ".join(f"{sum(h[0] == what for h in hits)} {what}" for what in ("lose", "late", "refuse")), flush=True)
    assert at_work >= KILLS // 2, "the kills miss the work"
    judge()


def test_f2_killed_between_draft_and_post():
    in_peace()
    SHOP.sell(1)
    run = SHOP.start("sync", "orders", "--json", "--wait", "20")
    BETWEEN.done = lambda method: run.send_signal(signal.SIGKILL) if method == "model.account.invoice.create" else None
    run.communicate(timeout=60)
    drafts = [i for i in TRYTON.invoices() if i["state"] == "draft"]
    assert run.returncode == -signal.SIGKILL and len(drafts) == 1, drafts
    in_peace()
    settle()
    posted = [i for i in TRYTON.invoices() if i["id"] == drafts[0]["id"]]
    assert posted and posted[0]["state"] == "posted", "the draft of the first attempt was not finished"
    judge()


def test_session_that_ended():
    in_peace()
    SHOP.sell(2)
    met = set()

    def spoil(method):
        """The first call of each method; what follows upon it is the log-in and the call again."""
        if not method.startswith("model.account.invoice.") or method in met:
            return None
        met.add(method)
        return "session"
    BETWEEN.trouble = spoil
    settle()
    assert not SHOP.jobs("parked") and len(met) > 4, (SHOP.jobs("parked"), met)
    assert BETWEEN.seen.count("common.db.login") >= 2
    in_peace()
    judge()


def test_tryton_restarts():
    in_peace()
    SHOP.sell(2)
    TRYTON.stop()
    SHOP.sync(wait=3, ok=(0, 1, 2))
    TRYTON.start()
    settle()
    judge()


def test_rounding_by_line():
    """Tryton rounds VAT by document; where it is told to do so by line, the sums are the till's all the same."""
    in_peace()
    config = TRYTON.call("account.configuration.search", [], 0, 1, None)
    TRYTON.call("account.configuration.write", config, {"tax_rounding": "line"})
    SHOP.sell(4)
    settle()
    judge()
    TRYTON.call("account.configuration.write", config, {"tax_rounding": "document"})


def test_order_totals_without_rounding_account():
    """Without an account for them, cents that differ park with both sums, and no draft is left."""
    in_peace()
    SHOP.connect(rounding_account="")
    newest = sell_one("0.03")  # 0.02 and 0.01 VAT there; the VAT of 0.02 is nothing in Tryton
    parks(newest, "order.totals", "rounding_account")
    SHOP.connect()
    again()
    settle()
    judge()


def test_what_tryton_would_ask_a_person():
    """A warning of Tryton, and an invoice that is older than the newest: the settings say that both park."""
    in_peace()
    sell_one("12.10")
    settle()
    SHOP.connect(warnings="park")
    order = sell_one("24.20")
    parks(order, "tryton.warning", "warnings")
    SHOP.connect(posted_later="park")
    TRYTON.post_by_hand(datetime.date.today() + datetime.timedelta(days=1))
    again()
    parks(order, "invoice.late", "posted_later")
    SHOP.connect()
    again()
    settle()
    moved = [i for i in TRYTON.invoices() if i["reference"] == order["reference"]]
    assert moved[0]["accounting_date"] > moved[0]["invoice_date"] == order["date"][:10], moved
    judge()


def test_p3_products_and_customers_follow():
    """A product is made once and changed, and so is the customer of an order."""
    in_peace()
    SHOP.write("flows.d/products.conf", trytontest.PRODUCTS)
    assert SHOP.sync("products")["parked"] == 0, SHOP.jobs("parked", "products")

    def known(code):
        row, = TRYTON.call("product.product.search_read", [["code", "=", code]], 0, None, None,
                           ["template.name", "template.list_price", "template.account_category", "identifiers.code"])
        return trytontest.plain(row)
    before = known("1")
    http(f"{SHOP.till}/_sandbox/products/1", json.dumps({"description": "Koffie nu"}))
    SHOP.sync("products")
    after = known("1")
    assert after["id"] == before["id"] and after["template."]["name"] == "Koffie nu", (before, after)
    assert after["template."]["list_price"] == before["template."]["list_price"]
    os.unlink(f"{SHOP.conf}/flows.d/products.conf")

    order = json.loads(http(f"{SHOP.till}/_sandbox/add-orders?n=1&relation=6", "", "POST"))["orders"][0]
    settle()
    mail = [o for o in till(SHOP) if o["id"] == order["id"]][0]["customer"]
    http(f"{SHOP.till}/_sandbox/relations/6", json.dumps({"city": "Zutphen", "telephone": "0575-123456"}))
    http(f"{SHOP.till}/_sandbox/add-orders?n=1&relation=6", "", "POST")
    settle()
    party, = TRYTON.call("party.party.search_read", [["contact_mechanisms.value", "ilike", mail]], 0, None, None,
                         ["addresses.city", "contact_mechanisms.type", "contact_mechanisms.value"])
    assert party["addresses."][0]["city"] == "Zutphen" and len(party["addresses."]) == 1, party
    assert [w["value"] for w in party["contact_mechanisms."] if w["type"] == "phone"] == ["0575-123456"], party
    judge()


def test_o18_cancelled_is_credited_once():
    in_peace()
    order = [o for o in till(SHOP) if o["state"] in ("paid", "delivered")][0]
    SHOP.change(order["id"], cancelled=True)
    lost = ["model.account.invoice.post"]
    BETWEEN.trouble = lambda method: "lose" if method in lost and not lost.remove(method) else None
    settle()
    found = [i for i in TRYTON.invoices() if i["reference"].partition("/")[0] == order["reference"]]
    assert len(found) == 2 and {i["state"] for i in found} == {"posted"}, found
    assert sum(Decimal(i["tax_amount"]) for i in found) == 0, found
    in_peace()
    judge()


def test_closed_period():
    """What is dated in a closed period parks, or is booked in the next one, as the setting says."""
    in_peace()
    order = sell_one("12.10")
    day = order["date"][:10]
    newest = max(i["accounting_date"] or i["invoice_date"] for i in TRYTON.invoices())
    open_ones = TRYTON.call("account.period.search_read", [["state", "=", "open"]], 0, None, [["start_date", "ASC"]],
                            ["start_date", "end_date"])
    closing = [p["id"] for p in trytontest.plain(open_ones) if p["start_date"] <= max(newest, day)]
    TRYTON.call("account.period.close", closing)
    SHOP.connect(closed_period="park")
    parks(order, "period.closed", "closed_period")
    SHOP.connect(closed_period="next")
    again()
    settle()
    found = [i for i in TRYTON.invoices() if i["reference"] == order["reference"]]
    assert found and found[0]["invoice_date"] == day and found[0]["accounting_date"] > max(newest, day), found
    SHOP.connect()
    judge()


def test_secrets_stay_out():
    """Neither the password nor a session stands in an activity or a log."""
    jobs = SHOP.jobs("done")
    told = "".join(SHOP.run("activity", job["job"], "--json").stdout for job in jobs[:20])
    assert "model.account.invoice.create" in told and trytontest.PASSWORD not in told
    with contextlib.closing(sqlite3.connect(f"{TOP}/db/books.sqlite")) as books:
        tokens = [key for key, in books.execute("SELECT key FROM ir_session")]
    assert tokens and not [token for token in tokens if token in told]


if __name__ == "__main__":
    try:
        main([value for name, value in list(globals().items()) if name.startswith("test_")], keep=True)
    finally:
        TRYTON.stop()
        shutil.rmtree(TOP, ignore_errors=True)
