#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mapping rules and settings as users try them (behaviours R and O), driven by configuration files alone."""
import json
from decimal import Decimal

from koppeltest import Shop, main


def writes(shop):
    """How many requests each side got so far, by kind."""
    return shop.stats(shop.till), shop.stats(shop.books)


def r5_a_dry_run_shows_the_way_of_records_and_writes_nothing_anywhere():
    shop = Shop("--orders", "9")
    till, books = writes(shop)
    rows = [json.loads(line) for line in shop.run("preview", "orders", "--limit", "4", "--json").stdout.splitlines()]
    assert len(rows) == 4 and all(row["source"] and row["core"] for row in rows), len(rows)
    sent = [row for row in rows if row["outcome"].startswith("would be ")]
    assert sent and all(row["destination"] for row in sent), [row["outcome"] for row in rows]
    after_till, after_books = writes(shop)
    asked = {name for name in after_books if after_books[name] != books.get(name)}
    assert all(name.endswith(".list") for name in asked), asked
    changed = {name for name in after_till if after_till[name] != till.get(name)}
    assert all(name.startswith("get") for name in changed), changed
    assert not shop.invoices() and not shop.jobs("done")
    assert shop.sync()["read"] == 9, "what was shown is still to be read and delivered"
    made = {invoice["description"]: invoice for invoice in shop.invoices()}
    for row in sent:
        shown, real = row["destination"], made[row["destination"]["description"]]
        assert Decimal(shown["amountInclVat"]) == Decimal(str(real["amountInclVat"])), (shown["amountInclVat"], real)
        assert [line["description"] for line in shown["lines"]] == [line["description"] for line in real["lines"]]


POLICIES = (('unmapped = "park"', "parked", None), ('unmapped = "default"; default = "9"', "sent", "9"),
            ('unmapped = "pass"', "sent", "CHEQUE"))


def o24_each_policy_for_a_value_without_a_row():
    """Default: it parks and names the value to add; else the default, or the value itself."""
    shop = Shop("--orders", "1")
    record = json.loads(shop.run("preview", "orders", "--json").stdout.splitlines()[0])["source"]
    record["paymentList"][0]["method"] = "CHEQUE"
    name = "flows.d/orders.conf"
    text = open(f"{shop.conf}/{name}").read()
    shop.run("test", "orders", "cheque", "--make", record["orderId"])
    path = f"{shop.conf}/flows.d/orders.cases/cheque.in.json"
    json.dump({"source": record}, open(path, "w"))
    for policy, outcome, value in POLICIES:
        shop.write(name, text + f'''map = ( {{ to = "paymentConditionId"; from = "payment_method";
  table = "payment_condition"; {policy}; }} );''')
        done = shop.run("test", "orders", "--json", ok=(0, 1))
        one = json.loads(done.stdout)["cases"][0]
        assert one["got"]["outcome"] == outcome, (policy, one)
        assert one["got"].get("destination", {}).get("paymentConditionId") == value, (policy, one)
        assert value or ('"CHEQUE"' in one["detail"] and "payment.csv" in one["detail"]), one["detail"]


def o22_a_rate_is_found_as_a_spreadsheet_writes_it():
    """21, 21.0 and 21.00 are one key where the field is a number; a text keeps its digits."""
    shop = Shop("--orders", "1")
    vat = open(f"{shop.conf}/tables/vat.csv").read()
    record = json.loads(shop.run("preview", "orders", "--json").stdout.splitlines()[0])["source"]
    assert record["lineList"][0]["data"]["vatPercentage"] == "21.00", record["lineList"]
    shop.run("test", "orders", "one", "--make", record["orderId"])
    for written in ("21.00", "21", "21.0", "21.000"):
        shop.write("tables/vat.csv", vat.replace("NL|21.00,1", f"NL|{written},7").replace("NL|9.00", "*|*"))
        one = json.loads(shop.run("test", "orders", "one", "--json", ok=(1,)).stdout)["cases"][0]
        assert one["got"]["destination"]["lines"][0]["vatCode"] == "7", (written, one["differences"])
    text = open(f"{shop.conf}/tables/payment.csv").read()
    shop.write("tables/vat.csv", vat)
    shop.write("tables/payment.csv", text + "7,3\n")
    for number, outcome in (("7", "sent"), ("7.0", "parked")):
        record["paymentList"][0]["method"] = number
        json.dump({"source": record}, open(f"{shop.conf}/flows.d/orders.cases/one.in.json", "w"))
        one = json.loads(shop.run("test", "orders", "one", "--json", ok=(1,)).stdout)["cases"][0]
        assert one["got"]["outcome"] == outcome, (number, one["got"]["outcome"])


if __name__ == "__main__":
    main([r5_a_dry_run_shows_the_way_of_records_and_writes_nothing_anywhere, o24_each_policy_for_a_value_without_a_row,
          o22_a_rate_is_found_as_a_spreadsheet_writes_it])
