# SPDX-License-Identifier: MIT
"""pictures.py [FOLDER] [--only PAGE]...: every page of the dashboard, at 360 and 1,440 px, in three languages, light
and dark in the first, as PNG; to be looked at by a person. Default folder: pictures in the build folder."""
import os
import sys
import urllib.parse

from browsertest import NARROW, WIDE, Pages, until

LANGUAGES = ("en", "de", "nl")


def addresses(page):
    """name -> address of every page, with what a shop has to show."""
    jobs = page.js("""return fetch("/api/v1/jobs?state=parked&limit=5").then((a) => a.json())""")["jobs"]
    record = "record/" + jobs[0]["job"]
    done = page.js("""return fetch("/api/v1/jobs?state=done&limit=1").then((a) => a.json())""")["jobs"][0]["job"]
    found = {"overview": "overview", "errors": "errors", "activity": "activity", "record": record,
             "record-done": "record/" + done, "record-requests": f"record/{done}?tab=requests",
             "record-attempts": f"record/{done}?tab=attempts", "record-raw": f"record/{done}?tab=raw",
             "flow": "flow/orders", "connection": "connections/books"}
    for tab in ("settings", "filters", "references", "tables", "schedule", "dry", "again", "versions"):
        found["flow-" + tab] = "flow/orders?tab=" + tab
    for tab in ("person", "files", "backups", "system"):
        found["settings-" + tab] = "settings?tab=" + tab
    for name in ("flows", "mapper", "connections", "reconcile", "alerts", "audit", "settings", "users", "me", "setup"):
        found[name] = name
    return found


def take(page, folder, only):
    for language in LANGUAGES:
        page.open("/")
        page.js("localStorage.setItem('koppel.language', arguments[0])", language)
        page.reload()
        pages = addresses(page)
        for name, address in pages.items():
            if only and name not in only:
                continue
            page.go(address)
            for size in (WIDE, NARROW):
                page.resize(size)
                page.settled()
                page.picture(os.path.join(folder, f"{name}-{language}-{size[0]}.png"))
                if language == LANGUAGES[0]:
                    page.media(dark=True)
                    page.picture(os.path.join(folder, f"{name}-dark-{size[0]}.png"))
                    page.media()
            page.resize(WIDE)


def main():
    words = sys.argv[1:]
    only = [words[i + 1] for i, word in enumerate(words) if word == "--only"]
    plain = [word for i, word in enumerate(words) if word != "--only" and (i == 0 or words[i - 1] != "--only")]
    folder = plain[0] if plain else os.path.join(os.environ.get("KOPPEL_BUILD_DIR", "."), "pictures")
    with Pages(serve=False) as shop:
        shop.sync(wait=60)
        shop.serve()
        shop.first_user()
        page = shop.browser()
        until(lambda: "wait for you" in page.text(), 60)
        take(page, folder, only)
    print(f"pictures are in {urllib.parse.unquote(folder)}")


if __name__ == "__main__":
    main()
