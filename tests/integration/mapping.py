#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mappings driven by configuration files alone: from a file to a file, without any network."""
import glob
import json
import os

from commands import Place
from koppeltest import BUILD, main

TESTED = os.environ.get("KOPPEL_TEST_PLUGINS", os.path.join(BUILD, "tests", "abi", "plugins"))


class Flow(Place):
    """The flow "a" with these members, from a.in to a.out."""

    def __init__(self, members, *records, plugin=None):
        super().__init__("a")
        if plugin:  # beside those that are built
            os.mkdir(self.path("plugins"))
            built = glob.glob(os.path.join(self.env["KOPPEL_PLUGINS"], "*", ".libs", "*.so"))
            for path in built + [os.path.join(TESTED, plugin + ".so")]:
                os.symlink(path, self.path("plugins/" + os.path.basename(path)))
            self.env["KOPPEL_PLUGINS"] = self.path("plugins")
        self.flow(members)
        self.records(*records)

    def flow(self, members):
        self.write("flows.d/a.conf", 'name = "a";\nfrom = { connection = "a-in"; entity = "record"; };\n'
                   'to = { connection = "a-out"; entity = "record"; };\n' + members.replace("'", '"') + "\n")

    def records(self, *records):
        self.write("a.in", "".join(json.dumps(dict(record, id=str(i))) + "\n" for i, record in enumerate(records)))

    def sync(self, code=0):
        """What arrived, in the order of its ids; each of them once."""
        if os.path.exists(self.path("a.out")):
            os.remove(self.path("a.out"))
        self.run(code, "sync", "a")
        return sorted(map(json.loads, self.lines("a.out")), key=lambda record: int(record["id"]))

    def mapped(self, code=0):
        return [{k: v for k, v in record.items() if k != "id"} for record in self.sync(code)]

    def jobs(self, state):
        out = self.run(0, "jobs", "--state", state, "--json").stdout
        return [json.loads(line) for line in out.splitlines()]

    def wrong(self, line, *parts):
        said = self.run(78, "check").stderr.splitlines()
        assert any(f"/a.conf:{line}: " in one and all(p in one for p in parts) for one in said), (line, parts, said)


ID = "{ to = 'id'; from = 'id'; },"


def r3_two_conditions_join_and_pass_a_table():
    flow = Flow("tables = { terms = 'terms.csv'; };\nmap = (" + ID +
                "{ to = 'terms'; table = 'terms'; parts = ("
                "    { value = 'B2B'; default = 'B2C'; when = ( { field = 'company'; has = true; } ); },"
                "    { from = 'country'; default = 'NL'; } ); } );",
                {"company": "Bakker", "country": "NL"}, {"company": "Bakker", "country": "BE"}, {"country": "NL"},
                {"company": "Bakker", "country": "DE"}, {})
    flow.write("terms.csv", "B2B|NL,30\nB2B|*,14\nB2C|NL,0\n")
    assert [r["terms"] for r in flow.mapped()] == ["30", "14", "0", "14", "0"]
    flow.close()


def r3_append_equals_has_value_and_five_percent():
    flow = Flow("map = (" + ID + "{ to = 'a'; from = 'x'; via = 'append: (web)'; },"
                "{ to = 'b'; from = 'x'; via = 'equals:shirt:textile:other'; },"
                "{ to = 'c'; from = 'y'; via = 'has-value:yes:no'; },"
                "{ to = 'd'; from = 'p'; via = [ 'percent:5', 'round:2' ]; },"
                "{ to = 'e'; expr = 'round(p * 1.05, 2)'; } );",
                {"x": "shirt", "y": "v", "p": "19.95"}, {"x": "shoe", "p": "0.10"})
    assert flow.mapped() == [{"a": "shirt (web)", "b": "textile", "c": "yes", "d": "20.95", "e": "20.95"},
                             {"a": "shoe (web)", "b": "other", "c": "no", "d": "0.11", "e": "0.11"}]
    flow.close()


def the_mapping_in_effect_is_shown_with_its_places():
    flow = Flow("send = 'send.conf';\nfilter = ( { field = 'state'; is = 'paid'; } );\n"
                "tables = { terms = 'terms.csv'; };\nmap = (\n  { to = 'b'; value = 'own'; },\n"
                "  { to = 'b'; from = [ 'x', 'y' ]; table = 'terms'; when = ( { field = 'x'; has = true; } ); } );\n"
                "get_map = ( { to = 'id'; from = 'id'; }, { to = 'state'; from = 'status'; via = 'upper'; },\n"
                "  { to = 'x'; expr = 'p * 2'; default = '0'; }, { to = 'y'; value = 'Z'; } );")
    flow.write("terms.csv", "A|B,30\n")
    flow.write("send.conf", "map = (\n  { to = \"id\"; from = \"id\"; required = true; },\n"
               "  { to = \"b\"; from = \"x\"; } );\n")
    shown = json.loads(flow.run(0, "mapping", "a", "--json").stdout)
    here, send = flow.path("flows.d/a.conf"), flow.path("send.conf")
    assert [(r["to"], r["file"], r["line"], r["words"]) for r in shown["send"]["rules"]] == [
        ("id", send, 2, "id, required"), ("b", here, 8, '"own"'),
        ("b", here, 9, 'x + y, joined with "|", table terms, when x has a value')], shown["send"]
    assert shown["send"]["rules"][2]["over"] == [{"file": here, "line": 8}]
    assert shown["send"]["replaced"] == [{"to": "b", "file": send, "line": 3, "by": {"file": here, "line": 8}}]
    assert [(r["to"], r["words"], r["from"]) for r in shown["get"]["rules"]] == [
        ("id", "id", ["id"]), ("state", "status, via upper", ["status"]),
        ("x", '= p * 2, default "0"', ["p"]), ("y", '"Z"', [])]
    assert shown["filter"] == [{"file": here, "line": 5, "words": 'state is "paid"'}]
    assert shown["tables"] == [{"name": "terms", "file": here, "line": 6}]
    text = flow.run(0, "mapping", "a").stdout
    assert "not in effect: replaced by" in text and "where it applies, instead of a.conf:8" in " ".join(text.split()), text
    assert all(len(line) <= 80 for line in text.splitlines() if flow.path("") not in line), text
    flow.run(64, "mapping", "b")
    flow.flow("map = ( { to = 'id'; fro = 'id'; } );")
    assert '"fro"' in flow.run(78, "mapping", "a").stderr
    flow.close()


def a_filter_of_nested_conditions():
    flow = Flow("filter = ( { any = ( { field = 'state'; in = [ 'paid', 'sent' ]; },"
                "  { all = ( { field = 'note'; matches = '^web-[0-9]+$'; }, { expr = 'total > paid'; } ); } ); },"
                "  { none = ( { field = 'lines[].kind'; is = 'gift'; }, { field = 'note'; contains = 'test'; } ); } );",
                {"state": "paid"}, {"state": "open"}, {"note": "web-12", "total": "5.00", "paid": 4},
                {"note": "web-12", "total": "5.00", "paid": "5"}, {"state": "paid", "lines": [{"kind": "gift"}]},
                {"state": "sent", "note": "a test"})
    assert [r["id"] for r in flow.sync()] == ["0", "2"]
    assert {j["key"]: j["reason"] for j in flow.jobs("skipped")} == {k: "filtered" for k in "1345"}
    flow.close()


def a_condition_that_cannot_be_decided_parks():
    flow = Flow("filter = ( { field = 'x'; matches = '^(a+)+$'; } );", {"x": "a" * 60 + "b"}, {"x": "aa"})
    assert [r["id"] for r in flow.sync(1)] == ["1"]
    [parked] = flow.jobs("parked")
    assert parked["reason"] == "map.condition" and "match limit" in parked["detail"], parked
    flow.close()


def a_sheet_holds_what_a_bookkeeper_decides():
    flow = Flow("tables = {\n"
                "  code = { file = 'tax.csv'; keys = [ 'region', 'rate' ]; value = 'vat code'; };\n"
                "  account = { file = 'tax.csv'; keys = [ 'region', 'rate' ]; value = 'account'; };\n};\n"
                "map = (" + ID + "{ to = 'code'; from = [ 'region', 'rate' ]; table = 'code'; },"
                "{ to = 'account'; from = [ 'region', 'rate' ]; table = 'account'; } );",
                {"region": "NL", "rate": "21.00"}, {"region": "NL", "rate": "9.00"}, {"region": "BE", "rate": "21.00"})
    flow.write("tax.csv", "\ufeffsep=;\r\nregion;rate;vat code;account\r\nNL;21.00;1;8000\r\nNL;*;2;8001\r\n"
               "*;21.00;3;8002\r\n")
    assert flow.mapped() == [{"code": "1", "account": "8000"}, {"code": "2", "account": "8001"},
                             {"code": "3", "account": "8002"}]
    said = flow.run(0, "check").stderr
    assert not said, said  # the row NL;21.00 decides where the two others meet
    flow.write("tax.csv", "region,rate,vat code,account\nNL,*,2,8001\n*,21.00,3,8002\n")
    said = flow.run(0, "check").stderr.splitlines()
    assert any('/tax.csv:3: warning: "NL|21.00" fits row "NL|*" of line 2 and row "*|21.00" of line 3' in one
               for one in said), said
    flow.write("tax.csv", "region,tarief,vat code,account\nNL,*,2,8001\n")
    flow.wrong(5, 'no column "rate"')
    flow.close()


def rules_on_the_get_side():
    flow = Flow("get = 'get.conf';\nget_map = ( { to = 'note'; from = 'remark'; }, { to = 'more'; from = 'x'; } );\n"
                "map = (" + ID + "{ to = 'note'; from = 'note'; }, { to = 'more'; from = 'more'; } );",
                {"remark": "r", "x": "y", "note": "n"})
    flow.write("get.conf", 'map = ( { to = "id"; from = "id"; }, { to = "note"; from = "note"; } );\n')
    assert flow.mapped() == [{"note": "r", "more": "y"}]
    flow.close()


def functions_of_whole_records():
    members = ("record = ( 'fill:state:new', 'leave-out:test', [ 'refuse', 'bad' ] );\n"
               "filter = ( { field = 'state'; is = 'new'; } );\n")
    flow = Flow(members, {"x": "1"}, {"test": "yes"}, {"bad": "very"}, plugin="recorded")
    assert flow.sync(1) == [{"id": "0", "x": "1", "state": "new"}]
    [skipped], [parked] = flow.jobs("skipped"), flow.jobs("parked")
    assert (skipped["key"], skipped["reason"], skipped["detail"]) == ("1", "dropped", "it has a test"), skipped
    assert (parked["key"], parked["reason"]) == ("2", "map.record") and "bad is not allowed" in parked["detail"], parked
    rows = [json.loads(line) for line in flow.run(0, "preview", "a", "--json").stdout.splitlines()]
    assert rows[0]["destination"]["state"] == "new" and rows[1]["reason"] == "dropped", rows
    # what stays left out after it was delivered makes nothing of it
    with open(flow.path("a.in"), "a") as more:
        more.write('{"id": "0", "x": "1", "test": "now"}\n')
    assert flow.sync(1) == [] and [j["key"] for j in flow.jobs("skipped")] == ["0", "1"], flow.jobs("skipped")
    flow.flow("record = 'trim';\n")
    flow.wrong(4, '"trim" is for values')
    flow.flow("map = ( { to = 'x'; from = 'x'; via = 'leave-out:y'; } );\n")
    flow.wrong(4, '"leave-out" is for whole records')
    flow.flow("record = 'leave-out';\n")
    flow.wrong(4, "leave-out")
    flow.close()


class Books(Place):
    """Orders of the till that become invoices of the books; neither is asked for anything."""

    def __init__(self):
        super().__init__()
        self.env.update(S="s")
        self.write("connections.d/till.conf", 'name = "till";\nconnector = "mpluskassa";\nsettings = '
                   '{ url = "https://till.invalid"; ident = "env:S"; secret = "env:S"; };\n')
        self.write("connections.d/books.conf", 'name = "books";\nconnector = "asperion";\nsettings = '
                   '{ tenant = "1"; client_id = "c"; client_secret = "env:S"; };\n')
        for table in ("vat_code", "revenue_account", "payment_condition"):
            self.write(table + ".csv", "*,1\n")
        for side in ("mpluskassa", "asperion"):
            os.makedirs(self.path("mappings/" + side))

    def told(self, code, members):
        """What the check says of a.conf with these members, which begin in its line 6."""
        self.write("flows.d/a.conf", 'name = "a";\nfrom = { connection = "till"; entity = "order"; };\n'
                   'to = { connection = "books"; entity = "sales-invoice"; };\n'
                   'references = { customer = { missing = "create"; }; };\n'
                   'tables = { vat_code = "vat_code.csv"; revenue_account = "revenue_account.csv"; '
                   'payment_condition = "payment_condition.csv"; };\n' + members.replace("'", '"') + "\n")
        done = self.run(None, "check")
        assert done.returncode == code, (members, done)
        return done.stderr.splitlines()

    def expect(self, code, members, *parts, line=6, file="a.conf"):
        said = self.told(code, members)
        assert any(f"/{file}:{line}: " in one and all(p in one for p in parts) for one in said), (members, parts, said)

    def mapping(self, name, *rules):
        """A local mapping with a rule in each line, from line 2 on; none: the shipped one."""
        if not rules:
            os.remove(self.path("mappings/" + name))
            return
        self.write("mappings/" + name, "map = (\n" + ",\n".join(rules).replace("'", '"') + "\n);\n")


def types_of_what_is_sent():
    place = Books()
    assert place.told(0, "") == []
    for rule, *parts in (
            ("{ to = 'date'; from = 'total_incl'; }", '"total_incl" is a number, "date" takes a date'),
            ("{ to = 'amountInclVat'; from = 'date'; }", '"date" is a date, "amountInclVat" takes a number'),
            ("{ to = 'lines'; from = 'reference'; }", '"reference" is a text, "lines" takes a list', "append"),
            ("{ to = 'description'; from = 'lines'; }", '"lines" is a list, "description" takes a text', "[0]"),
            ("{ to = 'description'; from = 'lines[].number'; }", "is a list", "join"),
            ("{ to = 'description'; from = 'customer'; }", "is an object", "name a field inside it"),
            ("{ to = 'description'; from = 'lines.number'; }", '"lines" of the core model "order" is a list',
             '"lines[0]"'),
            ("{ to = 'description'; from = 'customer[0].name'; }", '"customer"', "no list"),
            ("{ to = 'description'; from = 'reference.number'; }", "with nothing inside"),
            ("{ to = 'description[]'; value = 'x'; }", '"description" of entity "sales-invoice" is a text, no list'),
            ("{ to = 'lines.description'; value = 'x'; }", '"lines" of entity "sales-invoice" is a list'),
            ("{ to = 'description'; append = true; value = 'x'; }", '"append" adds to a list'),
            ("{ to = 'description'; map = ( { to = 'x'; value = 1; } ); }", "this rule makes one object"),
            ("{ to = 'lines'; each = 'customer'; map = ( { to = 'amount'; value = '1'; } ); }", "goes through a list"),
            ("{ to = 'amountInclVat'; value = 'a lot'; }", '"amountInclVat" holds a number such as "19.95"'),
            ("{ to = 'amountInclVat'; from = 'total_incl'; default = 'none'; }", "holds a number"),
            ("{ to = 'bookyear'; value = '20.5'; }", "a whole number"),
            ("{ to = 'date'; value = '31-02-2026'; }", "holds a date"),
            ("{ to = 'description'; value = true; }", "holds a text, in quotes"),
            ("{ to = 'description'; from = 'total_incl'; via = 'date.year'; }", 'function "year" is for',
             '"total_incl" is a number'),
            ("{ to = 'description'; from = 'customer'; via = 'trim'; }", 'function "trim" is for a text'),
            ("{ to = 'date'; from = 'total_incl'; via = 'round:2'; }", '"date" takes a date'),
            ("{ to = 'amountInclVat'; expr = 'date + 1'; }", "calculates with numbers"),
            ("{ to = 'date'; expr = 'total_incl > 1'; }", "is true or false"),
            ("{ to = 'description'; from = 'custom.nope'; }", 'nothing fills "custom.nope"'),
            ("{ to = 'description'; value = 'x'; when = ( { field = 'total_incl'; is = 'much'; } ); }",
             '"total_incl" holds a number'),
            ("{ to = 'description'; value = 'x'; when = ( { field = 'date'; more = '5'; } ); }", "before or after"),
            ("{ to = 'description'; value = 'x'; when = ( { field = 'total_incl'; after = '2026-01-01'; } ); }",
             "is no date"),
            ("{ to = 'description'; value = 'x'; when = ( { field = 'lines'; is = 'x'; } ); }", "is a list",
             "lines[].number"),
            ("{ to = 'description'; value = 'x'; when = ( { field = 'customer.active'; is = 'yes'; } ); }",
             "is true or false"),
            ("{ to = 'paymentConditionId'; from = 'payment_method'; unmapped = 'pass'; }", 'needs a "table"')):
        place.expect(78, f"map = ( {rule} );", *parts)
    for rule, *parts in (
            ("{ to = 'description'; from = 'total_incl'; }", "warning", '"total_incl" is a number', "function"),
            ("{ to = 'amountInclVat'; from = 'note'; }", "warning", '"note" is a text'),
            ("{ to = 'amountInclVat'; from = 'note'; via = 'round:2'; }", "warning", 'function "round" is for a number')):
        place.expect(0, f"map = ( {rule} );", *parts)
    for rule in ("{ to = 'description'; from = 'lines[].number'; join = ', '; }",
                 "{ to = 'description'; from = [ 'quote', 'total_incl' ]; join = ' '; }",
                 "{ to = 'description'; from = 'total_incl'; via = 'prefix:EUR '; }",
                 "{ to = 'description'; value = ''; when = ( { field = 'total_incl'; is = '5'; } ); }",
                 "{ to = 'lines'; append = true; map = ( { to = 'amount'; value = 5; } ); }"):
        assert place.told(0, f"map = ( {rule} );") == [], rule
    place.expect(78, "filter = ( { field = 'custom.x'; has = true; } );", 'nothing fills "custom.x"')
    assert place.told(0, "get_map = ( { to = 'custom.x'; from = 'relation.telephone'; } );\n"
                      "filter = ( { field = 'custom.x'; has = true; } );") == []
    place.close()


def types_of_what_is_read():
    place = Books()
    for rule, *parts in (
            ("{ to = 'reference'; from = 'orderNumbr.year'; }", "orderNumber"),
            ("{ to = 'note'; from = 'orderNumber.yaer'; }", '"orderNumber.yaer" is no field', "year"),
            ("{ to = 'note'; from = 'lineList.articleNumber'; }", '"lineList" of entity "order" is a list'),
            ("{ to = 'total_incl'; from = 'lineList'; }", '"lineList" is a list, "total_incl" takes a number'),
            ("{ to = 'total_incl'; from = 'entryTimestamp'; }", "is a moment"),
            ("{ to = 'note'; from = 'settings.zero_lines'; }", "is no field of entity"),
            ("{ to = 'state'; value = 'payed'; }", "paid"),
            ("{ to = 'state'; value = 'paid'; when = ( { field = 'fullyPaid'; is = 'ja'; } ); }", "true or false"),
            ("{ to = 'lines'; each = 'relation'; map = (); }", "goes through a list"),
            ("{ to = 'lines'; each = 'lineList'; append = true; map = ( { to = 'number'; from = 'articleNumbr'; } ); }",
             '"lineList[].articleNumbr" is no field', "articleNumber")):
        place.expect(78, f"get_map = ( {rule} );", *parts)
    place.close()


def fields_that_nothing_fills():
    place = Books()
    place.mapping("asperion/sales-invoice.send.conf", "{ to = 'description'; from = 'reference'; }",
                  "{ to = 'date'; from = 'date'; }")
    place.expect(78, "", 'no rule fills "lines", which entity "sales-invoice" needs', line=3)
    place.expect(78, "", '"debtorCustomerNumber"', line=3)
    place.mapping("asperion/sales-invoice.send.conf", "{ to = 'description'; from = 'reference'; }",
                  "{ to = 'date'; from = 'date'; on = 'update'; }", "{ to = 'debtorCustomerNumber'; value = '1'; }",
                  "{ to = 'lines'; each = 'lines'; map = ( { to = 'amount'; from = 'net'; } ); }")
    place.expect(78, "", '"date"', line=3)
    place.expect(78, "", 'no rule fills "lines.vatCode"', line=5, file="sales-invoice.send.conf")
    place.expect(78, "", 'no rule fills "lines.ledgerAccountId"', line=5, file="sales-invoice.send.conf")
    said = place.told(78, "map = ( { to = 'lines[].vatCode'; value = '1'; }, { to = 'date'; from = 'date'; },"
                      " { to = 'lines[].ledgerAccountId'; value = '8000'; } );\nfilter = ( { field = 'x'; is = 'y'; } );")
    assert len(said) == 1 and ':7: "x"' in said[0], said
    place.mapping("asperion/sales-invoice.send.conf")
    place.mapping("asperion/debtor.send.conf", "{ to = 'street'; from = 'street'; }")
    place.expect(78, "", 'no rule fills "name", which entity "debtor" needs', line=4)
    place.mapping("asperion/debtor.send.conf")
    place.mapping("mpluskassa/order.get.conf", "{ to = 'reference'; from = 'orderNumber.number'; }")
    place.expect(78, "", 'no rule fills "date", which the core model "order" needs', line=2)
    place.close()


if __name__ == "__main__":
    main([r3_two_conditions_join_and_pass_a_table, r3_append_equals_has_value_and_five_percent,
          the_mapping_in_effect_is_shown_with_its_places, a_filter_of_nested_conditions, a_condition_that_cannot_be_decided_parks,
          a_sheet_holds_what_a_bookkeeper_decides, rules_on_the_get_side, functions_of_whole_records,
          types_of_what_is_sent, types_of_what_is_read, fields_that_nothing_fills])
