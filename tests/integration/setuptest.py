# SPDX-License-Identifier: MIT
"""What the tests of the set-up share: an empty directory, both systems, and whoever answers by the service."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile

import schemas
from connect import visit
from koppeltest import BUILD, KOPPEL, SANDBOX, SRC, http, until

SMALL = ("--orders", "12", "--relations", "20", "--articles", "20")
VERSION = subprocess.run([KOPPEL, "--version"], capture_output=True, text=True).stdout.split()[1]


class Refused(Exception):
    pass


class Systems:
    """The till and the books."""

    def __init__(self, *args):
        self.process = subprocess.Popen([SANDBOX, *(args or SMALL)], stdout=subprocess.PIPE)
        self.info = json.loads(self.process.stdout.readline())
        self.till, self.books = self.info["mpluskassa"]["url"], self.info["asperion"]["url"]

    def invoices(self):
        return json.loads(http(self.books + "/_sandbox/invoices"))["invoices"]

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class Empty:
    """A directory with nothing in it, and what is answered in it."""

    def __init__(self, *files):
        self.dir = tempfile.mkdtemp(prefix="koppel-setup-")
        self.env = dict(os.environ, KOPPEL_CONFIG=self.dir, KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.engine = None
        for name in files:
            shutil.copy(name, self.dir)

    def run(self, *args, code=0, **options):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True, timeout=120, **options)
        assert code is None or done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
        return done

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        return open(self.path(name)).read()

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)

    def serve(self):
        self.engine = subprocess.Popen([KOPPEL, "serve"], env=self.env, stderr=open(self.path(".log"), "a"))
        until(lambda: os.path.exists(self.path("koppel.db.sock")) or self.engine.poll() is not None)
        assert self.engine.poll() is None, self.read(".log")
        return self.engine

    def stop(self):
        self.engine.send_signal(signal.SIGTERM)
        assert self.engine.wait(20) == 0, self.read(".log")[-2000:]
        self.engine = None

    def close(self):
        if self.engine:
            self.stop()
        shutil.rmtree(self.dir)

    def ask(self, name, **members):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(self.path("koppel.db.sock"))
            line = {"ask": name, "in": members, "version": VERSION, "via": "cli"}
            peer.sendall(json.dumps(line).encode() + b"\n")
            last = json.loads(peer.makefile().read().splitlines()[-1])
        if "error" in last:
            raise Refused(last["error"])
        schemas.fits(name, last["out"], members)
        return last["out"]

    def files(self):
        """What was written, by name."""
        found = {}
        for folder in ("connections.d", "flows.d", "tables", "secrets"):
            for name in sorted(os.listdir(self.path(folder))) if os.path.isdir(self.path(folder)) else ():
                found[f"{folder}/{name}"] = self.read(f"{folder}/{name}")
        return found


def errors(step):
    """Of a step and of its questions, by name."""
    found = {q["name"]: q["errors"] for q in step.get("questions", []) if q.get("errors")}
    return {**found, **({"": step["errors"]} if step.get("errors") else {})}


def question(step, name):
    return next(q for q in step["questions"] if q["name"] == name)


def answers(systems):
    """What is not proposed: credentials, payment conditions, and that old orders go too."""
    till, books = systems.info["mpluskassa"], systems.info["asperion"]
    return {
        "till.credentials": {"url": till["url"], "ident": till["ident"], "secret": till["secret"]},
        "books.credentials": {"url": books["url"], "identity_url": books["url"], "tenant": "1042",
                              "client_id": "demo-client", "client_secret": books["client_secret"]},
        "payment_condition.table": {"PIN": "1", "IDEAL": "1", "INVOICE": "2", "GIFTCARD": "1"},
        "start": {"start": "all"},
    }


def go_on(place, step, given, until_step=None):
    """Answers step after step; the one that has errors, or where it is to end."""
    number = step["setup"]
    for _ in range(60):
        if step["step"] == until_step or step["kind"] in ("review", "done") or errors(step):
            return step
        if step["kind"] == "login" and not step["login"]["in"]:
            step = place.ask("setup.answer", setup=number, step=step["step"], answers={"paste": True})
            address = visit(step["login"]["url"])
            step = place.ask("setup.answer", setup=number, step=step["step"], answers={"answer": address})
        else:
            step = place.ask("setup.answer", setup=number, step=step["step"], answers=given.get(step["step"], {}))
    raise AssertionError("the set-up does not end")
