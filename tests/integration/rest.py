#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A connector without C: the worked examples of koppel-rest(7) against servers that fail in every order."""
import json
import os
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request

from koppeltest import KOPPEL, SRC, main, until
from resttest import Crm, Fault, Goods, Hooks, Place, Shop, signed

KILLS = int(os.environ.get("KOPPEL_KILLS", "4"))
SEED = int(os.environ.get("KOPPEL_SEED", random.randrange(1 << 30)))


def with_customers(count, step=10):
    """So many customers, `step` of them with one and the same time of change."""
    shop, crm = Shop(), Crm()
    for n in range(1, count + 1):
        shop.clock += 100 * (n % step == 0)
        shop.add(n)
    return shop, crm, Place(shop, crm)


def each_once(shop, crm):
    """Every customer is a contact, once, as it is in the shop now."""
    found = sorted((c["email"], c["name"]) for c in crm.contacts.values())
    want = sorted((c["email"], c["name"]) for c in shop.customers.values())
    assert found == want, (len(found), len(want), [x for x in want if x not in found][:5],
                           [x for x in found if x not in want or found.count(x) > 1][:5])


def pages_are_read_on_by_the_time_of_change():
    shop, crm, place = with_customers(173)
    counts = place.sync("contacts", ok=(0,))
    assert counts["done"] == 173, counts
    each_once(shop, crm)
    assert crm.contacts[1]["address"] == {"postcode": "1234 AB", "city": "Utrecht", "country": "NL"}
    for n in (3, 170):
        shop.change(n, name=f"Another {n}")
    shop.add(174)
    before = crm.writes
    place.sync("contacts", ok=(0,))
    each_once(shop, crm)
    assert crm.writes == before + 3, (crm.writes, before)
    asked = [one[2] for one in shop.calls("GET", "/api/v2/customers")]
    place.sync("contacts", ok=(0,))
    again = [one[2] for one in shop.calls("GET", "/api/v2/customers")][len(asked):]
    assert len(again) == 1 and again[0]["updated_from"], again
    assert crm.writes == before + 3
    place.close()


def more_records_of_one_second_than_a_page_holds():
    shop, crm, place = with_customers(160, step=1000)
    place.sync("contacts", ok=(0,))
    each_once(shop, crm)
    place.close()


def a_list_that_changes_between_two_pages_loses_nothing():
    for step in (1000, 7):  # all of one second, and not
        shop, crm, place = with_customers(160, step=step)
        moved = []

        def move(page):
            if len(moved) < 4:  # one of the first page goes to the end, the others move up
                moved.append(len(moved) + 1)
                shop.change(moved[-1], name=f"Moved {moved[-1]}")

        shop.on_page = move
        place.sync("contacts", ok=(0,))
        shop.on_page = None
        place.sync("contacts", ok=(0,))
        assert len(moved) == 4, moved
        each_once(shop, crm)
        place.close()


def faults_of_every_kind_leave_each_record_once():
    shop, crm, place = with_customers(90)
    shop.faults = [Fault("status 503", path="/api/v2/customers", retry_after=1), Fault("cut", path="/api/v2/customers"),
                   Fault("garbage", path="/api/v2/customers"), Fault("status 429", path="/api/v2/customers"),
                   Fault("drop", path="/api/v2/customers"), Fault("page 502", path="/api/v2/customers")]
    crm.faults = [Fault("drop", times=2, percent=50), Fault("cut", times=2, percent=50), Fault("status 500", percent=50),
                  Fault("page 504", percent=50), Fault("status 503", retry_after=1, percent=50),
                  Fault("garbage", percent=50), Fault("late 2.5", percent=50)]
    for _ in range(12):
        counts = place.sync("contacts", ok=None, wait=40)
        if counts["done"] == 90:
            break
    assert not place.jobs("parked"), place.jobs("parked")[:2]
    each_once(shop, crm)
    assert sum(f.hit for f in shop.faults + crm.faults) > 12, [(f.do, f.hit) for f in shop.faults + crm.faults]
    place.close()


def kills_and_lost_answers_leave_each_record_once():
    shop, crm, place = with_customers(120)
    chance = random.Random(SEED)
    print(f"  seed {SEED}, {KILLS} kills", flush=True)
    crm.faults = [Fault("drop", times=1000, percent=12), Fault("status 500", times=1000, percent=4),
                  Fault("cut", times=1000, percent=4)]
    at_work = runs = 0
    while at_work < KILLS and runs < 20 * KILLS:
        runs += 1
        shop.change(chance.randrange(1, 121), name=f"Name {runs}")
        shop.add(1000 + runs)
        run = subprocess.Popen([KOPPEL, "sync", "contacts", "--wait", "10"], env=place.env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        before, wanted = crm.writes, chance.randrange(1, 40)
        end = time.monotonic() + chance.uniform(0.1, 1.5)
        while run.poll() is None and crm.writes < before + wanted and time.monotonic() < end:
            time.sleep(0.002)
        at_work += run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
    crm.faults = []
    for _ in range(20):
        counts = place.sync("contacts", ok=None, wait=20)
        if not counts["pending"] and not counts["waiting"]:
            break
    each_once(shop, crm)
    before = crm.writes
    place.sync("contacts", ok=(0,))
    assert crm.writes == before and not place.jobs("parked")
    place.close()


def a_record_of_a_wrong_type_parks_alone():
    shop, crm, place = with_customers(20)
    shop.customers["7"]["email"] = {"work": "x"}
    shop.customers["8"]["id"] = None
    shop.customers["9"]["updated_at"] = "yesterday"
    place.sync("contacts", ok=(1,))
    parked = place.jobs("parked")
    assert len(parked) == 3 and {job["reason"] for job in parked} == {"plugin.unreadable"}, parked
    details = sorted(job["detail"] for job in parked)
    assert any("email: it is no text" in one for one in details), details
    assert any("id: it has none" in one for one in details), details
    assert len(crm.contacts) == 17
    place.close()


def a_refusal_inside_an_answer_parks_its_record_alone():
    shop, crm, place = with_customers(30)
    crm.refuse = {"c5@shop.example"}
    place.sync("contacts", ok=(1,))
    parked = place.jobs("parked")
    assert [job["key"] for job in parked] == ["5"], parked
    assert "c5@shop.example is on a list" in parked[0]["detail"], parked
    assert len(crm.contacts) == 29
    crm.refuse = set()
    place.run("retry", "--all")
    place.sync("contacts", ok=(0,))
    each_once(shop, crm)
    place.close()


def a_lost_answer_is_made_up_for_by_the_key_of_the_message():
    shop, hooks = Shop(), Hooks()
    place = Place(shop, None, hooks)
    shop.prices = [{"sku": f"s{n}", "price": 0.1, "stock": n, "on_sale": n % 2 == 0,
                    "tiers": [{"from": 10, "price": 19.99}]} for n in range(45)]
    place.flow("messages", "shop/price", "hooks/out", 'map = ( { to = "id"; from = "sku"; }, { to = "price"; from = "price"; },'
               ' { to = "tier"; from = "tiers[0].price"; } );\n')
    hooks.faults = [Fault("drop", times=6, percent=40), Fault("cut", times=3, percent=40), Fault("status 500", percent=40)]
    for _ in range(6):
        counts = place.sync("messages", ok=None)
        if counts["done"] == 45:
            break
    got = [one["data"] for one in hooks.messages]
    assert sorted(one["id"] for one in got) == sorted(f"s{n}" for n in range(45)), len(got)
    assert got[0]["price"] == "0.1" and got[0]["tier"] == "19.99", got[0]
    assert len(hooks.log) > 45 and isinstance(hooks.messages[0]["at"], int)
    before = len(hooks.log)
    place.sync("messages", ok=(0,))
    assert len(hooks.log) == before, "nothing changed, so nothing is sent"
    place.close()


def x12_messages_are_proven_taken_and_sent_on():
    hooks = Hooks()
    place = Place(None, None, hooks)
    place.write("koppel.conf", 'dashboard = { listen = "127.0.0.1:0"; };\n')
    serve = place.serve()
    place.run("connection", "hook", "hooks", "in")
    url = json.loads(place.run("connection", "hook", "--json").stdout.splitlines()[0])["url"]

    def send(i, event="order.made", sign=signed, **more):
        body = json.dumps({"event": event, "data": {"id": f"m{i}", "total": 19.95, **more}})
        request = urllib.request.Request(url, body.encode(), {"X-Signature": sign(body), "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    assert send(0, sign=lambda body: "sha256=00") == 401
    assert send(0, sign=lambda body: signed(body + " ")) == 401
    assert send(0, event="other") == 202, "what is not for us is passed over"
    hooks.faults = [Fault("drop", times=3, percent=50), Fault("status 503", percent=50)]
    assert [send(i) for i in range(1, 31)] == [202] * 30
    serve.send_signal(signal.SIGKILL)  # what was answered is in the journal
    serve.wait()
    serve = place.serve()
    url = json.loads(place.run("connection", "hook", "--json").stdout.splitlines()[0])["url"]
    assert [send(i) for i in range(25, 41)] == [202] * 16  # some come again
    until(lambda: len({one["data"]["id"] for one in hooks.messages}) == 40)
    serve.send_signal(signal.SIGTERM)
    assert serve.wait(30) == 0
    place.sync("notices", ok=None)
    ids = [one["data"]["id"] for one in hooks.messages]
    assert sorted(set(ids)) == sorted(f"m{i}" for i in range(1, 41)) and ids.count("m1") == 1, ids
    assert {one["data"]["total"] for one in hooks.messages} == {"19.95"}
    place.close()


def tokens_end_and_pages_are_linked():
    goods, hooks = Goods(), Hooks()
    goods.articles = [{"sku": f"g{n}", "name": f"Article {n}", "price": 0.10 + n} for n in range(1050)]
    place = Place(None, None, hooks)
    place.peers.append(goods)
    page = open(os.path.join(SRC, "plugins", "rest", "koppel-rest.7")).read()
    text = page.partition('example: connectors/goods.json\n')[2].partition(".Bd -literal\n")[2].partition("\n.Ed")[0]
    place.write("connectors/goods.json", text)
    place.env["GOODS_KEY"] = "secret words"
    place.write("connections.d/goods.conf", 'name = "goods"; connector = "goods"; timeout = "5s";\n'
                f'settings = {{ url = "{goods.url}"; client = "koppel"; client_key = "env:GOODS_KEY"; }};\n')
    place.flow("articles", "goods/article", "hooks/out",
               'map = ( { to = "id"; from = "sku"; }, { to = "price"; from = "price"; } );\n')
    counts = place.sync("articles", ok=(0,))
    assert counts["done"] == 1050 and goods.tokens >= 2, (counts, goods.tokens)
    assert len({one["data"]["id"] for one in hooks.messages}) == len(hooks.messages) == 1050
    prices = {one["data"]["id"]: one["data"]["price"] for one in hooks.messages}
    assert prices["g0"] == "0.1" and prices["g7"] == "7.1", prices["g7"]
    # what is gone from a whole list is told so; a link that leads elsewhere is not followed
    goods.away = "http://127.0.0.2:1"
    said = place.run("sync", "articles", "--wait", "1", ok=None).stderr
    assert "which would be given the log-in" in said, said
    assert "secret words" not in said and "token-" not in said
    place.close()


def a_wrong_key_stops_the_flow_and_is_told():
    shop, crm, place = with_customers(3)
    place.env["SHOP_KEY"] = "another key 0815"
    said = place.run("sync", "contacts", "--wait", "1", ok=None)
    assert "login was refused at customer.read" in said.stderr and "0815" not in said.stderr, said.stderr
    assert not crm.contacts
    place.close()


def mistakes_are_told_with_their_line_and_the_nearest_name():
    place = Place()
    path = "connectors/shop.json"
    good = open(f"{place.dir}/{path}").read()
    place.run("check")
    for old, new, said in (
            ('"by": "header"', '"by": "hedaer"', '"hedaer" must be one of none, basic'),
            ('"by": "header"', '"by": "hedaer"', 'did you mean "header"?'),
            ('"list": "data.items",\n          "pages"', '"lits": "data.items",\n          "pages"', 'did you mean "list"?'),
            ('{since}', '{sicne}', '"{sicne}" is neither a setting nor known here; did you mean "since"?'),
            ('"Idempotency-Key": "{job|short}"', '"X-Other": "x"', 'no text uses "{job}"'),
            ('"path": "/customers/{id}", "record": "data"}', '"path": "/customers/{key}"}', "a secret setting does not"),
            ('"rows": 20, ', '"rows": "20", ', "it must be a whole number"),
            ('"total": "data.total"},\n          "since": {"field": "updated_at", "format": "iso"}', '"total": "data.total"}',
             "nothing tells what changed"),
            ('"connector": "rest"', '"connector": "file"', 'names the plugin "file", which reads no description'),
            ('"connector": "rest"', '"connector": "rset"', 'plugin "rset"'),
            ('"remove": {"path": "/customers/{id}"}', '"remove": {"path": "/customers/{record.a..b}"}', "a name is missing"),
            ('"title": "Address"', '"title": 7', '"title" must be text'),
            ('"find": ["id", "email"]', '"find": ["id", "email", "name"]', '"name" is missing, which "find" lists'),
            ('"data.total"', '"data[x].total"', "is no place"),
            ('  "service": {', '  "servcie": {}, "service": {', 'did you mean "service"?')):
        place.write(path, good.replace(old, new, 1))
        line = good[:good.index(old)].count("\n") + 1
        done = place.run("check", ok=(78,))
        told = [one for one in done.stderr.splitlines() if said in one]
        assert told, (said, done.stderr)
        at = int(told[0].split(f"{path}:")[1].split(":")[0])
        assert abs(at - line) <= 12 or "which \"find\" lists" in said, (told[0], line)
    place.write(path, good.replace("[", "", 1))
    assert f"{path}:6: it is no JSON" in (said := place.run("check", ok=(78,)).stderr), said
    place.write(path, good)
    place.replace("connections.d/shop.conf", 'connector = "shop"', 'connector = "shp"')
    assert 'did you mean "shop"?' in (said := place.run("check", ok=(78,)).stderr), said
    place.replace("connections.d/shop.conf", 'connector = "shp"', 'connector = "rest"')
    assert 'shop.conf:3: "rest" needs a description' in place.run("check", ok=(78,)).stderr
    place.write("connectors/file.json", good)
    place.replace("connections.d/shop.conf", 'connector = "rest"', 'connector = "file"')
    assert "name the description otherwise" in place.run("check", ok=(78,)).stderr
    place.close()


def an_overlay_mends_a_description():
    shop, crm, place = with_customers(3)
    for customer in shop.customers.values():
        customer["mail"] = customer.pop("email")
    place.write("overlay.json", '{"entities": [{"name": "customer", "fields": [{"name": "email", "wire": "mail"}]}]}')
    place.replace("connections.d/shop.conf", "connector =", 'overlay = "overlay.json";\nconnector =')
    place.sync("contacts", ok=(0,))
    assert crm.contacts[1]["email"] == "c1@shop.example", crm.contacts[1]
    place.write("overlay.json", '{\n"entities": [{"name": "customer",\n "calls": {"read": {"lst": "x"}}}]}')
    said = place.run("check", ok=(78,)).stderr
    assert 'overlay.json:3: the overlay: entities.customer.calls.read: unknown member "lst"; did you mean "list"?' in said, said
    place.close()


def what_there_is_is_shown():
    shop, crm, place = with_customers(3)
    listed = place.run("plugins").stdout
    assert "A shop with a REST interface, page by page" in listed and "rest " in listed, listed
    shown = place.run("plugins", "show", "shop").stdout
    assert "read_by=rest" in shown and "postcode (wire zip)" in shown, shown
    assert json.loads(place.run("plugins", "show", "crm", "--json").stdout)["connector"] == "rest"
    lists = place.run("choices", "crm", "groups").stdout
    assert "First" in lists and "Second" in lists, lists
    tested = place.run("connection", "test", "shop").stdout
    assert "log in" in tested, tested
    online = place.run("check", "--online", ok=None)
    assert "connection shop answers" in online.stdout and "connection crm answers" in online.stdout, online
    shop.change(2, name="Shown")
    preview = place.run("preview", "contacts").stdout
    assert "contact.create" in preview or "create" in preview, preview
    assert not crm.contacts
    place.close()


if __name__ == "__main__":
    main([pages_are_read_on_by_the_time_of_change, more_records_of_one_second_than_a_page_holds,
          a_list_that_changes_between_two_pages_loses_nothing, faults_of_every_kind_leave_each_record_once,
          kills_and_lost_answers_leave_each_record_once, a_record_of_a_wrong_type_parks_alone, a_refusal_inside_an_answer_parks_its_record_alone,
          a_lost_answer_is_made_up_for_by_the_key_of_the_message, x12_messages_are_proven_taken_and_sent_on,
          tokens_end_and_pages_are_linked,
          a_wrong_key_stops_the_flow_and_is_told,
          mistakes_are_told_with_their_line_and_the_nearest_name, an_overlay_mends_a_description, what_there_is_is_shown])
