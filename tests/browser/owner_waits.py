# SPDX-License-Identifier: MIT
"""Tasks of an owner's year (tests/integration/owner.py), each solved in the browser alone, by the same numbers:
what waits for a person, and what is asked about one record."""
import json

from browsertest import Keys, http, main, until
from ownertest import ORDERS, Owner


def test_5_6_7_what_waits_for_a_person():
    with Owner() as owner:
        page, shop = owner.page, owner.shop
        page.go("errors")
        page.find("combobox", "CRYPTO").click()
        page.settled()
        page.find("option")
        page.find("combobox", "CRYPTO").send_keys(Keys.ARROW_DOWN, Keys.ENTER)
        page.click("button", "Add row and retry 1 record")
        until(lambda: not [job for job in shop.jobs("parked") if job["reason"] == "map.unmapped"])
        assert "CRYPTO," in owner.text("tables/payment.csv")
        # a default customer for those without an address
        walk_in = shop.debtors()[0]["customerNumber"]
        owner.edit(ORDERS, ("customer = { match", f'customer = {{ default = "{walk_in}"; match'), why="walk-in customers")
        owner.retry("has no e-mail address")
        until(lambda: not [job for job in shop.jobs("parked") if job["reason"] == "customer.key"])
        # the article is made in the books, by whoever keeps them
        http(f"{shop.books}/_sandbox/articles/30", json.dumps({"create": True, "articleNumber": "30", "description": "Kaas 30"}))
        owner.retry("is not at the destination")
        until(lambda: not shop.jobs("parked"))
        page.reload()
        page.says("Nothing waits for you")
        assert shop.reconcile()["agree"]


def test_9_the_book_year_is_closed():
    with Owner("--orders", "12", "--relations", "20", "--articles", "20", synced=False) as owner:
        page, shop = owner.page, owner.shop
        http(f"{shop.books}/_sandbox/period", json.dumps({"closed_until": "2026-12"}))
        http(f"{shop.till}/_sandbox/add-orders?n=3", "{}")
        page.go("flow/orders")
        page.click("button", "Run now")
        until(lambda: shop.jobs("parked"))
        page.go("errors")
        page.says("Bookperiod: is afgesloten")
        http(f"{shop.books}/_sandbox/period", json.dumps({"closed_until": None}))
        owner.retry("Bookperiod")
        until(lambda: not [job for job in shop.jobs("parked") if "period" in job["reason"]])


def test_14_to_18_documents_by_hand_and_one_that_is_asked_for():
    with Owner("--orders", "12", "--relations", "20", "--articles", "20", serve=False) as owner:
        shop = owner.shop
        shop.replace("tables/payment.csv", "CASH,1\n", "")
        http(f"{shop.till}/_sandbox/add-orders?n=12", "{}")
        shop.sync(wait=60)
        owner.begin()
        page = owner.page
        waiting = [job for job in shop.jobs("parked") if job["reason"] == "map.unmapped" and job["facts"]["value"] == "CASH"]
        there = shop.invoices()[0]
        page.go("record/" + waiting[0]["job"])
        for number in ("999999", str(there["id"])):
            if not page.has("dialog"):
                page.click("button", "Booked by hand…")
            page.type("Its number there", number)
            page.type("Why", "typed in by the accountant")
            page.click("button", "Settle as done")
        page.says("It is settled as done")
        assert shop.activity(waiting[0]["job"])["state"] == "done"
        # one that is not to be booked, and then is
        page.go("record/" + waiting[1]["job"])
        page.find("button", "Skip…").click()
        page.find("dialog")
        page.type("Why", "a test of the till")
        page.click("button", "Skip 1 record")
        until(lambda: shop.activity(waiting[1]["job"])["state"] == "skipped")
        owner.edit("tables/payment.csv", ("CARD", "CASH,1\nCARD") if "CARD" in owner.text("tables/payment.csv") else ("\n", "\nCASH,1\n"))
        page.go("record/" + waiting[1]["job"])
        page.click("button", "Retry")
        until(lambda: shop.activity(waiting[1]["job"])["state"] == "done")
        # an address that was never typed at the till
        keyless = [job for job in shop.jobs("parked") if job["reason"] == "customer.key"]
        page.go("record/" + keyless[0]["job"])
        page.click("button", "Edit and retry…")
        page.type("Why", "asked by phone")
        page.find("radio", "JSON").click()
        page.js("const e = document.getElementById('edit-json'), record = JSON.parse(e.value); record.relation = {...record.relation,"
                "email: 'office@example.nl'}; e.value = JSON.stringify(record); e.dispatchEvent(new Event('input'))")
        page.click("button", "Save and retry")
        until(lambda: shop.activity(keyless[0]["job"])["state"] == "done")
        assert "office@example.nl" in [row["emailAddress"] for row in shop.debtors()]
        # where is the order of this customer?
        job = shop.jobs("done")[-1]
        page.go("activity")
        page.press("/")
        page.press(job["brief"]["number"], Keys.ENTER)
        page.find("link", job["brief"]["number"]).click()
        page.settled()
        page.click("tab", "Requests")
        page.says("POST")


if __name__ == "__main__":
    main([test_5_6_7_what_waits_for_a_person,
          test_9_the_book_year_is_closed,
          test_14_to_18_documents_by_hand_and_one_that_is_asked_for])
