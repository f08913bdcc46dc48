#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The customer flows, from the till's relations to the books' debtors and back: behaviours C."""
import json

from koppeltest import Shop, http, main

TO_BOOKS, TO_TILL = "customers", "customers-to-till"
PERSON, COMPANY = "1", "2"  # kinds of debtors
AMBIGUOUS = 9               # the relation whose e-mail address two debtors have


def shop_with(flow, settings="", orders="5"):
    shop = Shop("--orders", orders, "--relations", "40", "--articles", "30", "--debtors", "30")
    shop.enable(flow)
    if settings:
        shop.replace(f"flows.d/{flow}.conf", 'every = "15m";', f'every = "15m";\nsettings = {{ {settings} }};')
    return shop


def emails(shop):
    return sorted(d["emailAddress"].strip().lower() for d in shop.debtors() if d.get("emailAddress"))


def relations(shop):
    return json.loads(http(shop.till + "/_sandbox/relations"))["relations"]


def relation(shop, number):
    return [r for r in relations(shop) if r["relationNumber"] == number][0]


def set_relation(shop, number, **what):
    http(f"{shop.till}/_sandbox/relations/{number}", json.dumps(what))


def set_debtor(shop, number, **what):
    if what.get("create"):
        what = dict(address="Dorpsstraat 1", **what)
    http(f"{shop.books}/_sandbox/debtors/{number}", json.dumps(what))


def of_email(rows, email, name="emailAddress"):
    found = [row for row in rows if (row.get(name) or "").strip().lower() == email.lower()]
    assert len(found) == 1, (email, found)
    return found[0]


def debtor(shop, number):
    """The debtor that the relation of that number is."""
    return of_email(shop.debtors(), relation(shop, number)["email"].strip())


def told(row):
    """What a debtor says; when it changed is no part of that."""
    return {name: value for name, value in row.items() if value and name != "dateLastChange"}


def last(shop, flow, key, state):
    found = [job for job in shop.jobs(state, flow) if job["key"] == str(key)]
    assert found, (key, state, shop.jobs("parked"))
    return max(found, key=lambda job: int(job["job"].split("/")[-1]))


def c1_relations_become_debtors_once():
    shop = shop_with(TO_BOOKS)
    before = emails(shop)
    first = shop.sync(TO_BOOKS)
    assert first["read"] == 40 and first["pending"] == 0, first
    assert first["done"] >= 35, first
    after = emails(shop)
    for email in set(before):
        assert after.count(email) == before.count(email), f"{email} was made again"
    requests = shop.stats(shop.books)
    second = shop.sync(TO_BOOKS)
    assert second["done"] == first["done"] and second["read"] == first["read"], second
    assert shop.stats(shop.books) == requests, "a second run sends nothing"
    shop.close()


def c1_a_changed_relation_updates_the_same_debtor():
    shop = shop_with(TO_BOOKS)
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    set_relation(shop, 10, city="Zutphen", telephone="0575-123456", address="Dorpsstraat 12-A bis")
    shop.sync(TO_BOOKS)
    now = debtor(shop, 10)
    assert (now["city"], now["phoneNumber"], now["address"]) == ("Zutphen", "0575-123456", "Dorpsstraat 12-A bis")
    assert now["customerNumber"] == there["customerNumber"] and len(shop.debtors()) == count
    shop.close()


def c1_by_email_then_by_number_and_name_or_vat_number_else_it_parks():
    shop = shop_with(TO_BOOKS)
    email = relation(shop, 10)["email"]
    names = {number: relation(shop, number)["name"] for number in (10, 11, 13, 14, 16)}
    # the number of somebody else, and the address: the address decides
    set_debtor(shop, "10", create=True, name="Heel iemand anders", emailAddress="ander@voorbeeld.nl")
    set_debtor(shop, "8001", create=True, name="Oude naam", emailAddress=email.upper())
    # no address: by number, where the name is the same
    set_relation(shop, 11, email="")
    set_debtor(shop, "11", create=True, name=names[11].upper())
    set_relation(shop, 13, email="")
    set_debtor(shop, "13", create=True, name="Heel iemand anders")
    # no address: by VAT number
    set_relation(shop, 16, email="", vatNumber="NL100001129B01", city="Zutphen")
    set_debtor(shop, "8002", create=True, name="Oude naam", vatNumber="NL100001129B01")
    set_relation(shop, 14, email="")
    count = len(shop.debtors())
    counts = shop.sync(TO_BOOKS)
    found = {d["customerNumber"]: d for d in shop.debtors()}
    assert found["10"]["name"] == found["13"]["name"] == "Heel iemand anders", "a stranger stays as he is"
    assert found["8001"]["name"] == names[10]
    assert found["11"]["postCode"] == relation(shop, 11)["zipcode"]
    assert (found["8002"]["name"], found["8002"]["city"]) == (names[16], "Zutphen")
    for number in (13, 14):
        job = last(shop, TO_BOOKS, number, "parked")
        assert job["reason"] == "customer.key" and job["remedy"], job
    assert last(shop, TO_BOOKS, AMBIGUOUS, "parked")["reason"] == "ambiguous"
    assert len(shop.debtors()) - count < counts["done"]
    # with an address it goes
    set_relation(shop, 14, email="veertien@voorbeeld.nl")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 14)["name"] == names[14]
    shop.close()


def c1_debtors_become_relations_once():
    shop = shop_with(TO_TILL)
    before = {r["email"].lower() for r in relations(shop) if r.get("email")}
    first = shop.sync(TO_TILL)
    wanted = {email for email in emails(shop) if emails(shop).count(email) == 1}
    after = [r["email"].strip().lower() for r in relations(shop) if r.get("email")]
    assert wanted <= set(after), wanted - set(after)
    assert all(after.count(email) == 1 for email in wanted - before), after
    assert wanted & before, "some are in both systems"
    writes = shop.stats(shop.till)
    second = shop.sync(TO_TILL)
    assert second["done"] == first["done"] and second["read"] == first["read"], (first, second)
    assert shop.stats(shop.till) == writes, "a second run sends nothing"
    set_debtor(shop, "500002", city="Zutphen")
    shop.sync(TO_TILL)
    assert of_email(relations(shop), "klant2@boeken.example", "email")["city"] == "Zutphen"
    assert len(relations(shop)) == len(after) + len([r for r in relations(shop) if not r.get("email")])
    shop.close()


def c1_a_lost_answer_makes_no_second_debtor():
    shop = shop_with(TO_BOOKS)
    shop.faults("drop-answer@POST /v1/debtors,ok@POST /v1/debtors,drop-answer@POST /v1/debtors")
    shop.sync(TO_BOOKS)
    found = emails(shop)
    assert {e for e in found if found.count(e) > 1} == {"dubbel@voorbeeld.example", "samen@voorbeeld.nl"} & set(
        e for e in found if found.count(e) > 1), found
    assert found.count("klant10@voorbeeld.nl") == 1
    shop.close()


def c2_a_changed_address_stays_the_same_debtor():
    shop = shop_with(TO_BOOKS)
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    set_relation(shop, 10, email="nieuw@voorbeeld.nl")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 10)["customerNumber"] == there["customerNumber"] and len(shop.debtors()) == count
    shop.close()


def c2_in_the_till_too():
    shop = shop_with(TO_TILL)
    shop.sync(TO_TILL)
    there, count = of_email(relations(shop), "klant2@boeken.example", "email"), len(relations(shop))
    set_debtor(shop, "500002", emailAddress="nieuw@boeken.example")
    shop.sync(TO_TILL)
    now = of_email(relations(shop), "nieuw@boeken.example", "email")
    assert now["relationNumber"] == there["relationNumber"] and len(relations(shop)) == count
    shop.close()


def c3_vat_number_is_checked_changed_and_removed():
    shop = shop_with(TO_BOOKS, orders="60")
    shop.sync()
    shop.sync(TO_BOOKS)
    assert debtor(shop, 4)["vatNumber"] == "NL100000289B01"
    documents = shop.invoices()
    assert documents
    set_relation(shop, 4, vatNumber="nl 1234.56.782 b01")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 4)["vatNumber"] == "NL123456782B01", "in one form"
    set_relation(shop, 4, vatNumber="NL12345")
    shop.sync(TO_BOOKS)
    job = last(shop, TO_BOOKS, 4, "parked")
    assert "VAT number" in job["detail"] and "NL12345" in job["detail"], job
    assert debtor(shop, 4)["vatNumber"] == "NL123456782B01"
    set_relation(shop, 4, vatNumber="")
    shop.sync(TO_BOOKS)
    assert not debtor(shop, 4)["vatNumber"], "removed"
    set_relation(shop, 4, vatNumber="CHE-123.456.789", country="Zwitserland")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 4)["vatNumber"] == "CHE-123.456.789", "outside the EU there is no form to check"
    assert shop.invoices() == documents, "documents stay as they are"
    shop.close()


def c3_in_the_till_too():
    shop = shop_with(TO_TILL)
    shop.sync(TO_TILL)
    email = "klant8@boeken.example"
    assert of_email(relations(shop), email, "email")["vatNumber"] == "NL123456789B01"
    set_debtor(shop, "500008", vatNumber="NL123456782B01")
    shop.sync(TO_TILL)
    assert of_email(relations(shop), email, "email")["vatNumber"] == "NL123456782B01"
    set_debtor(shop, "500008", vatNumber="")
    shop.sync(TO_TILL)
    assert not of_email(relations(shop), email, "email").get("vatNumber")
    shop.close()


def c4_update_existing_off_sends_nothing():
    shop = shop_with(TO_BOOKS, "update_existing = false;")
    shop.sync(TO_BOOKS)
    there, requests = debtor(shop, 10), shop.stats(shop.books)
    jan = of_email(shop.debtors(), "jan@x.nl")
    assert jan["name"] == "Jan (bestaande klant)", "the one that was there is left alone"
    set_relation(shop, 10, city="Zutphen")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 10) == there and shop.stats(shop.books) == requests
    job = last(shop, TO_BOOKS, 10, "skipped")
    assert job["reason"] == "kept" and "update_existing" in job["detail"], job
    shop.close()


def to_company(shop, number):
    set_relation(shop, number, companyName="Nieuw Bedrijf B.V.", contact="Piet")


def c5_a_person_who_becomes_a_company_parks():
    shop = shop_with(TO_BOOKS)
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    to_company(shop, 10)
    shop.sync(TO_BOOKS)
    job = last(shop, TO_BOOKS, 10, "parked")
    assert job["reason"] == "customer.type" and "was a person and is a company now" in job["detail"], job
    assert debtor(shop, 10) == there and len(shop.debtors()) == count
    shop.close()


def c5_or_is_converted():
    shop = shop_with(TO_BOOKS, 'type_change = "convert";')
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    to_company(shop, 10)
    shop.sync(TO_BOOKS)
    now = debtor(shop, 10)
    assert (now["customerNumber"], now["debtorKindId"], now["name"], now["attentionTo"]) == (
        there["customerNumber"], COMPANY, "Nieuw Bedrijf B.V.", "Piet"), now
    set_relation(shop, 10, companyName="")
    shop.sync(TO_BOOKS)
    now = debtor(shop, 10)
    assert (now["debtorKindId"], now["name"]) == (PERSON, there["name"]) and not now["attentionTo"], now
    assert len(shop.debtors()) == count
    shop.close()


def c5_or_becomes_a_new_debtor_once():
    shop = shop_with(TO_BOOKS, 'type_change = "new";')
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    to_company(shop, 10)
    shop.faults("drop-answer@POST /v1/debtors")
    shop.sync(TO_BOOKS)
    same = [d for d in shop.debtors() if d.get("emailAddress") == there["emailAddress"]]
    assert len(same) == 2 and len(shop.debtors()) == count + 1, same
    assert same[0] == there and same[1]["debtorKindId"] == COMPANY, same
    set_relation(shop, 10, city="Zutphen")
    shop.sync(TO_BOOKS)
    same = [d for d in shop.debtors() if d.get("emailAddress") == there["emailAddress"]]
    assert (same[0], same[1]["city"], len(same)) == (there, "Zutphen", 2), "the new one goes on"
    shop.close()


def c6_order_flow_and_customer_flow_share_one_debtor():
    shop = shop_with(TO_BOOKS, orders="40")
    shop.sync()
    assert len(emails(shop)) > 5
    made = {d["emailAddress"].strip().lower(): d for d in shop.debtors() if d.get("emailAddress")}
    shop.sync(TO_BOOKS)
    found = emails(shop)
    doubles = [e for e in set(found) if found.count(e) > 1]
    assert all(e == "dubbel@voorbeeld.example" for e in doubles), doubles
    same = 0
    for one in shop.debtors():
        before = made.get((one.get("emailAddress") or "").strip().lower())
        if not before or before["customerNumber"] != one["customerNumber"] or one["name"] != before["name"]:
            continue
        same += 1
        assert told(one) == told(before), "both flows make the same of a customer"
    assert same > 5, same
    shop.close()


def c7_debtors_have_no_vat_code_the_country_decides_per_line():
    shop = shop_with(TO_BOOKS, orders="60")
    for field in ("vatCode", "ledgerAccountId"):
        conf = open(f"{shop.conf}/flows.d/{TO_BOOKS}.conf").read()
        shop.write(f"flows.d/{TO_BOOKS}.conf", conf + f'map = ( {{ to = "{field}"; value = "1"; }} );\n')
        done = shop.run("check", ok=(78,))
        line = [text for text in done.stderr.splitlines() if f'"{field}"' in text]
        assert line and f"{TO_BOOKS}.conf:" in line[0] and "debtor" in line[0], done.stderr
        shop.write(f"flows.d/{TO_BOOKS}.conf", conf)
    set_relation(shop, 6, email="nieuw@voorbeeld.be")  # in Belgium, and not in the books
    order = json.loads(http(f"{shop.till}/_sandbox/add-orders?n=1&relation=6", "", "POST"))["orders"][0]
    shop.change(order["id"], fullyPaid=True)
    shop.sync()
    made = of_email(shop.debtors(), "nieuw@voorbeeld.be")
    assert made["countryCode"] == "BE"
    invoice = [i for i in shop.invoices() if i["debtorCustomerNumber"] == made["customerNumber"]][0]
    taxed = [line for line in invoice["lines"] if line["vatCode"] == "21"]
    assert taxed and all(int(line["ledgerAccountId"]) == 8100 for line in taxed), invoice
    shop.close()


def c8_a_relation_that_ends_leaves_its_debtor_and_may_come_back():
    shop = shop_with(TO_BOOKS)
    shop.sync(TO_BOOKS)
    there, count = debtor(shop, 10), len(shop.debtors())
    set_relation(shop, 10, active=False, city="Elders")
    shop.sync(TO_BOOKS)
    assert debtor(shop, 10) == there, (debtor(shop, 10), there)
    assert len(shop.debtors()) == count, shop.debtors()[count:]
    job = last(shop, TO_BOOKS, 10, "skipped")
    assert job["reason"] == "gone" and "link is closed" in job["detail"], job
    set_relation(shop, 10, active=True)
    shop.sync(TO_BOOKS)
    now = debtor(shop, 10)
    assert now["customerNumber"] == there["customerNumber"] and now["city"] == "Elders"
    assert len(shop.debtors()) == count, "it comes back as itself"
    requests = shop.stats(shop.books)
    set_relation(shop, 10)
    shop.sync(TO_BOOKS)
    assert shop.stats(shop.books) == requests, "the link is open again: an unchanged one is skipped"
    set_relation(shop, 11, deleted=True)
    shop.sync(TO_BOOKS)
    assert len(shop.debtors()) == count, "one that vanishes in a merge takes no debtor along"
    shop.close()


def c8_a_debtor_that_is_gone_leaves_its_relation():
    shop = shop_with(TO_TILL)
    shop.sync(TO_TILL)
    count = len(relations(shop))
    http(shop.books + "/_sandbox/debtors/500002", method="DELETE")
    shop.sync(TO_TILL)
    there = of_email(relations(shop), "klant2@boeken.example", "email")
    assert len(relations(shop)) == count and str(there["active"]).lower() != "false", there
    gone = [job for job in shop.jobs("skipped", TO_TILL) if job["reason"] == "gone"]
    assert len(gone) == 1 and "link is closed" in gone[0]["detail"], gone
    set_debtor(shop, "500002", create=True, name="Terug van weggeweest", emailAddress="klant2@boeken.example")
    shop.sync(TO_TILL)
    now = of_email(relations(shop), "klant2@boeken.example", "email")
    assert (now["relationNumber"], now["name"]) == (there["relationNumber"], "Terug van weggeweest")
    shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and name[0] == "c" and name[1:2].isdigit()])
