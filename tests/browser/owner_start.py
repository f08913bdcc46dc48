# SPDX-License-Identifier: MIT
"""Tasks of an owner's year (tests/integration/owner.py), each solved in the browser alone, by the same numbers:
the first morning, and the slips of it."""
from browsertest import http, main, until
from ownertest import ORDERS, Owner


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
        page.find("button", "Save version").click()  # its word stays for some seconds only
        page.says("Saved as version")
        until(lambda: owner.shop.invoices())
        page.go("overview")
        until(lambda: "Safe mode" not in page.text())


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

def test_2_3_4_the_first_morning():
    with Owner(synced=False, serve=False, login=False) as owner:
        shop = owner.shop
        shop.replace(ORDERS, "every =", "enabled = false;\nevery =")
        owner.begin()
        page = owner.page
        # nobody is logged in at the books
        page.go("overview")
        page.click("link", "books")
        page.says("Somebody has to log in")
        owner.logs_in("Log in")
        page.says("Logged in")
        # some orders are looked at before anything is written
        page.go("flow/orders?tab=dry")
        page.click("button", "Try")
        page.says("would be created")
        assert not shop.invoices()
        # the first run
        page.go("flow/orders?tab=schedule")
        page.click("checkbox", "Switched on")
        owner.saves()
        until(lambda: len(shop.invoices()) == 35)
        page.go("overview")
        page.says("3 records wait for you")
        page.click("link", "3 records wait for you")
        page.says("has no row")


if __name__ == "__main__":
    main([test_2_3_4_the_first_morning,
          test_1_24_the_program_is_started_with_a_slip,
          test_8_a_table_names_a_code_that_the_books_do_not_have])
