#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The store on PostgreSQL, and several hosts that share it: real servers, real engines, and the books of the sandbox
as the judge. Skipped where PostgreSQL is not installed."""
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from koppeltest import KOPPEL, SRC, Shop, Skipped, http, main, until

SCRIPT = os.path.join(SRC, "tests", "unit", "postgres.sh")
LEASE = 3  # seconds


class Server:
    """A server of PostgreSQL in a folder of its own."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="koppel-postgres-")
        started = subprocess.run(["sh", SCRIPT, "start", self.dir], capture_output=True, text=True, timeout=120)
        if started.returncode == 77:
            os.rmdir(self.dir)
            raise Skipped("PostgreSQL is not installed: apt-get install postgresql-15")
        assert started.returncode == 0, started.stderr
        self.connection, self.standbys = started.stdout.strip(), []
        self.bin = sorted(os.listdir("/usr/lib/postgresql"))[-1]
        Shop.running.append(self)

    def control(self, *args):
        tool = [f"/usr/lib/postgresql/{self.bin}/bin/pg_ctl", "-D", self.dir + "/data", "-w", "-s", *args]
        if os.getuid() == 0:
            tool = ["runuser", "-u", "nobody", "--", *tool]
        subprocess.run(tool, check=True, timeout=60, cwd=self.dir, stdout=subprocess.DEVNULL)

    def up(self):
        self.control("-l", self.dir + "/server.log", "-o",
                     f"-k {self.dir} -c listen_addresses= -c max_connections=120", "start")

    def restart(self, how="immediate"):
        self.control("-m", how, "stop")
        time.sleep(0.5)
        self.up()

    def ask(self, sql):
        return subprocess.run(["psql", "-qXAt", "-d", self.connection, "-c", sql], check=True, capture_output=True,
                              text=True, timeout=60).stdout.strip()

    def close(self):
        Shop.running.remove(self)
        for folder in [*self.standbys, self.dir]:
            subprocess.run(["sh", SCRIPT, "stop", folder], timeout=60)


def place(server):
    return f'store = {{ kind = "postgresql"; connection = "{server.connection}"; lease = "{LEASE}s"; }};\n'


def shop_on(server, *args):
    """A shop whose log-in is kept in the store on the server."""
    shop = Shop(*args, login=False)
    shop.replace("koppel.conf", 'store = { path = "koppel.db"; };\n', place(server))
    shop.login()
    return shop


class Host:
    """One more engine on the store of a shop: a folder of its own, the same flows and key."""

    def __init__(self, shop, name):
        self.shop, self.name = shop, name
        self.conf = os.path.join(shop.dir, "host-" + name)
        shutil.copytree(shop.conf, self.conf, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        self.env = dict(shop.env, KOPPEL_CONFIG=self.conf)
        self.log = open(os.path.join(shop.dir, name + ".log"), "w")
        self.serve = None

    def start(self):
        self.serve = subprocess.Popen([KOPPEL, "serve"], env=self.env, stdout=self.log, stderr=self.log)

    def kill(self):
        self.serve.kill()
        self.serve.wait(10)

    def stop(self):
        self.serve.terminate()
        assert self.serve.wait(30) == 0, open(self.log.name).read()[-2000:]


def references(shop):
    return sorted(invoice["description"] for invoice in shop.invoices())


def judge(shop, orders, changed=False):
    """Every order that is to be in the books is there once, to the cent; nothing waits. changed: some were delivered
    again, into the document that they have."""
    found = references(shop)
    assert len(found) == len(set(found)), "an order stands there twice"
    counts = json.loads(shop.run("status", "orders", "--json", ok=(0, 1)).stdout)
    assert counts["pending"] == 0 and counts["waiting"] == 0, counts
    assert counts["read"] == counts["done"] + counts["skipped"] + counts["parked"] >= orders, counts
    assert len(found) == counts["done"] or changed and len(found) < counts["done"], (len(found), counts)
    sums = shop.reconcile()
    assert sums["agree"], sums


def test_one_host():
    server = Server()
    shop = shop_on(server, "--orders", "40")
    first = shop.sync("orders")
    assert first["done"] >= 30 and first["pending"] == 0, first
    judge(shop, 40)
    writes = len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"])
    assert shop.sync("orders")["done"] == first["done"]
    assert len(json.loads(http(shop.books + "/_sandbox/writes"))["writes"]) == writes
    assert "whole" in shop.run("check").stdout
    newest = shop.jobs("done")[0]
    assert shop.activity(newest["job"])["attempts"], newest
    # nothing of a person stands in the tables in clear
    dump = subprocess.run(["pg_dump", "-n", "koppel", "-d", server.connection], check=True, capture_output=True,
                          text=True, timeout=60).stdout
    assert "COPY koppel.delivery" in dump and "@" not in dump.replace("@koppel", ""), "an address stands in clear"


def test_mistakes_of_the_server():
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.sync("orders")
    for new, code, said in ((server.connection.replace("dbname=postgres", "dbname=nowhere"), 78, "nowhere"),
                            (server.connection.replace("/tmp", "/nowhere"), 2, "nowhere"),
                            ("host=127.0.0.1 port=1 connect_timeout=2", 2, "port 1"),
                            ("hots=x", 78, "hots")):
        shop.replace("koppel.conf", server.connection, new)
        told = shop.run("check", ok=(code,))
        assert said in told.stdout + told.stderr, told
        shop.replace("koppel.conf", new, server.connection)
    server.ask("ALTER SYSTEM SET fsync TO off")
    server.ask("SELECT pg_reload_conf()")
    until(lambda: server.ask("SHOW fsync") == "off")
    told = shop.run("check", ok=(78,))
    assert "fsync" in told.stdout + told.stderr, told
    server.ask("ALTER SYSTEM RESET fsync")
    server.ask("SELECT pg_reload_conf()")
    until(lambda: server.ask("SHOW fsync") == "on")
    shop.run("check")


def test_a_server_that_restarts_loses_and_doubles_nothing():
    server = Server()
    shop = shop_on(server, "--orders", "200", "--latency-ms", "5")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    host = Host(shop, "one")
    host.start()
    for _ in range(3):
        before = len(shop.invoices())
        until(lambda: len(shop.invoices()) > before + 5 or len(shop.invoices()) >= 150, 60)
        server.restart()
    until(lambda: settled(server), 120)
    host.stop()
    shop.sync("orders")
    judge(shop, 200)


def test_a_server_that_is_away_at_the_start_is_waited_for():
    server = Server()
    shop = shop_on(server, "--orders", "10")
    server.control("-m", "fast", "stop")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)  # as systemd hears it
    manager.bind(os.path.join(shop.dir, "manager"))
    manager.settimeout(20)
    shop.env["NOTIFY_SOCKET"] = manager.getsockname()

    def told():
        return manager.recv(1000).decode().split("\n")

    waiting = Host(shop, "waiting")
    waiting.start()
    assert told() == ["READY=1", "STATUS=waiting for the store"]
    assert told() == ["WATCHDOG=1"] and told() == ["WATCHDOG=1"], "it lives"
    waiting.serve.terminate()
    assert waiting.serve.wait(20) == 0
    assert told() == ["STOPPING=1"]
    told_of = [line for line in open(waiting.log.name) if "reason=store.away" in line]
    assert len(told_of) == 1, "it is told once"
    # it serves once the server is there
    waiting.start()
    assert "STATUS=waiting for the store" in told()
    server.up()
    until(lambda: settled(server), 60)
    manager.settimeout(0)
    heard = []
    while True:
        try:
            heard += told()
        except BlockingIOError:
            break
    assert heard[-1] == "STATUS=serving" and "READY=1" in heard, heard
    waiting.stop()
    judge(shop, 10)
    # what a person has to mend ends it all the same
    server.control("-m", "fast", "stop")
    del waiting.env["NOTIFY_SOCKET"]
    waiting.start()
    until(lambda: open(waiting.log.name).read().count("reason=store.away") == 3, 20)
    path = os.path.join(waiting.conf, "koppel.conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("dbname=postgres", "dbname=nowhere"))
    server.up()
    assert waiting.serve.wait(20) == 78
    manager.close()


def settled(server):
    """Everything that was read has ended or is parked."""
    open_jobs = server.ask("SELECT (SELECT coalesce(sum(h.head - l.cursor), 0) FROM koppel.head h"
                           " JOIN koppel.lease l USING(flow, part)) + (SELECT count(*) FROM koppel.aside"
                           " WHERE state = 4), (SELECT coalesce(sum(head), 0) FROM koppel.head)")
    left, read = open_jobs.split("|")
    return int(left) == 0 and int(read) > 0


def read_of(server):
    """How many records were read."""
    return int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head"))


def hosts_of(shop):
    """Those that are alive."""
    lines = shop.run("hosts", "--json").stdout.splitlines()
    return [host for host in map(json.loads, lines) if host["alive"]]


def test_hosts_share_the_work():
    """Each has its share of the partitions while there is work for all; the one that leads hands that on."""
    server = Server()
    shop = shop_on(server, "--orders", "400", "--latency-ms", "40")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    first, second = Host(shop, "first"), Host(shop, "second")
    first.start()
    until(lambda: sum(h["partitions"] for h in hosts_of(shop)) >= 6, 60)
    second.start()
    until(lambda: [h["partitions"] > 1 for h in hosts_of(shop)] == [True, True], 60)
    until(lambda: [h["leads"] for h in hosts_of(shop)] == [True, False], 60)
    first.kill()
    until(lambda: [h["leads"] for h in hosts_of(shop)] == [True], 60)
    until(lambda: settled(server), 180)
    second.stop()
    assert not hosts_of(shop)
    shop.sync("orders")
    judge(shop, 400)


def test_hosts_that_die_are_replaced():
    """Three engines on one store; they are killed and started while orders come and answers are lost."""
    chance = random.Random(int(os.environ.get("KOPPEL_SEED", "7")))
    server = Server()
    shop = shop_on(server, "--orders", "60", "--latency-ms", "5")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    for name in ("till", "books"):
        shop.replace(f"connections.d/{name}.conf", 'timeout = "3s"', 'timeout = "2s"')
    shop.trouble({"do": "drop-answer", "writes": True, "percent": 8, "times": "all"})
    hosts = [Host(shop, str(i)) for i in range(3)]
    for host in hosts:
        host.start()
    until(lambda: [h["leads"] for h in hosts_of(shop)] == [True, False, False], 60)
    kills = int(os.environ.get("KOPPEL_KILLS", "4"))
    for _ in range(kills):
        http(f"{shop.till}/_sandbox/add-orders?n={chance.randint(5, 20)}", "", "POST")
        time.sleep(chance.uniform(0.5, 2.5))
        victim = chance.choice(hosts)
        if chance.random() < 0.3:
            victim.serve.send_signal(signal.SIGSTOP)
            time.sleep(LEASE + 1)  # beyond its lease: it must not write when it wakes up
            victim.serve.send_signal(signal.SIGCONT)
        else:
            victim.kill()
            victim.start()
    shop.trouble()
    orders = len(shop.orders())
    until(lambda: settled(server), 180)
    time.sleep(1.5)
    until(lambda: settled(server), 180)
    for host in hosts:
        host.stop()
    shop.sync("orders", wait=30)
    judge(shop, orders)


def most_within(times, window_ms):
    """The most of these moments that any window holds."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= window_ms:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_hosts_share_a_peers_limit():
    """Two engines make no more requests together than the connection may: counted by the peer itself."""
    server = Server()
    shop = shop_on(server, "--orders", "3")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    path = os.path.join(shop.conf, "connections.d/books.conf")
    with open(path, "a") as f:
        f.write("rate_per_minute = 1200;\n")  # 20 a second
    hosts = [Host(shop, "one"), Host(shop, "two")]
    for host in hosts:
        host.start()
    until(lambda: len(hosts_of(shop)) == 2, 60)
    http(f"{shop.till}/_sandbox/add-orders?n=150", "", "POST")
    # both take part: one of them alone would keep to the limit by itself
    until(lambda: [h["partitions"] > 0 for h in hosts_of(shop)] == [True, True], 60)
    until(lambda: read_of(server) >= 153 and settled(server), 120)
    told = shop.run("check")  # one server alone: what it has acknowledged may go with it
    assert "synchronous standby" in told.stdout + told.stderr, told
    for host in hosts:
        host.stop()
    times = json.loads(http(shop.books + "/_sandbox/times"))["times"]
    print(f"  {len(times)} requests in {(times[-1] - times[0]) / 1000:.1f} s, 20 a second are allowed")
    assert len(times) > 200, len(times)
    for window_s in (1, 3, 10):
        # a host that got its share late uses it at once: one share more, and what the log-in made; and what was under way
        # while the peer stood still arrives together, up to 8 of each host
        assert most_within(times, window_s * 1000) <= 20 * window_s + 30, (window_s, most_within(times, 1000 * window_s))


def test_hosts_rest_together():
    """A peer that asks one host to come back later is left alone by all."""
    server = Server()
    shop = shop_on(server, "--orders", "60")
    shop.replace("flows.d/orders.conf", 'every = "5m"', 'every = "1s"')
    hosts = [Host(shop, "one"), Host(shop, "two")]
    for host in hosts:
        host.start()
    until(lambda: settled(server), 60)
    shop.trouble({"do": "status", "status": 429, "retry_after": 8, "times": 1})
    before = len(json.loads(http(shop.books + "/_sandbox/times"))["times"])
    http(f"{shop.till}/_sandbox/add-orders?n=30", "", "POST")
    until(lambda: server.ask("SELECT count(*) FROM koppel.rate WHERE rest > 0") == "1", 30)
    time.sleep(2)  # a look of each host, and what was under way
    times = json.loads(http(shop.books + "/_sandbox/times"))["times"]
    until(lambda: settled(server), 60)
    later = json.loads(http(shop.books + "/_sandbox/times"))["times"][len(times):]
    assert len(times) > before and later, (before, len(times), later)
    assert later[0] - times[-1] >= 4500, (later[0] - times[-1], times[before:])
    for host in hosts:
        host.stop()
    judge(shop, 90)


if __name__ == "__main__":
    main([test_one_host, test_mistakes_of_the_server, test_a_server_that_restarts_loses_and_doubles_nothing,
          test_a_server_that_is_away_at_the_start_is_waited_for, test_hosts_share_the_work, test_hosts_that_die_are_replaced, test_hosts_share_a_peers_limit,
          test_hosts_rest_together])
