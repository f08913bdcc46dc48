#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The books' half of the sandbox by itself: what it takes, what it refuses, and what moves."""
import json
import re
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from decimal import ROUND_HALF_UP, Decimal

from koppeltest import SANDBOX, Shop, main

CALLBACK = "http://127.0.0.1/cb"


class Problem(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class KeepRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Books:
    """A sandbox and a login to its books, or to those at a URL. Numbers come as Decimal."""

    def __init__(self, *args, url=None):
        if not url:
            self.sandbox = subprocess.Popen([SANDBOX, "--orders", "5", "--relations", "40", "--articles", "30", *args],
                                            stdout=subprocess.PIPE)
            Shop.running.append(self)
        self.url = url or json.loads(self.sandbox.stdout.readline())["asperion"]["url"]
        query = urllib.parse.urlencode({"response_type": "code", "client_id": "demo-client", "auto": "1",
                                        "redirect_uri": CALLBACK, "scope": "openid offline_access"})
        try:
            urllib.request.build_opener(KeepRedirect).open(f"{self.url}/connect/authorize?{query}", timeout=20)
        except urllib.error.HTTPError as answer:
            code = re.search("code=([0-9a-f]+)", answer.headers["Location"]).group(1)
        form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
                                       "client_id": "demo-client", "client_secret": "demo-secret-a"})
        request = urllib.request.Request(self.url + "/connect/token", form.encode(),
                                         {"Content-Type": "application/x-www-form-urlencoded"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            self.token = json.loads(answer.read())["access_token"]

    def call(self, method, path, body=None, token=True, tenant="1042", **query):
        url = self.url + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Content-Type": "application/json", "X-Tenant-Id": tenant}
        if token:
            headers["Authorization"] = "Bearer " + self.token
        data = None if body is None else (body if isinstance(body, str) else json.dumps(body, default=float)).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
                text = answer.read()
                return json.loads(text, parse_float=Decimal) if text[:1] in (b"{", b"[") else text.decode()
        except urllib.error.HTTPError as answer:
            text = answer.read()
            raise Problem(answer.code, json.loads(text) if text[:1] == b"{" else text.decode()) from None

    def get(self, path, **query):
        return self.call("GET", "/v1/" + path, **query)

    def rows(self, path, **query):
        return self.get(path, **query)["_data"]

    def all(self, path, **query):
        found, page = [], self.get(path, page=1, pageSize=200, **query)
        while True:
            found += page["_data"]
            following = page["_meta"]["nextPage"]
            if not following:
                assert len(found) == page["_meta"]["totalCount"], (len(found), page["_meta"])
                return found
            page = self.call("GET", following[len(self.url):])

    def post(self, path, body, **query):
        return self.call("POST", "/v1/" + path, body, **query)

    def put(self, path, body, **query):
        return self.call("PUT", "/v1/" + path, body, **query)

    def own(self, path, body=None, method=None):
        return self.call(method or ("GET" if body is None else "POST"), "/_sandbox/" + path, body, token=False)

    def article(self, number):
        return self.own("articles/" + urllib.parse.quote(number))

    def close(self):
        Shop.running.remove(self)
        self.sandbox.terminate()
        self.sandbox.wait(10)


def refused(status, call, *args, field=None, **more):
    """The call is refused with this status, and the mistake is at the field named."""
    try:
        answer = call(*args, **more)
    except Problem as problem:
        assert problem.status == status, f"{status} wanted: {problem}"
        assert {"title", "status", "detail", "traceId"} <= set(problem.body), problem.body
        assert problem.body["status"] == status
        if field:
            assert field in problem.body.get("errors", {}), f"{field} wanted in {problem.body}"
        return problem.body
    raise AssertionError(f"{args} {more} was taken: {answer}")


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


def order_body(**change):
    return {"debtorCustomerNumber": "10003", "date": "2026-03-01T00:00:00", "reference": "WEB-1001",
            "lines": {"_data": [{"articleId": 71, "quantity": 2, "price": 10.00}]}, **change}


def with_line(make, **change):
    body = make()
    body["lines"]["_data"][0].update(change)
    for name in [name for name, value in change.items() if value == "gone"]:
        del body["lines"]["_data"][0][name]
    return body


def entry_body(**change):
    return {"date": "2026-03-02T00:00:00", "bookyear": 2026, "bookperiod": 3, "journalId": "90",
            "description": "Payout", "sourceDocumentNumber": "P-1",
            "lines": {"_data": [{"amount": 121.00, "ledgerAccountId": 1010, "vatAmount": 0, "vatCode": "",
                                 "costCenterId": 0, "bookingDate": "2026-03-02T00:00:00", "description": "PSP"},
                                {"amount": -121.00, "debtorId": 301, "vatAmount": 0, "vatCode": "",
                                 "costCenterId": 0}]}, **change}


def invoice_body(**change):
    return {"debtorCustomerNumber": "10003", "date": "2026-03-01T00:00:00", "bookyear": 2026, "bookperiod": 3,
            "journalId": "70", "description": "WEB-1001", "paymentConditionId": 2, "amountExclVat": 100.00,
            "vatAmount": 21.00, "amountInclVat": 121.00,
            "lines": {"_data": [{"ledgerAccountId": 8000, "vatCode": "1", "amount": 100.00, "vatAmount": 21.00}]},
            **change}


def article_body(**change):
    return {"articleNumber": "NEW-1", "description": "New", "salesTypeId": 1, **change}


# ---- Orders -------------------------------------------------------------------------------------


def order_is_made_found_and_changed():
    books = Books()
    before = books.article("1")
    made = books.post("SalesOrderWithLines/", order_body(deliveryText="Dock 3", comments="Ring twice"))
    assert made["id"] == 5501 and made["status"] == 1 and made["deliveryText"] == "Dock 3", made
    line = made["lines"]["_data"][0]
    assert line["description"] == "Artikel 1" and line["vatCode"] == "1" and line["amount"] == 20, line
    assert (made["amountExclVat"], made["vatAmount"], made["amountInclVat"]) == (20, Decimal("4.2"), Decimal("24.2"))
    for path in ("salesorderwithlines", "SALESORDERWITHLINES/", "salesorderswithlines", "SalesOrdersWithLines/"):
        assert [row["id"] for row in books.rows(path, Reference="WEB-1001")] == [5501], path
    assert books.get("SalesOrderWithLines/5501")["reference"] == "WEB-1001"
    after = books.article("1")
    assert after["currentStock"] == before["currentStock"] and after["reserved"] == before["reserved"] + 2
    books.put("SalesOrderWithLines/5501", {"lines": {"_data": [{"articleId": 71, "quantity": 0.5, "price": 10}]}})
    assert books.article("1")["reserved"] == before["reserved"] + Decimal("0.5")
    assert books.get("SalesOrderWithLines/5501")["deliveryText"] == "Dock 3", "what a change leaves out stays"
    books.post("SalesOrderWithLines", with_line(order_body, quantity=-0.25))
    assert books.article("1")["reserved"] == before["reserved"] + Decimal("0.25")
    only = books.post("SalesOrderWithLines", order_body(reference="NOT-KEPT"), validateOnly="true")
    assert only["reference"] == "NOT-KEPT" and not books.rows("SalesOrderWithLines", Reference="NOT-KEPT")
    assert books.article("1")["reserved"] == before["reserved"] + Decimal("0.25")
    books.close()


def order_is_refused_where_it_is_wrong():
    books = Books()
    inactive = 74  # article number 4
    lines = "Lines._data[0]."
    for body, field in [
            (without(order_body(), "debtorCustomerNumber"), "DebtorCustomerNumber"),
            (without(order_body(), "date"), "Date"), (without(order_body(), "lines"), "Lines"),
            (order_body(debtorCustomerNumber="77777"), "DebtorCustomerNumber"),
            (order_body(date="01-03-2026"), "Date"), (order_body(date="2026-02-30T00:00:00"), "Date"),
            (order_body(paymentConditionId=99), "PaymentConditionId"), (order_body(colour="red"), "Colour"),
            (order_body(status=1), "Status"), (order_body(id=5), "Id"), (order_body(amountInclVat=24.2), "AmountInclVat"),
            (order_body(lines=[{"articleId": 71, "quantity": 1, "price": 1}]), "Lines"),
            (order_body(lines={"_data": []}), "Lines"), (order_body(comments="x" * 4001), "Comments"),
            (order_body(reference="x" * 256), "Reference"), (order_body(reference=7), "Reference"),
            (with_line(order_body, articleId="gone"), lines + "articleId"),
            (with_line(order_body, articleId=99999), lines + "articleId"),
            (with_line(order_body, articleId=inactive), lines + "articleId"),
            (with_line(order_body, articleId="71"), lines + "articleId"),
            (with_line(order_body, salesTypeId=99), lines + "salesTypeId"),
            (with_line(order_body, quantity="gone"), lines + "quantity"),
            (with_line(order_body, quantity="2"), lines + "quantity"),
            (with_line(order_body, quantity=0.00001), lines + "quantity"),
            (with_line(order_body, price="gone"), lines + "price"),
            (with_line(order_body, discountPercentage=100.5), lines + "discountPercentage"),
            (with_line(order_body, vatCode="99"), lines + "vatCode"),
            (with_line(order_body, vatCode="51"), lines + "vatCode"),
            (with_line(order_body, vatCode="6"), lines + "vatCode"),
            (with_line(order_body, articleNumber="1"), lines + "articleNumber")]:
        refused(400, books.post, "SalesOrderWithLines", body, field=field)
    refused(400, books.post, "SalesOrderWithLines", "[]")
    refused(400, books.post, "SalesOrderWithLines", order_body(), dryRun="true")
    refused(404, books.put, "SalesOrderWithLines/1", {})
    assert books.get("SalesOrderWithLines")["_meta"]["totalCount"] == 0
    assert books.own("articles/1")["reserved"] == 0
    # The same without the mistake is taken: a sales type alone, all decimals, a full discount.
    books.post("SalesOrderWithLines", with_line(order_body, articleId="gone", salesTypeId=7))
    books.post("SalesOrderWithLines", with_line(order_body, quantity=0.0001, discountPercentage=100, price=1.2345))
    refused(405, books.call, "DELETE", "/v1/SalesOrderWithLines/5501")
    books.close()


def order_needs_the_trade_pack_and_moves_the_stock():
    books = Books()
    books.own("modules", {"inTrade": False})
    refused(403, books.post, "SalesOrderWithLines", order_body())
    refused(403, books.get, "salesorderswithlines")
    assert books.rows("articles"), "articles do not need it"
    books.own("modules", {"inTrade": True})
    before = books.article("1")
    order = books.post("SalesOrderWithLines", order_body())["id"]
    books.own(f"sales-orders/{order}", {"status": 2})
    after = books.article("1")
    assert after["currentStock"] == before["currentStock"] - 2 and after["reserved"] == 0, after
    problem = refused(400, books.put, f"SalesOrderWithLines/{order}", {"comments": "late"})
    assert "errors" not in problem, problem
    books.own(f"sales-orders/{order}", {"status": 1})
    assert books.article("1")["currentStock"] == before["currentStock"] and books.article("1")["reserved"] == 2
    books.own(f"sales-orders/{order}", {"status": 4})
    assert books.article("1")["reserved"] == 0
    refused(400, books.own, f"sales-orders/{order}", {"status": 9}, field="Status")
    books.close()


def lists_filter_strictly():
    books = Books()
    for n, day in ((1, "01"), (10, "05"), (101, "09")):
        books.post("SalesOrderWithLines", order_body(reference=f"WEB-{n}", date=f"2026-03-{day}T10:00:00"))

    def ids(**query):
        return [row["reference"] for row in books.rows("SalesOrderWithLines", **query)]
    assert ids(Reference="WEB-1") == ["WEB-1", "WEB-10", "WEB-101"], "text is compared by Contains"
    assert ids(reference="web-1", reference_comparison="equals") == ["WEB-1"], "in any case"
    assert ids(Reference="WEB-1", Reference_comparison="NotEquals") == ["WEB-10", "WEB-101"]
    assert ids(Reference="101", Reference_comparison="EndsWith") == ["WEB-101"]
    assert ids(Reference="EB", Reference_comparison="StartsWith") == []
    assert ids(Date_from="2026-03-05", Date_to="2026-03-08") == ["WEB-10"] and ids(Date="2026-03-09") == ["WEB-101"]
    assert ids(Id=5502) == ["WEB-10"] and ids(DebtorCustomerNumber="10003", Status=1) == ids()
    assert ids(DebtorCustomerNumber="10101") == []
    for query in ({"Referenz": "x"}, {"Reference_comparison": "Like", "Reference": "x"}, {"Id": "x"},
                  {"Date_comparison": "Equals"}, {"pageSize": 201}, {"page": 0}, {"ActiveState": "All"}):
        refused(400, books.get, "SalesOrderWithLines", **query)
    page = books.get("SalesOrderWithLines", pageSize=2, Reference="WEB")
    assert page["_meta"]["totalCount"] == 3 and page["_meta"]["pageCount"] == 2 and "page=2" in page["_meta"]["nextPage"]
    assert [r["reference"] for r in books.call("GET", page["_meta"]["nextPage"][len(books.url):])["_data"]] == ["WEB-101"]
    row = books.rows("SalesOrderWithLines", fields="reference,status")[0]
    assert set(row) == {"reference", "status", "_meta"}, row
    assert books.get("SalesOrderWithLines", metaOnly="true")["_data"] == []
    refused(401, books.call, "GET", "/v1/SalesOrderWithLines", token=False)
    refused(403, books.call, "GET", "/v1/SalesOrderWithLines", tenant="7")
    books.close()


# ---- Journal entries ----------------------------------------------------------------------------


def journal_entry_balances_or_is_refused():
    books = Books()
    made = books.post("journalentrieswithlines", entry_body())
    assert made["id"] == 7001 and made["state"] == 1 and made["lines"]["_meta"]["totalCount"] == 2, made
    assert books.get("journalentrieswithlines/7001")["sourceDocumentNumber"] == "P-1"
    refused(400, books.get, "journalentrieswithlines", field="BookYear")
    assert len(books.rows("journalentrieswithlines", BookYear=2026, SourceDocumentNumber="P-1")) == 1
    assert not books.rows("journalentrieswithlines", BookYear=2025)
    assert len(books.rows("journalentrieswithlines", BookYear=2026, BookPeriod=3, State=1, Status=1)) == 1
    lines = "Lines._data[0]."
    for body, field in [
            (with_line(entry_body, amount=121.01), "Lines"), (with_line(entry_body, amount=120.99), "Lines"),
            (with_line(entry_body, amount=121.001), lines + "amount"), (with_line(entry_body, amount="121"), lines + "amount"),
            (entry_body(journalId="70"), "JournalId"), (entry_body(journalId="60"), "JournalId"),
            (entry_body(journalId="11"), "JournalId"), (entry_body(bookyear=2025), "Bookyear"),
            (entry_body(bookperiod=2), "Bookperiod"), (entry_body(bookperiod=13), "Bookperiod"), (entry_body(openingBalance=5, closingBalance=5), "ClosingBalance"),
            (entry_body(state=1), "State"), (entry_body(lines={"_data": []}), "Lines"),
            (without(entry_body(), "journalId"), "JournalId"), (without(entry_body(), "bookyear"), "Bookyear"),
            (with_line(entry_body, ledgerAccountId="gone"), lines + "ledgerAccountId"),
            (with_line(entry_body, ledgerAccountId=1234), lines + "ledgerAccountId"),
            (with_line(entry_body, ledgerAccountId=8999), lines + "ledgerAccountId"),
            (with_line(entry_body, debtorId=999), lines + "debtorId"),
            (with_line(entry_body, creditorId=1), lines + "creditorId"),
            (with_line(entry_body, salesInvoiceId=901), lines + "salesInvoiceId"),
            (with_line(entry_body, costCenterId=9), lines + "costCenterId"),
            (with_line(entry_body, vatAmount=1), lines + "vatCode"), (with_line(entry_body, vatCode="9"), lines + "vatCode"),
            (with_line(entry_body, quantity=1), lines + "quantity")]:
        refused(400, books.post, "journalentrieswithlines", body, field=field)
    refused(405, books.put, "journalentrieswithlines/7001", entry_body())
    books.post("journalentrieswithlines", entry_body(), validateOnly="true")
    assert books.get("journalentrieswithlines", BookYear=2026)["_meta"]["totalCount"] == 1
    # A bank book: what the lines lack is the rise of its balance.
    bank = {"journalId": "20", "openingBalance": 100, "closingBalance": 221,
            "lines": {"_data": [{"amount": -121, "debtorId": 301}]}}
    books.post("journalentrieswithlines", entry_body(**bank))
    refused(400, books.post, "journalentrieswithlines", entry_body(**{**bank, "closingBalance": 222}), field="Lines")
    books.own("period", {"closed_until": "2026-03"})
    refused(400, books.post, "journalentrieswithlines", entry_body(), field="Bookperiod")
    refused(400, books.post, "salesinvoiceswithlines", invoice_body(), field="Bookperiod")
    books.post("journalentrieswithlines", entry_body(date="2026-04-01T00:00:00", bookperiod=4))
    books.own("period", {"closed_until": None})
    books.post("journalentrieswithlines", entry_body())
    books.close()


# ---- Articles and stock ---------------------------------------------------------------------------


def article_is_made_and_changed_but_never_its_stock():
    books = Books()
    made = books.post("articles", article_body(size="XL", colour="Blauw", mainArticleNumber="NEW", brand="Noord",
                                               salesPrice=9.95, webshop=True))
    assert made["active"] and made["stockArticle"] and made["currentStock"] == 0, made
    changed = books.put(f"articles/{made['id']}", {"description": "Newer", "active": False})
    assert changed["description"] == "Newer" and changed["size"] == "XL" and changed["salesPrice"] == Decimal("9.95")
    for name in ("currentStock", "reserved", "onOrder", "backOrder", "locations"):
        refused(400, books.put, f"articles/{made['id']}", {name: 5}, field=name[0].upper() + name[1:])
    refused(400, books.post, "articles", article_body(), field="ArticleNumber")  # although it is inactive
    refused(400, books.post, "articles", article_body(articleNumber=" new-1 "), field="ArticleNumber")
    refused(400, books.put, f"articles/{made['id']}", {"articleNumber": "4"}, field="ArticleNumber")
    refused(400, books.post, "articles", article_body(articleNumber="N2", salesTypeId=99), field="SalesTypeId")
    refused(400, books.post, "articles", article_body(articleNumber="N2", salesPrice=1.001), field="SalesPrice")
    refused(400, books.post, "articles", article_body(articleNumber="N2", weight=1), field="Weight")
    refused(400, books.post, "articles", without(article_body(articleNumber="N2"), "description"), field="Description")

    def numbers(**query):
        return [row["articleNumber"] for row in books.rows("articles", **query)]
    assert "NEW-1" not in numbers(pageSize=200) and "4" not in numbers(pageSize=200), "inactive ones are hidden"
    assert sorted(numbers(ActiveState="Inactive")) == ["4", "NEW-1"]
    assert len(numbers(ActiveState="All", pageSize=200)) == 30
    assert numbers(ArticleNumber="NEW-1", ArticleNumber_comparison="Equals") == []
    assert numbers(ArticleNumber="new-1", ArticleNumber_comparison="Equals", ActiveState="All") == ["NEW-1"]
    refused(400, books.get, "articles", ActiveState="Both")
    books.close()


def catalogue_has_what_connectors_must_cope_with():
    books = Books("--catalogue", "5000", "--seed", "7")
    rows = {row["articleNumber"]: row for row in books.all("articles", ActiveState="All")}
    assert len(rows) == 29 + 5000, len(rows)
    assert len({row["id"] for row in rows.values()}) == len(rows)
    shirts = [row for row in rows.values() if row["mainArticleNumber"] == "700100"]
    assert {(row["size"], row["colour"]) for row in shirts} == {(s, c) for s in "SML" for c in ("Rood", "Blauw")}
    assert {(row["mainCategory"], row["subCategory"]) for row in shirts} == {("Kleding", "Shirts")}
    assert rows["700401"]["eanCode1"] == rows["700402"]["eanCode1"] == "8712345678906"
    assert {"AB-12", "0.2", "0012", "12", "99999999999999999999"} <= set(rows)
    assert not rows["700301"]["active"] and not rows["700501"]["stockArticle"] and not rows["700506"]["webshop"]
    assert rows["700502"]["currentStock"] == -3
    assert rows["700503"]["currentStock"] == Decimal("12.75") and rows["700503"]["unit"] == "kg"
    assert (rows["700504"]["currentStock"], rows["700504"]["reserved"], rows["700504"]["onOrder"]) == (10, 3, 5)
    for row in rows.values():
        levels = row["locations"]["_data"]
        assert sum(level["stock"] for level in levels) == row["currentStock"], row
        assert sum(level["reserved"] for level in levels) == row["reserved"], row
    assert [level["stock"] for level in rows["700505"]["locations"]["_data"]] == [5, 3]
    active = books.all("articles")
    assert [r["articleNumber"] for r in active] == [n for n, row in rows.items() if row["active"]]
    same = books.rows("articles", EanCode1="8712345678906", EanCode1_comparison="Equals")
    assert [row["articleNumber"] for row in same] == ["700401", "700402"]
    assert len(books.rows("articles", MainArticleNumber="700200", MainArticleNumber_comparison="Equals")) == 2
    again = Books("--catalogue", "5000", "--seed", "7")
    assert again.all("articles", ActiveState="All") == [
        {**row, "_meta": {"self": row["_meta"]["self"].replace(books.url, again.url)}} for row in rows.values()]
    again.close()
    books.close()


def catalogue_is_lean_and_its_pages_cost_a_page():
    books = Books("--catalogue", "100000")
    with open(f"/proc/{books.sandbox.pid}/status") as status:
        peak = int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) / 1024
    assert peak < 60, f"{peak} MiB for 100,000 articles"

    def cost(*pages):
        began = time.process_time(), time.time()
        for page in pages:
            assert len(books.rows("articles", page=page, pageSize=200)) == 200
        return time.time() - began[1]
    cost(1)
    first, last = cost(*range(1, 21)), cost(*range(470, 490))
    print(f"  {peak:.0f} MiB; 20 pages at the begin {first:.3f} s, at the end {last:.3f} s")
    assert last < first * 4 + 0.2, (first, last)
    books.close()


# ---- Invoices and lookups -------------------------------------------------------------------------


def invoice_is_changed_only_while_a_concept():
    books = Books()
    made = books.post("salesinvoiceswithlines", invoice_body())
    assert made["status"] == 1 and made["id"] == 901
    line = {"ledgerAccountId": 8010, "vatCode": "2", "amount": 50.00, "vatAmount": 4.50}
    changed = books.put("salesinvoiceswithlines/901", {"lines": {"_data": [line]}, "description": "WEB-1001b"})
    assert (changed["amountExclVat"], changed["amountInclVat"]) == (50, Decimal("54.5")), changed
    assert changed["paymentConditionId"] == 2
    assert [r["id"] for r in books.rows("salesinvoiceswithlines", Description="WEB-1001b")] == [901]
    refused(400, books.put, "salesinvoiceswithlines/901", {"amountInclVat": 1}, field="AmountInclVat")
    refused(400, books.put, "salesinvoiceswithlines/901", {"status": 7}, field="Status")
    assert books.own("totals")["sales_invoices"]["incl"] == "54.50"
    books.own("invoices/901", {"status": 7})
    refused(400, books.put, "salesinvoiceswithlines/901", {"description": "late"})
    assert [r["id"] for r in books.rows("salesinvoices", Status=7)] == [901]
    assert "lines" not in books.rows("salesinvoices")[0]
    books.own("invoices", {"status": 2})
    assert books.post("salesinvoiceswithlines", invoice_body())["status"] == 2
    refused(400, books.own, "invoices", {"status": 4})
    for body, field in [
            (with_line(invoice_body, vatAmount=20.99), "VatAmount"), (invoice_body(amountExclVat=99.99), "AmountExclVat"),
            (invoice_body(journalId="90"), "JournalId"), (with_line(invoice_body, costUnitId=9), "Lines._data[0].costUnitId"),
            (with_line(invoice_body, ledgerAccountId=0), "Lines._data[0].ledgerAccountId"),
            (with_line(invoice_body, vatCode="51"), "Lines._data[0].vatCode")]:
        refused(400, books.post, "salesinvoiceswithlines", body, field=field)
    books.post("salesinvoiceswithlines", with_line(invoice_body, costUnitId=1, costCenterId=0))
    books.close()


def lookups_list_what_the_records_refer_to():
    books = Books()
    accounts = {row["id"]: row for row in books.all("ledgeraccounts")}
    assert {1000, 1010, 1020, 1500, 1510, 1520, 1750, 1760, 4950, 8000, 8010, 8020, 8900} <= set(accounts)
    codes = {row["id"]: row for row in books.all("vatcodes")}
    for row in books.all("salestypes"):
        assert row["ledgerAccountId"] in accounts and row["vatCode"] in codes, row
    assert [row["id"] for row in books.all("debtorkinds")] == ["1", "2"]
    assert {row["id"] for row in books.all("paymentmethods")} == {"1", "2", "3", "4", "5"}
    assert {row["type"] for row in books.all("journals")} == {"Cash", "Bank", "Purchase", "Sales", "Memorial"}
    assert [row["conversionCode"] for row in books.all("costunits")] == ["ZOMER", None]
    assert books.rows("costunits", CostCenter=2)[0]["id"] == 1
    refused(405, books.post, "salestypes", {})
    refused(404, books.get, "salestypes/1")
    refused(404, books.get, "articlegroups")
    debtor = {"name": "X", "address": "Y", "debtorKindId": "1"}
    books.post("debtors", {**debtor, "paymentMethodId": "5"})
    refused(400, books.post, "debtors", {**debtor, "paymentMethodId": "6"}, field="PaymentMethodId")
    refused(400, books.post, "debtors", {**debtor, "debtorKindId": "3"}, field="DebtorKindId")
    books.close()


# ---- The description ------------------------------------------------------------------------------


def resolve(document, schema):
    return document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def agrees(document, value, schema, place):
    """The value is one that the schema describes."""
    schema = resolve(document, schema)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float, Decimal)}
    if value is None:
        assert schema.get("nullable"), f"{place} is null"
        return
    assert isinstance(value, kinds[schema["type"]]), f"{place} is {value!r}, not {schema['type']}"
    if schema["type"] == "array":
        for row in value:
            agrees(document, row, schema["items"], place + "[]")
    if "multipleOf" in schema:
        assert Decimal(str(value)) % schema["multipleOf"] == 0, f"{place} is {value}"
    if schema["type"] == "object":
        for name, inner in value.items():
            known = schema["properties"].get(name)
            assert known or schema.get("additionalProperties", True), f"{place}.{name} is not described"
            if known:
                agrees(document, inner, known, f"{place}.{name}")


def described(document, path, verb):
    return document["paths"][path][verb]


def body_schema(document, path, verb="post"):
    return described(document, path, verb)["requestBody"]["content"]["application/json"]["schema"]


def description_says_what_is_taken_and_given():
    books = Books("--catalogue", "40", "--sales-orders", "20", "--debtors", "20")
    document = books.call("GET", "/swagger/v1/swagger.json", token=False)
    assert document["openapi"].startswith("3.0")
    books.post("journalentrieswithlines", entry_body())
    books.post("salesinvoiceswithlines", invoice_body())
    writes = {"/v1/articles": article_body(), "/v1/debtors": {"name": "X", "address": "Y", "debtorKindId": "1"},
              "/v1/salesinvoiceswithlines": invoice_body(), "/v1/SalesOrderWithLines/": order_body(),
              "/v1/journalentrieswithlines": entry_body()}
    assert {path for path, verbs in document["paths"].items() if "post" in verbs} == set(writes)
    for path, verbs in document["paths"].items():
        if path.endswith("{id}"):
            continue
        names = {p["name"] for p in verbs["get"]["parameters"] if p["in"] == "query"}
        query = {p["name"]: 2026 for p in verbs["get"]["parameters"] if p.get("required")}
        page = books.call("GET", path, **query)
        schema = verbs["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert page["_data"] or path == "/v1/costunits", path
        agrees(document, page, schema, path)
        for row in page["_data"]:
            properties = resolve(document, resolve(document, schema)["properties"]["_data"]["items"])["properties"]
            missing = set(properties) - set(row)
            assert not missing or path in ("/v1/debtors", "/v1/salesinvoiceswithlines", "/v1/salesinvoices"), (path, missing)
        for name in names - {"page", "pageSize", "fields", "orderBy", "metaOnly", "ActiveState"}:
            value = "Equals" if name.endswith("_comparison") else 1 if name != "BookYear" else 2026
            books.call("GET", path, **{**query, name: value})
    for path, body in writes.items():
        schema = resolve(document, body_schema(document, path))
        agrees(document, body, schema, path)
        for name in schema["required"]:
            refused(400, books.call, "POST", path, without(body, name), field=name[0].upper() + name[1:])
        for name in set(schema["properties"]) - {"_meta"}:
            if schema["properties"][name].get("readOnly"):
                refused(400, books.call, "POST", path, {**body, name: 1}, field=name[0].upper() + name[1:])
        books.call("POST", path, {name: body[name] for name in schema["required"]})
    books.close()


def bent_description_and_bent_wire_agree():
    books = Books()
    books.own("swagger", {"remove": ["articles.salesPrice", "debtors:put"], "require": ["articles.brand"],
                          "rename": {"articles.description": "shortDescription",
                                     "salesorderwithlines.lines.price": "unitPrice"},
                          "type": {"articles.unit": "integer"}})
    document = books.call("GET", "/swagger/v1/swagger.json", token=False)
    article = resolve(document, body_schema(document, "/v1/articles"))
    assert "salesPrice" not in article["properties"] and "brand" in article["required"]
    assert article["properties"]["unit"]["type"] == "integer"
    assert "description" not in article["properties"] and "shortDescription" in article["required"]
    assert "put" not in document["paths"]["/v1/debtors/{id}"]
    row = books.rows("articles", ShortDescription="Artikel 12")[0]
    assert row["shortDescription"] == "Artikel 12" and "description" not in row, row
    refused(400, books.get, "articles", Description="x")
    refused(400, books.post, "articles", article_body(), field="Description")
    refused(400, books.post, "articles", without(article_body(), "description"), field="ShortDescription")
    made = books.post("articles", {**without(article_body(), "description"), "shortDescription": "New"})
    assert made["shortDescription"] == "New" and books.article("NEW-1")["description"] == "New"
    refused(400, books.post, "SalesOrderWithLines", order_body(), field="Lines.price")
    bent = with_line(order_body, price="gone", unitPrice=10)
    assert books.post("SalesOrderWithLines", bent)["lines"]["_data"][0]["unitPrice"] == 10
    refused(400, books.own, "swagger", {"remove": ["articles.salesprise"]})
    refused(400, books.own, "swagger", {"rename": {"articels.description": "x"}})
    books.own("swagger", {})
    assert books.call("GET", "/swagger/v1/swagger.json", token=False)["components"]["schemas"]["Article"][
        "properties"]["description"]
    books.post("articles", article_body(articleNumber="NEW-2"))
    books.close()


# ---- State, seeds and faults ------------------------------------------------------------------------


def state_can_be_looked_at_and_changed():
    books = Books()
    books.own("articles/12", {"currentStock": "7.125", "description": "Twaalf", "webshop": False})
    row = books.rows("articles", ArticleNumber="12", ArticleNumber_comparison="Equals")[0]
    assert row["currentStock"] == Decimal("7.125") and row["description"] == "Twaalf" and not row["webshop"], row
    books.own("articles/12", {"locations": [{"location": "Winkel", "stock": 2}], "reserved": 1})
    assert books.article("12")["currentStock"] == Decimal("9.125") and books.article("12")["reserved"] == 1
    refused(404, books.own, "articles/X-1", {"description": "x"})
    refused(400, books.own, "articles/12", {"currentstock": 1}, field="Currentstock")
    refused(400, books.own, "articles/12", {"currentStock": "much"}, field="CurrentStock")
    refused(400, books.own, "articles/12", {"locations": [{"location": "Elsewhere", "stock": 1}]}, field="Locations")
    books.own("articles/X-1", {"create": True, "currentStock": 3, "salesPrice": "9.95"})
    assert books.article("X-1")["currentStock"] == 3 and books.article("X-1")["salesPrice"] == Decimal("9.95")
    gone = books.article("X-1")["id"]
    books.own("articles/X-1", method="DELETE")
    refused(404, books.get, f"articles/{gone}")
    assert not books.rows("articles", ArticleNumber="X-1", ActiveState="All")
    books.post("articles", article_body(articleNumber="X-1"))
    books.own("debtors/10003", {"name": "Anders", "city": "Bunnik"})
    books.put("debtors/301", {"city": "Bunnik"})
    debtor = books.rows("debtors", CustomerNumber="10003", CustomerNumber_comparison="Equals")[0]
    assert debtor["name"] == "Anders" and debtor["address"] == "Dorpsstraat 1" and debtor["dateLastChange"], debtor
    refused(400, books.own, "debtors/10003", {"emailAddress": "nowhere"}, field="EmailAddress")
    books.own("debtors/10102", method="DELETE")
    assert not books.rows("debtors", CustomerNumber="10102")
    order = books.own("sales-orders", {"debtor": "10003", "reference": "OWN-1", "lines": [
        {"articleNumber": "12", "quantity": "1.5"}, {"salesTypeId": 7, "quantity": 1, "price": "4.95"}]})
    assert order["lines"]["_data"][0]["price"] == books.article("12")["salesPrice"], order
    assert books.rows("SalesOrderWithLines", Reference="OWN-1")[0]["id"] == order["id"]
    assert books.article("12")["reserved"] == Decimal("2.5")
    books.own(f"sales-orders/{order['id']}", {"comments": "changed", "lines": [{"articleNumber": "12", "quantity": 4}]})
    assert books.article("12")["reserved"] == 5 and books.get(f"SalesOrderWithLines/{order['id']}")["comments"] == "changed"
    refused(400, books.own, "sales-orders", {"debtor": "1", "lines": [{"articleNumber": "12", "quantity": 1}]},
            field="DebtorCustomerNumber")
    refused(404, books.own, "nothing")
    refused(400, books.own, "modules", {"inTrad": False})
    books.close()


def cents(value):
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def seeded_orders_add_up_exactly():
    books = Books("--sales-orders", "400", "--debtors", "60", "--seed", "11")
    rates = {row["id"]: row["percentage"] for row in books.all("vatcodes")}
    excl, vat, fractions, discounts, mixes = Decimal(0), {}, 0, 0, 0
    orders = books.own("sales-orders")["sales_orders"]
    assert len(orders) == 400
    reserved = {}
    for order in orders:
        per_code = {}
        for line in order["lines"]["_data"]:
            amount = cents(line["quantity"] * line["price"] * (100 - line["discountPercentage"]) / 100)
            assert amount == line["amount"], line
            per_code[line["vatCode"]] = per_code.get(line["vatCode"], 0) + amount
            fractions += line["quantity"] != int(line["quantity"])
            discounts += line["discountPercentage"] != 0
            if order["status"] == 1 and line["articleId"]:
                reserved[line["articleId"]] = reserved.get(line["articleId"], 0) + line["quantity"]
        mixes += len(per_code) > 1
        taxes = {code: cents(amount * rates[code] / 100) for code, amount in per_code.items()}
        assert order["amountExclVat"] == sum(per_code.values()), order
        assert order["amountInclVat"] == sum(per_code.values()) + sum(taxes.values()), order
        if order["status"] != 4:
            excl += sum(per_code.values())
            for code, tax in taxes.items():
                vat[code] = vat.get(code, 0) + tax
    assert min(fractions, discounts, mixes) > 50, (fractions, discounts, mixes)
    assert set(vat) >= {"1", "2", "3", "4", "21", "22"}, vat
    totals = books.own("totals")["sales_orders"]
    assert totals["excl"] == str(excl) and totals["left_out"] == sum(o["status"] == 4 for o in orders), totals
    assert {code: row["vat"] for code, row in totals["by_vat_code"].items()} == {c: str(cents(v)) for c, v in vat.items()}
    for article in books.own("articles")["articles"]:
        assert article["reserved"] == reserved.get(article["id"], 0), article
    assert books.all("SalesOrderWithLines")[0]["id"] == orders[0]["id"]
    again = Books("--sales-orders", "400", "--debtors", "60", "--seed", "11")
    assert again.own("sales-orders") == books.own("sales-orders")
    other = Books("--sales-orders", "400", "--debtors", "60", "--seed", "12")
    assert other.own("sales-orders") != books.own("sales-orders")
    for one in (books, again, other):
        one.close()


def totals_follow_every_document():
    books = Books()
    books.post("salesinvoiceswithlines", invoice_body())
    credit = {"ledgerAccountId": 8010, "vatCode": "2", "amount": -10.01, "vatAmount": -0.90}
    books.post("salesinvoiceswithlines", without(invoice_body(lines={"_data": [credit]}), "amountExclVat", "vatAmount",
                                                 "amountInclVat"))
    books.post("journalentrieswithlines", entry_body())
    totals = books.own("totals")
    invoices, entries = totals["sales_invoices"], totals["journal_entries"]
    assert (invoices["count"], invoices["excl"], invoices["vat"], invoices["incl"]) == (2, "89.99", "20.10", "110.09")
    assert invoices["by_vat_code"]["2"] == {"excl": "-10.01", "vat": "-0.90"}
    assert entries["by_ledger_account"] == {"1010": "121.00", "1300": "-121.00"}, entries
    assert entries["debit"] == "121.00" and totals["other_administration"] == 0
    books.close()


def faults_and_latency_meet_the_new_paths():
    books = Books("--latency-ms", "120")
    began = time.time()
    books.rows("salestypes")
    assert time.time() - began >= 0.12
    books.own("faults", "429@SalesOrder,500@/swagger,drop-answer@journalentries")
    try:
        books.post("SalesOrderWithLines", order_body())
        raise AssertionError("no fault")
    except Problem as problem:
        assert problem.status == 429
    try:
        books.call("GET", "/swagger/v1/swagger.json")
        raise AssertionError("no fault")
    except Problem as problem:
        assert problem.status == 500
    try:
        books.post("journalentrieswithlines", entry_body())
        raise AssertionError("no fault")
    except (urllib.error.URLError, ConnectionError, OSError):
        pass
    assert len(books.rows("journalentrieswithlines", BookYear=2026)) == 1, "it was kept, only the answer was lost"
    assert books.own("stats")["requests"]["journalentrieswithlines.create"] == 1
    books.close()


if __name__ == "__main__":
    main([order_is_made_found_and_changed, order_is_refused_where_it_is_wrong,
          order_needs_the_trade_pack_and_moves_the_stock, lists_filter_strictly, journal_entry_balances_or_is_refused,
          article_is_made_and_changed_but_never_its_stock, catalogue_has_what_connectors_must_cope_with,
          catalogue_is_lean_and_its_pages_cost_a_page, invoice_is_changed_only_while_a_concept,
          lookups_list_what_the_records_refer_to, description_says_what_is_taken_and_given,
          bent_description_and_bent_wire_agree, state_can_be_looked_at_and_changed, seeded_orders_add_up_exactly,
          totals_follow_every_document, faults_and_latency_meet_the_new_paths])
