#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Messages that come in (X12), with a connector that is told of changes (tests/abi/plugins/pushed.c): what is
answered with 2xx is in the journal, what is not was not taken, and what comes twice is one."""
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading

from koppeltest import BUILD, KOPPEL, SRC, log_lines, main, until
from webtest import Web

PLUGINS = os.environ.get("KOPPEL_TEST_PLUGINS", os.path.join(BUILD, "tests", "abi", "plugins"))


class Place:
    """A configuration in which what is pushed goes into a file, and an engine that serves it."""

    def __init__(self, every="5m"):
        self.dir = tempfile.mkdtemp(prefix="koppel-hooks-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.run("init")
        self.write("koppel.conf", 'dashboard = { listen = "127.0.0.1:0"; };\n')
        self.write("connections.d/shop.conf", f'name = "shop"; connector = "{PLUGINS}/pushed.so";\n')
        self.write("connections.d/sink.conf", 'name = "sink"; connector = "null";\n')
        self.write("flows.d/things.conf", f'''name = "things";
from = {{ connection = "shop"; entity = "thing"; }};
to = {{ connection = "sink"; entity = "record"; }};
every = "{every}";
partitions = 4;
''')
        self.serve = None

    def write(self, name, text):
        with open(os.path.join(self.dir, name), "w") as f:
            f.write(text)

    def run(self, *args, ok=None):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=60)
        assert ok is None or done.returncode in ok, (args, done)
        return done

    def start(self):
        self.serve = subprocess.Popen([KOPPEL, "serve"], env=self.env, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, text=True)
        found = {}

        def there():
            assert self.serve.poll() is None, self.serve.communicate()
            done = self.run("user", "claim", "--json")
            found.update(json.loads(done.stdout) if done.returncode == 0 else {})
            return found
        until(there)
        self.host = found["url"].partition("://")[2].partition("/")[0]

    def hook(self):
        """A new address of the things."""
        made = json.loads(self.run("connection", "hook", "shop", "thing", "--json", ok=(0,)).stdout)
        assert made["url"] == f"http://{self.host}/hooks/shop/thing", made
        self.secret = made["secret"]

    def send(self, *records, secret=None, path="/hooks/shop/thing", method="POST", peer=None, **headers):
        body = "\n".join(json.dumps(r) for r in records).encode()
        mac = hmac.new((secret or self.secret).encode(), body, hashlib.sha256).hexdigest()
        own = peer or http.client.HTTPConnection(self.host, timeout=60)
        own.request(method, path, body, {"X-Signature": mac, "Content-Type": "application/json", **headers})
        answer = own.getresponse()
        text = answer.read().decode()
        if not peer:
            own.close()
        return answer.status, text

    def rows(self):
        lines = self.run("status", "--json").stdout.splitlines()
        return {row["flow"]: row for row in map(json.loads, lines) if "flow" in row}

    def counts(self, flow="things"):
        return self.rows()[flow]

    def jobs(self):
        out = self.run("jobs", "--limit", "100000", "--json").stdout
        return [json.loads(line) for line in out.splitlines()]

    def stop(self, how=signal.SIGTERM):
        self.serve.send_signal(how)
        log = self.serve.communicate(timeout=30)[1]
        assert how == signal.SIGKILL or self.serve.returncode == 0, (self.serve.returncode, log)
        self.serve = None
        return log

    def close(self):
        if self.serve:
            self.stop()
        shutil.rmtree(self.dir)


def thing(i, **more):
    return {"id": str(i), "total": "1.50", **more}


def x12_what_is_answered_is_in_the_journal():
    place = Place()
    place.start()
    assert place.send(thing(1), secret="x")[0] == 404, "there is no address yet"
    place.hook()
    assert place.send(thing(1), thing(2)) == (202, "ok")
    until(lambda: place.counts()["done"] == 2)
    # thin ones are fetched, what is gone there is told so
    assert place.send({"id": "3", "thin": True}, {"id": "gone", "thin": True})[0] == 202
    until(lambda: place.counts()["read"] == 4 and place.counts()["pending"] == 0)
    three = next(j["job"] for j in place.jobs() if j["key"] == "3")
    assert json.loads(place.run("activity", three, "--json").stdout)["source"]["total"] == "1.00"
    # what cannot be fetched now is not taken, nothing of it
    status, text = place.send(thing(5), {"id": "later", "thin": True})
    assert status == 503 and json.loads(text)["code"] == "hook.later", text
    assert place.counts()["read"] == 4
    # the connector answers a question without a message
    assert place.send(method="GET") == (200, "here")
    # over a kill: what was answered is there
    sent = 0
    peer = http.client.HTTPConnection(place.host, timeout=60)
    for i in range(100, 130):
        assert place.send(thing(i), peer=peer)[0] == 202
        sent += 1
    place.stop(signal.SIGKILL)
    place.start()
    until(lambda: place.counts()["pending"] == 0)
    keys = {j["key"] for j in place.jobs()}
    assert {str(i) for i in range(100, 130)} <= keys, sorted(keys)
    assert place.counts()["read"] == 4 + sent
    place.close()


def x12_what_is_wrong_is_not_taken():
    place = Place()
    place.start()
    place.hook()
    old = place.secret
    for _ in range(20):
        assert place.send(thing(1), secret="0" * 64)[0] == 401
    assert place.send(thing(1), path="/hooks/shop/nothing")[0] == 404
    assert place.send(thing(1), path="/hooks/nobody/thing")[0] == 404
    assert place.send(thing(1), path="/hooks/shop")[0] == 404
    assert place.send(thing(1), path="/hooks/shop/%2e%2e")[0] == 404
    assert place.send([1])[0] == 422
    status, text = place.send({"id": "x" * 300})
    assert status == 202, "a record that cannot be taken parks alone"
    until(lambda: place.counts()["parked"] == 1)
    assert place.send(thing(1), Host="evil.example")[0] == 421
    # a new secret takes the place of the old one
    place.hook()
    assert place.send(thing(1), secret=old)[0] == 401
    assert place.send(thing(1))[0] == 202
    assert place.counts()["read"] == 2
    rows = json.loads(place.run("connection", "hook", "--json").stdout.splitlines()[0])
    assert rows["connection"] == "shop" and rows["entity"] == "thing" and not rows["subscribed"], rows
    assert place.secret not in json.dumps(rows)
    # one that the system is asked to send to, and is told when it ends
    web = Web(f"http://{place.host}")
    web.claim(json.loads(place.run("user", "claim", "--json", ok=(0,)).stdout)["url"].rpartition("=")[2])
    made = web.send("POST", "/connections/shop/hooks", {"entity": "thing", "subscribe": True})
    place.secret = made["secret"]
    assert made["subscribed"] and web.get("/hooks")["hooks"][0]["subscribed"], made
    web.send("POST", "/connections/shop/hooks", {"entity": "other"}, ok=422)
    # a flow that is off takes nothing; a paused one keeps what comes
    until(lambda: place.counts()["pending"] == 0 and place.counts()["state"] == "waiting")
    place.run("pause", "things", ok=(0,))
    until(lambda: place.counts()["state"] == "paused")
    assert place.send(thing(7))[0] == 202
    assert place.counts()["pending"] == 1, place.counts()
    place.run("resume", "things", ok=(0,))
    until(lambda: place.counts()["pending"] == 0)
    place.run("connection", "unhook", "shop", "thing", ok=(0,))
    assert place.send(thing(8))[0] == 404
    log = place.stop()
    assert place.secret not in log and old not in log
    told = [line for line in log_lines(log) if line["event"] == "hook"]
    assert 1 <= len(told) <= 3 and all(line["connection"] == "shop" for line in told), log
    place.close()


def x12_replays_and_a_flood():
    place = Place()
    place.start()
    place.hook()

    def many(worker):
        peer = http.client.HTTPConnection(place.host, timeout=60)
        taken = 0
        for i in range(50):
            # each key comes from two senders, and once more from the same
            key = worker % 4 * 1000 + i
            for _ in range(2):
                status, _ = place.send(thing(key), peer=peer)
                assert status in (202, 503), status
                taken += status == 202
        peer.close()
        return taken
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(many, range(8)))
    assert taken > 0
    until(lambda: place.counts()["pending"] == 0)
    counts = place.counts()
    assert counts["parked"] == counts["waiting"] == 0, counts
    keys = {j["key"] for j in place.jobs()}
    assert len(keys) == 200 and counts["read"] <= taken, (len(keys), counts["read"], taken)
    place.close()


def x12_a_reading_that_comes_to_no_end_keeps_nobody_waiting():
    place = Place(every="1s")
    away = place.env["PUSHED_AWAY"] = os.path.join(place.dir, "away")
    open(away, "w").close()
    place.start()
    place.hook()
    until(lambda: place.counts()["state"] == "running")
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda i: place.send(thing(i))[0], range(12)))
    assert codes == [503] * 12, codes
    assert place.counts()["read"] == 0
    os.unlink(away)
    until(lambda: place.send(thing(1))[0] == 202)
    until(lambda: place.counts()["done"] == 1)
    place.close()


def x12_every_flow_that_reads_it_has_it_before_the_answer():
    place = Place()
    with open(os.path.join(place.dir, "flows.d/things.conf")) as f:
        flow = f.read()
    for name in ("more", "late"):
        place.write(f"flows.d/{name}.conf", flow.replace('name = "things"', f'name = "{name}"'))
    place.start()
    place.hook()
    flows = ("things", "more", "late")
    for name in flows:  # nothing is delivered: what is counted is what was taken
        place.run("pause", name, ok=(0,))
    until(lambda: all(place.counts(name)["state"] == "paused" for name in flows))

    lock, answered = threading.Lock(), 0

    def many(worker):
        nonlocal answered
        peer = http.client.HTTPConnection(place.host, timeout=60)
        for i in range(10):
            assert place.send(thing(worker * 100 + i), peer=peer)[0] == 202
            with lock:
                answered += 1
                least = answered
            # another program looks into the store: whatever was answered until now is there, in every flow
            rows = place.rows()
            assert all(rows[name]["pending"] >= least for name in flows), (least, rows)
        peer.close()
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        list(pool.map(many, range(24)))
    assert [place.counts(name)["pending"] for name in flows] == [240] * 3
    # over a kill
    place.stop(signal.SIGKILL)
    place.start()
    assert [place.counts(name)["pending"] for name in flows] == [240] * 3
    for name in flows:
        place.run("resume", name, ok=(0,))
    # to one place: whoever comes second finds it there
    until(lambda: all(place.counts(name)["pending"] == 0 for name in flows))
    for name in flows:
        counts = place.counts(name)
        assert counts["done"] + counts["skipped"] == 240 == counts["read"] and not counts["parked"], counts
    place.close()


if __name__ == "__main__":
    main([x12_what_is_answered_is_in_the_journal, x12_what_is_wrong_is_not_taken, x12_replays_and_a_flood,
          x12_every_flow_that_reads_it_has_it_before_the_answer,
          x12_a_reading_that_comes_to_no_end_keeps_nobody_waiting])
