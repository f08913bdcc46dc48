# SPDX-License-Identifier: MIT
"""Tasks of an owner's year (tests/integration/owner.py), each solved in the browser alone, by the same numbers:
the office: settings, the month, the law."""
import json
import re

from browsertest import NARROW, WIDE, http, main, until
from ownertest import ORDERS, Owner


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
        page.find("button", "Save version").click()  # its word stays for some seconds only
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


def test_28_what_was_booked_is_to_be_otherwise():
    with Owner("--orders", "20", "--relations", "20", "--articles", "40") as owner:
        page, shop = owner.page, owner.shop
        conditions = lambda: {str(one["paymentConditionId"]) for one in shop.invoices()}  # noqa: E731
        owner.edit(ORDERS, ("filter =", 'map = ( { to = "paymentConditionId"; value = "2"; } );\nfilter ='), why="the accountant")
        page.go("flow/orders?tab=again")
        page.click("button", "See what would change")
        page.says("paymentConditionId")
        assert conditions() > {"2"}, "it only says so"
        # the flow leaves changes to a person; that is said, with the way there
        page.says("differ and would park")
        page.audit("flow, again, held")
        page.click("link", "Settings", within=page.find("tabpanel", None))
        page.find("combobox", "Changed after delivery").send_keys("update it")
        page.settled()
        owner.saves()
        page.go("flow/orders?tab=again")
        page.click("button", "See what would change")
        page.says("Would change")
        page.audit("flow, again", walk=True)
        page.resize(NARROW)
        page.audit("flow, again, narrow")
        page.resize(WIDE)
        page.find("button", "Send ").click()
        until(lambda: conditions() == {"2"})
        page.says("taken again")
        page.click("button", "See what would change")
        page.says("all is as it should be")
        # records by their keys, and one that nobody knows
        page.find("combobox", "Records").send_keys("by their keys")
        page.click("button", "Read again")
        page.says("Name at least one key")
        page.type("Keys at the source", shop.jobs("done")[0]["key"] + "\nno such")
        page.click("button", "Read again")
        page.says("The source does not know no such")


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


if __name__ == "__main__":
    main([test_19_20_who_changed_what_and_what_is_kept,
          test_21_22_23_files_are_edited_and_one_goes_back,
          test_25_26_27_the_month_is_closed,
          test_28_what_was_booked_is_to_be_otherwise,
          test_29_a_customer_wants_to_be_forgotten])
