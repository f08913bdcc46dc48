# SPDX-License-Identifier: MIT
"""One record in a browser: B7, B8, and its states."""
import json
import urllib.parse

from browsertest import NARROW, WIDE, Keys, Pages, main, until


def shop(**how):
    made = Pages(serve=False, **how)
    made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    made.serve()
    made.first_user()
    return made


def job_of(s, **what):
    """The newest job that is so; waits for it."""
    def found():
        rows = map(json.loads, s.run("jobs", "--json", "--limit", "100000").stdout.splitlines())
        return next((row for row in rows if all(row[name] == value for name, value in what.items())), None)
    until(found)
    return found()


def address(job):
    return "record/" + "/".join(urllib.parse.quote(part) for part in job["job"].split("/"))


def test_b8_values_rules_requests_attempts_and_a_dry_run():
    with shop() as s:
        done = job_of(s, state="done")
        parked = job_of(s, reason="map.unmapped")
        page = s.browser()
        page.go(address(done))
        brief = done["brief"]
        page.find("heading", f"{brief['number']} · {brief['title']}")
        # the value of the source, the one of the destination, and the table between
        row = page.find("row", "Payment condition")
        assert "table payment_condition" in row.text and "Payment" in row.text, row.text
        page.audit("record rows", walk=True)
        page.click("checkbox", "Technical names")
        page.says("paymentConditionId")
        page.click("checkbox", "Only differences")
        assert "Line 1 · VAT amount" not in page.text()
        page.resize(NARROW)
        page.audit("record rows, technical")
        page.resize(WIDE)
        # by keyboard alone through the tabs; what was sent is there to the cent, and no secret is
        page.press("2")
        page.says("create sales invoice")
        page.js("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        page.says("amountInclVat")
        assert brief["total"] in page.text()
        assert "Bearer" not in page.text() and s.info["asperion"]["client_secret"] not in page.text()
        page.audit("record, requests")
        page.resize(NARROW)
        page.audit("record, requests")
        page.resize(WIDE)
        page.press("3")
        page.says("Made as")
        page.audit("record, attempts")
        page.press("4")
        page.says("As it was read")
        page.audit("record, raw")
        page.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        page.find("heading", "Activity")
        # what is parked says why, and what would come of it now
        page.go(address(parked))
        page.says("no row for CRYPTO in table payment_condition")
        page.audit("record, parked", walk=True)
        page.click("button", "Try dry")
        page.says("would park")
        page.audit("record, dry")
        with open(s.conf + "/tables/payment.csv", "a") as table:
            table.write("CRYPTO,2\n")
        s.run("reload")
        page.click("button", "Try dry")
        page.says("would be made")
        page.media(dark=True)
        page.audit("record, dry, dark")
        # one that is not there
        page.go("record/orders/0/99999")
        page.says("There is no such thing")
        page.audit("record, none")


def test_one_that_could_not_be_loaded_at_first_is_looked_at_again():
    with shop() as s:
        page = s.browser()
        page.go(address(job_of(s, state="done")))
        page.cdp("Page.addScriptToEvaluateOnNewDocument", source="const ask = window.fetch; window.fetch = (where, how) =>"
                 " (String(where).includes('/jobs/') && !window.back ? Promise.reject(new TypeError('no')) : ask(where, how));")
        page.reload()
        page.find("button", "Try again")
        page.js("window.back = true")
        s.run("pause", "orders")
        page.find("row", "Payment condition")


def test_b7_edited_tried_again_and_replaced_by_what_the_source_says_later():
    with shop() as s:
        job = job_of(s, reason="customer.key")
        page = s.browser()
        page.go(address(job))
        page.says("has no e-mail address")
        page.press("e")
        dialog = page.find("dialog", "Edit and retry")
        page.audit("record, edit rows")
        page.click("button", "Save and retry", within=dialog)
        page.says("Say why")
        page.type("Why", "asked by phone")
        page.type("Find a field", "relation.email")
        page.type("Relation of the order · Email", "asked@voorbeeld.nl")
        page.click("button", "Save and retry", within=dialog)
        page.says("edited by anna", 60)
        page.says("done", 60)
        page.says("Why it was edited: asked by phone")
        until(lambda: job_of(s, job=job["job"])["state"] == "done")
        assert "asked@voorbeeld.nl" in json.dumps(s.debtors())
        page.audit("record, edited")
        page.resize(NARROW)
        page.audit("record, edited")
        # the source brings a newer version: it is as the source has it, and nobody's edit
        s.change(job["key"])
        until(lambda: job_of(s, key=job["key"])["job"] != job["job"])
        newer = job_of(s, key=job["key"])
        assert not newer["edited"], newer
        page.go(address(newer))
        page.find("heading", job["brief"]["number"])
        assert "edited by" not in page.text()


if __name__ == "__main__":
    main([test_b8_values_rules_requests_attempts_and_a_dry_run,
          test_one_that_could_not_be_loaded_at_first_is_looked_at_again,
          test_b7_edited_tried_again_and_replaced_by_what_the_source_says_later])
