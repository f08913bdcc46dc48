# SPDX-License-Identifier: MIT
"""Tasks of an owner's year (tests/integration/owner.py), each solved in the browser alone, by the same numbers."""
import json
import os
import re

from browsertest import Keys, Pages, http, main, until
from koppeltest import Shop

COUNT = ("--orders", "40", "--relations", "30", "--articles", "30")
ORDERS = "flows.d/orders.conf"


class Owner:
    """Sees pages, and does what they offer."""

    def __init__(self, *args, serve=True, synced=True, **how):
        self.shop = Pages(*(args or COUNT), serve=False, **how)
        if synced:
            self.shop.sync(wait=60)
        self.page = None
        if serve:
            self.begin()

    def begin(self):
        self.shop.serve()
        self.shop.first_user()
        self.page = self.shop.browser()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shop.close()

    def text(self, name):
        with open(os.path.join(self.shop.conf, name), encoding="utf-8") as file:
            return file.read()

    def edit(self, name, *changes, why=""):
        """Changes a file in the editor and saves it."""
        page = self.page
        page.go("settings?tab=files")
        page.click("link", name)
        self.put(*changes)
        page.says("checked: no mistake")
        page.click("button", "Save and activate")
        if why:
            page.type("Why", why)
        page.click("button", "Save version")
        page.says("Saved as version")

    def put(self, *changes):
        for old, new in changes:
            done = self.page.js("""
                const e = document.getElementById('file-text'), now = e.value.replace(arguments[0], arguments[1]);
                const changed = now !== e.value;
                e.value = now;
                e.dispatchEvent(new Event('input'));
                return changed;""", old, new)
            assert done, f"{old!r} is not in the file"
            self.page.settled()

    def retry(self, cause):
        """What waits for this is tried again."""
        page = self.page
        page.go("errors")
        page.says(cause)
        [section] = [one for one in page.js("return [...document.querySelectorAll('main section, main article, main li')]")
                     if cause in one.text and "Retry" in one.text][-1:]
        page.find("button", "Retry", within=section).click()
        page.find("dialog")
        page.click("button", "Retry")

    def compare(self, first="2026-01-01", last="2026-12-31"):
        page = self.page
        page.go("reconcile")
        for name, day in (("from", first), ("to", last)):
            page.js("const e = document.getElementById(arguments[0]); e.value = arguments[1];"
                    "e.dispatchEvent(new Event('input'))", name, day)
        page.click("button", "Compare")


def test_1_24_the_program_is_started_with_a_slip():
    with Owner("--orders", "6", "--relations", "20", "--articles", "20", synced=False, serve=False) as owner:
        owner.shop.replace(ORDERS, '"paid", "delivered"', '"payd", "delivered"')
        owner.begin()
        page = owner.page
        page.says("Safe mode")
        page.click("link", "See")
        page.says('"payd"')
        page.click("link", ORDERS)
        page.says("Line 6")
        owner.put(("payd", "paid"))
        page.says("checked: no mistake")
        page.click("button", "Save and activate")
        page.click("button", "Save version")
        page.says("Saved as version")
        until(lambda: owner.shop.invoices())
        page.go("overview")
        until(lambda: "Safe mode" not in page.text())


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


def test_12_the_books_do_not_answer():
    with Owner("--orders", "6", "--relations", "20", "--articles", "20") as owner:
        page, shop = owner.page, owner.shop
        page.go("overview")
        page.says("answers")
        shop.trouble({"do": "status", "status": 503, "on": "/v1/", "times": "all"})
        http(f"{shop.till}/_sandbox/add-orders?n=2", "{}")
        before = len(shop.invoices())
        page.go("flow/orders")
        page.find("button", "Run now").click()
        page.js("location.hash = '#/overview'")
        until(lambda: "does not answer" in page.text() or "backing off" in page.text())
        shop.trouble()
        until(lambda: len(shop.invoices()) > before)
        page.go("overview")
        until(lambda: "does not answer" not in page.text())


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


def test_8_a_table_names_a_code_that_the_books_do_not_have():
    with Owner("--orders", "6", "--relations", "20", "--articles", "20", synced=False, serve=False) as owner:
        owner.shop.replace("tables/vat.csv", "NL|21.00,1", "NL|21.00,77")
        owner.begin()
        page = owner.page
        page.go("overview")
        page.says("vat.csv")
        owner.edit("tables/vat.csv", ("NL|21.00,77", "NL|21.00,1"))
        page.go("flow/orders")
        page.click("button", "Resume")
        until(lambda: owner.shop.invoices())


def test_19_20_who_changed_what_and_what_is_kept():
    with Owner() as owner:
        page = owner.page
        page.go("overview")
        page.press("j")
        page.press("p")
        page.type("Why", "the accountant is here")
        page.click("button", "Pause", exact=True)
        page.says("orders is paused")
        page.go("audit")
        page.says("flow paused")
        page.says("the accountant is here")
        page.go("settings")
        page.says("Would be erased now")


def test_21_22_23_files_are_edited_and_one_goes_back():
    with Owner("--orders", "6", "--relations", "20", "--articles", "20") as owner:
        page = owner.page
        owner.edit(ORDERS, ('every = "5m"', 'every = "15m"'), why="quarter of an hour")
        assert 'every = "15m"' in owner.text(ORDERS)
        page.go("settings?tab=files")
        page.click("button", "Difference 2")
        page.says('+every = "15m"')
        page.click("button", "Close")
        page.click("button", "Go back… 1")
        page.type("Why", "too slow")
        page.click("button", "Go back to version 1", exact=True)
        page.says("Version 1 is active again")
        assert 'every = "5m"' in owner.text(ORDERS)
        # a slip by hand while it runs: what was active stays active, and the page says where
        owner.shop.replace(ORDERS, 'every = "5m";', 'every = "5 minutes";')
        page.reload()
        page.says("What was active stays active")
        page.click("link", ORDERS)
        owner.put(("5 minutes", "6m"))
        page.says("checked: no mistake")
        page.click("button", "Save and activate")
        page.click("button", "Save version")
        page.says("Saved as version")
        page.go("settings?tab=files")
        until(lambda: "changed on disk" not in page.text())


def test_25_26_27_the_month_is_closed():
    with Owner("--orders", "40", "--relations", "20", "--articles", "40") as owner:
        page, shop = owner.page, owner.shop
        gone, twice = shop.invoices()[0], shop.invoices()[3]
        http(f"{shop.books}/_sandbox/invoices/{gone['id']}", method="DELETE")
        owner.compare()
        page.says("Missing:")
        page.find("checkbox", "Select " + gone["description"], exact=True).click()
        page.click("button", "Bring 1 missing")
        page.says("They were taken again")
        assert gone["description"] in [one["description"] for one in shop.invoices()]
        http(f"{shop.books}/_sandbox/invoices/{twice['id']}", json.dumps({"twice": True}))
        owner.compare()
        page.says("Double: 1")
        page.click("tab", "Double")
        page.says(twice["description"])
    with Owner("--orders", "20", "--relations", "20", "--articles", "40", synced=False, serve=False) as owner:
        page, shop = None, owner.shop
        shop.replace(ORDERS, '"paid", "delivered"', '"delivered"')
        shop.sync(wait=60)
        before = len(shop.invoices())
        owner.begin()
        page = owner.page
        owner.edit(ORDERS, ('[ "delivered" ]', '[ "paid", "delivered" ]'), why="the filter was wrong")
        owner.compare()
        page.says("Missing:")
        page.find("button", "Bring ").click()
        page.settled()
        page.says("They were taken again")
        until(lambda: len(shop.invoices()) > before)
        assert not shop.reconcile()["double"]


def test_29_a_customer_wants_to_be_forgotten():
    with Owner() as owner:
        page, shop = owner.page, owner.shop
        source = json.dumps(shop.activity(shop.jobs("done")[0]["job"])["source"])
        email = re.search(r"[\w.+-]+@[\w.-]+\w", source).group()
        page.go("settings?tab=person")
        page.type("E-mail address", email)
        page.click("button", "Find")
        page.says("were looked at")
        page.click("button", "Erase…")
        page.type("Type the address once more", email)
        page.type("Why", "asked by letter")
        page.click("button", "Erase", exact=True)
        page.says("is kept.")


def test_31_a_second_shop():
    other = Shop("--orders", "6", "--seed", "9", login=False)
    with Owner("--orders", "6", "--relations", "20", "--articles", "20", serve=False) as owner:
        owner.shop.env.update(SECOND_IDENT=other.info["mpluskassa"]["ident"], SECOND_SECRET=other.info["mpluskassa"]["secret"])
        owner.begin()
        page = owner.page

        def make(name, like, *changes):
            page.go("settings?tab=files")
            page.click("button", "New file…")
            page.type("File", name)
            page.find("combobox", "Begin with").send_keys(like)
            page.click("button", "Write it")
            owner.put(*changes)
            page.says("checked: no mistake")
            page.click("button", "Save and activate")
            page.click("button", "Save version")
            page.says("Saved as version")

        make("connections.d/till2.conf", "connections.d/till.conf", ('name = "till"', 'name = "till2"'), (owner.shop.till, other.till),
             ("MPLUS_IDENT", "SECOND_IDENT"), ("MPLUS_SECRET", "SECOND_SECRET"))
        make("flows.d/orders2.conf", ORDERS, ('name = "orders"', 'name = "orders2"'), ('"till"', '"till2"'), (
            "filter =", 'get_map = ( { to = "reference"; join = "-"; parts = ( { value = "B"; }, { from = "orderNumber.year"; }, '
                        '{ from = "orderNumber.number"; } ); } );\nfilter ='))
        until(lambda: [one for one in owner.shop.invoices() if one["description"].startswith("B-2026-")])
        page.go("overview")
        page.says("orders2")
    other.close()


if __name__ == "__main__":
    main([test_1_24_the_program_is_started_with_a_slip, test_5_6_7_what_waits_for_a_person,
          test_9_the_book_year_is_closed, test_12_the_books_do_not_answer, test_14_to_18_documents_by_hand_and_one_that_is_asked_for,
          test_8_a_table_names_a_code_that_the_books_do_not_have,
          test_19_20_who_changed_what_and_what_is_kept, test_21_22_23_files_are_edited_and_one_goes_back,
          test_25_26_27_the_month_is_closed, test_29_a_customer_wants_to_be_forgotten, test_31_a_second_shop])
