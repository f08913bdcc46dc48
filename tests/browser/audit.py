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


def test_every_page_in_both_themes_and_widths_and_roles():
    with Pages(serve=False) as s:
        s.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";')
        s.serve()
        s.first_user()
        page = s.browser()
        until(lambda: "wait for you" in page.text(), 60)
        pages, wrong = addresses(page), []
        for dark in (False, True):
            page.media(dark=dark)
            for name, address in pages.items():
                wrong += problems(page, name, address, "dark" if dark else "light")
        link = next(word for word in s.run("user", "add", "bas", "--role", "viewer").stdout.split() if "#invite=" in word)
        other = s.browser(user=None)
        other.driver.get(link)
        other.type("Password", PASSWORD)
        other.type("Password again", PASSWORD)
        other.click("button", "Set the password and log in")
        for name, address in pages.items():
            wrong += problems(other, name, address, "viewer")
        assert not wrong, "\n".join(wrong)


if __name__ == "__main__":
    main([test_every_page_in_both_themes_and_widths_and_roles])
