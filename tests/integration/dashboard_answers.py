#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What every route of the API answers, held against its schema (schemas.py): each order is given once and comes to
something, so that no schema stands there unread."""
import re
import time
import urllib.parse
from http.client import HTTPException

import schemas
from dashboard_users import code_at, invited
from koppeltest import http, main, until
from webtest import PASSWORD, Web, ended, listens, started

# What a page cannot have from a shop of one host with these two systems, and what has no JSON; hooks.py and setup.py ask
# for some of it.
ELSEWHERE = {"alerts.failed", "backups.make", "backups.restore", "backups.unpack", "config.publish", "events", "hooks.make",
             "hooks.remove", "logins.finish", "setup.save", "store.move", "users.claim"}


class Asker:
    """A browser that gives orders and waits for what they come to."""

    def __init__(self, web):
        self.web = web

    def ask(self, method, route, body=None, query=None, **names):
        """The answer of a route, of the task where it takes long; names are those in its path."""
        path = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(str(names[m[1]]), safe=""), route)
        path += "?" + urllib.parse.urlencode(query) if query else ""
        answer = self.web.ask(method, path, body if method in ("GET", "DELETE") else body or {})
        value = answer.json
        if answer.status == 202:
            task = {}
            until(lambda: task.update(self.web.get(f"/tasks/{value['task']}")) or task["state"] != "running")
            assert task["state"] == "done", (method, route, task)
            return task["out"]
        assert answer.status == 200, (method, route, answer.status, value)
        return value

    def get(self, route, **names):
        return self.ask("GET", route, **names)


def settled(one, *flows):
    until(lambda: all(row["read"] > 0 and row["pending"] == 0
                      for row in one.get("/flows", query={"flows": flows[0]})["flows"]))


def of_records(one, shop):
    settled(one, "orders")
    one.get("/causes"), one.get("/runs"), one.get("/history"), one.get("/hosts"), one.get("/connections")
    jobs = one.get("/jobs", query={"flow": "orders", "limit": 50})["jobs"]
    parked = [job for job in jobs if job["state"] == "parked"]
    assert len(parked) > 1, "records wait for somebody"
    done = next(job for job in jobs if job["state"] == "done")
    for job in (parked[0], done):
        one.get("/jobs/{job}", job=job["job"]), one.get("/jobs/{job}/explain", job=job["job"])
    one.ask("POST", "/jobs/{job}/edit", {"why": "a test", "set": {"reference": "x"}}, job=parked[0]["job"])
    one.get("/jobs/{job}", job=parked[0]["job"])
    one.ask("POST", "/jobs/retry", {"flow": "orders", "state": "parked", "plan": True})
    one.ask("POST", "/jobs/retry", {"jobs": [parked[0]["job"]], "wait": True})
    one.ask("POST", "/flows/{flow}/pause", {"why": "a test"}, flow="orders")
    one.ask("POST", "/jobs/skip", {"jobs": [parked[1]["job"]], "why": "a test"})
    one.ask("POST", "/jobs/{job}/done", {"why": "a test", "id": done["remote_id"]}, job=parked[0]["job"])
    one.ask("POST", "/flows/{flow}/resume", flow="orders")
    return done


def of_flows(one, done):
    one.ask("POST", "/flows/run", {"flows": ["orders"], "wait_ms": 0})
    for flow in ("orders", "customers", "products"):
        one.get("/flows/{flow}/mapping", flow=flow), one.get("/flows/{flow}/fields", flow=flow)
        one.get("/flows/{flow}/form", flow=flow)
    one.get("/flows/{flow}/tables/{table}/choices", flow="orders", table="payment_condition")
    one.ask("POST", "/flows/{flow}/recent", {"edits": []}, flow="orders")
    one.get("/flows/{flow}/draft", flow="orders")
    one.ask("PUT", "/flows/{flow}/draft", {"draft": {"edits": []}}, flow="orders")
    one.get("/flows/{flow}/draft", flow="orders")
    for asked in ({"limit": 3, "check": True}, {"key": done["key"]}, {"job": done["job"]}, {"limit": 3, "alone": True}):
        one.ask("POST", "/flows/{flow}/preview", asked, flow="orders")
    one.ask("POST", "/flows/{flow}/resend", flow="orders")
    one.ask("POST", "/flows/{flow}/again", {"keys": [done["key"]], "wait_ms": 0}, flow="orders")
    one.ask("POST", "/flows/{flow}/cases", {"key": done["key"], "case": "one"}, flow="orders")
    one.ask("POST", "/flows/{flow}/cases/{case}/accept", flow="orders", case="one")
    one.get("/cases")
    record = one.get("/jobs/{job}", job=done["job"])["source"]
    edits = [{"do": "set", "path": "every", "value": '"7m"'}]
    one.ask("POST", "/flows/{flow}/mapping/try",
            {"edits": edits, "records": [{"key": done["key"], "record": record}], "cases": True}, flow="orders")
    one.ask("PATCH", "/flows/{flow}", {"edits": edits, "plan": True}, flow="orders")
    one.ask("PATCH", "/flows/{flow}", {"edits": edits, "why": "a test"}, flow="orders")
    one.ask("PATCH", "/flows/{flow}", {"edits": [{"do": "set", "path": "every", "value": '"x"'}]}, flow="orders")


def of_comparisons(one, shop):
    http(f"{shop.till}/_sandbox/add-orders?n=2&relation=1", "", "POST")
    report = one.ask("POST", "/reconcile", {"flow": "orders", "from": "2020-01-01"})
    assert report["missing"], "there is something that the books lack"
    number = one.get("/reconcile")["results"][0]["number"]
    one.get("/reconcile/{number}", number=number), one.get("/reconcile/{number}/csv", number=number)
    one.ask("POST", "/reconcile/queue", {"flow": "orders", "keys": [report["missing"][0]["key"]], "wait_ms": 0})


def of_connections(one):
    for name in ("till", "books"):
        lists = one.get("/connections/{connection}/choices", connection=name)["lists"]
        one.get("/connections/{connection}/choices", connection=name, query={"list": lists[0]})
        one.ask("POST", "/connections/{connection}/test", connection=name)
        one.get("/connections/{connection}", connection=name)
    one.ask("POST", "/connections/{connection}/credentials", {"settings": {"url": "http://127.0.0.1:1"}}, connection="till")
    one.ask("POST", "/connections/{connection}/login", {"redirect": one.web.address + "/login"}, connection="books")
    for plugin in one.get("/plugins")["plugins"]:
        one.get("/plugins/{plugin}", plugin=plugin["name"])


def of_tasks(one, shop):
    """One that is ended, and one that comes to something."""
    for cancel in (True, False):
        shop.trouble({"do": "wait", "before_ms": 1500, "times": 4})
        begun = one.web.ask("POST", "/api/v1/connections/books/test", {})
        assert begun.status == 202, (begun.status, begun.json)
        task = begun.json["task"]
        assert task in [row["task"] for row in one.get("/tasks")["tasks"]]
        if cancel:
            one.ask("DELETE", "/tasks/{task}", task=task)
        until(lambda: one.get("/tasks/{task}", task=task)["state"] != "running")
    shop.trouble()


def of_setup(one):
    step = one.ask("POST", "/setup")
    one.get("/setup"), one.get("/setup/{setup}", setup=step["setup"])
    one.ask("POST", "/setup/{setup}", {"step": step["step"], "answers": {"systems": []}}, setup=step["setup"])
    one.ask("DELETE", "/setup/{setup}", setup=step["setup"])


def of_configuration(one, shop):
    one.get("/config"), one.get("/system"), one.get("/system/bundle")
    last = one.get("/config/revisions")["revisions"][0]["revision"]
    one.get("/config/revisions/{revision}", revision=last)
    one.get("/config/revisions/{revision}", revision=last, query={"file": "koppel.conf"})
    one.get("/config/revisions/{from}/diff", **{"from": last})
    one.get("/config/tables/{table}", table="orders/payment_condition")
    one.ask("POST", "/config/tables/{table}", {"do": "add", "key": "GIFT", "value": "2"}, table="orders/payment_condition")
    one.ask("POST", "/config/settings", {"path": "flows.d/orders.conf:every", "value": "8m"})
    one.ask("POST", "/config/revisions/{revision}/rollback", {"why": "a test"}, revision=last)
    file = "flows.d/orders.conf"
    one.get("/files")
    shown = one.get("/files/{file}", file=file)
    text = shown["text"] + "# ours\n"
    one.ask("POST", "/files/{file}/check", {"text": text, "base": shown["text"]}, file=file)
    one.ask("POST", "/files/{file}/check", {"text": "wrong\n"}, file=file)
    one.ask("PUT", "/files/{file}", {"text": text, "digest": shown["digest"]}, file=file)
    shop.write(file, text + "oops\n")
    one.get("/config"), one.get("/files"), one.get("/files/{file}", file=file)
    assert not one.ask("POST", "/reload")["active"]
    one.get("/flows"), one.get("/system"), one.get("/cases")
    shop.write(file, text)
    assert one.ask("POST", "/reload")["active"]


def of_keeping(one):
    one.get("/retention/plan"), one.ask("POST", "/retention")
    one.ask("PATCH", "/retention", {"ages": {"runs": "30d"}, "plan": True})
    one.ask("PATCH", "/retention", {"ages": {"runs": "30d"}})


def is_back(one):
    """Whether the engine serves with the backup put back; until then it ends, nobody listens, or it begins."""
    try:
        answer = one.web.ask("GET", "/api/v1/backups")
        return answer.status == 200 and answer.json["last"] is not None
    except (OSError, HTTPException):
        return False


def of_backups(one, shop):
    listens(shop, port=one.web.host.rpartition(":")[2])  # the engine that comes back is at the same address
    name = one.ask("POST", "/backups/kept")["backup"]
    assert one.get("/backups")["last"] is None
    begun = one.web.ask("POST", f"/api/v1/backups/kept/{name}/restore", {})
    assert begun.status in (200, 202), (begun.status, begun.bytes)
    if begun.status == 202:  # a task of this engine, which goes before anybody can ask what it came to
        schemas.answered.add("backups.back")
    until(lambda: is_back(one))
    one.ask("DELETE", "/backups/kept/{backup}", backup=name)


def of_persons(one):
    jobs = one.get("/jobs", query={"flow": "customers", "limit": 50})["jobs"]
    records = [one.get("/jobs/{job}", job=job["job"])["source"] for job in jobs]
    email = next(record["email"] for record in records if record and record.get("email"))
    one.ask("POST", "/persons/find", {"email": email})
    one.ask("POST", "/persons/export", {"email": email, "whole": True})
    one.ask("POST", "/persons/erase", {"email": email, "why": "a test"})
    one.get("/persons/reports")


def of_alerts(one):
    one.get("/alerts/settings")
    office = {"settings": {"type": "ntfy", "url": "http://127.0.0.1:1", "topic": "x"}}
    one.ask("PUT", "/alerts/channels/{channel}", office, channel="office")
    one.ask("PATCH", "/alerts/settings", {"settings": {"language": "nl", "personal": True}})
    rule = one.get("/alerts/settings")["rules"][0]["rule"]
    one.ask("PUT", "/alerts/rules/{rule}", {"settings": {"on": False}}, rule=rule)
    one.get("/alerts/settings")
    one.ask("POST", "/alerts/channels/{channel}/test", channel="office")
    alerts = []
    until(lambda: alerts.extend(one.get("/alerts", query={"all": "true"})["alerts"]) or alerts)
    one.ask("POST", "/alerts/{alert}/acknowledge", {"until": "1h"}, alert=alerts[0]["alert"])
    one.get("/alerts", query={"all": "true"})
    one.ask("DELETE", "/alerts/channels/{channel}", channel="office")


def of_users(one):
    added = one.ask("POST", "/users", {"user": "bas", "role": "viewer"})
    one.ask("POST", "/invite/show", {"token": added["url"].rpartition("=")[2]})
    bas = invited(one.web.address, added["url"])
    one.get("/users"), bas.get("/me/sessions")
    session = one.get("/users/{user}/sessions", user="bas")["sessions"][0]["session"]
    one.ask("DELETE", "/users/{user}/sessions/{session}", user="bas", session=session)
    one.ask("PATCH", "/users/{user}", {"role": "operator"}, user="bas")
    one.ask("POST", "/users/{user}/reset", user="bas")
    one.ask("DELETE", "/users/{user}", user="bas")
    one.ask("POST", "/tokens", {"token": "a", "role": "metrics"})
    one.get("/tokens"), one.ask("DELETE", "/tokens/{token}", token="a")
    other = Web(one.web.address)
    other.login("anna")
    sessions = one.get("/me/sessions")["sessions"]
    one.ask("DELETE", "/me/sessions/{session}", session=next(s["session"] for s in sessions if not s["own"]))
    one.ask("PATCH", "/me", {"language": "de"})
    secret = one.ask("POST", "/me/totp")["secret"]
    one.ask("PUT", "/me/totp", {"code": code_at(secret, int(time.time() * 1000))})
    one.ask("DELETE", "/me/totp")
    one.ask("PUT", "/me/password", {"current": PASSWORD, "password": PASSWORD + " more"})
    one.ask("POST", "/session/prove", {"password": PASSWORD + " more"})
    one.get("/session")
    other.login("anna", PASSWORD + " more")
    other.send("DELETE", "/session")


def every_answer_fits():
    shop, run, anna = started("orders", "customers", "products")
    one = Asker(anna)
    done = of_records(one, shop)
    of_flows(one, done)
    of_comparisons(one, shop)
    of_connections(one)
    of_tasks(one, shop)
    of_setup(one)
    of_configuration(one, shop)
    of_keeping(one)
    of_alerts(one)
    of_users(one)
    of_persons(one)
    one.get("/audit"), one.get("/audit/csv"), one.get("/openapi.json"), one.get("/hooks")
    one.ask("POST", "/store/upgrade")
    of_backups(one, shop)
    one.ask("POST", "/stop")
    left = {order for order, _, _ in schemas.rows()} - schemas.answered
    print(f"  {len(schemas.answered)} orders")
    assert left == ELSEWHERE, (left - ELSEWHERE, ELSEWHERE - left)
    ended(shop, run)


if __name__ == "__main__":
    main([every_answer_fits])
