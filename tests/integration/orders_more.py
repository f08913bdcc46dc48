#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""More of the order flow: matching, tables, odd lines and totals, refusals of the books."""
import filecmp
import http.server
import json
import os
import re
import threading
import urllib.error
import urllib.request
from decimal import Decimal
from xml.sax.saxutils import escape

from koppeltest import SRC, Shop, http as call, main

AMBIGUOUS = 9       # the relation whose e-mail address two debtors have
CREATE = "salesinvoiceswithlines.create"


def small(*args, **more):
    return Shop("--orders", "60", "--relations", "40", "--articles", "30", *args, **more)


def tiny(**more):
    """Two ordinary orders only; the test adds its own."""
    return Shop("--orders", "2", "--relations", "40", "--articles", "30", **more)


class Proxy:
    """Stands before a service and changes what passes."""

    def __init__(self, target, request=None, answer=None, body=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                sent = body(sent) if body else sent
                path = request(self.path) if request else self.path
                headers = {name: value for name, value in self.headers.items()
                           if name.lower() not in ("connection", "accept-encoding", "content-length")}
                out = urllib.request.Request(target + path, data=sent or None, headers=headers,
                                             method=self.command)
                try:
                    got = urllib.request.urlopen(out, timeout=20)
                except urllib.error.HTTPError as refused:
                    got = refused
                data = got.read()
                if answer:
                    data = answer(data.decode()).encode()
                self.send_response(got.status)
                self.send_header("Content-Type", got.headers.get("Content-Type", "text/plain"))
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = pass_on

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def set_relation(shop, number, **values):
    """Changes a relation's card in the till."""
    fields = "".join(f"<m:{name}>{escape(value)}</m:{name}>" for name, value in values.items())
    body = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:mplusqapi"><s:Body>'
            f"<m:updateRelation><m:relation><m:relationNumber>{number}</m:relationNumber>{fields}"
            "</m:relation></m:updateRelation></s:Body></s:Envelope>")
    login = shop.info["mpluskassa"]
    request = urllib.request.Request(f"{shop.till}/?ident={login['ident']}&secret={login['secret']}",
                                     data=body.encode(), headers={"Content-Type": "text/xml; charset=utf-8"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read().decode()
    assert "UPDATE-RELATION-RESULT-OK" in text, text


def new_order(shop, relation):
    """A new paid order of this relation, as the till shows it."""
    order = json.loads(call(f"{shop.till}/_sandbox/add-orders?n=1&relation={relation}", "", "POST"))["orders"][0]
    shop.change(order["id"], fullyPaid=True)
    return [o for o in shop.orders() if o["id"] == order["id"]][0]


def special(shop, number):
    """A seeded order by its number."""
    return [o for o in shop.orders() if o["reference"] == f"2026-{number}"][0]


def job_of(shop, order, state):
    found = [job for job in shop.jobs(state) if job["key"] == order["id"]]
    assert len(found) == 1, (order, state, [j for s in ("parked", "skipped", "done", "waiting")
                                            for j in shop.jobs(s) if j["key"] == order["id"]])
    return found[0]


def invoice_of(shop, order):
    found = [i for i in shop.invoices() if i["description"] == order["reference"]]
    assert len(found) == 1, (order, found)
    return found[0]


def not_posted(shop, order):
    return not [i for i in shop.invoices() if i["description"] == order["reference"]]


def debtor(shop, number):
    return [d for d in shop.debtors() if d["customerNumber"] == number][0]


def debtors_with(shop, email):
    return [d for d in shop.debtors() if (d.get("emailAddress") or "").strip().lower() == email]


def steps(shop, job):
    """What the last attempt noted, as one text."""
    return json.dumps(shop.activity(job["job"])["attempts"][-1]["activity"].get("steps", []),
                      ensure_ascii=False)


def source_lines(shop, job):
    return shop.activity(job["job"])["source"]["lineList"]


def money(value):
    return Decimal(str(value))


def o12_ambiguous_email_parks():
    shop = tiny()
    shop.sync()
    order = new_order(shop, AMBIGUOUS)
    before = shop.debtors()
    counts = shop.sync()
    job = job_of(shop, order, "parked")
    assert job["reason"] == "customer.ambiguous", job
    assert "ambiguous customer" in job["detail"] and "dubbel@voorbeeld.example" in job["detail"], job
    assert job["remedy"], job
    assert counts["parked"] == 1, counts
    assert not_posted(shop, order)
    assert shop.debtors() == before, "neither debtor may be changed and none made"
    shop.close()


def o12_name_and_postcode_break_the_tie():
    shop = tiny()
    set_relation(shop, AMBIGUOUS, name="Dubbel Tweede", zipcode="1234 AB")
    order = new_order(shop, AMBIGUOUS)
    shop.sync()
    job_of(shop, order, "done")
    assert invoice_of(shop, order)["debtorCustomerNumber"] == "10102"
    shop.close()


def o12_vat_number_breaks_the_tie():
    """Two debtors come to have one address; of a third card only the VAT number tells which."""
    shop = tiny()
    first, second, third = 10, 11, 13
    set_relation(shop, first, email="eerste@voorbeeld.example", vatNumber="NL100000010B01")
    set_relation(shop, second, email="tweede@voorbeeld.example", vatNumber="NL100000022B01")
    orders = [new_order(shop, first), new_order(shop, second)]
    shop.sync()
    numbers = [invoice_of(shop, order)["debtorCustomerNumber"] for order in orders]
    assert numbers[0] != numbers[1]
    set_relation(shop, second, email="Eerste@voorbeeld.example")
    new_order(shop, second)
    shop.sync()
    assert len(debtors_with(shop, "eerste@voorbeeld.example")) == 2, shop.debtors()
    count = len(shop.debtors())

    set_relation(shop, third, email="eerste@voorbeeld.example", vatNumber="NL999999999B01")
    order = new_order(shop, third)
    shop.sync()
    assert job_of(shop, order, "parked")["reason"] == "customer.ambiguous"
    set_relation(shop, third, vatNumber="NL100000022B01")
    order = new_order(shop, third)
    shop.sync()
    job_of(shop, order, "done")
    assert invoice_of(shop, order)["debtorCustomerNumber"] == numbers[1], (numbers, invoice_of(shop, order))
    assert len(shop.debtors()) == count
    shop.close()


def o12_contains_match_is_not_taken():
    """The books compare by "contains" whatever is asked: only the whole address is the customer."""
    shop = tiny()
    seen = []

    def loosen(path):
        if "_comparison=Equals" in path:
            seen.append(path)
        return path.replace("_comparison=Equals", "_comparison=Contains")

    proxy = Proxy(shop.books, request=loosen)
    shop.replace("connections.d/books.conf", f'url = "{shop.books}"; identity', f'url = "{proxy.url}"; identity')
    jan = debtors_with(shop, "jan@x.nl")
    assert len(jan) == 1, jan
    set_relation(shop, 10, email="an@x.nl")
    order = new_order(shop, 10)
    shop.sync()
    assert any("EmailAddress" in path for path in seen), seen
    job_of(shop, order, "done")
    invoice = invoice_of(shop, order)
    assert invoice["debtorCustomerNumber"] != jan[0]["customerNumber"], invoice
    assert debtor(shop, invoice["debtorCustomerNumber"])["emailAddress"] == "an@x.nl"
    assert len(debtors_with(shop, "jan@x.nl")) == 1
    proxy.close()
    shop.close()


def o22_country_without_row_takes_the_default_row_or_parks():
    shop = tiny()
    set_relation(shop, 10, country="Duitsland")
    order = new_order(shop, 10)
    shop.sync()
    job = job_of(shop, order, "parked")
    assert job["reason"] == "map.unmapped" and '"DE|' in job["detail"], job
    assert not_posted(shop, order)
    rates = "21.00", "9.00", "0.00"
    for table, values in (("vat", "123"), ("revenue", ("8000", "8010", "8020"))):
        with open(os.path.join(shop.conf, f"tables/{table}.csv"), "a") as rows:
            for rate, value in zip(rates, values):
                rows.write(f"*|{rate},{value}\n")
    shop.run("retry", job["job"])
    shop.sync()
    job = job_of(shop, order, "done")
    expected = {"21.00": ("1", 8000), "9.00": ("2", 8010), "0.00": ("3", 8020)}
    lines = source_lines(shop, job)
    posted = invoice_of(shop, order)["lines"]
    assert len(lines) == len(posted)
    for line, made in zip(lines, posted):
        want = expected[line["data"]["vatPercentage"]]
        assert (made["vatCode"], made["ledgerAccountId"]) == want, (line, made)
    note = steps(shop, job)
    assert "DE|" in note and "default row" in note and "vat_code" in note and "revenue_account" in note, note
    # A country with a row of its own needs no default row, and nothing is noted.
    order = new_order(shop, 6)
    shop.sync()
    job = job_of(shop, order, "done")
    assert "default row" not in steps(shop, job)
    assert {line["vatCode"] for line in invoice_of(shop, order)["lines"]} == {"21"}
    shop.close()


def o27_discounted_lines_keep_the_net_totals_of_the_till():
    shop = Shop("--orders", "200", "--seed", "3")
    shop.sync()
    order = special(shop, 24)
    line = source_lines(shop, job_of(shop, order, "done"))[0]["data"]
    assert money(line["price"]) < money(line["originalPrice"]), line
    made = invoice_of(shop, order)["lines"]
    assert len(made) == 1 and money(made[0]["amount"]) == money(line["totalExclAmount"]), (line, made)
    assert money(made[0]["amount"]) + money(made[0]["vatAmount"]) == money(line["totalInclAmount"])

    invoices = {i["description"]: i for i in shop.invoices()}
    seen = 0
    for job in shop.jobs("done"):
        source = shop.activity(job["job"])["source"]
        lines = source["lineList"]
        if not any(money(x["data"]["price"]) != money(x["data"]["originalPrice"]) for x in lines):
            continue
        seen += 1
        invoice = invoices[f"{source['orderNumber']['year']}-{source['orderNumber']['number']}"]
        assert money(invoice["amountExclVat"]) == money(source["totalExclAmount"]), invoice
        assert sum(money(x["amount"]) for x in invoice["lines"]) == money(source["totalExclAmount"]), invoice
        assert len(invoice["lines"]) == len(lines)
        for x, y in zip(lines, invoice["lines"]):
            assert abs(money(x["data"]["totalExclAmount"]) - money(y["amount"])) <= Decimal("0.01"), (x, y)
    assert seen >= 5, seen
    shop.close()


def o28_deposit_stays_a_line_of_its_own():
    shop = small()
    shop.sync()
    order = special(shop, 18)
    lines = source_lines(shop, job_of(shop, order, "done"))
    made = invoice_of(shop, order)["lines"]
    assert len(lines) == 2 and len(made) == 2, (lines, made)
    deposit = [x for x in made if "Statiegeld" in x["description"]]
    assert len(deposit) == 1, made
    assert deposit[0]["vatCode"] == "3" and deposit[0]["ledgerAccountId"] == 1760, deposit  # as in the day totals
    assert money(deposit[0]["amount"]) == Decimal("1.50") and money(deposit[0]["vatAmount"]) == 0, deposit
    other = [x for x in made if x is not deposit[0]][0]
    assert other["vatCode"] != "3", other
    shop.close()


def o30_negative_line_is_sent():
    shop = small()
    shop.sync()
    order = special(shop, 26)
    lines = source_lines(shop, job_of(shop, order, "done"))
    made = invoice_of(shop, order)["lines"]
    assert [money(x["data"]["quantity"]) for x in lines] == [3, -1], lines
    assert len(made) == 2 and money(made[0]["amount"]) > 0 > money(made[1]["amount"]), made
    for line, sent in zip(lines, made):
        assert money(sent["amount"]) + money(sent["vatAmount"]) == money(line["data"]["totalInclAmount"])
    shop.close()


def o30_zero_quantity_line_is_kept_or_dropped_as_set():
    for drop in (False, True):
        shop = small()
        if drop:
            shop.replace("flows.d/orders.conf", "references = {",
                         'settings = { zero_lines = "drop"; };\nreferences = {')
        shop.sync()
        order = special(shop, 12)
        job = job_of(shop, order, "done")
        lines = source_lines(shop, job)
        made = invoice_of(shop, order)["lines"]
        assert money(lines[1]["data"]["quantity"]) == 0, lines
        note = steps(shop, job)
        assert "quantity 0" in note and lines[1]["text"] in note, note
        if drop:
            assert "dropped" in note, note
            assert len(made) == 1 and lines[1]["text"] not in made[0]["description"], made
        else:
            assert "kept as text" in note, note
            assert len(made) == 2 and lines[1]["text"] in made[1]["description"], made
            assert money(made[1]["amount"]) == 0 and money(made[1]["vatAmount"]) == 0, made
        assert money(invoice_of(shop, order)["amountInclVat"]) == money(order["incl"])
        assert shop.reconcile()["agree"]
        shop.close()


def o31_zero_and_negative_totals_are_posted():
    shop = small()
    counts = shop.sync()
    zero, negative = special(shop, 14), special(shop, 16)
    assert money(zero["incl"]) == 0 and money(negative["incl"]) < 0, (zero, negative)
    made = invoice_of(shop, zero)
    assert money(made["amountInclVat"]) == 0 and len(made["lines"]) == 2, made
    made = invoice_of(shop, negative)
    assert money(made["amountInclVat"]) == money(negative["incl"]), made
    assert money(made["amountExclVat"]) == money(negative["excl"]), made
    assert counts["pending"] == 0 and counts["waiting"] == 0, counts
    assert shop.reconcile()["agree"]
    shop.close()


def o33_other_currency_parks():
    shop = tiny()
    shop.replace("flows.d/orders.conf", "references = {", 'settings = { currency = "USD"; };\nreferences = {')
    order = new_order(shop, 10)
    before = shop.debtors()
    counts = shop.sync()
    assert counts["done"] == 0 and counts["parked"] == 3, counts
    job = job_of(shop, order, "parked")
    assert job["reason"] == "order.currency" and "USD" in job["detail"] and job["remedy"], job
    assert shop.invoices() == [] and shop.debtors() == before
    assert shop.stats(shop.books).get(CREATE, 0) == 0
    # With the default of the flow the same order goes.
    shop.replace("flows.d/orders.conf", 'settings = { currency = "USD"; };\n', "")
    shop.run("retry", "--all", "--flow", "orders")
    shop.sync()
    job_of(shop, order, "done")
    assert len(shop.invoices()) == 3
    shop.close()


def o34_delivery_address_never_overwrites_the_debtor():
    shop = tiny()
    elsewhere = {"name": "Magazijn Oost", "address": "Loskade 12-A bis", "zipcode": "9999 ZZ",
                 "city": "Winterswijk", "country": "Nederland"}

    def deliver_elsewhere(text):
        def change(found):
            inner = found.group(2)
            for field, value in elsewhere.items():
                inner = re.sub(rf"(<(?:\w+:)?{field}>)[^<]*(</)", rf"\g<1>{value}\2", inner)
            return found.group(1) + inner + found.group(3)
        return re.sub(r"(<(?:\w+:)?deliveryAddress>)(.*?)(</(?:\w+:)?deliveryAddress>)", change, text, flags=re.S)

    proxy = Proxy(shop.till, answer=deliver_elsewhere)
    shop.replace("connections.d/till.conf", shop.till, proxy.url)
    # One customer is new, one is a debtor already and is updated.
    set_relation(shop, 10, address="Dorpsstraat 12-A bis", zipcode="3511 AB", city="Utrecht")
    set_relation(shop, 3, address="Kerkstraat 3", zipcode="3512 CD", city="Zeist")
    wanted = {10: ("Dorpsstraat 12-A bis", "3511 AB", "Utrecht"), 3: ("Kerkstraat 3", "3512 CD", "Zeist")}
    orders = {number: new_order(shop, number) for number in wanted}
    shop.sync()
    for number, order in orders.items():
        job = job_of(shop, order, "done")
        core = shop.activity(job["job"])["attempts"][-1]["activity"]["core"]
        assert core["delivery"]["street"] == elsewhere["address"], core["delivery"]
        assert core["delivery"]["city"] == elsewhere["city"], core["delivery"]
        made = debtor(shop, invoice_of(shop, order)["debtorCustomerNumber"])
        assert (made["address"], made["postCode"], made["city"]) == wanted[number], made
    text = json.dumps(shop.debtors(), ensure_ascii=False)
    for value in ("Magazijn Oost", "Loskade", "9999 ZZ", "Winterswijk"):
        assert value not in text, value
    proxy.close()
    shop.close()


def r1_shipped_mapping_works_with_the_example_configuration():
    shop = small()
    for name in ("flows.d/orders.conf", "tables/vat.csv", "tables/revenue.csv", "tables/payment.csv"):
        assert filecmp.cmp(os.path.join(SRC, "conf", "example", name), os.path.join(shop.conf, name),
                           shallow=False), name
    own = [name for _, _, names in os.walk(os.path.join(shop.conf, "mappings")) for name in names]
    assert not own, "the shipped mappings are used"
    shop.run("check")
    counts = shop.sync()
    assert counts["read"] == 60 and counts["pending"] == 0 and counts["waiting"] == 0, counts
    assert sorted(job["reason"] for job in shop.jobs("parked")) == \
        ["article.missing", "customer.key", "map.unmapped"], shop.jobs("parked")
    for order in shop.orders():
        if order["expected"]:
            made = invoice_of(shop, order)
            assert money(made["amountInclVat"]) == money(order["incl"]), (order, made)
            card = debtor(shop, made["debtorCustomerNumber"])
            assert card["emailAddress"].strip().lower() == order["customer"].lower(), (order, card)
    assert shop.reconcile()["agree"]
    shop.close()


def r2_table_then_default_then_policy_and_force_wins():
    shop = tiny()
    shop.sync()
    flow = open(os.path.join(shop.conf, "flows.d/orders.conf")).read()
    table = open(os.path.join(shop.conf, "tables/payment.csv")).read()

    def outcome(source, rest, rows=""):
        """What becomes of a new order whose payment condition this rule decides."""
        shop.write("tables/payment.csv", table + rows)
        shop.write("flows.d/orders.conf", flow + 'map = ( { to = "paymentConditionId"; '
                   f'from = "{source}"; table = "payment_condition"; {rest} }} );\n')
        order = new_order(shop, 10)
        shop.sync()
        parked = [job for job in shop.jobs("parked") if job["key"] == order["id"]]
        if parked:
            assert not_posted(shop, order)
            return parked[0]["reason"], parked[0]["detail"]
        return invoice_of(shop, order)["paymentConditionId"]

    # The branch of every order is "1", its note is empty.
    both = 'default = "3"; unmapped = "default";'
    assert outcome("branch", both, "1,2\n") == 2, "the table's row comes first"
    assert outcome("branch", 'default = "3"; unmapped = "park";', "1,2\n") == 2
    assert outcome("branch", 'default = "3"; unmapped = "park";', "*,2\n") == 2, "the table's default row"
    assert outcome("note", 'default = "3"; unmapped = "park";', "1,2\n*,2\n") == 3, "nothing takes the default"
    assert outcome("branch", both) == 3, "unmapped: the default"
    assert outcome("branch", 'default = "3"; unmapped = "pass";') == 1, "unmapped: as it is"
    reason, detail = outcome("branch", 'default = "3"; unmapped = "park";')
    assert reason == "map.unmapped" and '"1"' in detail and "payment_condition" in detail, detail
    reason, detail = outcome("branch", 'default = "3";')
    assert reason == "map.unmapped", "park is the policy where none is named"
    forced = 'default = "3"; force = true; unmapped = "park";'
    assert outcome("branch", forced, "1,2\n") == 3, "force wins over a row"
    assert outcome("branch", forced) == 3, "force wins over the policy"
    assert outcome("note", forced, "*,2\n") == 3
    shop.close()


def x2_refusal_of_the_books_parks_at_once():
    shop = tiny()
    shop.sync()
    flow = open(os.path.join(shop.conf, "flows.d/orders.conf")).read()
    shop.write("flows.d/orders.conf", flow + 'map = ( { to = "journalId"; value = "20"; } );\n')
    order = new_order(shop, 10)
    before = shop.stats(shop.books).get(CREATE, 0)
    counts = shop.sync()
    assert counts["waiting"] == 0 and counts["pending"] == 0 and counts["parked"] == 1, counts
    assert shop.stats(shop.books).get(CREATE, 0) == before + 1, shop.stats(shop.books)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "rejected" and job["attempts"] == 1 and job["remedy"], job
    words = job["detail"]
    assert "JournalId" in words and ("is not a sales journal" in words or "is geen verkoopdagboek" in words), words
    posts = [x for x in shop.activity(job["job"])["attempts"][-1]["activity"]["exchanges"]
             if x["method"] == "POST" and x["what"] == "create sales invoice"]
    assert len(posts) == 1 and posts[0]["status"] == 400, posts
    shop.sync()
    assert shop.stats(shop.books).get(CREATE, 0) == before + 1, "a later run sends nothing by itself"
    shop.write("flows.d/orders.conf", flow)
    shop.run("retry", job["job"])
    shop.sync()
    job_of(shop, order, "done")
    invoice_of(shop, order)
    shop.close()


def x2_refusal_of_the_customer_parks_the_order_at_once():
    shop = tiny()
    shop.sync()
    set_relation(shop, 10, telephone="12")
    order = new_order(shop, 10)
    before = shop.stats(shop.books)
    debtors = shop.debtors()
    shop.sync()
    after = shop.stats(shop.books)
    job = job_of(shop, order, "parked")
    assert job["reason"] == "rejected" and job["attempts"] == 1 and "phonenumber" in job["detail"].lower(), job
    assert after.get("debtors.create", 0) == before.get("debtors.create", 0) + 1, (before, after)
    assert after.get(CREATE, 0) == before.get(CREATE, 0), (before, after)
    assert shop.debtors() == debtors
    set_relation(shop, 10, telephone="0612345678")
    shop.change(order["id"])
    shop.sync()
    assert invoice_of(shop, order)["debtorCustomerNumber"], "mended in the till, it goes"
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and name[0] in "orx" and name[1:2].isdigit()])
