# SPDX-License-Identifier: MIT
"""What the tests of an owner's year share (tests/integration/owner.py has the tasks): somebody who sees pages and does
what they offer. Each task is solved in the browser alone, by the same numbers, in owner_*.py."""
import os

from browsertest import Pages, until

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
        page.find("button", "Save version").click()  # its word stays for some seconds only
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

    def logs_in(self, button):
        """At the page of the other system, where the answer is yes; the browser comes back by itself."""
        driver = self.page.driver
        self.page.find("button", button, exact=True).click()
        until(lambda: "/connect/authorize" in driver.current_url)
        driver.get(driver.current_url + "&auto=1")
        self.page.settled()

    def run_now(self, flow="orders"):
        self.page.go("flow/" + flow)
        self.page.click("button", "Run now")

    def saves(self):
        """What was changed in the forms of a flow."""
        self.page.says("checked: no mistake")
        self.page.click("button", "Save as version")
        self.page.find("button", "Save version").click()  # its word stays for some seconds only
        self.page.says("Saved as version")
