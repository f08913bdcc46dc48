#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What becomes of a sale in each kind of document of the books: behaviours O7, O8, O21 and O25 to O34."""
import os
import re
from decimal import Decimal

from koppeltest import main
from orders_more import Proxy
from tradetest import (BELGIAN_COMPANY, BELGIAN_CONSUMER, KINDS, by_account, job, line, money, of_till, one, posted,
                       sell, shop_with, soap, till, total)

HIGH, LOW = 1, 2       # VAT codes of the till
DEPOSIT, CARD, SHIPPING = 10, 11, 12   # its turnover groups


def o7_mutations_balance_and_use_the_countrys_account():
    shop = shop_with("financial-mutation", "--orders", "120")
    first = shop.sync()
    found = posted(shop)
    assert first["done"] == len(found) > 90, (first, len(found))
    for entry in found:
        assert total(entry["lines"], "amount") == 0, entry
    requests = shop.stats(shop.books)
    again = shop.sync()
    assert again["done"] == first["done"] and shop.stats(shop.books) == requests, again
    shop.close()


def o7_each_country_and_code_has_its_account():
    shop = shop_with("financial-mutation")
    goods = [line(1, 2, "12.10", vatCode=HIGH), line(2, 1, "10.90", vatCode=LOW)]
    cases = ((sell(shop, *goods), {8000: -20, 8010: -10, 1500: "-4.20", 1510: "-0.90", 1010: "35.10"}),
             (sell(shop, goods[0], relation=BELGIAN_CONSUMER), {8100: -20, 1500: "-4.20", 1010: "24.20"}),
             (sell(shop, line(1, 2, priceExcl=1000), relation=BELGIAN_COMPANY, method="SHIFTED"),
              {8200: -20, 1010: 20}),
             (sell(shop, goods[0], pay={"CASH": "4.20", "IDEAL": 20}),
              {8000: -20, 1500: "-4.20", 1000: "4.20", 1020: 20}),
             (sell(shop, goods[0], paymentMethod="INVOICE"), {8000: -20, 1500: "-4.20", 1300: "24.20"}))
    shop.sync()
    for order, accounts in cases:
        entry = one(shop, order["reference"])
        assert by_account([entry]) == {k: money(v) for k, v in accounts.items()}, (order, entry)
        owed = [row for row in entry["lines"] if row["debtorId"]]
        assert money(owed[0]["amount"]) == money(order["incl"]) and total(owed, "amount") == 0, owed
    shop.close()


def o8_an_order_that_nobody_invoiced_follows_the_configuration():
    for settings in ({}, {"uninvoiced": "park"}):
        shop = shop_with("sales-invoice", **settings)
        order, invoiced = sell(shop, line(1, 1, "12.10")), sell(shop, line(1, 1, "24.20"), invoiced=True)
        assert invoiced["invoices"] and not order["invoices"], (order, invoiced)
        shop.sync()
        made = one(shop, invoiced["reference"])
        assert made["date"][:10] == invoiced["date"] and not made.get("invoiceNumber"), made
        if settings:
            parked = job(shop, order, "parked")
            assert parked["reason"] == "order.type" and "order type not possible" in parked["detail"], parked
            assert parked["remedy"] and len(posted(shop)) == 1
        else:
            assert money(one(shop, order["reference"])["amountInclVat"]) == Decimal("12.10")
            # Being invoiced later is no change of what was sent.
            soap(shop, "deliverOrder", {"request": {"orderId": order["id"],
                                                    "turnoverType": "DELIVER-ORDER-TURNOVER-TYPE-INVOICE"}})
            assert of_till(shop, order["id"])["invoices"]
            shop.sync()
            assert job(shop, order, "skipped")["reason"] == "unchanged" and len(posted(shop)) == 2
        shop.close()


def o8_date_and_number_of_the_invoice_are_as_configured():
    shop = shop_with("sales-invoice", invoice_date="delivery", invoice_number="document")
    order = sell(shop, line(1, 1, "12.10"), deliveryDate={"day": 3, "mon": 7, "year": 2026})
    invoiced = sell(shop, line(1, 1, "12.10"), invoiced=True)
    shop.sync()
    made = one(shop, order["reference"])
    assert made["date"][:10] == "2026-07-03" and made["bookperiod"] == 7, made
    assert made["invoiceNumber"] == order["reference"], made
    made, number = one(shop, invoiced["reference"]), of_till(shop, invoiced["invoices"][0], "invoices")["reference"]
    assert made["date"][:10] == invoiced["date"], made
    assert made["invoiceNumber"].rpartition("-")[2] == number.rpartition("-")[2], (made, number)
    shop.close()


def another_total(cents):
    """The till's totals come to so many cents more than its lines."""
    def change(text):
        for name in ("totalInclAmount", "totalExclAmount", "exclAmount"):
            text = re.sub(rf"({name}>)(-?\d+)<", lambda m: f"{m.group(1)}{int(m.group(2)) + cents}<", text, count=1)
        return text
    return change


def o21_what_the_till_rounded_is_a_line_on_its_own_account():
    for dest in ("sales-invoice", "financial-mutation"):
        for cents, limit, arrives in ((3, "0.05", True), (-4, "0.05", True), (8, "0.05", False), (8, "0.10", True)):
            shop = shop_with(dest, rounding_account="8900", rounding_limit=limit)
            order = sell(shop, line(1, 1, "12.10", vatCode=HIGH))
            proxy = Proxy(shop.till, answer=another_total(cents))
            shop.replace("connections.d/till.conf", shop.till, proxy.url)
            shop.sync()
            if arrives:
                rows = one(shop, order["reference"])["lines"]
                off = [money(row["amount"]) for row in rows if row.get("ledgerAccountId") == 8900]
                assert off == [(1 if dest == "sales-invoice" else -1) * Decimal(cents) / 100], (cents, rows)
            else:
                parked = job(shop, order, "parked")
                assert parked["reason"] == "order.totals" and "rounding limit" in parked["detail"], parked
                assert not posted(shop)
            proxy.close()
            shop.close()


def o21_many_small_lines_come_to_the_tills_total():
    """The books compute orders themselves: the line of rounding is the difference, and no more."""
    shop = shop_with("sales-order")
    thirds = sell(shop, *[line(1, 1, "0.33", vatCode=HIGH) for _ in range(20)])
    many = sell(shop, line(1, 97, "0.07", vatCode=HIGH))
    shop.sync()
    for order in (thirds, many):
        made = one(shop, order["reference"])
        assert money(made["amountInclVat"]) == money(order["incl"]), (order, made)
        rounding = [row for row in made["lines"] if row["description"] == "Afronding"]
        assert len(rounding) <= 1 and abs(total(rounding, "amount")) <= Decimal("0.05"), made
    # The till's total cannot be had from a price with four decimals, however it is rounded.
    far = sell(shop, line(1, 12345, "0.07", vatCode=HIGH))
    shop.sync()
    parked = job(shop, far, "parked")
    assert parked["reason"] == "order.totals" and "rounding limit" in parked["detail"], parked
    shop.close()


def o21_prices_in_cents_come_to_the_tills_total():
    """What the cents of a price leave out is in the line of rounding, up to the limit."""
    shop = shop_with("sales-order", places=2)
    few = sell(shop, line(1, 3, "11.11", vatCode=HIGH), line(2, 1, "2.99", vatCode=HIGH))
    many = sell(shop, line(1, 20, "0.33", vatCode=HIGH))
    shop.sync()
    made = one(shop, few["reference"])
    assert all(money(row["price"]) == round(money(row["price"]), 2) for row in made["lines"]), made
    assert money(made["amountInclVat"]) == money(few["incl"]), (few, made)
    parked = job(shop, many, "parked")
    assert parked["reason"] == "order.totals" and "0.07" in parked["detail"] and "rounding limit" in parked["detail"], parked
    assert "price_places" in parked["remedy"], parked
    shop.close()


def o25_two_payments_arrive_or_park():
    for dest in KINDS:
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"), pay={"CASH": 20, "PIN": "4.20"})
        counts = shop.sync()
        if dest == "financial-mutation":
            accounts = by_account(posted(shop, order["reference"]))
            assert accounts[1000] == 20 and accounts[1010] == Decimal("4.20") and 1300 not in accounts, accounts
        else:
            parked = job(shop, order, "parked")
            assert parked["reason"] == "order.payments" and "2 ways" in parked["detail"] and parked["remedy"], parked
            assert counts["done"] == 0 and not posted(shop)
        shop.close()


def o26_the_delivery_method_goes_through_its_table():
    shop = shop_with("sales-order")
    order = sell(shop, line(1, 1, "12.10"), line(37, 1, "5.95", "Verzendkosten", turnoverGroup=SHIPPING, vatCode=HIGH),
                 deliveryMethod="BEZORGEN")
    shop.sync()
    made = one(shop, order["reference"])
    assert made["deliveryText"] == "Bezorgen", made
    cost = [row for row in made["lines"] if "Verzend" in row["description"]]
    assert len(cost) == 1 and cost[0]["articleId"] and cost[0]["vatCode"] == "1", made
    assert money(cost[0]["amount"]) == Decimal("4.92") and money(made["amountInclVat"]) == Decimal("18.05"), made
    with open(os.path.join(shop.conf, "tables/delivery.csv"), "w") as table:
        table.write("AFHALEN,Afhalen\n")
    unknown = sell(shop, line(1, 1, "12.10"), deliveryMethod="BEZORGEN")
    shop.sync()
    parked = job(shop, unknown, "parked")
    assert parked["reason"] == "map.unmapped" and "BEZORGEN" in parked["detail"], parked
    with open(os.path.join(shop.conf, "tables/delivery.csv"), "a") as table:
        table.write("*,Overig\n")
    shop.run("retry", "--all", "--flow", "orders")
    shop.sync()
    assert one(shop, unknown["reference"])["deliveryText"] == "Overig"
    shop.close()


def o27_discounts_come_to_the_tills_net_totals():
    cases = ([line(1, 3, "8.99", originalPrice="9.99", discountPercentage="10.01")],
             [line(1, 2, "7.49", originalPrice="9.99", discountAmount="2.50")],
             [line(1, 1, "0.00", originalPrice="9.99", discountPercentage=100)],
             [line(1, 4, "9.99"), line(40 - 1, 1, "-3.33", "Korting op de bestelling", turnoverGroup=1, vatCode=HIGH)])
    for dest in KINDS:
        for split in ("net", "line"):
            shop = shop_with(dest, discounts=split)
            orders = [sell(shop, *rows) for rows in cases]
            shop.sync()
            for n, order in enumerate(orders):
                made = one(shop, order["reference"])
                if dest != "financial-mutation":
                    assert money(made["amountInclVat"]) == money(order["incl"]), (dest, split, order, made)
                    shown = [row for row in made["lines"] if re.match(r"(1 x )?Korting( [\d.]+ %)?: ", row["description"])]
                    assert len(shown) == (split == "line" and n < 3), (dest, split, n, made)
                    assert all(money(row["amount"]) < 0 for row in shown)
                else:
                    revenue = -by_account([made]).get(8000, Decimal(0))
                    assert revenue == money(order["excl"]), (split, order, made)
            shop.close()


def o28_a_deposit_stays_a_line_of_its_own():
    for dest in KINDS:
        shop = shop_with(dest)
        order = sell(shop, line(1, 6, "12.10", vatCode=HIGH),
                     line(36, 6, "0.25", "Statiegeld", turnoverGroup=DEPOSIT, vatCode=3))
        shop.sync()
        rows = [row for row in one(shop, order["reference"])["lines"] if "Statiegeld" in row["description"]]
        assert len(rows) == 1 and abs(money(rows[0]["amount"])) == Decimal("1.50"), rows
        assert dest == "financial-mutation" or rows[0]["vatCode"] == "3", rows
        shop.close()


def o29_a_gift_card_is_a_debt_when_sold_and_a_payment_when_used():
    card = line(37, 1, "25.00", "Cadeaukaart", turnoverGroup=CARD, vatCode=3)
    shop = shop_with("financial-mutation")
    sold = sell(shop, card, line(1, 1, "12.10", vatCode=HIGH))
    used = sell(shop, line(1, 1, "12.10", vatCode=HIGH), pay={"GIFTCARD": 10, "PIN": "2.10"})
    shop.sync()
    assert by_account(posted(shop, sold["reference"])) == {1750: -25, 8000: -10, 1500: money("-2.10"), 1010: money("37.10")}
    assert by_account(posted(shop, used["reference"])) == {1750: 10, 8000: -10, 1500: money("-2.10"), 1010: money("2.10")}
    shop.close()
    shop = shop_with("sales-invoice")
    sold = sell(shop, card)
    shop.sync()
    made = one(shop, sold["reference"])
    assert made["lines"][0]["ledgerAccountId"] == 1750 and money(made["vatAmount"]) == 0, made
    shop.close()


def o30_o31_returns_zero_and_negative_totals_are_posted():
    for dest in KINDS:
        shop = shop_with(dest)
        orders = [sell(shop, line(1, 3, "12.10"), line(1, -1, "12.10")),
                  sell(shop, line(1, 1, "12.10"), line(1, -1, "12.10")),
                  sell(shop, line(1, -2, "12.10")),
                  sell(shop, line(1, 1, "0.00")),
                  sell(shop, line(1, 1, "12.10"), line(2, 0, "10.00"))]
        counts = shop.sync()
        assert counts["pending"] == counts["waiting"] == 0, counts
        for order in orders:
            made = one(shop, order["reference"])
            if dest == "financial-mutation":
                assert total(made["lines"], "amount") == 0
                revenue = -by_account([made]).get(8000, Decimal(0))
                assert revenue == money(order["excl"]), (order, made)
            else:
                assert money(made["amountInclVat"]) == money(order["incl"]), (order, made)
        shop.close()


def o33_other_currencies_never_go_as_euros():
    for dest in KINDS:
        shop = shop_with(dest, currency="USD")
        order = sell(shop, line(1, 1, "12.10"))
        debtors = shop.debtors()
        shop.sync()
        parked = job(shop, order, "parked")
        assert parked["reason"] == "order.currency" and "USD" in parked["detail"], parked
        assert not posted(shop) and shop.debtors() == debtors
        shop.close()


def o34_the_delivery_address_is_in_the_document_only():
    elsewhere = {"name": "Magazijn Oost", "address": "Dorpsstraat 12-A bis", "zipcode": "9999 ZZ",
                 "city": "Winterswijk", "country": "NL"}
    for dest in ("sales-invoice", "sales-order"):
        shop = shop_with(dest)
        order = sell(shop, line(1, 1, "12.10"), deliveryAddress=elsewhere, deliveryMethod="BEZORGEN")
        home = sell(shop, line(1, 1, "12.10"))
        shop.sync()
        made = one(shop, order["reference"])
        text = made["deliveryText"] if dest == "sales-order" else made["lines"][0]["description"]
        assert "Magazijn Oost, Dorpsstraat 12-A bis, 9999 ZZ, Winterswijk, NL" in text, made
        assert dest == "sales-invoice" or text.endswith(", Bezorgen"), text
        made = one(shop, home["reference"])
        assert "Winterswijk" not in str(made), made
        assert all("Winterswijk" not in str(d) for d in shop.debtors())
        shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if name[0] == "o" and name[1:2].isdigit()])
