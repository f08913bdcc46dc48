#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sandbox till: as strict as the vendor's interface is described, and right to the cent."""
import re
import ssl
import urllib.request
import xml.etree.ElementTree as ET
from decimal import Decimal

from koppeltest import http, main
from tillgoods import (groups_are_a_tree, products_are_filtered_and_paged, products_are_made_and_changed,
                       stock_is_corrected_all_or_nothing)
from tilltest import (LISTS, SERVED, Fault, Till, done, line, messages_agree_with_the_schema, order, pick, till)


def orders_are_made_strictly():
    shop = till()
    made = shop.call("createOrder", {"order": order(line(14, 2, price=1995), extOrderId="A-1", reference="Web 1")})
    assert made["result"] == ["CREATE-ORDER-RESULT-OK"], made
    found = shop.call("findOrder", {"extOrderId": "A-1"})
    got = pick(found, "order")
    assert got["orderId"] == pick(made, "info")["orderId"] and got["reference"] == ["Web 1"]
    assert got["totalInclAmount"] == ["3990"] and got["totalExclAmount"] == ["3298"], got
    group = pick(got, "vatGroupList", "vatGroup")
    assert (group["exclAmount"], group["vatAmount"]) == (["3298"], ["692"])
    for wrong, why in (({"relationNumber": None}, "relation"), ({"relationNumber": 999}, "relation"),
                       ({"employeeNumber": 5}, "employee"), ({"employeeNumber": 7}, "not active"),
                       ({"entryBranchNumber": 2}, "workplace"), ({"entryBranchNumber": 3}, "branch"),
                       ({"entryBranchNumber": 2, "workplaceNumber": 3}, "workplace"),
                       ({"financialBranchNumber": 9}, "branch"), ({"deliveryMethod": "POST"}, "delivery method"),
                       ({"deliveryMethod": "KOERIER"}, "not enabled"), ({"paymentMethod": "CRYPTO"}, "payment method"),
                       ({"orderCategoryNumber": 9}, "category"), ({"orderId": "x"}, "id"),
                       ({"financialDate": {"day": 31, "mon": 2, "year": 2026}}, "calendar")):
        answer = shop.call("createOrder", {"order": order(**wrong)})
        assert answer["result"] == ["CREATE-ORDER-RESULT-FAILED"] and why in answer["errorMessage"][0], (wrong, answer)
    for bad, why in ((line(999), "no article"), (line(14, 1, vatCode=9), "VAT code"), (line(0), "text"),
                     (line(14, 1, decimalPlaces=7), "decimals"), (line(14, 1, discountPercentage=10001), "discount"),
                     (line(14, 1, price=10 ** 12), "range"), (line(14, 10 ** 14), "range")):
        answer = shop.call("createOrder", {"order": order(bad)})
        assert answer["result"] == ["CREATE-ORDER-RESULT-FAILED"] and why in answer["errorMessage"][0], (bad, answer)
    again = shop.call("createOrder", {"order": order(extOrderId="A-1")})
    assert again["result"] == ["CREATE-ORDER-RESULT-EXT-ORDER-ID-ALREADY-EXISTS"], again
    assert shop.result("createOrder", {"order": order(extOrderId="WEB-100001")}) == "EXT-ORDER-ID-ALREADY-EXISTS"
    shop.call("cancelOrder", {"orderId": got["orderId"][0]})
    assert shop.result("createOrder", {"order": order(extOrderId="A-1")}) == "EXT-ORDER-ID-ALREADY-EXISTS"
    shop.call("createOrder", {"order": order(extOrderId="A-2", entryBranchNumber=2, workplaceNumber=1)})
    both = shop.call("getOrdersByExtOrderIds", {"request": {"extOrderIds": {"id": ["A-1", "A-2", "A-3"]}}})
    assert len(pick(both, "orderList")["order"]) == 2
    done(shop)


def totals_are_the_tills_own():
    shop = till()
    cases = (
        ("INCLUSIVE", [line(1, 3, price=33), line(5, 2, price=109)], 317),
        ("EXCLUSIVE", [line(1, 3, priceExcl=1000), line(5, 1, price=100)], 3630 + 109),
        ("SHIFTED", [line(1, 1, priceExcl=1000, vatCode=1)], 1000),
        ("NONE", [line(1, 530, decimalPlaces=3, price=1000)], 530),
        ("INCLUSIVE", [line(1, -2, price=1000), line(0, 0) | {"text": "Bedankt"}], -2000),
        ("INCLUSIVE", [line(1, 1, price=900, originalPrice=1000, discountPercentage=1000)], 900),
    )
    for n, (method, lines, incl) in enumerate(cases):
        lines = [{k: l[k] for k in ("articleNumber", "text", "data") if k in l} for l in lines]
        for l in lines:
            names = ("quantity", "decimalPlaces", "price", "priceExcl", "originalPrice", "vatCode",
                     "discountPercentage")
            l["data"] = {k: l["data"][k] for k in names if k in l["data"]}
        shop.call("createOrder", {"order": order(*lines, extOrderId=f"T-{n}", vatMethod=f"VAT-METHOD-{method}")})
        got = pick(shop.call("findOrder", {"extOrderId": f"T-{n}"}), "order")
        assert got["totalInclAmount"] == [str(incl)], (method, got["totalInclAmount"], incl)
        groups = pick(got, "vatGroupList")["vatGroup"]
        whole = sum(int(g["exclAmount"][0]) + int(g["vatAmount"][0]) for g in groups)
        assert whole == incl and sum(int(g["exclAmount"][0]) for g in groups) == int(got["totalExclAmount"][0])
        if method in ("SHIFTED", "NONE"):
            assert all(g["vatAmount"] == ["0"] for g in groups)
    done(shop)


def a_repeated_key_replays_the_answer():
    shop = till()
    request = {"idempotencyKey": "k-1", "order": order(line(14, 1, price=1000), extOrderId="V3-1"), "prepay": True,
               "paymentList": {"payment": [{"method": "IDEAL", "amount": 1000}]}}
    first = shop.call("createOrderV3", {"request": request})
    assert first["idempotencyResult"] == ["IDEMPOTENCY-RESULT-ORIGINAL-RESPONSE"]
    assert first["payResult"] == ["PAY-ORDER-RESULT-OK"], first
    again = shop.call("createOrderV3", {"request": request})
    assert again.pop("idempotencyResult") == ["IDEMPOTENCY-RESULT-REPLAY-RESPONSE"]
    first.pop("idempotencyResult")
    assert again["info"] == first["info"] and again["result"] == first["result"]
    assert len([o for o in shop.state("orders")["orders"] if o["external"] == "V3-1"]) == 1
    # A failure is an answer too, and stays the answer to that key.
    bad = {"idempotencyKey": "k-2", "order": order(relationNumber=999)}
    assert shop.call("createOrderV3", {"request": bad})["result"] == ["CREATE-ORDER-RESULT-FAILED"]
    bad["order"] = order()
    replay = shop.call("createOrderV3", {"request": bad})
    assert replay["result"] == ["CREATE-ORDER-RESULT-FAILED"], replay
    unknown = {"idempotencyKey": "k-3", "order": order(extOrderId="V3-3"),
               "paymentList": {"payment": [{"method": "CRYPTO", "amount": 1}]}}
    assert shop.call("createOrderV3", {"request": unknown})["result"] == ["CREATE-ORDER-RESULT-PAYMENT-FAILED"]
    assert shop.result("findOrder", {"extOrderId": "V3-3"}) == "NOT-FOUND"
    short = {"idempotencyKey": "k-4", "order": order(line(14, 1, price=1000)),
             "paymentList": {"payment": [{"method": "PIN", "amount": 999}]}}
    answer = shop.call("createOrderV3", {"request": short})
    assert answer["payResult"] == ["PAY-ORDER-RESULT-PAYMENT-INSUFFICIENT"], answer
    assert "idempotencyKey" in shop.fault("createOrderV3", {"request": {**short, "idempotencyKey": ""}})
    done(shop)


def orders_are_changed_with_their_counters():
    shop = till()
    made = shop.call("createOrder", {"order": order(line(14, 2, price=1000), extOrderId="U-1", reference="a")})
    number = pick(made, "info")["orderId"][0]
    now = {"orderId": number, "changeCounter": 1, "versionNumber": 1}
    assert shop.result("updateOrder", {"order": {"orderId": "nowhere"}}) == "NOT-FOUND"
    assert shop.result("updateOrder", {"order": {"orderId": number, "reference": "b"}}) == "ORDER-HAS-CHANGED"
    same = {"orderId": number, "reference": "a", "changeCounter": 1, "versionNumber": 1}
    assert shop.result("updateOrder", {"order": same}) == "NO-CHANGES"
    lines = {"line": [{"lineId": "line-1", **line(14, 3, price=1000)}, line(15, 1, price=500)]}
    changed = {**now, "lineList": lines}
    assert shop.result("updateOrder", {"order": changed}) == "OK"
    assert shop.result("updateOrder", {"order": changed}) == "ORDER-HAS-CHANGED"
    got = pick(shop.call("getOrder", {"orderId": number}), "order")
    assert got["totalInclAmount"] == ["3500"] and got["reference"] == ["a"], got
    assert (got["changeCounter"], got["versionNumber"]) == (["2"], ["2"])
    ghost = {**now, "changeCounter": 2, "versionNumber": 2, "lineList": {"line": [{"lineId": "line-9", **line(14)}]}}
    assert shop.result("updateOrder", {"order": ghost}) == "FAILED"
    done(shop)


def reserved(shop, article, branch=1):
    row = [r for r in shop.state(f"stock?article={article}")["stock"] if r["branch"] == branch][0]
    return Decimal(row["free"]), Decimal(row["reserved"])


def deliveries_make_slips_and_move_stock():
    shop = till()
    free, held = reserved(shop, 14)
    made = shop.call("createOrder", {"order": order(line(14, 4, price=1000), line(15, 1500, decimalPlaces=3))})
    number = pick(made, "info")["orderId"][0]
    assert reserved(shop, 14) == (free, held + 4)
    part = {"orderId": number, "lineList": {"line": [{"lineId": "line-1", "quantity": 1},
                                                      {"lineId": "line-2", "quantity": 5, "decimalPlaces": 1}]}}
    assert shop.result("deliverOrderV2", {"request": {"orderDelivery": part}}) == "OK"
    assert reserved(shop, 14) == (free - 1, held + 3)
    got = pick(shop.call("getOrder", {"orderId": number}), "order")
    assert got["deliveryState"] == ["ORDER-DELIVERY-STATE-PARTIAL"]
    assert pick(got, "lineList", "line", "data")["deliveredQuantity"] == ["1"]
    for wrong in ({"lineId": "line-1", "quantity": 4}, {"lineId": "line-7", "quantity": 1},
                  {"lineId": "line-1", "quantity": 0}, {"lineId": "line-1", "quantity": -1}):
        assert shop.result("deliverOrderV2", {"request": {"orderDelivery": {"orderId": number, "lineList": {
            "line": [wrong]}}}}) == "FAILED", wrong
    rest = shop.call("deliverOrder", {"request": {"orderId": number,
                                                  "turnoverType": "DELIVER-ORDER-TURNOVER-TYPE-INVOICE"}})
    assert rest["result"] == ["DELIVER-ORDER-RESULT-OK"] and rest["invoiceId"] and rest["packingSlipId"]
    assert reserved(shop, 14) == (free - 4, held)
    assert shop.result("deliverOrder", {"request": {"orderId": number}}) == "ALREADY-DELIVERED"
    found = shop.call("getPackingSlipsByOrder", {"request": {"orderId": number}})
    slips = pick(found, "packingSlipList")["packingSlip"]
    sent = [Decimal(s["lineList"][0]["line"][0]["data"][0]["quantity"][0]) for s in slips]
    assert sent == [1, 3] and {s["orderId"][0] for s in slips} == {number}
    paged = pick(shop.call("getPackingSlips", {"request": {"syncMarker": 1}}), "packingSlipList")["packingSlip"]
    assert len(paged) == 2
    history = shop.call("getStockHistory", {"request": {"branchNumber": 1, "articleNumbers": {"articleNumbers": [14]}}})
    last = history["articleStockHistory"][-1]
    assert last["type"] == ["STOCK-HISTORY-TYPE-SALES"] and last["amountChanged"] == ["-3"] and last["packingSlipId"]
    done(shop)


def a_cancel_is_undone_by_the_newer_call_only():
    shop = till()
    free, held = reserved(shop, 14)
    number = pick(shop.call("createOrder", {"order": order(line(14, 4))}), "info")["orderId"][0]
    assert shop.result("cancelOrder", {"orderId": "nowhere"}) == "NOT-FOUND"
    assert shop.result("cancelOrder", {"orderId": number}) == "OK"
    assert reserved(shop, 14) == (free, held)
    assert shop.result("cancelOrder", {"orderId": number}) == "ALREADY-CANCELLED"
    v2 = {"request": {"workplace": {"branchNumber": 1, "workplaceNumber": 1}, "employee": {"employeeNumber": 999999},
                      "orderId": number}}
    assert shop.result("cancelOrderV2", v2) == "UNDO-CANCEL-OK"
    assert reserved(shop, 14) == (free, held + 4)
    assert shop.result("cancelOrderV2", v2) == "OK"
    v2["request"]["employee"]["employeeNumber"] = 4
    assert "employee" in shop.fault("cancelOrderV2", v2)
    done(shop)


def payments_cover_or_are_refused():
    shop = till()
    number = pick(shop.call("createOrder", {"order": order(line(14, 1, price=1000))}), "info")["orderId"][0]

    def pay(*amounts, prepay=False, method="PIN"):
        return shop.call("payOrder", {"request": {"orderId": number, "prepay": prepay, "paymentList": {
            "payment": [{"method": method, "amount": amount} for amount in amounts]}}})

    assert pay(400)["result"] == ["PAY-ORDER-RESULT-PAYMENT-INSUFFICIENT"]
    assert pay(400, method="CRYPTO")["result"] == ["PAY-ORDER-RESULT-FAILED"]
    assert pay(-400, method="IDEAL")["result"] == ["PAY-ORDER-RESULT-FAILED"]
    assert pay(400, prepay=True)["result"] == ["PAY-ORDER-RESULT-OK"]
    assert pick(shop.call("getOrder", {"orderId": number}), "order")["prepaidAmount"] == ["400"]
    assert pay(700)["result"] == ["PAY-ORDER-RESULT-FAILED"]
    paid = pay(100, 500)
    assert paid["result"] == ["PAY-ORDER-RESULT-OK"] and paid["invoiceId"], paid
    invoice = pick(shop.call("getInvoice", {"invoiceId": paid["invoiceId"][0]}), "invoice")
    assert invoice["paidAmount"] == ["1000"] and pick(invoice, "orderIds")["id"] == [number]
    assert pay(1)["result"] == ["PAY-ORDER-RESULT-ORDER-ALREADY-INVOICED"]
    request = {"idempotencyKey": "p", "orderId": number, "prepay": True, "paymentList": {"payment": []}}
    shop.call("payOrderV2", {"request": request})
    assert shop.call("payOrderV2", {"request": request})["idempotencyResult"] == ["IDEMPOTENCY-RESULT-REPLAY-RESPONSE"]
    done(shop)


def invoices_are_read_and_credited():
    shop = till()
    found = pick(shop.call("getInvoices", {"request": {"syncMarker": 1, **LISTS}}), "invoiceList")["invoice"]
    assert len(found) == 30
    by_type = {kind: [i for i in found if i["invoiceType"][0] == f"INVOICE-TYPE-{kind}"] for kind in
               ("INVOICE", "CREDIT-INVOICE")}
    assert len(by_type["CREDIT-INVOICE"]) == 2
    credit = by_type["CREDIT-INVOICE"][-1]
    original = [i for i in found if i["invoiceId"] == credit["creditedInvoiceId"]][0]
    assert int(credit["totalInclAmount"][0]) < 0 and original["invoiceId"] != credit["invoiceId"]
    assert {i["vatMethod"][0] for i in found} >= {"VAT-METHOD-INCLUSIVE", "VAT-METHOD-EXCLUSIVE", "VAT-METHOD-SHIFTED"}
    draft = [i for i in found if i["finalized"] == ["false"]]
    assert len(draft) == 1 and "invoiceNumber" not in draft[0]
    fresh = [i for i in by_type["INVOICE"]
             if i["state"] == ["INVOICE-STATE-OUTSTANDING"] and i["finalized"] == ["true"]]
    assert shop.result("creditInvoice", {"invoiceId": fresh[0]["invoiceId"][0]}) == "OK"
    assert shop.result("creditInvoice", {"invoiceId": fresh[0]["invoiceId"][0]}) == "FAILED"
    assert shop.result("creditInvoice", {"invoiceId": "nowhere"}) == "NOT-FOUND"
    assert shop.result("creditInvoiceV2", {"request": {"invoiceId": credit["invoiceId"][0]}}) == "FAILED"
    assert shop.result("findInvoice", {"extInvoiceId": "none"}) == "NOT-FOUND"
    marker = max(int(i["syncMarker"][0]) for i in found)
    new = pick(shop.call("getInvoices", {"request": {"syncMarker": marker + 1, **LISTS}}), "invoiceList")["invoice"]
    assert len(new) == 2, "the credit and the credited one"
    shop.call("getInvoices", {"request": {**LISTS, "finalizeInvoices": True}})
    assert shop.result("creditInvoiceV2", {"request": {"invoiceId": draft[0]["invoiceId"][0], "financialDate": {
        "day": 1, "mon": 11, "year": 2026}, "explanation": "Retour"}}) == "OK"
    done(shop)


def receipts_of(shop, **filters):
    names = ("syncMarker", "fromFinancialDate", "throughFinancialDate", "branchNumbers")
    request = {name: filters[name] for name in names if name in filters}
    request.update(LISTS)
    request.update({name: filters[name] for name in ("includeOrderReferences", "includeLineList") if name in filters})
    answer = pick(shop.call("getReceipts", {"request": request}), "receiptList")
    return answer["receipt"] if answer else []


def day(text):
    year, month, number = (int(part) for part in text.split("-"))
    return {"day": number, "mon": month, "year": year}


def receipts_and_journals_tell_the_same():
    shop = till()
    days = shop.state("days")["days"]
    assert len(days) == 10 and sum(d["closed"] for d in days) == 8
    receipts = receipts_of(shop, includeOrderReferences=True)
    kinds = {r["receiptType"][0].removeprefix("RECEIPT-TYPE-") for r in receipts}
    assert kinds == {"RECEIPT", "CREDIT-RECEIPT", "CASH-INFLOW", "CASH-OUTFLOW", "PAYMENT-METHOD-TRANSFER"}, kinds
    of_orders = [r for r in receipts if "orderIds" in r]
    assert len(of_orders) == 4 and not any("orderIds" in r for r in receipts_of(shop))
    for d in days:
        span = {"fromFinancialDate": day(d["date"]), "throughFinancialDate": day(d["date"])}
        mine = receipts_of(shop, **span, branchNumbers=[d["branch"]])
        answer = shop.call("getJournals", {"request": {**span, "branchNumbers": [d["branch"]], "journalFilterList": {
            "journalFilter": ["JOURNAL-FILTER-RECEIPT"]}}})
        journal = pick(answer, "journalList", "journal")
        total = sum(int(r["totalInclAmount"][0]) for r in mine)
        turnover = sum(int(g["inclAmount"][0]) for g in pick(journal, "turnoverGroupList")["turnoverGroup"])
        paid = sum(int(p["amount"][0]) for p in pick(journal, "paymentList")["payment"])
        vat = sum(int(g["exclAmount"][0]) + int(g["vatAmount"][0]) for g in pick(journal, "vatGroupList")["vatGroup"])
        assert total == turnover == paid == vat, (d["date"], d["branch"], total, turnover, paid, vat)
    one = pick(shop.call("getReceipt", {"receiptId": receipts[0]["receiptId"][0]}), "receipt")
    assert one["receiptId"] == receipts[0]["receiptId"]
    by_order = shop.call("getReceiptsByOrder", {"orderId": pick(of_orders[0], "orderIds")["id"][0]})
    assert pick(by_order, "receiptList")["receipt"][0]["receiptId"] == of_orders[0]["receiptId"]
    groups = pick(shop.call("getTurnoverGroups", {"request": {"onlyActive": True}}), "turnoverGroupList")
    assert {g["turnoverGroupType"][0].removeprefix("TURNOVER-GROUP-TYPE-") for g in groups["turnoverGroup"]} >= {
        "TURNOVER", "SUSPENSE", "REFUNDABLE-DEPOSIT", "CASH-INFLOW", "CASH-OUTFLOW"}
    done(shop)


def a_day_is_closed_and_opened_again():
    shop = till()

    def closed(date):
        answer = shop.call("getFinancialJournal", {"request": {"fromFinancialDate": day(date),
                                                               "throughFinancialDate": day(date)}})
        branches = {g["branchNumber"][0]: g["financialPeriodClosed"][0]
                    for g in pick(answer, "financialGroupList")["financialGroup"]}
        return answer["financialPeriodClosed"][0], branches

    assert closed("2026-11-17") == ("true", {"1": "true", "2": "true"})
    assert closed("2026-11-20")[0] == "false", "the open day"
    counts = pick(shop.call("getCashCountList", {"request": {}}), "cashCountList")["cashCount"]
    assert len(counts) == 8
    differences = [int(l["differenceAmount"][0]) for c in counts for l in pick(c, "cashCountLineList")["cashCountLine"]]
    assert sorted(d for d in differences if d) == [-135, 5]
    for c in counts:
        for l in pick(c, "cashCountLineList")["cashCountLine"]:
            start, added, counted = (int(l[n][0]) for n in ("startAmount", "addedAmount", "countedAmount"))
            assert counted == start + added + int(l["differenceAmount"][0])
    marker = max(int(r["syncMarker"][0]) for r in receipts_of(shop))
    before = shop.change("days/1/2026-11-17", closed=False)
    assert closed("2026-11-17") == ("false", {"1": "false", "2": "true"})
    after = shop.change("days/1/2026-11-17", add_receipt={
        "lines": [{"article": 1, "quantity": "2", "price": "12.10", "vat": 1}, {"text": "Cadeaukaart", "price": "25",
                   "group": 11}],
        "payments": [{"method": "CASH", "amount": "40.00"}, {"method": "PIN", "amount": "9.20"}]}, closed=True)
    assert Decimal(after["incl"]) - Decimal(before["incl"]) == Decimal("49.20"), after
    new = receipts_of(shop, syncMarker=marker + 1)
    assert len(new) == 1 and new[0]["totalInclAmount"] == ["4920"]
    again = [c for c in pick(shop.call("getCashCountList", {"request": {}}), "cashCountList")["cashCount"]
             if c["branchNumber"] == ["1"] and c["financialDate"][0]["day"] == ["17"]]
    assert again[0]["versionNumber"] == ["2"]
    done(shop)


def proposals_become_orders_and_invoices():
    shop = till()
    found = pick(shop.call("getProposals", {"request": {"syncMarker": 0}}), "proposalList")["proposal"]
    states = [p["state"][0].removeprefix("PROPOSAL-STATE-") for p in found]
    assert set(states) == {"OUTSTANDING", "ORDER", "INVOICE", "CANCELLED"}
    draft = {"extProposalId": "Q-1", "employeeNumber": 999999, "relationNumber": 3,
             "vatMethod": "VAT-METHOD-INCLUSIVE", "lineList": {"line": [line(14, 2, price=1000)]}}
    saved = shop.call("saveProposal", {"proposal": draft})
    assert saved["result"] == ["SAVE-PROPOSAL-RESULT-OK"], saved
    number = pick(saved, "info")["proposalId"][0]
    assert shop.result("saveProposal", {"proposal": draft}) == "EXT-PROPOSAL-ID-ALREADY-EXISTS"
    change = {"proposalId": number, "reference": "x", "changeCounter": 1}
    assert shop.result("saveProposal", {"proposal": change}) == "OK"
    assert shop.result("saveProposal", {"proposal": change}) == "PROPOSAL-HAS-CHANGED"
    assert shop.result("saveProposal", {"proposal": {"proposalId": "nowhere"}}) == "NOT-FOUND"
    made = shop.call("createOrderFromProposal", {"proposalId": number})
    got = pick(shop.call("getOrder", {"orderId": pick(made, "info")["orderId"][0]}), "order")
    assert got["proposalId"] == [number] and got["extProposalId"] == ["Q-1"] and got["totalInclAmount"] == ["2000"]
    assert shop.result("createOrderFromProposal", {"proposalId": number}) == "FAILED"
    assert shop.result("cancelProposal", {"proposalId": number}) == "FAILED"
    open_ones = [p["proposalId"][0] for p in found if p["state"] == ["PROPOSAL-STATE-OUTSTANDING"]]
    invoice = shop.call("createInvoiceFromProposal", {"proposalId": open_ones[0]})
    assert invoice["result"] == ["CREATE-INVOICE-FROM-PROPOSAL-RESULT-OK"]
    assert shop.result("cancelProposal", {"proposalId": open_ones[1]}) == "OK"
    assert shop.result("cancelProposal", {"proposalId": open_ones[1]}) == "FAILED"
    assert shop.result("getProposal", {"proposalId": open_ones[1]}) == "OK"
    assert shop.result("createOrderFromProposal", {"proposalId": "nowhere"}) == "NOT-FOUND"
    done(shop)


def relations_and_choices():
    shop = till()
    assert pick(shop.call("findRelationV2", {"request": {"relation": {"email": "JAN@X.nl"}, "exactMatch": True}}),
                "relation")["relationNumber"] == ["3"]
    assert shop.result("findRelationV2", {"request": {"relation": {"email": "an@x.nl"}, "exactMatch": True}}) == \
        "NOT-FOUND"
    assert shop.result("findRelation", {"relation": {"email": "an@x.nl"}}) == "OK"
    made = shop.call("createRelation", {"relation": {"name": "Nieuw", "email": "n@x.nl"}})
    number = made["relationNumber"][0]
    assert shop.result("updateRelation", {"relation": {"relationNumber": number, "email": "m@x.nl"}}) == "OK"
    exact = {"request": {"relation": {"email": "m@x.nl"}, "exactMatch": True}}
    assert pick(shop.call("findRelationV2", exact), "relation")["name"] == ["Nieuw"]
    assert shop.result("createRelation", {"relation": {"email": "z@x.nl"}}) == "FAILED"
    assert shop.result("getRelation", {"relationNumber": number}) == "OK"
    assert len(pick(shop.call("getRelations", {"request": {"syncMarkerLimit": 5}}), "relationList")["relation"]) == 5
    shop.change(f"relations/{number}", active=False, city="Gent")
    assert pick(shop.call("getRelation", {"relationNumber": number}), "relation")["active"] == ["false"]
    shop.change(f"relations/{number}", deleted=True)
    assert shop.result("getRelation", {"relationNumber": number}) == "NOT-FOUND"
    assert shop.result("findRelationV2", exact) == "NOT-FOUND"
    assert int(shop.call("createRelation", {"relation": {"name": "Later"}})["relationNumber"][0]) == int(number) + 1
    branches = pick(shop.call("getBranches"), "branches")["branch"]
    assert [len(pick(b, "workplaces")["workplace"]) for b in branches] == [2, 2]
    assert len(pick(shop.call("getEmployees"), "employeeList")["employee"]) == 3
    assert shop.result("getEmployee", {"employeeNumber": 999999}) == "OK"
    assert shop.result("getEmployee", {"employeeNumber": 12}) == "NOT-FOUND"
    methods = pick(shop.call("getPaymentMethodsV2", {"request": {}}), "paymentMethodList")["paymentMethod"]
    assert {m["method"][0] for m in methods} == {"CASH", "PIN", "IDEAL", "INVOICE", "GIFTCARD"}
    enabled = pick(shop.call("getDeliveryMethodsV2", {"request": {"onlyEnabled": True}}), "deliveryMethodList")
    assert [m["deliveryMethod"][0] for m in enabled["deliveryMethod"]] == ["BEZORGEN", "AFHALEN"]
    for operation in ("getCardCategories", "getCustomFieldLists", "getPaymentMethods", "getDeliveryMethods", "getVatGroupList",
                      "getOrderCategories", "getApiVersion"):
        assert shop.call(operation)
    some = shop.call("getCurrentSyncMarkersV2", {"request": {"includeOrderSyncMarker": True, "includeStockId": True}})
    assert set(some) == {"stockId", "orderSyncMarker"}
    done(shop)


def journals_cover_any_period():
    """The interface names no longest period: two years tell what their days tell."""
    shop = till()
    spans = {name: {"fromFinancialDate": day(first), "throughFinancialDate": day(last)}
             for name, first, last in (("short", "2026-11-01", "2026-11-30"), ("long", "2025-01-01", "2027-01-01"))}
    for operation in ("getJournals", "getFinancialJournal"):
        lists = {name: str(shop.call(operation, {"request": span})).count("inclAmount")
                 for name, span in spans.items()}
        assert lists["long"] >= lists["short"] > 0, (operation, lists)
    done(shop)


def wrong_messages_are_faults():
    shop = till()
    for operation, content, why in (
            ("getOrder", {}, "missing"), ("getOrder", {"orderId": ["a", "b"]}, "mismatch"),
            ("getOrder", {"orderID": "x"}, "mismatch"), ("getEmployee", {"employeeNumber": "x"}, "type mismatch"),
            ("createOrder", {"order": {"orderId": "", "reference": "x", "extOrderId": "x"}}, "mismatch"),
            ("createOrder", {"order": {"orderId": "", "vatMethod": "INCLUSIVE"}}, "type mismatch"),
            ("createOrder", {}, "no order"),
            ("createProduct", {"product": {"articleList": {"product": {}}}}, "mismatch"),
            ("getReceipts", {"request": {}}, "articlePluNumbers"), ("saveInvoice", {}, "not implemented"),
            ("getOrders", {"request": {**LISTS, "activityId": "x"}}, "not available")):
        fault = shop.fault(operation, content)
        assert why in fault, (operation, content, fault)
    try:
        shop.post('<getOrder xmlns="urn:other"><orderId>x</orderId></getOrder>')
        raise AssertionError("another namespace was accepted")
    except Fault:
        pass
    done(shop)


def the_description_lists_what_is_served():
    shop = till()
    text = http(shop.url + "/?wsdl")
    wsdl = ET.fromstring(text.lstrip("\ufeff"))
    names = {"w": "http://schemas.xmlsoap.org/wsdl/", "x": "http://www.w3.org/2001/XMLSchema"}
    served = {o.get("name") for o in wsdl.findall("w:portType/w:operation", names)}
    assert served == SERVED - {"?wsdl"}, (served ^ SERVED)
    order_type = wsdl.find(".//x:complexType[@name='Order']/x:sequence", names)
    assert [e.get("name") for e in order_type][:3] == ["orderId", "extOrderId", "invoiceIds"]
    http(shop.url + "/_sandbox/wsdl", '{"remove": ["Article.priceIncl", "getStock"], "require": ["Order.reference"]}')
    bent = http(shop.url + "/?wsdl")
    assert bent != text and not re.search(r'<operation name="getStock">', bent)
    assert len(re.findall('name="priceIncl"', text)) == len(re.findall('name="priceIncl"', bent)) + 1
    assert '<element name="reference" type="xsd:string"/>' in bent
    shop.close()


def awkward_orders_have_every_case():
    shop = Till("--orders", "3000", "--awkward", "--seed", "5", "--relations", "120", "--articles", "80")
    orders = shop.state("orders?full=1")["orders"]
    for o in orders:
        lines = sum(Decimal(l["incl"]) for l in o["lines"])
        vat = sum(Decimal(v["excl"]) + Decimal(v["vat"]) for v in o["vat"])
        assert vat == Decimal(o["incl"]) and (o["vat_method"] != "inclusive" or lines == vat), o
        if o["state"] == "paid":
            assert sum(Decimal(p["amount"]) for p in o["payments"]) == Decimal(o["incl"]), o
    groups = {l["group"] for o in orders for l in o["lines"]}
    assert groups >= {1, 2, 3, 4, 10, 11, 12}, groups
    cases = {
        "two payments": [o for o in orders if len(o["payments"]) > 1],
        "gift card": [o for o in orders if any(p["method"] == "GIFTCARD" for p in o["payments"])],
        "in part": [o for o in orders if o["in_part"] and o["slips"]],
        "quote": [o for o in orders if o["proposals"]],
        "zero": [o for o in orders if Decimal(o["incl"]) == 0],
        "negative": [o for o in orders if Decimal(o["incl"]) < 0],
        "return": [o for o in orders if any(Decimal(l["quantity"]) < 0 for l in o["lines"])],
        "nothing": [o for o in orders if any(Decimal(l["quantity"]) == 0 for l in o["lines"])],
        "decimals": [o for o in orders if any("." in l["quantity"] for l in o["lines"])],
        "shifted": [o for o in orders if o["vat_method"] == "shifted"],
        "exclusive": [o for o in orders if o["vat_method"] == "exclusive"],
    }
    for name, found in cases.items():
        assert len(found) >= 10, (name, len(found))
    for o in cases["in part"]:
        slips = [shop.state("packing-slips/" + number) for number in o["slips"]]
        for l in o["lines"]:
            sent = sum(Decimal(s["quantity"]) for slip in slips for s in slip["lines"] if s["origin"] == l["id"])
            assert abs(sent) <= abs(Decimal(l["quantity"]))
    totals = shop.state("totals")["orders"]["all"]
    assert Decimal(totals["incl"]) == sum(Decimal(o["incl"]) for o in orders) and totals["count"] == 3000
    other = Till("--orders", "3000", "--awkward", "--seed", "5", "--relations", "120", "--articles", "80")
    assert other.state("totals") == shop.state("totals"), "a seed gives the same shop"
    other.close()
    for kind, operation, name in (("order", "getOrders", "orderList"), ("packingSlip", "getPackingSlips",
                                                                        "packingSlipList")):
        request = {"syncMarkerLimit": 300, **(LISTS if kind == "order" else {})}
        assert len(pick(shop.call(operation, {"request": request}), name)[kind]) > 100
    done(shop)


def tests_change_the_till():
    shop = till()
    first = shop.state("orders")["orders"][0]
    whole = shop.change("orders/" + first["id"], lines=[{"article": 1, "quantity": "1.5", "price": "10.00"}])
    assert whole["incl"] == "15.00" and whole["lines"][0]["article"] == 1
    open_one = [o for o in shop.state("orders?full=1")["orders"] if o["state"] == "open" and not o["in_part"]][0]
    some = shop.change("orders/" + open_one["id"], deliver=[{"line": 1, "quantity": "0.25"}])
    assert len(some["slips"]) == 1 and some["in_part"]
    gone = shop.change("orders/" + open_one["id"], cancel=True)
    assert gone["state"] == "delivered", "what went out stays"
    article = shop.change("products/5", priceIncl="12.00", active=False, barcode="123", stock={"2": "3.5"})
    assert article["priceIncl"] == "12.00" and not article["active"] and article["written"]["barcode"] == "123"
    row = [r for r in shop.state("stock?article=5")["stock"] if r["branch"] == 2][0]
    assert row["free"] == "3.500000"
    done(shop)


def a_certificate_is_made_and_removed():
    shop = till("--tls")
    context = ssl.create_default_context(cafile=shop.info["ca"])
    with urllib.request.urlopen(shop.url + "/_sandbox/totals", context=context, timeout=20) as answer:
        assert answer.status == 200
    try:
        urllib.request.urlopen(shop.url, timeout=20)
        raise AssertionError("the certificate is not to be trusted without its file")
    except urllib.error.URLError as error:
        assert "CERTIFICATE_VERIFY_FAILED" in str(error)
    shop.close()
    try:
        open(shop.info["ca"])
        raise AssertionError("the certificate is still there")
    except FileNotFoundError:
        pass


main([orders_are_made_strictly, totals_are_the_tills_own, a_repeated_key_replays_the_answer,
      orders_are_changed_with_their_counters, deliveries_make_slips_and_move_stock,
      a_cancel_is_undone_by_the_newer_call_only, payments_cover_or_are_refused, invoices_are_read_and_credited,
      receipts_and_journals_tell_the_same, a_day_is_closed_and_opened_again, proposals_become_orders_and_invoices,
      products_are_filtered_and_paged, products_are_made_and_changed, groups_are_a_tree,
      stock_is_corrected_all_or_nothing, relations_and_choices,
      journals_cover_any_period, wrong_messages_are_faults,
      awkward_orders_have_every_case, tests_change_the_till, a_certificate_is_made_and_removed,
      the_description_lists_what_is_served, messages_agree_with_the_schema])
