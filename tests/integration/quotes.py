#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Quotes: behaviour Q1. From one till to another, and what refers to a quote in the books."""
import json
import os

from koppeltest import Shop, http, main
from tilltest import Till

QUOTES = '''name = "quotes";
{enabled}from = {{ connection = "till"; entity = "proposal"; }};
to = {{ connection = "{to}"; entity = "{entity}"; }};
{more}'''
MADE = '''name = "made";
from = {{ connection = "requests"; entity = "record"; }};
to = {{ connection = "till"; entity = "{entity}"; }};
send = "made.conf";
'''


def two_tills(more="", proposals="10"):
    """Two tills, and a flow that brings the quotes of the first to the second."""
    shop = Shop("--orders", "20", "--relations", "40", "--articles", "40", "--proposals", proposals)
    second = Till("--orders", "0", "--relations", "12", "--articles", "40", "--seed", "9")
    shop.write("connections.d/second.conf", f'''name = "second";
connector = "mpluskassa";
timeout = "3s";
quiet = "200ms";
settings = {{ url = "{second.url}"; ident = "env:MPLUS_IDENT"; secret = "env:MPLUS_SECRET"; }};
''')
    shop.write("tables/till-articles.csv", "rounding,100001\n")
    shop.write("flows.d/quotes.conf", QUOTES.format(enabled="", to="second", entity="proposal", more=more + '''
tables = { line_article = "tables/till-articles.csv"; };
'''))
    return shop, second


def quotes(till):
    return json.loads(http(till + "/_sandbox/proposals?full=1"))["proposals"]


def copies(second):
    return {quote["external"]: quote for quote in quotes(second.url) if quote["made"]}


def number(quote):
    """The number as documents have it: "2026-3" of O2026-3."""
    return quote["reference"].lstrip("O")


def change(shop, quote, **what):
    http(f"{shop.till}/_sandbox/proposals/{quote['id']}", json.dumps(what))


def finish(shop, second):
    second.close()
    shop.close()


def q1_books_hold_no_quotes():
    shop = Shop("--orders", "12", "--relations", "12")
    for entity in ("proposal", "sales-order", "sales-invoice"):
        shop.write("flows.d/quotes.conf", QUOTES.format(enabled="", to="books", entity=entity, more=""))
        done = shop.run("check", ok=(78,))
        wrong = [line for line in done.stderr.splitlines() if "quotes.conf:3:" in line]
        assert len(wrong) == 1 and "cannot be switched on" in wrong[0], done.stderr
        assert 'connection "books" (connector asperion)' in wrong[0] and '"quote"' in wrong[0], wrong
        assert "enabled = false" in wrong[0], wrong
        assert shop.run("sync", "quotes", ok=None).returncode == 78
    shop.write("flows.d/quotes.conf", QUOTES.format(enabled="enabled = false;\n", to="books", entity="sales-order",
                                                    more=""))
    done = shop.run("check")
    assert "flow quotes: " in done.stdout and "cannot be switched on" in done.stdout, done.stdout
    assert shop.run("sync", "quotes", ok=None).returncode != 0, "not even by hand"
    assert not json.loads(http(shop.books + "/_sandbox/sales-orders"))["sales_orders"]
    shop.close()


def q1_a_quote_is_made_once_in_another_till():
    shop, second = two_tills()
    counts = shop.sync("quotes")
    wanted = [quote for quote in quotes(shop.till) if quote["state"] != "cancelled"]
    made = copies(second)
    assert counts["done"] == len(wanted) == len(made) > 5, (counts, len(wanted), len(made))
    for quote in wanted:
        copy = made[number(quote)]
        assert (copy["incl"], copy["excl"], copy["vat"], copy["vat_method"], copy["customer"]) == (
            quote["incl"], quote["excl"], quote["vat"], quote["vat_method"], quote["customer"]), (copy, quote)
        assert [(line["article"], line["quantity"], line["text"]) for line in copy["lines"]] == [
            (line["article"], line["quantity"], line["text"]) for line in quote["lines"]]
    before = second.stats().get("saveProposal")
    again = shop.sync("quotes")
    assert again["done"] == counts["done"] and second.stats().get("saveProposal") == before, again
    assert len(copies(second)) == len(made)
    finish(shop, second)


def q1_a_lost_answer_makes_no_second_quote():
    shop, second = two_tills()
    http(second.url + "/_sandbox/faults", "drop-answer@saveProposal,ok@saveProposal,drop-answer@saveProposal")
    counts = shop.sync("quotes")
    assert counts["waiting"] == counts["parked"] == 0, counts
    made = [quote["external"] for quote in quotes(second.url) if quote["made"]]
    assert len(made) == len(set(made)) == counts["done"], (made, counts)
    finish(shop, second)


def q1_a_quote_that_was_made_and_could_not_be_read_is_ours():
    shop, second = two_tills()
    shop.trouble({"do": "status", "on": "m:getProposal>"}, url=second.url)
    counts = shop.sync("quotes")
    assert counts["waiting"] == counts["parked"] == 0, counts
    assert len(copies(second)) == counts["done"], counts
    for quote in [q for q in quotes(shop.till) if q["state"] == "open"]:
        change(shop, quote, lines=[{"article": 1, "quantity": "2", "price": "10.00", "vat": 1, "group": 1}])
    counts = shop.sync("quotes")
    assert counts["parked"] == 0, shop.jobs("parked", "quotes")
    finish(shop, second)


def q1_a_changed_quote_is_updated_and_a_cancelled_one_cancelled():
    shop, second = two_tills()
    shop.sync("quotes")
    first, other = [quote for quote in quotes(shop.till) if quote["state"] == "open"][:2]
    change(shop, first, lines=[{"article": 1, "quantity": "2", "price": "10.00", "vat": 1, "group": 1}])
    change(shop, other, cancel=True)
    shop.sync("quotes")
    made = copies(second)
    assert made[number(first)]["incl"] == [q for q in quotes(shop.till) if q["id"] == first["id"]][0]["incl"]
    assert [line["quantity"] for line in made[number(first)]["lines"]] == ["2"], made[number(first)]
    assert made[number(other)]["state"] == "cancelled"
    calls = second.stats()
    change(shop, other)
    shop.sync("quotes")
    assert second.stats().get("cancelProposal") == calls.get("cancelProposal") == 1, second.stats()
    assert len(copies(second)) == len(made), "none was made again"
    finish(shop, second)


def q1_settings_leave_both_to_a_person():
    shop, second = two_tills('settings = { on_change = "park"; on_cancel = "alert"; };\n')
    shop.sync("quotes")
    first, other = [quote for quote in quotes(shop.till) if quote["state"] == "open"][:2]
    change(shop, first, lines=[{"article": 1, "quantity": "2", "price": "10.00", "vat": 1, "group": 1}])
    change(shop, other, cancel=True)
    shop.sync("quotes")
    assert {job["key"]: job["reason"] for job in shop.jobs("parked", "quotes")} == {
        first["id"]: "changed", other["id"]: "cancelled.after"}
    assert copies(second)[number(first)]["incl"] == first["incl"]
    assert copies(second)[number(other)]["state"] == "open"
    finish(shop, second)


def q1_a_quote_that_was_ordered_there_is_locked():
    shop, second = two_tills()
    shop.sync("quotes")
    quote = [q for q in quotes(shop.till) if q["state"] == "open"][0]
    second.call("createOrderFromProposal", {"proposalId": copies(second)[number(quote)]["id"]})
    change(shop, quote, lines=[{"article": 1, "quantity": "2", "price": "10.00", "vat": 1, "group": 1}])
    shop.sync("quotes")
    job = [j for j in shop.jobs("parked", "quotes") if j["key"] == quote["id"]][0]
    assert job["reason"] == "changed" and "locked" in job["detail"], job
    finish(shop, second)


def with_requests(entity, *ids):
    """A till, and a flow that makes orders or invoices of quotes that a file names."""
    shop = Shop("--orders", "20", "--relations", "40", "--articles", "40", "--proposals", "10")
    path = os.path.join(shop.dir, "requests.jsonl")
    shop.write("connections.d/requests.conf", f'name = "requests";\nconnector = "file";\n'
                                              f'settings = {{ path = "{path}"; }};\n')
    shop.write("made.conf", 'map = ( { to = "proposalId"; from = "proposal"; required = true; } );\n')
    shop.write("flows.d/made.conf", MADE.format(entity=entity))
    return shop, path


def by_operator(shop, operation, **content):
    """What somebody does at the till itself."""
    till = Till.__new__(Till)
    till.quiet, till.address = True, shop.till + "/?ident=demo&secret=" + shop.info["mpluskassa"]["secret"]
    return till.call(operation, content)


def ask(path, *rows):
    with open(path, "w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")


def the_till(shop, what):
    return json.loads(http(f"{shop.till}/_sandbox/{what}?full=1"))[what]


def q1_an_order_is_made_of_a_quote_once_and_refers_to_it_in_the_books():
    for entity, where in (("sales-invoice", "invoices"), ("sales-order", "sales-orders"),
                          ("financial-mutation", "journal-entries")):
        shop, path = with_requests("order")
        shop.replace("flows.d/orders.conf", 'entity = "sales-invoice"', f'entity = "{entity}"')
        shop.replace("flows.d/orders.conf", "tables = {", 'tables = { vat_account = "tables/vat-accounts.csv"; '
                     'payment_account = "tables/payment-accounts.csv"; sales_type = "tables/sales-types.csv"; delivery_method = "tables/delivery.csv";')
        quote = [q for q in quotes(shop.till) if q["state"] == "open"][0]
        ask(path, {"id": "1", "proposal": quote["id"]})
        http(shop.till + "/_sandbox/faults", "drop-answer@createOrderFromProposal")
        counts = shop.sync("made")
        assert counts["done"] == 1, (counts, shop.jobs("parked"))
        made = [order for order in the_till(shop, "orders") if order["proposals"] == [quote["id"]]]
        assert len(made) == 1, made
        # asked for once more under another key: the quote says what it has become
        ask(path, {"id": "1", "proposal": quote["id"]}, {"id": "2", "proposal": quote["id"]})
        shop.sync("made")
        assert len([o for o in the_till(shop, "orders") if o["proposals"] == [quote["id"]]]) == 1
        shop.change(made[0]["id"], fullyPaid=True)
        shop.sync("orders")
        state = [job for job in shop.jobs("done", "orders") if job["key"] == made[0]["id"]]
        assert state, [job for job in shop.jobs("parked", "orders") if job["key"] == made[0]["id"]]
        found = json.loads(http(f"{shop.books}/_sandbox/{where}"))
        document = [d for d in list(found.values())[0] if str(d["id"]) == state[0]["remote_id"]][0]
        text = document.get("comments") or document["description"]
        if entity == "sales-invoice":
            text = document["lines"]["_data"][0]["description"]
        assert f"Offerte {number(quote)}" in text, document
        shop.close()


def q1_the_tills_own_order_of_a_quote_refers_to_it_too():
    shop = Shop("--orders", "20", "--relations", "40", "--articles", "40", "--proposals", "20")
    still_open = [quote for quote in quotes(shop.till) if quote["state"] == "open"]
    for quote in still_open[:5]:
        by_operator(shop, "createOrderFromProposal", proposalId=quote["id"])
    own = [order for order in the_till(shop, "orders") if order["proposals"]]
    assert len(own) >= 5, own
    for order in own:
        shop.change(order["id"], fullyPaid=True)
    shop.sync()
    numbers = {quote["id"]: number(quote) for quote in quotes(shop.till)}
    lines = {invoice["description"]: invoice["lines"][0]["description"] for invoice in shop.invoices()}
    sent = [order for order in own if order["reference"] in lines]
    assert sent, (own, shop.jobs("parked"))
    for order in sent:
        assert f"Offerte {numbers[order['proposals'][0]]}" in lines[order["reference"]], (order, lines[order["reference"]])
    others = [text for name, text in lines.items() if name not in {order["reference"] for order in own}]
    assert others and not any("quote" in text for text in others), others
    shop.close()


def q1_an_invoice_is_made_of_a_quote_once():
    shop, path = with_requests("invoice")
    first, other = [q for q in quotes(shop.till) if q["state"] == "open"][:2]
    change(shop, other, cancel=True)
    ask(path, {"id": "1", "proposal": first["id"]}, {"id": "2", "proposal": other["id"]})
    http(shop.till + "/_sandbox/faults", "drop-answer@createInvoiceFromProposal")
    shop.sync("made")
    made = [i for i in the_till(shop, "invoices") if i["proposals"]]
    assert [i["proposals"] for i in made if i["proposals"] == [first["id"]]] == [[first["id"]]], made
    parked = shop.jobs("parked", "made")
    assert [job["key"] for job in parked] == ["2"] and parked[0]["reason"] == "locked", parked
    shop.sync("made")
    assert len([i for i in the_till(shop, "invoices") if i["proposals"] == [first["id"]]]) == 1
    shop.close()


if __name__ == "__main__":
    main([q1_books_hold_no_quotes, q1_a_quote_is_made_once_in_another_till, q1_a_lost_answer_makes_no_second_quote,
          q1_a_quote_that_was_made_and_could_not_be_read_is_ours,
          q1_a_changed_quote_is_updated_and_a_cancelled_one_cancelled, q1_settings_leave_both_to_a_person,
          q1_a_quote_that_was_ordered_there_is_locked,
          q1_an_order_is_made_of_a_quote_once_and_refers_to_it_in_the_books,
          q1_the_tills_own_order_of_a_quote_refers_to_it_too, q1_an_invoice_is_made_of_a_quote_once])
