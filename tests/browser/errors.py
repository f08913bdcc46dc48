# SPDX-License-Identifier: MIT
"""The error desk in a browser: B5, B6, and its states."""
import json
import os
import time

from browsertest import NARROW, WIDE, Keys, Pages, main, until

TABLE = "tables/payment.csv"


def shop(**how):
    """One whose table of payments lacks the row that most orders need."""
    made = Pages(serve=False, **how)
    made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    text = "# how the till's payments are paid in the books\n" + open(os.path.join(made.conf, TABLE)).read()
    made.write(TABLE, "".join(line + "\n" for line in text.splitlines() if not line.startswith("PIN")))
    made.serve()
    made.first_user()
    return made


def causes(s):
    return [json.loads(line) for line in s.run("causes", "--json", ok=(0, 1)).stdout.splitlines()]


def cause(s, value="PIN"):
    return next((one for one in causes(s) if (one["facts"] or {}).get("value") == value), None)


def settled(s):
    """Every order that was read has come to something."""
    flow = next(json.loads(line) for line in s.run("status", "--json", ok=(0, 1)).stdout.splitlines())
    return flow["read"] > 0 and flow["pending"] == 0


def still(s):
    """What was under way when it was cancelled has come to something too: its count moves no more."""
    left = cause(s)["parked"]
    time.sleep(2)
    return cause(s)["parked"] == left


def card(page, text):
    return page.js("return [...document.querySelectorAll('.cause')].find((one) => one.innerText.includes(arguments[0]))", text)


def test_b5_a_row_is_added_and_what_waited_for_it_is_booked():
    with shop() as s:
        until(lambda: cause(s) and settled(s))
        waiting = cause(s)["parked"]
        assert waiting > 10, waiting
        before = open(os.path.join(s.conf, TABLE)).read()
        booked = len(s.invoices())
        page = s.browser()
        page.press("g", "e")
        page.says("no row for PIN in table payment_condition")
        page.audit("errors", walk=True)
        # by keyboard alone: to the first cause, to its remedy, choose, add
        page.press("j")
        page.press("a")
        assert page.focused()[0] == "combobox", page.focused()
        page.press(Keys.ARROW_DOWN)
        page.audit("errors, choices open")
        page.press("conta")
        page.press(Keys.ARROW_DOWN, Keys.ENTER)
        page.tab_to("button", f"Add row and retry {waiting} records")
        page.press(Keys.ENTER)
        page.says(f"{waiting} records were tried again")
        until(lambda: cause(s) is None)
        assert len(s.invoices()) == booked + waiting
        # one line more, and every other byte as it was
        after = open(os.path.join(s.conf, TABLE)).read()
        assert after.startswith(before) and after[len(before):].strip() == "PIN,1", after[len(before):]
        page.resize(NARROW)
        page.audit("errors")
        page.resize(WIDE)
        page.media(dark=True)
        page.audit("errors, dark")


def test_b6_many_by_a_plan_with_progress_cancelled_and_parked_again():
    with shop(concurrency=2) as s:
        until(lambda: cause(s) and settled(s))
        waiting = cause(s)["parked"]
        page = s.browser()
        page.go("errors")
        # nothing was mended: the plan tells how many, and all of them park again
        card(page, "no row for PIN").find_element("xpath", f".//button[contains(., 'Retry {waiting} records')]").click()
        page.find("dialog", f"Try {waiting} records again?")
        page.audit("errors, plan")
        page.click("button", f"Retry {waiting} records", within=page.find("dialog"))
        page.says(f"{waiting} parked again")
        # mended by hand, but the books are slow: cancelled half way, the rest stays parked
        s.trouble({"writes": True, "do": "wait", "before_ms": 400, "times": "all"})
        with open(os.path.join(s.conf, TABLE), "a") as table:
            table.write("PIN,1\n")
        s.run("reload")
        page.reload()
        card(page, "no row for PIN").find_element("xpath", f".//button[contains(., 'Retry {waiting} records')]").click()
        page.find("button", f"Retry {waiting} records", within=page.find("dialog")).click()
        page.find("button", "Cancel", within=page.find("banner", "Trying again")).click()
        page.says("Cancelled", 60)
        left = cause(s)
        assert left and 0 < left["parked"] < waiting, left
        page.audit("errors, cancelled")
        s.trouble()
        # skipping wants a reason; what was skipped is no error any more
        until(lambda: settled(s) and still(s))
        page.reload()
        left = cause(s)["parked"]
        card(page, "no row for PIN").find_element("xpath", ".//button[contains(., 'Skip')]").click()
        dialog = page.find("dialog")
        page.click("button", f"Skip {left} record", within=dialog)
        page.says("Say why")
        page.type("Why", "booked by hand already")
        page.click("button", f"Skip {left} record", within=dialog)
        page.says(f"{left} records were skipped")
        assert cause(s) is None


def test_errors_none_to_a_viewer_and_while_the_server_is_away():
    with shop() as s:
        page = s.browser()
        s.run("user", "add", "bas", "--role", "viewer")
        link = next(word for word in s.run("user", "reset", "bas").stdout.split() if "#invite=" in word)
        until(lambda: cause(s) and settled(s))
        # who is invited chooses a password by the link; a viewer sees what waits, and has no button for it
        other = s.browser(user=None)
        other.driver.get(link)
        other.find("heading", "Choose your password")
        other.audit("invitation", walk=True)
        other.type("Password", "a long enough password")
        other.type("Password again", "a long enough password")
        other.click("button", "Set the password and log in")
        other.go("errors")
        other.says("no row for ***")  # who may not see what records hold
        assert not other.has("button", "Retry") and not other.has("button", "Add row")
        other.audit("errors, viewer")
        # the server goes: what is shown stays, with the time it is of
        page.go("errors")
        page.says("no row for PIN")
        s.stop()
        page.says("server away")
        page.go("errors?sort=newest")
        page.says("The server does not answer")
        page.says("What is shown is of")
        page.says("no row for PIN")
        page.audit("errors, server away", away=True)


def test_errors_none():
    with Pages(serve=False) as s:
        s.replace("flows.d/orders.conf", 'every = "5m";', 'every = "5m";\nenabled = false;')
        s.serve()
        s.first_user()
        page = s.browser()
        page.go("errors")
        page.says("Nothing waits for you")
        page.audit("errors, none", walk=True)
        page.go("activity")
        page.says("Nothing was read yet")
        page.audit("activity, none")
        page.go("overview")
        page.audit("overview, all off")


if __name__ == "__main__":
    main([test_b5_a_row_is_added_and_what_waited_for_it_is_booked, test_b6_many_by_a_plan_with_progress_cancelled_and_parked_again,
          test_errors_none_to_a_viewer_and_while_the_server_is_away, test_errors_none])
