#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""S2: hostile text wherever somebody else writes what the pages show: fields of both systems, a peer's message, titles of
choices, names of files, reasons, addresses. It is shown as text; nothing of it runs and nothing is loaded for it."""
import json
import os
import shutil

from browsertest import NARROW, Pages, http, main, until

MARKUP = '<img src=x onerror=canary()>"\'><svg onload=canary()><a href=javascript:canary()>K</a></script><script>canary()</script>'
TEMPLATE = "${canary()} {{constructor.constructor('canary()')()}} \u202egnp.exe\u2066 __proto__"
LONG = MARKUP + "W" * 1_000_000
TABS = ("settings", "filters", "references", "tables", "schedule", "dry", "again", "versions")
LISTENER = """
window.ran = [];
window.canary = (what) => { window.ran.push(String(what)); };
addEventListener("securitypolicyviolation", (event) => window.ran.push("policy: " + event.violatedDirective + " " + event.blockedURI));
"""


def armed(page):
    page.cdp("Page.addScriptToEvaluateOnNewDocument", source=LISTENER)
    page.reload()
    assert page.js("return typeof window.canary") == "function"


def harmless(page, what):
    """Nothing ran, nothing became an element, an address or a member of every object."""
    page.settled()
    found = page.js("""
      const out = window.ran.slice();
      for (const e of document.querySelectorAll('img[src="x"], svg[onload], main script'))
        out.push("an element: " + e.outerHTML.slice(0, 200));
      for (const e of document.querySelectorAll('[href], [src], [action], [formaction]')) for (const name of ["href", "src", "action", "formaction"])
        if (/^\\s*(javascript|data|vbscript):/i.test(e.getAttribute(name) || "")) out.push("an address: " + e.outerHTML.slice(0, 200));
      for (const e of document.querySelectorAll('*')) for (const a of e.attributes)
        if (/^on/.test(a.name)) out.push("a handler: " + e.outerHTML.slice(0, 200));
      if (Object.keys(Object.prototype).length || ({}).canary) out.push("every object has a new member");
      return out;""")
    assert not found and not page.complaints(), (what, found, page.complaints())


def poison(shop):
    """What vendors, and whoever may write files, could have put in."""
    orders = json.loads(http(shop.till + "/_sandbox/orders?full=1"))["orders"]
    for number in {order["relation"] for order in orders if order.get("relation")}:
        http(f"{shop.till}/_sandbox/relations/{number}", json.dumps({"name": MARKUP, "address": MARKUP, "city": TEMPLATE}))
    for order in (one for one in orders if one["state"] == "paid" and all(line["delivered"] != "0" for line in one["lines"])):
        shop.change(order["id"], lines=[{"id": line["id"], "text": MARKUP + TEMPLATE} for line in order["lines"]])
    name = "tables/<img src=x onerror=canary()>.csv"
    shutil.copy(os.path.join(shop.conf, "tables/payment.csv"), os.path.join(shop.conf, name))
    shop.replace("flows.d/orders.conf", "tables/payment.csv", name)
    with open(os.path.join(shop.conf, name), "a", encoding="utf-8") as file:
        file.write(f'"{MARKUP.replace(chr(34), chr(34) * 2)}",1\n')


def test_s2_hostile_text_is_text():
    with Pages("--orders", "12", "--relations", "20", "--articles", "20", serve=False) as shop:
        poison(shop)
        shop.trouble({"do": "bend", "on": "/v1/paymentconditions", "member": "description", "value": MARKUP, "times": "all"},
                     {"do": "bend", "on": "/v1/vatcodes", "member": "description", "value": LONG, "times": "all"},
                     {"do": "problem", "on": "salesinvoices", "writes": True, "text": MARKUP, "times": 2},
                     {"do": "problem", "on": "salesinvoices", "writes": True, "text": LONG, "times": 1})
        shop.sync(wait=30)
        parked = shop.jobs("parked")
        assert [job for job in parked if "onerror" in job["detail"]], parked
        shop.serve()
        shop.first_user()
        page = shop.browser()
        armed(page)
        page.go("flow/orders")
        page.click("button", "Pause…")
        page.type("Why", MARKUP)
        page.click("button", "Pause", exact=True)
        until(lambda: MARKUP in page.text(), 20)
        harmless(page, "a reason")
        page.go("errors")
        page.says("onerror=canary()")
        harmless(page, "errors")
        record = next(job["job"] for job in parked if "onerror" in job["detail"])
        for tab in ("fields", "requests", "attempts", "raw"):
            page.go(f"record/{record}?tab={tab}")
            harmless(page, "record, " + tab)
        page.says("onerror=canary()")
        for tab in TABS:
            page.go(f"flow/orders?tab={tab}")
            harmless(page, "flow, " + tab)
        page.go("flow/orders?tab=tables")
        page.says("onerror=canary()")
        page.go("flow/orders?tab=dry")
        page.click("button", "Try")
        harmless(page, "dry run")
        page.go("connections/books")
        for name in ("payment-conditions", "vat-codes"):
            page.click("button", name)
            page.says("onerror=canary()")
            harmless(page, "choices, " + name)
        for where in ("overview", "activity", "mapper/orders", "flows", "reconcile", "alerts", "audit", "settings", "settings?tab=files", "users",
                      "settings?tab=system", "settings?tab=backups", "me"):
            page.go(where)
            harmless(page, where)
        page.go("settings?tab=files")
        page.says("<img src=x onerror=canary()>.csv")
        page.find("link", "onerror").click()
        page.settled()
        harmless(page, "a file")
        # what somebody puts into an address that he sends
        for where in (MARKUP, "flow/" + MARKUP, "record/" + MARKUP, "activity?q=" + MARKUP + "&flow=__proto__&__proto__=1&constructor=2",
                      "__proto__", "constructor", "javascript:canary()", "activity?state=" + MARKUP, "settings?tab=__proto__&file=" + MARKUP):
            page.go(where)
            harmless(page, "the address " + where)
        page.resize(NARROW)
        page.go("errors")
        page.audit("errors with hostile text, narrow, rows")
        asked = [one for one in page.requests() if not one.startswith((shop.url, "data:", "chrome"))]
        assert not asked, asked


if __name__ == "__main__":
    main([test_s2_hostile_text_is_text])
