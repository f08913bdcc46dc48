#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The set-up in a browser: B1 the first user, B2 from nothing to the first booked order, B3 the log-in."""
import os
import re
import urllib.parse

from browsertest import NARROW, PASSWORD, USER, WIDE, Keys, Nothing, Pages, http, main, until
from connect import visit

PICTURES = os.environ.get("KOPPEL_PICTURES")


class Wizard:
    """Somebody who clicks and types; each is an action."""

    def __init__(self, shop, page):
        self.shop, self.page, self.actions = shop, page, 0

    def at(self, title):
        self.page.says(title)
        self.page.settled()

    def looks(self, name):
        """What an eye sees of it, and what a machine does."""
        self.page.audit("set-up: " + name)
        self.page.resize(NARROW)
        self.page.audit("set-up, narrow: " + name)
        if PICTURES:
            self.page.picture(f"{PICTURES}/setup-{name}-narrow.png")
        self.page.resize(WIDE)
        if PICTURES:
            self.page.picture(f"{PICTURES}/setup-{name}.png")

    def types(self, label, text):
        self.page.type(label, text)
        self.actions += 1

    def clicks(self, role, name, **how):
        self.page.click(role, name, **how)
        self.actions += 1

    def leaves(self, name):
        """The browser goes to another system's page, where nothing of ours tells that it is there."""
        self.page.find("button", name).click()
        self.actions += 1

    def next(self):
        self.clicks("button", "Next")


def begin(shop):
    """The first user, at the first step of the set-up."""
    shop.first_user()
    page = shop.browser()
    page.go("setup")
    return page, Wizard(shop, page)


def credentials(w, look=False):
    till, books = w.shop.info["mpluskassa"], w.shop.info["asperion"]
    w.at("Which two systems?")
    if look:
        w.looks("systems")
    w.next()
    w.at("MplusKASSA: address and credentials")
    if look:
        w.looks("credentials")
    for label, text in (("Address", till["url"]), ("Ident", till["ident"]), ("Secret", till["secret"])):
        w.types(label, text)
    w.next()
    w.at("Asperion: address and credentials")
    w.page.says("MplusKASSA: test: Everything works.")
    if look:
        w.page.press(Keys.ALT, Keys.ARROW_LEFT)
        w.at("MplusKASSA: test")
        w.looks("test")
        w.page.click("button", "Next")
        w.at("Asperion: address and credentials")
    for label, text in (("Address of the API", books["url"]), ("Address of the login server", books["url"]),
                        ("Administration", "1042"), ("Client id", "demo-client"), ("Client secret", books["client_secret"])):
        w.types(label, text)
    w.next()
    w.at("Asperion: log in")


def allow(w, answer="auto=1"):
    """The other system's page, where somebody says yes or no; the browser comes back by itself."""
    driver = w.page.driver
    until(lambda: "/connect/authorize" in driver.current_url)
    driver.get(f"{driver.current_url}&{answer}")
    w.page.settled()
    w.actions += 1


def choose(w, row, text):
    """In the list of a row of a table."""
    box = w.page.find("combobox", row)
    box.click()
    box.send_keys(text, Keys.ENTER)
    w.actions += 1


def test_b1_the_claim_link_makes_the_first_user():
    with Nothing() as shop:
        page = shop.browser(user=None)
        page.open(shop.claim_link.replace(shop.url, ""))
        page.settled()
        page.type("User name", USER)
        page.type("Password", PASSWORD)
        page.js("document.getElementById('again')?.focus()")
        if page.has("textbox", "Password again"):
            page.type("Password again", PASSWORD)
        page.click("button", "Make the user and log in")
        page.says("No flow yet")
        # it is good for one
        again = shop.browser(user=None)
        again.open(shop.claim_link.replace(shop.url, ""))
        assert not again.has("button", "Make the user and log in"), again.text()


def test_b2_from_nothing_to_the_first_booked_order():
    with Nothing() as shop:
        shop.first_user()
        page = shop.browser()
        w = Wizard(shop, page)
        page.says("No flow yet")
        w.clicks("link", "Start the set-up")
        credentials(w, look=True)
        w.looks("login")
        w.leaves("Log in there")
        allow(w)
        w.at("Asperion: where things go")
        # the browser asks the page of the books for an icon too, which is none of ours
        assert not [one for one in page.complaints() if not one.startswith(shop.info["asperion"]["url"] + "/favicon.ico")]
        w.next()
        w.at("What is brought where?")
        w.looks("link")
        w.next()
        w.at("Orders → Sales invoices")
        w.looks("flow")
        # left and gone on with elsewhere
        page.reload()
        w.at("Orders → Sales invoices")
        w.next()
        w.at("VAT codes")
        w.looks("table")
        w.next()
        w.at("Payment conditions")
        choose(w, "PIN becomes", "Contant")
        w.next()
        w.at("Revenue accounts")
        w.next()
        w.at("Dry run")
        page.says("would be made")
        w.looks("preview")
        assert not shop.invoices()
        w.next()
        w.at("From when on?")
        w.clicks("radio", "everything there is")
        w.next()
        w.at("Review")
        page.says("flows.d/orders.conf")
        w.looks("review")
        w.clicks("button", "Write these files and begin")
        w.at("The flows run now: orders.")
        w.looks("done")
        until(shop.invoices)
        print(f"  {w.actions} actions")
        assert w.actions <= 25, w.actions
        page.go("connections")
        page.says("till")
        page.audit("connections")
        page.go("connections/books")
        page.says("Administration")
        page.click("button", "Test")
        page.says("Demo B.V.")
        page.audit("connection")
        if PICTURES:
            page.picture(f"{PICTURES}/connection.png")
        assert not page.complaints(), page.complaints()


def test_b2_what_is_wrong_is_told_at_its_field():
    with Nothing() as shop:
        page, w = begin(shop)
        w.at("Which two systems?")
        w.next()
        w.at("MplusKASSA: address and credentials")
        w.next()
        page.says("is needed")
        till = shop.info["mpluskassa"]
        for label, text in (("Address", till["url"]), ("Ident", till["ident"]), ("Secret", "wrong")):
            w.types(label, text)
        w.next()
        page.says("It does not work yet.")
        w.looks("failed")
        w.clicks("button", "Mend it")
        w.at("MplusKASSA: address and credentials")
        assert page.find("textbox", "Address").get_attribute("value") == till["url"], "answers are kept"
        assert page.find("textbox", "Secret").get_attribute("value") == "", "a secret never comes back"
        w.types("Secret", till["secret"])
        w.next()
        w.at("Asperion: address and credentials")
        w.clicks("button", "Back")
        w.at("MplusKASSA: test")


def test_b3_the_log_in():
    with Nothing() as shop:
        page, w = begin(shop)
        credentials(w)
        # refused
        w.leaves("Log in there")
        driver = page.driver
        until(lambda: "/connect/authorize" in driver.current_url)
        asked = urllib.parse.parse_qs(urllib.parse.urlparse(driver.current_url).query)
        back, state = asked["redirect_uri"][0], asked["state"][0]
        assert back == shop.url + "/oauth/callback", back
        driver.get(f"{back}?error=access_denied&error_description=no%20thanks&state={state}")
        page.settled()
        page.says("was refused")
        # of another log-in
        driver.get(f"{back}?code=abc&state=somebody-elses")
        page.settled()
        page.says("This log-in was not begun here")
        # pasted
        page.go("setup")
        w.at("Asperion: log in")
        w.clicks("button", "It is not known there")
        url = page.find("link", "Open the log-in in a new tab").get_attribute("href")
        w.types("Address that the browser came to", visit(url))
        w.next()
        w.at("Asperion: where things go")
        assert not re.search(r"code=", page.js("return location.href")), "nothing of it stays in the address"


def test_a_connection_is_mended():
    with Pages() as shop:
        page = shop.browser()
        page.go("connections")
        page.says("logged in")
        page.resize(NARROW)
        page.audit("connections, narrow")
        page.resize(WIDE)
        page.click("link", "till")
        page.find("textbox", "Secret").send_keys("wrong one")
        page.click("button", "Test and save")
        page.says("fails")
        page.audit("connection that fails")
        # what was changed elsewhere does not come back by itself
        assert page.find("textbox", "Secret").get_attribute("value") == ""
        page.find("textbox", "Secret").send_keys(shop.info["mpluskassa"]["secret"])
        page.click("button", "Test and save")
        page.says("Saved; the test passed")
        with open(os.path.join(shop.conf, "connections.d/till.conf"), encoding="utf-8") as file:
            assert 'secret = "sealed:till-secret"' in file.read()
        # another administration is asked about
        page.go("connections/books")
        page.type("Administration", "1001")
        page.click("button", "Test and save")
        page.says("Another account?")
        page.audit("another account")
        page.click("button", "Cancel")
        # logging in again, by pasting
        page.find("button", "Log in by pasting").send_keys(Keys.ENTER)
        url = page.find("link", "Open the log-in in a new tab").get_attribute("href")
        page.type("Address that the browser came to", "https://example.org/")
        page.click("button", "Finish")
        page.says("it has no state")
        page.type("Address that the browser came to", visit(url))
        page.click("button", "Finish")
        page.says("Logged in")
        page.click("button", "vat-codes")
        page.says("OSS Duitsland 19%")
        page.resize(NARROW)
        page.audit("connection, narrow")


def test_what_was_begun_is_forgotten():
    with Nothing() as shop:
        page, w = begin(shop)
        w.at("Which two systems?")
        w.next()
        w.at("MplusKASSA: address and credentials")
        w.types("Address", "https://till.example")
        page.js("location.hash = '#/overview'")
        page.says("Leave without saving?")
        page.click("button", "Stay")
        w.clicks("button", "Begin anew")
        page.find("dialog", "Forget what was answered?")
        page.find("button", "Begin anew", within=page.find("dialog")).click()
        w.at("Which two systems?")


if __name__ == "__main__":
    main([test_b1_the_claim_link_makes_the_first_user, test_b2_from_nothing_to_the_first_booked_order,
          test_b2_what_is_wrong_is_told_at_its_field, test_b3_the_log_in, test_a_connection_is_mended,
          test_what_was_begun_is_forgotten])
