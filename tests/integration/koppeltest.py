# SPDX-License-Identifier: MIT
"""What the integration tests share: the real program against the real sandbox over HTTP."""
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

BUILD = os.path.abspath(os.environ.get("KOPPEL_BUILD_DIR", "."))
SRC = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
KOPPEL = os.path.join(BUILD, "koppel")
SANDBOX = os.path.join(BUILD, "tests", "sandbox", "koppel-sandbox")
SECONDS = int(os.environ.get("KOPPEL_TEST_SECONDS", "600")) // 2  # one function; a program may take twice that


class Skipped(Exception):
    """What a test raises that cannot be made on this machine, with the reason."""


def http(url, body=None, method=None, kind="application/json"):
    data = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        text = refused.read()
        raise urllib.error.HTTPError(url, refused.code, f"{refused.msg}: {text[:300]}", refused.headers,
                                     io.BytesIO(text)) from None


def until(what, seconds=120):
    """Waits until what() holds. A peer that does not listen yet, or leaves at that moment, is no mistake."""
    end = time.monotonic() + seconds
    while True:
        try:
            if what():
                return
        except ConnectionError:
            pass
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


WORD = r'(?:[!#-<>-\[\]-~]+|"(?:[^"\\]|\\["\\]|\\u[0-9a-f]{4})*")'


def log_lines(text):
    """The lines of a log as dictionaries of their fields; every line must be one."""
    rows = []
    for line in text.splitlines():
        assert re.fullmatch(f"[a-z]+={WORD}(?: [a-z]+={WORD})*", line), line
        found = re.findall(f"([a-z]+)=({WORD})", line)
        rows.append({name: json.loads(word) if word[0] == '"' else word for name, word in found})
        assert len(rows[-1]) == len(found), line
    return rows


class Shop:
    """A sandbox, a configuration that points to it, and the program."""

    running = []

    def __init__(self, *args, login=True, flow="", concurrency=8):
        self.dir = tempfile.mkdtemp(prefix="koppel-test-")
        self.sandbox = subprocess.Popen([SANDBOX, *args], stdout=subprocess.PIPE,
                                        stderr=open(os.path.join(self.dir, "sandbox.log"), "w"))
        Shop.running.append(self)
        line = self.sandbox.stdout.readline()
        assert line, "the sandbox did not start: " + open(os.path.join(self.dir, "sandbox.log")).read()
        self.info = json.loads(line)
        self.till = self.info["mpluskassa"]["url"]
        self.books = self.info["asperion"]["url"]
        self.conf = os.path.join(self.dir, "conf")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.conf, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"), MPLUS_IDENT=self.info["mpluskassa"]["ident"],
                        MPLUS_SECRET=self.info["mpluskassa"]["secret"],
                        ASPERION_CLIENT_SECRET=self.info["asperion"]["client_secret"])
        self.run("init")
        for part in ("flows.d", "tables"):
            shutil.copytree(os.path.join(SRC, "conf", "example", part), os.path.join(self.conf, part),
                            dirs_exist_ok=True)
        self.write("connections.d/till.conf", f'''name = "till";
connector = "mpluskassa"; timeout = "3s"; quiet = "200ms";
settings = {{ url = "{self.till}"; ident = "env:MPLUS_IDENT"; secret = "env:MPLUS_SECRET"; }};
''')
        self.write("connections.d/books.conf", f'''name = "books";
connector = "asperion";
concurrency = {concurrency}; timeout = "3s"; quiet = "200ms";
settings = {{ url = "{self.books}"; identity_url = "{self.books}"; tenant = "1042"; client_id = "demo-client";
             client_secret = "env:ASPERION_CLIENT_SECRET"; }};
''')
        if flow:
            self.write("flows.d/orders.conf", flow)
        if login:
            self.login()

    def write(self, name, text):
        with open(os.path.join(self.conf, name), "w") as f:
            f.write(text)

    def replace(self, name, old, new):
        path = os.path.join(self.conf, name)
        text = open(path).read()
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def run(self, *args, ok=(0,), timeout=120):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=timeout)
        if ok is not None:
            assert done.returncode in ok, f"koppel {' '.join(args)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def start(self, *args):
        return subprocess.Popen([KOPPEL, *args], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True)

    def login(self):
        connect = self.start("connect", "books", "--wait", "20")
        for line in connect.stdout:
            if line.startswith("http"):
                http(line.strip() + "&auto=1")
                break
        out, err = connect.communicate(timeout=30)
        assert connect.returncode == 0, out + err

    def enable(self, *flows):
        for flow in flows:
            self.replace(f"flows.d/{flow}.conf", "enabled = false;", "enabled = true;")

    def sync(self, flow="orders", ok=(0, 1), wait=20):
        """One run of a flow; its counts."""
        done = self.run("sync", flow, "--json", "--wait", str(wait), ok=ok)
        return json.loads(done.stdout.splitlines()[-1])

    def jobs(self, state, flow=None):
        """What ended so, of one flow or of all."""
        only = ["--flow", flow] if flow else []
        out = self.run("jobs", "--state", state, "--json", "--limit", "100000", *only).stdout
        return [json.loads(line) for line in out.splitlines()]

    def activity(self, job):
        return json.loads(self.run("activity", job, "--json").stdout)

    def orders(self):
        return json.loads(http(self.till + "/_sandbox/orders"))["orders"]

    def invoices(self):
        found = json.loads(http(self.books + "/_sandbox/invoices"))["invoices"]
        for invoice in found:
            if isinstance(invoice.get("lines"), dict):
                invoice["lines"] = invoice["lines"]["_data"]
        return found

    def debtors(self):
        return json.loads(http(self.books + "/_sandbox/debtors"))["debtors"]

    def reconcile(self):
        return json.loads(http(self.books + "/_sandbox/reconcile"))

    def stats(self, url):
        return json.loads(http(url + "/_sandbox/stats"))["requests"]

    def at_once(self, url):
        """The most requests, and writes, that one side had at the same time."""
        return json.loads(http(url + "/_sandbox/stats"))["at_once"]

    def trouble(self, *rules, url=None, seed=1):
        """What goes wrong from now on, at the books unless told otherwise; none: nothing any more."""
        http((url or self.books) + "/_sandbox/trouble", json.dumps({"seed": seed, "rules": list(rules)}))

    def faults(self, script):
        http(self.books + "/_sandbox/faults", script)

    def change(self, order, **what):
        http(f"{self.till}/_sandbox/orders/{urllib.parse.quote(order)}", json.dumps(what))

    def close(self):
        Shop.running.remove(self)
        self.sandbox.terminate()
        self.sandbox.wait(10)
        shutil.rmtree(self.dir, ignore_errors=True)


def stands_still(*_):
    raise AssertionError(f"it did not end within {SECONDS} s")


def main(tests, keep=False):
    """Runs every function, prints a line each, ends with 1 where one failed and with 77 where every one was
    skipped. keep: the tests share what they start, so it is ended behind the last of them."""
    failed = passed = 0
    wanted = sys.argv[1:]
    signal.signal(signal.SIGALRM, stands_still)
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        began = time.time()
        try:
            signal.alarm(SECONDS)
            test()
            signal.alarm(0)
            passed += 1
            print(f"ok {test.__name__} ({time.time() - began:.1f} s)", flush=True)
        except Skipped as why:
            signal.alarm(0)
            print(f"skipped {test.__name__}: {why}", flush=True)
        except Exception:
            signal.alarm(0)
            failed += 1
            print(f"not ok {test.__name__}", flush=True)
            traceback.print_exc(file=sys.stdout)
        for shop in [] if keep else list(Shop.running):
            shop.close()
    for shop in list(Shop.running):
        shop.close()
    sys.exit(1 if failed else 0 if passed else 77)
