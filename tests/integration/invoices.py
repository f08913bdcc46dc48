#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Invoices and packing slips of the till: behaviours O17, O32, O39 and X3."""
import json
import os
from collections import defaultdict
from decimal import Decimal

from koppeltest import http, main
from tradetest import job, line, money, of_till, one, posted, sell, shop_with, till, total

CREDIT, PART_CREDIT, DRAFT = 6, 8, 7  # invoices of the till, by number


def number(document):
    return document["reference"].rpartition("-")[2]


def invoice_shop(*args, **settings):
    return shop_with("sales-invoice", "--orders", "0", "--invoices", "60", *args, source="invoice", **settings)


def o39_invoices_and_credit_invoices_arrive_once():
    shop = invoice_shop("--awkward")
    counts = shop.sync()
    invoices = till(shop, "invoices")
    final = [i for i in invoices if i["state"] != "draft"]
    assert counts["done"] == counts["read"] == len(final) == len(invoices) - 1, counts
    for invoice in final:
        made = one(shop, f"INV-2026-{number(invoice)}")
        assert money(made["amountInclVat"]) == money(invoice["incl"]), (invoice, made)
        assert money(made["vatAmount"]) == sum(money(v["vat"]) for v in invoice["vat"]), (invoice, made)
        assert made["date"][:10] == invoice["date"], made
        credited = f"Credit van INV-2026-{number(of_till(shop, invoice['credits'][0], 'invoices'))}" \
            if invoice.get("credits") else ""
        assert (", Credit van " in made["lines"][0]["description"]) == bool(credited), made
        assert credited in made["lines"][0]["description"], made
    whole = one(shop, f"INV-2026-{CREDIT}")
    assert money(whole["amountInclVat"]) == -money(one(shop, "INV-2026-1")["amountInclVat"]) < 0, whole
    assert Decimal(0) > money(one(shop, f"INV-2026-{PART_CREDIT}")["amountInclVat"])
    assert shop.reconcile()["agree"], shop.reconcile()
    requests = shop.stats(shop.books)
    assert shop.sync()["read"] == counts["read"] and shop.stats(shop.books) == requests
    shop.close()


def o17_a_changed_invoice_follows_the_policy():
    for settings, reason, documents in (({}, "changed", 1), ({"on_change": "update"}, "updated", 1),
                                        ({"on_change": "difference"}, "corrected", 2)):
        shop = invoice_shop(**settings)
        shop.sync()
        invoice = next(i for i in till(shop, "invoices") if number(i) == "20")
        http(f"{shop.till}/_sandbox/invoices/{invoice['id']}",
             json.dumps({"lines": [{"article": 1, "quantity": "3", "price": "12.10", "vat": 1}]}))
        shop.sync()
        assert job(shop, invoice, "parked" if reason == "changed" else "done")["reason"] == reason
        found = posted(shop, "INV-2026-20")
        now = of_till(shop, invoice["id"], "invoices")
        wanted = invoice if reason == "changed" else now
        assert len(found) == documents and total(found, "amountInclVat") == money(wanted["incl"]), found
        shop.close()


def x3_a_faulty_invoice_parks_alone():
    shop = invoice_shop()
    shop.replace("tables/payment.csv", "IDEAL,1\n", "")
    counts = shop.sync()
    parked = shop.jobs("parked")
    assert 0 < counts["parked"] < counts["done"], counts
    assert all(j["reason"] == "map.unmapped" and "IDEAL" in j["detail"] for j in parked), parked
    assert len(posted(shop)) == counts["done"]
    with open(os.path.join(shop.conf, "tables/payment.csv"), "a") as table:
        table.write("IDEAL,1\n")
    shop.run("retry", "--all", "--flow", "orders")
    counts = shop.sync()
    assert counts["parked"] == 0 and counts["done"] == counts["read"] == len(posted(shop)), counts
    shop.close()


# ---- packing slips ----

def slip_shop(**settings):
    return shop_with("sales-invoice", source="packing-slip", **settings)


def o32_each_packing_slip_is_sent_once():
    shop = slip_shop()
    order = sell(shop, line(1, 5, "12.10"), line(2, 2, "10.90"))
    assert shop.sync()["read"] == 0, "nothing was delivered yet"
    first, second = order["lines"]
    seen = 0
    for delivery in ([{"line": first["id"], "quantity": "2"}],
                     [{"line": first["id"], "quantity": "3"}, {"line": second["id"], "quantity": "1"}],
                     [{"line": second["id"], "quantity": "1"}]):
        shop.change(order["id"], deliver=delivery)
        shop.sync()
        seen += 1
        assert len(posted(shop)) == seen
    slips = of_till(shop, order["id"])["slips"]
    assert len(slips) == 3
    found = posted(shop)
    assert {d["description"].rpartition("-")[0] for d in found} == {"PS-2026"}, found
    assert total(found, "amountInclVat") == money(order["incl"]) == Decimal("82.30"), found
    quantities = defaultdict(Decimal)
    for made in found:
        for row in made["lines"]:
            quantity, _, name = row["description"].partition(" x ")
            quantities[name] += money(quantity)
    assert sorted(quantities.values()) == [2, 5], quantities
    requests = shop.stats(shop.books)
    shop.change(order["id"], touched=True)
    shop.sync()
    assert shop.stats(shop.books) == requests and len(posted(shop)) == 3
    shop.close()


def o32_more_than_was_ordered_parks():
    shop = slip_shop()
    order = sell(shop, line(1, 5, "12.10"))
    shop.change(order["id"], deliver=[{"line": order["lines"][0]["id"], "quantity": "4"}])
    shop.sync()
    assert len(posted(shop)) == 1
    shop.change(order["id"], deliver=[{"line": order["lines"][0]["id"], "quantity": "2"}])
    shop.sync()
    parked = shop.jobs("parked")
    assert any(j["reason"] == "order.delivered" and "6 of article 1" in j["detail"] and j["remedy"] for j in parked), parked
    assert len(posted(shop)) == 1
    shop.close()


def o32_without_slips_the_order_goes_once_in_full():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 5, "12.10"))
    shop.sync()
    for quantity in ("2", "3"):
        shop.change(order["id"], deliver=[{"line": order["lines"][0]["id"], "quantity": quantity}])
        shop.sync()
    made = one(shop, order["reference"])
    assert money(made["amountInclVat"]) == money(order["incl"]) and not shop.jobs("parked"), made
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name[0] in "ox" and name[1:2].isdigit()])
