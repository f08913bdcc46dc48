# SPDX-License-Identifier: MIT
"""The overview in a browser: B4, B22, B28, and what each of its states looks like."""
import json

from browsertest import NARROW, WIDE, Pages, http, main, until


def shop(busy=False, **how):
    """busy: something happens every second."""
    made = Pages(serve=False, **how)
    if busy:
        made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    return made


def test_b4_live():
    with shop(busy=True) as s:
        s.serve()
        s.first_user()
        page = s.browser()
        page.says("records wait for you")
        page.audit("overview", walk=True)
        page.resize(NARROW)
        page.audit("overview")
        page.resize(WIDE)
        sold = len(s.orders())
        until(lambda: page.figure("orders", "Read") == sold)
        http(s.till + "/_sandbox/add-orders?n=1", "{}")
        until(lambda: page.figure("orders", "Read") == sold + 1)
        # the server goes and comes back: the page says so, and catches up by itself with what was sold meanwhile
        s.stop()
        page.says("server away")
        http(s.till + "/_sandbox/add-orders?n=7", "{}")
        s.serve(again=True)
        until(lambda: "server away" not in page.text(), 60)
        until(lambda: page.figure("orders", "Read") == sold + 8)
        http(s.till + "/_sandbox/add-orders?n=1", "{}")
        until(lambda: page.figure("orders", "Read") == sold + 9)


def test_b4_what_happens_every_second_is_looked_at_every_other():
    with shop(busy=True) as s:
        s.serve()
        s.first_user()
        page = s.browser()
        page.find("row", "orders")
        looks = lambda: page.js("return performance.getEntriesByType('resource').filter((one) =>"
                                " one.name.endsWith('/api/v1/config')).map((one) => one.startTime)")
        before = len(looks())
        until(lambda: len(looks()) >= before + 5, 60)
        at = looks()[before:]
        assert all(later - earlier >= 1500 for earlier, later in zip(at, at[1:])), at


def test_b22_b28_six_tabs_of_one_browser_and_no_other_origin():
    with shop() as s:
        s.serve()
        s.first_user()
        page = s.browser()
        for _ in range(5):  # a stream per tab would take every connection that a browser has to one server
            page.driver.switch_to.new_window("tab")
            page.driver.get(s.url + "/#/overview")
            page.settled()
        for tab in page.driver.window_handles:
            page.driver.switch_to.window(tab)
            page.reload()
            page.find("row", "orders")
        page.go("activity")
        page.go("errors")
        job = json.loads(s.run("jobs", "--json", "--limit", "1").stdout.splitlines()[0])["job"]
        page.go("record/" + job)
        foreign = [one for one in page.requests() if not one.startswith((s.url + "/", "data:", "chrome", "about:", "blob:"))]
        assert not foreign, foreign


def test_b24_themes_contrast_motion_text_and_zoom():
    with shop() as s:
        s.serve()
        s.first_user()
        page = s.browser()
        page.says("records wait for you")
        for how in ({"dark": True}, {"forced": True}, {"still": True}):
            page.media(**how)
            page.audit(f"overview, {how}")
        page.media()
        page.click("button", "System")  # the switch: light, then dark, whatever the system says
        page.click("button", "Light")
        assert page.js("return getComputedStyle(document.documentElement).colorScheme") == "dark"
        page.audit("overview, dark by the switch")
        page.click("button", "Dark")
        page.js("document.documentElement.style.fontSize = '200%'")
        page.js("document.documentElement.dataset.measured = ''")
        page.audit("overview, text of 200 %")
        page.js("document.documentElement.removeAttribute('style')")
        page.resize((1280 // 4, 1024 // 4))  # what 400 % of zoom leaves
        page.audit("overview, zoom of 400 %")


def test_b25_safe_mode_is_told_and_left():
    with shop(busy=True) as s:
        s.serve()
        s.first_user()
        s.stop()
        s.replace("flows.d/orders.conf", 'every = "1s";', 'evry = "1s";')
        s.serve()
        page = s.browser()
        page.says("Safe mode")
        page.says("evry")
        page.audit("overview, safe mode")
        s.replace("flows.d/orders.conf", 'evry = "1s";', 'every = "1s";')
        s.run("reload")
        until(lambda: "Safe mode" not in page.text())
        page.says("wait for you", 60)


if __name__ == "__main__":
    main([test_b4_live, test_b4_what_happens_every_second_is_looked_at_every_other,
          test_b22_b28_six_tabs_of_one_browser_and_no_other_origin, test_b24_themes_contrast_motion_text_and_zoom,
          test_b25_safe_mode_is_told_and_left])
