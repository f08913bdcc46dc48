# SPDX-License-Identifier: MIT
"""Who nobody knows yet, in a browser and by keyboard alone: the first user (B1), an invitation and a second factor
(B19), and a session that ends elsewhere (S11)."""
import base64
import hashlib
import hmac
import json
import struct
import time

from browsertest import NARROW, PASSWORD, USER, WIDE, Keys, Page, Pages, main, until


def keys(page, *what):
    page.driver.switch_to.active_element.send_keys(*what)


def at(page, field):
    """The keyboard is there, by Tab alone."""
    for _ in range(30):
        if page.js("return document.activeElement?.id") == field:
            return
        keys(page, Keys.TAB)
    raise AssertionError(f"Tab never comes to {field}: " + page.text()[:500])


def inside(page):
    until(lambda: page.js("return !!document.querySelector('nav.side')"), 60)
    page.settled()


def code_at(secret):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at_byte = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at_byte:at_byte + 4])[0] & 0x7fffffff) % 1000000:06}"


def test_b1_the_first_user():
    with Pages(user=False) as s:
        token = s.claim_link.partition("#")[2]
        page = Page(s.url)
        s.pages.append(page)
        page.open("/")
        page.says("Make the first user")
        page.audit("claim without a link")
        page.open("/#claim=" + "0" * 32)
        page.reload()
        page.open("/#" + token)
        page.reload()
        for size in (NARROW, WIDE):
            page.resize(size)
            page.audit("claim")
        assert token not in page.driver.current_url, "it is in no history"
        at(page, "user")
        keys(page, USER, Keys.TAB, "short", Keys.TAB, "other", Keys.ENTER)
        page.says("At least 12 characters")
        page.says("The two are not the same")
        for field in ("password", "again"):
            at(page, field)
            keys(page, Keys.CONTROL, "a")
            keys(page, PASSWORD)
        keys(page, Keys.ENTER)
        inside(page)
        s.engine_has_user = True
        # the link is used up
        other = Page(s.url)
        s.pages.append(other)
        other.open("/#" + token)
        other.says("Log in")
        assert not other.has("button", "Make the user")
        other.log_in()


def test_b19_an_invitation_and_a_second_factor():
    with Pages() as s:
        link = json.loads(s.run("user", "add", "bas", "--role", "operator", "--json").stdout)["url"]
        page = Page(s.url)
        s.pages.append(page)
        page.driver.get(link)
        page.settled()
        page.says("You are bas here (operator)")
        page.audit("invitation")
        at(page, "password")
        keys(page, PASSWORD, Keys.TAB, PASSWORD, Keys.ENTER)
        inside(page)
        # once
        other = Page(s.url)
        s.pages.append(other)
        other.driver.get(link)
        other.settled()
        other.says("Log in")
        assert other.find("alert")
        # a second factor, which the log-in asks for
        made = page.js("""return (async () => {
            const head = {"Content-Type": "application/json",
              "X-Koppel-CSRF": (await (await fetch("/api/v1/session")).json()).csrf};
            return (await fetch("/api/v1/me/totp", {method: "POST", headers: head, body: "{}"})).json();
        })()""")
        confirmed = page.js("""return (async () => {
            const head = {"Content-Type": "application/json",
              "X-Koppel-CSRF": (await (await fetch("/api/v1/session")).json()).csrf};
            return (await fetch("/api/v1/me/totp", {method: "PUT", headers: head,
              body: JSON.stringify({code: arguments[0]})})).json();
        })()""".replace("arguments[0]", json.dumps(code_at(made["secret"]))))
        assert len(confirmed["codes"]) == 10, confirmed
        third = Page(s.url)
        s.pages.append(third)
        third.open("/")
        at(third, "user")
        keys(third, "bas", Keys.TAB, PASSWORD, Keys.ENTER)
        third.says("Code of your app")
        third.audit("log-in with a code")
        at(third, "code")
        keys(third, confirmed["codes"][0], Keys.ENTER)
        inside(third)
        # somebody else ends all of it: the page says so by itself
        s.run("user", "reset", "bas")
        until(lambda: third.has("button", "Log in"), 60)


if __name__ == "__main__":
    main([test_b1_the_first_user, test_b19_an_invitation_and_a_second_factor])
