#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kill campaigns, behaviour O5 for every flow: nothing lost, nothing double, the links right, and both sides equal
to the cent, whatever was killed, lost and changed at the same time. KOPPEL_KILLS says how many kills (make chaos:
100), KOPPEL_SEED which ones; without the first it is the slice of make check: few kills, and a flow of each way to
write."""
import csv
import json
import os
import sys
from collections import defaultdict
from decimal import Decimal

import customers
import day_totals
import quotes
import stock
import to_till
from chaostest import campaign, connections, links, parked
from goodstest import Goods
from koppeltest import http, main
from reconcile import accounts_of, reasons
from tradetest import by_account, money, posted, shop_with, till, total

ARTICLES = (1, 2, 3, *range(5, 21))  # of the till that the books have too, and that are ordinary


# ---- Orders of the till, as each kind of document -----------------------------------------------------------

def order_shop(dest, **settings):
    shop = shop_with(dest, "--orders", "0", "--latency-ms", "4", on_cancel="credit", **settings)
    connections(shop)
    shop.tables = {name: dict(row for row in csv.reader(open(os.path.join(shop.conf, f"tables/{name}.csv")))
                              if len(row) == 2) for name in ("vat", "revenue", "vat-accounts", "payment-accounts")}
    http(f"{shop.till}/_sandbox/add-orders?n=40", "", "POST")
    return shop


def new_line(chance, country="NL"):
    # The tables of the example have no row for a low rate elsewhere.
    rates = (1, 2) if country == "NL" else (1,)
    return {"article": chance.choice(ARTICLES), "quantity": str(chance.randint(1, 9)),
            "price": f"{chance.randint(1, 90)}.{chance.randint(0, 99):02}", "vat": chance.choice(rates)}


def change_orders(shop):
    def change(chance):
        orders = till(shop)
        what, order = chance.random(), chance.choice(orders)
        if what < 0.25:
            http(f"{shop.till}/_sandbox/add-orders?n={chance.randint(1, 3)}", "", "POST")
        elif order["state"] == "cancelled":
            return
        elif what < 0.35:
            shop.change(order["id"], cancelled=True)
        elif what < 0.45:
            shop.change(order["id"])  # nothing but another marker
        elif what < 0.6 and order["state"] == "open":
            shop.change(order["id"], fullyPaid=True)
        elif order["vat_method"] == "inclusive" and not any(money(x["delivered"]) for x in order["lines"]):
            shop.change(order["id"], lines=[new_line(chance, order["country"]) for _ in range(chance.randint(1, 3))])
    return change


def sums_of(shop, documents):
    """[without VAT, with VAT] of what was posted for one order. The books multiply the prices of a sales order
    themselves, so that it is one only with VAT, with a line of rounding."""
    excl = total(documents, "amountExclVat") if shop.dest != "sales-order" else None
    return [excl, total(documents, "amountInclVat")]


def one_order(shop, order, off):
    found = posted(shop, order["reference"])
    may = reasons(shop, "order", order, one_payment=shop.dest != "financial-mutation")
    if order["id"] in off:
        reason = off[order["id"]][0]
        assert f"parked/{reason}" in may, (order["reference"], off[order["id"]], may, found)
    elif order["state"] in ("open", "cancelled"):
        assert not found or sum_is_zero(shop, found), (told(shop, order), order, found)
    elif shop.dest == "financial-mutation":
        sums = defaultdict(Decimal)
        accounts_of(shop, order, sums)
        want = {int(a): amount for a, amount in sums.items() if amount}
        assert by_account(found) == want, (order["reference"], by_account(found), want, told(shop, order))
    else:
        want = [money(order["excl"]) if shop.dest != "sales-order" else None, money(order["incl"])]
        assert sums_of(shop, found) == want, (order["reference"], sums_of(shop, found), want, told(shop, order), found)
        assert len(found) == 1, (order["reference"], "an order that is updated has one document", found)


def told(shop, order):
    """What the program says of an order, for a failure's message."""
    return [(j["job"], state, j["reason"], j["detail"], j.get("remote_id"))
            for state in ("done", "skipped", "parked", "waiting") for j in shop.jobs(state, "orders")
            if j["key"] == order["id"]]


def sum_is_zero(shop, found):
    return not by_account(found) if shop.dest == "financial-mutation" else not any(sums_of(shop, found))


def judge_orders(shop):
    shop.articles = {a["articleNumber"] for a in json.loads(http(shop.books + "/_sandbox/articles"))["articles"]}
    orders = till(shop)
    off = parked(shop, "orders")
    for order in orders:
        one_order(shop, order, off)
    references = {o["id"]: o["reference"] for o in orders}
    key = {"sales-invoice": "description", "sales-order": "reference"}.get(shop.dest, "sourceDocumentNumber")
    strangers = {d[key].partition("/")[0] for d in posted(shop)} - set(references.values())
    assert not strangers, strangers
    of_reference = {reference: ident for ident, reference in references.items()}
    linked = links(shop, "orders", posted(shop), lambda d: {of_reference[d[key].partition("/")[0]]})
    emails = [d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress")]
    double = {e for e in emails if emails.count(e) > 1} - {"dubbel@voorbeeld.example"}
    assert not double, f"debtors were made twice: {double}"
    print(f"  {len(orders)} orders, {len(posted(shop))} documents, {linked} links, {len(off)} parked")


def orders_kill(dest, **settings):
    shop = order_shop(dest, **settings)
    campaign(shop, "orders", change_orders(shop), shop.books, name="orders as " + dest)
    judge_orders(shop)
    shop.close()


def o5_orders_as_sales_invoices():
    orders_kill("sales-invoice", on_change="update")


def o5_orders_as_sales_orders():
    orders_kill("sales-order", on_change="update", rounding_limit="1.00")


def o5_orders_as_mutations():
    orders_kill("financial-mutation", on_change="difference", on_account="INVOICE")


# ---- Invoices and packing slips ----------------------------------------------------------------------------

def o5_invoices():
    shop = shop_with("sales-invoice", "--orders", "0", "--invoices", "60", "--latency-ms", "4", source="invoice",
                     on_change="difference")
    connections(shop)

    def documents():
        return [i for i in json.loads(http(shop.till + "/_sandbox/invoices?full=1"))["invoices"]
                if i["state"] != "draft"]

    def change(chance):
        invoice = chance.choice(documents())
        lines = [new_line(chance, invoice["country"])] if chance.random() < 0.7 else None
        http(f"{shop.till}/_sandbox/invoices/{invoice['id']}", json.dumps({"lines": lines} if lines else {}))

    campaign(shop, "orders", change, shop.books, name="invoices")
    assert not parked(shop, "orders"), parked(shop, "orders")
    names = {i["id"]: "INV-2026-" + i["reference"].rpartition("-")[2] for i in documents()}
    for invoice in documents():
        found = posted(shop, names[invoice["id"]])
        have = [total(found, "amountExclVat"), total(found, "amountInclVat")]
        assert have == [money(invoice["excl"]), money(invoice["incl"])], (invoice["reference"], have, found)
    of_name = {name: ident for ident, name in names.items()}
    links(shop, "orders", posted(shop), lambda d: {of_name[d["description"].partition("/")[0]]})
    shop.close()


def o5_packing_slips():
    shop = shop_with("sales-invoice", "--orders", "0", "--latency-ms", "4", source="packing-slip")
    connections(shop)
    http(f"{shop.till}/_sandbox/add-orders?n=40", "", "POST")

    def slips():
        return json.loads(http(shop.till + "/_sandbox/packing-slips?full=1"))["packing-slips"]

    def change(chance):
        order = json.loads(http(f"{shop.till}/_sandbox/orders/{chance.choice(shop.orders())['id']}"))
        if chance.random() < 0.2:
            http(f"{shop.till}/_sandbox/add-orders?n=2", "", "POST")
        elif order["state"] == "cancelled":
            return
        elif chance.random() < 0.2 and order["slips"]:
            http(f"{shop.till}/_sandbox/packing-slips/{order['slips'][0]}", "{}")
        elif order["state"] != "delivered":
            if order["state"] == "open":
                shop.change(order["id"], fullyPaid=True)
            shop.change(order["id"], deliver=True)

    campaign(shop, "orders", change, shop.books, name="packing slips")
    off = parked(shop, "orders")
    shop.articles = {a["articleNumber"] for a in json.loads(http(shop.books + "/_sandbox/articles"))["articles"]}
    names = {}
    for slip in slips():
        if not any(line["article"] for line in slip["lines"]):
            assert not posted(shop, "PS-2026-" + slip["reference"].rpartition("-")[2]), slip
            continue
        names[slip["id"]] = "PS-2026-" + slip["reference"].rpartition("-")[2]
        found = posted(shop, names[slip["id"]])
        if slip["id"] in off:
            may = reasons(shop, "packing-slip", dict(slip, payments=[]), True) | {"parked/map.unmapped"}
            assert f"parked/{off[slip['id']][0]}" in may, off[slip["id"]]
            assert not found, found
            continue
        assert len(found) == 1 and money(found[0]["amountInclVat"]) == money(slip["incl"]), (slip, found)
    of_name = {name: ident for ident, name in names.items()}
    links(shop, "orders", posted(shop), lambda d: {of_name[d["description"]]})
    shop.close()


# ---- Days --------------------------------------------------------------------------------------------------

def o5_day_totals():
    shop = day_totals.shop_with("--latency-ms", "4")
    connections(shop)

    def change(chance):
        day = chance.choice([d for d in day_totals.days(shop) if d["receipts"]])
        price = f"{chance.randint(1, 40)}.{chance.randint(0, 99):02}"
        day_totals.change_day(shop, day, closed=False, add_receipt={"type": "receipt", "lines": [
            {"article": chance.choice(ARTICLES), "quantity": "1", "price": price, "vat": 1, "group": 1}]})
        day_totals.change_day(shop, day, closed=True)

    campaign(shop, "day-totals", change, shop.books)
    assert not parked(shop, "day-totals"), parked(shop, "day-totals")
    day_totals.agrees(shop)
    shop.close()


# ---- Customers ---------------------------------------------------------------------------------------------

CITIES = ("Zutphen", "Zeist", "Goes", "Assen", "Venlo")
ORDINARY = [n for n in range(10, 40)]  # relations with an e-mail address of their own


def o5_customers():
    shop = customers.shop_with(customers.TO_BOOKS, orders="0")
    connections(shop)

    def change(chance):
        customers.set_relation(shop, chance.choice(ORDINARY), city=chance.choice(CITIES),
                               address=f"Dorpsstraat {chance.randint(1, 99)}")

    campaign(shop, customers.TO_BOOKS, change, shop.books)
    off = parked(shop, customers.TO_BOOKS)
    for row in customers.relations(shop):
        if row["relationNumber"] in ORDINARY and row["email"].strip():
            assert str(row["relationNumber"]) not in off, off[str(row["relationNumber"])]
            there = customers.of_email(shop.debtors(), row["email"].strip())
            assert (there["city"], there["address"]) == (row["city"], row["address"]), (row, there)
    shop.close()


def o5_customers_to_the_till():
    shop = customers.shop_with(customers.TO_TILL, orders="0")
    connections(shop)
    made = []

    def change(chance):
        if chance.random() < 0.3:
            made.append(str(70000 + len(made)))
            customers.set_debtor(shop, made[-1], create=True, name=f"Nieuw {made[-1]}",
                                 emailAddress=f"nieuw{made[-1]}@voorbeeld.example", city="Goes")
        else:
            number = chance.choice(made or ["500002"])
            customers.set_debtor(shop, number, city=chance.choice(CITIES))

    campaign(shop, customers.TO_TILL, change, shop.till)
    debtors = {d["customerNumber"]: d for d in shop.debtors()}
    for number in made + ["500002"]:
        there = customers.of_email(customers.relations(shop), debtors[number]["emailAddress"], "email")
        assert there["city"] == debtors[number]["city"], (debtors[number], there)
    shop.close()


# ---- Goods -------------------------------------------------------------------------------------------------

def set_price(chance):
    return f"{chance.randint(1, 200)}.{chance.randint(0, 99):02}"


def o5_products_to_the_till():
    shop = Goods("--latency-ms", "4")
    shop.to_till()
    connections(shop)
    numbers = [n for n in shop.books_articles() if n.isdigit() and len(n) <= 2 and n not in ("4", "40")]
    made = []

    def change(chance):
        if chance.random() < 0.2:
            made.append(str(810000 + len(made)))
            shop.set_books(made[-1], create=True, description=f"Nieuw {made[-1]}", salesTypeId=1, salesPrice="20.00")
        else:
            number = chance.choice(numbers + made)
            shop.set_books(number, description=f"Naam {chance.randint(1, 99999)}")

    campaign(shop, "products", change, shop.till)
    books, found = shop.books_articles(), shop.till_articles()
    all_numbers = [a["articleNumber"] for product in shop.till_products() for a in product["articles"]]
    assert len(all_numbers) == len(set(all_numbers)), "an article is there twice"
    for number in numbers + made:
        assert found[number]["description"] == books[number]["description"], (number, found[number], books[number])
    shop.till_groups()  # fails where one is there twice
    shop.close()


def o5_products_to_the_books():
    shop = Goods("--latency-ms", "4")
    shop.to_books()
    connections(shop)
    numbers = [str(n) for n in range(5, 30)]

    def change(chance):
        shop.set_till(chance.choice(numbers), description=f"Naam {chance.randint(1, 99999)}")

    campaign(shop, "products-to-books", change, shop.books)
    books, found = shop.books_articles(), shop.till_articles()  # fails where a number is there twice
    assert set(found) <= set(books), set(found) - set(books)
    for number in numbers:
        assert found[number]["description"] == books[number]["description"], (number, found[number], books[number])
    shop.close()


def o5_stock():
    shop = stock.shop_with("--latency-ms", "4")
    connections(shop)
    numbers = [n for n in range(1, 30) if n != 4]

    def change(chance):
        stock.put_stock(shop, chance.choice(numbers), chance.randrange(100), reserved=chance.randrange(3))

    campaign(shop, "stock", change, shop.till)
    books = {r["articleNumber"]: r for r in json.loads(http(shop.books + "/_sandbox/articles"))["articles"]}
    for number in numbers:
        want = money(books[str(number)]["currentStock"]) - money(books[str(number)]["reserved"])
        assert stock.level(shop, number) == max(want, Decimal(0)), (number, stock.level(shop, number), want)
    shop.close()


# ---- Quotes, and orders into the till ----------------------------------------------------------------------

def o5_quotes():
    shop, second = quotes.two_tills(proposals="40")
    connections(shop, "till", "second")

    def change(chance):
        quote = chance.choice(quotes.quotes(shop.till))
        if quote["state"] != "open":
            return
        if chance.random() < 0.1:
            quotes.change(shop, quote, cancel=True)
        else:
            quotes.change(shop, quote, lines=[dict(new_line(chance), group=1)])

    campaign(shop, "quotes", change, second.url)
    assert not parked(shop, "quotes"), parked(shop, "quotes")
    made = [q for q in quotes.quotes(second.url) if q["made"]]
    copies = {q["external"]: q for q in made}
    assert len(copies) == len(made), "a quote is there twice"
    for quote in quotes.quotes(shop.till):
        copy = copies.pop(quotes.number(quote), None)
        if quote["state"] == "cancelled":
            assert not copy or copy["state"] == "cancelled", (quote, copy)
        else:
            assert (copy["excl"], copy["incl"]) == (quote["excl"], quote["incl"]), (quote, copy)
    assert not copies, copies
    quotes.finish(shop, second)


def o5_orders_into_the_till():
    shop = to_till.shop_with("--sales-orders", "40", "--latency-ms", "4",
                             settings='on_change = "update";')
    connections(shop)

    def change(chance):
        lines = [to_till.line(chance.choice(ARTICLES[:-1]), chance.randint(1, 9), set_price(chance))
                 for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.4:
            to_till.add(shop, *lines, debtor=chance.choice(("10003", "500001", "500002")))
            return
        order = chance.choice(to_till.sales_orders(shop))
        if order["status"] == 1:
            to_till.change(shop, order, lines=lines)

    counts = campaign(shop, to_till.FLOW, change, shop.till)
    to_till.none_lost_none_double(shop, counts)
    links(shop, to_till.FLOW, to_till.made(shop), lambda d: {d["external"]})
    shop.close()


# Documents that are updated, corrected, found by an id of ours, sent under a key, written over; and shared cards.
SLICE = (o5_orders_as_sales_invoices, o5_orders_as_mutations, o5_quotes, o5_orders_into_the_till, o5_stock,
         o5_customers)

if __name__ == "__main__":
    every = [value for name, value in list(globals().items()) if name.startswith("o5_")]
    main(every if "KOPPEL_KILLS" in os.environ or sys.argv[1:] else SLICE)
