# SPDX-License-Identifier: MIT
"""The overview in a browser: B4, B22, B28, and what each of its states looks like."""
from browsertest import NARROW, WIDE, Pages, http, main, until


def shop(**how):
    made = Pages(serve=False, **how)
    made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    return made


def test_b4_live():
    with shop() as s:
        s.serve()
        s.first_user()
        page = s.browser()
        page.says("records wait for you")
        page.audit("overview", walk=True)
        page.resize(NARROW)
        page.audit("overview")
        page.resize(WIDE)
        before = page.find("row", "orders").text
        http(s.till + "/_sandbox/add-orders?n=1", "{}")
        until(lambda: page.find("row", "orders").text != before)
        # the server goes and comes back: the page says so, and catches up by itself
        s.stop()
        page.says("server away")
        s.serve(again=True)
        until(lambda: "server away" not in page.text(), 60)
        later = page.find("row", "orders").text
        http(s.till + "/_sandbox/add-orders?n=1", "{}")
        until(lambda: page.find("row", "orders").text != later)


if __name__ == "__main__":
    main([test_b4_live])
