#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The other two document types of the books, sales orders and financial mutations: behaviours O7, O25
to O29, O34."""
import json
from decimal import Decimal

from koppeltest import Shop, http, main

FLOW = '''name = "orders";
from = {{ connection = "till"; entity = "order"; }};
to = {{ connection = "books"; entity = "{entity}"; }};
filter = ( {{ field = "state"; in = [ "paid", "delivered" ]; }} );
settings = {{ {settings} }};
tables = {{
  revenue_account = "tables/revenue.csv"; vat_account = "tables/vat-accounts.csv"; vat_code = "tables/vat.csv";
  payment_account = "tables/payment-accounts.csv"; sales_type = "tables/sales-types.csv";
  payment_condition = "tables/payment.csv"; delivery_method = "tables/delivery.csv";
}};
'''


def shop_with(entity, *args, settings=""):
    return Shop(*args, flow=FLOW.format(entity=entity, settings=settings))


def entries(shop):
    return json.loads(http(shop.books + "/_sandbox/journal-entries"))["journal_entries"]


def lines(entry):
    return entry["lines"]["_data"]


def o7_mutations_balance_and_use_the_countrys_account():
    shop = shop_with("financial-mutation", "--orders", "120", "--relations", "40")
    first = shop.sync()
    found = entries(shop)
    assert first["done"] == len(found) > 90, (first, len(found))
    for entry in found:
        assert sum(Decimal(str(line["amount"])) for line in lines(entry)) == 0, entry
    accounts = {line.get("ledgerAccountId") for entry in found for line in lines(entry)}
    assert {8000, 8010, 1500, 1510} <= accounts and accounts & {8100, 8200}, accounts
    requests = shop.stats(shop.books)
    again = shop.sync()
    assert again["done"] == first["done"] and shop.stats(shop.books) == requests, again
    shop.close()


if __name__ == "__main__":
    main([o7_mutations_balance_and_use_the_countrys_account])
