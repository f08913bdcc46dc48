#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The order flow, from the till to the books: behaviours O, R and X, each named after its number;
O5, the kills while the source changes, stands in chaos.py."""
import os
import signal
import time
from decimal import Decimal

from koppeltest import Shop, http, main


def by_reference(invoices):
    found = {}
    for invoice in invoices:
        found.setdefault(invoice["description"], []).append(invoice)
    return found


def small(*args, **more):
    return Shop("--orders", "60", "--relations", "40", "--articles", "30", *args, **more)


def o1_new_paid_order_becomes_one_invoice():
    shop = small()
    counts = shop.sync()
    assert counts["done"] > 20, counts
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"], counts
    invoices = by_reference(shop.invoices())
    assert all(len(found) == 1 for found in invoices.values())
    assert len(invoices) == counts["done"], (len(invoices), counts)
    report = shop.reconcile()
    assert report["agree"], report
    shop.close()


def o2_unchanged_order_is_skipped():
    shop = small()
    first = shop.sync()
    before = shop.stats(shop.books)
    done = shop.jobs("done")[0]
    shop.change(done["key"], touched=True)
    second = shop.sync()
    assert second["read"] == first["read"] + 1, (first, second)
    assert second["done"] == first["done"]
    skipped = [job for job in shop.jobs("skipped") if job["key"] == done["key"]]
    assert skipped and skipped[0]["reason"] == "unchanged", skipped
    assert "already synced" in skipped[0]["detail"]
    after = shop.stats(shop.books)
    assert before == after, "nothing may be sent for an unchanged order"
    shop.close()


def o3_lost_answer_makes_no_second_invoice():
    shop = small()
    shop.faults("ok x20,drop-answer,ok x7,drop-answer,drop-answer")
    counts = shop.sync()
    report = shop.reconcile()
    assert report["agree"] and not report["double"], report
    assert counts["waiting"] == 0, counts
    shop.close()


def o4_two_workers_at_the_same_time_make_one_invoice_each():
    """Every write is held, so that the workers of a run are at it together, the scheduled run and one by hand as
    well; many orders are of few customers, whose debtors both would make."""
    shop = small("--seed", "4")
    shop.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    http(shop.till + "/_sandbox/add-orders?n=60", "", "POST")
    shop.trouble({"do": "wait", "writes": True, "after_ms": 60, "times": "all"})
    serving, until = shop.start("serve"), time.monotonic() + 60
    while not shop.at_once(shop.books)["writes"]:
        assert serving.poll() is None and time.monotonic() < until, "it does not write"
        time.sleep(0.01)
    for run in [shop.start("sync", "orders", "--json", "--wait", "20") for _ in range(2)]:
        run.communicate(timeout=90)
    serving.send_signal(signal.SIGTERM)
    _, said = serving.communicate(timeout=30)
    assert serving.returncode == 0, (serving.returncode, said)
    shop.trouble()
    at_once = shop.at_once(shop.books)
    assert at_once["writes"] >= 2, f"the workers never met: {at_once}"
    print(f"  up to {at_once['writes']} writes at the same time")
    counts = shop.sync()
    assert counts["pending"] == 0 and counts["waiting"] == 0, counts
    report = shop.reconcile()
    assert report["agree"] and not report["double"] and not report["missing"], report
    emails = [d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress")]
    assert {e for e in emails if emails.count(e) > 1} <= {"dubbel@voorbeeld.example"}, emails
    shop.close()


def o6_unpaid_order_is_sent_once_it_is_paid():
    shop = small()
    counts = shop.sync()
    unpaid = [order for order in shop.orders() if order["state"] == "open"]
    assert unpaid, "the seed has unpaid orders"
    assert unpaid[0]["reference"] not in by_reference(shop.invoices())
    shop.change(unpaid[0]["id"], fullyPaid=True)
    after = shop.sync()
    assert after["done"] == counts["done"] + 1, (counts, after)
    assert unpaid[0]["reference"] in by_reference(shop.invoices())
    shop.close()


def o9_order_without_email_parks_or_takes_the_default():
    shop = small()
    shop.sync()
    parked = [job for job in shop.jobs("parked") if job["reason"] == "customer.key"]
    assert parked and "no customer key" in parked[0]["detail"], parked
    shop.replace("flows.d/orders.conf", 'existing = "update";', 'existing = "update"; default = "9999";')
    shop.run("retry", parked[0]["job"])
    shop.sync()
    done = shop.activity(parked[0]["job"])
    assert done["state"] == "done", done
    invoice = [i for i in shop.invoices() if str(i["id"]) == done["remote_id"]][0]
    assert invoice["debtorCustomerNumber"] == "9999", invoice
    shop.close()


def o10_forced_default_creates_no_customer():
    shop = small(login=True)
    shop.replace("flows.d/orders.conf", 'existing = "update";',
                 'existing = "update"; default = "9999"; force = true;')
    before = len(shop.debtors())
    shop.sync()
    assert len(shop.debtors()) == before
    assert {i["debtorCustomerNumber"] for i in shop.invoices()} == {"9999"}
    shop.close()


def o11_email_matches_trimmed_and_folded():
    shop = small()
    emails = [d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress")]
    shop.sync()
    after = [d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress")]
    for email in set(emails):
        assert after.count(email) == emails.count(email), email
    shop.close()


def o13_names_with_special_characters_arrive_unchanged():
    shop = small()
    shop.sync()
    names = [d["name"] for d in shop.debtors()]
    assert any(set(name) & set("'&<") for name in names), names
    assert any(ord(c) > 127 for name in names for c in name), names
    shop.close()


def relation_changed(shop, number, company):
    """Changes a relation's company name in the till, as an operator there would."""
    query = f"?ident={shop.info['mpluskassa']['ident']}&secret={shop.info['mpluskassa']['secret']}"
    http(shop.till + "/" + query, f'''<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:mplusqapi"><e:Body><updateRelation>
<relation><relationNumber>{number}</relationNumber><companyName>{company}</companyName></relation>
</updateRelation></e:Body></e:Envelope>''', kind="text/xml; charset=utf-8")


def o14_company_carries_its_contact():
    shop = small()
    shop.sync()
    companies = [d for d in shop.debtors() if d["debtorKindId"] == "2"]
    assert any(d.get("attentionTo") for d in companies), companies
    assert all(d.get("attentionTo") != "" for d in shop.debtors()), "an empty contact is never sent"
    shop.close()


def o15_company_of_blanks_is_a_person():
    shop = small()
    before = {d["id"] for d in shop.debtors()}
    for number in {order["relation"] for order in shop.orders() if order["state"] == "paid"}:
        relation_changed(shop, number, "   ")
    shop.sync()
    made = [d for d in shop.debtors() if d["id"] not in before]
    assert made and all(d["debtorKindId"] == "1" and d["name"].strip() for d in made), made
    shop.close()


def o16_missing_article_parks_the_whole_order():
    shop = small()
    shop.sync()
    parked = [job for job in shop.jobs("parked") if job["reason"] == "article.missing"]
    assert parked and "line " in parked[0]["detail"], parked
    order = [o for o in shop.orders() if o["id"] == parked[0]["key"]][0]
    assert order["reference"] not in by_reference(shop.invoices())
    shop.close()


def o19_cancelled_before_first_sync_is_not_posted():
    shop = small()
    shop.sync()
    cancelled = [order for order in shop.orders() if order["state"] == "cancelled"]
    assert cancelled
    for order in cancelled:
        assert order["reference"] not in by_reference(shop.invoices())
    assert any(job["reason"] == "cancelled" for job in shop.jobs("skipped"))
    shop.close()


def o20_totals_agree_to_the_cent():
    shop = Shop("--orders", "300", "--seed", "7")
    shop.sync()
    report = shop.reconcile()
    assert report["agree"], report
    shop.close()


def o39_the_tills_vat_totals_are_the_lines_sums():
    shop = Shop("--orders", "300", "--seed", "7")
    shop.sync()
    till = {order["reference"]: sum(Decimal(str(v["vat"])) for v in order["vat"]) for order in shop.orders()}
    for invoice in shop.invoices():
        net = sum(Decimal(str(line["amount"])) for line in invoice["lines"])
        vat = sum(Decimal(str(line["vatAmount"])) for line in invoice["lines"])
        assert net == Decimal(str(invoice["amountExclVat"])), invoice
        assert vat == Decimal(str(invoice["vatAmount"])) == till[invoice["description"]], invoice
    shop.close()


def o22_country_decides_code_and_account():
    shop = small()
    shop.sync()
    lines = [line for i in shop.invoices() for line in i["lines"]]
    belgian = [line for line in lines if line["vatCode"] == "21"]
    assert belgian and all(int(line["ledgerAccountId"]) == 8100 for line in belgian)
    shop.close()


def o23_shifted_vat():
    shop = small()
    shop.sync()
    lines = [line for i in shop.invoices() for line in i["lines"] if line["vatCode"] == "4"]
    assert lines and all(Decimal(str(line["vatAmount"])) == 0 for line in lines)
    shop.close()


def o24_unknown_payment_method_parks_and_names_it():
    shop = small()
    shop.sync()
    parked = [job for job in shop.jobs("parked") if job["reason"] == "map.unmapped"]
    assert parked and "CRYPTO" in parked[0]["detail"], parked
    with open(os.path.join(shop.conf, "tables/payment.csv"), "a") as table:
        table.write("CRYPTO,1\n")
    shop.run("retry", "--all", "--flow", "orders")
    shop.sync()
    assert shop.activity(parked[0]["job"])["state"] == "done"
    shop.close()


def x1_back_off_obeys_retry_after():
    shop = small()
    shop.faults("429x3,503,500")
    began = time.time()
    counts = shop.sync()
    assert time.time() - began >= 1.0, "Retry-After of a second was not obeyed"
    assert counts["waiting"] == 0, counts
    assert shop.reconcile()["agree"]
    shop.close()


def x3_poisoned_records_park_alone():
    shop = small()
    counts = shop.sync()
    assert counts["parked"] >= 3 and counts["done"] > 20 and counts["pending"] == 0, counts
    shop.close()


def x4_replayed_after_the_fix_with_its_history():
    """The replay runs with the configuration of now; what was tried before stays on record."""
    shop = small()
    shop.sync()
    job = next(j for j in shop.jobs("parked") if j["reason"] == "map.unmapped")["job"]
    shop.run("retry", job)
    shop.sync()
    before = shop.activity(job)
    assert before["state"] == "parked" and len(before["attempts"]) == 2, "as it is, it parks again"
    with open(os.path.join(shop.conf, "tables/payment.csv"), "a") as table:
        table.write("CRYPTO,2\n")
    shop.run("retry", job)
    shop.sync()
    after = shop.activity(job)
    assert after["state"] == "done" and len(after["attempts"]) == 3, after["attempts"]
    versions = [a["activity"]["config_version"] for a in after["attempts"]]
    assert versions[0] == versions[1] != versions[2], versions
    assert [a["activity"]["state"] for a in after["attempts"]] == ["parked", "parked", "done"]
    shop.close()


def x5_without_login_the_flow_stops_and_says_so():
    shop = small(login=False)
    done = shop.run("sync", "orders", ok=(2,))
    assert "koppel connect books" in done.stderr, done.stderr
    shop.login()
    counts = shop.sync()
    assert counts["done"] > 20, counts
    shop.close()


def x11_secrets_never_show():
    shop = small()
    done = shop.run("-v", "sync", "orders", ok=(0, 1))
    secrets = [shop.info["mpluskassa"]["secret"], shop.info["asperion"]["client_secret"]]
    text = done.stdout + done.stderr
    for job in shop.jobs("done")[:5] + shop.jobs("parked"):
        text += str(shop.activity(job["job"]))
    raw = b"".join(open(os.path.join(shop.conf, name), "rb").read()
                   for name in os.listdir(shop.conf) if name.startswith("koppel.db"))
    for secret in secrets:
        assert secret not in text
        assert secret.encode() not in raw
    assert b"lineList" not in raw, "payloads are sealed at rest"
    shop.close()


def x13_pause_and_resume_lose_nothing():
    shop = small()
    shop.run("pause", "orders")
    assert shop.sync(ok=(1,))["read"] == 0, "a run that did nothing is not all well"
    shop.run("resume", "orders")
    assert shop.sync()["done"] > 20
    assert shop.reconcile()["agree"]
    shop.close()


def preview_writes_nothing():
    shop = small()
    done = shop.run("preview", "orders", "--limit", "3", "--json")
    assert len(done.stdout.splitlines()) == 3
    assert shop.invoices() == []
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and name[0] in "oxrp" and name[1:2].isdigit() or name.startswith("preview")])
