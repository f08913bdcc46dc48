# SPDX-License-Identifier: MIT
"""Every page by axe and by the harness' own eyes: at both widths, light and dark, as an administrator sees it and as a
viewer does. What a page says in its other states its own tests look at."""
from browsertest import NARROW, WIDE, Pages, main, until
from pictures import addresses

PASSWORD = "a long enough password"


def problems(page, name, address, how):
    page.go(address)
    found = []
    for size in (WIDE, NARROW):
        page.resize(size)
        try:
            page.audit(f"{name} rows, {how}")
        except AssertionError as wrong:
            found.append(str(wrong))
    page.resize(WIDE)
    return found


def shop():
    made = Pages(serve=False)
    made.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
    made.serve()
    made.first_user()
    return made


def every_page(page, pages, how):
    wrong = [text for name, address in pages.items() for text in problems(page, name, address, how)]
    assert not wrong, "\n".join(wrong)


def test_every_page_light():
    with shop() as s:
        page = s.browser()
        until(lambda: "wait for you" in page.text(), 60)
        every_page(page, addresses(page), "light")


def test_every_page_dark():
    with shop() as s:
        page = s.browser(dark=True)
        until(lambda: "wait for you" in page.text(), 60)
        every_page(page, addresses(page), "dark")


def test_every_page_to_a_viewer():
    with shop() as s:
        link = next(word for word in s.run("user", "add", "bas", "--role", "viewer").stdout.split() if "#invite=" in word)
        page = s.browser(user=None)
        page.driver.get(link)
        page.type("Password", PASSWORD)
        page.type("Password again", PASSWORD)
        page.click("button", "Set the password and log in")
        until(lambda: "wait for you" in page.text(), 60)
        every_page(page, addresses(page), "viewer")


if __name__ == "__main__":
    main([test_every_page_light, test_every_page_dark, test_every_page_to_a_viewer])
