#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The proof of the money: many generated documents go through the program, and the totals of the till
and of the books agree to the cent, whatever the till made up. What did not arrive is taken off by name,
and only for a reason that this file finds in the till by itself.

KOPPEL_DOCUMENTS says how many, KOPPEL_SEED which ones (drawn when not set, and printed)."""
import csv
import json
import os
import random
import time
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from koppeltest import Shop, http, main

DOCUMENTS = int(os.environ.get("KOPPEL_DOCUMENTS", "1000"))
SEED = int(os.environ.get("KOPPEL_SEED", random.randrange(1 << 30)))
CENT = Decimal("0.01")
# Both ways to show a discount come to the same; a run tries one.
DISCOUNTS = ("net", "line")[SEED % 2]
FLOW = '''name = "orders";
from = {{ connection = "till"; entity = "{source}"; }};
to = {{ connection = "books"; entity = "{dest}"; }};
filter = ( {{ field = "state"; in = [ {states} ]; }} );
references = {{ customer = {{ match = [ "email" ]; missing = "create"; existing = "update"; }}; }};
settings = {{ discounts = "{discounts}"; }};
tables = {{
  revenue_account = "tables/revenue.csv"; vat_account = "tables/vat-accounts.csv"; vat_code = "tables/vat.csv";
  payment_account = "tables/payment-accounts.csv"; sales_type = "tables/sales-types.csv";
  payment_condition = "tables/payment.csv"; delivery_method = "tables/delivery.csv";
}};
'''


def shop_for(source, dest, *args):
    states = '"paid", "delivered"' if source == "order" else '"open", "paid"'
    shop = Shop("--relations", "200", "--articles", "120", "--awkward", "--seed", str(SEED), *args,
                flow=FLOW.format(source=source, dest=dest, states=states, discounts=DISCOUNTS))
    shop.tables = {name: dict(row for row in csv.reader(open(os.path.join(shop.conf, f"tables/{name}.csv")))
                              if len(row) == 2) for name in ("vat", "revenue", "vat-accounts", "payment-accounts")}
    return shop


def run(shop):
    """Everything read is settled, and a second run sends nothing."""
    began = time.time()
    counts = shop.sync(wait=90)
    while counts["pending"] or counts["waiting"]:
        assert time.time() - began < 900, counts
        counts = shop.sync(wait=90)
    print(f"  seed {SEED}, discounts {DISCOUNTS}: {counts['read']} read, {counts['done']} done, {counts['skipped']} skipped, "
          f"{counts['parked']} parked in {time.time() - began:.0f} s")
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"], counts
    before = shop.stats(shop.books)
    assert shop.sync()["done"] == counts["done"] and shop.stats(shop.books) == before
    return counts


def shown(url, what):
    return json.loads(http(f"{url}/_sandbox/{what}"), parse_float=Decimal)


def money(value):
    return Decimal(str(value))


def region_of(doc):
    return "shifted" if doc["vat_method"] == "shifted" else doc["country"]


def reasons(shop, source, doc, one_payment):
    """Why a document may be missing in the books, as far as the till tells."""
    lines, payments = doc["lines"], doc["payments"]
    checks = {
        "skipped/cancelled": doc["state"] == "cancelled",
        "skipped/filtered": source == "order" and doc["state"] == "open",
        "parked/article.missing": any(str(x["article"]) not in shop.articles for x in lines if x["article"]),
        "parked/map.unmapped": any(p["method"] == "CRYPTO" for p in payments),
        "parked/order.payments": one_payment and len(payments) > 1,
        "parked/customer.key": not doc["customer"].strip(),
    }
    return {name for name, holds in checks.items() if holds}


def arrived(shop, source, one_payment):
    """The till's documents that are in the books; every other one has a right reason."""
    shop.articles = {a["articleNumber"] for a in shown(shop.books, "articles")["articles"]}
    route = source + "s"
    docs = shown(shop.till, f"{route}?full=1")[route]
    till = shown(shop.till, "totals")[route]["all"]
    assert till["count"] == len(docs), till
    for name in ("excl", "incl"):
        assert sum(money(d[name]) for d in docs) == money(till[name]), name
    jobs = {}
    for state in ("done", "skipped", "parked"):
        jobs.update({job["key"]: (state, job.get("reason") or "", job.get("detail")) for job in shop.jobs(state)})
    there, off = [], defaultdict(int)
    for doc in docs:
        if doc["state"] == "draft":
            assert doc["id"] not in jobs, doc
            continue
        state, reason, detail = jobs.pop(doc["id"])
        may = reasons(shop, source, doc, one_payment)
        if state == "done":
            assert not may, (doc["reference"], may)
            there.append(doc)
            continue
        assert f"{state}/{reason}" in may, (doc["reference"], state, reason, detail)
        off[f"{state}/{reason}"] += 1
    assert not jobs, jobs
    print("  taken off: " + (", ".join(f"{n} {name}" for name, n in sorted(off.items())) or "none"))
    return there


def by_code(shop, docs):
    """Per VAT code of the books: [excl, VAT] as the till has them."""
    sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for doc in docs:
        for group in doc["vat"]:
            code = shop.tables["vat"][f"{region_of(doc)}|{group['rate']}"]
            sums[code][0] += money(group["excl"])
            sums[code][1] += money(group["vat"])
    return sums


def same_codes(expected, found):
    found = {code: [money(v["excl"]), money(v["vat"])] for code, v in found.items()}
    for code in set(expected) | set(found):
        zero = [Decimal(0), Decimal(0)]
        assert expected.get(code, zero) == found.get(code, zero), (code, expected.get(code), found.get(code))


def name_the_difference(docs, posted):
    """Where the sums differ, which documents do."""
    for doc in docs:
        for name, other in (("excl", "amountExclVat"), ("incl", "amountInclVat")):
            there = posted.get(doc["reference"], {})
            assert money(doc[name]) == money(there.get(other, "0")), (doc["reference"], name, doc, there)


def invoices_agree(source, *args):
    shop = shop_for(source, "sales-invoice", *args)
    run(shop)
    docs = arrived(shop, source, one_payment=True)
    posted = {i["description"]: i for i in shown(shop.books, "invoices")["invoices"]}
    wanted = {("INV-2026-" + d["reference"].rpartition("-")[2]) if source == "invoice" else d["reference"]: d
              for d in docs}
    assert set(posted) == set(wanted), set(posted) ^ set(wanted)
    for reference, doc in wanted.items():
        doc["reference"] = reference
    name_the_difference(docs, posted)
    books = shown(shop.books, "totals")["sales_invoices"]
    assert books["count"] == len(docs), books
    for name in ("excl", "incl"):
        assert money(books[name]) == sum(money(d[name]) for d in docs), (name, books)
    same_codes(by_code(shop, docs), books["by_vat_code"])
    print(f"  {books['count']} documents: {books['excl']} + {books['vat']} = {books['incl']} on both sides")
    shop.close()


def orders_become_sales_invoices():
    invoices_agree("order", "--orders", str(DOCUMENTS))


def invoices_become_sales_invoices():
    invoices_agree("invoice", "--orders", "0", "--invoices", str(DOCUMENTS))


def orders_become_sales_orders():
    """The books compute the VAT of an order themselves; a rounding line explains every difference."""
    shop = shop_for("order", "sales-order", "--orders", str(DOCUMENTS))
    shop.replace("connections.d/books.conf", "settings = {", "settings = { price_places = 4;")
    run(shop)
    docs = arrived(shop, "order", one_payment=True)
    posted = {o["reference"]: o for o in shown(shop.books, "sales-orders")["sales_orders"]}
    assert set(posted) == {d["reference"] for d in docs}
    expected = defaultdict(lambda: [Decimal(0), Decimal(0)])
    rounded = 0
    for doc in docs:
        left = Decimal(0)
        for group in doc["vat"]:
            excl, vat = money(group["excl"]), money(group["vat"])
            own = (excl * money(group["rate"]) / 100).quantize(CENT, ROUND_HALF_UP)
            code = shop.tables["vat"][f"{region_of(doc)}|{group['rate']}"]
            expected[code][0] += excl
            expected[code][1] += own
            left += vat - own
        order = posted[doc["reference"]]
        lines = [x for x in order["lines"]["_data"] if x["description"] == "Afronding"]
        assert sum(money(x["amount"]) for x in lines) == left and len(lines) == (left != 0), (doc, lines)
        rounded += left != 0
        for line in lines:
            expected[line["vatCode"]][0] += money(line["amount"])
        assert money(order["amountInclVat"]) == money(doc["incl"]), (doc, order)
    books = shown(shop.books, "totals")["sales_orders"]
    assert books["count"] == len(docs), books
    assert money(books["incl"]) == sum(money(d["incl"]) for d in docs), books
    same_codes(expected, books["by_vat_code"])
    print(f"  {books['count']} documents: {books['incl']} on both sides, {rounded} with a rounding line")
    shop.close()


def accounts_of(shop, doc, sums):
    """What a document ought to do to the ledger, from the till alone."""
    # what is no revenue: goods of others, sold on
    apart = {"gift-card": 11, "deposit": 10}
    apart = {name: sum(money(x["excl"]) for x in doc["lines"] if x["group"] == group) for name, group in apart.items()}
    # shipping is, wherever it goes to, on an account of its own
    shipping = defaultdict(Decimal)
    for line in doc["lines"]:
        shipping[money(line["rate"])] += money(line["excl"]) if line["group"] == 12 else 0
    sums[shop.tables["revenue"]["group|12"]] -= sum(shipping.values())
    for group in doc["vat"]:
        rate = money(group["rate"])
        excl = money(group["excl"]) - shipping[rate] - (sum(apart.values()) if rate == 0 else 0)
        sums[shop.tables["revenue"][f"{region_of(doc)}|{group['rate']}"]] -= excl
        if money(group["vat"]):
            code = {"21.00": "1", "9.00": "2"}[group["rate"]]
            sums[shop.tables["vat-accounts"][code]] -= money(group["vat"])
    for name, amount in apart.items():
        sums[shop.tables["revenue"][name]] -= amount
    sums["1300"] += money(doc["incl"])
    for payment in doc["payments"]:
        sums[shop.tables["payment-accounts"][payment["method"]]] += money(payment["amount"])
        sums["1300"] -= money(payment["amount"])


def orders_become_mutations():
    shop = shop_for("order", "financial-mutation", "--orders", str(DOCUMENTS))
    run(shop)
    docs = arrived(shop, "order", one_payment=False)
    entries = shown(shop.books, "journal-entries")["journal_entries"]
    for entry in entries:
        assert sum(money(line["amount"]) for line in entry["lines"]["_data"]) == 0, entry
    assert sorted(e["sourceDocumentNumber"] for e in entries) == sorted(d["reference"] for d in docs)
    sums = defaultdict(Decimal)
    for doc in docs:
        accounts_of(shop, doc, sums)
    books = shown(shop.books, "totals")["journal_entries"]
    assert books["count"] == len(docs) and books["debit"] == books["credit"], books
    found = {account: money(amount) for account, amount in books["by_ledger_account"].items()}
    off = {account: sums[account] - found.get(account, 0) for account in set(sums) | set(found)}
    # a cent that a VAT rate's sum has more than its lines have is on one of them, which may be shipping's
    cents = sum(line["group"] == 12 for doc in docs for line in doc["lines"]) * Decimal("0.01")
    rows = {account for key, account in shop.tables["revenue"].items() if "|" in key}
    assert sum(off[account] for account in rows & set(off)) == 0, off
    assert all(abs(off[account]) <= (cents if account in rows else 0) for account in off), off
    print(f"  {books['count']} documents: {books['debit']} debit and credit, equal on "
          f"{len(found)} ledger accounts")
    shop.close()


if __name__ == "__main__":
    main([orders_become_sales_invoices, orders_become_sales_orders, orders_become_mutations,
          invoices_become_sales_invoices])
