#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The set-up by the keyboard alone: from the claim link to the first booked order without a pointer."""
from browsertest import PASSWORD, USER, Keys, Nothing, main, until


class Hands:
    """Somebody who has keys: Tab to what is meant, then type, Enter, Space, arrows."""

    def __init__(self, shop, page):
        self.shop, self.page = shop, page

    def at(self, title):
        self.page.says(title)
        self.page.settled()

    def types(self, label, text):
        self.page.tab_to("textbox", label).send_keys(Keys.CONTROL, "a")
        self.page.press(text)

    def presses(self, role, name, key=Keys.ENTER):
        self.page.tab_to(role, name)
        self.page.press(key)

    def chooses(self, name):
        """One of a few: Tab comes to the one that is chosen, the arrows to the others."""
        wanted = self.page.find("radio", name)
        group = wanted.get_attribute("name")
        chosen = self.page.js("const all = [...document.getElementsByName(arguments[0])];"
                              "return all.find((one) => one.checked) || all[0];", group)
        for _ in range(60):
            if self.page.driver.switch_to.active_element == chosen:
                break
            self.page.press(Keys.TAB)
        for _ in range(8):
            if wanted.is_selected():
                return
            self.page.press(Keys.ARROW_DOWN if chosen != wanted else Keys.SPACE)
        raise AssertionError(f"the arrows do not come to {name!r}")

    def leaves(self, name):
        """The page of the other system, where somebody says yes."""
        self.page.tab_to("button", name).send_keys(Keys.ENTER)
        driver = self.page.driver
        until(lambda: "/connect/authorize" in driver.current_url)
        driver.get(driver.current_url + "&auto=1")
        self.page.settled()


def fill(hands, texts):
    """Enter in a field goes on."""
    for label, text in texts:
        hands.types(label, text)
    hands.page.press(Keys.ENTER)


def test_from_the_claim_link_to_the_first_booked_order():
    with Nothing() as shop:
        page = shop.browser(user=None)
        hands = Hands(shop, page)
        page.open(shop.claim_link.replace(shop.url, ""))
        hands.types("User name", USER)
        hands.types("Password", PASSWORD)
        if page.has("textbox", "Password again"):
            hands.types("Password again", PASSWORD)
        page.press(Keys.ENTER)
        hands.at("No flow yet")
        hands.presses("link", "Start the set-up")
        hands.at("Which two systems?")
        hands.presses("button", "Next")
        hands.at("MplusKASSA: address and credentials")
        till, books = shop.info["mpluskassa"], shop.info["asperion"]
        fill(hands, (("Address", till["url"]), ("Ident", till["ident"]), ("Secret", "wrong")))
        page.says("It does not work yet.")
        hands.presses("button", "Mend it")
        hands.at("MplusKASSA: address and credentials")
        fill(hands, (("Secret", till["secret"]),))
        hands.at("Asperion: address and credentials")
        page.press(Keys.ALT, Keys.ARROW_LEFT)
        hands.at("MplusKASSA: test")
        hands.presses("button", "Next")
        hands.at("Asperion: address and credentials")
        fill(hands, (("Address of the API", books["url"]), ("Address of the login server", books["url"]), ("Administration", "1042"),
                     ("Client id", "demo-client"), ("Client secret", books["client_secret"])))
        hands.at("Asperion: log in")
        hands.leaves("Log in there")
        hands.at("Asperion: where things go")
        hands.presses("button", "Next")
        hands.at("What is brought where?")
        hands.presses("button", "Next")
        hands.at("Orders → Sales invoices")
        hands.presses("button", "Next")
        hands.at("VAT codes")
        hands.presses("button", "Next")
        hands.at("Payment conditions")
        page.tab_to("combobox", "PIN becomes").send_keys("Contant")
        page.settled()
        page.press(Keys.ENTER)
        hands.presses("button", "Next")
        hands.at("Revenue accounts")
        hands.presses("button", "Next")
        hands.at("Dry run")
        page.says("would be made")
        assert not shop.invoices()
        hands.presses("button", "Next")
        hands.at("From when on?")
        hands.chooses("everything there is")
        hands.presses("button", "Next")
        hands.at("Review")
        page.says("flows.d/orders.conf")
        hands.presses("button", "Write these files and begin")
        hands.at("The flows run now: orders.")
        until(shop.invoices)
        assert not [one for one in page.complaints() if "/favicon.ico" not in one], page.complaints()


if __name__ == "__main__":
    main([test_from_the_claim_link_to_the_first_booked_order])
