#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What would become of records: shown field by field, exactly as it would be sent, and written nowhere."""
import glob
import json
import os
import re
import sqlite3
import time

from koppeltest import SRC, Shop, http, main, until
from orders_more import Proxy, new_order, set_relation
from text import point

FLOWS = sorted(os.path.basename(path)[:-5] for path in glob.glob(os.path.join(SRC, "conf/example/flows.d/*.conf")))


def tiny(*args):
    return Shop("--orders", "12", "--relations", "12", "--articles", "20", *args)


def whole():
    """A shop in which every flow of the example has something to read."""
    shop = tiny("--receipts", "20", "--invoices", "6", "--proposals", "6", "--catalogue", "20", "--debtors", "8",
                "--sales-orders", "6")
    for order in shop.orders()[:3]:
        shop.change(order["id"], deliver=True)
    return shop


def rows(shop, flow, *args):
    out = shop.run("preview", flow, "--json", *args).stdout
    return [json.loads(line) for line in out.splitlines()]


def writes(shop):
    return [json.loads(http(url + "/_sandbox/writes"))["writes"] for url in (shop.till, shop.books)]


def kept(shop):
    """All that the store holds, row by row."""
    with sqlite3.connect(f"file:{shop.conf}/koppel.db?mode=ro", uri=True) as db:
        tables = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))) for name in tables}


def store_bytes(shop):
    """Every byte of the store but for the two counters by which SQLite tells who has a copy of its pages: they
    rise with whatever opens it, koppel status too."""
    found = {path: bytearray(open(path, "rb").read()) for path in glob.glob(f"{shop.conf}/koppel.db*")
             if not path.endswith("-shm")}
    found[f"{shop.conf}/koppel.db"][24:28] = found[f"{shop.conf}/koppel.db"][92:96] = b"0000"
    return found


def r5_a_preview_writes_nothing_anywhere():
    shop = whole()
    shop.run("status")
    for flow in FLOWS:
        before, there = store_bytes(shop), writes(shop)
        assert rows(shop, flow), flow
        assert writes(shop) == there, flow
        assert store_bytes(shop) == before, flow
    shop.sync()
    before, there = store_bytes(shop), writes(shop)
    assert {row["outcome"] for row in rows(shop, "orders", "--limit", "20")} >= {"skipped", "parked"}
    assert writes(shop) == there and store_bytes(shop) == before
    shop.close()


def r5_a_preview_is_answered_while_the_engine_runs_and_writes_nothing():
    shop = tiny()
    serve = shop.start("serve")

    def quiet():  # the first run of each flow is over
        all_rows = [json.loads(line) for line in shop.run("status", "--json", ok=(0, 1)).stdout.splitlines()]
        return all(row["last_run"] and row["state"] == "waiting" and not row["pending"] and not row["waiting"]
                   for row in all_rows if row.get("enabled"))
    until(quiet)

    def still():  # the store has done its own chores, and the alerts are looked for
        seen = kept(shop)
        time.sleep(2)
        return kept(shop) == seen
    until(still)
    before, there = kept(shop), writes(shop)
    for _ in range(3):
        assert len(rows(shop, "orders", "--limit", "4")) == 4
        assert len(rows(shop, "customers", "--limit", "4")) == 4
    assert writes(shop) == there, [w for w in writes(shop) if w not in there]
    assert kept(shop) == before
    shop.run("stop")
    serve.communicate(timeout=20)
    shop.close()


def every_flow_of_the_example_is_readable_on_a_terminal():
    shop = whole()
    for flow in FLOWS:
        for width in (80, 120):
            shop.env["COLUMNS"] = str(width)
            out = shop.run("preview", flow, "--limit", "3").stdout
            assert "SOURCE" in out and "CORE" in out and "DESTINATION" in out, (flow, out)
            assert re.search(r"^  .*(send|get):\d+", out, re.M), (flow, out)
            wide = [line for line in out.splitlines() if len(line) > width and not re.match("    (P[A-Z]+ )?[^ ]+$", line)]
            assert not wide, (flow, width, wide)
    shop.close()


def r5_what_is_shown_is_what_is_sent():
    shop = tiny()
    sent = []
    proxy = Proxy(shop.books, body=lambda body: sent.append(body.decode()) or body)
    point(shop, "books", proxy)
    shown = [row for row in rows(shop, "orders", "--limit", "20") if row["outcome"] == "would be created"]
    assert len(shown) >= 3 and not [body for body in sent if body]
    shop.sync()
    made = [body for body in sent if body]
    cards = {}  # nothing was made, so each customer with an address of several would make a card
    for row in shown:
        request = row["requests"][-1]["request"]
        assert request["method"] == "POST" and request["url"].endswith("/salesinvoiceswithlines"), request
        if '"?"' not in json.dumps(row["requests"][-1]["record"]):
            assert request["body"] in made, (request["body"], made)
        for one in row["requests"][:-1]:
            assert one["entity"] == "debtor", one
            cards.setdefault(one["record"]["emailAddress"].lower(), []).append(one["request"]["body"])
    assert len(cards) >= 3 and all(set(bodies) & set(made) for bodies in cards.values()), (cards, made)
    assert any(row["requests"][0]["write"] == "create" for row in shown), "a customer that would be made"
    proxy.close()
    shop.close()


def r5_secrets_are_masked_and_soap_writes_are_told_by_their_operation():
    shop = Shop("--orders", "1", "--articles", "20", "--catalogue", "20", "--sales-orders", "6")
    for flow, operation in (("products", "createProduct"), ("orders-to-till", "createOrderV3")):
        found = [one["request"] for row in rows(shop, flow, "--limit", "20") for one in row["requests"] if one["request"]]
        assert operation in {one["headers"]["SOAPAction"] for one in found}, found
        for one in found:
            assert one["url"].endswith("?ident=****&secret=****") and "Envelope" in one["body"], one
        out = shop.run("preview", flow, "--limit", "20").stdout
        for secret in (shop.info["mpluskassa"]["ident"], shop.info["mpluskassa"]["secret"]):
            assert secret not in out and secret not in json.dumps(found)
    shop.close()


def r5_the_destination_judges_what_would_be_made():
    shop = tiny()
    shop.sync()
    new_order(shop, 10)
    shop.sync()
    order = new_order(shop, 10)
    key = ("--key", order["id"], "--check")
    there = [len(shop.invoices()), len(shop.debtors())]
    [row] = rows(shop, "orders", *key)
    assert row["outcome"] == "would be created" and row["check"] == {"ok": True, "text": "it would be taken"}, row
    assert there == [len(shop.invoices()), len(shop.debtors())]
    shop.write("flows.d/orders.conf", open(f"{shop.conf}/flows.d/orders.conf").read() +
               'map = ( { to = "paymentConditionId"; value = "9999"; } );\n')
    [row] = rows(shop, "orders", *key)
    assert row["check"]["ok"] is False and row["check"]["text"], row["check"]
    assert "check:" in shop.run("preview", "orders", *key).stdout
    assert there == [len(shop.invoices()), len(shop.debtors())]
    assert rows(shop, "orders", *key[:2])[0]["check"] is None, "nobody asked"
    shop.close()


def r5_what_differs_from_what_stands_there_is_told():
    shop = tiny()
    shop.enable("customers")
    shop.sync()
    shop.sync("customers")
    number = shop.jobs("done", "customers")[0]["key"]
    set_relation(shop, number, city="Elders")
    [row] = rows(shop, "customers", "--key", number)
    assert row["outcome"] == "would be changed" and row["present"], row
    assert [one for one in row["differs"] if one["field"] == "city" and one["now"] == "Elders"], row["differs"]
    assert [one["write"] for one in row["requests"]] == ["update"] and row["requests"][0]["id"] == row["remote_id"]
    assert "city: " in shop.run("preview", "customers", "--key", number).stdout
    shop.close()


def one_record_by_key_by_job_or_from_a_file():
    shop = tiny()
    shop.sync()
    for job in (shop.jobs("done")[0], shop.jobs("parked")[0]):
        [by_key], [by_job] = rows(shop, "orders", "--key", job["key"]), rows(shop, "orders", "--job", job["job"])
        assert by_key["key"] == by_job["key"] == job["key"] and by_key["core"] == by_job["core"]
    assert by_key["outcome"] == "parked" and by_key["reason"] == job["reason"] and by_key["remedy"], by_key
    source = dict(by_key["source"], orderId="ffff", financialDate="2026-03-04")
    shop.write("one.json", json.dumps(source, indent=1))
    [row] = rows(shop, "orders", "--file", shop.conf + "/one.json")
    assert row["key"] == "ffff" and row["core"]["date"] == "2026-03-04", row
    shop.write("more.json", json.dumps(source) + "\n" + json.dumps(dict(source, orderId="eeee")) + "\n")
    assert [row["key"] for row in rows(shop, "orders", "--file", shop.conf + "/more.json")] == ["ffff", "eeee"]
    assert "has no \"nowhere\"" in shop.run("preview", "orders", "--key", "nowhere", ok=(2,)).stderr
    assert "no job of flow" in shop.run("preview", "orders", "--job", "customers/1/1", ok=(64,)).stderr
    shop.write("bad.json", "no record")
    shop.run("preview", "orders", "--file", shop.conf + "/bad.json", ok=(64,))
    shop.run("preview", "orders", "--key", "1", "--limit", "3", ok=(64,))
    shop.write("bad.json", json.dumps({"financialDate": "2026-01-01"}))
    assert "orderId" in shop.run("preview", "orders", "--file", shop.conf + "/bad.json", ok=(2,)).stderr
    shop.close()


def r1_the_default_mapping_can_send_an_order_a_product_a_stock_level_and_a_customer():
    shop = whole()
    for flow in ("orders", "products-to-books", "products", "customers", "stock"):
        able = [row for row in rows(shop, flow, "--limit", "30") if row["outcome"].startswith("would be")]
        requests = [one for row in able for one in row["requests"]]
        assert able and not any(row["missing"] for row in able), flow
        assert any(one["request"] for one in requests), flow
        # what would be made first has no number yet
        assert all(one["request"] or '"?"' in json.dumps(one["record"]) for one in requests), (flow, requests)
    shop.close()


def r2_the_preview_tells_table_default_policy_and_force():
    shop = tiny()
    flow = open(f"{shop.conf}/flows.d/orders.conf").read()
    key = [order for order in shop.orders() if order["expected"]][0]["id"]

    def rule(text):
        shop.write("flows.d/orders.conf", flow + f'map = ( {{ to = "paymentConditionId"; {text} }} );\n')
        [row] = rows(shop, "orders", "--key", key)
        [told] = [one for one in row["explain"]["send"] if one["to"] == "paymentConditionId"]
        assert told["rule"]["file"].endswith("flows.d/orders.conf")
        return told.get("because"), told.get("value"), row["outcome"]

    shop.write("tables/payment.csv", "1,2\n")
    table = 'from = "branch"; table = "payment_condition"; '
    assert rule(table) == ("table", "2", "would be created")
    assert rule(table + 'default = "3"; force = true;')[:2] == ("force", "3")
    shop.write("tables/payment.csv", "7,2\n")
    assert rule(table + 'default = "3"; unmapped = "default";')[:2] == ("unmapped", "3")
    assert rule(table + 'unmapped = "pass";')[:2] == ("unmapped", "1")
    assert rule(table) == ("error", None, "parked")
    assert rule('from = "note"; table = "payment_condition"; default = "3";')[:2] == ("default", "3")
    shop.close()


def a_destination_that_is_away_does_not_hide_the_mapping():
    shop = tiny()
    shop.replace("connections.d/books.conf", f'url = "{shop.books}"', 'url = "http://127.0.0.1:9"')
    shown = rows(shop, "orders", "--limit", "3")
    failed = [row for row in shown if row["outcome"] in ("failed", "waiting")]
    assert failed and all(row["destination"]["amountInclVat"] and row["detail"] for row in failed), shown
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and (re.match(r"r\d_", name) or name.startswith(("every_", "one_", "a_destination")))])
