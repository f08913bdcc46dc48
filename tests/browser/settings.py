# SPDX-License-Identifier: MIT
"""How long what is kept, one person's records, the files and the program, in a browser: B20, and the files by hand."""
import json
import os
import re

from browsertest import NARROW, WIDE, Keys, Pages, downloaded, main, until

COUNT = ("--orders", "40", "--relations", "20", "--articles", "20")
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\w")
ORDERS = "flows.d/orders.conf"


def both(page, what, **how):
    for size in (NARROW, WIDE):
        page.resize(size)
        page.audit(what, **how)


def text_of(shop, name):
    with open(os.path.join(shop.conf, name), encoding="utf-8") as file:
        return file.read()


def put(page, old, new):
    """Types in the editor, as far as the page can tell."""
    page.js("const e = document.getElementById('file-text'); e.value = e.value.replace(arguments[0], arguments[1]);"
            "e.dispatchEvent(new Event('input'))", old, new)
    page.settled()


def test_b20_what_is_kept_how_long_and_one_person_is_erased():
    with Pages(*COUNT, serve=False) as shop:
        shop.sync(wait=60)
        job = next(one for one in shop.jobs("done") if ADDRESS.search(json.dumps(shop.activity(one["job"])["source"])))
        email = ADDRESS.search(json.dumps(shop.activity(job["job"])["source"])).group()
        shop.serve()
        shop.first_user()
        page = shop.browser()
        page.go("settings")
        page.says("Would be erased now")
        both(page, "settings, keep", walk=True)
        # an age that makes no sense is told before anything is saved
        page.type("Rows of records", "3")
        page.settled()
        page.says("is longer than")
        page.audit("settings, keep with a mistake")
        page.type("Rows of records", "x")
        page.says("A whole number of days")
        page.type("Rows of records", "500")
        page.type("Contents of records", "45")
        page.settled()
        page.says("With what is shown here")
        page.click("button", "Save")
        page.says("Saved as version")
        assert 'payloads = "45d"' in text_of(shop, "koppel.conf") and 'rows = "500d"' in text_of(shop, "koppel.conf")
        page.find("checkbox", "Audit and alerts: for ever").click()
        page.settled()
        page.click("button", "Save")
        until(lambda: 'audit = "ever"' in text_of(shop, "koppel.conf"))
        # one person
        page.click("tab", "One person")
        both(page, "settings, person")
        page.click("button", "Find")
        page.says("Type an e-mail address.")
        page.type("E-mail address", "nobody@example.org")
        page.click("button", "Find")
        page.says("Nothing is kept of nobody@example.org")
        page.type("E-mail address", email.upper())
        page.press(Keys.ENTER)
        page.says("were looked at")
        both(page, "settings, person found")
        name, text = downloaded(page, lambda: page.click("button", "Export"))
        whole = json.loads(text)
        assert name == "person.json" and email in json.dumps(whole["exported"]).lower() and whole["jobs"] == len(whole["exported"])
        page.click("button", "Erase…")
        page.type("Type the address once more", "another@example.org")
        page.click("button", "Erase", exact=True)
        page.says("This is another address.")
        page.audit("settings, person to be erased")
        page.type("Type the address once more", email)
        page.type("Why", "asked for it")
        page.click("button", "Erase", exact=True)
        page.says("is kept.")
        page.says("asked for it")
        both(page, "settings, person erased")
        page.click("button", "Find")
        until(lambda: "Nothing is kept of" in page.text() or "0 records" in page.text())
        assert email not in json.dumps(shop.activity(job["job"])).lower()
        assert email not in shop.said().lower()


def test_files_are_checked_while_they_are_typed():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        page.go("settings?tab=files")
        both(page, "settings, files")
        page.click("link", ORDERS)
        both(page, "settings, a file")
        put(page, "every", "evry")
        page.says("1 mistake")
        both(page, "settings, a file with a mistake")
        page.click("button", "Line 5")
        assert "evry" in page.js("const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd)")
        # leaving asks; staying loses nothing
        page.js("location.hash = '#/overview'")
        page.find("dialog")
        page.audit("settings, leave without saving")
        page.click("button", "Stay")
        assert "evry" in page.find("textbox", "Text of").get_attribute("value")
        put(page, 'evry = "5m"', 'every = "7m"')
        page.says("checked: no mistake")
        before = text_of(shop, ORDERS)
        page.click("button", "Save and activate")
        page.says('+every = "7m"')
        page.audit("settings, save a file")
        page.type("Why", "less often")
        page.click("button", "Save version")
        page.says("Saved as version")
        assert text_of(shop, ORDERS) == before.replace('"5m"', '"7m"'), "every other byte stays"
        # somebody is quicker: both differences, and mine on top of theirs
        put(page, 'every = "7m"', 'every = "9m"')
        shop.replace(ORDERS, "# Paid", "# By hand: paid")
        page.click("button", "Save and activate")
        page.click("button", "Save version")
        page.says("Somebody else changed the file meanwhile")
        page.says("+# By hand: paid")
        both(page, "settings, both differences")
        page.click("button", "Take theirs")
        until(lambda: "By hand" in page.find("textbox", "Text of").get_attribute("value"))
        # what was changed by hand is activated, and what is broken is not
        page.click("link", "All files")
        page.says("1 file was changed on disk")
        both(page, "settings, a file changed by hand")
        page.find("button", "Activate").click()
        page.says("It is active")
        shop.replace(ORDERS, "every", "evry")
        page.reload()
        page.says("What was active stays active")
        both(page, "settings, a broken file")
        assert not page.find("button", "Activate").is_enabled()
        shop.replace(ORDERS, "evry", "every")
        page.reload()
        # the way back
        page.click("button", "Go back… 1")
        page.click("button", "Go back to version 1", exact=True)
        page.says("Say why.")
        page.audit("settings, roll back")
        page.type("Why", "it was better")
        page.click("button", "Go back to version 1", exact=True)
        page.says("Version 1 is active again")
        assert text_of(shop, ORDERS) == before


def test_the_program_tells_of_itself():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        page.go("settings?tab=system")
        page.says("mpluskassa")
        both(page, "settings, system")
        name, text = downloaded(page, lambda: page.click("button", "Download the file"))
        bundle = json.loads(text)
        assert name.startswith("koppel-support-") and bundle["system"]["serves"] and "@" not in text


if __name__ == "__main__":
    main([test_b20_what_is_kept_how_long_and_one_person_is_erased, test_files_are_checked_while_they_are_typed,
          test_the_program_tells_of_itself])
