#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""alerts.conf as a page changes it: channels with sealed secrets, rules, a test of what is on the screen."""
import json
import os

import alertsink
from commands import Place
from koppeltest import main
from rowstest import Engine

HOOK = {"type": "webhook"}


def begin(text=None):
    place = Place("a")
    if text is not None:
        place.write("alerts.conf", text)
    return place, Engine(place.dir, place.env)


def end(place, engine):
    engine.stop()
    place.close()


def of(rows, name, member="channel"):
    [row] = [row for row in rows if row[member] == name]
    return row


def sealed(place):
    folder = place.path("secrets")
    return os.listdir(folder) if os.path.isdir(folder) else []


def nobody_is_told_at_first():
    place, engine = begin()
    shown = engine.ask("alerts.settings")
    assert shown["channels"] == [] and shown["settings"] == {} and shown["writable"], shown
    assert len(shown["rules"]) == 16 and not any(row["changed"] for row in shown["rules"])
    silent = of(shown["rules"], "flow.silent", "rule")
    assert silent["measure"] == "after" and silent["threshold"] == 0 and silent["channels"] is None, silent
    end(place, engine)


def a_channel_is_tested_as_it_is_on_the_screen_then_saved():
    """Nothing is written by a test; the secret is sealed, shown nowhere, and signs what is sent."""
    web = alertsink.Web()
    place, engine = begin()
    settings, secrets = dict(HOOK, url=web.url + "/hook"), {"secret": "geheim-zin-van-drie"}
    tried = engine.ask("alerts.test", channel="shop", settings=settings, secrets=secrets)
    assert tried["ok"] and tried["dialogue"] and "geheim" not in json.dumps(tried), tried
    _, _, _, headers, body = web.calls[-1]
    assert alertsink.is_signed(headers, body, b"geheim-zin-van-drie")
    assert not os.path.exists(place.path("alerts.conf")) and not sealed(place)
    planned = engine.ask("alerts.channel", channel="shop", settings=settings, secrets=secrets, plan=True)
    assert planned["saved"] and not os.path.exists(place.path("alerts.conf")), "a plan"
    saved = engine.ask("alerts.channel", channel="shop", settings=settings, secrets=secrets)
    assert saved["saved"] and saved["active"], saved
    text = open(place.path("alerts.conf")).read()
    assert '"sealed:alert-shop-secret"' in text and "geheim" not in text, text
    assert "geheim" not in open(place.path("secrets/alert-shop-secret.sealed")).read()
    row = of(engine.ask("alerts.settings")["channels"], "shop")
    assert row["secrets"] == {"secret": {"set": True, "from": "sealed"}} and row["settings"] == {"url": web.url + "/hook"}, row
    again = engine.ask("alerts.test", channel="shop", settings=dict(HOOK, url=web.url + "/other"))
    assert again["ok"] and web.calls[-1][2] == "/other", "what is kept signs what is on the screen"
    assert alertsink.is_signed(web.calls[-1][3], web.calls[-1][4], b"geheim-zin-van-drie")
    assert engine.ask("alerts.test", channel="shop")["ok"] and web.calls[-1][2] == "/hook"
    everything = engine.said() + json.dumps(engine.ask("audit.list")) + place.run(0, "config", "show", "2", "--json").stdout
    assert "geheim" not in everything
    end(place, engine)
    web.close()


def every_other_byte_stays():
    place, engine = begin('''# who is told
channels = (
  # the office
  { name = "office"; type = "ntfy"; url = "http://127.0.0.1:1"; topic = "x"; } // by hand
);
digest = "08:30";   # after the shop opens
''')
    office = of(engine.ask("alerts.settings")["channels"], "office")
    settings = dict(office["settings"], type="ntfy", topic="y", quiet={"from": "22:00", "until": "07:00"})
    assert engine.ask("alerts.channel", channel="office", settings=settings)["saved"]
    text = open(place.path("alerts.conf")).read()
    for kept in ("# who is told\n", "  # the office\n", "// by hand", "# after the shop opens", 'topic = "y"', "quiet = {"):
        assert kept in text, text
    engine.ask("alerts.general", settings={"name": "Winkel", "digest": None, "language": "nl"})
    text = open(place.path("alerts.conf")).read()
    assert 'name = "Winkel"' in text and "digest" not in text and "# who is told\n" in text, text
    engine.ask("alerts.remove", channel="office")
    assert engine.ask("alerts.settings")["channels"] == []
    engine.refuses("ask.unknown", "alerts.remove", channel="office")
    end(place, engine)


def a_rule_is_changed_and_as_usual_again():
    place, engine = begin('channels = ( { name = "office"; type = "ntfy"; url = "http://127.0.0.1:1"; topic = "x"; } );\n')
    engine.ask("alerts.rule", rule="records.parked", settings={"count": 5, "severity": "critical", "channels": ["office"]})
    row = of(engine.ask("alerts.settings")["rules"], "records.parked", "rule")
    assert (row["threshold"], row["usual"], row["severity"], row["channels"], row["changed"]) == (5, 1, "critical", ["office"], True)
    engine.ask("alerts.rule", rule="records.parked", settings={"on": False})
    row = of(engine.ask("alerts.settings")["rules"], "records.parked", "rule")
    assert not row["on"] and row["threshold"] == 1 and row["channels"] is None, row
    engine.ask("alerts.rule", rule="records.parked", settings={})
    assert not of(engine.ask("alerts.settings")["rules"], "records.parked", "rule")["changed"]
    assert "records.parked" not in open(place.path("alerts.conf")).read()
    assert 'perhaps "records.parked"' in engine.refuses("ask.unknown", "alerts.rule", rule="record.parked", settings={})
    wrong = engine.ask("alerts.rule", rule="disk.low", settings={"percent": 200})
    assert not wrong["saved"] and wrong["mistakes"], wrong
    end(place, engine)


def what_is_wrong_is_told_and_nothing_saved():
    place, engine = begin()
    for settings, said in ((dict(HOOK, url="http://example.org/"), "https"), ({"type": "mail"}, "url"), (HOOK, "url")):
        answer = engine.ask("alerts.channel", channel="x", settings=settings, secrets={"secret": "a"})
        assert not answer["saved"] and any(said in one["text"] for one in answer["mistakes"]), answer
    engine.refuses("ask.wrong", "alerts.channel", channel="a b", settings=HOOK, secrets={"secret": "a"})
    assert not os.path.exists(place.path("alerts.conf")) and not sealed(place)
    place.write("alerts.conf", "channels = (\n")
    assert "alerts.conf" in engine.refuses("", "alerts.general", settings={"name": "x"})
    end(place, engine)


main([nobody_is_told_at_first, a_channel_is_tested_as_it_is_on_the_screen_then_saved, every_other_byte_stays,
      a_rule_is_changed_and_as_usual_again, what_is_wrong_is_told_and_nothing_saved])
