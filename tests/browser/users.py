# SPDX-License-Identifier: MIT
"""Who may do what, in a browser: B19 (invitation, roles, sessions, tokens, one's own password)."""
import base64
import hashlib
import hmac
import json
import re
import struct
import time
import urllib.error
import urllib.request

from browsertest import NARROW, PASSWORD, USER, WIDE, Pages, main, until

OTHER = "drie groene fietsen bij de brug"
COUNT = ("--orders", "5", "--relations", "20", "--articles", "20")


def both(page, what, **how):
    for size in (NARROW, WIDE):
        page.resize(size)
        page.audit(what, **how)


def invited(page, name, role):
    """Invites somebody; the link."""
    page.click("button", "Invite…")
    page.type("User name", name)
    page.find("radio", role).click()
    page.audit(f"users, invite {role}")
    page.click("button", "Make the link")
    page.says("It is shown this once")
    link = page.find("textbox", "Link").get_attribute("value")
    page.audit("users, the link")
    page.click("button", "Close")
    return link


def accept(page, link, password):
    page.driver.get("about:blank")
    page.driver.get(link)
    page.settled()
    page.says("Choose your password")
    page.audit("invitation")
    page.type("Password", password)
    page.find("textbox", "Password again").send_keys(password)
    page.click("button", "Set the password and log in")
    until(lambda: page.js("return !!document.querySelector('nav.side')"))
    page.settled()


def log_in_again(page, user, password):
    """The name may stand there still."""
    page.type("User name", user)
    page.type("Password", password)
    page.click("button", "Log in")
    until(lambda: page.js("return !!document.querySelector('nav.side')"))
    page.settled()


def test_b19_invited_demoted_and_out():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        page.go("users")
        page.says("You are the only administrator")
        both(page, "users, only me", walk=True)
        link = invited(page, "bas", "operator")
        assert re.match(re.escape(shop.url) + r"/#invite=\w+", link), link
        page.says("invited until")
        both(page, "users, one invited")
        # the link works once, for whoever has it
        other = shop.browser(user=None)
        accept(other, link, OTHER)
        other.go("overview")
        assert "invite" not in other.driver.current_url and not other.has("link", "Set-up")
        again = shop.browser(user=None)
        again.driver.get(link)
        again.says("This link is used, expired or wrong")
        again.audit("invitation, used")
        # who may not see a page is told which role it takes
        other.go("users")
        other.says("administrator")
        other.audit("users, no right")
        other.go("audit")
        other.says("administrator")
        other.go("settings")
        other.find("tab", "System")
        assert not other.has("tab", "One person")
        other.audit("settings, of an operator")
        # another role ends the session; the other tab is out
        page.reload()
        page.click("button", "Change… bas")
        page.find("radio", "viewer").click()
        page.find("checkbox", "May see personal data")
        page.audit("users, change")
        page.click("button", "Save")
        page.says("bas is changed")
        other.go("overview")
        other.says("Log in")
        log_in_again(other, "bas", OTHER)
        other.go("reconcile")
        assert not other.has("button", "Compare"), "a viewer compares nothing"
        other.audit("reconcile, of a viewer")
        # one of two sessions is ended by the admin
        page.reload()
        page.click("button", "Sessions of bas")
        page.find("dialog")
        page.audit("users, sessions")
        page.click("button", "End ")
        page.says("Nobody is logged in by this name")
        page.click("button", "Close")
        other.reload()
        other.says("Log in")
        # the last admin stays one
        page.click("button", "Remove… bas")
        page.click("button", "Remove", exact=True)
        page.says("bas is removed")
        other.type("User name", "bas")
        other.type("Password", OTHER)
        other.click("button", "Log in")
        other.says("Name, password or code is wrong")


def test_tokens_are_shown_once():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        page.go("users")
        page.says("No program has a token.")
        page.click("button", "New token…")
        page.click("button", "Make the token")
        page.says("A name is missing.")
        page.type("Name", "till-sync")
        page.find("combobox", "Role").send_keys("viewer")
        page.audit("users, new token")
        page.click("button", "Make the token")
        page.says("It is shown this once.")
        secret = page.find("textbox", "Token").get_attribute("value")
        assert secret.startswith("kop_") and secret not in shop.said()
        page.click("button", "Close")
        assert secret not in page.driver.page_source
        both(page, "users, a token")
        assert asked(shop, secret)["flows"]
        page.click("button", "Remove… till-sync")
        page.click("button", "Remove", exact=True)
        page.says("No program has a token.")
        try:
            asked(shop, secret)
            raise AssertionError("a token that is gone works")
        except urllib.error.HTTPError as refused:
            assert refused.code == 401, refused


def asked(shop, token):
    request = urllib.request.Request(shop.url + "/api/v1/flows", headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_one_changes_ones_own_password_and_language():
    with Pages(*COUNT) as shop:
        page, elsewhere = shop.browser(), shop.browser()
        page.go("me")
        both(page, "me", walk=True)
        page.type("Password now", "not this one at all")
        page.type("New password", "short")
        page.click("button", "Change the password")
        page.says("At least 12 characters.")
        page.audit("me, wrong password")
        for label in ("New password", "New password again"):
            page.find("textbox", label, exact=True).send_keys(" ")
            page.js("arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))", page.find("textbox", label, exact=True))
            page.find("textbox", label, exact=True).send_keys(OTHER)
        page.click("button", "Change the password")
        page.says("The password is not right")
        page.type("Password now", PASSWORD)
        page.click("button", "Change the password")
        page.says("The password is changed")
        elsewhere.reload()
        elsewhere.says("Log in")
        log_in_again(elsewhere, USER, OTHER)
        page.reload()
        page.click("button", "End ")
        page.says("The session is ended")
        elsewhere.reload()
        elsewhere.says("Log in")
        page.find("combobox", "Language of the pages").send_keys("Nederlands")
        page.says("Mijn account")
        page.audit("me, in Dutch")


def code_of(secret, ago=0):
    """What an app shows for a secret (RFC 6238)."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 - ago), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def test_b19_a_second_factor_and_its_recovery_codes():
    with Pages(*COUNT) as shop:
        page = shop.browser()
        page.go("me")
        page.click("button", "Switch it on…")
        page.audit("me, second factor")
        secret = page.js("return document.querySelector('code.secret').textContent")
        assert page.js("return !!document.querySelector('.qr path')"), "there is a picture of it"
        page.type("Code", "12")
        page.click("button", "Switch it on")
        page.says("Type the six digits.")
        page.type("Code", "000000" if code_of(secret) != "000000" else "111111")
        page.click("button", "Switch it on")
        page.find("alert")
        page.audit("me, wrong code")
        page.type("Code", code_of(secret))
        page.click("button", "Switch it on")
        page.says("Each works once")
        codes = page.js("return document.querySelector('dialog pre').textContent").split()
        assert len(codes) == 10, codes
        page.audit("me, recovery codes")
        page.click("button", "Close")
        page.says("It is on")
        assert secret.replace(" ", "") not in shop.said() and codes[0] not in shop.said()
        page.go("users")
        page.find("row", "anna")
        # the password alone is not enough any more; a recovery code works once
        other = shop.browser(user=None)
        for used, fits in ((codes[0], True), (codes[0], False), (codes[1], True)):
            other.cdp("Network.clearBrowserCookies")
            other.open()
            other.js("document.getElementById('user').focus()")
            other.type("User name", USER)
            other.type("Password", PASSWORD)
            other.click("button", "Log in")
            other.find("textbox", "Code of your app").send_keys(used)
            other.audit("log-in with a code")
            other.click("button", "Log in")
            if fits:
                until(lambda: other.js("return !!document.querySelector('nav.side')"))
            else:
                other.says("Name, password or code is wrong")
        page.go("me")
        page.click("button", "Switch it off…")
        page.click("button", "Switch it off…")
        page.says("It is off")


if __name__ == "__main__":
    main([test_b19_invited_demoted_and_out, test_b19_a_second_factor_and_its_recovery_codes, test_tokens_are_shown_once,
          test_one_changes_ones_own_password_and_language])
