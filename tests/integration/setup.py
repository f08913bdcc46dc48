#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The set-up: from an empty directory to the first booked order, by the questions of the service."""
import json
import os
import shutil
import socket
import threading
import time

from koppeltest import main, until
from setuptest import VERSION, Empty, Refused, Systems, answers, errors, go_on, question


def an_engine_starts_in_an_empty_directory():
    place = Empty()
    place.serve()
    for name in ("koppel.conf", "secret.key", "koppel.db", "connections.d", "flows.d", "tables", "secrets"):
        assert os.path.exists(place.path(name)), name
    assert os.stat(place.path("secret.key")).st_mode & 0o777 == 0o600
    assert place.ask("setup.list") == {"needed": True, "setups": []}
    place.stop()
    key = place.read("secret.key")
    place.serve()
    place.stop()
    assert place.read("secret.key") == key, "it is made once"
    place.close()


def a_directory_that_holds_something_is_left_alone():
    place = Empty()
    place.write("notes.txt", "mine")
    place.run("serve", code=78)
    assert os.listdir(place.dir) == ["notes.txt"]
    place.close()


def an_order_is_booked_from_nothing():
    place, systems = Empty(), Systems()
    place.serve()
    step = place.ask("setup.begin")
    assert question(step, "systems")["default"] == ["new:mpluskassa", "new:asperion"], "the one that sells comes first"
    step = go_on(place, step, answers(systems), "vat_code.table")
    proposed = {q["name"]: q.get("default") for q in step["questions"]}
    assert proposed["NL|21.00"] == "1" and proposed["BE|21.00"] == "21" and proposed["shifted|9.00"] == "4", proposed
    assert proposed["DE|21.00"] is None, "nothing is invented"
    assert question(step, "NL|21.00")["because"] == "same rate"
    step = go_on(place, step, answers(systems), "revenue_account.table")
    proposed = {q["name"]: q.get("default") for q in step["questions"]}
    assert proposed["NL|9.00"] == "8010" and proposed["gift-card"] == "1750" and proposed["deposit"] == "1760", proposed
    step = go_on(place, step, answers(systems), "preview")
    [flow] = step["preview"]["flows"]
    assert {row["outcome"] for row in flow["rows"]} & {"would be created"}, flow
    assert not systems.invoices(), "nothing is written by it"
    step = go_on(place, step, answers(systems))
    assert step["step"] == "review" and not os.listdir(place.path("flows.d"))
    shown = {f["path"]: f["text"] for f in step["files"]}
    assert shown["secrets/till-secret.sealed"] == "(sealed)"
    step = place.ask("setup.save", setup=step["setup"])
    assert step["kind"] == "done" and step["done"]["running"], step
    until(systems.invoices)
    written = place.files()
    assert {name: text for name, text in written.items() if name in shown and "sealed" not in name} == \
        {name: text for name, text in shown.items() if "sealed" not in name}, "what was shown is what is written"
    secret = systems.info["mpluskassa"]["secret"]
    assert secret not in json.dumps(step) + "".join(written.values()) + place.read(".log")
    assert place.ask("setup.list") == {"needed": False, "setups": []}
    assert place.ask("audit.list", limit=5)["entries"][0]["order"] == "setup.save"
    place.run("check")
    place.close()
    systems.close()


def what_is_wrong_is_told_at_its_field():
    place, systems = Empty(), Systems()
    place.serve()
    step = place.ask("setup.begin")
    number = step["setup"]

    def answer(step, **given):
        return place.ask("setup.answer", setup=number, step=step["step"], answers=given)

    assert set(errors(answer(step, systems=["new:asperion"]))) == {"systems"}
    assert set(errors(answer(step, country="XX", zone="Europe/Amsterdamm"))) == {"country", "zone"}
    step = answer(step)
    assert set(errors(answer(step))) == {"url", "ident", "secret"}, "they are needed"
    wrong = answer(step, url="till.example", port="port", ident="demo", secret="x")
    assert set(errors(wrong)) == {"port"}, errors(wrong)
    wrong = answer(step, url="till.example", ident="demo", secret="x")
    assert set(errors(wrong)) == {"url"}, errors(wrong)
    wrong = answer(step, url=systems.till, ident="demo", secret="wrong one")
    assert wrong["step"] == "till.test" and wrong["test"]["outcome"] == "failed", wrong
    told = [row for row in wrong["test"]["steps"] if row["outcome"] == "failed"]
    assert told[0]["setting"] in ("ident", "secret"), told
    assert errors(answer(wrong)), "it has to pass"
    back = place.ask("setup.show", setup=number, step="till.credentials")
    assert question(back, "url")["value"] == systems.till and question(back, "secret")["set"], "answers are kept"
    assert "wrong one" not in json.dumps(back)
    step = answer(back, secret=systems.info["mpluskassa"]["secret"])
    assert step["test"]["outcome"] == "ok", step
    for name, members in (("setup.answer", {"step": "orders.flow"}), ("setup.show", {"step": "review"}),
                          ("setup.answer", {"step": "nothing"}), ("setup.save", {}),
                          ("setup.answer", {"step": "systems", "answers": {"colour": "red"}})):
        try:
            place.ask(name, setup=number, **members)
            raise AssertionError((name, members))
        except Refused as refused:
            assert refused.args[0]["reason"] in ("ask.unknown", "ask.wrong"), refused
    place.close()
    systems.close()


def it_is_gone_on_with_later_and_elsewhere():
    place, systems = Empty(), Systems()
    place.serve()
    step = go_on(place, place.ask("setup.begin"), answers(systems), "orders.flow")
    assert step["step"] == "orders.flow"
    place.stop()
    place.serve()
    again = place.ask("setup.begin", lang="nl")
    assert again["step"] == "orders.flow" and again["setup"] == step["setup"]
    assert question(again, "on_change")["title"] == "Gewijzigd na overdracht"
    assert place.ask("setup.list")["setups"][0]["at"] == "orders.flow"
    link = place.ask("setup.show", setup=step["setup"], step="link")
    both = place.ask("setup.answer", setup=step["setup"], step="link",
                     answers={"till.order": "sales-invoice", "till.invoice": "sales-invoice"})
    assert errors(both), "one sale would be booked twice"
    assert "till.invoice" in question(link, "till.order")["excludes"]
    both = place.ask("setup.answer", setup=step["setup"], step="link",
                     answers={"till.article": "article", "books.article": "article"})
    assert errors(both), "articles go one way"
    place.ask("setup.drop", setup=step["setup"])
    assert place.ask("setup.begin")["step"] == "systems"
    place.close()
    systems.close()


def two_who_save_at_once_save_it_once():
    place, systems = Empty(), Systems()
    place.serve()
    step = go_on(place, place.ask("setup.begin"), answers(systems))
    came = []

    def save():
        try:
            came.append(place.ask("setup.save", setup=step["setup"])["kind"])
        except Refused as refusal:
            came.append(refusal.args[0])

    both = [threading.Thread(target=save) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert "done" in came, came
    assert all(one == "done" or "try again" in one["text"] or one["reason"] == "ask.unknown" for one in came), came
    assert place.ask("setup.list") == {"needed": False, "setups": []}
    place.run("check")
    until(systems.invoices)
    place.close()
    systems.close()


def a_save_that_was_killed_is_finished():
    place, systems = Empty(), Systems()
    place.serve()
    number = go_on(place, place.ask("setup.begin"), answers(systems))["setup"]
    place.stop()
    kept = place.dir + ".kept"
    shutil.copytree(place.dir, kept)
    left = set()
    for wait in (0.06, 0.09, 0.12, 0.15, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3, 0.35, 0.4):
        shutil.rmtree(place.dir)
        shutil.copytree(kept, place.dir)
        place.serve()
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(place.path("koppel.db.sock"))
            peer.sendall(json.dumps({"ask": "setup.save", "in": {"setup": number}, "version": VERSION, "via": "cli"})
                         .encode() + b"\n")
            time.sleep(wait)
            place.engine.kill()
            place.engine.wait()
        os.unlink(place.path("koppel.db.sock"))
        try:
            place.serve()
        except AssertionError:  # what was half written is complete, and it is to be started again
            assert "cut short" in place.read(".log"), place.read(".log")
            place.serve()
        there = bool(place.ask("setup.list")["setups"])
        assert len(place.files()) in (0, 9), place.files()  # all, or none
        left.add((there, os.path.exists(place.path("flows.d/orders.conf"))))
        if there:
            assert place.ask("setup.save", setup=number)["kind"] == "done", wait
        assert place.ask("setup.list") == {"needed": False, "setups": []}
        assert len(place.files()) == 9, place.files()
        place.run("check")
        place.stop()
    print(" ", sorted(left))
    shutil.rmtree(kept)
    place.close()
    systems.close()


def a_second_till_has_marks_of_its_own():
    place, systems, other = Empty(), Systems(), Systems()
    place.serve()
    step = go_on(place, place.ask("setup.begin"), answers(systems))
    place.ask("setup.save", setup=step["setup"])
    until(systems.invoices)
    given = {**answers(systems), "systems": {"systems": ["is:books", "new:mpluskassa"]}}
    given["till2.credentials"] = {**given["till.credentials"], "url": other.till, "prefix": "T2-"}
    first = place.ask("setup.begin")
    assert question(first, "systems")["default"] == []
    step = place.ask("setup.answer", setup=first["setup"], step="systems", answers=given["systems"])
    step = go_on(place, step, given, "link")
    step = place.ask("setup.answer", setup=first["setup"], step="link",
                     answers={"books.sales-order": "none", "till2.order": "sales-invoice"})
    step = go_on(place, step, given)
    assert step["step"] == "review", step
    assert place.ask("setup.save", setup=first["setup"])["kind"] == "done"
    written = place.files()
    assert "flows.d/till2-orders.conf" in written and "tables/till2-vat_code.csv" in written, sorted(written)
    until(lambda: [i for i in systems.invoices() if str(i["description"]).startswith("T2-2026-")])
    place.close()
    systems.close()
    other.close()


def credentials_are_replaced_where_the_account_is_the_same():
    place, systems = Empty(), Systems()
    place.serve()
    step = go_on(place, place.ask("setup.begin"), answers(systems))
    place.ask("setup.save", setup=step["setup"])
    until(systems.invoices)
    till = systems.info["mpluskassa"]
    shown = place.ask("connections.show", connection="till", lang="de")
    assert shown["flows"] == ["orders"] and shown["refused"] is None, shown
    fields = {q["name"]: q for q in shown["settings"]}
    assert fields["url"]["title"] == "Adresse" and fields["url"]["value"] == systems.till
    assert fields["secret"]["set"] and "value" not in fields["secret"] and till["secret"] not in json.dumps(shown)
    before = place.files()

    def replace(connection, force=False, **settings):
        return place.ask("connections.replace", connection=connection, settings=settings, **({"force": True} if force else {}))

    wrong = replace("till", secret="another")
    assert not wrong["saved"] and wrong["test"]["outcome"] == "failed" and place.files() == before, wrong
    broken = replace("till", url="nothing")
    assert not broken["saved"] and broken["mistakes"][0]["path"] == "connections/till/settings/url", broken
    right = replace("till", secret=till["secret"], branches="1")
    assert right["saved"] and right["same"] and right["active"], right
    assert 'branches = "1"' in place.read("connections.d/till.conf")
    gone = replace("till", branches=None)
    assert gone["saved"] and place.files() == before, "every other byte stays"
    other = replace("books", tenant="1001")
    assert not other["saved"] and other["same"] is False and other["before"] != other["now"], other
    assert replace("books", force=True, tenant="1001")["saved"]
    assert 'tenant = "1001"' in place.read("connections.d/books.conf")
    for settings in ({"colour": "red"}, {"url": "x\ny"}):
        try:
            place.ask("connections.replace", connection="till", settings=settings)
            raise AssertionError(settings)
        except Refused as refused:
            assert refused.args[0]["reason"] in ("ask.unknown", "ask.wrong"), refused
    place.close()
    systems.close()


def a_configuration_with_mistakes_is_mended_first():
    place = Empty()
    place.run("init")
    place.write("flows.d/broken.conf", "name = \"broken\";\n")
    place.serve()
    try:
        place.ask("setup.begin")
        raise AssertionError("it began")
    except Refused as refused:
        assert refused.args[0]["reason"] == "config.rejected" and "broken.conf" in refused.args[0]["text"], refused
    place.close()


if __name__ == "__main__":
    main([an_engine_starts_in_an_empty_directory, a_directory_that_holds_something_is_left_alone,
          an_order_is_booked_from_nothing, what_is_wrong_is_told_at_its_field, it_is_gone_on_with_later_and_elsewhere,
          two_who_save_at_once_save_it_once, a_save_that_was_killed_is_finished, a_second_till_has_marks_of_its_own,
          credentials_are_replaced_where_the_account_is_the_same, a_configuration_with_mistakes_is_mended_first])
