# SPDX-License-Identifier: MIT
"""The page of hosts, in a browser: what each holds, who leads, what is published, one that lacks a secret, one that
died; what happens at another host reaches a page within a poll. Skipped where PostgreSQL is not installed."""
import os
import sys
import time

from browsertest import NARROW, WIDE, Pages, http, main, until

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from postgres import Server, place  # noqa: E402
from publish import Bare, published, revisions  # noqa: E402

WORDS = {"de": "Alle Rechner arbeiten mit Stand", "nl": "Alle machines werken met versie",
         "en": "All hosts run revision"}


def shared(server):
    made = Pages("--orders", "12", serve=False, login=False)
    made.replace("koppel.conf", 'store = { path = "koppel.db"; };\n', place(server))
    made.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    made.login()
    made.serve()
    made.first_user()
    return made


def both(page, what):
    for size in (NARROW, WIDE):
        page.resize(size)
        page.audit(what)


def test_alone_there_is_no_such_page():
    with Pages("--orders", "3") as shop:
        page = shop.browser()
        page.go("overview")
        assert "Hosts" not in page.text(), "it is in the navigation of one host"
        page.go("hosts")
        page.says("This host works alone")
        both(page, "hosts, alone")


def test_hosts():
    server = Server()
    with shared(server) as shop:
        page = shop.browser()
        page.go("overview")
        page.find("link", "Hosts").click()
        page.settled()
        page.says("Nothing is published")
        page.says("its own files")
        page.says("leads")
        both(page, "hosts, nothing published")
        # another one comes, and what is published is told
        other = Bare(shop, server, "other")
        other.env.pop("MPLUS_SECRET")
        shop.run("publish")
        first = published(server)
        other.start()
        until(lambda: revisions(other) == [first, first], 60)
        page.says(f"All hosts run revision {first}", 30)
        page.says("MPLUS_SECRET", 30)
        page.says("One host does not take everything")
        both(page, "hosts, one lacks a secret")
        # a page that is told to keep still asks for nothing, and goes on when it is told to
        looks = "return performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/v1/hosts')).length"
        page.js("document.querySelector('.sign').click()")
        page.settled()
        before = page.js(looks)
        time.sleep(7)
        assert page.js(looks) == before, "it looked again though it was paused"
        page.js("document.querySelector('.sign').click()")
        until(lambda: page.js(looks) >= before + 2, 30)
        for language in ("de", "nl", "en"):
            page.js("""const s = document.querySelector('header select'); s.value = arguments[0];
                       s.dispatchEvent(new Event('change', {bubbles: true}))""", language)
            page.settled()
            page.says(f"{WORDS[language]} {first}", 30)
            both(page, f"hosts, {language}")
        other.kill()
        page.says("silent", 60)
        page.says("not been seen for as long as its lease")
        both(page, "hosts, one is silent")


def test_what_another_host_did_reaches_a_page():
    server = Server()
    with shared(server) as shop:
        shop.run("publish")
        page = shop.browser()
        page.go("overview")
        until(lambda: page.figure("orders", "Read") == 12, 60)
        other = Bare(shop, server, "other")
        other.start()
        until(lambda: len(revisions(other)) == 2, 60)
        # a pause that was ordered at the other one
        import publish
        publish.koppel(other, "pause", "orders", "--why", "stocktaking")
        page.says("stocktaking", 20)
        publish.koppel(other, "resume", "orders")
        until(lambda: "stocktaking" not in page.text(), 20)
        http(f"{shop.till}/_sandbox/add-orders?n=5", "", "POST")
        until(lambda: page.figure("orders", "Read") == 17, 60)
        other.stop()


if __name__ == "__main__":
    main([test_alone_there_is_no_such_page, test_hosts, test_what_another_host_did_reaches_a_page])
