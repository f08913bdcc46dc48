# SPDX-License-Identifier: MIT
"""The systems that the worked examples of koppel-rest(7) describe, each as a small server on this machine that
can be told to fail, and a place with a configuration for them."""
import base64
import hashlib
import hmac
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from koppeltest import BUILD, KOPPEL, SRC, until

KEY = "the key of the shop 4711"


class Fault:
    """What goes wrong with requests: do is "status N", "page N" (of something in between), "drop" (the answer is
    lost), "cut" (it ends in the middle), "garbage", or "late" (it is done, after the caller gave up)."""

    def __init__(self, do, method="", path="", times=1, percent=100, retry_after=None):
        self.do, self.method, self.path, self.times, self.percent = do, method, path, times, percent
        self.retry_after, self.hit = retry_after, 0

    def meets(self, method, path, chance):
        return (self.hit < self.times and self.method in ("", method) and path.startswith(self.path) and
                chance.random() * 100 < self.percent)


class Peer:
    """A server; answer(method, path, query, body, headers) of a subclass gives (status, JSON)."""

    def __init__(self, seed=1):
        self.lock = threading.RLock()
        self.faults, self.log, self.chance = [], [], random.Random(seed)
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                address = urllib.parse.urlsplit(self.path)
                peer.serve(self, self.command, address.path, dict(urllib.parse.parse_qsl(address.query)), body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, handler, method, path, query, body):
        with self.lock:
            fault = next((f for f in self.faults if f.meets(method, path, self.chance)), None)
            if fault:
                fault.hit += 1
            self.log.append((method, path, query, body))
            word, _, number = (fault.do if fault else "").partition(" ")
            if word in ("status", "page"):
                status, answer, headers = int(number), {"error": {"code": "fault", "message": "on purpose"}}, {}
            else:
                status, answer, headers = self.answer(method, path, query, body, handler.headers)
        text = json.dumps(answer) if answer is not None else ""
        if word in ("page", "garbage"):
            text = "<html><body>Bad gateway</body></html>"
        if word == "late":
            time.sleep(float(number))
        if word == "drop":
            handler.close_connection = True
            return
        data = text.encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name, value)
        if fault and fault.retry_after is not None:
            handler.send_header("Retry-After", str(fault.retry_after))
        handler.end_headers()
        if word == "cut":
            data = data[:len(data) // 2]
            handler.close_connection = True
        handler.wfile.write(data)
        handler.wfile.flush()

    def calls(self, method, path=""):
        return [one for one in self.log if one[0] == method and one[1].startswith(path)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Shop(Peer):
    """Customers with a time of change in whole seconds, and prices by offset."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.customers, self.keys, self.clock, self.on_page = {}, {}, 1767225600, None
        self.prices = []

    def add(self, n, **more):
        """A customer; its time is the shop's clock."""
        self.customers[str(n)] = dict({"id": n, "name": f"Customer {n}", "email": f"c{n}@shop.example", "zip": "1234 AB",
                                       "city": "Utrecht", "country": "NL", "note": None,
                                       "updated_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock))},
                                      **more)

    def change(self, n, **what):
        self.clock += 1
        old = self.customers[str(n)]
        self.add(n, **dict({k: v for k, v in old.items() if k not in ("updated_at", "id")}, **what))

    def answer(self, method, path, query, body, headers):
        if headers.get("X-Api-Key") != KEY:
            return 401, {"error": {"code": "key", "message": "no such key"}}, {}
        if path == "/api/v2/account":
            return 200, {"name": "The shop of the test"}, {}
        if path == "/api/v2/prices":
            first, count = int(query["offset"]), int(query["limit"])
            return 200, {"items": self.prices[first:first + count], "total": len(self.prices)}, {}
        _, _, rest = path.partition("/api/v2/customers")
        return self.customer(method, urllib.parse.unquote(rest[1:]), query, body, headers)

    def customer(self, method, key, query, body, headers):
        if method == "GET" and not key:
            rows = [c for c in self.customers.values() if "email" not in query or c["email"] == query["email"]]
            rows = [c for c in rows if c["updated_at"] >= query.get("updated_from", "")]
            rows.sort(key=lambda c: c["updated_at"])
            size, page = int(query.get("per_page", "50")), int(query.get("page", "1"))
            data = {"items": rows[(page - 1) * size:page * size], "total": len(rows)}
            text = json.loads(json.dumps({"data": data}))
            if self.on_page and "email" not in query:
                self.on_page(page)
            return 200, text, {}
        if method == "POST":
            made = self.keys.get(headers["Idempotency-Key"])
            if not made:
                made = self.keys[headers["Idempotency-Key"]] = str(1000 + len(self.keys))
                self.add(int(made), **json.loads(body))
            return 201, {"data": self.customers[made]}, {}
        if key not in self.customers:
            return 404, {"error": {"code": "missing", "message": "no such customer"}}, {}
        if method == "PATCH":
            self.change(key, **json.loads(body))
        if method == "DELETE":
            del self.customers[key]
            return 204, None, {}
        return 200, {"data": self.customers[key]}, {}


class Crm(Peer):
    """Contacts behind JSON-RPC: many in one call, failures inside answers of 200."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.contacts, self.refuse, self.writes = {}, set(), 0

    def answer(self, method, path, query, body, headers):
        want = "Basic " + base64.b64encode(b"koppel:secret words").decode()
        if path != "/rpc" or headers.get("Authorization") != want:
            return 401, {"error": {"code": -32000, "message": "who are you"}}, {}
        call = json.loads(body)
        code, result = getattr(self, call["method"].replace(".", "_"))(call["params"])
        if code:
            return 200, {"jsonrpc": "2.0", "id": call["id"], "error": {"code": code, "message": result}}, {}
        return 200, {"jsonrpc": "2.0", "id": call["id"], "result": result}, {}

    def group_list(self, _):
        return 0, [{"code": "a", "name": "First"}, {"code": "b", "name": "Second"}]

    def contact_list(self, params):
        rows = [self.contacts[n] for n in sorted(self.contacts) if n > int(params.get("after", "0"))]
        rows, more = rows[:params["count"]], len(rows) > params["count"]
        return 0, {"rows": rows, "next": str(rows[-1]["id"]) if more else None}

    def contact_get(self, params):
        found = self.contacts.get(params["id"])
        return (0, found) if found else (-32004, "no such contact")

    def contact_find(self, params):
        return 0, [c for c in self.contacts.values() if str(c[params["by"]]) in params["values"]]

    def one(self, contact):
        if contact["email"] in self.refuse:
            return {"error": {"code": -32001, "message": f"{contact['email']} is on a list"}}
        return None

    def contact_create(self, params):
        out = []
        for contact in params[0]:
            wrong = self.one(contact)
            if not wrong:
                number = len(self.contacts) + 1
                self.contacts[number] = dict(contact, id=number)
                self.writes += 1
            out.append(wrong or {"id": number})
        return 0, out

    def contact_update(self, params):
        out = []
        for contact in params[0]:
            wrong = self.one(dict(self.contacts[int(contact["id"])], **contact))
            if not wrong:
                self.contacts[int(contact["id"])].update(contact, id=int(contact["id"]))
                self.writes += 1
            out.append(wrong or {"id": int(contact["id"])})
        return 0, out


class Goods(Peer):
    """Articles behind OAuth 2.0, page after page by the header Link; a token is good for a few requests."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.articles, self.tokens, self.uses, self.away = [], 0, 0, ""

    def answer(self, method, path, query, body, headers):
        if path == "/token":
            form = dict(urllib.parse.parse_qsl(body))
            if (form.get("client_id"), form.get("client_secret")) != ("koppel", "secret words"):
                return 401, {"error": "invalid_client"}, {}
            self.tokens, self.uses = self.tokens + 1, 0
            return 200, {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": 3600}, {}
        self.uses += 1
        if headers.get("Authorization") != f"Bearer token-{self.tokens}" or self.uses > 3:
            return 401, {"message": "the token has ended"}, {}
        first, count = int(query.get("from", "0")), int(query["per_page"])
        link = f'<{self.away or self.url}/v1/articles?per_page={count}&from={first + count}>; rel="next"'
        more = first + count < len(self.articles)
        return 200, self.articles[first:first + count], {"Link": link} if more else {}


def signed(text):
    return "sha256=" + hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class Hooks(Peer):
    """Takes messages; one that comes again under its key is the same one."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.messages, self.keys = [], set()

    def answer(self, method, path, query, body, headers):
        if headers.get("X-Signature") != signed(body):
            return 403, {"message": "the signature is wrong"}, {}
        if headers["Idempotency-Key"] not in self.keys:
            self.keys.add(headers["Idempotency-Key"])
            self.messages.append(json.loads(body))
        return 202, None, {}


class Place:
    """The three examples, with the addresses of servers in them."""

    def __init__(self, shop=None, crm=None, hooks=None):
        self.peers = [one for one in (shop, crm, hooks) if one]
        self.dir = tempfile.mkdtemp(prefix="koppel-rest-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"), SHOP_KEY=KEY, CRM_PASSWORD="secret words",
                        HOOKS_KEY=KEY)
        self.run("init")
        for name, peer in (("shop", shop), ("crm", crm), ("hooks", hooks)):
            shutil.copytree(os.path.join(SRC, "conf", "rest", name), self.dir, dirs_exist_ok=True)
            path = f"connections.d/{name}.conf"
            text = open(os.path.join(self.dir, path)).read()
            url = peer.url if peer else "http://127.0.0.1:9"
            self.write(path, text.replace(f"https://{name}.example", url).replace(
                "settings =", 'timeout = "2s"; quiet = "200ms";\nsettings ='))

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)

    def replace(self, name, old, new):
        text = open(os.path.join(self.dir, name)).read()
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def flow(self, name, source, to, more=""):
        """A flow between "connection/entity" and another."""
        (a, b), (c, d) = source.split("/"), to.split("/")
        self.write(f"flows.d/{name}.conf", f'name = "{name}";\nfrom = {{ connection = "{a}"; entity = "{b}"; }};\n'
                   f'to = {{ connection = "{c}"; entity = "{d}"; }};\n{more}')

    def run(self, *args, ok=(0,), timeout=120):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=timeout)
        if ok is not None:
            assert done.returncode in ok, f"koppel {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def serve(self):
        """An engine that serves, at an address of its own."""
        log = os.path.join(self.dir, "serve.log")
        with open(log, "w") as out:
            process = subprocess.Popen([KOPPEL, "serve"], env=self.env, stdout=subprocess.DEVNULL, stderr=out)
        until(lambda: "the dashboard is at" in open(log).read() or process.poll() is not None)
        assert process.poll() is None, open(log).read()
        return process

    def sync(self, flow, ok=(0, 1), wait=30):
        done = self.run("sync", flow, "--json", "--wait", str(wait), ok=ok)
        return json.loads(done.stdout.splitlines()[-1])

    def jobs(self, state):
        out = self.run("jobs", "--state", state, "--json", "--limit", "100000").stdout
        return [json.loads(line) for line in out.splitlines()]

    def close(self):
        for peer in self.peers:
            peer.close()
        shutil.rmtree(self.dir, ignore_errors=True)
