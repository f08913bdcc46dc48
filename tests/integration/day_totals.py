#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a till sells over the counter becomes one balanced journal entry per closed day and branch:
behaviour O38. What should be booked is worked out here from the till's receipts, one by one."""
import json
import os
import random
from collections import defaultdict
from decimal import Decimal

from koppeltest import Shop, http, main

FLOW = "day-totals"
INFLOW, OUTFLOW, TRANSFER = 2, 3, 4  # types of receipts


def shop_with(*args, receipts="200", **more):
    shop = Shop("--orders", "60", "--relations", "40", "--articles", "40", "--awkward", "--receipts", receipts, *args,
                **more)
    shop.enable(FLOW)
    return shop


def sync(shop, **more):
    return shop.sync(FLOW, **more)


def days(shop):
    return json.loads(http(shop.till + "/_sandbox/days"))["days"]


def change_day(shop, day, **what):
    http(f"{shop.till}/_sandbox/days/{day['branch']}/{day['date']}", json.dumps(what))


def entries(shop):
    found = json.loads(http(shop.books + "/_sandbox/journal-entries"))["journal_entries"]
    for entry in found:
        entry["lines"] = entry["lines"]["_data"]
    return found


def table(shop, name):
    rows = [row.strip().split(",") for row in open(os.path.join(shop.conf, "tables", name))]
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and not row[0].startswith("#")}


def settled(receipt):
    """The lines of a receipt as (group, VAT code, without VAT, VAT), brought to its own VAT totals: the
    largest line of a rate takes what they miss."""
    rows = [[one["group"], one["vat_code"], Decimal(one["excl"]), Decimal(one["incl"]) - Decimal(one["excl"]),
             one["rate"]] for one in receipt["lines"]]
    for total in receipt["vat"]:
        same = [row for row in rows if row[4] == total["rate"]]
        largest = max(same, key=lambda row: abs(row[2]))
        largest[2] += Decimal(total["excl"]) - sum(row[2] for row in same)
        largest[3] += Decimal(total["vat"]) - sum(row[3] for row in same)
    return [row[:4] for row in rows]


def expected(shop):
    """Per closed day and branch what each ledger account should have, debit positive."""
    groups, vat = table(shop, "groups.csv"), table(shop, "vat-accounts.csv")
    pays = table(shop, "payment-accounts.csv")
    book = {(d["branch"], d["date"]): defaultdict(Decimal) for d in days(shop) if d["closed"] and d["receipts"]}
    receipts = json.loads(http(shop.till + "/_sandbox/receipts?full=1"))["receipts"]
    for receipt in receipts:
        day = book.get((receipt["branch"], receipt["date"]))
        if day is None or receipt["orders"]:
            continue
        for payment in receipt["payments"]:
            day[pays[payment["method"]]] += Decimal(payment["amount"])
            day["rounding"] -= Decimal(payment["amount"])
        for group, code, excl, tax in settled(receipt):
            moved = {INFLOW: 2000, OUTFLOW: 1100}.get(receipt["type"])
            day[moved or groups[f"{group}|{code}"]] -= excl
            if tax:
                day[vat[str(code)]] -= tax
            day["rounding"] += excl + tax
    for d in days(shop):
        for method, amount in d["differences"].items():
            if (d["branch"], d["date"]) in book:
                book[d["branch"], d["date"]][pays[method]] += Decimal(amount)
                book[d["branch"], d["date"]][pays["difference|" + method]] -= Decimal(amount)
    for day in book.values():
        day[8900] += day.pop("rounding", 0)
    return {f"DAY-{branch}-{date}": {account: amount for account, amount in day.items() if amount}
            for (branch, date), day in book.items()}, receipts


def booked(shop):
    """The same from the books, corrections (DAY-1-2026-11-16/2) added to what they correct."""
    book = defaultdict(lambda: defaultdict(Decimal))
    for entry in entries(shop):
        assert sum(Decimal(str(one["amount"])) for one in entry["lines"]) == 0, entry
        for one in entry["lines"]:
            book[entry["sourceDocumentNumber"].split("/")[0]][one["ledgerAccountId"]] += Decimal(str(one["amount"]))
    return {name: {account: amount for account, amount in day.items() if amount} for name, day in book.items()}


def agrees(shop):
    """Every closed day to the cent and per account, and nothing else."""
    want, receipts = expected(shop)
    have = booked(shop)
    assert set(have) == set(want), (sorted(have), sorted(want))
    for name, accounts in want.items():
        assert have[name] == accounts, (name, {a: (accounts.get(a), have[name].get(a))
                                               for a in set(accounts) | set(have[name])
                                               if accounts.get(a) != have[name].get(a)})
    return receipts


def o38_one_balanced_entry_per_closed_day_and_branch():
    shop = shop_with()
    counts = sync(shop)
    closed = [d for d in days(shop) if d["closed"]]
    assert counts["done"] == len(entries(shop)) == len(closed) == 8, counts
    receipts = agrees(shop)
    kinds = {receipt["type"] for receipt in receipts}
    assert {0, 1, INFLOW, OUTFLOW, TRANSFER} <= kinds, "the seed has every kind of receipt"
    used = {account for day in booked(shop).values() for account in day}
    assert {1000, 1010, 1020, 8000, 8010, 8020, 8031, 1500, 1510, 1760, 4950, 2000, 1100} <= used, used
    shop.close()


def o38_once():
    shop = shop_with()
    sync(shop)
    before, requests = len(entries(shop)), shop.stats(shop.books)
    again = sync(shop)
    assert len(entries(shop)) == before and again["pending"] == 0, again
    assert shop.stats(shop.books) == requests, "a second run sends nothing"
    shop.close()


def o38_the_open_day_waits_until_it_is_closed():
    shop = shop_with()
    sync(shop)
    still_open = [d for d in days(shop) if not d["closed"]]
    assert len(still_open) == 2 and all(d["receipts"] for d in still_open)
    assert not [e for e in entries(shop) if e["date"].startswith(still_open[0]["date"])]
    for day in still_open:
        change_day(shop, day, closed=True)
    sync(shop)
    assert len(entries(shop)) == 10
    agrees(shop)
    shop.close()


def o38_a_reopened_day_posts_the_difference_only():
    shop = shop_with()
    sync(shop)
    day = [d for d in days(shop) if d["closed"] and d["branch"] == 1][0]
    name = f"DAY-1-{day['date']}"
    first = [e for e in entries(shop) if e["sourceDocumentNumber"] == name]
    change_day(shop, day, closed=False, add_receipt={
        "type": "receipt", "lines": [{"article": 0, "text": "Vergeten", "price": "12.10", "vat": 1, "group": 1}],
        "payments": [{"method": "PIN", "amount": "12.10"}]})
    sync(shop)
    assert len(entries(shop)) == 8, "it is open again"
    change_day(shop, day, closed=True)
    sync(shop)
    more = [e for e in entries(shop) if e["sourceDocumentNumber"] == name + "/2"]
    assert len(entries(shop)) == 9 and len(more) == 1, [e["sourceDocumentNumber"] for e in entries(shop)]
    lines = {one["ledgerAccountId"]: Decimal(str(one["amount"])) for one in more[0]["lines"]}
    assert lines == {1010: Decimal("12.1"), 8000: Decimal("-10"), 1500: Decimal("-2.1")}, lines
    assert [e for e in entries(shop) if e["sourceDocumentNumber"] == name] == first, "what is posted stays"
    agrees(shop)
    change_day(shop, day, closed=False, difference={"CASH": "-2.50"}, add_receipt={
        "type": "credit", "lines": [{"article": 0, "text": "Vergeten", "quantity": "-1", "price": "12.10", "vat": 1,
                                     "group": 1}],
        "payments": [{"method": "CASH", "amount": "-12.10"}]})
    change_day(shop, day, closed=True)
    sync(shop)
    assert len(entries(shop)) == 10
    agrees(shop)
    sync(shop)
    assert len(entries(shop)) == 10, "the difference is posted once"
    shop.close()


def o38_receipts_of_orders_are_not_counted_twice():
    shop = shop_with()
    shop.sync("orders")
    sync(shop)
    receipts = agrees(shop)
    closed = {(d["branch"], d["date"]) for d in days(shop) if d["closed"]}
    paid = [r for r in receipts if r["orders"] and (r["branch"], r["date"]) in closed]
    assert paid, "the seed has receipts of orders on a closed day"
    invoices = {i["description"] for i in shop.invoices()}
    assert all(order["reference"] in invoices for order in shop.orders()
               if order["id"] in {r["orders"][0] for r in paid} and not order["faulty"])
    shop.close()


def o38_ten_thousand_receipts_agree_per_account():
    seed = os.environ.get("KOPPEL_SEED", str(random.randrange(1 << 30)))
    print(f"  seed {seed}")
    shop = shop_with("--seed", seed, receipts="10000")
    counts = sync(shop, wait=60)
    assert counts["done"] == 8 and counts["parked"] == 0, (counts, shop.jobs("parked"))
    receipts = agrees(shop)
    assert len(receipts) > 10000
    shop.close()


def o38_lost_answers_post_once():
    shop = shop_with()
    shop.faults("drop-answer@POST /v1/journal,ok@POST /v1/journal,drop-answer@POST /v1/journal,500@POST /v1/journal")
    counts = sync(shop)
    assert counts["waiting"] == 0 and counts["parked"] == 0, counts
    assert len(entries(shop)) == 8
    agrees(shop)
    shop.close()


def o38_a_lost_answer_to_a_difference_posts_once():
    shop = shop_with()
    sync(shop)
    day = [d for d in days(shop) if d["receipts"]][0]
    change_day(shop, day, closed=False, add_receipt={"type": "receipt", "lines": [dict(COFFEE, quantity="1")]})
    change_day(shop, day, closed=True)
    shop.trouble({"do": "drop-answer", "writes": True})
    counts = sync(shop)
    assert counts["waiting"] == 0 and counts["parked"] == 0, (counts, shop.jobs("parked", FLOW))
    assert len(entries(shop)) == 9
    agrees(shop)
    shop.close()


def o38_an_account_without_row_parks_the_day_and_names_it():
    shop = shop_with()
    rows = open(os.path.join(shop.conf, "tables/groups.csv")).read()
    shop.write("tables/groups.csv", rows.replace("2|2,8010\n", ""))
    sync(shop)
    parked = shop.jobs("parked", FLOW)
    assert len(parked) == 8 and not entries(shop), "no half a day is booked"
    assert all(j["reason"] == "map.unmapped" and '"2|2"' in j["detail"] for j in parked), parked
    shop.write("tables/groups.csv", rows)
    shop.run("retry", "--all", "--flow", FLOW)
    sync(shop)
    agrees(shop)
    shop.close()


COFFEE = {"article": 0, "text": "Koffie", "vat": 2, "group": 2, "price": "2.98"}


def day_of(*receipts):
    """A shop whose till knows one closed day with these receipts, and nothing else."""
    shop = Shop("--orders", "0", "--relations", "40", "--articles", "40", "--receipts", "0")
    shop.enable(FLOW)
    day = {"branch": 1, "date": "2026-11-12"}
    for receipt in receipts:
        change_day(shop, day, closed=False, add_receipt=receipt)
    change_day(shop, day, closed=True)
    sync(shop)
    return shop


def paid(method, amount):
    return {"type": "receipt", "lines": [dict(COFFEE, quantity="1")], "payments": [{"method": method, "amount": amount}]}


def f17_cash_rounded_a_hundred_times_is_no_error():
    shop = day_of(*[paid("CASH", "3.00") for _ in range(100)])
    book = entries(shop)
    assert len(book) == 1, shop.jobs("parked", FLOW)
    assert sum(Decimal(str(line["amount"])) for line in book[0]["lines"]) == 0, book
    assert [Decimal(str(line["amount"])) for line in book[0]["lines"] if line["ledgerAccountId"] == 8900] == \
        [Decimal("-2.00")], book
    shop.close()


def f17_what_nobody_rounded_parks_the_day():
    shop = day_of(*[paid("CASH", "3.00") for _ in range(100)], paid("PIN", "8.78"))
    parked = shop.jobs("parked", FLOW)
    assert not entries(shop) and parked[0]["reason"] == "ledger.totals", parked
    assert "5.80" in parked[0]["detail"], parked
    shop.close()


def f17_a_receipt_that_moves_leaves_one_day_and_joins_the_other():
    shop = day_of(paid("PIN", "2.98"))
    days_of = lambda: {entry["sourceDocumentNumber"]: [(line["ledgerAccountId"], Decimal(str(line["amount"])))
                                                       for line in entry["lines"]] for entry in entries(shop)}
    first = days_of()["DAY-1-2026-11-12"]
    change_day(shop, {"branch": 1, "date": "2026-11-13"}, closed=True)
    receipt = json.loads(http(shop.till + "/_sandbox/receipts"))["receipts"][0]["id"]
    http(shop.till + "/_sandbox/receipts/" + receipt, json.dumps({"date": "2026-11-13"}))
    for _ in range(2):
        sync(shop)
    found = days_of()
    assert sorted(found) == ["DAY-1-2026-11-12", "DAY-1-2026-11-12/2", "DAY-1-2026-11-13"], found
    assert sorted(found["DAY-1-2026-11-12/2"]) == sorted((account, -amount) for account, amount in first), found
    assert sorted(found["DAY-1-2026-11-13"]) == sorted(first), found
    shop.close()


if __name__ == "__main__":
    main([f17_cash_rounded_a_hundred_times_is_no_error, f17_a_receipt_that_moves_leaves_one_day_and_joins_the_other,
           f17_what_nobody_rounded_parks_the_day, o38_one_balanced_entry_per_closed_day_and_branch, o38_once, o38_the_open_day_waits_until_it_is_closed,
          o38_a_reopened_day_posts_the_difference_only, o38_receipts_of_orders_are_not_counted_twice,
          o38_ten_thousand_receipts_agree_per_account, o38_lost_answers_post_once,
          o38_a_lost_answer_to_a_difference_posts_once,
          o38_an_account_without_row_parks_the_day_and_names_it])
