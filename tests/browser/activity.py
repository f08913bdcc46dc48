# SPDX-License-Identifier: MIT
"""Activity in a browser: B9, B26, B27 and its states."""
import json

from browsertest import NARROW, WIDE, Keys, Pages, downloaded, http, main, until


def shop():
    made = Pages(serve=False)
    made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    made.serve()
    made.first_user()
    return made


def rows(page):
    return [row.get_attribute("data-row") for row in page.js("return [...document.querySelectorAll('main tr[data-row]')]")]


def test_b9_b26_b27_found_filtered_and_paged():
    with shop() as s:
        page = s.browser()
        until(lambda: "wait for you" in page.text(), 60)
        page.press("g", "a")
        page.find("heading", "Activity")
        page.audit("activity rows", walk=False)
        page.resize(NARROW)
        page.audit("activity rows")
        page.resize(WIDE)
        # page by page: every record once, as the shell has them
        every = [job["job"] for job in map(json.loads, s.run("jobs", "--json", "--limit", "100000").stdout.splitlines())]
        seen = rows(page)
        assert 0 < len(seen) <= 50
        while True:  # a search that takes long stops early, and goes on by the same button under another name
            further = next((name for name in ("Older", "Go on") if page.has("button", name)), None)
            if not further:
                break
            page.click("button", further)
            seen += rows(page)
        assert sorted(seen) == sorted(every) and len(set(seen)) == len(every), (len(seen), len(every))
        page.driver.back()
        page.settled()
        # by number, by keyboard alone
        job = next(json.loads(line) for line in s.run("jobs", "--state", "done", "--json", "--limit", "1").stdout.splitlines())
        page.go("activity")
        page.press("/")
        page.press(job["brief"]["number"], Keys.ENTER)
        assert rows(page) == [job["job"]], rows(page)
        assert "q=" in page.driver.current_url
        # an address can be sent to a colleague, and a name, an e-mail address and a document number find too
        page.driver.get(page.driver.current_url)
        page.settled()
        assert rows(page) == [job["job"]]
        source = s.activity(job["job"])
        email = source["attempts"][-1]["activity"]["core"]["customer"]["email"]
        for words in (email, job["brief"]["title"], job["remote_id"]):
            page.go("activity?q=" + words.replace(" ", "+").replace("&", "%26"))
            assert job["job"] in rows(page), (words, page.text()[:600])
        page.go("activity?q=nobodyhasthisword")
        page.says("Nothing fits")
        page.audit("activity, nothing found")
        page.go("activity?state=parked&flow=orders")
        assert len(rows(page)) == 3
        # newer ones are told, not pushed in
        page.go("activity")
        first = rows(page)
        http(s.till + "/_sandbox/add-orders?n=2", "{}")
        page.find("button", "2 newer records", seconds=60)
        assert rows(page) == first
        page.click("button", "2 newer records")
        assert rows(page)[2:] == first[:48]
        # as a table for a spreadsheet: every row of it, whatever the page shows
        name, text = downloaded(page, lambda: page.find("button", "Export CSV").click())
        lines = text.splitlines()
        assert name == "activity.csv" and lines[0].startswith("time,state,flow,number"), lines[0]
        assert len(lines) == 1 + len(s.run("jobs", "--json", "--limit", "100000").stdout.splitlines()), len(lines)
        page.settled()
        # a wrong filter in the address is told
        page.go("activity?state=nonsense")
        page.says("There is no such thing")


if __name__ == "__main__":
    main([test_b9_b26_b27_found_filtered_and_paged])
