#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sales documents that change or are cancelled after they were sent: behaviours O17 and O18, and what is
no change at all (O2)."""
import json
from decimal import Decimal

from koppeltest import http, main
from tradetest import KINDS, by_account, job, line, money, of_till, one, posted, sell, shop_with, total

LOCKED = 6  # an invoice that is paid in part


def change(shop, order, **what):
    """Changes the order in the till, and brings it over."""
    shop.change(order["id"], **what)
    shop.sync()
    return of_till(shop, order["id"])


def goods(quantity, price="12.10"):
    return {"id": 1, "article": 1, "quantity": str(quantity), "price": price, "vat": 1}


def sums(shop, documents):
    """What the documents of a sale come to together: [without VAT, with VAT]."""
    if shop.dest == "financial-mutation":
        accounts = by_account(documents)
        net = -accounts.get(8000, Decimal(0)) - accounts.get(8010, Decimal(0))
        return [net, net - accounts.get(1500, Decimal(0)) - accounts.get(1510, Decimal(0))]
    rounding = [row for d in documents for row in d["lines"] if row["description"] == "Afronding"]
    return [total(documents, "amountExclVat") - total(rounding, "amount"), total(documents, "amountInclVat")]


def same_as_till(shop, order):
    assert sums(shop, posted(shop, order["reference"])) == [money(order["excl"]), money(order["incl"])], \
        (order, posted(shop, order["reference"]))


def lock(shop, document):
    route = "invoices" if shop.dest == "sales-invoice" else "sales-orders"
    http(f"{shop.books}/_sandbox/{route}/{document['id']}",
         json.dumps({"status": LOCKED if shop.dest == "sales-invoice" else 2}))


def o17_a_change_updates_the_document_while_that_is_open():
    for dest in ("sales-invoice", "sales-order"):
        shop = shop_with(dest, on_change="update")
        order = sell(shop, line(1, 2, "12.10"), line(2, 1, "10.90"))
        shop.sync()
        before = one(shop, order["reference"])
        order = change(shop, order, lines=[goods(3, "11.11"), {"article": 3, "quantity": "1.5", "price": "2.99"}])
        after = one(shop, order["reference"])
        assert after["id"] == before["id"] and len(after["lines"]) >= 2, (before, after)
        same_as_till(shop, order)
        assert job(shop, order, "done")["reason"] == "updated"
        requests = shop.stats(shop.books)
        change(shop, order, touched=True)
        assert shop.stats(shop.books) == requests, "nothing is sent for what did not change"
        shop.close()


def o17_a_locked_document_parks_with_what_differs():
    for dest in ("sales-invoice", "sales-order"):
        shop = shop_with(dest, on_change="update")
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        before = one(shop, order["reference"])
        lock(shop, before)
        order = change(shop, order, lines=[goods(3)])
        parked = job(shop, order, "parked")
        assert parked["reason"] == "changed" and "changed after posting" in parked["detail"], parked
        said = "amountInclVat 24.20 -> 36.30" if dest == "sales-invoice" else "lines 1 quantity 2.00 -> 3.00"
        assert said in parked["detail"] and parked["remedy"], parked
        after = one(shop, order["reference"])
        assert after["lines"] == before["lines"], after
        shop.close()


def o17_without_a_policy_a_change_parks():
    for dest in KINDS:
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        before = one(shop, order["reference"])
        order = change(shop, order, lines=[goods(5)])
        parked = job(shop, order, "parked")
        assert parked["reason"] == "changed" and " -> " in parked["detail"], parked
        assert one(shop, order["reference"]) == before
        # The till takes it back: there is nothing to mend any more.
        order = change(shop, order, lines=[goods(2)])
        assert job(shop, order, "skipped")["reason"] == "unchanged"
        assert not [j for j in shop.jobs("parked") if j["key"] == order["id"]]
        shop.close()


def o17_what_the_document_does_not_say_is_no_change():
    for dest in KINDS:
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"), line(2, 0, "10.90"))
        shop.sync()
        before, counts = one(shop, order["reference"]), shop.sync()
        http(f"{shop.till}/_sandbox/relations/{order['relation']}", json.dumps({"telephone": "030-7654321"}))
        change(shop, order, touched=True)
        assert one(shop, order["reference"]) == before and not shop.jobs("parked"), shop.jobs("parked")
        skipped = job(shop, order, "skipped")
        assert skipped["reason"] == "unchanged" and "the document there" in skipped["detail"], (counts, skipped)
        change(shop, order, touched=True)
        assert job(shop, order, "skipped")["detail"] == "already synced"
        shop.close()


def o6_o17_what_was_delivered_and_is_paid_later_is_no_change_of_an_invoice():
    shop = shop_with("sales-invoice")
    order = sell(shop, line(1, 2, "12.10"), paid=False)
    shop.sync()
    assert not posted(shop)
    change(shop, order, deliver=True)
    before = one(shop, order["reference"])
    change(shop, order, fullyPaid=True)
    assert of_till(shop, order["id"])["state"] == "paid"
    assert one(shop, order["reference"]) == before and not shop.jobs("parked"), shop.jobs("parked")
    assert job(shop, order, "skipped")["reason"] == "unchanged"
    shop.close()


def o17_the_difference_is_posted_and_only_once():
    for dest in KINDS:
        shop = shop_with(dest, on_change="difference")
        order = sell(shop, line(1, 2, "12.10"), line(2, 1, "10.90"))
        shop.sync()
        first = one(shop, order["reference"])
        for lines in ([goods(3, "11.11")], [goods(3, "11.11"), {"article": 2, "quantity": "1", "price": "0.99"}],
                      [goods(1, "0.33"), {"article": 1, "quantity": "7", "price": "0.33"}]):
            order = change(shop, order, lines=lines)
            same_as_till(shop, order)
            assert job(shop, order, "done")["reason"] == "corrected"
        found = posted(shop, order["reference"])
        assert found[0] == first, "what is posted stays as it is"
        order = change(shop, order, touched=True)
        assert len(posted(shop, order["reference"])) == len(found)
        shop.close()


def o17_a_lost_answer_makes_no_second_difference():
    for dest in KINDS:
        shop = shop_with(dest, on_change="difference")
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        shop.faults("drop-answer@POST,drop-answer@POST")
        order = change(shop, order, lines=[goods(3, "0.33")])
        shop.sync()
        same_as_till(shop, order)
        assert len(posted(shop, order["reference"])) == (3 if dest == "sales-order" else 2)
        shop.close()


def o18_a_cancelled_document_is_credited_once():
    for dest in KINDS:
        shop = shop_with(dest, on_cancel="credit")
        order = sell(shop, line(1, 2, "12.10"), line(2, 3, "0.33"), line(3, 1, "9.99"))
        shop.sync()
        first = one(shop, order["reference"])
        order = change(shop, order, cancelled=True)
        both = posted(shop, order["reference"])
        assert len(both) == 2 and both[0]["lines"] == first["lines"], both
        assert sums(shop, both) == [0, 0], both
        key = {"sales-invoice": "description", "sales-order": "reference"}.get(dest, "sourceDocumentNumber")
        assert both[1][key] == order["reference"] + "/2", both
        if dest == "financial-mutation":
            assert not by_account(both), both
        change(shop, order, touched=True)
        assert len(posted(shop, order["reference"])) == 2, "a credit is made once"
        assert not [j for j in shop.jobs("parked") if j["key"] == order["id"]]
        # What is revived in the till does not stand in the books: a person must know.
        change(shop, order, cancelled=False)
        parked = job(shop, order, "parked")
        assert parked["reason"] == "changed" and "credited" in parked["detail"], parked
        shop.close()


def o18_a_lost_answer_makes_no_second_credit():
    for dest in KINDS:
        shop = shop_with(dest, on_cancel="credit")
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        shop.faults("drop-answer@POST")
        change(shop, order, cancelled=True)
        both = posted(shop, order["reference"])
        assert len(both) == 2 and sums(shop, both) == [0, 0], both
        shop.close()


def o18_alert_only_parks_and_names_it():
    for dest in KINDS:
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        change(shop, order, cancelled=True)
        parked = job(shop, order, "parked")
        assert parked["reason"] == "cancelled.after" and parked["remedy"], parked
        assert len(posted(shop, order["reference"])) == 1
        shop.close()


def o18_a_changed_and_then_cancelled_document_comes_to_nothing():
    for dest in KINDS:
        shop = shop_with(dest, on_change="difference", on_cancel="credit")
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        order = change(shop, order, lines=[goods(3, "7.77")])
        change(shop, order, cancelled=True)
        found = posted(shop, order["reference"])
        assert len(found) >= 3 and sums(shop, found) == [0, 0], found
        shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name[0] == "o" and name[1:2].isdigit()])
