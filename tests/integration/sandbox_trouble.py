#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trouble on order: each rule does what it says and nothing else, so that a test can trust what it asked for."""
import http.client
import json
import threading
import time
import urllib.error
import urllib.request

import koppeltest
from koppeltest import main
from sandbox_books import Books, Problem, entry_body, invoice_body, order_body, refused
from tilltest import LISTS, Till, line, order, write

SHARED = {}


def books():
    """One sandbox for all tests; each leaves it without rules."""
    if "books" not in SHARED:
        SHARED["books"] = Books()
    return SHARED["books"]


def till():
    if "till" not in SHARED:
        SHARED["till"] = Till("--orders", "8", "--relations", "40", "--articles", "30", quiet=True)
    return SHARED["till"]


def rules(place, *list_of, seed=1):
    text = json.dumps({"seed": seed, "rules": list(list_of)})
    koppeltest.http(place.url + "/_sandbox/trouble", text)


def rule_of(place):
    return json.loads(koppeltest.http(place.url + "/_sandbox/trouble"))["rules"]


def invoices(place):
    return place.own("invoices")["invoices"]


def ends(call, *args, **more):
    """The connection ends without an answer."""
    try:
        call(*args, **more)
    except (http.client.RemoteDisconnected, ConnectionResetError, urllib.error.URLError):
        return
    raise AssertionError("there was an answer")


def last_write(place):
    return json.loads(koppeltest.http(place.url + "/_sandbox/writes"))["writes"][-1]


def an_answer_is_lost_after_the_write_or_before_it():
    place = books()
    before = len(invoices(place))
    rules(place, {"do": "drop-answer", "on": "POST /v1/salesinvoices"})
    ends(place.post, "salesinvoiceswithlines", invoice_body())
    assert len(invoices(place)) == before + 1, "the write was applied"
    assert (last_write(place)["applied"], last_write(place)["answered"]) == (True, False), last_write(place)
    rules(place, {"do": "drop-answer", "on": "POST /v1/salesinvoices", "apply": False})
    ends(place.post, "salesinvoiceswithlines", invoice_body())
    assert len(invoices(place)) == before + 1, "the write was not applied"
    assert (last_write(place)["applied"], last_write(place)["answered"]) == (False, False), last_write(place)
    place.post("salesinvoiceswithlines", invoice_body())
    assert len(invoices(place)) == before + 2, "a rule holds as often as it says"


def the_nth_of_an_operation_is_met():
    place = books()
    before = len(invoices(place))
    rules(place, {"do": "status", "on": "POST /v1/salesinvoices", "status": 503, "skip": 2, "times": 2})
    statuses = []
    for _ in range(5):
        try:
            place.post("salesinvoiceswithlines", invoice_body())
            statuses.append(200)
        except Problem as problem:
            statuses.append(problem.status)
        place.rows("journals")  # another operation is not counted
    assert statuses == [200, 200, 503, 503, 200], statuses
    assert len(invoices(place)) == before + 3
    assert (rule_of(place)[0]["met"], rule_of(place)[0]["hit"]) == (4, 2), rule_of(place)


def one_record_is_refused_and_all_are():
    place = books()
    rules(place, {"do": "status", "on": "WEB-BAD", "status": 405, "times": "all", "writes": True,
                  "text": '{"title":"no","status":405}', "type": "application/json"})
    for _ in range(2):
        refused_with = None
        try:
            place.post("salesinvoiceswithlines", invoice_body(description="WEB-BAD"))
        except Problem as problem:
            refused_with = problem
        assert refused_with.status == 405 and refused_with.body["title"] == "no"
        place.post("salesinvoiceswithlines", invoice_body(description="WEB-GOOD"))
    rules(place, {"do": "status", "status": 500, "times": "all", "writes": True})
    for body in (invoice_body(), invoice_body(description="other")):
        try:
            place.post("salesinvoiceswithlines", body)
            raise AssertionError("taken")
        except Problem as problem:
            assert problem.status == 500
    place.rows("journals")  # reads pass: the rule is for writes
    rules(place)
    place.post("salesinvoiceswithlines", invoice_body())


def a_problem_and_a_page_come_with_200():
    place = books()
    before = len(invoices(place))
    rules(place, {"do": "problem", "on": "POST", "text": "the period is closed"},
          {"do": "status", "on": "POST", "status": 200, "text": "<html>please log in</html>"})
    told = place.post("salesinvoiceswithlines", invoice_body())
    assert told["detail"] == "the period is closed" and told["status"] == 400, told
    assert "<html>" in place.post("salesinvoiceswithlines", invoice_body())
    assert len(invoices(place)) == before
    rules(place, {"do": "status", "on": "POST", "status": 502, "apply": True})
    try:
        place.post("salesinvoiceswithlines", invoice_body())
        raise AssertionError("answered")
    except Problem as problem:
        assert problem.status == 502
    assert len(invoices(place)) == before + 1, "the page came after the write"

    shop = till()
    rules(shop, {"do": "problem", "on": "createOrder", "text": "no such article"})
    orders = len(shop.state("orders")["orders"])
    told = shop.post(f"<m:createOrder>{write({'order': order(line(14, 1))})}</m:createOrder>")
    assert "<faultstring>no such article</faultstring>" in told and len(shop.state("orders")["orders"]) == orders


def a_held_answer_comes_and_a_late_write_is_applied_later():
    place = books()
    before = len(invoices(place))
    rules(place, {"do": "wait", "on": "POST", "before_ms": 400})
    post = threading.Thread(target=place.post, args=("salesinvoiceswithlines", invoice_body()))
    post.start()
    assert len(invoices(place)) == before, "not applied yet"
    post.join()
    assert len(invoices(place)) == before + 1
    rules(place, {"do": "wait", "on": "POST", "after_ms": 400})
    post = threading.Thread(target=place.post, args=("salesinvoiceswithlines", invoice_body()))
    post.start()
    until = time.monotonic() + 10
    while len(invoices(place)) == before + 1 and post.is_alive() and time.monotonic() < until:
        time.sleep(0.01)
    assert len(invoices(place)) == before + 2 and post.is_alive(), "applied, and not answered yet"
    post.join()


def chance_follows_the_seed():
    place = books()
    runs = []
    for _ in range(2):
        rules(place, {"do": "status", "on": "GET /v1/journals", "percent": 50, "times": "all"}, seed=7)
        got = ""
        for _ in range(20):
            try:
                place.rows("journals")
                got += "."
            except Problem:
                got += "x"
        runs.append(got)
    assert runs[0] == runs[1] and "." in runs[0] and "x" in runs[0], runs
    rules(place)


def answers_are_bent():
    place = books()
    whole = place.rows("articles", ActiveState="All")
    number = whole[2]["articleNumber"]
    for bend, have in (({"member": "currentStock", "remove": True}, "gone"),
                       ({"member": "currentStock", "null": True}, None),
                       ({"member": "currentStock", "value": "many"}, "many"),
                       ({"member": "currentStock", "rename": "stockNow"}, "gone")):
        rules(place, {"do": "bend", "on": "/v1/articles", "row": 3, **bend})
        rows = place.rows("articles", ActiveState="All")
        assert rows[2].get("currentStock", "gone") == have, (bend, rows[2])
        assert [r for r in rows if r != rows[2]] == [r for r in whole if r["articleNumber"] != number]
    rules(place, {"do": "bend", "on": "/v1/articles", "keep": 2, "total": 900},
          {"do": "bend", "on": "/v1/articles", "keep": 0},
          {"do": "bend", "on": "/v1/articles", "where": {"articleNumber": number}, "member": "description",
           "raw": '"half an emoji \\ud83d"'})
    few = place.get("articles", ActiveState="All")
    assert (len(few["_data"]), few["_meta"]["totalCount"]) == (2, 900), few
    assert place.rows("articles", ActiveState="All") == []
    bad = place.call("GET", "/v1/articles", ActiveState="All", pageSize=3)
    assert bad["_data"][2]["description"].startswith("half an emoji"), bad
    rules(place)


def a_list_of_the_till_is_bent():
    shop = till()
    request = {"request": LISTS}
    whole = shop.call("getOrders", request)["orderList"][0]["order"]
    ident = whole[1]["orderId"][0]
    rules(shop, {"do": "bend", "on": "getOrders", "of": "order", "row": 2, "member": "year", "value": "20261"},
          {"do": "bend", "on": "getOrders", "of": "order", "where": {"orderId": ident}, "member": "totalInclAmount",
           "remove": True},
          {"do": "bend", "on": "getOrders", "of": "order", "keep": 3},
          {"do": "bend", "on": "getOrders", "of": "order", "row": 1, "member": "reference", "raw": "&#0;\x01"})
    bent = shop.call("getOrders", request)["orderList"][0]["order"]
    assert "20261" in json.dumps(bent[1]) and bent[0] == whole[0] and bent[2:] == whole[2:]
    bent = shop.call("getOrders", request)["orderList"][0]["order"]
    assert "totalInclAmount" not in bent[1] and bent[0] == whole[0] and bent[2:] == whole[2:]
    assert len(shop.call("getOrders", request)["orderList"][0]["order"]) == 3
    login = shop.post("<m:getOrders><m:request><m:articlePluNumbers/>"
                      "<m:articleBarcodes/></m:request></m:getOrders>")
    assert "&#0;\x01" in login, "raw bytes stand there"
    rules(shop)


def a_new_record_is_not_found_before_the_lag_is_over():
    place, shop = books(), till()
    koppeltest.http(place.url + "/_sandbox/lag", '{"ms": 600000}')
    place.post("salesorderwithlines/", order_body(reference="LAG-1"))
    find = {"reference": "LAG-1", "reference_comparison": "Equals"}
    assert place.rows("salesorderwithlines", **find) == []
    assert any(r["reference"] == "LAG-1" for r in place.all("salesorderwithlines")), "a list without filter has it"
    koppeltest.http(place.url + "/_sandbox/lag", '{"ms": 0}')
    assert len(place.rows("salesorderwithlines", **find)) == 1
    koppeltest.http(shop.url + "/_sandbox/lag", '{"ms": 600000}')
    shop.call("createOrder", {"order": order(line(14, 1), extOrderId="LAG-1")})
    assert shop.result("findOrder", {"extOrderId": "LAG-1"}) == "NOT-FOUND"
    koppeltest.http(shop.url + "/_sandbox/lag", '{"ms": 0}')
    assert shop.result("findOrder", {"extOrderId": "LAG-1"}) == "OK"


def a_late_commit_shows_behind_the_marker():
    shop = till()
    request = {"request": LISTS}
    idents = lambda: {o["orderId"][0] for o in shop.call("getOrders", request)["orderList"][0]["order"]}
    made = shop.call("createOrder", {"order": order(line(14, 1))})["info"][0]["orderId"][0]
    marker = next(o["marker"] for o in shop.state("orders")["orders"] if o["id"] == made)
    shop.change("orders/" + made, hidden=True)
    assert made not in idents()
    shop.call("createOrder", {"order": order(line(14, 1))})
    shop.change("orders/" + made, hidden=False)
    assert made in idents()
    after = next(o["marker"] for o in shop.state("orders")["orders"] if o["id"] == made)
    assert marker == after, "it stands where it stood"


def references_are_unique_when_told():
    place, shop = books(), till()
    for path, make, field in (("salesorderwithlines/", order_body, "reference"),
                              ("salesinvoiceswithlines", invoice_body, "description"),
                              ("journalentrieswithlines", entry_body, "sourceDocumentNumber")):
        body = make(**{field: "ONCE"})
        place.post(path, body)
        place.post(path, body)
        koppeltest.http(place.url + "/_sandbox/unique", '{"references": true}')
        refused(400, place.post, path, body, field=field[0].upper() + field[1:])
        koppeltest.http(place.url + "/_sandbox/unique", '{"references": false}')
    twice = {"order": order(line(14, 1), extOrderId="TWICE")}
    assert shop.result("createOrder", twice) == "OK"
    assert shop.result("createOrder", twice) == "EXT-ORDER-ID-ALREADY-EXISTS"
    koppeltest.http(shop.url + "/_sandbox/unique", '{"references": false}')
    assert shop.result("createOrder", twice) == "OK"
    koppeltest.http(shop.url + "/_sandbox/unique", '{"references": true}')


def a_debtor_is_merged_renumbered_removed():
    place = books()
    place.own("debtors/60001", {"create": True, "name": "Een"})
    made = place.post("salesinvoiceswithlines", invoice_body(debtorCustomerNumber="60001"))
    place.own("debtors/60001", {"mergedInto": "10003"})
    refused(404, place.own, "debtors/60001")
    assert place.own(f"invoices/{made['id']}")["debtorCustomerNumber"] == "10003"
    refused(400, place.post, "salesinvoiceswithlines", invoice_body(debtorCustomerNumber="60001"),
            field="DebtorCustomerNumber")
    place.own("debtors/60002", {"create": True, "name": "Twee"})
    before = place.own("debtors/60002")["id"]
    place.own("debtors/60002", {"customerNumber": "60003"})
    assert place.own("debtors/60003")["id"] == before
    place.own("debtors/60003", method="DELETE")
    refused(404, place.own, "debtors/60003")


def writes_at_the_same_time_are_counted():
    place = books()
    rules(place, {"do": "wait", "on": "POST", "after_ms": 300, "times": 2})
    posts = [threading.Thread(target=place.post, args=("salesinvoiceswithlines", invoice_body())) for _ in range(2)]
    for post in posts:
        post.start()
    for post in posts:
        post.join()
    assert place.own("stats")["at_once"]["writes"] == 2, place.own("stats")


def rules_that_make_no_sense_are_refused():
    place = books()
    for wrong, word in (({"do": "explode"}, "do"), ({"do": "status", "status": 99}, "status"),
                        ({"do": "status", "stauts": 500}, "stauts")):
        try:
            rules(place, wrong)
            raise AssertionError(f"{wrong} was taken")
        except urllib.error.HTTPError as answer:
            assert answer.code == 400 and word in answer.read().decode()
    assert wrong not in rule_of(place), "what was refused is not kept"


def an_administration_its_routes_and_a_file():
    place = books()
    one = place.get("administrations/1042")
    assert one["id"] == 1042 and one["_meta"]["administrationId"] == 1042, one
    refused(404, place.get, "administrations/7")
    assert {r["id"] for r in place.rows("approvalroutes")} == {1, 2}
    refused(405, place.post, "approvalroutes", {"description": "x"})
    made = place.post("salesinvoiceswithlines", invoice_body())

    def send(body, kind='multipart/form-data; boundary="b0"', to=made["id"]):
        request = urllib.request.Request(
            f"{place.url}/v1/salesinvoiceswithlines/{to}/file", body, method="POST",
            headers={"Content-Type": kind, "Authorization": "Bearer " + place.token, "X-Tenant-Id": "1042"})
        try:
            return json.loads(urllib.request.urlopen(request, timeout=20).read())
        except urllib.error.HTTPError as answer:
            raise Problem(answer.code, json.loads(answer.read())) from None

    data = b"PDF-1.4\r\n\0\xff"
    part = (b'--b0\r\nContent-Disposition: form-data; name="%s"; filename="F 1.pdf"\r\n'
            b"Content-Type: application/pdf\r\n\r\n" + data + b"\r\n--b0")
    kept = send(part % b"File" + b"--\r\n")
    assert (kept["name"], kept["type"], kept["size"], kept["extension"]) == ("F 1.pdf", "application/pdf", len(data),
                                                                           ".pdf"), kept
    assert isinstance(kept["id"], str) and place.own("files")["files"][0]["invoiceId"] == made["id"]
    refused(400, send, part % b"Upload" + b"--\r\n", field="File")
    refused(400, send, part % b"File", field="File")
    refused(400, send, part % b"File" + b"--\r\n", "application/pdf", field="File")
    refused(404, send, part % b"File" + b"--\r\n", to=99999999)


TESTS = [value for value in list(globals().values())
         if callable(value) and getattr(value, "__module__", "") == __name__ and "_" in value.__name__
         and value.__name__ not in ("last_write", "rule_of")]

if __name__ == "__main__":
    main(TESTS, keep=True)
