#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sales orders of the books become orders of the till: behaviours O35 to O37, and the way of an order
in that direction."""
import json
import os
import random
from decimal import ROUND_HALF_UP, Decimal

from koppeltest import Shop, http, main
from orders_more import Proxy

FLOW = "orders-to-till"
SHIPPING, ROUNDING = "18", "17"  # articles of the till


def shop_with(*args, settings="", debtors="30"):
    shop = Shop("--orders", "0", "--relations", "40", "--articles", "20", "--awkward", "--debtors", debtors, *args)
    shop.enable(FLOW)
    shop.write("tables/till-articles.csv", f"7,{SHIPPING}\nrounding,{ROUNDING}\n")
    shop.write("tables/books-vat.csv", "1,1\n2,2\n3,3\n4,3\n21,1\n")
    if settings:
        shop.replace(f"flows.d/{FLOW}.conf", "tables = {", f"settings = {{ {settings} }};\ntables = {{")
    return shop


def sync(shop, **more):
    return shop.sync(FLOW, **more)


def sales_orders(shop):
    found = json.loads(http(shop.books + "/_sandbox/sales-orders"))["sales_orders"]
    for order in found:
        order["lines"] = order["lines"]["_data"]
    return found


def add(shop, *lines, debtor="10003", **more):
    """A sales order that is made in the books."""
    body = dict(debtor=debtor, reference="X", paymentConditionId=1, lines=list(lines), **more)
    return json.loads(http(shop.books + "/_sandbox/sales-orders", json.dumps(body)))


def change(shop, order, **what):
    return json.loads(http(f"{shop.books}/_sandbox/sales-orders/{order['id']}", json.dumps(what)))


def line(article, quantity, price, **more):
    return dict(articleNumber=str(article), quantity=str(quantity), price=str(price), **more)


def made(shop):
    return [order for order in shop.orders() if order["made"]]


def of(shop, order):
    """The till's order for one of the books, with its lines."""
    found = [o for o in made(shop) if o["external"] == str(order["id"])]
    assert len(found) == 1, (order["id"], found)
    return json.loads(http(f"{shop.till}/_sandbox/orders/{found[0]['id']}"))


def calls(shop, name):
    return shop.stats(shop.till).get(name, 0)


def job_of(shop, order, state):
    """The last job of an order that ended so."""
    found = [job for job in shop.jobs(state, FLOW) if job["key"] == str(order["id"])]
    assert found, (order, state, shop.jobs("parked"), shop.jobs("waiting"))
    return max(found, key=lambda job: int(job["job"].split("/")[-1]))


def money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


def none_lost_none_double(shop, counts):
    """Every order that can be sent is in the till once and comes to the same; the rest is parked."""
    assert counts["pending"] == 0 and counts["waiting"] == 0, counts
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"], counts
    everything = sales_orders(shop)
    foreign = {str(o["id"]) for o in everything if any(one["vatCode"] == "22" for one in o["lines"])}
    wanted = {str(o["id"]): o for o in everything if o["status"] != 4 and str(o["id"]) not in foreign}
    orders = made(shop)
    assert {o["external"] for o in orders} == set(wanted) and len(orders) == len(wanted), (
        len(orders), len(wanted), len(foreign), counts)
    assert {job["key"] for job in shop.jobs("parked", FLOW)} == foreign, shop.jobs("parked", FLOW)[:3]
    for order in orders:
        books = wanted[order["external"]]
        assert (money(order["excl"]), money(order["incl"])) == (
            money(books["amountExclVat"]), money(books["amountInclVat"])), (order, books)
        vat = sum(money(group["vat"]) for group in order["vat"])
        assert vat == money(books["vatAmount"]), (order, books)


def a_thousand_orders_agree_to_the_cent():
    seed = os.environ.get("KOPPEL_SEED", str(random.randrange(1 << 30)))
    print(f"  seed {seed}")
    shop = shop_with("--sales-orders", "1000", "--seed", seed, debtors="60")
    counts = sync(shop, wait=60)
    assert counts["read"] == 1000, counts
    none_lost_none_double(shop, counts)
    before = calls(shop, "createOrderV3")
    again = sync(shop)
    assert calls(shop, "createOrderV3") == before and calls(shop, "updateOrder") == 0, "a second run sends nothing"
    assert again["read"] == 1000 and again["done"] == counts["done"], again
    shop.close()


def o35_employee_is_999999_unless_set():
    shop = shop_with()
    order = add(shop, line(1, 1, "10.00"))
    sync(shop)
    assert of(shop, order)["employee"] == 999999
    shop.close()


def set_till(shop, settings):
    shop.replace("connections.d/till.conf", "settings = {", "settings = { " + settings)


def o35_unknown_employee_fails_before_anything_is_sent():
    shop = shop_with("--sales-orders", "5")
    set_till(shop, "employee = 4711;")
    done = shop.run("check", "--online", ok=(78,))
    assert 'setting "employee" is "4711"' in done.stderr and "till.conf:" in done.stderr, done.stderr
    done = shop.run("sync", FLOW, ok=None)
    assert done.returncode not in (0, 1) and "4711" in done.stderr, (done.returncode, done.stderr)
    assert not made(shop) and calls(shop, "createOrderV3") == calls(shop, "createRelation") == 0
    shop.close()


def o36_branch_without_workplace_is_refused():
    shop = shop_with()
    set_till(shop, "entry_branch = 2;")
    done = shop.run("check", ok=(78,))
    assert any("till.conf:" in text and "entry_branch" in text and "workplace" in text
               for text in done.stderr.splitlines()), done.stderr
    shop.replace("connections.d/till.conf", "entry_branch = 2;", "entry_branch = 2; workplace = 1;")
    shop.run("check")
    order = add(shop, line(1, 1, "10.00"))
    shop.run("resume", FLOW)
    sync(shop)
    till = of(shop, order)
    assert (till["entry_branch"], till["workplace"]) == (2, 1), till
    shop.close()


def o37_cents_are_integers_rounded_half_up():
    shop = shop_with()
    prices = ["19.99", "2.675", "1.005", "0.015", "1.115", "4.35", "8.2949", "8.295"]
    orders = [add(shop, line(1, 1, price)) for price in prices]
    sync(shop)
    for price, order in zip(prices, orders):
        cents = Decimal(price).quantize(Decimal("0.01"), ROUND_HALF_UP)
        till = of(shop, order)
        assert [Decimal(one["price_excl"]) for one in till["lines"]] == [cents], (price, till["lines"])
        assert money(till["excl"]) == money(order["amountExclVat"]) == cents, (price, till)
    shop.close()


def prices_that_cents_cannot_say_get_a_rounding_line():
    shop = shop_with()
    order = add(shop, line(1, 3, "0.3333"), line(2, 7, "1.1149"), line(3, "0.0123", "50"))
    sync(shop)
    till = of(shop, order)
    assert money(till["excl"]) == money(order["amountExclVat"]) and money(till["incl"]) == money(order["amountInclVat"])
    assert [one["article"] for one in till["lines"]][:3] == [1, 2, 3], till["lines"]
    assert [Decimal(one["quantity"]) for one in till["lines"][:3]] == [3, 7, Decimal("0.0123")], till["lines"]
    rounding = [one for one in till["lines"] if one["article"] == int(ROUNDING)]
    assert len(rounding) == 1 and rounding[0]["text"] == "Afronding", till["lines"]
    shop.write("tables/till-articles.csv", f"7,{SHIPPING}\n")
    order = add(shop, line(1, 3, "0.3333"))
    sync(shop)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "map.unmapped" and '"rounding"' in job["detail"], job
    shop.close()


def text_and_costs_without_an_article():
    shop = shop_with()
    text = dict(salesTypeId=1, quantity="1", price="0", description="Met groet & dank")
    shipping = dict(salesTypeId=7, quantity="1", price="4.95", vatCode="1")
    order = add(shop, line(1, 2, "12.50"), text, shipping)
    sync(shop)
    lines = of(shop, order)["lines"]
    assert [one["article"] for one in lines] == [1, 0, int(SHIPPING)], lines
    assert lines[1]["text"] == "Met groet & dank" and money(lines[1]["price"]) == 0, lines
    assert money(lines[2]["price_excl"]) == money("4.95"), lines
    order = add(shop, line(1, 1, "1.00"), dict(salesTypeId=10, quantity="1", price="3.00", vatCode="1"))
    sync(shop)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "map.unmapped", job
    assert "line_article" in job["detail"] and '"10"' in job["detail"] and "lines 2" in job["detail"], job
    with open(os.path.join(shop.conf, "tables/till-articles.csv"), "a") as table:
        table.write(f"10,{SHIPPING}\n")
    shop.run("retry", job["job"])
    sync(shop)
    assert money(of(shop, order)["excl"]) == money("4.00")
    shop.close()


def vat_method_and_codes_are_explicit():
    shop = shop_with()
    plain = add(shop, line(1, 1, "100.00", vatCode="2"))
    shifted = add(shop, line(1, 1, "100.00", vatCode="4"), debtor="10003")
    sync(shop)
    till = of(shop, plain)
    assert till["vat_method"] == "exclusive" and till["lines"][0]["vat_code"] == 2, till
    assert money(till["incl"]) == money("109.00"), till
    assert job_of(shop, shifted, "parked")["reason"] == "order.shifted", "the customer has no VAT number"
    http(f"{shop.books}/_sandbox/debtors/10003", json.dumps({"vatNumber": "NL123456782B01"}))
    sync(shop)
    till = of(shop, shifted)
    assert till["vat_method"] == "shifted" and money(till["incl"]) == 100, till
    shop.close()


def delivery_and_payment_go_by_table():
    shop = shop_with()
    set_till(shop, 'delivery_method = "AFHALEN";')
    order = add(shop, line(1, 1, "10.00"))
    odd = add(shop, line(1, 1, "10.00"))
    change(shop, odd, paymentConditionId=3)
    shop.write("tables/till-payment.csv", "1,CASH\n")
    sync(shop)
    written = of(shop, order)["written"]
    assert (written["deliveryMethod"], written["paymentMethod"]) == ("AFHALEN", "CASH"), written
    job = job_of(shop, odd, "parked")
    assert job["reason"] == "map.unmapped" and "payment_method" in job["detail"] and '"3"' in job["detail"], job
    shop.write("tables/till-payment.csv", "*,CREDIT-ON-THE-MOON\n")
    done = shop.run("check", "--online", ok=(78,))
    assert "CREDIT-ON-THE-MOON" in done.stderr and "payment" in done.stderr, done.stderr
    shop.close()


def relations(shop):
    return json.loads(http(shop.till + "/_sandbox/relations"))["relations"]


def relation_is_found_or_made_by_the_whole_address():
    """The till finds whatever contains the address; only the same one is the customer."""
    shop = shop_with()
    seen = []

    def loosen(body):
        if b"exactMatch" in body:
            seen.append(body)
        return body.replace(b"exactMatch>true<", b"exactMatch>false<")

    proxy = Proxy(shop.till, body=loosen)
    shop.replace("connections.d/till.conf", f'url = "{shop.till}"', f'url = "{proxy.url}"')
    known = [r for r in relations(shop) if (r.get("email") or "").strip().lower() == "jan@x.nl"]
    if not known:
        known = [r for r in relations(shop) if r.get("email")][5:6]
        http(f"{shop.till}/_sandbox/relations/{known[0]['relationNumber']}", json.dumps({"email": "jan@x.nl"}))
    known = known[0]
    http(f"{shop.books}/_sandbox/debtors/10201",
         json.dumps({"create": True, "name": "An", "emailAddress": "an@x.nl"}))
    # 10003 is "Jan@X.Nl "
    new, old = add(shop, line(1, 1, "10.00"), debtor="10201"), add(shop, line(1, 1, "10.00"), debtor="10003")
    sync(shop)
    assert seen, "the connector asks for an exact match"
    assert of(shop, old)["relation"] == known["relationNumber"]
    assert of(shop, new)["relation"] != known["relationNumber"]
    assert [r["relationNumber"] for r in relations(shop) if r.get("email") == "an@x.nl"] == [of(shop, new)["relation"]]
    proxy.close()
    shop.close()


def article_that_the_till_lacks_parks():
    shop = shop_with("--catalogue", "40")
    known = add(shop, line(1, 1, "10.00"))
    order = add(shop, line(1, 1, "10.00"), line(700504, 1, "5.00"))
    sync(shop)
    assert of(shop, known)["lines"][0]["article"] == 1
    job = job_of(shop, order, "parked")
    assert job["reason"] == "article.missing" and "line 2" in job["detail"] and "700504" in job["detail"], job
    shop.close()


def lost_answers_make_no_second_order():
    shop = shop_with("--sales-orders", "60")
    http(shop.till + "/_sandbox/faults", "ok x3@createOrderV3,drop-answer@createOrderV3,ok x5@createOrderV3,"
         "drop-answer@createOrderV3,drop-answer@createOrderV3,truncate@createRelation,500@createOrderV3")
    counts = sync(shop)
    none_lost_none_double(shop, counts)
    shop.close()


def changed_order_is_updated_while_the_till_allows_it():
    shop = shop_with(settings='on_change = "update";')
    order = add(shop, line(1, 1, "10.00"))
    sync(shop)
    before = of(shop, order)
    changed = change(shop, order, lines=[line(1, 2, "10.00"), line(2, 1, "5.00")])
    sync(shop)
    after = of(shop, order)
    assert after["id"] == before["id"] and len(after["lines"]) == 2, after
    assert money(after["excl"]) == money(changed["amountExclVat"]) == 25, after
    assert calls(shop, "updateOrder") == 1 and calls(shop, "createOrderV3") == 1
    sync(shop)
    assert calls(shop, "updateOrder") == 1, "an unchanged order is not sent again"
    http(f"{shop.till}/_sandbox/orders/{after['id']}", json.dumps({"deliver": True}))
    change(shop, order, lines=[line(1, 3, "10.00")])
    sync(shop)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "changed" and "locked" in job["detail"], job
    assert money(of(shop, order)["excl"]) == 25
    shop.close()


def changed_order_parks_by_default():
    shop = shop_with()
    order = add(shop, line(1, 1, "10.00"))
    sync(shop)
    change(shop, order, lines=[line(1, 2, "10.00")])
    sync(shop)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "changed" and job["remedy"], job
    assert calls(shop, "updateOrder") == 0
    shop.close()


def cancelled_once_and_never_again():
    shop = shop_with(settings='on_cancel = "credit"; on_change = "update";')
    order, early = add(shop, line(1, 1, "10.00")), add(shop, line(1, 1, "10.00"))
    change(shop, early, status=4)
    sync(shop)
    assert [o["external"] for o in made(shop)] == [str(order["id"])], "cancelled before it was sent"
    change(shop, order, status=4)
    http(shop.till + "/_sandbox/faults", "drop-answer@cancelOrder")
    sync(shop)
    assert of(shop, order)["state"] == "cancelled"
    assert calls(shop, "cancelOrder") == 1, "the lost answer is looked up, not asked for again"
    assert job_of(shop, order, "done")["reason"] == "cancelled"
    change(shop, order, description="Nog eens aangeraakt")
    for _ in range(2):
        sync(shop)
    assert of(shop, order)["state"] == "cancelled" and calls(shop, "cancelOrder") == 1, "a second call would undo it"
    shop.close()


def cancelled_alerts_by_default():
    shop = shop_with()
    order = add(shop, line(1, 1, "10.00"))
    sync(shop)
    change(shop, order, status=4)
    sync(shop)
    assert job_of(shop, order, "parked")["reason"] == "cancelled.after"
    assert of(shop, order)["state"] == "open" and calls(shop, "cancelOrder") == 0
    shop.close()


if __name__ == "__main__":
    main([a_thousand_orders_agree_to_the_cent, o35_employee_is_999999_unless_set,
          o35_unknown_employee_fails_before_anything_is_sent, o36_branch_without_workplace_is_refused,
          o37_cents_are_integers_rounded_half_up, prices_that_cents_cannot_say_get_a_rounding_line,
          text_and_costs_without_an_article, vat_method_and_codes_are_explicit, delivery_and_payment_go_by_table,
          relation_is_found_or_made_by_the_whole_address, article_that_the_till_lacks_parks,
          lost_answers_make_no_second_order,
          changed_order_is_updated_while_the_till_allows_it, changed_order_parks_by_default,
          cancelled_once_and_never_again, cancelled_alerts_by_default])
