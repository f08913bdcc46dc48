#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One POST in, one POST out: Koppel beside Node-RED and beside a bare libmicrohttpd -> libcurl pass-through.

peers.py [SECONDS]

Each gets orders of 1 KB over 32 kept connections, on one core, as many as it takes; then half of that, for the
latency. Koppel answers when an order is in its store on the disk, the others when it was sent on. What is sent on
arrives at the program that sent it, on the other core; every order must arrive once. It prints, and fails only
where one is lost or comes twice. Node-RED is installed by npm, unless NODE_RED names a folder that has it."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "integration"))
from koppeltest import BUILD, KOPPEL, SRC, until  # noqa: E402

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 8
CONNECTIONS = 32
NODE_RED = "node-red@3.1.15"
ON_CORE = ["taskset", "-c", "0"]

NODE_MAP = """
const o = msg.payload.data;
msg.payload = {id: o.id, number: o.number, date: o.date.slice(0, 10), total: o.total,
  customer: {name: o.customer.company || o.customer.name, email: o.customer.email, street: o.customer.street,
    postcode: o.customer.zip, city: o.customer.city, country: o.customer.country},
  lines: o.lines.map(l => ({article: l.sku, text: l.text, quantity: l.quantity, price: l.price})),
  note: o.delivery.note};
msg.headers = {"content-type": "application/json"};
return msg;
"""
KOPPEL_MAP = """
  { to = "id"; from = "id"; }, { to = "number"; from = "number"; },
  { to = "date"; from = "date"; via = [ "date.date" ]; }, { to = "total"; from = "total"; },
  { to = "customer.name"; from = "customer.name"; },
  { to = "customer.name"; from = "customer.company"; when = ( { field = "customer.company"; has = true; } ); },
  { to = "customer.email"; from = "customer.email"; }, { to = "customer.street"; from = "customer.street"; },
  { to = "customer.postcode"; from = "customer.zip"; }, { to = "customer.city"; from = "customer.city"; },
  { to = "customer.country"; from = "customer.country"; },
  { to = "lines"; each = "lines"; map = (
    { to = "article"; from = "sku"; }, { to = "text"; from = "text"; }, { to = "quantity"; from = "quantity"; },
    { to = "price"; from = "price"; } ); },
  { to = "note"; from = "delivery.note"; }
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """What is measured: start(target) begins it; url is where orders go."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-peers-")
        self.process = None

    def run(self, *args, **more):
        self.log = open(os.path.join(self.dir, "log"), "w")
        self.process = subprocess.Popen([*ON_CORE, *args], stderr=self.log, **more)

    def memory(self):
        """The most that was in memory, in MiB."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        shutil.rmtree(self.dir, ignore_errors=True)


class PassThrough(Server):
    name = "bare pass-through"

    def start(self, target):
        self.run(os.path.join(BUILD, "tests", "bench", "passthrough"), target + "/orders", stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().split()[1]}/in"


class NodeRed(Server):
    name = "Node-RED"

    def start(self, target):
        home = os.environ.get("NODE_RED")
        if not home:
            home = os.path.join(self.dir, "npm")
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--omit=dev", "--prefix", home, NODE_RED],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.dir)
        port = free_port()
        flow = [{"id": "t", "type": "tab", "label": "orders"},
                {"id": "a", "z": "t", "type": "http in", "url": "/in", "method": "post", "wires": [["b"]]},
                {"id": "b", "z": "t", "type": "function", "func": NODE_MAP, "outputs": 1, "wires": [["c"]]},
                {"id": "c", "z": "t", "type": "http request", "method": "POST", "ret": "obj", "persist": True,
                 "url": target + "/orders", "wires": [["d"]]},
                {"id": "d", "z": "t", "type": "http response", "wires": []}]
        with open(os.path.join(self.dir, "flows.json"), "w") as out:
            json.dump(flow, out)
        with open(os.path.join(self.dir, "settings.js"), "w") as out:
            out.write(f'module.exports = {{uiPort: {port}, uiHost: "127.0.0.1", httpAdminRoot: false, '
                      'flowFile: "flows.json", logging: {console: {level: "error"}}};\n')
        self.run("node", os.path.join(home, "node_modules", "node-red", "red.js"), "-s",
                 os.path.join(self.dir, "settings.js"), "-u", self.dir, stdout=subprocess.DEVNULL)
        until(lambda: answers(port), 90)
        time.sleep(2)  # its flows start behind its listener
        self.url = f"http://127.0.0.1:{port}/in"


class Koppel(Server):
    name = "Koppel"

    def start(self, target):
        self.env = dict(os.environ, KOPPEL_CONFIG=os.path.join(self.dir, "conf"), KOPPEL_PLUGINS=os.path.join(BUILD, "plugins"),
                        KOPPEL_DATADIR=os.path.join(SRC, "conf"))
        self.ask("init")
        hooks = {"title": "Orders in and out", "connector": "rest", "concurrency": 32,
                 "settings": [{"name": "url", "type": "url", "required": True}], "service": {"base": "{url}"},
                 "entities": [{"name": "in", "key": "id", "can": ["read", "receive"],
                               "calls": {"receive": {"record": "data", "open": True}}},
                              {"name": "out", "key": "id", "can": ["create"], "repeat": "idempotent", "calls": {"create": {
                                  "path": "/orders", "headers": {"Idempotency-Key": "{job|short}"}, "id": "{job|short}"}}}]}
        self.write("connectors/orders.json", json.dumps(hooks))
        self.write("koppel.conf", 'dashboard = { listen = "127.0.0.1:0"; };\n')
        self.write("connections.d/orders.conf", 'name = "orders"; connector = "orders"; concurrency = 32;\n'
                   f'settings = {{ url = "{target}"; }};\n')
        self.write("flows.d/orders.conf", f"""name = "orders";
from = {{ connection = "orders"; entity = "in"; }};
to = {{ connection = "orders"; entity = "out"; }};
every = "1m";
partitions = 4;
map = ( {KOPPEL_MAP} );
""")
        self.ask("check")
        self.run(KOPPEL, "serve", env=self.env, stdout=subprocess.DEVNULL)
        until(lambda: "the dashboard is at" in open(os.path.join(self.dir, "log")).read(), 60)
        self.url = json.loads(self.ask("connection", "hook", "orders", "in", "--json").stdout)["url"]

    def write(self, name, text):
        path = os.path.join(self.env["KOPPEL_CONFIG"], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)

    def ask(self, *args, check=True):
        done = subprocess.run([KOPPEL, *args], env=self.env, capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stderr
        return done


def load(server, first, count, rate, port=0, program=os.path.join(BUILD, "tests", "bench", "load")):
    """Orders through a server that runs, or is started when it is known where they go; what came of them."""
    sender = subprocess.Popen(["taskset", "-c", "1", program, str(port), str(first), str(count), str(CONNECTIONS), str(rate),
                               *getattr(server, "headers", [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(sender.stdout.readline().split()[1])
    if not server.process:
        server.start(f"http://127.0.0.1:{port}")
    out, _ = sender.communicate(server.url + "\n", timeout=SECONDS * 20 + 120)
    result = json.loads(out)
    assert result["arrived"] == result["answered"] == count, f"{server.name}: orders are lost: {out}"
    assert result["twice"] == result["strange"] == result["refused"] == 0, f"{server.name}: {out}"
    return result, port


def measure(server):
    first = 1
    _, port = load(server, first, 500, 0)  # warm
    first += 500
    guess, _ = load(server, first, 2000, 0, port)
    first += 2000
    count = max(1000, int(2000 / guess["seconds"] * SECONDS))
    cpu = server.cpu()
    full, _ = load(server, first, count, 0, port)
    first += count
    cpu = server.cpu() - cpu
    rate = count / full["seconds"]
    half, _ = load(server, first, max(500, int(rate / 2 * SECONDS / 2)), rate / 2, port)
    print(f"{server.name:18} {rate:8.0f}/s  half load: answered {half['answer_ms'][0]:6.1f} ms, 99 % {half['answer_ms'][1]:6.1f}; "
          f"arrived {half['arrival_ms'][0]:6.1f} ms, 99 % {half['arrival_ms'][1]:6.1f}; {server.memory():5.0f} MiB, "
          f"{cpu / count * 1e6:5.0f} us of CPU an order; {count} orders, each once", flush=True)
    return rate, cpu / count


def main():
    rates, cpus = {}, {}
    for kind in (PassThrough, NodeRed, Koppel):
        server = kind()
        try:
            rates[kind], cpus[kind] = measure(server)
        finally:
            server.stop()
    print(f"Koppel is {rates[Koppel] / rates[NodeRed]:.1f} times Node-RED (goal: 4), and "
          f"{100 * rates[Koppel] / rates[PassThrough]:.0f} % of the bare pass-through (goal: 50)")
    # on a machine that does other things too, and for who waits for a disk, the CPU time says more
    print(f"by CPU time an order: {cpus[NodeRed] / cpus[Koppel]:.1f} times Node-RED, "
          f"{100 * cpus[PassThrough] / cpus[Koppel]:.0f} % of the bare pass-through")


if __name__ == "__main__":
    main()
