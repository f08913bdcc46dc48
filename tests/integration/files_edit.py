#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files of the configuration as a page changes them: listed, checked while they are typed, saved against what was read."""
import os

from commands import Place
from koppeltest import main
from rowstest import Engine

FLOW = "flows.d/a.conf"


def of(rows, name):
    [row] = [row for row in rows if row["file"] == name]
    return row


def begin():
    place = Place("a", "b")
    place.write(FLOW, "# ours\n" + open(place.path(FLOW)).read() + 'every = "1h";\n')
    place.write("notes.txt", "no part of it\n")
    return place, Engine(place.dir, place.env)


def end(place, engine):
    engine.stop()
    place.close()


def files_are_listed_with_what_may_be_done():
    place, engine = begin()
    rows = engine.ask("files.list")["files"]
    names = {row["file"] for row in rows}
    assert {"koppel.conf", FLOW, "connections.d/a-in.conf"} <= names, names
    assert not any("key" in name or name.endswith((".txt", ".db")) for name in names), names
    assert of(rows, FLOW)["writable"] and of(rows, FLOW)["change"] is None
    place.write(FLOW, open(place.path(FLOW)).read().replace("1h", "2h"))
    os.remove(place.path("flows.d/b.conf"))
    rows = engine.ask("files.list")["files"]
    assert of(rows, FLOW)["change"] == "changed" and of(rows, "flows.d/b.conf")["change"] == "removed"
    end(place, engine)


def a_text_is_checked_while_it_is_typed():
    place, engine = begin()
    shown = engine.ask("files.show", file=FLOW)
    assert shown["text"].startswith("# ours") and shown["mistakes"] == []
    wrong = engine.ask("files.check", file=FLOW, text=shown["text"].replace("every", "evry"))
    [mistake] = wrong["mistakes"]
    assert mistake["nearest"] == "every" and mistake["file"].endswith(FLOW) and mistake["line"] == 5, mistake
    assert not wrong["saved"] and "+evry" in wrong["files"][0]["diff"], wrong
    fine = engine.ask("files.check", file=FLOW, text=shown["text"].replace("1h", "3h"))
    assert fine["saved"] and fine["mistakes"] == [] and fine["theirs"] is None
    assert "1h" in open(place.path(FLOW)).read(), "nothing is written"
    end(place, engine)


def a_save_takes_effect_and_stands_in_the_audit():
    place, engine = begin()
    shown = engine.ask("files.show", file=FLOW)
    new = shown["text"].replace("1h", "3h")
    saved = engine.ask("files.save", file=FLOW, text=new, digest=shown["digest"], why="less often")
    assert saved["saved"] and saved["active"] and saved["reload"]["changed"] == ["a"], saved
    assert open(place.path(FLOW)).read() == new
    assert engine.ask("files.show", file=FLOW)["digest"] == saved["digest"] != shown["digest"]
    [entry] = engine.ask("audit.list", order="files.save")["entries"]
    assert entry["about"] == FLOW and entry["why"] == "less often" and entry["via"] == "cli", entry
    wrong = engine.ask("files.save", file=FLOW, text=new + "nonsense", digest=saved["digest"])
    assert not wrong["saved"] and wrong["mistakes"] and open(place.path(FLOW)).read() == new
    end(place, engine)


def who_comes_second_sees_both_differences():
    place, engine = begin()
    shown = engine.ask("files.show", file=FLOW)
    place.write(FLOW, shown["text"].replace("1h", "2h"))
    mine = shown["text"].replace("# ours", "# mine")
    text = engine.refuses("config.changed", "files.save", file=FLOW, text=mine, digest=shown["digest"])
    assert "changed since it was read" in text
    assert "2h" in open(place.path(FLOW)).read(), "nothing is lost"
    both = engine.ask("files.check", file=FLOW, text=mine, base=shown["text"])
    assert '+every = "2h"' in both["theirs"] and "+# mine" in both["files"][0]["diff"], both
    end(place, engine)


def a_hidden_secret_stays_what_it_is():
    place = Place("a")
    shop = "connections.d/shop.conf"
    place.write(shop, 'name = "shop";\nconnector = "asperion";\nsettings = { url = "http://127.0.0.1:1"; '
                'identity_url = "http://127.0.0.1:1"; tenant = "1"; client_id = "x"; client_secret = "env:SHOP"; };\n')
    place.env["SHOP"] = "planted"
    engine = Engine(place.dir, place.env)
    shown = engine.ask("files.show", file=shop)
    assert "env:SHOP" in shown["text"] and "planted" not in shown["text"]
    place.write(shop, shown["text"].replace("env:SHOP", "pl4nted-secret"))
    shown = engine.ask("files.show", file=shop)
    assert "pl4nted" not in shown["text"] and "(hidden " in shown["text"], shown["text"]
    engine.refuses("ask.wrong", "files.check", file=FLOW, text='x = "(hidden 1234)";')
    checked = engine.ask("files.check", file=shop, text="# seen\n" + shown["text"])
    assert "pl4nted" not in str(checked) and "+# seen" in checked["files"][0]["diff"], checked
    engine.ask("files.save", file=shop, text="# seen\n" + shown["text"].replace('tenant = "1"', 'tenant = "2"'),
               digest=shown["digest"])
    assert "pl4nted-secret" in open(place.path(shop)).read(), "what hides it was taken for it"
    end(place, engine)


def no_name_leads_out_of_the_directory():
    place, engine = begin()
    os.symlink("/tmp", place.path("tables/out"))
    open(place.path("key.conf"), "w").write("0" * 64 + "\n")
    for name in ("../x.conf", "/etc/passwd", "flows.d/../../x.conf", "tables/out/x.csv", "koppel.key", "key.conf", "notes.txt",
                 "flows.d/.x.conf", "flows.d//x.conf", "other.conf", "flows.d/x.txt", "flows.d/nowhere/x.conf"):
        for order in ("files.show", "files.save"):
            members = {} if order == "files.show" else {"text": "", "digest": ""}
            engine.refuses("ask.unknown", order, file=name, **members)
    assert not os.path.exists("/tmp/x.csv")
    end(place, engine)


def a_file_is_made_and_goes():
    place, engine = begin()
    made = engine.ask("files.save", file="tables/new.csv", text="a,b\n1,2\n", digest="")
    assert made["saved"] and open(place.path("tables/new.csv")).read() == "a,b\n1,2\n"
    engine.refuses("config.changed", "files.save", file="tables/new.csv", text="", digest="")
    engine.ask("files.save", file="tables/new.csv", digest=made["digest"])
    assert not os.path.exists(place.path("tables/new.csv"))
    end(place, engine)


main([files_are_listed_with_what_may_be_done, a_text_is_checked_while_it_is_typed, a_save_takes_effect_and_stands_in_the_audit,
      who_comes_second_sees_both_differences, a_hidden_secret_stays_what_it_is, no_name_leads_out_of_the_directory,
      a_file_is_made_and_goes])
