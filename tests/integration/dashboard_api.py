#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The dashboard's server: log-ins, routes, problems, events, what a foreign page cannot do."""
import gzip
import http.client
import json
import re
import socket
import urllib.parse

from koppeltest import Shop, log_lines, main, until
from serve import stop
from webtest import PASSWORD, Web, claim_link, ended, listens, started


def exchange(web, text):
    """The first line that comes back for what is sent as it stands."""
    host, _, port = web.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as peer:
        peer.sendall(text.encode())
        return peer.makefile("rb").readline().decode()


def b1_the_first_user_is_claimed_once():
    shop, run, anna = started("orders")
    session = anna.get("/session")
    assert session["user"]["name"] == "anna" and session["user"]["role"] == "admin", session
    assert session["claim"] is False and session["csrf"] == anna.csrf
    # the link is used up, and none is made any more
    other = Web(anna.address)
    got = other.get("/session", ok=401)
    assert got["code"] == "session.none" and got["claim"] is False, got
    assert other.claim("0" * 32, "eve", ok=404)["code"] == "claim.over"
    refused = shop.run("user", "claim", ok=None)
    assert refused.returncode != 0 and "there is a user already" in refused.stderr, refused
    # out, and in again
    anna.send("DELETE", "/session")
    assert anna.cookie is None
    anna.csrf = None
    anna.get("/flows", ok=401)
    assert anna.login("anna", "wrong password 123", ok=401)["code"] == "login.wrong"
    assert anna.login("nobody", ok=401)["code"] == "login.wrong"
    assert anna.login("anna")["user"]["name"] == "anna"
    anna.get("/flows")
    # over a restart
    stop(run)
    listens(shop, port=anna.host.rpartition(":")[2])
    run = shop.start("serve")
    until(lambda: anna.get("/session")["user"]["name"] == "anna")
    log = ended(shop, run)
    assert not any("#claim=" in line["msg"] for line in log_lines(log)), log


def b1_a_claim_is_refused():
    shop, run, anna = started()
    anna.send("DELETE", "/session")
    ended(shop, run)
    shop = Shop("--orders", "1", login=False)
    listens(shop)
    run = shop.start("serve")
    address, first = claim_link(shop, run)
    _, token = claim_link(shop, run)
    web = Web(address)
    assert web.get("/session", ok=401)["claim"] is True
    assert web.claim(first, ok=403)["code"] == "claim.wrong", "a newer link takes its place"
    assert web.claim(token, password="short", ok=422)["code"] == "password.weak"
    assert web.claim(token, password="annaannaannaanna", ok=422)["code"] == "password.weak"
    assert web.claim(token, user="Anna B", ok=422)["code"] == "user.name"
    web.claim(token)
    log = ended(shop, run)
    links = [line for line in log_lines(log) if "#claim=" in line["msg"]]
    assert len(links) == 1 and links[0]["event"] == "dashboard", log
    assert PASSWORD not in log


def routes_are_the_service():
    shop, run, anna = started("orders")
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["read"] > 0
          and anna.get("/flows", flows="orders")["flows"][0]["pending"] == 0)
    rows = anna.get("/jobs", flow="orders", limit=5)["jobs"]
    assert len(rows) == 5, rows
    job = rows[0]["job"]
    shown = anna.get("/jobs/" + job)
    assert shown == anna.get("/jobs/" + job.replace("/", "%2F")), "a job's address, with slashes and without"
    anna.get("/jobs/" + job + "/explain")
    assert anna.get("/jobs/orders/99/99", ok=404)["code"] == "ask.unknown"
    got = anna.get("/jobs", ok=400, flwo="orders")
    assert got["code"] == "ask.wrong" and '"flow"' in got["text"], got
    anna.get("/jobs", ok=400, limit="many")
    anna.get("/jobs", ok=400, limit=[1, 2])
    anna.get("/nothing", ok=404)
    assert anna.ask("POST", "/api/v1/jobs", {}).status == 405
    assert anna.get("/flows/nosuch/mapping", ok=404)["text"]
    # an order, its audit, and what it says where it is wrong
    anna.send("POST", "/flows/orders/pause", {"why": "a test"})
    assert anna.get("/flows", flows="orders")["flows"][0]["paused"].endswith("a test")
    audit = anna.get("/audit")["entries"][0]
    assert audit["who"] == "anna" and audit["via"] == "gui", audit
    anna.send("POST", "/flows/orders/resume")
    assert anna.send("POST", "/flows/orders/pause", {"wy": "x"}, ok=400)["code"] == "ask.wrong"
    assert anna.send("POST", "/flows/orders/pause", {"flow": "stock"}, ok=400)["code"] == "ask.wrong"
    ended(shop, run)


def s1_a_foreign_page_changes_nothing():
    shop, run, anna = started("orders")
    path = "/api/v1/flows/orders/pause"

    def refused(status, code, body={}, raw=None, **headers):
        names = {k.replace("_", "-"): v for k, v in headers.items()}
        got = anna.ask("POST", path, None if raw is not None else body, names, raw=raw)
        assert (got.status, got.code) == (status, code), (names, got.status, got.bytes)
    own = {"Sec-Fetch-Site": None}
    refused(403, "http.origin", Sec_Fetch_Site="cross-site")
    refused(403, "http.origin", Sec_Fetch_Site="same-site")
    refused(403, "http.origin", Sec_Fetch_Site="none")
    refused(403, "http.origin", **own)
    refused(403, "http.origin", Origin="http://evil.example", **own)
    refused(403, "http.origin", Origin="null", **own)
    refused(403, "http.origin", Origin=f"http://evil.example/{anna.host}", **own)
    refused(403, "session.csrf", X_Koppel_CSRF=None)
    refused(403, "session.csrf", X_Koppel_CSRF="A" * 43)
    refused(415, "http.type", raw='{"why":"x"}', Content_Type="text/plain")
    refused(415, "http.type", raw="why=x", Content_Type="application/x-www-form-urlencoded")
    refused(415, "http.type", raw='{"why":"x"}', Content_Type="application/jsonp")
    refused(400, "ask.wrong", raw='{"why":"x","why":"y"}')
    refused(400, "ask.wrong", raw="[]")
    refused(400, "ask.wrong", raw="[" * 100)
    head = f"POST {path} HTTP/1.1\r\nHost: {anna.host}\r\nContent-Length: {1024 * 1024 + 1}\r\n\r\n"
    assert exchange(anna, head).startswith("HTTP/1.1 413 "), "before it is sent"
    assert anna.ask("POST", path, {}, {"Origin": f"http://{anna.host}", **own}).status == 200
    # a log-in, too, is taken from an own page only
    assert Web(anna.address).ask("POST", "/api/v1/session", {"user": "anna", "password": PASSWORD},
                                 {"Sec-Fetch-Site": "cross-site"}).status == 403
    # another session's token is none of this one's
    second = Web(anna.address)
    second.login("anna")
    refused(403, "session.csrf", X_Koppel_CSRF=second.csrf)
    ended(shop, run)


def s8_only_our_own_name_is_answered():
    shop, run, anna = started()
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", ""):
        assert anna.ask("GET", "/api/v1/session", headers={"Host": name or " "}).status in (400, 421), name
    for name in ("localhost", "[::1]", "127.0.0.1:1", "LOCALHOST:80"):
        assert anna.ask("GET", "/api/v1/session", headers={"Host": name}).status == 200, name
    ended(shop, run)


def s13_every_answer_has_the_headers():
    shop, run, anna = started()
    for path in ("/", "/api/v1/session", "/api/v1/nothing", "/nothing", "/%zz", "/../etc/passwd"):
        got = anna.ask("GET", path)
        policy = got.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "require-trusted-types-for 'script'" in policy
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Referrer-Policy"] == "no-referrer"
        assert got.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        if path.startswith("/api") or got.status >= 400:
            assert got.headers["Cache-Control"] == "no-store", path
    cookie = Web(anna.address).ask("POST", "/api/v1/session", {"user": "anna", "password": PASSWORD})
    told = cookie.headers["Set-Cookie"]
    for word in ("__Host-koppel=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"):
        assert word in told, told
    ended(shop, run)


def what_is_asked_again_is_not_told_again():
    shop, run, anna = started("orders")
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["done"] > 0)
    anna.send("POST", "/flows/orders/pause", {"why": "nothing is to move"})
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["state"] == "paused")  # its run is over
    path = "/api/v1/jobs?limit=5"
    first = anna.ask("GET", path)
    tag = first.headers["ETag"]
    assert first.status == 200 and re.fullmatch(r'"[0-9a-f]{32}"', tag), tag
    for sent in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        same = anna.ask("GET", path, headers={"If-None-Match": sent})
        assert same.status == 304 and same.bytes == b"" and same.headers["ETag"] == tag, (sent, same.status)
        assert same.headers["Cache-Control"] == "no-store", "it is kept on no disk"
    for sent in ('"x"', tag[:-2] + '"', tag[1:-1], ""):
        assert anna.ask("GET", path, headers={"If-None-Match": sent}).status == 200, sent
    # it is for who may ask at all, and another answer has another one
    assert Web(anna.address).ask("GET", path, headers={"If-None-Match": tag}).status == 401
    assert anna.ask("GET", "/api/v1/jobs?limit=4", headers={"If-None-Match": tag}).status == 200
    # and so has the same question once something has changed
    path = "/api/v1/flows"
    tag = anna.ask("GET", path).headers["ETag"]
    assert anna.ask("GET", path, headers={"If-None-Match": tag}).status == 304
    anna.send("POST", "/flows/orders/resume")
    changed = anna.ask("GET", path, headers={"If-None-Match": tag})
    assert changed.status == 200 and changed.headers["ETag"] != tag, changed.headers
    assert not [flow["paused"] for flow in changed.json["flows"] if flow["flow"] == "orders" and flow["paused"]]
    # files of the pages
    page = anna.ask("GET", "/")
    assert anna.ask("GET", "/", headers={"If-None-Match": page.headers["ETag"] + ', "y"'}).status == 304
    asset = re.search(rb'(?:src|href)="(/?[^"]+\.(?:js|css))"', page.bytes if page.headers["Content-Encoding"] != "gzip"
                      else gzip.decompress(page.bytes))[1].decode()
    got = anna.ask("GET", "/" + asset.lstrip("/"))
    assert got.status == 200 and "immutable" in got.headers["Cache-Control"] and got.headers["ETag"], got.headers
    assert anna.ask("GET", "/" + asset.lstrip("/"), headers={"If-None-Match": got.headers["ETag"]}).status == 304
    ended(shop, run)


def b11_a_change_says_what_it_was_made_on():
    shop, run, anna = started("orders")
    edits = {"edits": [{"do": "set", "path": "every", "value": '"7m"'}]}
    form = anna.ask("GET", "/api/v1/flows/orders/form")
    tag = form.headers["ETag"]
    assert tag.startswith(f'"{form.json["digest"]}.'), tag
    flow = "/api/v1/flows/orders"
    assert anna.ask("PATCH", flow, edits, {"If-Match": '"another"'}).status == 412
    named = anna.ask("PATCH", flow, {**edits, "match": "another"}, {"If-Match": tag})
    assert (named.status, named.code) == (412, "http.match"), "both, and they differ"

    def change(method, where, body, tag):
        """Status and code of what it comes to, at once or as a task."""
        found = anna.ask(method, where, body, {"If-Match": tag})
        if found.status != 202:
            return found.status, found.code
        task = {}
        until(lambda: task.update(anna.get(f"/tasks/{found.json['task']}")) or task["state"] != "running")
        error = task["error"] or {"status": 200, "code": None}
        return error["status"], error["code"]
    assert change("PATCH", flow, edits, tag) == (200, None)
    later = {"edits": [{"do": "set", "path": "every", "value": '"8m"'}]}
    assert change("PATCH", flow, later, tag) == (412, "config.changed")
    assert "7m" in open(shop.conf + "/flows.d/orders.conf").read()
    # a file the same way, and what has no versions
    file = anna.ask("GET", "/api/v1/files/flows.d%2Forders.conf")
    put = {"text": file.json["text"].replace("7m", "9m")}
    where = "/api/v1/files/flows.d%2Forders.conf"
    assert change("PUT", where, put, f'"{"0" * 32}"') == (412, "config.changed")
    assert change("PUT", where, put, file.headers["ETag"]) == (200, None)
    assert "9m" in open(shop.conf + "/flows.d/orders.conf").read()
    assert anna.ask("POST", flow + "/pause", {}, {"If-Match": tag}).code == "http.match"
    ended(shop, run)


def b13_what_the_pages_may_not_change():
    shop, run, anna = started("orders")
    port = anna.host.rpartition(":")[2]
    flow = {"edits": [{"do": "set", "path": "every", "value": '"7m"'}]}
    row = {"do": "add", "key": "GIFT", "value": "2"}
    table = "/config/tables/orders%2Fpayment_condition"

    def comes_to(method, path, body):
        """Why it was not done, or None."""
        answer = anna.ask(method, "/api/v1" + path, body)
        while answer.status == 202 or answer.json.get("state") == "running":
            answer = anna.ask("GET", f"/api/v1/tasks/{answer.json['task']}")
        out = answer.json.get("out") or answer.json
        return out.get("refused") or (None if answer.status == 200 else out.get("text"))

    def told():
        """What the pages say before anybody types: a flow, a table, alerts, a connection, files."""
        files = {f["file"]: f["why"] for f in anna.get("/files")["files"]}
        return [anna.get("/flows/orders/form")["refused"], anna.get(table)["refused"], anna.get("/alerts/settings")["why"],
                anna.get("/connections/till")["refused"], files["flows.d/orders.conf"], files["tables/payment.csv"]]
    for edit, closed in (("none", [True] * 6), ("tables", [True, False, True, True, True, False]), ("all", [False] * 6)):
        listens(shop, f'edit = "{edit}";', port=port)
        shop.run("reload")
        until(lambda: up(anna) and anna.get("/session")["edit"] == edit)
        said = told()
        assert [bool(one) for one in said] == closed, (edit, said)
        assert all("dashboard.edit" in one for one in said if one), said
        refused = comes_to("PATCH", "/flows/orders", flow)
        assert bool(refused) == closed[0], (edit, refused)
        assert ("7m" in open(shop.conf + "/flows.d/orders.conf").read()) != closed[0], edit
        refused = comes_to("POST", table, {**row, "key": "GIFT" + edit})
        assert bool(refused) == closed[1], (edit, refused)
        assert ("GIFT" + edit in open(shop.conf + "/tables/payment.csv").read()) != closed[1], edit
        refused = comes_to("POST", "/config/publish", {})
        assert ("dashboard.edit" in refused) == (edit != "all"), (edit, refused)
        # the command line is somebody who may write the files anyhow
        shop.run("table", "orders/payment_condition", "add", "CLI" + edit, "2")
    listens(shop, 'edit = "some";', port=port)
    assert '"all", "tables" or "none"' in mistakes(shop), "another word is a mistake"
    shop.run("stop")
    run.wait(30)
    run = shop.start("serve")
    until(lambda: up(anna))
    assert anna.get("/session")["edit"] == "none", "safe mode lets nobody in by a slip"
    ended(shop, run)


def mistakes(shop):
    done = shop.run("check", ok=(78,))
    return done.stdout + done.stderr


def up(web):
    try:
        return web.ask("GET", "/live").status == 200
    except OSError:
        return False


def b8_a_record_leads_to_its_pages():
    shop, run, anna = started("orders")
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["done"] > 0)
    done = anna.get("/jobs", flow="orders", state="done", limit=1)["jobs"][0]
    assert done["links"] == {"source": None, "destination": None}, "unknown: no link"
    shop.write("books.json", json.dumps({"entities": [{"name": "sales-invoice", "link": "https://books.example/i/{id}?x=1"}]}))
    shop.write("till.json", json.dumps({"entities": [{"name": "order", "link": "http://till.example/{id}"}]}))
    for name in ("books", "till"):
        shop.replace(f"connections.d/{name}.conf", f'name = "{name}";', f'name = "{name}"; overlay = "{name}.json";')
    shop.run("reload")
    one = anna.get("/jobs/" + done["job"])
    assert one["links"] == {
        "source": {"connection": "till", "url": "http://till.example/" + urllib.parse.quote(done["key"], safe="-._~")},
        "destination": {"connection": "books",
                        "url": f"https://books.example/i/{urllib.parse.quote(done['remote_id'], safe='-._~')}?x=1"}}, one["links"]
    listed = anna.get("/jobs", flow="orders", state="done", key=done["key"])["jobs"]  # newer ones come meanwhile
    assert [row["links"] for row in listed if row["job"] == done["job"]] == [one["links"]], listed
    for link in ("javascript:alert(1)//{id}", "https://x.example/", "https://{id}/"):
        shop.write("till.json", json.dumps({"entities": [{"name": "order", "link": link}]}))
        assert '"link" must be' in mistakes(shop), link
    ended(shop, run)


def b4_events_come_as_they_happen():
    shop, run, anna = started("orders")
    peer = http.client.HTTPConnection(anna.host, timeout=60)
    peer.request("GET", "/api/v1/events", headers={"Cookie": f"__Host-koppel={anna.cookie}"})
    answer = peer.getresponse()
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/event-stream"

    def event():
        rows = {}
        while True:
            line = answer.readline().decode().rstrip("\n")
            if not line and "event" in rows:
                return rows["event"], json.loads(rows["data"]), rows.get("id")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                rows[name] = value
    assert event()[0] == "hello"
    anna.send("POST", "/flows/orders/pause", {"why": "a test"})
    name, data, last = event()
    while name != "flow.paused":
        name, data, last = event()
    assert data["subject"] == "orders" and data["body"]["why"].endswith("a test"), data
    # what came after it is told to who comes back with its number
    anna.send("POST", "/flows/orders/resume")
    second = http.client.HTTPConnection(anna.host, timeout=60)
    second.request("GET", "/api/v1/events", headers={"Cookie": f"__Host-koppel={anna.cookie}",
                                                     "Last-Event-ID": last})
    late = second.getresponse()
    text = b""
    while b"event: flow.resumed" not in text:
        text += late.readline()
    assert b"event: flow.paused" not in text and b"event: reset" not in text, text
    second.close()
    # the log-out ends it
    anna.send("DELETE", "/session")
    while answer.readline():
        pass
    peer.close()
    anna.csrf = None
    anna.get("/events", ok=401)
    ended(shop, run)


def y1_an_address_follows_the_configuration():
    shop, run, anna = started()
    text = open(shop.conf + "/koppel.conf").read()
    shop.write("koppel.conf", re.sub(r'listen = "[^"]*"', 'listen = "off"', text))
    shop.run("reload")

    def gone():
        try:
            anna.get("/session")
        except OSError:
            return True
    until(gone)
    for wrong in ("0.0.0.0:8484", "10.1.2.3:8484", "127.0.0.1", "127.0.0.1:99999", "on"):
        shop.write("koppel.conf", re.sub(r'listen = "[^"]*"', f'listen = "{wrong}"', text))
        refused = shop.run("check", ok=(78,))
        assert re.search("an address and a port|without encryption", refused.stdout + refused.stderr), refused
    ended(shop, run)


if __name__ == "__main__":
    main([b1_the_first_user_is_claimed_once, b1_a_claim_is_refused, routes_are_the_service,
          s1_a_foreign_page_changes_nothing, s8_only_our_own_name_is_answered,
          s13_every_answer_has_the_headers,
          b13_what_the_pages_may_not_change, b8_a_record_leads_to_its_pages,
          what_is_asked_again_is_not_told_again, b11_a_change_says_what_it_was_made_on, b4_events_come_as_they_happen,
          y1_an_address_follows_the_configuration])
