#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A flow as forms and the mapper see it: what can be set, several edits as one save that never writes over somebody
else's, what the newest records would come to, and drafts."""
import json
import os
import socket
import subprocess

import schemas
from koppeltest import KOPPEL, Shop, main
from reload import Served


class Asked:
    """A shop that is served, asked over its socket."""

    def __init__(self, *flows, **cases):
        self.shop = Shop("--orders", "30", "--relations", "12", "--articles", "20")
        for name, text in cases.items():
            self.shop.write(name.replace("__", "/"), text)
        self.shop.enable(*flows)
        self.shop.sync()
        self.served = Served(self.shop)
        self.version = self.shop.run("--version").stdout.split()[1]

    def ask(self, name, **members):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(os.path.join(self.shop.conf, "koppel.db.sock"))
            peer.sendall(json.dumps({"ask": name, "in": members, "version": self.version, "via": "gui"}).encode() + b"\n")
            [answer] = [json.loads(one) for one in peer.makefile().read().splitlines()]
        return answer

    def out(self, name, **members):
        answer = self.ask(name, **members)
        assert "out" in answer, answer
        schemas.fits(name, answer["out"], members)
        return answer["out"]

    def reason(self, name, **members):
        return self.ask(name, **members)["error"]["reason"]

    def file(self, flow="orders"):
        with open(f"{self.shop.conf}/flows.d/{flow}.conf") as text:
            return text.read()

    def close(self):
        self.served.stop()
        self.shop.close()


def a_form_has_all_that_can_be_set():
    place = Asked()
    form = place.out("flows.form", flow="orders")
    fields = {field["path"]: field for field in form["fields"]}
    assert form["file"] == "flows.d/orders.conf" and form["refused"] is None and form["closed"] == []
    assert fields["settings/on_change"]["values"] == ["park", "update", "difference"]
    assert fields["settings/on_change"]["default"] == "park" and fields["settings/on_change"]["help"]
    assert fields["references/customer/missing"]["default"] == "create"
    assert fields["references/article/missing"]["default"] == "park", "articles are never invented"
    assert "references/article/shared" not in fields, "that is about customers"
    assert fields["every"]["type"] == "duration" and fields["batch"]["max"] == 10000
    assert form["data"]["references"]["customer"]["match"] == ["email"]
    assert form["data"]["filter"] == [{"field": "state", "in": ["paid", "delivered"]}]
    lines = place.file().splitlines()
    assert "customer" in lines[form["lines"]["references/customer"] - 1] and "every" in lines[form["lines"]["every"] - 1]
    assert form["from"]["title"] and form["to"]["connector"], form
    assert 'state is "paid" or "delivered"' in form["filter"][0]["words"]
    assert place.reason("flows.form", flow="oders") == "ask.unknown"
    text = place.file()
    place.shop.write("flows.d/orders.conf", text + 'batch = "many";\n')
    broken = place.out("flows.form", flow="orders")
    assert broken["mistakes"][0]["path"] == "flows/orders/batch" and broken["fields"], "those of what is active"
    assert broken["data"]["batch"] == "many"
    place.close()


def b10_edits_are_one_save_and_a_mistake_names_its_place():
    place = Asked()
    form, text = place.out("flows.form", flow="orders"), place.file()
    edits = [{"path": "settings/on_change", "data": "difference"}, {"path": "batch", "data": 50},
             {"path": "references/customer/match", "data": ["email", "vat_number"]},
             {"path": "filter/+", "data": {"field": "total_incl", "more": "0.50"}},
             {"path": "map/+", "data": {"to": "description", "from": ["reference", "note"], "join": " \"x\" "}}]
    plan = place.out("flows.edit", flow="orders", match=form["digest"], edits=edits, plan=True)
    assert plan["saved"] and plan["revision"] is None and not plan["moved"] and plan["theirs"] is None
    assert "+batch = 50;" in plan["files"][0]["diff"] and place.file() == text
    saved = place.out("flows.edit", flow="orders", match=form["digest"], edits=edits, why="from the form")
    assert saved["saved"] and saved["active"] and saved["reload"]["changed"] == ["orders"], saved
    data = place.out("flows.form", flow="orders")["data"]
    assert data["settings"] == {"on_change": "difference"} and data["filter"][1]["more"] == "0.50"
    assert data["map"][0]["join"] == ' "x" ', data
    place.shop.run("check")
    back = [{"do": "unset", "path": path} for path in ("map", "filter/1", "batch", "settings/on_change")]
    bad = place.out("flows.edit", flow="orders", edits=[{"path": "settings/rounding_limit", "data": "much"}])
    assert not bad["saved"], bad
    assert (bad["mistakes"][0]["path"], bad["mistakes"][0]["file"]) == (
        "flows/orders/settings/rounding_limit", place.shop.conf + "/flows.d/orders.conf"), bad
    assert place.out("flows.edit", flow="orders", edits=back)["saved"]
    assert place.reason("flows.edit", flow="orders", edits=[{"pth": "batch", "data": 1}]) == "ask.unknown"
    assert place.reason("flows.edit", flow="orders", edits=[{"path": "batch"}]) == "ask.wrong"
    assert place.reason("flows.edit", flow="orders", edits=[{"path": "batch", "data": None}]) == "ask.wrong"
    place.close()


def b11_who_saves_second_is_told_of_both_changes():
    place = Asked()
    seen = place.out("flows.form", flow="orders")["digest"]
    assert place.out("flows.edit", flow="orders", match=seen, edits=[{"path": "every", "data": "10m"}])["saved"]
    text, mine = place.file(), [{"path": "batch", "data": 20}]
    assert place.reason("flows.edit", flow="orders", match=seen, edits=mine) == "config.changed"
    assert place.file() == text, "nothing is lost"
    plan = place.out("flows.edit", flow="orders", match=seen, edits=mine, plan=True)
    assert plan["moved"] and '+every = "10m";' in plan["theirs"] and "+batch = 20;" in plan["files"][0]["diff"], plan
    unfit = place.out("flows.edit", flow="orders", match=seen, edits=[{"do": "unset", "path": "map/3"}], plan=True)
    assert unfit["moved"] and unfit["fails"] and not unfit["saved"], unfit
    assert place.out("flows.edit", flow="orders", match=plan["digest"], edits=mine)["saved"]
    assert '"10m"' in place.file() and "batch = 20;" in place.file()
    place.close()


def b14_a_draft_is_tried_on_records_and_a_case_that_fails_stands_in_the_way():
    place = Asked()
    rows = place.out("flows.preview", flow="orders", limit=3, alone=True)["rows"]
    records = [{"key": row["key"], "record": row["source"]} for row in rows]
    edits = [{"path": "map/+", "data": {"to": "description", "from": "reference", "via": ["text.upper"]}},
             {"path": "map/+", "data": {"to": "paymentConditionId", "value": "3"}}]
    tried = place.out("flows.try", flow="orders", edits=edits, records=records)
    assert [row["key"] for row in tried["rows"]] == [row["key"] for row in rows] and tried["cases"] is None
    sent = [row["destination"] for row in tried["rows"] if row["destination"]]
    assert sent and all(one["paymentConditionId"] == "3" for one in sent)
    wrong = place.out("flows.try", flow="orders", edits=[{"path": "map/+", "data": {"to": "descripton", "from": "note"}}])
    assert wrong["rows"] == [] and wrong["mistakes"][0]["nearest"] == "description", wrong
    assert place.reason("flows.try", flow="orders", edits=[], records=records * 7) == "ask.wrong"
    key = next(row["key"] for row in tried["rows"] if row["destination"])
    assert place.out("cases.make", flow="orders", key=key)["saved"]
    cases = place.out("flows.try", flow="orders", edits=edits, cases=True)["cases"]["cases"]
    assert [case["passes"] for case in cases] == [False] and cases[0]["differences"], cases
    assert place.out("flows.try", flow="orders", edits=[], cases=True)["cases"]["cases"][0]["passes"]
    text, refused = place.file(), place.out("flows.edit", flow="orders", edits=edits)
    assert not refused["saved"] and any("/cases/" in (one["path"] or "") for one in refused["mistakes"]), refused
    assert place.file() == text, (place.file(), text, refused)
    assert place.reason("flows.edit", flow="orders", edits=edits, accept=["nothing"]) == "ask.unknown"
    accepted = place.out("flows.edit", flow="orders", edits=edits, accept=[cases[0]["case"]])
    assert accepted["saved"] and len(accepted["files"]) == 2, "the rule and what the case expects are one save"
    place.shop.run("test", "orders")
    back = place.out("flows.edit", flow="orders", edits=[{"do": "unset", "path": "map"}], accept=[cases[0]["case"]])
    assert back["saved"] and place.file() == text, back
    shipped = place.out("flows.mapping", flow="orders")["send"]["written"]
    lines = next(rule["data"] for rule in shipped if rule["data"]["to"] == "lines")
    assert lines["each"] == "lines" and any(rule["to"] == "vatCode" for rule in lines["map"])
    same = place.out("flows.edit", flow="orders", edits=[{"path": "map/+", "data": lines}])
    assert same["saved"], "a rule that is copied as it was shipped changes nothing"
    place.shop.run("check")
    place.close()


def the_newest_records_tell_what_a_filter_and_a_table_would_do():
    place = Asked()
    now = place.out("flows.recent", flow="orders")
    assert now["records"] > 5 and now["pass"] + sum(one["count"] for one in now["stopped"]) + now["undecided"] == now["records"]
    none = place.out("flows.recent", flow="orders", edits=[{"path": "filter/+", "data": {"field": "total_incl", "more": "999999"}}])
    assert none["pass"] == 0 and sum(one["count"] for one in none["stopped"]) > 0, none
    left = [one for one in now["missing"] if one["table"] == "revenue_account"]
    assert now["tables"]["revenue_account"] and not left, left
    uses = now["tables"]["payment_condition"]
    table = place.out("config.rows", table="orders/payment_condition")
    keys = ["|".join(row["key"]) for row in table["rows"]]
    assert uses and set(uses) <= set(keys) and table["refused"] is None, (uses, keys)
    assert all(one["count"] > 0 and one["last"] for one in uses.values())
    gone = sorted(uses)[0]
    assert place.out("config.table", table="orders/payment_condition", do="remove", key=gone)["saved"]
    assert gone in [one["key"] for one in place.out("flows.recent", flow="orders")["missing"]]
    assert len(place.out("flows.recent", flow="orders", edits=[{"path": "every", "data": "soon"}])["mistakes"]) == 1
    assert place.out("flows.recent", flow="orders", limit=3)["records"] == 3
    place.close()


def a_draft_is_kept_until_it_is_forgotten():
    place = Asked()
    assert place.out("drafts.show", flow="orders") == {"draft": None, "at": None}
    draft = {"map": [{"to": "description", "value": "planted-word"}], "past": []}
    place.out("drafts.keep", flow="orders", draft=draft)
    assert place.out("drafts.show", flow="orders")["draft"] == draft
    assert b"planted-word" not in open(f"{place.shop.conf}/koppel.db", "rb").read(), "it is sealed"
    assert place.reason("drafts.keep", flow="orders", draft={"x": "y" * 600000}) == "ask.wrong"
    place.out("drafts.keep", flow="orders")
    assert place.out("drafts.show", flow="orders")["draft"] is None
    place.close()


def b15_products_travel_one_way():
    place = Asked("products")
    form = place.out("flows.form", flow="products-to-books")
    assert not form["enabled"] and "one direction only" in form["closed"][0]["text"], form["closed"]
    text = place.file("products-to-books")
    refused = place.out("flows.edit", flow="products-to-books", edits=[{"path": "enabled", "data": True}])
    assert not refused["saved"] and "one direction only" in refused["mistakes"][0]["text"]
    assert place.file("products-to-books") == text
    place.close()


def b13_a_file_of_others_is_shown_and_comes_as_a_patch():
    place = Asked()
    os.chmod(f"{place.shop.conf}/flows.d", 0o555)
    if os.geteuid() == 0:  # may write anything: a file elsewhere is refused as well
        os.chmod(f"{place.shop.conf}/flows.d", 0o755)
        real = f"{place.shop.dir}/orders.conf"
        os.rename(f"{place.shop.conf}/flows.d/orders.conf", real)
        os.symlink(real, f"{place.shop.conf}/flows.d/orders.conf")
    form, text = place.out("flows.form", flow="orders"), place.file()
    assert form["refused"], form
    out = place.out("flows.edit", flow="orders", edits=[{"path": "every", "data": "7m"}])
    assert not out["saved"] and out["refused"] and place.file() == text
    os.chmod(f"{place.shop.conf}/flows.d", 0o755)
    done = subprocess.run(["patch", "-p1", "--follow-symlinks"], cwd=place.shop.conf, input=out["files"][0]["diff"],
                          text=True, capture_output=True, check=False)
    assert done.returncode == 0 and 'every = "7m";' in place.file(), done
    subprocess.run([KOPPEL, "check"], env=place.shop.env, check=True, capture_output=True)
    place.close()


if __name__ == "__main__":
    main([a_form_has_all_that_can_be_set, b10_edits_are_one_save_and_a_mistake_names_its_place,
          b11_who_saves_second_is_told_of_both_changes,
          b14_a_draft_is_tried_on_records_and_a_case_that_fails_stands_in_the_way,
          the_newest_records_tell_what_a_filter_and_a_table_would_do, a_draft_is_kept_until_it_is_forgotten,
          b15_products_travel_one_way, b13_a_file_of_others_is_shown_and_comes_as_a_patch])
