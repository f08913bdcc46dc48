# SPDX-License-Identifier: MIT
"""A browser's side of the dashboard's API: its cookie, its token, its headers."""
import http.client
import json
import os
import re
import struct
import subprocess
import urllib.parse

import schemas
from koppeltest import SRC, Shop, until
from serve import stop

PASSWORD = "three unrelated words 7"


class Answer:
    def __init__(self, answer):
        self.status, self.headers = answer.status, answer.headers
        self.bytes = answer.read()

    @property
    def json(self):
        return json.loads(self.bytes)

    @property
    def code(self):
        return self.json.get("code")


class Web:
    """One browser at one server."""

    def __init__(self, address):
        self.address = address
        self.host = urllib.parse.urlsplit(address).netloc
        self.cookie, self.csrf, self.device = None, None, None

    def ask(self, method, path, body=None, headers=None, raw=None):
        """headers: None as a value leaves that one out."""
        peer = http.client.HTTPConnection(self.host, timeout=60)
        send = {"Host": self.host}
        jar = [f"__Host-koppel={self.cookie}"] * bool(self.cookie)
        jar += [f"__Host-koppel-device={self.device}"] * bool(self.device)
        if jar:
            send["Cookie"] = "; ".join(jar)
        if method not in ("GET", "HEAD"):
            send["Sec-Fetch-Site"] = "same-origin"
            if self.csrf:
                send["X-Koppel-CSRF"] = self.csrf
        if body is not None or raw is not None:
            send["Content-Type"] = "application/json"
        send.update(headers or {})
        data = raw if raw is not None else None if body is None else json.dumps(body)
        peer.request(method, path, data, {k: v for k, v in send.items() if v is not None})
        answer = Answer(peer.getresponse())
        peer.close()
        schemas.check(method, path, answer)
        for told in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = told.partition(";")[0].partition("=")
            if name == "__Host-koppel":
                self.cookie = value or None
            else:
                self.device = value
        return answer

    def get(self, path, ok=200, **query):
        path = "/api/v1" + path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else "")
        answer = self.ask("GET", path)
        assert answer.status == ok, (path, answer.status, answer.bytes)
        return answer.json

    def send(self, method, path, body=None, ok=200):
        answer = self.ask(method, "/api/v1" + path, {} if body is None and method != "DELETE" else body)
        assert answer.status == ok, (path, answer.status, answer.bytes)
        return answer.json

    def followed(self, answer):
        """What became of an order: the answer, or its task once that is over."""
        if answer.status != 202:
            return answer.json
        task = {}
        until(lambda: task.update(self.get(f"/tasks/{answer.json['task']}")) or task["state"] != "running")
        return task

    def login(self, user, password=PASSWORD, ok=200, **more):
        got = self.send("POST", "/session", {"user": user, "password": password, **more}, ok=ok)
        self.csrf = got.get("csrf")
        return got

    def claim(self, token, user="anna", password=PASSWORD, ok=200):
        got = self.send("POST", "/claim", {"token": token, "user": user, "password": password}, ok=ok)
        self.csrf = got.get("csrf")
        return got


def listens(shop, more="", port=0):
    """The dashboard at any free port, or at this one."""
    path = shop.conf + "/koppel.conf"
    text = open(path).read()
    with open(path, "w") as f:
        f.write(re.sub(r"(?m)^dashboard = .*\n", "", text) + f'dashboard = {{ listen = "127.0.0.1:{port}"; {more} }};\n')


def claim_link(shop, run=None):
    """Address and token of a new link, once the dashboard is there."""
    found = {}

    def there():
        assert run is None or run.poll() is None, run.communicate()
        done = shop.run("user", "claim", "--json", ok=None)
        if done.returncode == 0:
            found.update(json.loads(done.stdout))
        return done.returncode == 0
    until(there)
    address, _, token = found["url"].partition("/#claim=")
    return address, token


class Clock:
    """The clock of a shop's programs, which goes on by order (moved_clock.c)."""

    def __init__(self, shop):
        library, self.path = shop.dir + "/moved_clock.so", shop.dir + "/clock"
        subprocess.run([os.environ.get("CC", "cc").split()[-1], "-shared", "-fPIC", "-O1", "-o", library,
                        os.path.join(SRC, "tests/integration/moved_clock.c"), "-ldl"], check=True)
        self.ms = 0
        self.move(0)
        shop.env.update(LD_PRELOAD=library, KOPPEL_TEST_CLOCK=self.path)

    def move(self, seconds):
        self.ms += seconds * 1000
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as f:
            f.write(struct.pack("<q", self.ms))


def started(*flows, clock=False, **shop_args):
    """A shop whose engine serves, and the first user's browser; with clock, its clock is shop.clock."""
    shop = Shop("--orders", "20", **shop_args)
    if clock:
        shop.clock = Clock(shop)
    for flow in flows:
        if "enabled = false;" in open(f"{shop.conf}/flows.d/{flow}.conf").read():
            shop.enable(flow)
    listens(shop)
    run = shop.start("serve")
    address, token = claim_link(shop, run)
    web = Web(address)
    web.claim(token)
    return shop, run, web


def ended(shop, run):
    log = stop(run)
    shop.close()
    return log
