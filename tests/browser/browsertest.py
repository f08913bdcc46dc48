# SPDX-License-Identifier: MIT
"""What the browser tests share: the real `koppel serve` beside the real sandbox, and a Chromium that looks at it.

    with Pages() as shop:                      a Shop of koppeltest with an engine that serves pages
        page = shop.browser()                  a window of its own: own cookies, logged in as the first user
        page.go("overview")                    waits until the page is there
        page.find("button", "Retry 41 records").click()      by role and accessible name, as a reader finds it
        page.settled()                         nothing is under way any more (data-busy)
        page.audit("overview")                 axe, sideways scroll, size of targets, names of the controls

Waits are on conditions. A test ends with main([...]) of koppeltest. Skipped (77) only where there is no Chromium."""
import base64
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

try:
    from selenium import webdriver
except ImportError:  # another Python than Debian's, which has it
    if os.path.exists("/usr/lib/python3/dist-packages/selenium") and os.path.realpath(sys.executable) != \
            os.path.realpath("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("python3-selenium is missing")
    sys.exit(77)
from selenium.common.exceptions import (JavascriptException, NoSuchElementException, StaleElementReferenceException,
                                        WebDriverException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from koppeltest import KOPPEL, SRC, Shop, http, main, until  # noqa: F401  (main and http are the tests')

CHROMIUM = next((one for one in ("/usr/bin/chromium", "/usr/lib/chromium/chromium") if os.path.exists(one)), None)
DRIVER = "/usr/bin/chromedriver"
if not CHROMIUM or not os.path.exists(DRIVER):
    print("chromium and chromium-driver are missing")
    sys.exit(77)

USER, PASSWORD = "anna", "correct horse battery staple"
WIDE, NARROW = (1440, 900), (360, 780)

# Where an element of a role may be found.
ROLES = {
    "button": "button:not([role]), [role=button], summary, input[type=submit]", "link": "a[href]",
    "textbox": "input:not([type]), input[type=text], input[type=email], input[type=search], input[type=url], "
               "input[type=password], input[type=number], textarea",
    "combobox": "[role=combobox], select", "checkbox": "input[type=checkbox], [role=checkbox]",
    "radio": "input[type=radio]", "tab": "[role=tab]", "option": "[role=option], option", "row": "tr",
    "heading": "h1, h2, h3", "dialog": "dialog[open]", "alert": "[role=alert]", "status": "[role=status]",
    "table": "table", "cell": "td, th", "banner": ".banner", "list": "ul, ol",
}
# Elements of a role in sight whose rough text holds the name; which of them fits is asked of the browser.
CANDIDATES = """
const [selector, name, root] = arguments;
const text = (e) => [e.textContent, e.getAttribute("aria-label"), e.title, e.placeholder, e.value,
  ...(e.labels ? [...e.labels].map((l) => l.textContent) : []),
  ...(e.getAttribute("aria-labelledby") || "").split(" ").map((id) => document.getElementById(id)?.textContent)]
  .filter(Boolean).join(" ").replace(/\\s+/g, " ");
const dialog = [...document.querySelectorAll("dialog[open]")].pop(); // what is behind it cannot be reached
const inside = /^(button|a\\[href\\]|input|\\[role=(combobox|tab)\\])/.test(selector) && dialog;
return [...(root || inside || document).querySelectorAll(selector)].filter((e) =>
  e.checkVisibility() && (name === null || text(e).includes(name)));
"""
AXE = os.path.join(SRC, "core", "dashboard", "node_modules", "axe-core", "axe.js")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe does not see: what sticks out at the side, and targets too small for a finger.
LAYOUT = """
const out = [], wide = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > wide)
  out.push("the page scrolls sideways: " + document.documentElement.scrollWidth + " > " + wide + " px; " +
    [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > wide + 1)
      .slice(0, 4).map((e) => e.outerHTML.slice(0, 120)).join(" | "));
for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=tab], [role=option]")) {
  if (!e.checkVisibility() || e.closest(".hidden, .skip, [hidden]") || e.type === "hidden") continue;
  const label = (e.type === "checkbox" || e.type === "radio") && e.closest("label");
  const box = (label || e).getBoundingClientRect();
  const inText = e.matches("a[href]") && e.closest("p, li, dd, small, td, th, .banner > div") && getComputedStyle(e).display === "inline";
  if (!inText && (box.width < 24 || box.height < 24))
    out.push(`a target of ${box.width.toFixed(0)} x ${box.height.toFixed(0)} px: ${e.outerHTML.slice(0, 140)}`);
}
if (document.querySelector("[style]:not(koppel-shape [style])")) {
  const e = document.querySelector("[style]");
  if (e.getAttribute("style") && !e.hasAttribute("data-measured")) out.push("a style attribute: " + e.outerHTML.slice(0, 140));
}
return out;
"""
TABBABLE = """
const out = [];
for (const e of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
  if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true}) || e.closest("[inert]")) continue;
  if (e.type === "radio" && !e.checked && document.querySelector(`input[name="${CSS.escape(e.name)}"]:checked`)) continue;
  out.push(e);
}
return out;
"""


class Page:
    """A Chromium with a profile of its own."""

    def __init__(self, url, width=WIDE, language="en", dark=False):
        self.url = url
        self.profile = tempfile.TemporaryDirectory(prefix="koppel-chromium-")
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                     "--disable-extensions", "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--no-default-browser-check", "--hide-scrollbars", "--force-color-profile=srgb",
                     f"--user-data-dir={self.profile.name}", f"--lang={language}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": language, "credentials_enable_service": False,
                                                  "profile.password_manager_leak_detection": False})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER), options=options)
        self.driver.set_page_load_timeout(60)
        self.driver.set_script_timeout(60)
        self.resize(width)
        if dark:
            self.media(dark=True)

    # ---- the window ----

    def cdp(self, command, **members):
        return self.driver.execute_cdp_cmd(command, members)

    def resize(self, size, scale=1):
        self.cdp("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=scale, mobile=False)

    def media(self, dark=False, forced=False, still=False):
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "forced-colors", "value": "active" if forced else "none"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def offline(self, on=True):
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=on, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def js(self, script, *args):
        return self.driver.execute_script(script, *args)

    def close(self):
        self.driver.quit()
        self.profile.cleanup()

    def picture(self, path, whole=True):
        """PNG of the page; whole: all of its length."""
        if whole:
            size = self.cdp("Page.getLayoutMetrics")["cssContentSize"]
            shot = self.cdp("Page.captureScreenshot", captureBeyondViewport=True, clip={
                "x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1})
        else:
            shot = self.cdp("Page.captureScreenshot")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    # ---- where it is ----

    def open(self, where="/"):
        self.driver.get(self.url + where)
        self.settled()

    def go(self, page):
        """To a page of the dashboard: "activity?flow=orders"."""
        here = self.driver.current_url
        if here.startswith(self.url):
            self.js("location.hash = arguments[0]", "#/" + page)
        else:
            self.driver.get(f"{self.url}/#/{page}")
        self.settled()

    def settled(self, seconds=120):
        """What was under way is over, and what was answered is drawn: nothing is at two looks, or nothing was at two
        moments since the first, where one thing after another happens."""
        end = time.monotonic() + seconds
        quiet, first = 0, None
        while quiet < 2:
            try:
                ready, busy, calm = self.js("const root = document.documentElement; return [document.readyState ==="
                                            " 'complete' && !!document.querySelector('#app > *'),"
                                            " root.dataset.busy !== undefined, Number(root.dataset.calm || 0)]")
                first = calm if first is None or calm < first else first
                still = ready and (not busy or calm >= first + 2)
            except (JavascriptException, WebDriverException):
                still = False
            quiet = quiet + 1 if still else 0
            assert time.monotonic() < end, "the page is still busy: " + self.text()[:500]
            if quiet < 2:
                time.sleep(0.03)

    def reload(self):
        self.driver.refresh()
        self.settled()

    def log_in(self, user=USER, password=PASSWORD):
        self.find("button", None)
        self.js("document.getElementById('user').focus()")
        self.driver.switch_to.active_element.send_keys(user, Keys.TAB, password, Keys.ENTER)
        until(lambda: self.js("return !!document.querySelector('nav.side')"), 60)
        self.settled()

    # ---- what is on it ----

    def all(self, role, name=None, exact=False, within=None):
        """Every element of a role in sight with that accessible name (part of it, unless exact)."""
        found = self.js(CANDIDATES, ROLES.get(role, f"[role={role}]"), name, within)
        if name is None:
            return found
        fits = (lambda text: text == name) if exact else (lambda text: name in text)
        out = []
        for element in found:
            try:
                label = element.accessible_name or (element.text if role in ("row", "cell", "status", "alert", "banner", "dialog",
                                                                            "list") else "")
                if role in ("row", "banner", "alert", "status", "dialog", "cell", "list"):
                    label = f"{label} {element.text}"
                if fits(re.sub(r"\s+", " ", label).strip()):
                    out.append(element)
            except StaleElementReferenceException:
                continue
        return out

    def find(self, role, name=None, exact=False, within=None, seconds=20):
        """The one of that role and name; waits for it."""
        end = time.monotonic() + seconds
        while True:
            found = self.all(role, name, exact, within)
            if len(found) > 1 and name is not None:
                better = [one for one in found if one.accessible_name == name]
                found = better or found
            if found:
                return found[0]
            if time.monotonic() > end:
                raise NoSuchElementException(f"no {role} {name!r} at {self.driver.current_url}; the page says:\n{self.text()[:3000]}")
            time.sleep(0.05)

    def has(self, role, name=None):
        return bool(self.all(role, name))

    def text(self):
        try:
            return self.js("return document.body.innerText")
        except WebDriverException:
            return ""

    def figure(self, row, label):
        """The number in a row's cell under that head, however the language writes it; None: there is none."""
        text = self.js("return document.querySelector(`tr[data-row='${arguments[0]}'] td[data-label='${arguments[1]}']`)"
                       "?.innerText", row, label)
        digits = re.sub(r"\D", "", text or "")
        return int(digits) if digits else None

    def says(self, text, seconds=20):
        """Waits until the page holds that text."""
        end = time.monotonic() + seconds
        while text not in re.sub(r"[\s\u00a0\u202f]+", " ", self.text()):
            assert time.monotonic() < end, f"{text!r} is not said; the page says:\n{self.text()[:3000]}"
            time.sleep(0.05)

    def type(self, name, text, role="textbox"):
        field = self.find(role, name)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text or Keys.DELETE)

    def press(self, *keys):
        """Keys to whatever has the focus."""
        self.driver.switch_to.active_element.send_keys(*keys)
        self.settled()

    def click(self, role, name, **how):
        found = self.find(role, name, **how)
        self.js("arguments[0].scrollIntoView({block: 'center'})", found)  # from under the bar at the top
        found.click()
        self.settled()

    def focused(self):
        """(role, name) of what has the focus."""
        element = self.driver.switch_to.active_element
        return element.aria_role, element.accessible_name

    def tab_to(self, role, name, most=120):
        """By the Tab key alone to an element."""
        wanted = self.find(role, name)
        for _ in range(most):
            if self.driver.switch_to.active_element == wanted:
                return wanted
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
        raise AssertionError(f"Tab does not come to {role} {name!r}")

    # ---- what is wrong with it ----

    def complaints(self, away=False):
        """What the browser complained of since: errors, violations of the policy. away: the server is on purpose."""
        known = r"/api/v1/.* the server responded with a status of" + (
            r"|/api/v1/.*ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)" if away else "")
        return [one["message"] for one in self.driver.get_log("browser")
                if one["level"] == "SEVERE" and not re.search(known, one["message"])]

    def requests(self):
        """Addresses asked for since the last call."""
        out = []
        for row in self.driver.get_log("performance"):
            message = json.loads(row["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                out.append(message["params"]["request"]["url"])
        return out

    def audit(self, what, walk=False, away=False):
        """Raises with everything that is wrong on the page as it stands: axe, sideways scroll, sizes of targets,
        complaints of the browser; walk: presses Tab through it and compares with the controls there are."""
        self.settled()
        if self.js("return !window.axe"):
            with open(AXE, encoding="utf-8") as source:
                self.cdp("Runtime.evaluate", expression=source.read())
        found = self.driver.execute_async_script(
            "const done = arguments[1]; axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
            ".then((r) => done(r.violations), (e) => done([{id: String(e), help: '', nodes: []}]))", AXE_TAGS)
        wrong = [f"axe {one['id']}: {one['help']}: " + " | ".join(
            node["html"][:200] + " " + (node.get("failureSummary") or "").replace("\n", " ")[:200] for node in one["nodes"][:3])
            for one in found]
        wrong += self.js(LAYOUT)
        wrong += ["the browser: " + one for one in self.complaints(away)]
        if walk:
            wrong += self.walk()
        size = self.js("return [innerWidth, document.querySelectorAll('*').length]")
        assert not wrong, f"{what} at {size[0]} px:\n  " + "\n  ".join(wrong)
        assert size[1] <= 1500 or "rows" in what, f"{what}: {size[1]} elements"

    def walk(self):
        """By Tab through the page: every control is met, in the order of reading, and is in sight when it has the focus."""
        wanted = self.js(TABBABLE)
        # from the top: where the focus was last is where Tab would go on
        self.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');"
                "getSelection().removeAllRanges(); window.scrollTo(0, 0)")
        met, wrong = [], []
        body = self.driver.find_element(By.TAG_NAME, "body")
        parts = len(self.js("return [...document.querySelectorAll('input[type=date], input[type=time]')]"))
        for _ in range(len(wanted) + 5 + 5 * parts):
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
            now = self.driver.switch_to.active_element
            if met and now == met[-1]:
                continue  # the parts of a date
            if now == body or (met and now == met[0]):
                break
            met.append(now)
            covered = self.js("""
              const e = arguments[0], box = e.getBoundingClientRect();
              if (!box.width || e.closest(".skip")) return "";
              if (getComputedStyle(e).outlineStyle === "none" && !e.matches("[type=checkbox], [type=radio]")) return "no sign of the focus: " + e.outerHTML.slice(0, 120);
              const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
              const top = document.elementFromPoint(x, y);
              return top && (e.contains(top) || top.contains(e) || e.closest("label")?.contains(top)) ? "" : "covered while it has the focus: " + e.outerHTML.slice(0, 120);""", now)
            if covered:
                wrong.append(covered)
        missing = [one for one in wanted if one not in met]
        wrong += ["Tab does not come to " + one.get_attribute("outerHTML")[:140] for one in missing]
        if [one for one in met if one in wanted] != [one for one in wanted if one in met]:
            wrong.append("the order of Tab is not that of reading")
        return wrong


def downloaded(page, press):
    """(name, text) of the file that the browser saves for it."""
    with tempfile.TemporaryDirectory() as folder:
        page.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
        press()
        until(lambda: [one for one in glob.glob(folder + "/*") if not one.endswith(".crdownload")])
        [path] = glob.glob(folder + "/*")
        with open(path, encoding="utf-8-sig", newline="") as file:
            return os.path.basename(path), file.read()


class Pages(Shop):
    """A shop whose engine serves the dashboard. serve: begin at once; user: make the first user, by the API."""

    def __init__(self, *args, serve=True, user=True, **how):
        super().__init__(*args, **how)
        self.pages, self.engine, self.url, self.claim_link = [], None, "", ""
        with open(os.path.join(self.conf, "koppel.conf"), encoding="utf-8") as conf:
            text = conf.read()
        self.write("koppel.conf", text.rstrip("\n") + '\ndashboard = { listen = "127.0.0.1:0"; };\n')
        if serve:
            self.serve()
            if user:
                self.first_user()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- the engine ----

    def serve(self, again=False):
        """Begins koppel serve; self.url and self.claim_link as its log tells them. again: at the address it had."""
        assert not self.engine
        if again:
            self.replace("koppel.conf", 'listen = "127.0.0.1:0"', f'listen = "{self.url.split("//")[1]}"')
        self.log = open(os.path.join(self.dir, "serve.log"), "a", encoding="utf-8")
        began = self.log.tell()
        self.engine = subprocess.Popen([KOPPEL, "serve"], env=self.env, stdout=subprocess.DEVNULL, stderr=self.log)
        found = {}

        def told():
            assert self.engine.poll() is None, "koppel serve ended:\n" + self.said(began)
            text = self.said(began)
            address = re.search(r"the dashboard is at (http[^\s\"]+)", text)
            if address:
                found["url"] = address.group(1)
            link = re.search(r"http[^\s\"]+#claim=[^\s\"]+", text)
            if link:
                self.claim_link = link.group(0)
            return bool(address) and (bool(link) or self.engine_has_user)
        until(told, 60)
        self.url = found["url"].rstrip("/")

    engine_has_user = False

    def said(self, since=0):
        with open(os.path.join(self.dir, "serve.log"), encoding="utf-8") as log:
            log.seek(since)
            return log.read()

    def stop(self, how=signal.SIGTERM):
        """Ends the engine, by default as a service manager does."""
        engine, self.engine = self.engine, None
        engine.send_signal(how)
        engine.wait(60)
        self.log.close()

    def first_user(self):
        """By the claim link, as its page would."""
        token = self.claim_link.split("#claim=")[1]
        self.call("POST", "/claim", {"token": token, "user": USER, "password": PASSWORD})
        self.engine_has_user = True

    # ---- the API, where a test only prepares ----

    def call(self, method, path, body=None, cookie=None, csrf=None):
        """(value, answer's headers)."""
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json", "Origin": self.url})
        if cookie:
            request.add_header("Cookie", cookie)
        if csrf:
            request.add_header("X-Koppel-CSRF", csrf)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
            return (json.loads(text) if text else None), answer.headers

    # ---- windows ----

    def browser(self, user=USER, password=PASSWORD, **how):
        """A window, logged in; user None: as whoever nobody knows."""
        page = Page(self.url, **how)
        self.pages.append(page)
        if user:
            page.open()
            page.log_in(user, password)
        return page

    def close(self):
        for page in self.pages:
            page.close()
        self.pages = []
        if self.engine:
            self.stop()
        super().close()


class Nothing(Pages):
    """An installation without a connection or a flow."""

    def __init__(self, **how):
        super().__init__("--orders", "12", "--relations", "20", "--articles", "20", serve=False, login=False, **how)
        for folder in ("connections.d", "flows.d", "tables"):
            shutil.rmtree(os.path.join(self.conf, folder))
            os.mkdir(os.path.join(self.conf, folder))
        self.serve()
