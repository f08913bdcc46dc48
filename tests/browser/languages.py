# SPDX-License-Identifier: MIT
"""Languages of the pages: B23. A language that nobody speaks, 40 % longer than English, shows what was not translated and what
has no room; forms of words and amounts are those of the language."""
import json

from browsertest import NARROW, WIDE, LAYOUT, Pages, main

COUNT = ("--orders", "40", "--relations", "20", "--articles", "20")
# Pages and what must be opened on them.
PLACES = ("overview", "errors", "activity", "flows", "flow/orders", "flow/orders?tab=settings", "flow/orders?tab=schedule", "mapper",
          "connections", "setup", "reconcile", "alerts", "alerts?tab=told", "alerts?tab=rules", "audit", "settings",
          "settings?tab=person", "settings?tab=files", "settings?tab=system", "users", "me")
# Every text of ours is put between these, and grows.
PSEUDO = """
const known = window.fetch;
const longer = (text) => {
  const words = text.split(/(\\{\\w+\\})/).map((one) => (one[0] === "{" ? one : one.replace(/[a-z]/g, (c) => ({a: "á", e: "é", i: "í",
    o: "ó", u: "ú"}[c] || c))));
  return "⟦" + words.join("") + "~".repeat(Math.max(1, Math.round(text.replace(/\\{\\w+\\}/g, "").length * 0.4))).replace(/(.{7})/g, "$1 ") + "⟧";
};
window.fetch = async (where, how) => {
  const answer = await known(where, how);
  if (!/\\/lang\\/\\w+\\.json$/.test(String(where))) return answer;
  const texts = await answer.json();
  for (const [key, text] of Object.entries(texts)) {
    texts[key] = typeof text === "string" ? longer(text) : Object.fromEntries(Object.entries(text).map(([form, one]) => [form, longer(one)]));
  }
  return new Response(JSON.stringify(texts), {headers: {"Content-Type": "application/json"}});
};
"""
# What names a thing is ours, so it has the marks; what is shown of the systems has not.
UNTRANSLATED = """
const out = [];
const ours = "h1, h2, h3, label, legend, th[scope=col], dt, button, [role=tab], .mark, caption, summary, .help, .lead, .state p";
for (const e of document.querySelectorAll(ours)) {
  if (!e.checkVisibility() || e.closest("[lang='en'], [lang='de'], [lang='nl'], code, .brand, [data-given]")) continue;
  const text = e.textContent.trim();
  if (/\\p{L}{2}/u.test(text) && !text.includes("⟦")) out.push(e.tagName.toLowerCase() + ": " + text.slice(0, 60));
}
for (const e of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
  for (const name of ["aria-label", "placeholder"]) {
    const text = e.getAttribute(name);
    if (text && e.checkVisibility() && /\\p{L}{3}/u.test(text) && !text.includes("⟦") && !e.closest("[data-given]")) out.push(name + ": " + text.slice(0, 60));
  }
}
return [...new Set(out)];
"""
# Names that are the installation's own.
GIVEN = {"orders", "till", "books", "anna", "koppel.conf"}


def test_b23_a_longer_language_has_room_and_nothing_is_left_in_english():
    with Pages(*COUNT, serve=False) as shop:
        shop.sync(wait=60)
        shop.serve()
        shop.first_user()
        page = shop.browser()
        page.cdp("Page.addScriptToEvaluateOnNewDocument", source=PSEUDO)
        page.reload()
        page.says("⟦")
        wrong, seen = [], 0
        for place in PLACES:
            for size in (NARROW, WIDE):
                page.resize(size)
                page.go(place)
                if page.js("return document.querySelector('main .state h2')?.textContent.includes('nó súch págé')"):
                    continue
                seen += page.js("return document.querySelector('main').textContent.split('⟦').length - 1")
                said = [one for one in page.js(UNTRANSLATED) if one.split(": ", 1)[1] not in GIVEN]
                wrong += [f"{place} at {size[0]} px: {one}" for one in said + page.js(LAYOUT)]
        assert seen > 500, f"only {seen} texts were seen"
        assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_b23_forms_and_amounts_are_those_of_the_language():
    with Pages(*COUNT, serve=False) as shop:
        shop.sync(wait=60)
        shop.serve()
        shop.first_user()
        page = shop.browser()
        said = page.driver.execute_async_script("""
          const done = arguments[0], script = document.querySelector('script[type=module]').src;
          Promise.all(["i18n.js", "parts/rules.js"].map((name) => import(new URL(name, script)))).then(async ([m, rules]) => {
            const out = {}, help = (full, name) => rules.argumentHelp(full, {name, help: "of the catalogue"});
            for (const one of m.LANGUAGES) {
              await m.setLanguage(one);
              out[one] = [m.decimal("0.10"), m.decimal("12345678901234567890.10"), m.decimal("-1204.5"), m.money("0.10", "EUR"),
                m.t("reconcile.documents", {n: 1}), m.t("reconcile.documents", {n: 0}), m.t("reconcile.documents", {n: 1204}),
                help("code.iban", "form"), help("vat.excl", "places"), help("theirs.round", "places")];
            }
            await m.setLanguage("en");
            done(out);
          }, (error) => done(String(error)));""")
        tidy = {name: [one.replace("\u00a0", " ").replace("\u202f", " ") for one in row] for name, row in said.items()}
        assert tidy == {
            "en": ["0.10", "12,345,678,901,234,567,890.10", "-1,204.5", "€0.10", "1 document", "0 documents", "1,204 documents",
                   "of the catalogue", "of the catalogue", "of the catalogue"],
            "de": ["0,10", "12.345.678.901.234.567.890,10", "-1.204,5", "0,10 €", "1 Beleg", "0 Belege", "1.204 Belege",
                   "print schreibt in Vierergruppen", "Stellen hinter dem Komma", "of the catalogue"],
            "nl": ["0,10", "12.345.678.901.234.567.890,10", "-1.204,5", "€ 0,10", "1 document", "0 documenten",
                   "1.204 documenten", "print schrijft in groepen van vier", "cijfers achter de komma", "of the catalogue"],
        }, json.dumps(tidy, ensure_ascii=False)
        # the choice is the reader's, and stays
        page.go("reconcile")
        page.find("combobox", "Language").send_keys("Nederlands")
        page.says("Aansluiting")
        page.reload()
        page.says("Aansluiting")
        assert page.js("return document.documentElement.lang") == "nl"


if __name__ == "__main__":
    main([test_b23_a_longer_language_has_room_and_nothing_is_left_in_english, test_b23_forms_and_amounts_are_those_of_the_language])
