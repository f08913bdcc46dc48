#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The customer flow, from the till's relations to the books' debtors: behaviours C."""
import json

from koppeltest import Shop, main


def sync(shop):
    done = shop.run("sync", "customers", "--json", ok=(0, 1))
    return json.loads(done.stdout.splitlines()[-1])


def emails(shop):
    return sorted(d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress"))


def c1_relations_become_debtors_once():
    shop = Shop("--orders", "5", "--relations", "40")
    before = emails(shop)
    first = sync(shop)
    assert first["read"] == 40 and first["pending"] == 0, first
    assert first["done"] >= 35, first
    after = emails(shop)
    for email in set(before):
        assert after.count(email) == before.count(email), f"{email} was made again"
    requests = shop.stats(shop.books)
    second = sync(shop)
    assert second["done"] == first["done"] and second["read"] == first["read"], second
    assert shop.stats(shop.books) == requests, "a second run sends nothing"
    shop.close()


def c6_order_flow_and_customer_flow_share_one_debtor():
    shop = Shop("--orders", "40", "--relations", "30")
    shop.sync()
    assert len(emails(shop)) > 5
    sync(shop)
    found = emails(shop)
    doubles = [e for e in set(found) if found.count(e) > 1]
    assert all(e == "dubbel@voorbeeld.example" for e in doubles), doubles
    shop.close()


if __name__ == "__main__":
    main([c1_relations_become_debtors_once, c6_order_flow_and_customer_flow_share_one_debtor])
