#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Persons that were planted in both systems, in what they refuse and in what users type: a viewer who may not see
personal data finds them in no answer of any row, and in no event. planted.py looks where things stay."""
import json
import re
import threading
import urllib.parse

from dashboard_edges import described, listener, operations
from dashboard_users import invited, told
from koppeltest import http, main, until
from planted import PERSON
from webtest import ended, started

EMPLOYEES = ("A. Jansen", "B. de Boer", "C. Bakker")
NOT_HERE = {"tasks.show"}  # a task is told to who ordered it, as an order's answer is followed below


def forms(text):
    """How a text may stand in an answer."""
    return {text, text.lower(), text.replace(" ", ""), json.dumps(text)[1:-1], urllib.parse.quote(text)}


class Planted:
    def __init__(self, employees):
        self.wanted = {**PERSON, "surname": "Plantenborg", "domain": "verstopt-adres", "last part": "Verborgenius"}
        self.wanted.update({f"employee {i}": name for i, name in enumerate(employees)})

    def find(self, text):
        return sorted(what for what, one in self.wanted.items() if any(form in text for form in forms(one)))


class Ear(threading.Thread):
    """What a page hears, until its end."""

    def __init__(self, web):
        super().__init__(daemon=True)
        self.peer, self.text = listener(web), ""
        self.start()

    def run(self):
        while part := self.peer.recv(65536):
            self.text += part.decode()

    def heard(self):
        self.peer.shutdown(2)
        self.join(10)
        return self.text


def busy_shop():
    """Records that are done, parked, edited and skipped, with what a peer says of their person, and users' words."""
    shop, run, anna = started("orders", "customers")
    shop.write("alerts.conf", "personal = true;\n")
    ordered(anna, "/reload", {})
    for number in (1, 2):
        http(f"{shop.till}/_sandbox/relations/{number}", json.dumps(PERSON))
    bas = invited(anna.address, told(shop, "add", "bas")[0]["url"])
    cas = invited(anna.address, told(shop, "add", "cas", "--personal")[0]["url"])
    ears = {"bas": Ear(bas), "cas": Ear(cas)}
    settled(anna)
    http(f"{shop.till}/_sandbox/add-orders?n=4&relation=1", "", "POST")
    ordered(anna, "/flows/run", {"all": True})
    settled(anna)
    words = f'relation {PERSON["name"]} <{PERSON["email"]}> is refused, {PERSON["iban"]} of {PERSON["contact"]}'
    for rule in ({"do": "problem", "text": words, "writes": True, "times": 2},
                 {"do": "status", "status": 403, "text": words, "writes": True, "times": 30}):
        shop.trouble(rule)
        http(f"{shop.till}/_sandbox/add-orders?n=2&relation=1", "", "POST")
        ordered(anna, "/flows/run", {"flows": ["orders"]})
    shop.trouble()
    anna.send("POST", "/flows/orders/resume")
    http(f"{shop.till}/_sandbox/relations/2", json.dumps({**PERSON, "email": ""}))  # no key: it parks
    http(f"{shop.till}/_sandbox/add-orders?n=3&relation=2", "", "POST")
    ordered(anna, "/flows/run", {"all": True})
    settled(anna)
    return shop, run, anna, bas, cas, ears


def ordered(web, path, body, method="POST"):
    """An order that may take long, to its end."""
    answer = web.ask(method, "/api/v1" + path, body)
    if answer.status == 202:
        until(lambda: web.get(f"/tasks/{answer.json['task']}")["state"] != "running")
    return answer.status


def settled(web):
    until(lambda: all(f["read"] > 0 and f["pending"] == 0
                      for f in web.get("/flows", flows=["orders", "customers"])["flows"]))


def typed(shop, anna):
    """What users write, and what is made of records."""
    parked = [j["job"] for j in anna.get("/jobs", flow="orders", state="parked")["jobs"]]
    assert len(parked) >= 2, parked
    why = f'{PERSON["name"]} of {PERSON["address"]} rang, write to {PERSON["email"]}'
    anna.send("POST", f"/jobs/{parked[0]}/edit", {"why": why, "set": {"relation.name": PERSON["name"],
                                                                     "relation.contact": PERSON["contact"]}})
    anna.send("POST", "/jobs/skip", {"jobs": [parked[1]], "why": why})
    anna.send("POST", "/flows/orders/pause", {"why": why})
    anna.send("POST", "/flows/orders/resume")
    anna.send("POST", "/flows/customers/pause", {"why": why})
    every = {"edits": [{"do": "set", "path": "every", "value": '"7m"'}], "why": why}
    assert ordered(anna, "/flows/customers", every, "PATCH") in (200, 202)
    key = anna.get("/jobs", flow="orders", state="done", limit=1)["jobs"][0]["key"]
    ordered(anna, "/flows/orders/cases", {"key": key, "case": "one"})
    ordered(anna, "/reconcile", {"flow": "orders", "from": "2020-01-01"})
    row = {"do": "add", "key": PERSON["email"], "value": "1"}
    assert ordered(anna, "/config/tables/orders%2Fpayment_condition", row) in (200, 202)
    ordered(anna, "/persons/export", {"email": PERSON["email"]})


def answers(web, api, names):
    """Each answer of every row that may be asked, by its address."""
    for path, method, one in operations(api):
        body = {"POST /flows/{flow}/recent": {}}.get(f"{method} {path}")
        if one["operationId"] == "events" or (method != "GET" and body is None):
            continue
        ways = [{}]
        for member in re.findall(r"\{(\w+)\}", path):
            ways = [{**way, member: value} for way in ways for value in names.get(member, ["1"])]
        for way in ways:
            where = re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(way[m[1]], safe=""), path)
            for query in names.get(f"{method} {path}", [""]):
                answer = web.ask(method, "/api/v1" + where + query, body)
                yield one["operationId"], where + query, answer


def x11_a_viewer_finds_nobody_in_any_row():
    shop, run, anna, bas, cas, ears = busy_shop()
    employees = [row["title"] for row in anna.get("/connections/till/choices", list="employees")["values"]]
    planted = Planted([e for e in employees if len(e) > 5])
    typed(shop, anna)
    jobs = [j["job"] for j in anna.get("/jobs", limit=200)["jobs"]]
    mine = [job for job in jobs if planted.find(anna.ask("GET", f"/api/v1/jobs/{job}").bytes.decode())]
    assert len(mine) >= 6, (len(mine), len(jobs))
    lists = {c: anna.get(f"/connections/{c}/choices")["lists"] for c in ("till", "books")}
    numbers = [str(row["number"]) for row in anna.get("/reconcile")["results"]]
    names = {"flow": ["orders", "customers"], "connection": ["till", "books"], "job": mine, "number": numbers,
             "table": ["payment_condition", "orders/payment_condition"],
             "GET /jobs": ["?limit=200"] + ["?words=" + urllib.parse.quote(word)
                                           for word in ("plantenborg", PERSON["email"], PERSON["vatNumber"])],
             "GET /connections/{connection}/choices": [""] + [f"?list={one}" for one in {*lists["till"], *lists["books"]}],
             "GET /alerts": ["", "?all=true", "?language=nl"], "GET /cases": ["", "?flow=orders"]}
    api = described(anna)
    leaks, seen, whole, rows = [], {}, {}, set()
    for row, where, answer in answers(bas, api, names):
        # an order that takes longer is answered by a number: what it comes to is found under it
        text = answer.bytes.decode() + (json.dumps(bas.followed(answer), ensure_ascii=False) if answer.status == 202 else "")
        rows.add(row)
        seen[row] = seen.get(row, 0) + (answer.status in (200, 202))
        if found := planted.find(text):
            at = [text[max(0, text.find(form) - 80):text.find(form) + 60] for what in found[:1]
                  for form in forms(planted.wanted[what]) if form in text][:1]
            leaks.append((row, where, found, at))
    for row, where, answer in answers(cas, api, names):
        text = answer.bytes.decode() + (json.dumps(cas.followed(answer), ensure_ascii=False) if answer.status == 202 else "")
        whole.setdefault(row, set()).update(planted.find(text))
    assert not leaks, "\n".join(map(str, leaks))
    # nothing is found where nothing is answered: all that a viewer may ask was answered once
    may = {one["operationId"] for _, _, one in operations(api) if one.get("x-koppel-role") in (None, "viewer")}
    silent = {row for row in rows & may if not seen[row]}
    assert silent == NOT_HERE, silent ^ NOT_HERE
    # what catalogues call it names nobody
    ends = [[flow[end]["title"] for end in ("from", "to")] for flow in bas.get("/flows")["flows"] if flow["flow"] == "orders"]
    assert ends == [["Orders", "Sales invoices"]], ends
    titles = bas.get("/jobs/{}/explain".format(urllib.parse.quote(mine[0], safe="")))["titles"]
    assert titles["source"] and "***" not in json.dumps(titles), titles
    # it was there to be found, by who may
    shown = {row for row, found in whole.items() if found}
    print(f"  {sum(seen.values())} answers of {len([r for r in seen if seen[r]])} rows, {len(shown)} of them with a person:",
          " ".join(sorted(shown)))
    assert {"jobs.list", "jobs.show", "jobs.explain", "connections.choices", "flows.status", "config.log", "config.rows"} <= shown, shown
    assert {"name", "email", "address", "city", "telephone", "contact"} <= set().union(*whole.values()), whole
    # looking for a name would tell whose records there are; numbers are everybody's
    for word in ("plantenborg", PERSON["email"], "Xaverius Plantenborg"):
        assert bas.get("/jobs", ok=403, words=word)["code"] == "search.personal", word
        assert cas.get("/jobs", words=word)["jobs"], word
    key = anna.get("/jobs", flow="orders", limit=1)["jobs"][0]["key"]
    assert bas.get("/jobs", words=key)["jobs"] and bas.get("/jobs", key=key)["jobs"], key
    # each word is looked at as it is looked for: beside a number, and beside one that is too long to be looked for
    for text in (f"plantenborg {key}", "plantenborg " + "1" * 200, f"{key} {PERSON['email']}"):
        assert bas.get("/jobs", ok=403, words=text)["code"] == "search.personal", text
        assert cas.get("/jobs", words=text)["jobs"] is not None, text
    assert bas.get("/jobs", ok=403, key=PERSON["email"])["code"] == "search.personal"
    heard = {name: ear.heard() for name, ear in ears.items()}
    assert "event: flow.paused" in heard["bas"] and "event: task" in heard["bas"], heard["bas"][-2000:]
    assert not planted.find(heard["bas"]), planted.find(heard["bas"])
    assert planted.find(heard["cas"]), "who may hears what was typed"
    ended(shop, run)


def s11_a_right_that_was_taken_ends_what_pages_hear():
    shop, run, anna = started("orders")
    bas = invited(anna.address, told(shop, "add", "bas", "--role", "operator")[0]["url"])
    cas = invited(anna.address, told(shop, "add", "cas", "--personal")[0]["url"])
    ear = Ear(cas)
    until(lambda: "event: hello" in ear.text)
    assert not anna.send("PATCH", "/users/cas", {"personal": False})["personal"]
    anna.send("POST", "/flows/orders/pause", {"why": f'{PERSON["email"]} rang'})
    until(lambda: PERSON["email"] in ear.text or ear.text.endswith("\r\n0\r\n\r\n"), 30)  # the stream's end
    assert PERSON["email"] not in ear.text, ear.text
    cas.get("/session", ok=401)
    # so does one that is given: what a page was told had gaps
    cas.cookie = cas.csrf = None
    cas.login("cas")
    ear = Ear(cas)
    until(lambda: "event: hello" in ear.text)
    assert PERSON["email"] not in ear.text
    anna.send("PATCH", "/users/cas", {"personal": True})
    cas.get("/session", ok=401)
    # what an operator may see does not turn on it
    anna.send("PATCH", "/users/bas", {"personal": True})
    bas.get("/session")
    ended(shop, run)


if __name__ == "__main__":
    main([x11_a_viewer_finds_nobody_in_any_row, s11_a_right_that_was_taken_ends_what_pages_hear])
