# SPDX-License-Identifier: MIT
"""Tasks of an owner's year (tests/integration/owner.py), each solved in the browser alone, by the same numbers:
systems that change."""
import json
import os

from browsertest import NARROW, WIDE, http, main, until
from disk import Disk
from koppeltest import Shop, Skipped
from ownertest import ORDERS, Owner

FEW = ("--orders", "8", "--relations", "20", "--articles", "20")
MORE = "_sandbox/add-orders?n=2"


def test_10_the_password_of_the_till_was_changed():
    with Owner(*FEW, serve=False) as owner:
        shop = owner.shop
        good, shop.env["MPLUS_SECRET"] = shop.env["MPLUS_SECRET"], "an old one"
        http(f"{shop.till}/{MORE}", "{}")
        before = len(shop.invoices())
        owner.begin()
        page = owner.page
        page.says("till")
        owner.run_now()
        page.go("overview")
        page.click("link", "till")
        page.click("button", "Test", exact=True)
        page.says("fails")
        page.find("textbox", "Secret").send_keys(good)
        page.click("button", "Test and save")
        page.says("Saved; the test passed")
        page.go("flow/orders")
        if page.has("button", "Resume"):
            page.click("button", "Resume")
        until(lambda: len(shop.invoices()) > before)
        assert "sealed:till-secret" in owner.text("connections.d/till.conf")


def test_11_somebody_ended_the_log_in_at_the_books():
    with Owner(*FEW) as owner:
        page, shop = owner.page, owner.shop
        http(f"{shop.books}/_sandbox/revoke-tokens?all=1", "{}")
        http(f"{shop.till}/{MORE}", "{}")
        before = len(shop.invoices())
        owner.run_now()
        until(lambda: page.has("link", "See"))
        page.click("link", "See")
        page.says("Somebody has to log in")
        owner.logs_in("Log in")
        page.says("Logged in")
        owner.run_now()
        until(lambda: len(shop.invoices()) > before)
        page.go("overview")
        until(lambda: "log in" not in page.text())


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


def test_13_two_customers_were_merged_in_the_books():
    with Owner(*FEW) as owner:
        page, shop = owner.page, owner.shop
        number = shop.invoices()[0]["debtorCustomerNumber"]
        other = sorted({row["customerNumber"] for row in shop.debtors()} - {number})[0]
        http(f"{shop.books}/_sandbox/debtors/{number}", json.dumps({"mergedInto": other}))
        http(f"{shop.till}/_sandbox/add-orders?n=4", "{}")
        before = len(shop.invoices())
        owner.run_now()
        until(lambda: len(shop.invoices()) > before)
        page.go("errors")
        assert "is gone" not in page.text() and not [job for job in shop.jobs("parked") if job["reason"] == "reference.gone"]


def test_30_the_store_is_put_back():
    with Owner(*FEW) as owner:
        shop = owner.shop
        shop.stop()
        shop.serve(again=True)  # at an address that stays
        page = owner.page
        page.driver.get(shop.url)
        page.settled()
        page.go("settings?tab=backups")
        page.says("No backup is kept here")
        page.audit("settings, backups, empty", away=True)
        page.click("button", "Make a backup")
        page.says("was made")
        booked = len(shop.invoices())
        http(f"{shop.till}/_sandbox/add-orders?n=3", "{}")
        owner.run_now()
        until(lambda: len(shop.invoices()) > booked)
        booked = len(shop.invoices())
        read = shop.jobs("done")
        page.go("settings?tab=backups")
        page.click("button", "Put back…")
        page.find("dialog")
        page.audit("settings, put back", away=True)
        page.click("button", "Put back", exact=True)
        page.says("Say why")
        page.type("Why", "the disk was replaced")
        page.find("button", "Put back", exact=True).click()
        page.says("was put back by anna", seconds=60)
        page.says("are looked up there before they are written again")
        page.audit("settings, backups", walk=True, away=True)
        page.resize(NARROW)
        page.audit("settings, backups, narrow", away=True)
        page.resize(WIDE)
        owner.run_now()
        until(lambda: len(shop.jobs("done") + shop.jobs("skipped")) >= len(read))
        sums = shop.reconcile()
        assert len(shop.invoices()) == booked and not sums["double"] and not sums["different"], sums
        page.go("audit")
        page.says("backup made")
        page.go("settings?tab=backups")
        page.click("button", "Remove…")
        page.click("button", "Remove", exact=True)
        page.says("No backup is kept here")
        assert [one for one in os.listdir(shop.conf) if one.startswith("koppel.db.replaced-")]


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
            page.find("button", "Save version").click()  # its word stays for some seconds only
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


def test_32_nothing_is_left_on_the_disk_of_the_store():
    disk = Disk(48)
    if not disk.mounted:
        disk.end()
        raise Skipped("a small file system cannot be mounted here")
    try:
        with Owner(*FEW, synced=False, serve=False, login=False) as owner:
            shop = owner.shop
            shop.write("koppel.conf", f'store = {{ path = "{disk.path}/koppel.db"; }};\nkeep = {{ free_mb = 8; }};\n'
                                      'dashboard = { listen = "127.0.0.1:0"; };\n')
            shop.login()
            shop.sync(wait=60)
            owner.begin()
            page = owner.page
            disk.fill(leave=4 << 20)
            http(f"{shop.till}/_sandbox/add-orders?n=3", "{}")
            before = len(shop.invoices())
            owner.run_now()
            page.says("MiB left")
            page.go("overview")
            until(lambda: "disk" in page.text())
            disk.fill()
            owner.run_now()
            page.says("make room")
            disk.empty()
            owner.run_now()
            until(lambda: len(shop.invoices()) > before)
            assert shop.reconcile()["agree"]
    finally:
        disk.end()


if __name__ == "__main__":
    main([test_10_the_password_of_the_till_was_changed, test_11_somebody_ended_the_log_in_at_the_books,
          test_12_the_books_do_not_answer, test_13_two_customers_were_merged_in_the_books, test_30_the_store_is_put_back,
          test_31_a_second_shop, test_32_nothing_is_left_on_the_disk_of_the_store])
