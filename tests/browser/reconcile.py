# SPDX-License-Identifier: MIT
"""Both systems compared in a browser: B16, S14, and what each state of the page looks like."""
import csv

from browsertest import NARROW, WIDE, Pages, downloaded, http, main

COUNT = ("--orders", "40", "--relations", "20", "--articles", "20")


def period(page, first, last):
    for name, day in (("from", first), ("to", last)):
        page.js("const e = document.getElementById(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input'))", name, day)
    page.settled()


def compare(page):
    page.click("button", "Compare")


def test_b16_missing_ones_are_brought_and_the_table_holds_no_formula():
    with Pages(*COUNT, serve=False) as shop:
        shop.sync(wait=60)
        invoices = shop.invoices()
        for lost in invoices[5:7]:
            http(f"{shop.books}/_sandbox/invoices/{lost['id']}", method="DELETE")
        http(f"{shop.books}/_sandbox/invoices/{invoices[9]['id']}", '{"twice": true, "description": "=1+1"}')
        shop.serve()
        shop.first_user()
        page = shop.browser()
        page.go("reconcile")
        page.says("Nothing was compared yet")
        page.audit("reconcile, empty", walk=True)
        period(page, "2026-12-31", "2026-01-01")
        compare(page)
        page.says("The first day comes after the last.")
        page.audit("reconcile, wrong days")
        period(page, "2026-01-01", "2026-12-31")
        compare(page)
        page.says("Missing: 5")
        for size in (NARROW, WIDE):
            page.resize(size)
            page.audit("reconcile, full", walk=size == WIDE)
        assert page.has("link", "See the record")
        name, text = downloaded(page, lambda: page.click("button", "CSV"))
        assert name == "reconcile-orders-2026-01-01-2026-12-31.csv", name
        rows = list(csv.DictReader(text.splitlines()))
        assert len([row for row in rows if row["what"] == "missing"]) == 5
        assert [row["reference"] for row in rows if row["what"] == "other"] == ["'=1+1"], "a formula"
        # two of them are chosen: those that were lost, and no more, are made anew
        for lost in invoices[5:7]:
            page.find("checkbox", "Select " + lost["description"]).click()
        page.click("button", "Bring 2 missing")
        page.says("They were taken again")
        assert len([one for one in shop.invoices() if one["description"] in (invoices[5]["description"], invoices[6]["description"])]) == 2
        compare(page)
        page.says("Missing: 3")
        # what is kept is found again: by its address, by going back, and in another window
        address = page.js("return location.hash")
        page.driver.back()
        page.settled()
        page.says("Missing: 5")
        other = shop.browser()
        other.go(address[2:])
        other.says("Missing: 3")
        assert len(other.all("row", "differences")) == 2, "both are in the list of earlier ones"


def test_a_side_that_fails_is_told():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        shop.trouble({"do": "status", "status": 500, "on": "GET /v1/salesinvoices", "times": "all"})
        page.go("reconcile")
        period(page, "2026-01-01", "2026-12-31")
        compare(page)
        page.find("alert")
        page.audit("reconcile, a side fails")
        shop.trouble()
        compare(page)
        page.says("With VAT")
        page.go("reconcile/99")
        page.says("There is no such thing")
        page.audit("reconcile, unknown")
        page.go("reconcile?flow=customers")
        compare(page)
        page.says("so there is nothing to compare")


if __name__ == "__main__":
    main([test_b16_missing_ones_are_brought_and_the_table_holds_no_formula, test_a_side_that_fails_is_told])
