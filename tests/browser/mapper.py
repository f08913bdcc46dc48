#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The mapper in the browser (B14): a rule, a function and a table, seen on a real record at once; a case that fails
stands in the way until somebody says that what comes out now is right; back to default; all by the keyboard."""
import os

from browsertest import NARROW, WIDE, Keys, Pages, main, until
from flow import file_of, save, status


def shop():
    place = Pages("--orders", "30", "--relations", "12", "--articles", "20")
    until(lambda: sum(row["done"] for row in status(place)) > 0)
    return place


def target(page, name):
    """Chooses a field of the destination."""
    page.click("button", name, within=page.js("return document.querySelector('.column.to')"))


def result(page):
    return page.js("return document.querySelector('.outcome-now').textContent").replace("\u00a0", " ").strip()


def pick(page, label, words, nth=-1):
    """From a searched list, by the keyboard alone."""
    box = page.all("combobox", label)[nth]
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(words, Keys.ARROW_DOWN, Keys.ENTER)
    page.settled()


def done_record(page):
    """Turns to a record that comes through."""
    for _ in range(12):
        if page.js("return [...document.querySelectorAll('.column.to .value')].some((e) => e.textContent === '2026')"):
            return
        page.click("button", "Next record")
    raise AssertionError("no record has values")


def b14_a_rule_a_function_and_a_table_are_seen_at_once_and_saved():
    with shop() as place:
        page, text = place.browser(), file_of(place)
        page.go("mapper")
        page.audit("choice of a mapping")
        page.go("mapper/orders")
        page.audit("mapper rows")
        done_record(page)
        target(page, "Description")
        number = result(page).removeprefix("Result now: ")
        page.says("Description is Number of the document")
        page.audit("a rule")
        # a function
        page.click("button", "Add a function")
        pick(page, "Then (1)", "cut at so many")
        page.type("count", "4")
        until(lambda: result(page).startswith("Result now: 2026") and number in result(page))
        page.says("cut at so many characters (4)")
        page.says("1 change")
        page.js("window.scrollTo(0, 0)")  # what lies half under the line at the top is no small target
        page.audit("a changed rule")
        # another field joined to it
        for _ in range(3):  # the function, which one, its argument
            page.click("button", "Undo")
        until(lambda: result(page) == "Result now: " + number)
        assert not page.has("button", "Save as version")
        page.click("button", "Add a field")
        pick(page, "And the field", "State")
        page.type("Between the fields", " / ")
        until(lambda: result(page).startswith(f"Result now: {number} / "))
        # a field that had no rule, by a table with a default
        target(page, "Due date")
        page.click("button", "Make a rule")
        pick(page, "Field", "Date", nth=0)
        until(lambda: "Result now: 2026-" in result(page))
        page.says("2 changes")
        page.says("checked: no mistake")
        page.reload()
        page.says("2 changes")
        assert file_of(place) == text, "a draft is nobody's file"
        save(page, "numbers with their state")
        page.says("and active")
        now = file_of(place)
        assert 'to = "description"' in now and 'join = " / "' in now and 'to = "paymentDueDate"' in now, now
        place.run("check")
        target(page, "Description")
        page.click("button", "Back to default")
        page.says("1 change")
        save(page)
        page.says("and active")
        assert 'to = "description"' not in file_of(place) and 'to = "paymentDueDate"' in file_of(place)
        target(page, "Due date")
        page.click("button", "Back to default")
        save(page)
        page.says("and active")
        until(lambda: "map = (" not in file_of(place))


def b14_a_case_that_fails_stands_in_the_way():
    with shop() as place:
        page = place.browser()
        page.go("mapper/orders")
        done_record(page)
        page.click("button", "Make a case of this record")
        page.audit("case dialog")
        page.click("button", "Make the case", within=page.find("dialog"))
        page.says("was made")
        page.says("Case 1 of 1 passes")
        assert len(os.listdir(os.path.join(place.conf, "flows.d", "orders.cases"))) == 2
        target(page, "Description")
        page.find("radio", "a fixed value").click()
        page.settled()
        page.type("Value", "web shop")
        until(lambda: result(page).startswith("Result now: web shop"))
        page.says("1 case fails")
        assert page.find("button", "Save as version").get_attribute("disabled")
        page.audit("a failing case")
        page.click("button", "See the cases")
        page.says("destination.description")
        page.says("web shop")
        page.audit("differences of a case")
        page.find("checkbox", "What comes out now is right").click()
        page.press(Keys.ESCAPE)
        page.says("checked: no mistake")
        save(page)
        page.says("and active")
        assert 'value = "web shop"' in file_of(place)
        place.run("test", "orders")


def b14_a_line_and_a_table_and_what_is_read():
    with shop() as place:
        page = place.browser()
        page.go("mapper/orders")
        done_record(page)
        page.says("for every line")
        target(page, "VAT amount")
        before = result(page)
        pick(page, "Field", "Exact share of the total without VAT")
        until(lambda: result(page) != before and before.removeprefix("Result now: ") in result(page))
        page.click("button", "See as file difference")
        page.says('to = "vatAmount"; from = "net"')
        page.press(Keys.ESCAPE)
        page.click("button", "Discard")
        page.settled()
        target(page, "Payment condition")
        assert page.find("combobox", "Looked up in a table").get_attribute("value") == "payment_condition"
        page.find("combobox", "Where it has no row").send_keys("take the value")
        page.says("without a row as it is")
        page.click("button", "Discard")
        page.js("window.scrollTo(0, 0)")
        page.find("radio", "what is read from till").click()
        page.settled()
        page.says("Number of the document")
        page.find("combobox", "Show").send_keys("those that I changed")
        page.says("You changed no field")
        page.audit("nothing of one's own")
        page.find("combobox", "Show").send_keys(Keys.HOME)
        page.settled()
        page.find("checkbox", "Technical names").click()
        page.says("external_id")
        page.resize(NARROW)
        page.audit("mapper rows, narrow")
        page.resize(WIDE)
        page.media(dark=True)
        page.audit("mapper rows, dark")


def b14_by_the_keyboard_alone():
    with shop() as place:
        page = place.browser()
        page.go("mapper/orders")
        done_record(page)
        page.tab_to("button", "Customer number")
        page.press(*[Keys.ARROW_DOWN] * 6)
        assert page.focused()[1].startswith("Description"), page.focused()
        was = page.find("combobox", "Record").get_attribute("value")
        page.press(Keys.ALT, Keys.ARROW_DOWN)
        until(lambda: page.find("combobox", "Record").get_attribute("value") != was)
        page.settled()
        done_record(page)
        page.tab_to("button", "Customer number")
        page.press(*[Keys.ARROW_DOWN] * 6)
        page.press(Keys.ARROW_RIGHT)
        assert page.focused() == ("radio", "a field"), page.focused()
        page.tab_to("button", "Add a function")
        page.press(Keys.ENTER)
        page.tab_to("combobox", "Then (1)")
        page.press(Keys.CONTROL, "a", Keys.NULL, "upper", Keys.ARROW_DOWN, Keys.ENTER)
        page.says("then: in upper case")
        page.tab_to("button", "Save as version")
        page.press(Keys.ENTER)
        page.tab_to("button", "Save version")
        page.press(Keys.ENTER)
        page.says("and active")
        assert 'via = [ "text.upper" ]' in file_of(place), file_of(place)
        page.tab_to("button", "Back to default")
        page.press(Keys.ENTER)
        page.says("1 change")


if __name__ == "__main__":
    main([b14_a_rule_a_function_and_a_table_are_seen_at_once_and_saved, b14_a_case_that_fails_stands_in_the_way,
          b14_a_line_and_a_table_and_what_is_read, b14_by_the_keyboard_alone])
