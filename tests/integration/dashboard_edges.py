#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The edges of the dashboard's server: every route for every role, the description of the API, slow and many peers,
TLS and proxies, what a viewer does not see, and paths that lead out."""
import gzip
import json
import os
import re
import resource
import socket
import ssl
import subprocess
import time
import urllib.parse

import jsonschema

import schemas
from dashboard_users import invited, told
from koppeltest import Shop, log_lines, main, until
from serve import stop
from webtest import PASSWORD, Web, claim_link, ended, listens, started

ROLES = ["viewer", "operator", "admin"]


def described(web):
    return web.ask("GET", "/api/v1/openapi.json").json


def operations(api):
    for path, methods in api["paths"].items():
        for method, one in methods.items():
            yield path, method.upper(), one


def b18_every_route_for_every_role():
    shop, run, anna = started()
    api = described(Web(anna.address))
    askers = {None: Web(anna.address), "admin": anna}
    for role in ("viewer", "operator"):
        askers[role] = invited(anna.address, told(shop, "add", role, "--role", role)[0]["url"])
    tokens = {role: told(shop, "token", "add", role, "--role", role)[0]["secret"] for role in ROLES + ["metrics"]}
    count = 0
    for path, method, one in operations(api):
        need = one.get("x-koppel-role")
        if need is None:
            continue
        # a member that there is not: what may be done gets so far and no further
        where = "/api/v1" + re.sub(r"\{(\w+)\}", "1", path) + "?no_such_member=1"
        for role, web in askers.items():
            got = web.ask(method, where, {} if method not in ("GET", "DELETE") else None)
            want = 401 if role is None else 403 if ROLES.index(role) < ROLES.index(need) else 400
            assert got.status == want, (path, method, role, need, got.status, got.bytes)
            count += 1
        for role, secret in tokens.items():
            head = {"Authorization": f"Bearer {secret}", "Sec-Fetch-Site": None}
            got = Web(anna.address).ask(method, where, {} if method not in ("GET", "DELETE") else None, head)
            low = role == "metrics" or ROLES.index(role) < ROLES.index(need)
            assert got.status == (403 if low else 400), (path, method, role, need, got.status, got.bytes)
            count += 1
    print(f"  {count} requests")
    ended(shop, run)


def the_description_is_the_api():
    shop, run, anna = started()
    api = described(anna)
    assert api["openapi"] == "3.1.0" and len(api["paths"]) > 60, len(api["paths"])
    assert api["components"]["schemas"] == schemas.KNOWN["schemas"]
    seen, media = set(), {}
    for path, method, one in operations(api):
        order = one["operationId"]
        assert order not in seen, order
        seen.add(order)
        names = {p["name"] for p in one["parameters"] if p["in"] == "path"}
        assert names == set(re.findall(r"\{(\w+)\}", path)), path
        assert "200" in one["responses"] and "default" in one["responses"], path
        for answer in one["responses"].values():
            for kind, content in answer.get("content", {}).items():
                assert "schema" in content, f"{order} has no schema of what it answers"
                jsonschema.Draft202012Validator.check_schema(content["schema"])
                media.setdefault(kind, set()).add(order)
        if order in schemas.KNOWN["answers"]:
            done = one["responses"]["200"]["content"]["application/json"]["schema"]
            assert done == schemas.KNOWN["answers"][order], order
    # each row of the service is in it, and nothing of it is nobody's; what is no JSON says what it is
    rows = {order for order, _, _ in schemas.rows()}
    assert seen == rows == set(schemas.KNOWN["answers"]) | set(schemas.KNOWN["other"]), (seen ^ rows)
    assert media.pop("application/problem+json") == seen
    assert media.pop("application/json") == set(schemas.KNOWN["answers"])
    assert media == {"text/event-stream": {"events"}}, media
    ended(shop, run)


def s3_paths_lead_nowhere_else():
    shop, run, anna = started()
    for path in ("/../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/etc/passwd",
                 "/js/..%2f..%2fkoppel.conf", "/.git/config", "/js/%00", "/%zz", "/js\\..\\x", "/api", "/api/v1",
                 "/api/v2/session", "/api/v1/%2e%2e/session", "/hooks", "/index.html/x", "/a" * 40):
        got = anna.ask("GET", path)
        assert got.status in (400, 404), (path, got.status)
        assert b"root:" not in got.bytes
    assert anna.ask("GET", "/api/v1/jobs/" + urllib.parse.quote("../../etc", safe="")).status in (400, 404)
    # what works on the pages sees a folder, and nothing outside of it
    stop(run)
    folder = shop.dir + "/pages"
    os.mkdir(folder)
    open(folder + "/index.html", "w").write("<p>here</p>")
    open(shop.dir + "/secret.txt", "w").write("not for you")
    os.symlink("../secret.txt", folder + "/link.txt")
    shop.env["KOPPEL_ASSETS"] = folder
    listens(shop, port=anna.host.rpartition(":")[2])
    run = shop.start("serve")
    until(lambda: is_up(anna))
    assert anna.ask("GET", "/").bytes == b"<p>here</p>"
    for path in ("/link.txt", "/../secret.txt", "/%2e%2e/secret.txt"):
        assert anna.ask("GET", path).status == 404, path
    ended(shop, run)


def s6_slow_and_idle_peers_hold_nobody_up():
    shop, run, anna = started()
    where = anna.host.rpartition(":")
    where = (where[0], int(where[2]))
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))

    def served_meanwhile(what):
        began = time.monotonic()
        assert anna.get("/session")["user"]["name"] == "anna"
        took = time.monotonic() - began
        assert took < 9, f"{what}: she had to wait {took:.1f} s, until others were ended for being idle"

    def opened(text=b""):
        peer = socket.create_connection(where, timeout=60)
        peer.sendall(text)
        return peer
    # a thousand that say nothing: all at once, as nobody who means ill waits until he is let in
    idle = [socket.socket() for _ in range(1000)]
    for one in idle:
        one.setblocking(False)
        one.connect_ex(where)
    served_meanwhile("idle connections")
    for one in idle:
        one.close()
    # log-ins of which the second half never comes
    head = f"Host: {anna.host}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n".encode()
    login = b"POST /api/v1/session HTTP/1.1\r\n" + head + b"Content-Length: 90\r\n\r\n"
    half = [opened(login + b'{"user": "anna", "password": "thr') for _ in range(100)]
    served_meanwhile("half log-ins")
    # one who asks for much and reads nothing of it
    page = anna.ask("GET", "/")
    text = gzip.decompress(page.bytes) if page.headers["Content-Encoding"] == "gzip" else page.bytes
    names = ["/" + name.decode().lstrip("/") for name in re.findall(rb'(?:src|href)="([^"]+\.(?:js|css))"', text)]
    big = max(names, key=lambda name: len(anna.ask("GET", name).bytes))
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(where)
    deaf.setblocking(False)
    asked, one = 0, b"GET " + big.encode() + b" HTTP/1.1\r\n" + head + b"\r\n"
    until(lambda: deaf.recv(1, socket.MSG_PEEK) if asked else deaf.send(one))
    try:
        while asked < 5000:
            asked += deaf.send(one * 100) // len(one)
    except BlockingIOError:
        pass  # it takes no more of them
    assert asked > 100, asked
    served_meanwhile("answers that nobody reads")
    # a byte now and then keeps no connection, be it of the head or of the body: it is ended all the same
    slow = {"head": opened(b"GET /api/v1/session HTTP/1.1\r\n" + head + b"X-A: "), "body": opened(login + b"{")}
    began = time.monotonic()
    while slow and time.monotonic() - began < 90:
        for name, peer in list(slow.items()):
            try:
                peer.settimeout(0.5)
                peer.sendall(b"a")
                over = peer.recv(100) == b""
            except socket.timeout:
                over = False
            except OSError:
                over = True
            if over:
                print(f"  the slow {name} is ended after {time.monotonic() - began:.0f} s")
                slow.pop(name).close()
    assert not slow, f"held for ever: {list(slow)}"
    served_meanwhile("all that was")
    for one in [*half, deaf]:
        one.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    # half log-ins are nothing that is kept
    for _ in range(20):
        Web(anna.address).get("/session", ok=401)
    anna.get("/session")
    ended(shop, run)


def s7_nothing_gets_into_a_head():
    shop, run, anna = started()
    for name in ("a\r\nX-Evil: 1", "a%0d%0aX-Evil:1", "a\n", "\x00"):
        got = anna.ask("POST", "/api/v1/users", {"user": name, "role": "viewer"})
        assert got.status in (400, 422) and "X-Evil" not in got.headers, (name, got.status)
    got = anna.ask("GET", "/api/v1/flows/a%0d%0aX-Evil:%201/mapping")
    assert got.status == 404 and "X-Evil" not in got.headers
    ended(shop, run)


def s9_no_request_hides_in_another():
    shop, run, anna = started()
    host, _, port = anna.host.partition(":")

    def answers(text):
        with socket.create_connection((host, int(port)), timeout=30) as peer:
            peer.sendall(text.encode())
            peer.shutdown(socket.SHUT_WR)
            got = b""
            while True:
                part = peer.recv(65536)
                if not part:
                    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d+)", got)]
                got += part
    head = f"POST /api/v1/session HTTP/1.1\r\nHost: {anna.host}\r\n"
    hidden = f"GET /live HTTP/1.1\r\nHost: {anna.host}\r\n\r\n"
    assert answers(hidden) == [200], "it would be answered, were it seen"
    for more in ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
                 "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + hidden,
                 "Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n" + hidden,
                 "Content-Length: 3\r\nContent-Length: 0\r\n\r\n" + hidden,
                 "Content-Length: 0\r\nContent-Length: 3\r\n\r\n" + hidden,
                 "Content-Length : 3\r\n\r\n" + hidden,
                 "Content-Length: -1\r\n\r\n" + hidden,
                 "Content-Length: 1 1\r\n\r\n" + hidden,
                 # a line that ends for one reader and goes on for another
                 f"X-One: 1\nContent-Length: {len(hidden)}\r\n\r\n" + hidden,
                 f"Content-Length: {len(hidden)}\r\nX-One: 1\n\n" + hidden):
        codes = answers(head + more)
        assert codes and 200 not in codes, (more, codes)
    ended(shop, run)


def s8_a_proxy_is_believed_where_it_is_named():
    shop, run, anna = started()
    stop(run)
    listens(shop, 'url = "https://koppel.example.org"; proxy = ( "127.0.0.1" );', port=anna.host.rpartition(":")[2])
    run = shop.start("serve")
    until(lambda: is_up(anna))
    web = Web(anna.address)
    named = {"Host": "koppel.example.org", "X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    got = web.ask("POST", "/api/v1/session", {"user": "anna", "password": PASSWORD}, named)
    assert got.status == 200 and got.headers["Strict-Transport-Security"], got.status
    anna.cookie, anna.csrf = web.cookie, got.json["csrf"]
    seen = {s["address"] for s in anna.get("/me/sessions")["sessions"]}
    assert "203.0.113.9" in seen and "198.51.100.7" not in seen, seen
    # five wrong ones of one address do not keep another one out
    for _ in range(6):
        Web(anna.address).ask("POST", "/api/v1/session", {"user": "anna", "password": "x"}, named)
    other = dict(named, **{"X-Forwarded-For": "192.0.2.1"})
    assert Web(anna.address).ask("POST", "/api/v1/session", {"user": "anna", "password": PASSWORD}, other).status == 200
    assert Web(anna.address).ask("POST", "/api/v1/session", {"user": "anna", "password": PASSWORD}, named).status == 429
    log = ended(shop, run)
    assert any("203.0.113.9" in line["msg"] for line in log_lines(log) if line["event"] == "login.failed"), log


def is_up(web):
    try:
        return web.ask("GET", "/live").status == 200
    except OSError:
        return False


def s8_others_come_by_tls_only():
    shop = Shop("--orders", "1", login=False)
    shop.write("koppel.conf", 'dashboard = { listen = "0.0.0.0:0"; };\n')
    refused = shop.run("check", ok=(78,))
    assert "without encryption" in refused.stdout + refused.stderr, refused
    files = {name: f"{shop.conf}/{name}.pem" for name in ("cert", "key")}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", files["key"], "-out",
                    files["cert"]], check=True, capture_output=True)
    os.chmod(files["key"], 0o600)
    shop.write("koppel.conf", '''dashboard = { listen = "127.0.0.1:0"; tls = { cert = "cert.pem"; key = "key.pem"; }; };
''')
    run = shop.start("serve")
    address, token = claim_link(shop, run)
    assert address.startswith("https://127.0.0.1:"), address
    host, port = "127.0.0.1", int(address.rpartition(":")[2])
    context = ssl.create_default_context(cafile=files["cert"])
    with context.wrap_socket(socket.create_connection((host, port), timeout=30), server_hostname=host) as peer:
        peer.sendall(f"GET /api/v1/session HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        text = b""
        while True:
            part = peer.recv(65536)
            if not part:
                break
            text += part
    assert text.startswith(b"HTTP/1.1 401 ") and b"Strict-Transport-Security" in text, text
    log = ended(shop, run)
    assert token and "BEGIN" not in log


def x11_a_viewer_sees_no_persons():
    shop, run, anna = started("orders", "customers")
    until(lambda: all(f["read"] > 0 and f["pending"] == 0
                      for f in anna.get("/flows", flows=["orders", "customers"])["flows"]))
    bas = invited(anna.address, told(shop, "add", "bas")[0]["url"])
    cas = invited(anna.address, told(shop, "add", "cas", "--personal")[0]["url"])
    persons = set()
    for debtor in shop.debtors():
        persons.update(str(debtor[name]) for name in ("email", "name", "street", "city", "phone", "zipcode")
                       if len(str(debtor.get(name) or "")) > 4)
    assert len(persons) > 10, persons

    def found(web, path):
        text = web.ask("GET", "/api/v1" + path).bytes.decode()
        return {p for p in persons if json.dumps(p)[1:-1] in text or p in text}
    jobs = [j["job"] for j in anna.get("/jobs", limit=200)["jobs"]]
    paths = ["/jobs?limit=200", "/causes"] + [f"/jobs/{job}" for job in jobs[:25]] + \
        [f"/jobs/{job}/explain" for job in jobs[:5]]
    all_of_it = set().union(*(found(anna, path) for path in paths))
    assert len(all_of_it) > 5, "there is something to be hidden"
    assert set().union(*(found(cas, path) for path in paths)) == all_of_it, "who may see it does"
    for path in paths:
        assert not found(bas, path), (path, found(bas, path))
    # what is of no person stays
    row = bas.get("/jobs", limit=1)["jobs"][0]
    assert row["job"] and row["state"] and row["flow"], row
    ended(shop, run)


def s10_no_secret_is_in_any_answer():
    shop, run, anna = started("orders", "customers")
    until(lambda: anna.get("/flows", flows="orders")["flows"][0]["done"] > 0)
    secret = anna.send("POST", "/tokens", {"token": "one", "role": "admin"})["secret"]
    planted = {"till": shop.info["mpluskassa"]["secret"], "books": shop.info["asperion"]["client_secret"],
               "password": PASSWORD, "token": secret, "session": anna.cookie, "key": open(os.path.join(shop.conf, "secret.key")).read().strip()}
    job = anna.get("/jobs", limit=1)["jobs"][0]["job"]
    names = {"flow": "orders", "connection": "books", "job": job, "revision": "1", "from": "1", "plugin": "asperion",
             "table": "orders/payment_condition", "user": "anna", "task": "1", "number": "1", "file": "koppel.conf"}
    seen = 0
    for path, method, one in operations(described(anna)):
        if method != "GET" or one["operationId"] == "events":
            continue
        where = re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(names.get(m[1], "1"), safe=""), path)
        answer = anna.ask("GET", "/api/v1" + where)
        text = answer.bytes.decode()
        seen += answer.status == 200
        found = [what for what, value in planted.items() if value in text]
        assert not found, (path, found, text[:300])
    assert seen > 25, seen
    print(f"  {seen} answers")
    log = ended(shop, run)
    assert not [what for what, value in planted.items() if value in log]


def listener(web):
    """A page that is open, as its stream of events."""
    host, _, port = web.host.partition(":")
    peer = socket.create_connection((host, int(port)), timeout=60)
    peer.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {web.host}\r\nCookie: __Host-koppel={web.cookie}\r\n\r\n".encode())
    return peer


def b4_many_pages_listen():
    shop, run, anna = started("orders")
    fresh = [Web(anna.address) for _ in range(10)]
    for web in fresh:
        web.login("anna")
    peers = []
    for web in fresh:
        for _ in range(10):
            peers.append(listener(web))

    def reads(peer, word):
        text = b""
        while word not in text:
            part = peer.recv(65536)
            assert part, text
            text += part
    for peer in peers:
        reads(peer, b"event: hello")
    fresh[0].send("POST", "/flows/orders/pause", {"why": "for all"})
    for peer in peers:
        reads(peer, b"event: flow.paused")
    # a session has so many streams, and another one is served beside them
    got = [fresh[0].ask("GET", "/api/v1/session").status for _ in range(3)]
    assert got == [200] * 3
    extra = []
    for _ in range(4):
        peer = listener(fresh[1])
        extra.append(peer.recv(65536)[:12])
    assert extra.count(b"HTTP/1.1 503") == 2, extra
    # those that are gone are noticed
    for peer in peers[:50]:
        peer.close()
    fresh[0].send("POST", "/flows/orders/resume")
    for peer in peers[50:]:
        reads(peer, b"event: flow.resumed")
        peer.close()
    ended(shop, run)


def y1_probes_and_metrics_beside_the_pages():
    shop, run, anna = started("orders")
    until(lambda: anna.ask("GET", "/ready").bytes == b"ready\n")
    assert anna.ask("GET", "/live").bytes == b"live\n"
    nobody = Web(anna.address)
    assert nobody.ask("GET", "/metrics").status == 401
    secret = told(shop, "token", "add", "prometheus", "--role", "metrics")[0]["secret"]
    nobody.ask("GET", "/api/v1/nothing")
    nobody.login("anna", "wrong password 12", ok=401)
    got = nobody.ask("GET", "/metrics", headers={"Authorization": f"Bearer {secret}"})
    assert got.status == 200 and got.headers["Content-Type"].startswith("text/plain; version=0.0.4"), got.status
    text = got.bytes.decode()
    assert re.search(r'^koppel_http_requests_total\{route="live",code="200"\} 1$', text, re.M), text[-2000:]
    assert re.search(r'^koppel_http_requests_total\{route="other",code="404"\} 1$', text, re.M)
    assert re.search(r'^koppel_login_failures_total 1$', text, re.M)
    assert re.search(r'^koppel_event_subscribers 0$', text, re.M)
    assert anna.ask("POST", "/live", {}).status == 405
    ended(shop, run)


if __name__ == "__main__":
    main([b18_every_route_for_every_role, the_description_is_the_api, s3_paths_lead_nowhere_else,
          s6_slow_and_idle_peers_hold_nobody_up, s7_nothing_gets_into_a_head, s9_no_request_hides_in_another,
          s8_a_proxy_is_believed_where_it_is_named, s8_others_come_by_tls_only, x11_a_viewer_sees_no_persons,
          s10_no_secret_is_in_any_answer, b4_many_pages_listen,
          y1_probes_and_metrics_beside_the_pages])
