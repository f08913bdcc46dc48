# SPDX-License-Identifier: MIT
"""Who is told of what, in a browser: B21, with a mail server, a webhook and ntfy of our own; and the audit."""
import csv
import json

from browsertest import NARROW, WIDE, Keys, Pages, downloaded, main, until
import alertsink  # of tests/integration, which browsertest knows the way to

COUNT = ("--orders", "40", "--relations", "20", "--articles", "20")


def both(page, what, **how):
    for size in (NARROW, WIDE):
        page.resize(size)
        page.audit(what, **how)


def fill(page, **fields):
    for label, text in fields.items():
        page.type(label.replace("_", " "), text)
    page.settled()


def test_b21_channels_are_tested_as_they_are_on_the_screen():
    mail, web = alertsink.Mail(), alertsink.Web()
    with Pages(*COUNT, serve=False) as shop:
        shop.run("pause", "orders")
        shop.serve()
        shop.first_user()
        page = shop.browser()
        page.go("alerts")
        page.says("Nobody is told")
        both(page, "alerts, nobody is told")
        page.click("link", "Add a channel")
        both(page, "alerts, no channel")
        # a mail: tested before anything is saved, with what was said shown
        page.click("button", "Add Mail")
        fill(page, Name="office", Mail_server=f"smtp://127.0.0.1:{mail.port}", Sender="koppel@example.org",
             Recipients="a@example.org, b@example.org")
        page.audit("alerts, mail dialog")
        page.click("button", "Test what is shown")
        page.says("The message was taken")
        page.find("button", "What was said").click()
        page.says("250")
        page.audit("alerts, mail tested")
        assert len(mail.mails) == 1 and mail.mails[0][1] == ["a@example.org", "b@example.org"], mail.mails
        page.click("button", "Save")
        page.says("Saved as version")
        text = open(shop.conf + "/alerts.conf").read()
        assert '"a@example.org"' in text and "smtp://127.0.0.1" in text, text
        # a webhook: its secret is sealed, and signs
        page.click("button", "Add Webhook")
        fill(page, Name="hook", Address=web.url + "/in", Signing_secret="drie-groene-fietsen")
        page.click("button", "Test what is shown")
        page.says("The message was taken")
        assert alertsink.is_signed(web.calls[-1][3], web.calls[-1][4], b"drie-groene-fietsen")
        page.click("button", "Save")
        until(lambda: "sealed:alert-hook-secret" in open(shop.conf + "/alerts.conf").read())
        assert "fietsen" not in open(shop.conf + "/alerts.conf").read() + shop.said()
        # what is there already may not be shown again, and is kept where the field stays empty
        page.find("row", "hook").find_element("css selector", "button").click()
        page.settled()
        assert page.find("textbox", "Signing secret").get_attribute("value") == ""
        page.type("Address", web.url + "/other")
        page.click("button", "Test what is shown")
        page.says("The message was taken")
        assert web.calls[-1][2] == "/other" and alertsink.is_signed(web.calls[-1][3], web.calls[-1][4], b"drie-groene-fietsen")
        web.what = 410
        page.click("button", "Test what is shown")
        page.says("The message was not taken")
        page.audit("alerts, test refused")
        page.click("button", "Cancel")
        web.what = 200
        # ntfy with quiet hours, wrong at first: the mistake is told, and nothing is lost of what was typed
        page.click("button", "Add ntfy")
        fill(page, Name="phone", Address="http://example.org", Topic="winkel")
        page.click("button", "Save")
        page.says("https://")
        page.audit("alerts, mistake in the dialog")
        page.type("Address", web.url)
        page.find("checkbox", "Quiet hours").click()
        page.click("button", "Save")
        page.says("22:00 to 07:00")
        page.resize(WIDE)
        both(page, "alerts, three channels")
        # a flow that has parked records: all three are told of it, but for the one that is quiet
        shop.run("resume", "orders")
        until(lambda: len(mail.mails) > 1)
        assert any("orders" in subject + body for subject, body in mail.texts()[1:]), mail.texts()
        page.find("row", "phone").find_elements("css selector", "button")[1].click()
        page.click("button", "Remove")
        page.says("phone is removed")
        assert "phone" not in open(shop.conf + "/alerts.conf").read()
    mail.close()
    web.close()


def test_alerts_are_acknowledged_and_rules_changed():
    with Pages(*COUNT, serve=False) as shop:
        shop.sync(wait=60)
        shop.serve()
        shop.first_user()
        page = shop.browser()
        page.go("alerts")
        page.says("Records wait for a person")
        both(page, "alerts, open", walk=False)
        first = page.find("link", "Act Records wait")
        assert "#/errors?flow=orders" in first.get_attribute("href")
        # by the keyboard alone: the row, acknowledge, until tomorrow
        page.js("document.activeElement?.blur()")
        page.press("j")
        page.press("a")
        page.find("dialog")
        page.audit("alerts, acknowledge")
        page.find("combobox", "Until").send_keys("this")
        page.press(Keys.TAB, Keys.ENTER)
        page.says("anna knows, until")
        page.click("tab", "Rules")
        both(page, "alerts, rules")
        page.click("button", "Change Records wait for a person")
        page.type("From how many on", "25")
        page.audit("alerts, rule dialog")
        page.click("button", "Save")
        page.says("from 25 on")
        page.says("not as usual")
        assert "count = 25" in open(shop.conf + "/alerts.conf").read()
        page.click("button", "Change Records wait for a person")
        page.click("button", "Back to usual")
        page.click("button", "Save")
        until(lambda: "records.parked" not in open(shop.conf + "/alerts.conf").read())
        # all of it stands in the audit, by filter and as a table
        page.click("link", "Audit")
        page.says("rule changed")
        both(page, "audit", walk=False)
        page.find("combobox", "What").send_keys("alert ack")
        page.settled()
        until(lambda: len(page.all("row")) == 2)
        name, text = downloaded(page, lambda: page.click("button", "CSV"))
        rows = list(csv.DictReader(text.splitlines()))
        assert name == "audit.csv" and [row["order"] for row in rows] == ["alerts.acknowledge"] and rows[0]["who"] == "anna", rows
        page.go("audit?who=nobody")
        page.says("Nothing fits these filters")
        both(page, "audit, nothing found")


if __name__ == "__main__":
    main([test_b21_channels_are_tested_as_they_are_on_the_screen, test_alerts_are_acknowledged_and_rules_changed])
