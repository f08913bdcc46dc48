#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Users, roles, sessions, tokens and guessing at the dashboard, from the API and the command line."""
import base64
import hashlib
import hmac
import json
import struct
import time

from koppeltest import log_lines, main, until
from webtest import PASSWORD, Web, ended, started


def told(shop, *words):
    return [json.loads(line) for line in shop.run("user", *words, "--json").stdout.splitlines()]


def invited(address, url, password=PASSWORD):
    """Who takes an invitation."""
    web = Web(address)
    token = url.rpartition("#invite=")[2]
    web.csrf = web.send("POST", "/invite", {"token": token, "password": password})["csrf"]
    return web


def b19_an_invitation_is_taken_once():
    shop, run, anna = started()
    made = anna.send("POST", "/users", {"user": "bas", "role": "operator"})
    assert made["url"].startswith(anna.address + "/#invite="), made
    token = made["url"].rpartition("=")[2]
    row = {u["user"]: u for u in anna.get("/users")["users"]}["bas"]
    assert row["role"] == "operator" and row["invited_until"] and not row["password"] and row["seen"] is None, row
    web = Web(anna.address)
    assert web.login("bas", ok=401)["code"] == "login.wrong", "there is no password yet"
    assert web.send("POST", "/invite/show", {"token": token}) == {"user": "bas", "role": "operator"}
    assert web.send("POST", "/invite", {"token": token, "password": "short"}, ok=422)["code"] == "password.weak"
    bas = invited(anna.address, made["url"])
    assert bas.get("/session")["user"]["role"] == "operator"
    assert web.send("POST", "/invite", {"token": token, "password": PASSWORD}, ok=403)["code"] == "invite.wrong"
    assert web.send("POST", "/invite/show", {"token": "0" * 32}, ok=403)["code"] == "invite.wrong"
    assert anna.send("POST", "/users", {"user": "bas", "role": "viewer"}, ok=422)["code"] == "user.there"
    assert anna.send("POST", "/users", {"user": "Bas", "role": "viewer"}, ok=422)["code"] == "user.name"
    assert anna.send("POST", "/users", {"user": "cas", "role": "king"}, ok=400)["code"] == "ask.wrong"
    # a new link takes the place of password and sessions
    again = told(shop, "reset", "bas")[0]
    assert bas.get("/session", ok=401)["code"] == "session.none"
    bas.cookie = bas.csrf = None
    assert bas.login("bas", ok=401)["code"] == "login.wrong"
    invited(anna.address, again["url"], "another few words 8").get("/flows")
    entries = [(e["order"], e["who"], e["about"]) for e in anna.get("/audit")["entries"]]
    assert ("users.add", "anna", "bas") in entries and any(e[0] == "users.reset" and e[2] == "bas" for e in entries)
    log = ended(shop, run)
    assert token not in log and PASSWORD not in log


def s11_a_session_ends_with_what_it_stood_on():
    shop, run, anna = started()
    bas = invited(anna.address, told(shop, "add", "bas", "--role", "operator")[0]["url"])
    other = Web(anna.address)
    other.login("bas")
    rows = bas.get("/me/sessions")["sessions"]
    assert len(rows) == 2 and sum(r["own"] for r in rows) == 1, rows
    # one is ended from the other
    bas.send("DELETE", "/me/sessions/" + next(r["session"] for r in rows if not r["own"]))
    other.get("/session", ok=401)
    other.cookie = other.csrf = None
    other.login("bas")
    # a new password ends the others, this one stays
    assert bas.send("PUT", "/me/password", {"current": "no such password", "password": "x" * 20},
                    ok=422)["code"] == "password.wrong"
    bas.send("PUT", "/me/password", {"current": PASSWORD, "password": "seven other words 9"})
    bas.get("/session")
    other.get("/session", ok=401)
    # so does another role
    anna.send("PATCH", "/users/bas", {"role": "viewer"})
    bas.get("/session", ok=401)
    bas.cookie = bas.csrf = None
    assert bas.login("bas", "seven other words 9")["user"]["role"] == "viewer"
    assert bas.send("POST", "/flows/orders/pause", ok=403)["code"] == "ask.denied"
    session = anna.get("/users/bas/sessions")["sessions"][0]["session"]
    anna.send("DELETE", f"/users/bas/sessions/{session}")
    bas.get("/session", ok=401)
    anna.send("DELETE", "/users/bas/sessions/" + "0" * 32, ok=404)
    # and the user
    bas.cookie = bas.csrf = None
    bas.login("bas", "seven other words 9")
    anna.send("DELETE", "/users/bas")
    bas.get("/session", ok=401)
    # the last admin stays
    assert anna.send("DELETE", "/users/anna", ok=422)["code"] == "user.last"
    assert anna.send("PATCH", "/users/anna", {"role": "viewer"}, ok=422)["code"] == "user.last"
    assert shop.run("user", "remove", "anna", ok=None).returncode != 0
    assert anna.send("PATCH", "/me", {"language": "nl"}) == {"language": "nl"}
    assert anna.get("/session")["user"]["language"] == "nl"
    assert anna.send("PATCH", "/me", {"language": "xx"}, ok=400)["code"] == "ask.wrong"
    # a session that had another log-in is none of anybody any more (S4)
    before = anna.cookie
    anna.login("anna")
    assert anna.cookie != before
    old = Web(anna.address)
    old.cookie = before
    old.get("/session", ok=401)
    old.cookie = "A" * 43
    old.get("/session", ok=401)
    old.login("anna")
    assert old.cookie != "A" * 43, "what a page planted is not taken over"
    ended(shop, run)


def code_at(secret, ms):
    """The code of RFC 6238."""
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">Q", ms // 30000), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def b19_a_second_factor():
    shop, run, anna = started()
    now = int(time.time() * 1000)
    made = anna.send("POST", "/me/totp")
    assert f"secret={made['secret']}" in made["uri"] and made["picture"]["path"].startswith("M"), made
    other = Web(anna.address)
    other.login("anna")
    assert not anna.get("/session")["user"]["totp"], "it counts once it was confirmed"
    wrong = f"{(int(code_at(made['secret'], now)) + 1) % 1000000:06}"
    if wrong not in {code_at(made["secret"], now + by) for by in (-30000, 30000, 60000)}:
        assert anna.send("PUT", "/me/totp", {"code": wrong}, ok=403)["code"] == "totp.wrong"
    codes = anna.send("PUT", "/me/totp", {"code": code_at(made["secret"], now - 30000)})["codes"]
    assert len(codes) == len(set(codes)) == 10, codes
    assert anna.get("/session")["user"]["totp"]
    other.get("/session", ok=401)
    # from now on a log-in wants one, and each works once
    other.cookie = other.csrf = None
    assert other.login("anna", ok=401)["code"] == "session.code"
    assert other.login("anna", code=code_at(made["secret"], now - 30000), ok=401)["code"] == "login.wrong", "used"
    other.login("anna", code=code_at(made["secret"], int(time.time() * 1000)))
    other.send("DELETE", "/session")
    other.csrf = None
    other.login("anna", code=codes[3].upper())
    other.send("DELETE", "/session")
    other.csrf = None
    assert other.login("anna", code=codes[3], ok=401)["code"] == "login.wrong"
    assert other.login("anna", code=codes[4])["user"]["totp"]
    assert other.send("POST", "/me/totp", ok=422)["code"] == "totp.on"
    other.send("DELETE", "/me/totp")
    assert not other.get("/session")["user"]["totp"]
    text = shop.run("user", "list").stdout
    assert "anna" in text and made["secret"] not in text
    # who lost all of it is let in from the shell
    again = other.send("POST", "/me/totp")["secret"]
    other.send("PUT", "/me/totp", {"code": code_at(again, int(time.time() * 1000))})
    link = told(shop, "reset", "anna")[0]["url"]
    assert not invited(anna.address, link).get("/session")["user"]["totp"]
    log = ended(shop, run)
    assert made["secret"] not in log and codes[0] not in log


def s15_a_token_does_what_its_role_may():
    shop, run, anna = started("orders")
    made = anna.send("POST", "/tokens", {"token": "till-sync", "role": "operator"})
    assert made["secret"].startswith("kop_"), made
    assert anna.send("POST", "/tokens", {"token": "till-sync", "role": "viewer"}, ok=422)["code"] == "token.there"
    assert anna.send("POST", "/tokens", {"token": "x", "role": "king"}, ok=400)["code"] == "ask.wrong"
    over = anna.send("POST", "/tokens", {"token": "old", "role": "admin", "until": "2020-01-01"})["secret"]
    metrics = told(shop, "token", "add", "prometheus", "--role", "metrics")[0]["secret"]
    ends = int(time.time()) + 10
    soon = anna.send("POST", "/tokens", {"token": "soon", "role": "viewer", "until": time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(ends))})["secret"]

    def by(secret, method, path, body=None):
        return Web(anna.address).ask(method, "/api/v1" + path, body,
                                     {"Authorization": f"Bearer {secret}", "Sec-Fetch-Site": None})
    assert by(made["secret"], "GET", "/flows").status == 200
    assert by(soon, "GET", "/flows").status == 200 or time.time() >= ends
    # no page could send it, so it needs no token of a page
    assert by(made["secret"], "POST", "/flows/orders/pause", {"why": "a program"}).status == 200
    assert by(made["secret"], "GET", "/users").status == 403
    assert by(made["secret"], "POST", "/reload", {}).status == 403
    assert by(made["secret"], "PUT", "/me/password", {"current": "x", "password": "y"}).status == 403
    assert by(made["secret"], "GET", "/events").status == 403
    assert by(made["secret"], "POST", "/session/prove", {"password": "y"}).status == 403
    assert by(metrics, "GET", "/flows").status == 403
    for wrong in (over, "kop_" + "A" * 43, "kop_", "", made["secret"][:-1]):
        assert by(wrong, "GET", "/flows").status == 401, wrong
    got = by(made["secret"], "GET", "/flows")
    assert "Set-Cookie" not in got.headers
    entry = anna.get("/audit")["entries"][0]
    assert (entry["who"], entry["via"]) == ("token:till-sync", "token"), entry
    rows = {t["token"]: t for t in anna.get("/tokens")["tokens"]}
    assert rows["till-sync"]["used"] and rows["till-sync"]["by"] == "anna" and not rows["old"]["used"], rows
    assert "secret" not in json.dumps(rows)
    anna.send("DELETE", "/tokens/till-sync")
    assert by(made["secret"], "GET", "/flows").status == 401
    until(lambda: by(soon, "GET", "/flows").status == 401, 60)
    assert time.time() >= ends, "it ended before its time"
    log = ended(shop, run)
    assert made["secret"] not in log and metrics not in log


def s5_guessing_waits_and_the_owner_gets_in():
    shop, run, anna = started()
    guess = Web(anna.address)
    for _ in range(5):
        assert guess.login("anna", "a wrong password", ok=401)["code"] == "login.wrong"
        assert guess.login("nobody", "a wrong password", ok=401)["code"] == "login.wrong"
    # from now on it waits, whether there is such a user or not
    for name in ("anna", "nobody"):
        got = guess.ask("POST", "/api/v1/session", {"user": name, "password": PASSWORD})
        assert (got.status, got.code) == (429, "login.wait"), (got.status, got.bytes)
        assert 0 < int(got.headers["Retry-After"]) <= 30
    # the browser that anna logged in with before is counted alone
    anna.send("DELETE", "/session")
    anna.csrf = None
    anna.login("anna")
    anna.send("DELETE", "/session")
    anna.csrf = None
    assert anna.login("anna")["user"]["name"] == "anna"
    # many of them are an alert
    for i in range(2):
        for _ in range(5):
            guess.login(f"user{i}", "a wrong password", ok=401)
    until(lambda: any(a["rule"] == "login.guessing" for a in anna.get("/alerts")["alerts"]), 90)
    # and is nobody else's
    anna.send("DELETE", "/session")
    anna.csrf = None
    assert anna.login("nobody", ok=429)["code"] == "login.wait"
    log = ended(shop, run)
    failed = [line for line in log_lines(log) if line["event"] == "login.failed"]
    assert len(failed) == 20 and not any("anna" in line["msg"] for line in failed), failed


def s11_what_is_grave_wants_the_password_again():
    shop, run, anna = started(clock=True)
    anna.send("POST", "/users", {"user": "bas", "role": "viewer"})
    shop.clock.move(299)
    anna.send("POST", "/tokens", {"token": "one", "role": "viewer"})
    shop.clock.move(2)
    for method, path, body in (("POST", "/users", {"user": "cas", "role": "viewer"}), ("DELETE", "/users/bas", None),
                               ("PATCH", "/users/bas", {"role": "admin"}), ("POST", "/users/bas/reset", {}),
                               ("POST", "/tokens", {"token": "two", "role": "admin"}), ("DELETE", "/tokens/one", None),
                               ("POST", "/persons/erase", {"email": "a@b.nl"}), ("POST", "/me/totp", {}),
                               ("POST", "/persons/export", {"email": "a@b.nl"}), ("POST", "/retention", {})):
        assert anna.send(method, path, body, ok=403)["code"] == "session.prove", path
    # the rest goes on without
    anna.send("POST", "/flows/orders/pause")
    anna.get("/users")
    assert anna.send("POST", "/session/prove", {"password": "not this one 12"}, ok=401)["code"] == "login.wrong"
    anna.send("POST", "/users", {"user": "cas", "role": "viewer"}, ok=403)
    assert anna.send("POST", "/session/prove", {"password": PASSWORD}) == {}
    anna.send("POST", "/users", {"user": "cas", "role": "viewer"})
    # a session ends after two hours without use, an invitation after two days
    link = anna.send("POST", "/users/bas/reset")["url"]
    for _ in range(3):
        shop.clock.move(3600)
        anna.get("/session")
    shop.clock.move(2 * 3600 + 60)
    anna.get("/session", ok=401)
    shop.clock.move(48 * 3600)
    token = link.rpartition("=")[2]
    assert anna.send("POST", "/invite", {"token": token, "password": PASSWORD}, ok=403)["code"] == "invite.wrong"
    # guessing: five, then one after 30 s, one a minute later ...
    guess = Web(anna.address)
    for _ in range(5):
        guess.login("anna", "a wrong password", ok=401)
    for wait in (30, 60, 120, 240, 480, 900, 900):
        guess.login("anna", ok=429)
        shop.clock.move(wait + 1)
        guess.login("anna", "a wrong password", ok=401)
    shop.clock.move(901)
    guess.login("anna")
    ended(shop, run)


def b6_an_order_that_takes_long_becomes_a_task():
    shop, run, anna = started()
    anna.send("POST", "/flows/orders/pause")
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["state"] == "paused")
    slow = {"do": "wait", "before_ms": 1100, "times": 2}  # each of the next two requests to the books
    shop.trouble(slow)
    got = anna.ask("POST", "/api/v1/connections/books/test", {})
    assert got.status == 202, (got.status, got.bytes)
    number = got.json["task"]
    assert got.headers["Location"] == f"/api/v1/tasks/{number}"
    seen = anna.get(f"/tasks/{number}")
    assert seen["order"] == "connections.test" and seen["by"] == "anna", seen
    assert any(t["task"] == number for t in anna.get("/tasks")["tasks"])
    until(lambda: anna.get(f"/tasks/{number}")["state"] != "running")
    over = anna.get(f"/tasks/{number}")
    assert over["state"] == "done" and over["out"]["connection"] == "books" and over["error"] is None, over
    assert over["progress"]["step"], over
    # who is no admin sees their own alone
    bas = invited(anna.address, told(shop, "add", "bas", "--role", "operator")[0]["url"])
    assert bas.get("/tasks")["tasks"] == []
    bas.get(f"/tasks/{number}", ok=404)
    anna.get("/tasks/999", ok=404)
    # one that is ended
    shop.trouble(slow)
    number = bas.ask("POST", "/api/v1/connections/books/test", {}).json["task"]
    bas.send("DELETE", f"/tasks/{number}")
    until(lambda: bas.get(f"/tasks/{number}")["state"] != "running")
    # an engine that ends does not wait for one
    shop.trouble(slow)
    assert anna.ask("POST", "/api/v1/connections/books/test", {}).status == 202
    ended(shop, run)


if __name__ == "__main__":
    main([b19_an_invitation_is_taken_once, b19_a_second_factor, s11_a_session_ends_with_what_it_stood_on,
          s15_a_token_does_what_its_role_may, s5_guessing_waits_and_the_owner_gets_in,
          s11_what_is_grave_wants_the_password_again, b6_an_order_that_takes_long_becomes_a_task])
