#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The campaign of several hosts: four engines on one store, the sandbox as both vendors with lost answers, and a
controller that draws one fault after another: kills, stops beyond the lease, a network that is cut or swallows
everything, a server that is restarted, frozen or replaced by its standby, clocks that are wrong, hosts that come and
go, configurations that are published. Then everything is left in peace, and the books of the sandbox are the judge.

FAULTS says how many (make chaos-hosts: 1000), SEED which ones (printed). Skipped where PostgreSQL is not installed."""
import asyncio
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import threading
import time
from collections import Counter

from koppeltest import KOPPEL, SRC, Shop, http, main, until
from postgres import LEASE, Host, Server, judge, settled, shop_on

FAULTS = int(os.environ.get("FAULTS", "15"))
SEED = int(os.environ.get("SEED", random.randrange(1 << 30)))
HOSTS = 4


class Cable:
    """The network between one host and the servers: a port of its own in front of each one's socket. It may be cut
    (connections end, new ones are refused), or be a hole: what is sent is swallowed and nothing ends."""

    def __init__(self, servers):
        self.state, self.pairs = "whole", set()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.ports = [self.call(self.listen(path)) for path in servers]

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def listen(self, path):
        server = await asyncio.start_server(lambda r, w: self.serve(path, r, w), "127.0.0.1", 0)
        return server.sockets[0].getsockname()[1]

    async def serve(self, path, reader, writer):
        self.pairs.add(writer)
        try:
            if self.state == "cut":
                return
            far_reader, far_writer = await asyncio.open_unix_connection(path)
            self.pairs.add(far_writer)
            await asyncio.wait([asyncio.create_task(self.carry(reader, far_writer)),
                                asyncio.create_task(self.carry(far_reader, writer))],
                               return_when=asyncio.FIRST_COMPLETED)
            far_writer.close()
            self.pairs.discard(far_writer)
        except OSError:
            pass
        finally:
            writer.close()
            self.pairs.discard(writer)

    async def carry(self, reader, writer):
        try:
            while data := await reader.read(65536):
                while self.state == "hole":
                    await asyncio.sleep(0.05)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # the other end is gone

    async def end_all(self):
        for writer in list(self.pairs):
            writer.close()

    def put(self, state):
        self.state = state
        if state == "cut":
            self.call(self.end_all())


class Pair:
    """A server and its synchronous standby; who is which changes."""

    def __init__(self):
        self.primary = Server()
        self.primary.ask("ALTER SYSTEM SET wal_level TO replica")
        self.standby = None
        self.follow()

    def follow(self):
        """A new standby of the one that takes changes now. Commits wait for it."""
        old = self.standby
        standby = Server.__new__(Server)
        standby.dir, standby.bin = old.dir if old else os.path.join(self.primary.dir, "standby"), self.primary.bin
        os.makedirs(standby.dir, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(standby.dir, "nobody")
        shutil.rmtree(standby.dir + "/data", ignore_errors=True)
        tool = [f"/usr/lib/postgresql/{standby.bin}/bin/pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-D",
                standby.dir + "/data", "-d", self.primary.connection]
        if os.getuid() == 0:
            tool = ["runuser", "-u", "nobody", "--", *tool]
        subprocess.run(tool, check=True, timeout=60, cwd=standby.dir, stdout=subprocess.DEVNULL)
        standby.connection = self.primary.connection.replace(self.primary.dir, standby.dir)
        if not old:
            self.primary.standbys.append(standby.dir)  # who is ended with the first of them: folders stay what they are
        standby.up()
        until(lambda: self.primary.ask("SELECT count(*) FROM pg_stat_replication") == "1", 60)
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names TO '*'")
        self.primary.ask("SELECT pg_reload_conf()")
        self.standby = standby

    def fail_over(self):
        """The primary dies; its standby takes over alone, and gets a standby again."""
        dead, new = self.primary, self.standby
        dead.control("-m", "immediate", "stop")
        new.control("promote")
        new.ask("ALTER SYSTEM RESET synchronous_standby_names")
        new.ask("SELECT pg_reload_conf()")
        self.primary, self.standby = new, dead
        self.follow()


class Campaign:
    def __init__(self):
        self.chance = random.Random(SEED)
        self.pair = Pair()
        sockets = [s.dir + "/.s.PGSQL.5432" for s in (self.pair.primary, self.pair.standby)]
        self.shop = shop_on(self.pair.primary, "--orders", "30", "--latency-ms", "5")
        self.shop.replace("flows.d/orders.conf", 'every = "5m";', 'every = "1s";\nsettings = { on_change = "update"; };')
        for name in ("till", "books"):
            self.shop.replace(f"connections.d/{name}.conf", 'timeout = "3s"', 'timeout = "2s"')
        self.preload = os.path.join(self.shop.dir, "moved_clock.so")
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", self.preload,
                        os.path.join(SRC, "tests/integration/moved_clock.c"), "-ldl"], check=True)
        self.hosts = [self.new_host(i, sockets) for i in range(HOSTS)]
        self.done, self.sold = Counter(), []

    def new_host(self, i, sockets):
        host = Host(self.shop, f"host{i}")
        host.cable = Cable(sockets)
        clock = os.path.join(self.shop.dir, f"clock{i}")
        with open(clock, "wb") as f:
            f.write(struct.pack("q", 0))
        host.clock = clock
        host.env.update(LD_PRELOAD=self.preload, KOPPEL_TEST_CLOCK=clock, KOPPEL_TEST_CLOCK_WALL="1")
        path = os.path.join(host.conf, "koppel.conf")
        text = open(path).read()
        ports = ",".join(str(port) for port in host.cable.ports)
        new = f"host=127.0.0.1,127.0.0.1 port={ports} user=koppel dbname=postgres connect_timeout=2"
        assert self.pair.primary.connection in text
        with open(path, "w") as f:
            f.write(text.replace(self.pair.primary.connection, new))
        return host

    def manage(self):
        """What the service manager does: a program that ended with a failure (its start met a server that went away)
        is started again."""
        for host in self.hosts:
            if host.serve.poll() is not None:
                self.check_end(host, 2)
                self.done["started again"] += 1
                host.start()

    def leave(self, host):
        """Ends one, which may be at its start."""
        host.serve.terminate()
        host.serve.wait(40)
        self.check_end(host, 0, 2, -signal.SIGTERM)

    def check_end(self, host, *codes):
        """One of these, or what a start gives that met a server which takes no changes yet."""
        code, said = host.serve.returncode, open(host.log.name).read()[-2000:]
        recovers = code == 78 and re.search("is a standby|in recovery|starting up|read-only", said[-500:])
        assert code in codes or recovers, f"{host.log.name}: it ended with {code}\n{said}"

    # ---- faults: each leaves things so that the next one may come at once ----

    def kill(self, host):
        host.kill()
        host.start()

    def stop_beyond_the_lease(self, host):
        host.serve.send_signal(signal.SIGSTOP)
        time.sleep(LEASE + self.chance.uniform(0.2, 1.5))
        host.serve.send_signal(signal.SIGCONT)

    def cut(self, host):
        host.cable.put("cut")
        time.sleep(self.chance.uniform(0.2, LEASE + 1))
        host.cable.put("whole")

    def hole(self, host):
        host.cable.put("hole")
        time.sleep(self.chance.uniform(0.2, LEASE + 1))
        host.cable.put("whole")

    def restart_the_server(self, _):
        self.pair.primary.restart("immediate" if self.chance.random() < 0.7 else "fast")

    def freeze_the_server(self, _):
        pids = [int(p) for p in subprocess.run(["pgrep", "-f", self.pair.primary.dir + "/data"], capture_output=True,
                                               text=True, check=False).stdout.split()]
        pids += [int(p) for pid in pids for p in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True,
                                                                text=True, check=False).stdout.split()]
        for name in (signal.SIGSTOP, signal.SIGCONT):
            for pid in set(pids):
                try:
                    os.kill(pid, name)
                except ProcessLookupError:
                    pass
            if name == signal.SIGSTOP:
                time.sleep(self.chance.uniform(0.5, LEASE + 1))

    def fail_over(self, _):
        self.pair.fail_over()

    def move_the_clock(self, host):
        with open(host.clock, "r+b") as f:
            f.write(struct.pack("q", self.chance.randint(-7200, 7200) * 1000))

    def leave_and_come(self, host):
        self.leave(host)
        time.sleep(self.chance.uniform(0, 1))
        host.start()

    def publish(self, host):
        """Another configuration for all, while hosts come and go; who could not reach the store has published nothing."""
        path = os.path.join(self.shop.conf, "flows.d/orders.conf")
        text = open(path).read()
        every = self.chance.choice(("1s", "2s", "3s"))
        with open(path, "w") as f:
            f.write(re.sub(r'every = "\d+s"', f'every = "{every}"', text))
        stands = self.pair.primary.ask("SELECT coalesce((SELECT value FROM koppel.meta WHERE name = 'published'), '0')")
        over = ["--over", stands] if stands != "0" else []
        told = subprocess.run([KOPPEL, "publish", *over], env=self.at_the_server(), capture_output=True, text=True,
                              timeout=120)
        assert told.returncode in (0, 2), told

    def sell(self):
        """Some orders more, and another amount in some that are known: what is delivered of an order last has to be
        what it says now, whoever delivered it before."""
        sold = http(f"{self.shop.till}/_sandbox/add-orders?n={self.chance.randint(1, 6)}", "", "POST")
        self.sold += [order["id"] for order in json.loads(sold)["orders"]]
        for order in self.chance.sample(self.sold[-30:], min(3, len(self.sold))):
            known = json.loads(http(f"{self.shop.till}/_sandbox/orders/{order}", "{}"))
            if known["vat_method"] == "inclusive" and not any(float(line["delivered"]) for line in known["lines"]):
                price = f"{self.chance.randint(1, 90)}.{self.chance.randint(0, 99):02}"
                self.shop.change(order, lines=[{"article": 1, "quantity": "2", "price": price, "vat": 1}])
                self.done["change"] += 1

    def at_the_server(self):
        """The shop's own directory, whose store is at the server that takes changes now."""
        path = os.path.join(self.shop.conf, "koppel.conf")
        text = open(path).read()
        with open(path, "w") as f:
            f.write(re.sub(r'connection = "[^"]*"', f'connection = "{self.pair.primary.connection}"', text))
        return self.shop.env

    def run(self):
        faults = [self.kill, self.kill, self.stop_beyond_the_lease, self.cut, self.hole, self.restart_the_server,
                  self.freeze_the_server, self.move_the_clock, self.leave_and_come, self.fail_over, self.publish]
        self.shop.trouble({"do": "drop-answer", "writes": True, "percent": 8, "times": "all"},
                          {"do": "status", "status": 503, "percent": 2, "times": "all"}, seed=SEED % 1000 + 1)
        for host in self.hosts:
            host.start()
        for _ in range(FAULTS):
            self.sell()
            time.sleep(self.chance.uniform(0.05, 0.8))
            self.manage()
            fault = self.chance.choice(faults)
            fault(self.chance.choice(self.hosts))
            self.done[fault.__name__] += 1
        self.shop.trouble()
        print("  " + ", ".join(f"{n} {k}" for k, n in self.done.most_common()))

    def all_run_what_is_published(self):
        stands = self.pair.primary.ask("SELECT value FROM koppel.meta WHERE name = 'published'")
        if not stands:
            print("  nothing was published")
            return
        right = (f"SELECT count(*) FROM koppel.host WHERE seen > (SELECT max(seen) FROM koppel.host) - {LEASE * 1000}"
                 f" AND revision = {stands}")
        until(lambda: self.manage() or self.pair.primary.ask(right) == str(HOSTS), 60)

    def peace(self):
        server = self.pair.primary
        quiet = lambda: settled(server)
        orders = len(self.shop.orders())
        until(lambda: self.manage() or all(host.serve.poll() is None for host in self.hosts))
        until(lambda: self.manage() or
              int(server.ask("SELECT coalesce(sum(head), 0) FROM koppel.head")) >= orders, 120)
        try:
            until(quiet, 240)
            time.sleep(2 * LEASE)
            until(quiet, 240)
        except AssertionError:
            self.tell_what_stands()
            raise
        return orders

    def tell_what_stands(self):
        """What has not ended, and who should."""
        for sql in ("SELECT l.part, l.cursor, h.head, l.epoch, l.until - extract(epoch from now()) * 1000, l.taken,"
                    " encode(l.owner, 'hex') FROM koppel.lease l JOIN koppel.head h USING(flow, part)",
                    "SELECT part, job, state, due - extract(epoch from now()) * 1000, reason FROM koppel.aside",
                    "SELECT name, encode(owner, 'hex'), revision, lacks, seen - extract(epoch from now()) * 1000"
                    " FROM koppel.host", "SELECT * FROM koppel.meta WHERE name IN ('published', 'schema')"):
            print(self.pair.primary.ask(sql), flush=True)
        for host in self.hosts:
            print(host.log.name, open(host.log.name).read()[-1500:], flush=True)


def test_hosts_lose_and_double_nothing():
    print(f"  seed {SEED}, {FAULTS} faults", flush=True)
    c = Campaign()
    c.run()
    orders = c.peace()
    c.all_run_what_is_published()
    for host in c.hosts:
        c.leave(host)
    server = c.pair.primary
    path = os.path.join(c.shop.conf, "koppel.conf")
    text = open(path).read()
    known = next(line for line in text.splitlines() if line.startswith("store"))
    c.shop.write("koppel.conf", text.replace(known, f'store = {{ kind = "postgresql"; connection = '
                                                    f'"{server.connection}"; lease = "{LEASE}s"; }};'))
    c.shop.sync("orders", wait=30)
    judge(c.shop, orders, changed=True)
    # what was counted is what stands there
    ends = server.ask("SELECT (SELECT coalesce(sum(n), 0) FROM koppel.tally), (SELECT count(*) FROM koppel.delivery"
                      " WHERE state IN (1, 2))")
    counted, stand = (int(n) for n in ends.split("|"))
    assert counted == stand, ends
    # who had lost a partition settled nothing of it behind who had it next; every host guesses the server's clock, which
    # at its first look may be off by half of a slow round trip
    late = server.ask("SELECT * FROM (SELECT job >> 48 AS flow, job >> 38 & 1023 AS part, job & 274877906943 AS off, epoch,"
                      " finished, max(epoch) OVER (PARTITION BY job >> 38 ORDER BY finished RANGE BETWEEN UNBOUNDED"
                      f" PRECEDING AND {LEASE * 1000} PRECEDING) AS newest FROM koppel.delivery WHERE finished > 0) AS ends"
                      " WHERE epoch < newest")
    assert not late, late
    epochs = server.ask("SELECT count(*), max(n) FROM (SELECT count(DISTINCT epoch) AS n FROM koppel.delivery"
                        " GROUP BY job >> 38) AS parts")
    print(f"  partitions, and the most epochs that one was delivered in: {epochs}")
    again = json.loads(http(c.shop.books + "/_sandbox/writes"))["writes"]
    c.shop.sync("orders", wait=10)
    assert len(json.loads(http(c.shop.books + "/_sandbox/writes"))["writes"]) == len(again)


if __name__ == "__main__":
    main([test_hosts_lose_and_double_nothing])
