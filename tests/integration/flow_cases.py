#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cases of flows (behaviour R4): run offline, made of records without the persons in them, and a flow whose cases fail
is switched on by nothing: no start, no reload, no change, no way back."""
import json
import os
import re

from commands import Place
from koppeltest import Shop, main
from reload import Served, koppel, rows, until

RULES = '''map = (
  { to = "id"; from = "id"; required = true; },
  { to = "size"; from = "size"; via = "trim"; },
  { to = "first"; from = "first"; on = "create"; },
  { to = "kind"; from = "kind"; table = "kinds"; }
);
tables = { kinds = "tables/kinds.csv"; };
filter = ( { field = "day"; after = "-31d"; } );
'''
SOURCE = {"id": "7", "size": " large ", "first": "x", "kind": "a", "day": "2026-03-01"}


def place_with_cases(**cases):
    """Flow a with rules and a table; NAME = (in, out)."""
    place = Place("a", "b")
    os.makedirs(place.path("tables"), exist_ok=True)
    os.makedirs(place.path("flows.d/a.cases"))
    place.write("tables/kinds.csv", "a,alpha\nb,beta\n")
    place.write("flows.d/a.conf", open(place.path("flows.d/a.conf")).read() + RULES)
    for name, (given, expected) in cases.items():
        put(place, name, given, expected)
    return place


def put(place, name, given, expected=None):
    place.write(f"flows.d/a.cases/{name}.in.json", json.dumps(given))
    if expected is not None:
        place.write(f"flows.d/a.cases/{name}.out.json", json.dumps(expected))


def sent(**fields):
    return {"outcome": "sent", "destination": fields}


def case(**more):
    return {"source": SOURCE, "day": "2026-03-02", **more}


def good():
    return place_with_cases(large=(case(), sent(id="7", size="large", first="x", kind="alpha")))


def found(place, code=0, *words):
    """The cases of flow a by name, and the rules that none covers."""
    out = json.loads(place.run(code, "test", "a", *words, "--json").stdout)
    return {one["case"]: one for one in out["cases"]}, out["uncovered"]


def every_outcome_has_a_case():
    parks = {"outcome": "parked", "reason": "map.unmapped"}
    place = place_with_cases(
        created=(case(), sent(id="7", size="large", first="x", kind="alpha")),
        updated=(case(known=True), sent(id="7", size="large", kind="alpha")),
        parked=(case(source={**SOURCE, "kind": "c"}), parks),
        left=(case(day="2026-05-02"), {"outcome": "skipped", "reason": "left"}),
        filtered=(case(source={**SOURCE, "day": "2026-01-01"}), {"outcome": "skipped", "reason": "filtered"}))
    put(place, "left", case(day="2026-05-02", known=True))
    cases, uncovered = found(place)
    assert [name for name in sorted(cases) if cases[name]["passes"]] == sorted(cases) and len(cases) == 5, cases
    assert cases["parked"]["got"]["reason"] == "map.unmapped" and '"c"' in cases["parked"]["detail"]
    assert uncovered == [], uncovered
    place.run(0, "check")
    assert not os.path.exists(place.path("a.out")), "nothing was delivered"
    place.close()


def a_difference_is_told_by_field_and_gives_1():
    place = good()
    put(place, "other", case(source={**SOURCE, "size": "", "more": "1"}),
        {"outcome": "sent", "reason": "odd", "destination": {"id": "8", "size": "large", "first": "x", "kind": "alpha"}})
    cases, _ = found(place, 1)
    assert cases["large"]["passes"] and not cases["other"]["passes"]
    assert cases["other"]["differences"] == [
        {"path": "reason", "expected": "odd"},
        {"path": "destination.id", "expected": "8", "got": "7"},
        {"path": "destination.size", "expected": "large"}], cases["other"]["differences"]
    told = place.run(1, "test").stdout
    assert "a other: FAILS\n" in told and "  destination.id\n    expected  \"8\"\n    got       \"7\"\n" in told, told
    assert found(place, 0, "large")[0].keys() == {"large"}, "one of them alone"
    place.run(64, "test", "a", "nosuch", said="no case nosuch")
    offered = place.run(0, "completion", "--", "test", "a", "").stdout
    assert {line.split("\t")[0] for line in offered.splitlines()} >= {"large", "other"}, offered
    place.close()


def rules_that_no_case_covers_are_listed():
    place = good()
    text = open(place.path("flows.d/a.conf")).read()
    place.write("flows.d/a.conf", text.replace('{ to = "size";', '{ to = "never"; from = "nothing"; },\n  { to = "size";'))
    _, uncovered = found(place)
    line = 1 + open(place.path("flows.d/a.conf")).read().split('{ to = "never"')[0].count("\n")
    assert uncovered == [{"file": place.path("flows.d/a.conf"), "line": line, "to": "never", "own": True}], uncovered
    assert f"a: no case covers {place.path('flows.d/a.conf')}:{line}: never\n" in place.run(0, "test").stdout
    place.close()


def r4_a_change_whose_cases_fail_is_refused():
    place = good()
    before = place.run(0, "config", "log").stdout
    place.run(78, "table", "a/kinds", "set", "a", "omega", said='destination.kind is "omega", expected "alpha"')
    assert open(place.path("tables/kinds.csv")).read() == "a,alpha\nb,beta\n", "nothing was saved"
    place.run(0, "table", "a/kinds", "set", "b", "omega")
    place.run(78, "set", "flows/a/map/1/via", '"truncate:2"', said="case large of flow a fails")
    assert before != place.run(0, "config", "log").stdout
    place.close()


def r4_what_fails_already_may_be_mended_step_by_step():
    place = good()
    place.write("tables/kinds.csv", "a,omega\nb,beta\n")
    place.write("flows.d/a.conf", open(place.path("flows.d/a.conf")).read().replace('"trim"', '"truncate:2"'))
    place.run(78, "table", "a/kinds", "set", "a", "alpha", said="not active: these mistakes were there before")
    assert open(place.path("tables/kinds.csv")).read() == "a,alpha\nb,beta\n", "saved, though a difference is left"
    rows = [json.loads(line) for line in place.run(78, "check", "--json").stdout.splitlines()]
    assert [row["path"] for row in rows if not row["warning"]] == ["flows/a/cases/large"], rows
    place.run(0, "set", "flows/a/map/1/via", '"trim"')
    place.run(0, "test")
    place.close()


def r4_the_way_back_takes_the_cases_of_then_along():
    place = good()
    place.run(0, "set", "flows/a/every", "10m")
    assert "revision 1" in place.run(0, "config", "log").stdout
    place.write("tables/kinds.csv", "a,omega\nb,beta\n")
    place.run(78, "check", said="expected \"alpha\"")
    place.run(0, "test", "a", "--accept", "large")
    assert json.load(open(place.path("flows.d/a.cases/large.out.json")))["destination"]["kind"] == "omega"
    assert "  cases    1 passed\n" in place.run(0, "config", "log").stdout
    place.run(0, "config", "rollback", "1", "--why", "as it was")
    assert json.load(open(place.path("flows.d/a.cases/large.out.json")))["destination"]["kind"] == "alpha"
    assert open(place.path("tables/kinds.csv")).read() == "a,alpha\nb,beta\n"
    place.run(0, "test")
    # a case that came later belongs to no revision before it, and is not taken away by one
    put(place, "later", case(), {"outcome": "parked", "reason": "x"})
    place.run(78, "config", "rollback", "2", "--why", "again")
    place.close()


def r4_a_start_leaves_it_off_and_an_accepted_case_switches_it_on():
    place = good()
    place.write("tables/kinds.csv", "a,omega\nb,beta\n")
    place.write("a.in", json.dumps({**SOURCE, "day": "2099-01-01"}) + "\n")
    place.run(78, "sync", "a", said="its case large fails")
    place.run(78, "sync", "--all", said="its case large fails")
    assert not place.lines("a.out") and len(place.lines("b.out")) == 2, "the other one ran"
    served = Served(place)
    until(lambda: rows(place, None)["b"]["last_good"])
    state = rows(place, 78)["a"]
    assert state["state"] == "cases fail" and "koppel test a" in state["cases_fail"], state
    assert [e for e in served.events("config") if "expected" in e["msg"]] and not served.events("config.rejected")
    koppel(place, "sync", "a", code=78)
    assert "  cases    of a failed, so it stayed off\n" in koppel(place, "config", "log").stdout
    koppel(place, "test", "a", code=1)
    koppel(place, "test", "a", "--accept", "large")
    until(lambda: place.lines("a.out"))
    assert rows(place)["a"]["cases_fail"] is None and json.loads(place.lines("a.out")[0])["kind"] == "omega"
    served.stop()
    place.close()


def y1_a_reload_is_refused_where_cases_fail():
    place = good()
    served = Served(place)
    until(lambda: all(row["last_good"] for row in rows(place).values()))
    place.write("tables/kinds.csv", "a,omega\nb,beta\n")
    told = koppel(place, "reload", code=78)
    assert "case large of flow a fails" in told.stderr, told.stderr
    assert served.events("config.rejected") and rows(place, None)["a"]["state"] != "cases fail", "it runs on as before"
    place.write("tables/kinds.csv", "a,alpha\nb,beta\n")
    koppel(place, "reload")
    served.stop()
    place.close()


def check_tells_what_is_wrong_with_a_case():
    place = good()
    for name, text, said in [
            ("w.in.json", '{"source": {}, "sauce": 1}', 'w.in.json:1: a case has no member "sauce"; did you mean "source"?'),
            ("w.in.json", '{\n"source": }', "w.in.json:2: line 2"),
            ("w.in.json", "[]", "w.in.json:1: a case is an object"),
            ("w.in.json", "{}", 'w.in.json:1: a case needs "source", the record as it is read, or "core"'),
            ("w.in.json", '{"source": {}, "core": {}}', "and not both"),
            ("w.in.json", '{"source": {}, "known": "yes"}', '"known" needs true or false'),
            ("w.in.json", '{"source": {}, "day": "soon"}', '"day" needs a day'),
            ("w.in.json", '{"source": {}}', "warning: nothing says what becomes of it; koppel test a --accept w does"),
            ("large.out.json", '{"outcome": "send"}', '"outcome" needs "sent", "skipped" or "parked"'),
            ("alone.out.json", '{"outcome": "sent"}', 'alone.out.json:1: its record is missing: there is no "alone.in.json"'),
            ("notes.txt", "x", 'warning: "notes.txt" is not read')]:
        path = place.path("flows.d/a.cases/" + name)
        before = open(path).read() if os.path.exists(path) else None
        place.write("flows.d/a.cases/" + name, text)
        place.run(0 if "warning" in said else 78, "check", said=said)
        os.remove(path)
        if before:
            place.write("flows.d/a.cases/" + name, before)
    os.rename(place.path("flows.d/a.cases"), place.path("flows.d/z.cases"))
    place.run(0, "check", said='warning: cases of nothing: there is no "z.conf" beside it')
    place.close()


def a_case_of_a_mapping_is_run_for_each_flow_that_uses_it():
    shop = Shop("--orders", "2", login=False)
    os.makedirs(shop.conf + "/mappings/asperion/sales-invoice.send.cases")
    shipped = shop.env["KOPPEL_DATADIR"] + "/mappings/asperion/sales-invoice.send.conf"
    shop.write("mappings/asperion/sales-invoice.send.conf", open(shipped).read())
    order = {"reference": "7", "date": "2026-03-02", "state": "paid", "vat_method": "inclusive", "total_incl": "121.00",
             "vat": [{"code": "1", "rate": "21.00", "excl": "100.00", "vat": "21.00"}], "payment_method": "PIN",
             "customer": {"name": "Lisa", "email": "lisa@example.org", "country": "NL"},
             "lines": [{"kind": "article", "number": "1", "description": "Coffee", "quantity": "1", "vat_code": "1",
                        "vat_rate": "21.00", "price": "121.00", "total_incl": "121.00", "total_excl": "100.00"}]}
    folder = "mappings/asperion/sales-invoice.send.cases"
    shop.write(folder + "/coffee.in.json", json.dumps({"core": order}))
    shop.run("test", "orders", "--accept", "asperion/sales-invoice.send/coffee")
    made = json.load(open(f"{shop.conf}/{folder}/coffee.out.json"))["destination"]
    assert made["lines"][0]["ledgerAccountId"] == "8000" and made["amountInclVat"] == "121.00", made
    told = shop.run("test").stdout
    for flow in ("orders", "invoices", "deliveries"):
        assert f"{flow} asperion/sales-invoice.send/coffee: passes\n" in told, told
    shop.replace("tables/revenue.csv", "NL|21.00,8000", "NL|21.00,8001")
    shop.run("check", ok=(78,))
    shop.run("test", "invoices", ok=(1,))


def iban_is_right(text):
    moved = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def made(shop, key, name):
    shop.run("test", "orders", name, "--make", key)
    return open(f"{shop.conf}/flows.d/orders.cases/{name}.in.json").read()


def a_case_is_made_of_a_record_without_its_person():
    shop = Shop("--orders", "12")
    shop.write("flows.d/orders.conf", open(shop.conf + "/flows.d/orders.conf").read().replace(
        "tables = {", 'get_map = ( { to = "customer.iban"; from = "relation.bankAccountNumber"; },\n'
        '  { to = "note"; from = "reference"; } );\ntables = {'))
    shop.sync()
    jobs = shop.jobs("done")
    preview = shop.run("preview", "orders", "--json", "--limit", "12").stdout.splitlines()
    originals = {row["key"]: row["source"] for row in map(json.loads, preview)}
    texts = {job["key"]: made(shop, job["key"], f"n{number}") for number, job in enumerate(jobs[:6])}
    fakes = {}
    for key, text in texts.items():
        source, fake = originals[key], json.loads(text)["source"]
        for field in ("name", "address", "city", "telephone", "email"):
            real = source["relation"].get(field, "")
            if len(re.sub("[^A-Za-z0-9]", "", real)) < 4:
                continue
            assert real not in text, (field, real)
            assert fakes.setdefault(real, fake["relation"][field]) == fake["relation"][field], "the same value, one fake"
        assert re.fullmatch(r"[a-zA-Z0-9._+-]+@example\.org", fake["relation"]["email"]), fake["relation"]["email"]
        if source["relation"].get("country") == "Nederland":
            assert re.fullmatch("[1-9][0-9]{3} ?[A-Z]{2}", fake["relation"]["zipcode"]), fake["relation"]["zipcode"]
        assert fake["totalInclAmount"] == source["totalInclAmount"] and fake["lineList"] == source["lineList"]
        assert fake["orderId"] == source["orderId"] and fake["relation"]["country"] == source["relation"]["country"]
    shop.sandbox.terminate()
    told = shop.run("test", "orders").stdout
    assert told.count(": passes\n") == 6, "offline, and every one passes: " + told
    shop.run("test", "orders", "n0", "--make", jobs[0]["key"], ok=(64,))


def an_iban_of_a_case_is_one_and_texts_lose_the_name():
    shop = Shop("--orders", "2")
    record = json.loads(shop.run("preview", "orders", "--json", "--limit", "1").stdout.splitlines()[0])["source"]
    record["relation"].update(bankAccountNumber="NL91ABNA0417164300", name="Marie Verhoeven", contact="Marie Verhoeven")
    record["lineList"][0]["text"] = "Cake for Marie Verhoeven"
    record["reference"] = "call 06-12345678 or marie@verhoeven.nl"
    text = of_a_file(shop, record)
    fake = json.loads(text)["source"]
    iban = fake["relation"]["bankAccountNumber"]
    assert iban != "NL91ABNA0417164300" and re.fullmatch("NL[0-9]{2}ABNA[0-9]{10}", iban) and iban_is_right(iban), iban
    assert "Verhoeven" not in text and fake["lineList"][0]["text"].startswith("Cake for "), text
    assert fake["lineList"][0]["text"] == "Cake for " + fake["relation"]["name"]


def of_a_file(shop, record):
    """The text of a case that is made of this record, which a file brings."""
    shop.write("connections.d/shelf.conf", f'name = "shelf";\nconnector = "file";\n'
               f'settings = {{ path = "{shop.dir}/shelf"; key = "orderId"; }};\n')
    with open(f"{shop.dir}/shelf", "w") as out:
        out.write(json.dumps(record) + "\n")
    shop.write("flows.d/shelf.conf", '''name = "shelf"; from = { connection = "shelf"; entity = "record"; };
to = { connection = "books"; entity = "sales-invoice"; };
get = "mappings/order.conf";
tables = { vat_code = "tables/vat.csv"; revenue_account = "tables/revenue.csv"; payment_condition = "tables/payment.csv"; };
''')
    os.makedirs(shop.conf + "/mappings", exist_ok=True)
    shop.write("mappings/order.conf", open(shop.env["KOPPEL_DATADIR"] + "/mappings/mpluskassa/order.get.conf").read())
    shop.run("sync", "shelf", ok=(0, 1))
    shop.run("test", "shelf", "one", "--make", record["orderId"])
    return open(f"{shop.conf}/flows.d/shelf.cases/one.in.json").read()


if __name__ == "__main__":
    main([every_outcome_has_a_case, a_difference_is_told_by_field_and_gives_1, rules_that_no_case_covers_are_listed,
          r4_a_change_whose_cases_fail_is_refused,
          r4_what_fails_already_may_be_mended_step_by_step, r4_the_way_back_takes_the_cases_of_then_along,
          r4_a_start_leaves_it_off_and_an_accepted_case_switches_it_on, y1_a_reload_is_refused_where_cases_fail,
          check_tells_what_is_wrong_with_a_case, a_case_of_a_mapping_is_run_for_each_flow_that_uses_it,
          a_case_is_made_of_a_record_without_its_person,
          an_iban_of_a_case_is_one_and_texts_lose_the_name])
