#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Orders that change or are cancelled after they were sent: behaviours O17 and O18."""
from decimal import Decimal

from koppeltest import Shop, main


def with_settings(shop, **settings):
    shop.replace("flows.d/orders.conf", "tables = {",
                 "settings = { " + " ".join(f'{k} = "{v}";' for k, v in settings.items()) + " };\ntables = {")


def sent_order(shop):
    """An order that is an invoice, and that invoice."""
    done = next(job for job in shop.jobs("done") if not job.get("reason"))
    return done["key"], invoices_of(shop, shop.activity(done["job"])["attempts"][-1]["activity"]["document"]["description"])[0]


def invoices_of(shop, reference):
    return [i for i in shop.invoices()
            if i["description"] == reference or i["description"].startswith(reference + "/")]


def amounts(invoices, name):
    return sum(Decimal(str(i[name])) for i in invoices)


def o18_cancelled_after_posting_is_credited_once():
    shop = Shop("--orders", "30", "--relations", "20")
    with_settings(shop, on_cancel="credit")
    shop.sync()
    order, invoice = sent_order(shop)
    shop.change(order, cancelled=True)
    shop.sync()
    both = invoices_of(shop, invoice["description"])
    assert [i["description"] for i in both] == [invoice["description"], invoice["description"] + "/2"], both
    for name in ("amountExclVat", "vatAmount", "amountInclVat"):
        assert amounts(both, name) == 0, (name, both)
    assert amounts(both[1]["lines"], "amount") == -amounts(invoice["lines"], "amount")
    shop.change(order)
    after = shop.sync()
    assert len(invoices_of(shop, invoice["description"])) == 2, "a credit is made once"
    assert after["parked"] == 0 or all(j["key"] != order for j in shop.jobs("parked"))
    shop.close()


def o18_a_lost_answer_makes_no_second_credit():
    shop = Shop("--orders", "30", "--relations", "20")
    with_settings(shop, on_cancel="credit")
    shop.sync()
    order, invoice = sent_order(shop)
    shop.change(order, cancelled=True)
    shop.faults("drop-answer@POST")
    shop.sync()
    both = invoices_of(shop, invoice["description"])
    assert len(both) == 2 and amounts(both, "amountInclVat") == 0, both
    shop.close()


def o18_alert_only_parks_and_names_it():
    shop = Shop("--orders", "30", "--relations", "20")
    shop.sync()
    order, invoice = sent_order(shop)
    shop.change(order, cancelled=True)
    shop.sync()
    parked = [j for j in shop.jobs("parked") if j["key"] == order]
    assert parked and parked[0]["reason"] == "cancelled.after" and parked[0]["remedy"], parked
    assert len(invoices_of(shop, invoice["description"])) == 1
    shop.close()


if __name__ == "__main__":
    main([o18_cancelled_after_posting_is_credited_once, o18_a_lost_answer_makes_no_second_credit,
          o18_alert_only_parks_and_names_it])
