#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the tables of countries and currencies from iso-codes: country_table.py OUT

Every name by which a country may be meant is written in the form in which names compare (fold_name):
without accents, letters and digits only. Own names and those that people type beside the official
ones stand below."""
import gettext
import json
import os
import sys
import unicodedata

DATA = os.environ.get("ISO_CODES", "/usr/share/iso-codes/json")
LOCALES = os.environ.get("ISO_CODES_LOCALES", "/usr/share/locale")

# Own names, short ones, old ones.
ALIASES = {
    "AE": "vae, uae, emiraten, dubai", "AT": "österreich, oesterreich", "BA": "bosnië, bosnien, bosnia",
    "BE": "belgië, belgique, belgien, vlaanderen", "BG": "българия", "BY": "belarus, wit-rusland, weissrussland",
    "CD": "congo-kinshasa, dr congo, drc", "CG": "congo-brazzaville", "CH": "schweiz, suisse, svizzera, svizra",
    "CI": "ivory coast, ivoorkust, elfenbeinküste", "CV": "kaapverdië, cape verde", "CY": "κύπρος, kypros, kıbrıs",
    "CZ": "tsjechië, czech republic, česko, česká republika, tsjechische republiek, tschechien, cesko",
    "DE": "deutschland, brd, bundesrepublik deutschland, duitsland", "DK": "danmark", "EE": "eesti",
    "ES": "españa, espana", "FI": "suomi", "FO": "faeröer, føroyar", "FR": "république française",
    "GB": "uk, great britain, groot-brittannië, grossbritannien, engeland, england, schotland, scotland, schottland, "
          "wales, britain, vk, verenigd koninkrijk, vereinigtes königreich, britse eilanden",
    "GR": "el, ελλάδα, ελλάς, hellas, ellada, hellenic republic", "HR": "hrvatska", "HU": "magyarország",
    "IE": "éire, republic of ireland, republiek ierland", "IR": "iran", "IS": "ísland, ijsland", "IT": "italia",
    "JP": "日本, nippon", "KP": "noord-korea, north korea, nordkorea", "KR": "zuid-korea, south korea, südkorea, korea",
    "LA": "laos", "LT": "lietuva", "LU": "lëtzebuerg, luxemburg, luxembourg", "LV": "latvija",
    "MD": "moldova, moldavië, moldawien", "MK": "macedonië, macedonia, mazedonien, noord-macedonië",
    "MM": "birma, burma", "NL": "holland, nederland, the netherlands, niederlande, hollande, pays-bas",
    "NO": "norge, noreg", "PL": "polska", "PS": "palestina, palestine, palästina", "PT": "república portuguesa",
    "RO": "românia", "RS": "srbija, србија", "RU": "rusland, russia, russland, россия", "SE": "sverige",
    "SI": "slovenija", "SK": "slovensko, slowakije", "SY": "syrië, syria, syrien", "SZ": "swaziland",
    "TL": "oost-timor, east timor", "TR": "turkije, turkey, türkei, türkiye", "TW": "taiwan", "TZ": "tanzania, tansania",
    "UA": "україна", "US": "usa, amerika, america, united states of america, verenigde staten van amerika, "
                          "vereinigte staaten von amerika, verenigde staten, vs, u.s.a.",
    "VA": "vaticaanstad, vatican, vatikan", "VE": "venezuela", "VN": "vietnam",
    "BO": "bolivia, bolivien", "BN": "brunei", "FM": "micronesië, micronesia", "FK": "falklands",
    "XI": "xin, noord-ierland, northern ireland, nordirland", "XK": "kosovo, xkx, kosova",
}
# Not in ISO 3166, and in use: user-assigned codes.
EXTRA = {"XI": ("Northern Ireland", "Noord-Ierland", "Nordirland"), "XK": ("Kosovo", "Kosovo", "Kosovo")}
EXTRA_CODES = {"XI": ("", ""), "XK": ("XKX", "")}
# Digits behind the point where they are not two (ISO 4217, minor units). Metals, funds and codes for
# tests have none at all and are left out.
PLACES = {0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
          3: "BHD IQD JOD KWD LYD OMR TND", 4: "CLF UYW"}
NO_MONEY = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split()


def folded(text):
    """As fold_name: NFKD, case folded, letters and digits only."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in text if unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"))


def quoted(text):
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\' else
                         "".join("\\%03o" % b for b in c.encode()) for c in text) + '"'


def translation(language, domain="iso_3166-1"):
    path = os.path.join(LOCALES, language, "LC_MESSAGES", domain + ".mo")
    try:
        with open(path, "rb") as file:
            return gettext.GNUTranslations(file)
    except OSError as e:
        sys.exit(f"{path}: {e.strerror}; install iso-codes with its translations "
                 "(dpkg's path-exclude of /usr/share/locale leaves them out)")


def countries():
    with open(os.path.join(DATA, "iso_3166-1.json"), encoding="utf-8") as file:
        rows = json.load(file)["3166-1"]
    nl, de = translation("nl"), translation("de")
    names, shown, codes = {}, {}, dict(EXTRA_CODES)
    for row in rows:
        code = row["alpha_2"]
        own = [row[k] for k in ("name", "common_name", "official_name") if k in row]
        best = row.get("common_name", row["name"])
        shown[code] = (best, nl.gettext(best), de.gettext(best))
        names[code] = own + [t.gettext(name) for t in (nl, de) for name in own] \
            + [code, row["alpha_3"], row["numeric"]]
        codes[code] = (row["alpha_3"], row["numeric"])
    for code, three in EXTRA.items():
        shown[code], names[code] = three, list(three) + [code]
    for code, more in ALIASES.items():
        names[code] += [n.strip() for n in more.split(",")]
    return names, shown, codes


def currencies():
    """Rows by code, and codes by folded name; a name that two have is none's."""
    with open(os.path.join(DATA, "iso_4217.json"), encoding="utf-8") as file:
        rows = [row for row in json.load(file)["4217"] if row["alpha_3"] not in NO_MONEY]
    places = {code: n for n, codes in PLACES.items() for code in codes.split()}
    nl, de = translation("nl", "iso_4217"), translation("de", "iso_4217")
    table, by_name = {}, {}
    for row in rows:
        code, name = row["alpha_3"], row["name"]
        table[code] = (places.get(code, 2), row["numeric"], (name, nl.gettext(name), de.gettext(name)))
        for one in (*table[code][2], code, row["numeric"]):
            key = folded(one)
            by_name[key] = code if by_name.get(key, code) == code else None
    return table, {key: code for key, code in by_name.items() if key and code}


def main(out):
    names, shown, codes = countries()
    by_name = {}
    for code in sorted(names):
        for name in names[code]:
            key = folded(name)
            if not key:
                continue
            if by_name.setdefault(key, code) != code:
                sys.exit(f"\"{name}\" is both {by_name[key]} and {code}")
    money, money_names = currencies()
    lines = ["/* Made by country_table.py from iso-codes. */", "static const struct country countries[] = {"]
    lines += [f'    {{"{code}", "{codes[code][0]}", "{codes[code][1]}", '
              f'{{{", ".join(quoted(n) for n in shown[code])}}}}},' for code in sorted(shown)]
    lines += ["};", "", "/* By bytes ascending. */", "static const struct country_name names[] = {"]
    lines += [f'    {{{quoted(key)}, "{by_name[key]}"}},' for key in sorted(by_name, key=lambda k: k.encode())]
    lines += ["};", "", "static const struct currency currencies[] = {"]
    lines += [f'    {{"{code}", "{number}", {places}, {{{", ".join(quoted(n) for n in words)}}}}},'
              for code, (places, number, words) in sorted(money.items())]
    lines += ["};", "", "/* By bytes ascending. */", "static const struct country_name currency_names[] = {"]
    lines += [f'    {{{quoted(key)}, "{code}"}},' for key, code in
              sorted(money_names.items(), key=lambda row: row[0].encode())]
    lines += ["};", ""]
    with open(out + ".new", "w", encoding="ascii") as file:
        file.write("\n".join(lines))
    os.replace(out + ".new", out)


main(sys.argv[1])
