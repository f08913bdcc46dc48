#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the connector of the books makes of odd answers, and its settings: journals, debtor kinds, closed
periods, account numbers. Real program, sandbox, and a proxy that bends answers."""
import http.server as http_server
import json
import os
import threading
import urllib.error
import urllib.request
from decimal import Decimal

import to_till
from koppeltest import Shop, http, main
from orders_more import set_relation
from tradetest import by_account, job, line, money, one, sell, shop_with

HEAD = {"Content-Type": "application/json"}


class Bend:
    """Stands before the books: bend(method, path, body, send) gives (status, headers, bytes); send(body)
    passes the request on and gives the same."""

    def __init__(self, shop, bend):
        class Handler(http_server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))

                def send(body=None):
                    headers = {n: v for n, v in self.headers.items()
                               if n.lower() not in ("connection", "accept-encoding", "content-length", "host")}
                    out = urllib.request.Request(shop.books + self.path, data=(body or sent) or None,
                                                 headers=headers, method=self.command)
                    try:
                        got = urllib.request.urlopen(out, timeout=20)
                    except urllib.error.HTTPError as refused:
                        got = refused
                    return got.status, {"Content-Type": got.headers.get("Content-Type", "")}, got.read()

                status, headers, data = bend(self.command, self.path, sent, send)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = pass_on

            def log_message(self, *args):
                pass

        self.server = http_server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        shop.replace("connections.d/books.conf", f'url = "{shop.books}"; identity',
                     f'url = "http://127.0.0.1:{self.server.server_address[1]}"; identity')

    def close(self):
        self.server.shutdown()
        self.server.server_close()



def setting(shop, text):
    shop.replace("connections.d/books.conf", "settings = {", "settings = { " + text)


def invoices(settings="", **more):
    shop = shop_with("sales-invoice", **more)
    if settings:
        setting(shop, settings)
    return shop


def r4_a_price_without_an_amount():
    """The books tell no amount of a line: a line without article that has a price costs something."""
    shop = to_till.shop_with()
    order = to_till.add(shop, to_till.line(1, 1, "10.00"), {"salesTypeId": 7, "quantity": "1", "price": "4.95",
                                                           "vatCode": "1", "description": "Verzendkosten"})

    def bend(method, path, body, send):
        status, headers, data = send()
        if method == "GET" and "salesorder" in path.lower():
            told = json.loads(data)
            for row in told["_data"]:
                for each in row["lines"]["_data"]:
                    each.pop("amount", None)
            data = json.dumps(told).encode()
        return status, headers, data

    proxy = Bend(shop, bend)
    to_till.sync(shop)
    assert not shop.jobs("parked"), shop.jobs("parked")
    made = to_till.of(shop, order)
    incl = money(json.loads(http(f"{shop.books}/_sandbox/sales-orders/{order['id']}"))["amountInclVat"])
    assert money(made["incl"]) == incl and len(made["lines"]) >= 2, (made, incl)
    proxy.close()
    shop.close()


def r9_405_to_one_change_is_that_records():
    shop = Shop("--orders", "0", "--relations", "12", "--articles", "10")
    shop.enable("customers")
    shop.sync("customers")
    debtors = {d["emailAddress"]: d["id"] for d in shop.debtors() if d.get("emailAddress")}
    relations = json.loads(http(shop.till + "/_sandbox/relations"))["relations"]
    first, second = [r for r in relations if r.get("email", "").strip().lower() in
                     [e.lower() for e in debtors] and r["relationNumber"] >= 10][:2]
    refused = next(i for e, i in debtors.items() if e.lower() == first["email"].strip().lower())

    def bend(method, path, body, send):
        if method == "PUT" and path.endswith(f"/debtors/{refused}"):
            return 405, HEAD, b'{"title":"Method Not Allowed","status":405}'
        return send()

    proxy = Bend(shop, bend)
    for relation in (first, second):
        set_relation(shop, relation["relationNumber"], city="Zutphen")
    counts = shop.sync("customers")
    assert not counts["paused"], counts
    parked = [j["key"] for j in shop.jobs("parked", "customers") if j["reason"] == "rejected"]
    assert parked == [str(first["relationNumber"])], shop.jobs("parked", "customers")
    changed = [d["id"] for d in shop.debtors() if d["city"] == "Zutphen"]
    assert len(changed) == 1 and refused not in changed, changed
    proxy.close()
    shop.close()


def r11_vat_codes_show_what_they_are():
    shop = Shop("--orders", "0", "--relations", "12", "--articles", "12")
    rows = [json.loads(row) for row in shop.run("choices", "books", "vat-codes", "--json").stdout.splitlines()]
    ranks = [2 if "no longer valid" in r["title"] or "not yet valid" in r["title"] else
             1 if ", purchase" in r["title"] else 0 for r in rows]
    assert ranks == sorted(ranks) and set(ranks) >= {0, 1}, rows
    high = next(r for r in rows if r["value"] == "1")
    assert "21" in high["title"] and " %, sales" in high["title"], high
    shop.close()


def r11_vat_codes_that_do_not_fit():
    """A row's code has another rate, is for purchases, or has ended: a mistake, before anything is written."""
    shop = invoices()
    rows = [json.loads(row) for row in shop.run("choices", "books", "vat-codes", "--json").stdout.splitlines()]
    bought = next(r["value"] for r in rows if ", purchase" in r["title"])
    ended = next(r["value"] for r in rows if "no longer valid" in r["title"])
    right = open(os.path.join(shop.conf, "tables", "vat.csv")).read()
    for code, why in (("2", "whose rate is 9"), (bought, "it is for purchases"), (ended, "it is no longer valid"),
                      ("77", "does not have in its list")):
        shop.write("tables/vat.csv", right.replace("NL|21.00,1", f"NL|21.00,{code}"))
        done = shop.run("check", "--online", ok=(78,))
        lines = [line for line in done.stderr.splitlines() if 'by row "NL|21.00" of table "vat_code"' in line]
        assert any(why in told and f'"{code}"' in told for told in lines), done.stderr
        assert not any("did you mean" in told for told in lines), lines
    sell(shop, line(1, 2, "12.10"))
    done = shop.run("sync", "orders", "--wait", "5", ok=(78,))
    assert "vat_code" in done.stderr and not shop.invoices(), done.stderr
    shop.write("tables/vat.csv", right)
    assert shop.run("check", "--online").returncode == 0
    shop.close()


def r18_journals_and_kinds_are_settings():
    """The mappings name none: what is set goes out, whatever the document is."""
    sent = []

    def bend(method, path, body, send):
        if method == "POST" and path.startswith("/v1/"):
            told = json.loads(body)
            sent.append((path.split("?")[0].rpartition("/")[2], told.get("journalId"), told.get("debtorKindId")))
            known = {"71": "70", "91": "90", "01": "1", "02": "2"}
            for name in ("journalId", "debtorKindId"):
                if told.get(name) in known:
                    told[name] = known[told[name]]
            return send(json.dumps(told).encode())
        status, headers, data = send()
        if method == "GET" and ("/journals?" in path or "/debtorkinds?" in path):
            for theirs, own in ((b'"70"', b'"71"'), (b'"90"', b'"91"'), (b'"1"', b'"01"'), (b'"2"', b'"02"')):
                data = data.replace(b'"id":' + theirs, b'"id":' + own)
        return status, headers, data

    settings = 'sales_journal = "71"; general_journal = "91"; debtor_kind_person = "01"; debtor_kind_company = "02"; '
    for dest, journal in (("sales-invoice", "71"), ("financial-mutation", "91")):
        shop = shop_with(dest)
        proxy = Bend(shop, bend)
        setting(shop, settings)
        order = sell(shop, line(1, 2, "12.10"))
        sent.clear()
        shop.sync()
        made = [s for s in sent if s[1]]
        assert made and made[0][1] == journal, (sent, shop.jobs("parked"), shop.jobs("waiting"))
        assert any(s[2] in ("01", "02") for s in sent), sent
        assert one(shop, order["reference"])
        proxy.close()
        shop.close()


def r18_a_journal_that_the_books_lack():
    shop = invoices('sales_journal = "71"; ')
    done = shop.run("check", "--online", ok=(78,))
    assert 'setting "sales_journal" is "71"' in done.stderr and "journals" in done.stderr, done.stderr
    shop.close()


def closed(shop, until):
    http(shop.books + "/_sandbox/period", json.dumps({"closed_until": until}))


def r19_closed_period_parks_or_moves():
    shop = invoices()
    order = sell(shop, line(1, 2, "12.10"), financialDate={"day": 3, "mon": 2, "year": 2026})
    closed(shop, "2026-04")
    shop.sync()
    parked = job(shop, order, "parked")
    assert "bookperiod" in parked["detail"].lower(), parked
    setting(shop, 'closed_period = "next"; ')
    shop.run("retry", "--all", "--flow", "orders")
    shop.sync()
    made = one(shop, order["reference"])
    assert (made["date"][:10], made["bookyear"], made["bookperiod"]) == ("2026-02-03", 2026, 5), made
    shop.close()


def r19_correction_of_a_closed_period():
    shop = shop_with("financial-mutation", on_change="difference", on_cancel="credit")
    setting(shop, 'closed_period = "next"; ')
    order = sell(shop, line(1, 2, "12.10"), financialDate={"day": 3, "mon": 2, "year": 2026})
    shop.sync()
    closed(shop, "2026-04")
    shop.change(order["id"], cancelled=True)
    shop.sync()
    entries = to_entries(shop, order["reference"])
    assert [e["bookperiod"] for e in entries] == [2, 5], entries
    assert all(total == 0 for total in by_account(entries).values()), by_account(entries)
    shop.close()


def to_entries(shop, reference):
    found = json.loads(http(shop.books + "/_sandbox/journal-entries"))["journal_entries"]
    for entry in found:
        entry["lines"] = entry["lines"]["_data"]
    return [e for e in found if e["sourceDocumentNumber"].partition("/")[0] == reference]


def r27_deposits_have_one_account():
    """A deposit that an order sells is booked where the day totals book it, as invoice and as mutation."""
    groups = dict(row.strip().split(",") for row in open(os.path.join(os.path.dirname(__file__), "..", "..", "conf",
                  "example", "tables", "groups.csv")) if not row.startswith("#"))
    for dest in ("sales-invoice", "financial-mutation"):
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"), line(2, 6, "0.25", text="Statiegeld", turnoverGroup=10, vatCode=3))
        shop.sync()
        accounts = [str(row.get("ledgerAccountId")) for row in one(shop, order["reference"])["lines"]]
        assert groups["10|3"] in accounts, (dest, accounts)
        shop.close()


def r27_shipping_has_one_account():
    """So is shipping, which the till knows by its turnover group alone; other lines stay where they are."""
    for dest in ("sales-invoice", "financial-mutation"):
        shop = shop_with(dest)
        order = sell(shop, line(1, 2, "12.10"), line(1, 1, "6.05", text="Verzendkosten", turnoverGroup=12))
        shop.sync()
        accounts = [str(row.get("ledgerAccountId")) for row in one(shop, order["reference"])["lines"]]
        assert "8300" in accounts and "8000" in accounts, (dest, accounts)
        shop.close()


def r28_an_address_in_lines():
    shop = Shop("--orders", "0", "--relations", "12", "--articles", "12", "--debtors", "5")
    shop.enable("customers-to-till")
    http(shop.books + "/_sandbox/debtors/500002", json.dumps({"address": "Dorpsstraat", "addressLine2": "12 bis"}))
    shop.sync("customers-to-till")
    email = next(d for d in shop.debtors() if d["customerNumber"] == "500002")["emailAddress"].strip().lower()
    found = [r for r in json.loads(http(shop.till + "/_sandbox/relations"))["relations"]
             if r.get("email", "").strip().lower() == email]
    assert [r["address"] for r in found] == ["Dorpsstraat 12 bis"], found
    shop.close()


def r30_wrong_account_number():
    for how, state in (("park", "parked"), ("leave-out", "done"), ("send", "parked")):
        shop = invoices(f'wrong_iban = "{how}"; ')
        set_relation(shop, 10, bankAccountNumber="NL92ABNA0417164300")
        order = sell(shop, line(1, 2, "12.10"), relation=10)
        shop.sync()
        ended = job(shop, order, state)
        assert state == "done" or "iban" in ended["detail"].lower(), (how, ended)
        assert "NL92" not in ended["detail"], ended
        shop.close()


def f6_success_that_holds_a_problem():
    shop = invoices()
    order = sell(shop, line(1, 2, "12.10"))
    problem = (b'{"title":"Validation failed","status":400,"detail":"Validation failed",'
               b'"errors":{"bookperiod":["The period is closed"]}}')

    def bend(method, path, body, send):
        if method == "POST" and "salesinvoices" in path:
            return 200, HEAD, problem
        return send()

    proxy = Bend(shop, bend)
    shop.sync()
    parked = job(shop, order, "parked")
    assert parked["detail"].count("Validation failed") == 1 and "The period is closed" in parked["detail"], parked
    assert "{" not in parked["detail"], parked
    proxy.close()
    shop.close()


def amounts_are_exact():
    """What the books know and the catalogue does not goes back as it came, to the last digit."""
    shop = Shop("--orders", "0", "--relations", "12", "--articles", "10")
    shop.enable("customers")
    shop.sync("customers")
    sent = []

    def bend(method, path, body, send):
        if method == "PUT":
            sent.append(body.decode())
            told = json.loads(body)
            told.pop("creditLimit", None)
            return send(json.dumps(told).encode())
        status, headers, data = send()
        if method == "GET" and "/v1/debtors" in path:
            data = data.replace(b'"customerNumber"', b'"creditLimit":12345678901234567.10,"customerNumber"')
        return status, headers, data

    proxy = Bend(shop, bend)
    set_relation(shop, 10, city="Zutphen")
    shop.sync("customers")
    assert len(sent) == 1 and '"creditLimit":12345678901234567.10' in sent[0], sent
    assert Decimal(json.loads(sent[0], parse_float=str)["creditLimit"]) == Decimal("12345678901234567.10")
    proxy.close()
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and name.split("_")[0] in ("r4", "r9", "r11", "r18", "r19", "r27", "r28", "r30", "f6",
                                                        "amounts")])
