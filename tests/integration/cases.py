#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes whose outcome is in doubt, cards that are shared, stock that was read too early, and more of what came out
against other doubles (rNN): see rows.py."""
import json
import os
import re
import urllib.parse
from decimal import Decimal

from koppeltest import SRC, Shop, http, main
from rows import debtor, relation, settle, state_of, totals_agree
from tradetest import DUTCH, line, money, posted, sell, shop_with
from webtest import Clock

CREATE = "POST /v1/salesinvoiceswithlines"
LOST = ({"do": "drop-answer"}, {"do": "drop-answer", "apply": False}, {"do": "status", "status": 503},
        {"do": "status", "status": 502, "apply": True}, {"do": "problem", "text": "Nu even niet."})


def quick(shop):
    """What was lost is known to be lost soon."""
    shop.replace("connections.d/books.conf", 'timeout = "3s"; quiet = "200ms";', 'timeout = "1s"; quiet = "100ms";')
    return shop


# ---- Two documents, one of them fails ----------------------------------------------------------------------

# How a change arrives: what the books compute themselves is taken back and posted anew, else there is a difference.
CHANGES = (("sales-order", "POST /v1/SalesOrderWithLines", ("24.20", "-24.20", "60.50")),
           ("sales-invoice", CREATE, ("24.20", "36.30")))


def change_of(dest):
    shop = quick(shop_with(dest, on_change="difference"))
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "5", "price": "12.10", "vat": 1}])
    return shop, order


def f3_a_credit_is_not_repeated_where_the_whole_fails():
    """Each of the posts of a change fails in every way, and then the program goes on."""
    for dest, path, wanted in CHANGES:
        for step in range(len(wanted) - 1):
            for rule in LOST:
                shop, order = change_of(dest)
                shop.trouble({**rule, "on": path, "skip": step, "times": 1})
                shop.run("sync", "orders", "--json", "--wait", "2", ok=None)
                shop.trouble()
                shop.run("retry", "--all", "--flow", "orders", ok=None)
                settle(shop)
                amounts = [money(d["amountInclVat"]) for d in posted(shop, order["reference"])]
                assert amounts == [Decimal(n) for n in wanted], (dest, step, rule, amounts)
                assert state_of(shop, order["id"])["state"] == "done", (dest, step, rule, state_of(shop, order["id"]))
                shop.close()


def f3_a_program_that_dies_between_them_goes_on_with_the_whole():
    for dest, path, wanted in CHANGES:
        shop, order = change_of(dest)
        shop.trouble({"do": "wait", "on": path, "skip": len(wanted) - 2, "after_ms": 60000, "times": 1})
        run = shop.start("sync", "orders", "--json")
        while len(posted(shop)) < len(wanted):  # applied, and nobody heard of it; fails where it never comes
            assert run.poll() is None, run.communicate()
        run.kill()
        run.communicate()
        shop.trouble()
        settle(shop)
        amounts = [money(d["amountInclVat"]) for d in posted(shop, order["reference"])]
        assert amounts == [Decimal(n) for n in wanted], (dest, amounts)
        shop.close()


# ---- Lost answers ------------------------------------------------------------------------------------------

def f4_what_cannot_be_found_again_is_sent_once():
    shop = shop_with("sales-invoice")
    shop.write("never.json", json.dumps({"entities": [{"name": "sales-invoice", "repeat": "never"}]}))
    shop.replace("connections.d/books.conf", 'connector = "asperion";', 'connector = "asperion"; overlay = "never.json";')
    orders = [sell(shop, line(1, n, "12.10"), relation=9 + n) for n in range(1, 4)]
    shop.trouble({"do": "drop-answer", "on": f'"{orders[1]["reference"]}"', "writes": True, "times": 1})
    shop.run("sync", "orders", "--json", "--wait", "5", ok=None)
    job = state_of(shop, orders[1]["id"])
    assert (job["state"], job["reason"]) == ("parked", "unsure") and job["remedy"], job
    shop.trouble()
    shop.run("retry", "--all", "--flow", "orders")
    shop.change(orders[1]["id"], lines=[{"id": 1, "article": 1, "quantity": "9", "price": "12.10", "vat": 1}])
    settle(shop)
    job = state_of(shop, orders[1]["id"])
    assert (job["state"], job["reason"]) == ("parked", "unsure"), job
    assert [len(posted(shop, o["reference"])) for o in orders] == [1, 1, 1]
    shop.close()


def f11_a_gateway_that_fails_behind_a_write_makes_no_second_one():
    """What stands between answers in its own way, though the write was done behind it."""
    for status, text in ((502, "<html>gateway</html>"), (503, "<html>gateway</html>"), (504, ""), (408, "<html/>"),
                         (429, "<html/>"), (404, "<html>gateway</html>"), (400, '{"title":"Bad","status":400}'),
                         (200, ""), (200, "<html>log in</html>"), (302, "<html/>")):
        shop = quick(shop_with("sales-invoice"))
        orders = [sell(shop, line(1, n, "12.10"), relation=9 + n) for n in (1, 2)]
        shop.trouble({"do": "status", "status": status, "text": text, "apply": True, "on": CREATE, "times": 2,
                      "type": "application/json" if text.startswith("{") else "text/html"})
        shop.run("sync", "orders", "--json", "--wait", "5", ok=None)
        shop.run("resume", "orders", ok=None)
        settle(shop)
        shop.run("retry", "--all", "--flow", "orders")
        settle(shop)
        for order in orders:
            job = state_of(shop, order["id"])
            assert job["state"] == "done", (status, text, job) # also where it was refused in so many words: it is ours
            assert len(posted(shop, order["reference"])) == 1, (status, text)
            totals_agree(shop, order)
        shop.close()


def f11_what_a_person_booked_after_a_refusal_stays_theirs():
    """The books refuse for a reason; somebody books it by hand there, to the cent as it would have come."""
    shop = quick(shop_with("sales-invoice", on_change="update"))
    clock = Clock(shop)
    order = sell(shop, line(1, 1, "12.10"), relation=10)
    shop.trouble({"do": "status", "status": 400, "text": '{"title":"The period is closed","status":400}', "apply": True,
                  "on": CREATE, "times": 1, "type": "application/json"})
    shop.run("sync", "orders", "--json", "--wait", "5", ok=None)
    assert state_of(shop, order["id"])["state"] == "parked"
    clock.move(1200)
    shop.run("retry", "--all", "--flow", "orders")
    settle(shop)
    job = state_of(shop, order["id"])
    assert (job["state"], job["reason"]) == ("skipped", "exists"), job
    before = posted(shop, order["reference"])
    shop.change(order["id"], lines=[{"id": 1, "article": 1, "quantity": "2", "price": "12.10", "vat": 1}])
    settle(shop)
    job = state_of(shop, order["id"])
    assert (job["state"], job["reason"]) == ("parked", "not.ours"), job
    assert posted(shop, order["reference"]) == before
    shop.close()


# ---- Shared cards ------------------------------------------------------------------------------------------

def pair(one, two, more=""):
    """Two relations with one e-mail address that are customers of the books."""
    shop = shop_with("sales-invoice")
    shop.enable("customers")
    if more:
        shop.replace("flows.d/customers.conf", 'every = "15m";', f'every = "15m";\nsettings = {{ {more} }};')
    for number, what in ((10, one), (11, two)):
        relation(shop, number, **{"companyName": "", "vatNumber": "", "country": "NL", "contact": "",
                                  "email": "geen@mail.example", **what})
    return shop


def cards(shop):
    return [d for d in shop.debtors() if (d.get("emailAddress") or "") == "geen@mail.example"]


def f13_persons_share_a_card_that_stays_the_first_ones():
    for more, state, reason in (("", "skipped", "shared"), ('shared = "park";', "parked", "customer.shared")):
        shop = pair({"name": "Jan de Wit"}, {"name": "Mia Bos"}, more)
        shop.run("sync", "customers", "--json", "--wait", "20", ok=None)
        jobs = [state_of(shop, n, "customers") for n in (10, 11)]
        first = [j for j in jobs if j["state"] == "done"]
        other = [j for j in jobs if j["state"] != "done"]
        assert len(first) == len(other) == 1, jobs
        assert (other[0]["state"], other[0]["reason"]) == (state, reason), other
        assert first[0]["key"] in other[0]["detail"], "it says with whom"
        name = {"10": "Jan de Wit", "11": "Mia Bos"}
        assert [c["name"] for c in cards(shop)] == [name[first[0]["key"]]], cards(shop)
        # later changes of either leave the other's card alone
        relation(shop, int(other[0]["key"]), city="Elders")
        relation(shop, int(first[0]["key"]), city="Gouda")
        shop.run("sync", "customers", "--json", "--wait", "20", ok=None)
        assert [(c["name"], c["city"]) for c in cards(shop)] == [(name[first[0]["key"]], "Gouda")], cards(shop)
        shop.close()


def f13_the_address_decides_which_card_an_order_goes_to():
    shop = pair({"name": "Jan de Wit", "city": "Zeist"}, {"name": "Mia Bos", "city": "Gouda"})
    one = sell(shop, line(1, 1, "12.10"), relation=10)
    shop.sync()
    card = cards(shop)
    two = sell(shop, line(1, 2, "12.10"), relation=11)
    shop.sync()
    assert state_of(shop, two["id"])["state"] == "done", state_of(shop, two["id"])
    assert cards(shop) == card and len(card) == 1, (card, cards(shop))
    assert {posted(shop, o["reference"])[0]["debtorCustomerNumber"] for o in (one, two)} == {card[0]["customerNumber"]}
    shop.close()


def f13_companies_that_differ_park():
    for one, two in (({"companyName": "Kaas BV"}, {"companyName": "Brood BV"}),
                     ({"companyName": "Kaas BV", "vatNumber": "NL000099998B57"},
                      {"companyName": "Kaas BV", "vatNumber": "NL123456782B90"})):
        shop = pair({"name": "Jan", **one}, {"name": "Mia", **two})
        shop.run("sync", "customers", "--json", "--wait", "20", ok=None)
        jobs = [state_of(shop, n, "customers") for n in (10, 11)]
        parked = [j for j in jobs if j["state"] == "parked"]
        assert len(parked) == 1 and parked[0]["reason"] == "customer.shared" and parked[0]["remedy"], jobs
        assert "shared e-mail address" in parked[0]["detail"] and len(cards(shop)) == 1, jobs
        order = sell(shop, line(1, 1, "12.10"), relation=int(parked[0]["key"]))
        shop.sync()
        job = state_of(shop, order["id"])
        assert (job["state"], job["reason"]) == ("parked", "customer.shared"), job
        shop.close()


def f13_a_card_that_may_still_arrive_is_not_made_beside():
    """Two with one address: the card of the first was sent, nobody heard of it, and it arrives late."""
    for flow in ("orders", "customers"):
        shop = quick(pair({"name": "Jan de Wit"}, {"name": "Mia Bos"}))
        shop.replace("connections.d/books.conf", 'quiet = "100ms"', 'quiet = "4s"')
        shop.trouble({"do": "wait", "on": "geen@mail.example", "writes": True, "before_ms": 3500, "times": 1})
        orders = [sell(shop, line(1, n, "12.10"), relation=9 + n) for n in (1, 2)]
        shop.run("sync", flow, "--json", "--wait", "1", ok=None)
        shop.run("sync", flow, "--json", "--wait", "20", ok=None)
        assert len(cards(shop)) == 1, (flow, cards(shop))
        settle(shop)
        assert len(cards(shop)) == 1 and all(state_of(shop, o["id"])["state"] == "done" for o in orders), cards(shop)
        shop.close()


# ---- Stock -------------------------------------------------------------------------------------------------

def stock_shop():
    shop = Shop("--orders", "0", "--relations", "40", "--articles", "30")
    shop.enable("stock")
    shop.sync("orders")
    return shop


def stock_job(shop, article):
    for state in ("waiting", "done", "skipped", "parked"):
        for job in shop.jobs(state, "stock"):
            if shop.activity(job["job"])["source"]["articleNumber"] == str(article):
                return dict(job, state=state)
    return None


def f21_a_level_that_was_read_before_a_sale_was_settled_is_held():
    """The levels are on their way while an article that was sold is booked."""
    shop = stock_shop()
    order = sell(shop, line(5, 1, "12.10"))
    # the list of all of them; the order asks for its own article
    shop.trouble({"do": "wait", "on": "GET /v1/articles?ActiveState", "after_ms": 3000, "times": 1})
    run = shop.start("serve")
    while not stock_job(shop, 5):  # the limit of a test ends it where it never comes
        assert run.poll() is None, run.communicate()
    run.terminate()
    run.communicate(timeout=30)
    job = stock_job(shop, 5)
    assert state_of(shop, order["id"])["state"] == "done", state_of(shop, order["id"])
    assert job["state"] == "waiting" and job["reason"] == "held" and "after the level was read" in job["detail"], job
    assert stock_job(shop, 6)["state"] == "done", "the others go on"
    shop.sync("stock")
    job = stock_job(shop, 5)
    assert job["state"] == "done", job
    shop.close()


def r20_held_stock_is_looked_at_anew():
    shop = stock_shop()
    order = sell(shop, line(5, 1, "12.10"))
    shop.run("pause", "orders")
    counts = shop.sync("stock", wait=1)
    reasons = {r["reason"]: r for r in counts["reasons"] if r["state"] == "waiting"}
    assert reasons["held"]["count"] == counts["waiting"] > 0 and not counts["done"], counts
    assert counts["due"], "when they are looked at is told"
    assert "the next is tried in " in shop.run("sync", "stock", "--wait", "1", ok=None).stdout
    causes = [json.loads(one)["reason"] for one in shop.run("causes", "stock", "--json", ok=None).stdout.splitlines()]
    assert causes == ["held"], "all of them wait for the same"
    shop.run("resume", "orders")
    shop.sync("orders")
    assert state_of(shop, order["id"])["state"] == "done"
    shop.sync("stock")
    assert stock_job(shop, 5)["state"] == "done", stock_job(shop, 5)
    shop.close()


# ---- Words, commands, files --------------------------------------------------------------------------------

def r06_a_default_is_the_customer_number():
    shop = shop_with("financial-mutation")
    shop.replace("flows.d/orders.conf", 'existing = "update";', 'existing = "update"; default = "10101";')
    relation(shop, DUTCH, email="", vatNumber="")
    order = sell(shop, line(1, 2, "12.10"))
    shop.sync()
    assert state_of(shop, order["id"])["state"] == "done", state_of(shop, order["id"])
    ident = json.loads(debtor(shop, "10101"))["id"]
    assert ident in {row["debtorId"] for row in posted(shop, order["reference"])[0]["lines"]}
    shop.close()


def r08_a_missing_article_is_made_as_the_till_knows_it():
    shop = shop_with("sales-order")
    shop.replace("flows.d/orders.conf", "references = {", 'references = { article = { missing = "create"; };')
    http(f"{shop.books}/_sandbox/articles/3", method="DELETE")
    order = sell(shop, line(3, 2, "12.10", text="Op de bon heet het anders"))
    shop.sync()
    job = state_of(shop, order["id"])
    assert job["state"] == "done", job
    made = next(a for a in json.loads(http(shop.books + "/_sandbox/articles"))["articles"] if a["articleNumber"] == "3")
    own = next(a for p in json.loads(http(shop.till + "/_sandbox/products"))["products"] for a in p["articles"]
               if a["articleNumber"] in (3, "3"))
    assert made["description"] == own["description"] != "Op de bon heet het anders" and made["salesTypeId"], (made, own)
    shop.close()


def r23_the_shipped_example_points_at_nothing_real():
    found = 0
    for name in os.listdir(f"{SRC}/conf/example/connections.d"):
        for url in re.findall(r'url\s*=\s*"([^"]*)"', open(f"{SRC}/conf/example/connections.d/{name}").read()):
            found += 1
            assert urllib.parse.urlsplit(url).hostname.endswith(".invalid"), (name, url)
    assert found >= 3


def r25_a_preview_of_day_totals_shows_the_days():
    shop = Shop("--orders", "0", "--relations", "40", "--articles", "40", "--receipts", "60")
    shop.enable("day-totals")
    shown = [json.loads(text) for text in shop.run("preview", "day-totals", "--limit", "100", "--json").stdout.splitlines()]
    assert shown and not json.loads(http(shop.books + "/_sandbox/journal-entries"))["journal_entries"]
    counts = shop.sync("day-totals")
    assert len(shown) == counts["done"] > 0, (len(shown), counts)
    shop.close()


def r29_words_of_our_own_are_in_the_home_language():
    for language, word in (("nl", "Btw"), ("de", "MwSt."), ("en", "VAT")):
        shop = shop_with("financial-mutation")
        with open(f"{shop.conf}/koppel.conf", "a") as conf:
            conf.write(f'\nhome = {{ language = "{language}"; }};\n')
        order = sell(shop, line(1, 2, "12.10"))
        shop.sync()
        texts = [row["description"] for row in posted(shop, order["reference"])[0]["lines"]]
        assert any(str(text).startswith(word) for text in texts), (language, texts)
        shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items()) if re.match(r"[fr]\d+_", name)])
