#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Text as people and vendors write it: blanks that nobody sees, countries and VAT numbers, words that are
cut, byte order marks, days of another zone, fields that are not there."""
import json
import re
from decimal import Decimal

from koppeltest import Shop, http, main
from orders_more import Proxy, debtors_with, invoice_of, job_of, new_order, set_relation, tiny

BLANKS = {"no-break space": "\u00a0", "zero width space": "\u200b", "byte order mark": "\ufeff",
          "ideographic space": "\u3000", "direction mark": "\u200e"}


def point(shop, side, proxy):
    shop.replace(f"connections.d/{side}.conf", f'url = "{shop.till if side == "till" else shop.books}"',
                 f'url = "{proxy.url}"')


def every_country(shop):
    """Rows for all countries: what is tested is which one it is."""
    for table, values in (("vat", ("1", "2", "3")), ("revenue", ("8000", "8010", "8020"))):
        text = open(f"{shop.conf}/tables/{table}.csv").read()
        shop.write(f"tables/{table}.csv", text + "".join(
            f"*|{rate},{value}\n" for rate, value in zip(("21.00", "9.00", "0.00"), values)))


def f14_invisible_blanks_make_no_second_customer():
    shop = tiny()
    for n, blank in enumerate(BLANKS.values()):
        mail, first, second = f"klant{n}@voorbeeld.example", 18 + 2 * n, 19 + 2 * n
        for relation, text in ((first, mail), (second, f"{blank}{mail.upper()}{blank}")):
            set_relation(shop, relation, name="Jan", country="NL", email=text, vatNumber="", companyName=blank)
        orders = [new_order(shop, first), new_order(shop, second)]
        shop.sync()
        made = debtors_with(shop, mail)
        assert len(made) == 1, (n, made)
        assert {invoice_of(shop, order)["debtorCustomerNumber"] for order in orders} == {made[0]["customerNumber"]}
        assert made[0]["name"] == "Jan", "a company of blanks is no company"
    shop.close()


def f15_countries_by_code_and_name():
    shop = tiny()
    every_country(shop)
    for n, (typed, code) in enumerate((("JP", "JP"), ("jpn", "JP"), ("EL", "GR"), ("Griekenland", "GR"),
                                       ("ΕΛΛΆΔΑ", "GR"), ("Türkei\u00a0", "TR"), ("Curacao", "CW"),
                                       ("", "NL"), ("U.S.A.", "US"))):
        mail = f"land{n}@voorbeeld.example"
        set_relation(shop, 10, country=typed, email=mail, vatNumber="", companyName="")
        order = new_order(shop, 10)
        shop.sync()
        job_of(shop, order, "done")
        assert [d["countryCode"] for d in debtors_with(shop, mail)] == [code], (typed, debtors_with(shop, mail))
    shop.close()


def f15_an_unknown_country_parks_with_a_remedy_that_helps():
    shop = tiny()
    set_relation(shop, 10, country="Nederlnad", email="land@voorbeeld.example", vatNumber="", companyName="")
    order = new_order(shop, 10)
    shop.sync()
    detail = job_of(shop, order, "parked")["detail"]
    assert "customer.country" in detail and 'did you mean "Nederland"?' in detail, detail
    assert not debtors_with(shop, "land@voorbeeld.example")
    set_relation(shop, 10, country=re.search(r'mean "(.*?)"', detail).group(1))
    shop.change(order["id"])
    shop.sync()
    assert invoice_of(shop, order) and debtors_with(shop, "land@voorbeeld.example")[0]["countryCode"] == "NL"
    shop.close()


def f15_the_home_country_is_that_of_who_has_none():
    shop = tiny()
    every_country(shop)
    shop.write("koppel.conf", 'home = { country = "Belgium"; zone = "Europe/Brussels"; };\n')
    set_relation(shop, 10, country="", email="thuis@voorbeeld.example", vatNumber="", companyName="")
    new_order(shop, 10)
    shop.sync()
    assert debtors_with(shop, "thuis@voorbeeld.example")[0]["countryCode"] == "BE"
    for text, words in (('home = { country = "Nederlnad"; };', ("no country", "Nederland")),
                        ('home = { currency = "eur"; };', ("no currency",)),
                        ('home = { country = "BE"; };', ("zone", "missing")),
                        ('home = { zone = "Europe/Amsterdm"; };', ("no zone",)),
                        ('home = { langage = "nl"; };', ("language",))):
        shop.write("koppel.conf", text + "\n")
        done = shop.run("check", ok=(78,))
        assert "koppel.conf:1:" in done.stderr and all(w in done.stderr for w in words), done.stderr
    shop.close()


def f15_vat_numbers_as_people_have_them():
    shop = tiny()
    every_country(shop)
    shop.enable("customers")
    cases = (("GR094019245", "Griekenland", "EL094019245"), ("EL 094019245", "GR", "EL094019245"),
             ("094019245", "EL", "EL094019245"), ("BE 0123.456.749", "België", "BE0123456749"),
             ("BE-0123/456/749", "BE", "BE0123456749"), ("nl\u00a08123.45.678\u200bB01", "NL", "NL812345678B01"),
             ("XI123456789", "Noord-Ierland", "XI123456789"), ("NL12345", "NL", None), ("hello", "NL", None))
    for n, (typed, country, want) in enumerate(cases):
        mail = f"btw{n}@voorbeeld.example"
        set_relation(shop, 10, country=country, email=mail, vatNumber=typed, companyName="Firma")
        shop.sync("customers")
        made = debtors_with(shop, mail)
        if want:
            assert [d["vatNumber"] for d in made] == [want], (typed, made, shop.jobs("parked", "customers"))
            continue
        job = [j for j in shop.jobs("parked", "customers") if j["key"] == "10"][0]
        assert not made and typed in job["detail"] and "NLXXXXXXXXXB99" in job["detail"], (made, job)
    shop.close()


def f16_words_are_cut_between_characters():
    """Whatever the books say, every row is JSON, and nothing steers the terminal."""
    for pad in range(3):
        shop = tiny()
        shop.sync()
        words = "x" * pad + "\u009b31m\u202e" + "€é" * 700

        def refuse(text):
            told = {"title": words, "status": 400, "detail": words, "errors": {"Lé" * 90: [words]}}
            return json.dumps(told, ensure_ascii=False) if '"JournalId"' in text and '"errors"' in text else text
        proxy = Proxy(shop.books, answer=refuse)
        point(shop, "books", proxy)
        shop.replace("flows.d/orders.conf", "tables = {", 'map = ( { to = "journalId"; value = "20"; } );\ntables = {')
        order = new_order(shop, 10)
        shop.sync()
        job = job_of(shop, order, "parked")
        assert "€é€é" in job["detail"], job
        shown = shop.run("jobs").stdout + shop.run("activity", job["job"]).stdout
        assert "\u009b" not in shown and "\u202e" not in shown and "\\u009b31m\\u202e" in shown, shown[:400]
        json.dumps(shop.activity(job["job"]))
        proxy.close()
        shop.close()


def row26_names_do_not_steer_the_terminal():
    shop = tiny()
    set_relation(shop, 10, name="Jan\u009b2J\u202eteiP\x7f", email="naam@voorbeeld.example", companyName="")
    new_order(shop, 10)
    shop.env["COLUMNS"] = "200"
    done = shop.run("preview", "orders", "--limit", "50")
    for char in "\u009b\u202e\x7f":
        assert char not in done.stdout, repr(char)
    assert "Jan\\u009b2J\\u202eteiP\\u007f" in done.stdout, done.stdout[-2000:]
    rows = [json.loads(line) for line in shop.run("preview", "orders", "--json", "--limit", "50").stdout.splitlines()]
    assert any("Jan\u009b2J\u202eteiP\x7f" in json.dumps(row, ensure_ascii=False).replace("\\u007f", "\x7f")
               for row in rows), "and --json says what it is"
    shop.close()


def f18_byte_order_marks_before_answers():
    for side in ("books", "till"):
        shop = tiny()
        proxy = Proxy(shop.books if side == "books" else shop.till, answer=lambda text: "\ufeff" + text)
        point(shop, side, proxy)
        order = new_order(shop, 10)
        shop.sync()
        assert invoice_of(shop, order)
        proxy.close()
        shop.close()


def f18_a_moment_is_the_day_at_home():
    """An order without a day of its own, entered at 22:15 UTC on the last day of June."""
    def booked(home="", minutes=0):
        shop = tiny()
        shop.sync()
        shop.write("koppel.conf", home)
        parts = dict(sec=0, min=15, hour=22, day=30, mon=6, year=2026, isdst="false", timezone=minutes)
        stamp = "".join(f"<ns:{name}>{value}</ns:{name}>" for name, value in parts.items())

        def bend(text):
            if "entryTimestamp" not in text:
                return text
            text = re.sub(r"<(\w+):financialDate>.*?</\w+:financialDate>", "", text, flags=re.S)
            return re.sub(r"(entryTimestamp>).*?(</\w+:entryTimestamp)", rf"\1{stamp}\2", text, flags=re.S)
        proxy = Proxy(shop.till, answer=bend)
        point(shop, "till", proxy)
        order = new_order(shop, 10)
        shop.sync()
        made = invoice_of(shop, order)
        proxy.close()
        shop.close()
        return made["date"][:10], made["bookperiod"]

    first = booked()
    assert first == ("2026-07-01", 7), first
    assert booked(minutes=120) == ("2026-06-30", 6)
    assert booked('home = { zone = "UTC"; };\n') == ("2026-06-30", 6)
    assert booked('home = { country = "US"; zone = "America/New_York"; };\n', minutes=-600) == ("2026-07-01", 7)


def f7_a_stock_level_that_is_not_told_is_not_zero():
    for change in (lambda row: row.update(stockCurrent=row.pop("currentStock")),
                   lambda row: row.update(currentStock=None), lambda row: row.pop("currentStock")):
        shop = Shop("--orders", "1", "--articles", "40", "--relations", "40", "--catalogue", "29")
        shop.enable("stock")
        shop.sync()

        def levels():
            told = json.loads(http(shop.till + "/_sandbox/stock"))["stock"]
            return {(row["article"], row["branch"]): Decimal(str(row["free"])) for row in told}

        def bend(text):
            told = json.loads(text)
            for row in told.get("_data", []) if isinstance(told, dict) else []:
                if "currentStock" in row:
                    change(row)
            return json.dumps(told)
        before = levels()
        proxy = Proxy(shop.books, answer=bend)
        point(shop, "books", proxy)
        shop.sync("stock")
        parked = shop.jobs("parked", "stock")
        assert levels() == before, "nothing was sent"
        unknown = [job for job in parked if job["reason"] == "field.unknown"]
        assert len(unknown) > 20 and all("available" in job["detail"] for job in unknown), parked[:3]
        proxy.close()
        shop.close()


if __name__ == "__main__":
    main([value for name, value in list(globals().items())
          if callable(value) and re.match(r"(f|row)\d", name)])
