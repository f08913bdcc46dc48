#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One flow in the browser: its settings, filter, tables and versions, and what happens where two people, a person with
an editor, or the owner of a file stand in the way."""
import json
import os
import re
import subprocess

from browsertest import NARROW, PASSWORD, WIDE, Keys, Page, Pages, main, until


def shop(**how):
    place = Pages("--orders", "30", "--relations", "12", "--articles", "20", **how)
    until(lambda: sum(row["done"] for row in status(place)) > 0)
    return place


def status(place):
    rows = [json.loads(line) for line in place.run("status", "--json", ok=None).stdout.splitlines()]
    return [row for row in rows if row.get("flow") == "orders"]


def file_of(place, name="flows.d/orders.conf"):
    with open(os.path.join(place.conf, name), encoding="utf-8") as text:
        return text.read()


def choose(page, label, title):
    """An entry of a select, by the keyboard."""
    page.find("combobox", label).send_keys(title)
    page.settled()


def save(page, why=""):
    page.click("button", "Save as version")
    if why:
        page.type("Why", why)
    page.click("button", "Save version", within=page.find("dialog"))


def b10_a_setting_is_wrong_then_right_then_saved_and_rolled_back():
    with shop() as place:
        page, text = place.browser(), file_of(place)
        page.go("flow/orders?tab=settings")
        page.audit("settings")
        page.type("Rounding limit", "much")
        page.settled()
        page.says("flows.d/orders.conf:")
        page.says("must be a decimal")
        assert page.find("button", "Save as version").get_attribute("disabled"), "what is wrong cannot be saved"
        page.audit("settings with a mistake")
        page.type("Rounding limit", "0.10")
        choose(page, "Changed after delivery", "post the difference")
        page.says("2 changes")
        page.says("checked: no mistake")
        page.click("button", "See as file difference")
        page.says("+  rounding_limit = \"0.10\";" if "settings" in text else 'rounding_limit = "0.10"')
        page.press(Keys.ESCAPE)
        page.audit("settings changed")
        save(page, "the accountant asked")
        page.says("and active")
        now = file_of(place)
        assert 'rounding_limit = "0.10"' in now and 'on_change = "difference"' in now and now.startswith(text.rstrip()[:200]), now
        page.go("flow/orders?tab=versions")
        page.says("the accountant asked")
        page.audit("versions")
        page.click("button", "Difference", within=page.find("row", "the accountant asked"))
        page.says('rounding_limit = "0.10"')
        page.press(Keys.ESCAPE)
        page.click("button", "Go back", within=page.find("row", "version 1"))
        page.type("Why", "it was right before")
        page.click("button", "Go back to version 1", within=page.find("dialog"))
        until(lambda: file_of(place) == text)
        page.says("it was right before")


def b10_the_filter_tells_how_many_records_pass():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=filters")
        page.says("records that were read,")
        page.audit("filters")
        before = re.search(r"read, (\d+) pass", page.text()).group(1)
        page.click("button", "Add a condition")
        box = page.all("combobox", "Field")[-1]
        box.send_keys("Total with VAT", Keys.ARROW_DOWN, Keys.ENTER)
        page.settled()
        page.all("combobox", "Asks")[-1].send_keys("is more than")
        page.settled()
        page.type("Value", "999999")
        page.says("0 pass")
        assert before != "0"
        page.audit("filters changed")
        page.type("Value", "0.50")
        page.settled()
        save(page)
        page.says("and active")
        assert re.search(r'\{ field = "total_incl"; more = "0.50"; \}', file_of(place)), file_of(place)


def b11_two_browsers_edit_one_flow():
    with shop() as place:
        first, second = place.browser(), place.browser()
        for page in (first, second):
            page.go("flow/orders?tab=schedule")
        second.type("How often", "7m")
        second.settled()
        first.type("How often", "10m")
        first.settled()
        save(first, "less often")
        first.says("and active")
        second.says("Somebody else changed the file")
        assert 'every = "10m"' in file_of(place)
        if second.has("button", "See both changes"):
            second.click("button", "See both changes")
        second.says("Theirs, saved already")
        second.says('+every = "10m";')
        second.says('+every = "7m";')
        second.audit("conflict")
        second.resize(NARROW)
        second.audit("conflict")
        second.resize(WIDE)
        assert 'every = "10m"' in file_of(place), "nothing is written over"
        second.click("button", "Keep mine on top of theirs")
        save(second)
        second.says("and active")
        assert 'every = "7m"' in file_of(place)


def b11_the_server_refuses_what_was_made_on_another_file():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=schedule")
        page.click("button", "live")
        page.type("How often", "7m")
        page.settled()
        page.click("button", "Save as version")
        place.run("set", "flows/orders/batch", "50")
        page.click("button", "Save version", within=page.find("dialog"))
        page.says("Somebody else changed the file")
        page.says("+batch = 50;")
        assert 'every = "5m"' in file_of(place)
        page.click("button", "Take theirs, discard mine")
        page.settled()
        assert not page.has("button", "Save as version") and "batch = 50" in file_of(place)


def b12_a_file_is_edited_by_hand_while_the_page_is_open():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=schedule")
        text = file_of(place)
        place.write("flows.d/orders.conf", text.replace('every = "5m";', 'every = "9m";  # by hand'))
        page.reload()
        page.says("changed on disk and is not active yet")
        assert page.find("textbox", "How often").get_attribute("value") == "9m", "the form shows the file"
        page.type("How often", "8m")
        page.settled()
        save(page)
        page.says("and active")
        assert 'every = "8m";  # by hand' in file_of(place), "every other byte stays"
        place.write("flows.d/orders.conf", file_of(place).replace('"8m"', '"soon"'))
        page.reload()
        page.says("have mistakes; what is active stays active")
        page.audit("a broken file")
        assert status(place)[0]["state"] != "safe mode", "the engine goes on"
        page.type("How often", "6m")
        page.settled()
        save(page)
        page.says("and active")
        assert 'every = "6m";  # by hand' in file_of(place)


def b13_a_file_of_others_is_read_only_at_first_glance_and_comes_as_a_patch():
    place = Pages("--orders", "10", "--relations", "12", "--articles", "20", serve=False)
    with place:
        real = os.path.join(place.dir, "orders.conf")
        link = os.path.join(place.conf, "flows.d", "orders.conf")
        os.rename(link, real)
        os.symlink(real, link)
        place.serve()
        place.first_user()
        page = place.browser()
        page.go("flow/orders?tab=schedule")
        page.says("cannot be changed from here")
        page.says("read-only")
        page.audit("read-only")
        page.type("How often", "7m")
        page.settled()
        assert not page.has("button", "Save as version")
        page.click("button", "Copy as patch")
        patch = page.js("return document.querySelector('dialog .diff').textContent")
        page.press(Keys.ESCAPE)
        done = subprocess.run(["patch", "-p1", "--follow-symlinks"], cwd=place.conf, input=patch, text=True, capture_output=True,
                              check=False)
        assert done.returncode == 0 and 'every = "7m";' in file_of(place), (done, patch)
        place.run("check")


def b15_products_go_one_way_only():
    place = Pages("--orders", "5", "--relations", "12", "--articles", "20", serve=False)
    with place:
        place.enable("products")
        place.serve()
        place.first_user()
        page = place.browser()
        page.go("flow/products-to-books?tab=schedule")
        page.says("This flow cannot be switched on")
        page.says("one direction only")
        page.audit("closed direction")
        page.find("checkbox", "Switched on").click()
        page.settled()
        page.says("1 mistake")
        assert page.find("button", "Save as version").get_attribute("disabled")
        assert "enabled = false;" in file_of(place, "flows.d/products-to-books.conf")


def b17_pause_resume_and_run_now():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders")
        page.audit("overview of a flow")
        page.click("button", "Pause…")
        page.type("Why", "VAT table")
        page.audit("pause dialog")
        page.click("button", "Pause", exact=True, within=page.find("dialog"))
        page.says("by hand: VAT table")
        assert status(place)[0]["paused"] == "by hand: VAT table"
        page.audit("a paused flow")
        page.click("button", "Resume")
        until(lambda: status(place)[0]["paused"] is None)
        page.click("button", "Run now")
        page.says("orders ran")
        assert [run["trigger"] for run in [status(place)[0]["last_run"]]] == ["hand"]


def a_table_shows_what_is_used_and_what_is_missing():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=tables")
        page.says("Counted over the newest")
        page.audit("tables of rows")
        page.says("CRYPTO has no row")
        page.click("button", "Add CRYPTO…")
        box = page.find("dialog").find_element("css selector", "#row-value")
        box.send_keys("1")
        page.settled()
        if box.get_attribute("role") == "combobox":
            until(lambda: page.js("return !!document.querySelector('dialog [role=option]:not([aria-disabled])')"))
            box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
            page.settled()
        page.click("button", "Add", exact=True, within=page.find("dialog"))
        page.says("The row CRYPTO was added")
        assert re.search(r"^CRYPTO[,;]", file_of(place, "tables/payment.csv"), re.M)
        page.resize(NARROW)
        page.audit("tables of rows")


def every_tab_is_sound_at_every_width_and_in_the_dark():
    with shop() as place:
        page = place.browser()
        for width in (WIDE, NARROW):
            page.resize(width)
            for tab in ("overview", "settings", "filters", "references", "tables", "schedule", "dry", "versions"):
                page.go("flow/orders?tab=" + tab)
                page.audit(f"{tab} rows")
        page.media(dark=True)
        page.go("flow/orders?tab=settings")
        page.audit("settings, dark")
        page.go("flows")
        page.audit("flows, dark")
        page.go("flow/oders")
        page.says("There is no such thing")
        page.audit("a flow that is not there")
        page.go("flow/orders?tab=dry")
        page.click("button", "Try", exact=True)
        page.find("table", "What would happen")
        page.audit("dry run rows")


def as_viewer(place):
    """A window of somebody who may look."""
    link = json.loads(place.run("user", "add", "vera", "--role", "viewer", "--json").stdout)["url"]
    page = Page(place.url)
    place.pages.append(page)
    page.driver.get(link)
    page.settled()
    page.js("document.getElementById('password').focus()")
    page.driver.switch_to.active_element.send_keys(PASSWORD, Keys.TAB, PASSWORD, Keys.ENTER)
    until(lambda: page.js("return !!document.querySelector('nav.side')"))
    page.settled()
    return page


def who_may_only_look_changes_nothing():
    with shop() as place:
        page = as_viewer(place)
        page.go("flow/orders")
        page.says("Last runs")
        assert not page.has("button", "Run now") and not page.has("button", "Pause")
        for tab in ("settings", "filters", "references", "tables", "schedule", "dry", "versions"):
            page.go("flow/orders?tab=" + tab)
            page.audit(f"{tab} rows, of a viewer")
            open_to = page.js("return [...document.querySelectorAll('main input, main select, main textarea')]"
                              ".filter((e) => !e.disabled && !e.readOnly).map((e) => e.outerHTML.slice(0, 100))")
            assert not open_to, (tab, open_to)
            assert not page.has("button", "Remove") and not page.has("button", "Go back"), tab
        page.go("flow/orders?tab=dry")
        page.says("needs the role operator")
        page.go("flow/orders?tab=tables")
        page.says("INVOICE")
        assert "***: ***" not in page.text(), "the configuration names nobody"
        page.go("mapper/orders")
        page.says("Values of records need the role operator")
        page.audit("mapper rows, of a viewer")
        assert not page.has("button", "Make a rule") and not page.has("button", "Make a case")


def the_server_goes_away_and_what_was_typed_stays():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=schedule")
        page.type("How often", "11m")
        page.settled()
        place.stop()
        page.click("tab", "Settings")
        page.says("The server does not answer")
        page.says("1 change")
        assert 'every = "5m"' in file_of(place)


def what_a_page_left_behind_alters_no_other():
    with shop() as place:
        place.enable("customers")
        place.run("reload")
        page = place.browser()
        for to in ("flow/customers?tab=again", "overview"):
            page.go("flow/orders?tab=again")
            place.trouble({"do": "wait", "before_ms": 1500, "times": 4})
            page.find("button", "See what would change").click()
            page.find("button", "Stop", exact=True)
            page.js("location.hash = arguments[0]", "#/" + to)
            until(lambda: all(one["state"] != "running" for one in
                              page.js("return fetch('/api/v1/tasks').then((one) => one.json())")["tasks"]))
            page.settled()
            assert "Looked at" not in page.text() and not page.has("alert"), page.text()[:2000]
            place.trouble()
        # what is ordered by the page that is open is told there
        page.go("flow/orders?tab=again")
        page.click("button", "See what would change")
        page.says("all is as it should be")


def more_keys_than_a_request_holds_go_in_parts():
    with shop() as place:
        page = place.browser()
        page.go("flow/orders?tab=again")
        choose(page, "Records", "by their keys")
        key = json.loads(place.run("jobs", "--flow", "orders", "--state", "done", "--json").stdout.splitlines()[0])["key"]
        page.js("const area = document.querySelector('textarea'); area.value = arguments[0];"
                "area.dispatchEvent(new Event('input', {bubbles: true})); area.dispatchEvent(new Event('change', {bubbles: true}))",
                (key + "\n") * (1100000 // (len(key) + 1)))
        page.js("window.sent = []; const ask = window.fetch; window.fetch = (where, how) => {"
                "  if (how?.method === 'POST') window.sent.push([where, how.body.length]); return ask(where, how); }")
        page.click("button", "Read again", exact=True)
        sent = [bytes for where, bytes in page.js("return window.sent") if where.endswith("/again")]
        assert len(sent) > 1 and max(sent) < 1 << 20, sent
        page.says(f"{len(sent)} records were taken again")


if __name__ == "__main__":
    main([what_a_page_left_behind_alters_no_other, more_keys_than_a_request_holds_go_in_parts,
          b10_a_setting_is_wrong_then_right_then_saved_and_rolled_back, b10_the_filter_tells_how_many_records_pass,
          b11_two_browsers_edit_one_flow, b11_the_server_refuses_what_was_made_on_another_file,
          b12_a_file_is_edited_by_hand_while_the_page_is_open,
          b13_a_file_of_others_is_read_only_at_first_glance_and_comes_as_a_patch, b15_products_go_one_way_only,
          b17_pause_resume_and_run_now, a_table_shows_what_is_used_and_what_is_missing,
          every_tab_is_sound_at_every_width_and_in_the_dark, who_may_only_look_changes_nothing,
          the_server_goes_away_and_what_was_typed_stays])
